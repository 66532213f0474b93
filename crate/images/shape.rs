//! [`Shape`]: which tensors a network has, in which order.

use super::experiment::ImageNetwork;

/// Side k of every filter.
pub const SIDE: usize = 3;

/// What a tensor of a network is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// Filters: output channels × input channels × 3 × 3.
    Convolution,
    /// Factor of batch normalization: 1 × channels × 1 × 1.
    Gain,
    /// Summand of batch normalization: 1 × channels × 1 × 1.
    Shift,
    /// The projection of channels onto classes: classes × channels × 1 × 1.
    Top,
}

impl PartKind {
    /// Whether training changes it; the paper's top layer is random and stays.
    pub fn is_trained(self, train_top: bool) -> bool {
        self != Self::Top || train_top
    }
}

/// One tensor of a network. All have four axes, so that whatever goes over all of them has one type to deal with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Such as `stem.weight`, `blocks.0.first.weight` or `top`.
    pub name: String,
    /// What it is for.
    pub kind: PartKind,
    /// Numbers along each axis.
    pub dims: [usize; 4],
}

impl Part {
    /// How many numbers it holds.
    pub fn count(&self) -> usize {
        self.dims.iter().product()
    }
}

/// One residual block: C₁ from `input` to `output` channels with that stride, C₂ from `output` to `output`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockShape {
    /// Channels that come in.
    pub input: usize,
    /// Channels that go out.
    pub output: usize,
    /// 1, or 2 where the size is halved.
    pub stride: usize,
}

/// The tensors of a network, in order of application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Channels of the images.
    pub channels: usize,
    /// Number of classes.
    pub classes: usize,
    /// Filters of the first convolution.
    pub stem: usize,
    /// The residual blocks.
    pub blocks: Vec<BlockShape>,
    /// Whether convolutions are followed by batch normalization.
    pub batch_norm: bool,
    /// Whether blocks have shortcuts.
    pub skips: bool,
}

impl Shape {
    /// The shape of a network for images of so many channels and classes.
    pub fn new(network: &ImageNetwork, channels: usize, classes: usize) -> Self {
        let mut input = network.stem;
        let mut blocks = Vec::new();
        for (index, stage) in network.stages.iter().enumerate() {
            for block in 0..stage.blocks {
                let stride = if index > 0 && block == 0 { 2 } else { 1 };
                blocks.push(BlockShape { input, output: stage.filters, stride });
                input = stage.filters;
            }
        }
        let (batch_norm, skips) = (network.batch_norm, network.skips);
        Self { channels, classes, stem: network.stem, blocks, batch_norm, skips }
    }

    /// Channels that are projected onto the classes.
    pub fn features(&self) -> usize {
        self.blocks.last().map_or(self.stem, |block| block.output)
    }

    /// Every convolution: its name, its output and its input channels.
    fn layers(&self) -> Vec<(String, usize, usize)> {
        let mut layers = vec![("stem".to_owned(), self.stem, self.channels)];
        for (index, block) in self.blocks.iter().enumerate() {
            layers.push((format!("blocks.{index}.first"), block.output, block.input));
            layers.push((format!("blocks.{index}.second"), block.output, block.output));
        }
        layers
    }

    /// All tensors, the projection last.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for (name, output, input) in self.layers() {
            let mut push = |what: &str, kind, dims| {
                parts.push(Part { name: format!("{name}.{what}"), kind, dims });
            };
            push("weight", PartKind::Convolution, [output, input, SIDE, SIDE]);
            if self.batch_norm {
                push("gain", PartKind::Gain, [1, output, 1, 1]);
                push("shift", PartKind::Shift, [1, output, 1, 1]);
            }
        }
        let dims = [self.classes, self.features(), 1, 1];
        parts.push(Part { name: "top".to_owned(), kind: PartKind::Top, dims });
        parts
    }

    /// Names and channels of the running statistics that batch normalization keeps, one pair a convolution.
    pub fn normalized(&self) -> Vec<(String, usize)> {
        if !self.batch_norm {
            return Vec::new();
        }
        self.layers().into_iter().map(|(name, output, _)| (name, output)).collect()
    }

    /// Number of convolutions.
    pub fn convolutions(&self) -> usize {
        1 + 2 * self.blocks.len()
    }

    /// Numbers in the filters of all convolutions.
    pub fn convolution_weights(&self) -> usize {
        self.layers().iter().map(|(_, output, input)| output * input * SIDE * SIDE).sum()
    }
}
