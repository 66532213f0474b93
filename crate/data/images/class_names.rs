//! Names of classes: the well-known ones, and files of them.

use super::cifar::CifarSet;
use super::{Gathered, ImageSet, Part};
use crate::error::{LabError, Result};

/// Of CIFAR-10, in the order of its labels.
pub const CIFAR_10: &str = "airplane automobile bird cat deer dog frog horse ship truck";
/// The fine ones of CIFAR-100, in the order of its labels.
pub const CIFAR_100: &str = "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus \
    butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup \
    dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion \
    lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear \
    pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark \
    shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone \
    television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm";
/// Of Fashion-MNIST, in the order of its labels.
const FASHION: &str = "T-shirt/top trouser pullover dress coat sandal shirt sneaker bag ankle_boot";
/// Labels that MNIST begins with: its files say nothing of what they are.
const MNIST_BEGINS: [u16; 10] = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4];
/// Labels that Fashion-MNIST begins with.
const FASHION_BEGINS: [u16; 10] = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];
/// Longest file of class names.
const LONGEST: usize = 64 << 10;

/// A list of names, underscores read as blanks.
pub fn known(names: &str) -> Vec<String> {
    names.split_whitespace().map(spaced).collect()
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// What is known about a set of images without names of its own.
pub enum KnownIdx {
    /// 28 × 28 digits.
    Mnist,
    /// 28 × 28 pieces of clothing.
    Fashion,
    /// Any other, called as its folder is.
    Other(String),
}

impl KnownIdx {
    /// By the labels to train on, or the path of their file.
    pub fn of(train: &ImageSet, path: &str) -> Self {
        let begins = |with: &[u16]| train.height == 28 && train.labels.starts_with(with);
        if begins(&MNIST_BEGINS) {
            Self::Mnist
        } else if begins(&FASHION_BEGINS) || path.to_ascii_lowercase().contains("fashion") {
            Self::Fashion
        } else {
            let folder = path.rsplit('/').nth(1).unwrap_or("images");
            Self::Other(folder.to_owned())
        }
    }

    /// What people call it.
    pub fn name(&self) -> String {
        match self {
            Self::Mnist => "MNIST".to_owned(),
            Self::Fashion => "Fashion-MNIST".to_owned(),
            Self::Other(folder) => folder.clone(),
        }
    }

    /// Names of so many classes: their numbers, where nothing better is known.
    pub fn classes(&self, count: usize) -> Vec<String> {
        match self {
            Self::Fashion if count == 10 => known(FASHION),
            _ => (0..count).map(|class| class.to_string()).collect(),
        }
    }
}

/// A file with a name on every line, as it comes with CIFAR.
pub struct NamesFile {
    name: String,
    set: CifarSet,
    text: Vec<u8>,
}

impl NamesFile {
    /// Begins a file.
    pub fn new(name: &str, set: CifarSet) -> Self {
        Self { name: name.to_owned(), set, text: Vec::new() }
    }
}

impl Part for NamesFile {
    fn push(&mut self, bytes: &[u8], _: &mut Gathered) -> Result<()> {
        if self.text.len() + bytes.len() > LONGEST {
            let message = format!("expected a name on every line, {} KiB at most; found more", LONGEST >> 10);
            return Err(LabError::file(&self.name, message));
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self, gathered: &mut Gathered) -> Result<()> {
        let text = String::from_utf8_lossy(&self.text);
        let names: Vec<String> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(spaced).collect();
        let expected = usize::from(self.set.classes());
        if names.len() != expected {
            let found = names.len();
            let message =
                format!("expected the names of {expected} classes, one on every line; found {found}");
            return Err(LabError::file(&self.name, message));
        }
        gathered.names.push((self.set, names));
        Ok(())
    }
}
