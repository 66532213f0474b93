//! What holds of all images that were read, whatever they were read from.

use super::{ImageSet, Images, MAX_CLASSES, MAX_PIXELS, MAX_SIDE, MIN_SIDE};
use crate::error::{LabError, Result};

impl Images {
    /// Whether images can be trained on and tested on: 2 to 1,000 classes, both sets of one size and with an image
    /// at least, every label a class, and not more than 1 GiB of pixels.
    pub fn check(&self) -> Result<()> {
        self.flaw().map_or(Ok(()), |flaw| Err(LabError::file(&self.name, flaw)))
    }

    fn flaw(&self) -> Option<String> {
        let classes = self.classes.len();
        if !(2..=MAX_CLASSES).contains(&classes) {
            return Some(format!("expected 2 to {MAX_CLASSES} classes; found {classes}"));
        }
        for (set, word) in [(&self.train, "training"), (&self.test, "test")] {
            if let Some(flaw) = set.flaw(classes, word) {
                return Some(flaw);
            }
        }
        let size = |set: &ImageSet| (set.channels, set.height, set.width);
        if size(&self.train) != size(&self.test) {
            return Some("expected images of one size; those to train on and to test on differ".to_owned());
        }
        let pixels = self.train.pixels.len() + self.test.pixels.len();
        if pixels > MAX_PIXELS {
            return Some(format!(
                "allowed are up to {} MiB of pixels; found {}",
                MAX_PIXELS >> 20,
                pixels >> 20
            ));
        }
        None
    }
}

impl ImageSet {
    fn flaw(&self, classes: usize, word: &str) -> Option<String> {
        if self.is_empty() {
            return Some(format!("the {word} images are missing"));
        }
        let sides = MIN_SIDE..=MAX_SIDE;
        if ![1, 3].contains(&self.channels) || !sides.contains(&self.height) || !sides.contains(&self.width) {
            let (channels, height, width) = (self.channels, self.height, self.width);
            return Some(format!(
                "expected 1 or 3 channels and {MIN_SIDE} to {MAX_SIDE} pixels a side; found {channels} channels of \
                 {height} × {width} {word} pixels"
            ));
        }
        let (expected, found) = (self.len().checked_mul(self.size()), self.pixels.len());
        if expected != Some(found) {
            let (images, size) = (self.len(), self.size());
            return Some(format!("expected {images} times {size} bytes of {word} pixels; found {found}"));
        }
        let most = classes - 1;
        let label = self.labels.iter().find(|label| usize::from(**label) > most)?;
        Some(format!("expected {word} labels of 0 to {most}; found {label}"))
    }
}
