//! What the kernels need to know of a network: channels and taps of every convolution, and where its numbers are.

use std::ops::Range;
use std::sync::Arc;

use identity_lab_kernels::{Channels, Pairs, Shortcut, Taps};

use super::super::shape::{BlockShape, PartKind, SIDE, Shape};
use super::parameters::Parameters;

/// Taps of a filter of full size.
pub const TAPS: usize = SIDE * SIDE;

/// A convolution between images of two sizes.
#[derive(Debug)]
pub struct Geometry {
    /// From the images that come in to those that go out.
    pub forward: Taps,
    /// The other way.
    pub backward: Taps,
    /// The same by taps.
    pub pairs: Pairs,
}

/// One convolution.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Channels as they are stored, each a multiple of 4.
    pub channels: Channels,
    /// Which pixels it joins.
    pub geometry: Arc<Geometry>,
    /// Where its filters are among all parameters, in octets.
    pub filters: Range<usize>,
    /// Where gains and shifts of batch normalization are.
    pub norm: Option<[Range<usize>; 2]>,
    /// Where the filters for the way back are among all of these; empty for the stem, behind which nothing learns.
    pub turned: Range<usize>,
}

/// A network on images of one size.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its tensors.
    pub shape: Shape,
    /// Rows and columns of an image.
    pub size: [usize; 2],
    /// Its convolutions in order of application.
    pub layers: Vec<Layer>,
    /// The shortcuts of its blocks; block i has convolutions 2 i + 1 and 2 i + 2.
    pub shortcuts: Vec<Shortcut>,
    /// Where the projection is, classes × octets of features.
    pub top: Range<usize>,
    /// Whether that is trained.
    pub train_top: bool,
    /// Octets of the filters for the way back.
    pub turned: usize,
}

/// Channels as they are stored.
pub fn stored(channels: usize) -> usize {
    channels.next_multiple_of(4)
}

impl Plan {
    /// The plan of a network for images of so many rows and columns.
    pub fn new(shape: &Shape, size: [usize; 2], train_top: bool, parameters: &Parameters) -> Self {
        let mut places = parameters.places().iter().peekable();
        let mut turned = 0;
        let mut layers = Vec::new();
        let mut layer = |inputs: usize, outputs: usize, geometry: &Arc<Geometry>| {
            let filters = places.next().expect("every convolution has its filters").range();
            let mut norm = None;
            if places.peek().is_some_and(|place| place.kind() == PartKind::Gain) {
                let mut next = || places.next().expect("every gain has its shift").range();
                norm = Some([next(), next()]);
            }
            let (inputs, outputs) = (stored(inputs), stored(outputs));
            let back = if layers.is_empty() { 0 } else { inputs.div_ceil(8) * TAPS * outputs };
            turned += back;
            layers.push(Layer {
                channels: Channels { inputs, outputs },
                geometry: geometry.clone(),
                filters,
                norm,
                turned: turned - back..turned,
            });
        };
        // The stem's taps are laid side by side as channels: those of the images are too few to fill a tile.
        layer(TAPS * shape.channels, shape.stem, &Arc::new(Geometry::pointwise(size[0] * size[1])));
        let mut same = Arc::new(Geometry::new(size, 1));
        let mut now = size;
        let mut shortcuts = Vec::new();
        for block in &shape.blocks {
            let first =
                if block.stride == 1 { same.clone() } else { Arc::new(Geometry::new(now, block.stride)) };
            shortcuts.push(Shortcut {
                size: now,
                stride: block.stride,
                channels: block.input,
                inputs: stored(block.input),
                outputs: stored(block.output),
                before: (block.output - block.input) / 2,
            });
            if block.stride != 1 {
                now = now.map(|side| side.div_ceil(block.stride));
                same = Arc::new(Geometry::new(now, 1));
            }
            layer(block.input, block.output, &first);
            layer(block.output, block.output, &same);
        }
        let top = places.next().expect("there is a projection").range();
        Self { shape: shape.clone(), size, layers, shortcuts, top, train_top, turned }
    }

    /// Whether a block's shortcut is the identity. Channels as they are stored may be as many before a block that adds some
    /// as behind it, and what comes back through those it adds must not get into stored zeros.
    pub fn is_identity(&self, block: usize) -> bool {
        let BlockShape { input, output, stride } = self.shape.blocks[block];
        stride == 1 && input == output
    }

    /// Numbers of a volume behind a layer, in lanes.
    pub fn volume(&self, layer: usize) -> usize {
        let layer = &self.layers[layer];
        layer.geometry.forward.len() * layer.channels.outputs
    }
}

impl Geometry {
    fn new(size: [usize; 2], stride: usize) -> Self {
        let forward = Taps::forward(size[0], size[1], stride);
        let pairs = Pairs::new(&forward, TAPS);
        Self { forward, backward: Taps::backward(size[0], size[1], stride), pairs }
    }

    fn pointwise(pixels: usize) -> Self {
        let forward = Taps::pointwise(pixels);
        let pairs = Pairs::new(&forward, 1);
        Self { backward: forward.clone(), forward, pairs }
    }
}
