//! [`Gathered`]: what has been read so far, until all files have been.

use super::cifar::{self, CifarBatch, CifarSet};
use super::folder::{self, Picture};
use super::idx::{self, Idx};
use super::{Images, MAX_PIXELS};
use crate::error::{LabError, Result};

/// Names of skipped files that are kept, to be said where nothing else was found.
const NAMED: usize = 3;

/// Complete parts of sets of images, of whatever format.
#[derive(Default)]
pub struct Gathered {
    /// Pixels a side that pictures are resized to.
    pub side: usize,
    /// Images of all files.
    pub images: usize,
    /// Files of the format of MNIST.
    pub idx: Idx,
    /// Files of CIFAR.
    pub cifar: Vec<CifarBatch>,
    /// Class names that came with CIFAR.
    pub names: Vec<(CifarSet, Vec<String>)>,
    /// Pictures of folders.
    pub pictures: Vec<Picture>,
    pixels: usize,
    skipped: Vec<String>,
    skipped_count: usize,
}

impl Gathered {
    /// Nothing yet; pictures are to have so many pixels a side.
    pub fn new(side: usize) -> Self {
        Self { side, ..Self::default() }
    }

    /// Notes that memory is needed for so many bytes of pixels, unless that is too much.
    pub fn claim(&mut self, name: &str, pixels: u64) -> Result<()> {
        let sum = pixels.saturating_add(self.pixels as u64);
        if sum > MAX_PIXELS as u64 {
            let (most, sum) = (MAX_PIXELS >> 20, sum >> 20);
            let message =
                format!("allowed are up to {most} MiB of pixels of all images together; found {sum} MiB");
            return Err(LabError::file(name, message));
        }
        self.pixels = sum as usize;
        Ok(())
    }

    /// Notes that images are not kept after all, since they had been read already.
    pub fn release(&mut self, images: usize, pixels: usize) {
        self.images -= images;
        self.pixels -= pixels;
    }

    /// Notes a file that is not read.
    pub fn skip(&mut self, name: &str) {
        self.skipped_count += 1;
        if self.skipped.len() < NAMED {
            self.skipped.push(name.to_owned());
        }
    }

    /// The images of all files, which must be of one kind.
    pub fn finish(self) -> Result<Images> {
        let found = [
            (!self.idx.is_empty()).then_some("files of IDX"),
            (!self.cifar.is_empty()).then_some("files of CIFAR"),
            (!self.pictures.is_empty()).then_some("pictures"),
        ];
        let found: Vec<&str> = found.into_iter().flatten().collect();
        if found.len() > 1 {
            let message = format!("expected one set of images; found {}", found.join(" and "));
            return Err(LabError::file("images", message));
        }
        let images = if !self.idx.is_empty() {
            idx::assemble(self.idx)
        } else if !self.cifar.is_empty() {
            cifar::assemble(self.cifar, self.names)
        } else if !self.pictures.is_empty() {
            folder::assemble(self.pictures, self.side)
        } else {
            return Err(self.nothing());
        }?;
        images.check()?;
        Ok(images)
    }

    fn nothing(&self) -> LabError {
        let found = match self.skipped_count {
            0 => "no file".to_owned(),
            count if count > self.skipped.len() => {
                format!("{count} other files, among them {}", self.skipped.join(", "))
            }
            _ => self.skipped.join(", "),
        };
        LabError::file(
            "images",
            format!(
                "expected files of MNIST (IDX) or CIFAR (binary), or PNG and JPEG pictures in a folder for each \
                 class; found {found}"
            ),
        )
    }
}
