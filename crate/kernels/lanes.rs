//! How numbers lie in memory where networks on images are trained on the processor.
//!
//! The same number of [`IMAGES`] images lies side by side, innermost: one load then fills a vector with the same pixel of
//! several images, whatever the number of channels and the width of an image, and no border needs zeros around it.

/// Images side by side.
pub const IMAGES: usize = 16;

/// One channel of one pixel, of all images; a cache line. A volume is pixels × channels of these.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lane(pub [f32; IMAGES]);

impl Lane {
    /// Zeros.
    pub const ZERO: Self = Self([0.0; IMAGES]);
}

/// Weights from one input to eight output channels. Filters are octets of outputs × taps × inputs of these.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(32))]
pub struct Octet(pub [f32; 8]);

impl Octet {
    /// Zeros.
    pub const ZERO: Self = Self([0.0; 8]);
}

/// Eight channels of one pixel with the channels innermost, image by image.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub struct Turned(pub [Octet; IMAGES]);

impl Turned {
    /// Zeros.
    pub const ZERO: Self = Self([Octet::ZERO; IMAGES]);
}

/// Input and output channels of a convolution, each a multiple of 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels {
    /// Channels that come in.
    pub inputs: usize,
    /// Channels that go out.
    pub outputs: usize,
}
