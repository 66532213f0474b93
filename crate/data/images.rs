//! [`Images`]: labelled images for training and for testing, whatever file they came from.
//!
//! Files are read by an [`ImageReader`] that bytes are pushed to, so that a browser can read what was dropped on it
//! without ever holding an archive: `stream` tells what a file is by its first bytes and its name, a `Part` of each
//! format takes its bytes, and what is complete is kept in `Gathered` until all files have been read.

mod bytes;
mod check;
mod cifar;
mod class_names;
mod folder;
mod gathered;
mod gzip;
mod idx;
mod kind;
#[cfg(not(target_arch = "wasm32"))]
mod path;
mod picture;
mod reader;
mod split;
mod stream;
mod tape;

use self::gathered::Gathered;
#[cfg(not(target_arch = "wasm32"))]
pub use self::path::read_path;
pub use self::reader::{ImageOptions, ImageReader, Progress};
use self::stream::Part;

/// Most bytes of pixels, of all images together.
pub const MAX_PIXELS: usize = 1 << 30;
/// Most classes.
pub const MAX_CLASSES: usize = 1_000;
/// Fewest pixels a side.
pub const MIN_SIDE: usize = 8;
/// Most pixels a side.
pub const MAX_SIDE: usize = 64;

/// Labelled images of one size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageSet {
    /// Channels of an image: 1 (grey) or 3 (red, green, blue).
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
    /// Images × channels × height × width, 0 black to 255.
    pub pixels: Vec<u8>,
    /// One class number an image.
    pub labels: Vec<u16>,
}

impl ImageSet {
    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Bytes of one image.
    pub fn size(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// The pixels of one image, channels × height × width.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * self.size()..][..self.size()]
    }
}

/// What a convolutional network is trained and tested on. Both sets have images of one size.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Images {
    /// What people call it, such as `CIFAR-10`.
    pub name: String,
    /// Names of the classes; labels are below their number.
    pub classes: Vec<String>,
    /// Images to train on.
    pub train: ImageSet,
    /// Images never trained on.
    pub test: ImageSet,
}

#[cfg(test)]
mod tests;
