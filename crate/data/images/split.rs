//! What names of files and folders say: whether to train on what they hold, or to test.

/// What images are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Split {
    /// To train on.
    Train,
    /// To choose between trained networks. Some sets have such images instead of, or besides, those of the test.
    Validation,
    /// Never trained on.
    Test,
}

impl Split {
    /// What a single word says.
    pub fn of_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "train" | "training" => Some(Self::Train),
            "val" | "valid" | "validation" => Some(Self::Validation),
            "test" | "testing" | "t10k" => Some(Self::Test),
            _ => None,
        }
    }

    /// What the words of a path say; those of the file itself count first, then those of its folders.
    pub fn of_path(path: &str) -> Option<Self> {
        path.rsplit('/').find_map(|part| {
            part.split(|character: char| !character.is_ascii_alphanumeric()).find_map(Self::of_word)
        })
    }

    /// As sentences have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_letters_that_happen_to_stand_there() {
        let cases = [
            ("mnist/train-images-idx3-ubyte.gz", Some(Split::Train)),
            ("T10K-labels.idx1-ubyte", Some(Split::Test)),
            ("emnist-letters-test-images-idx3-ubyte", Some(Split::Test)),
            ("train/images-idx3-ubyte", Some(Split::Train)),
            ("train/test-images", Some(Split::Test)),
            ("set/valid/labels", Some(Split::Validation)),
            ("latest/images", None),
            ("trains/constraint-images", None),
        ];
        for (path, expected) in cases {
            assert_eq!(Split::of_path(path), expected, "{path}");
        }
    }
}
