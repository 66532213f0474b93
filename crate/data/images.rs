//! [`Images`]: labelled images for training and for testing, whatever file they came from.

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
