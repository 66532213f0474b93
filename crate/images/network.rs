//! The network as a burn module.
//!
//! With H₀ = S ∗ x (3×3, stride 1, as many zeros around as keep the size), every block is
//! H ↦ P(H) + C₂ ∗ relu(C₁ ∗ H): C₁ carries the stride and C₂ has stride 1. The shortcut P is H itself; where the
//! stride is 2 it is the mean over 2×2 pixels (fewer at an odd edge), and where channels are added, zeros are put on
//! both sides of those there are, half each. After the last block every channel is averaged over all pixels, and a
//! fixed matrix maps the averages onto the classes.
//!
//! What the paper leaves open is decided here: convolutions have no biases, and nothing stands between them but what
//! is written above, so that a block whose C₂ is 0 is exactly its shortcut. The projection's scale is in `start`.

use burn::module::{Module, Param};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::module::{avg_pool2d, conv2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, PadMode};
use burn::tensor::{Device, Tensor, TensorData};

use super::shape::Shape;

/// Added to variances before their root is taken, as batch normalization does everywhere.
pub const EPSILON: f32 = 1e-5;

/// Means and variances of every channel, 1 × channels × 1 × 1, one pair a convolution.
pub type Statistics = Vec<(Tensor<4>, Tensor<4>)>;

/// Where batch normalization takes means and variances from.
pub enum Pass<'a> {
    /// From the images passed; they are put here, for running averages.
    Train(&'a mut Statistics),
    /// From running averages: those of the convolutions still to come.
    Test(&'a [(Tensor<4>, Tensor<4>)]),
}

impl Pass<'_> {
    fn next(&mut self, x: &Tensor<4>) -> (Tensor<4>, Tensor<4>) {
        match self {
            Self::Train(seen) => {
                let mean = channel_mean(x.clone());
                let variance = channel_mean((x.clone() - mean.clone()).square());
                seen.push((mean.clone().inner(), variance.clone().inner()));
                (mean, variance)
            }
            Self::Test(kept) => match kept.split_first() {
                Some((first, rest)) => {
                    *kept = rest;
                    first.clone()
                }
                None => panic!("there are statistics of every convolution"),
            },
        }
    }
}

/// The mean of every channel over images and pixels.
fn channel_mean(x: Tensor<4>) -> Tensor<4> {
    x.mean_dim(0).mean_dim(2).mean_dim(3)
}

/// Batch normalization: gain · (x − mean)/√(variance + ε) + shift.
#[derive(Module, Debug)]
struct Norm {
    gain: Param<Tensor<4>>,
    shift: Param<Tensor<4>>,
}

/// A 3×3 convolution, with normalization after it or without.
#[derive(Module, Debug)]
struct Layer {
    weight: Param<Tensor<4>>,
    norm: Option<Norm>,
    #[module(skip)]
    stride: usize,
}

impl Layer {
    fn forward(&self, x: Tensor<4>, pass: &mut Pass<'_>) -> Tensor<4> {
        let options = ConvOptions::new([self.stride; 2], [1, 1], [1, 1], 1);
        let x = conv2d(x, self.weight.val(), None, options);
        match &self.norm {
            None => x,
            Some(norm) => {
                let (mean, variance) = pass.next(&x);
                let scale = norm.gain.val() / variance.add_scalar(EPSILON).sqrt();
                (x - mean) * scale + norm.shift.val()
            }
        }
    }
}

/// One residual block.
#[derive(Module, Debug)]
struct Block {
    first: Layer,
    second: Layer,
    /// Channels put before and after those that come in.
    #[module(skip)]
    padding: (usize, usize),
}

impl Block {
    /// P(x).
    fn shortcut(&self, x: Tensor<4>) -> Tensor<4> {
        let x = if self.first.stride == 1 {
            x
        } else {
            let stride = [self.first.stride; 2];
            let mut options = AvgPoolOptions::new(stride);
            options.stride = stride;
            options.count_include_pad = false;
            options.ceil_mode = true;
            avg_pool2d(x, options)
        };
        if self.padding == (0, 0) {
            return x;
        }
        x.pad([(0, 0), self.padding, (0, 0), (0, 0)], PadMode::Constant(0.0))
    }

