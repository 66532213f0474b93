//! What the page saved to a file, computed again: what the native command does with one.

mod landscape;
mod map;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use landscape::{LandscapeFile, Recomputed};
pub use map::{MapFile, MapOutcomes, RecomputedMap};

use crate::error::{LabError, Result};
use crate::json;

/// What a file that can be computed again holds, by what it calls its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A grid of excess risks on a plane: [`LandscapeFile`].
    Landscape,
    /// Outcomes of training runs: [`MapFile`].
    Map,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Landscape, Self::Map];

    /// What a file of that kind gives as its `format`.
    pub fn format(self) -> &'static str {
        match self {
            Self::Landscape => "identity-lab landscape",
            Self::Map => "identity-lab map",
        }
    }

    /// What a text holds, where that is not an experiment.
    pub fn of(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        let head: Head = serde_json::from_str(text).ok()?;
        Self::ALL.into_iter().find(|kind| kind.format() == head.format)
    }
}

/// Reads a file of the only version there is.
fn read<T: DeserializeOwned>(text: &str, version: impl Fn(&T) -> u32) -> Result<T> {
    let file: T = json::read(text, "file")?;
    match version(&file) {
        1 => Ok(file),
        other => Err(LabError::field("version", format!("allowed is 1; got {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_format() {
        for kind in Kind::ALL {
            let text = serde_json::json!({ "version": 1, "format": kind.format() }).to_string();
            assert_eq!(Kind::of(&text), Some(kind));
        }
        for other in ["{}", r#"{"seed":1}"#, r#"{"format":"identity-lab"}"#, r#"{"format":1}"#, "["] {
            assert_eq!(Kind::of(other), None, "{other}");
        }
    }
}