    /// C₂ ∗ relu(C₁ ∗ x).
    fn branch(&self, x: Tensor<4>, pass: &mut Pass<'_>) -> Tensor<4> {
        let inner = relu(self.first.forward(x, pass));
        self.second.forward(inner, pass)
    }
}

/// What a block adds, for those who look on.
pub struct Observed<'a> {
    /// C₂ ∗ relu(C₁ ∗ x).
    pub branch: &'a Tensor<4>,
    /// P(x), also where the network does without.
    pub shortcut: &'a Tensor<4>,
    /// What the block gives.
    pub output: &'a Tensor<4>,
}

/// A network; burn differentiates by those of its parameters that entered autodiff.
#[derive(Module, Debug)]
pub struct Network {
    stem: Layer,
    blocks: Vec<Block>,
    /// Classes × channels × 1 × 1.
    top: Param<Tensor<4>>,
    #[module(skip)]
    skips: bool,
}

impl Network {
    /// The network of parameters in the order of [`Shape::parts`].
    pub fn new(shape: &Shape, parameters: impl IntoIterator<Item = Tensor<4>>) -> Self {
        let mut parameters = parameters.into_iter();
        let mut next = || Param::from_tensor(parameters.next().expect("every part has its tensor"));
        let mut layer = |stride| Layer {
            weight: next(),
            norm: shape.batch_norm.then(|| Norm { gain: next(), shift: next() }),
            stride,
        };
        let stem = layer(1);
        let blocks = shape
            .blocks
            .iter()
            .map(|block| {
                let added = block.output - block.input;
                let padding = (added / 2, added - added / 2);
                Block { first: layer(block.stride), second: layer(1), padding }
            })
            .collect();
        Self { stem, blocks, top: next(), skips: shape.skips }
    }

    /// The logits of images, images × classes, from images × channels × height × width.
    pub fn forward(&self, x: Tensor<4>, pass: &mut Pass<'_>) -> Tensor<2> {
        self.observe(x, pass, |_| ())
    }

    /// The logits, with a look at every block on the way.
    pub fn observe(&self, x: Tensor<4>, pass: &mut Pass<'_>, mut see: impl FnMut(Observed<'_>)) -> Tensor<2> {
        let mut hidden = self.stem.forward(x, pass);
        for block in &self.blocks {
            let branch = block.branch(hidden.clone(), pass);
            let shortcut = block.shortcut(hidden);
            let output = if self.skips { shortcut.clone() + branch.clone() } else { branch.clone() };
            see(Observed { branch: &branch, shortcut: &shortcut, output: &output });
            hidden = output;
        }
        let [images, channels, height, width] = hidden.dims();
        let averages = hidden.reshape([images, channels, height * width]).mean_dim(2);
        let [classes, ..] = self.top.val().dims();
        let top = self.top.val().reshape([classes, channels]);
        averages.reshape([images, channels]).matmul(top.transpose())
    }

    /// Every parameter, in the order of [`Shape::parts`].
    pub fn parameters(&self) -> Vec<Tensor<4>> {
        fn push(layer: &Layer, out: &mut Vec<Tensor<4>>) {
            out.push(layer.weight.val());
            if let Some(norm) = &layer.norm {
                out.extend([norm.gain.val(), norm.shift.val()]);
            }
        }
        let mut out = Vec::new();
        push(&self.stem, &mut out);
        for block in &self.blocks {
            push(&block.first, &mut out);
            push(&block.second, &mut out);
        }
        out.push(self.top.val());
        out
    }
}

/// −mean over images of log softmax(logits) at the label, from labels as rows of 0 and 1.
pub fn cross_entropy(logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let images = logits.dims()[0];
    (log_softmax(logits, 1) * labels).sum().div_scalar(-(images as f32))
}

/// Labels as rows of 0 and 1.
pub fn one_hot(labels: &[u16], classes: usize, device: &Device) -> Tensor<2> {
    let mut rows = vec![0.0_f32; labels.len() * classes];
    for (row, label) in rows.chunks_exact_mut(classes).zip(labels) {
        row[usize::from(*label)] = 1.0;
    }
    Tensor::from_data(TensorData::new(rows, [labels.len(), classes]), device)
}

/// Four axes of numbers on a device.
pub fn tensor(values: Vec<f32>, dims: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values, dims), device)
}
