//! What a network makes of sixteen images, and the room to make it in.

use identity_lab_kernels::{IMAGES, Lane, Octet, Turned};

use super::plan::{Plan, TAPS};

/// Sixteen images on their way through a network; allocated once for all steps.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// How many images there are; the others are zeros, and nothing is learned from them.
    pub images: usize,
    /// Pixels behind the layer that is normalized.
    pub pixels: usize,
    /// Channels × pixels of the images.
    planes: Vec<Lane>,
    /// Pixels × stored channels of the stem's taps.
    pub input: Vec<Lane>,
    /// Behind the stem and behind every block.
    pub hidden: Vec<Vec<Lane>>,
    /// Behind the ReLU of every block.
    pub inner: Vec<Vec<Lane>>,
    /// (x − mean)/√(variance + ε) behind every convolution; nothing without batch normalization.
    pub normal: Vec<Vec<Lane>>,
    /// Sums of every channel that batch normalization wants of all images.
    pub moments: Vec<[f64; 2]>,
    /// The gradient by what is behind a block.
    pub gradient: Vec<Lane>,
    /// The gradient by what is inside a block.
    pub inner_gradient: Vec<Lane>,
    /// A shortcut where it is not the identity, or the gradient through one.
    pub shortcut: Vec<Lane>,
    /// The gradient by what a convolution gave, where that is not what was normalized; else the next gradient.
    pub spare: Vec<Lane>,
    /// A gradient as [`identity_lab_kernels::turn`] lays it.
    pub turned: Vec<Turned>,
    /// Classes: the logits, then the gradient by them.
    pub logits: Vec<Lane>,
    /// The logits, a row an image.
    pub rows: Vec<f32>,
    /// The mean of every channel over all pixels.
    pub features: Vec<Lane>,
    /// The images' part of the gradient by all parameters.
    pub sums: Vec<Octet>,
}

impl Workspace {
    /// Room for a network, and for its gradient if `learns`.
    pub fn new(plan: &Plan, parameters: usize, learns: bool) -> Self {
        let lanes = |count: usize| vec![Lane::ZERO; count];
        let volumes: Vec<usize> = (0..plan.layers.len()).map(|layer| plan.volume(layer)).collect();
        let largest = volumes.iter().copied().max().unwrap_or(0);
        let most = if learns { largest } else { 0 };
        let turned = plan.layers.iter().map(|l| l.geometry.forward.len() * l.channels.outputs.div_ceil(8));
        let turned = if learns { turned.max().unwrap_or(0) } else { 0 };
        let features = plan.layers.last().map_or(0, |layer| layer.channels.outputs);
        Self {
            images: 0,
            pixels: 0,
            planes: lanes(plan.size[0] * plan.size[1] * plan.shape.channels),
            input: lanes(plan.size[0] * plan.size[1] * plan.layers[0].channels.inputs),
            hidden: volumes.iter().step_by(2).map(|count| lanes(*count)).collect(),
            inner: volumes[1..].iter().step_by(2).map(|count| lanes(*count)).collect(),
            normal: volumes.iter().map(|n| lanes(if plan.shape.batch_norm { *n } else { 0 })).collect(),
            moments: Vec::new(),
            gradient: lanes(most),
            inner_gradient: lanes(most),
            shortcut: lanes(largest),
            spare: lanes(most),
            turned: vec![Turned::ZERO; turned],
            logits: lanes(plan.shape.classes),
            rows: Vec::new(),
            features: lanes(features),
            sums: vec![Octet::ZERO; if learns { parameters } else { 0 }],
        }
    }

    /// What it holds in memory, about.
    pub fn bytes(&self) -> usize {
        let volumes = self.hidden.iter().chain(&self.inner).chain(&self.normal);
        let gradients = [&self.input, &self.gradient, &self.inner_gradient, &self.shortcut, &self.spare];
        let lanes: usize = volumes.chain(gradients).map(Vec::len).sum();
        lanes * size_of::<Lane>()
            + self.turned.len() * size_of::<Turned>()
            + self.sums.len() * size_of::<Octet>()
    }

    /// Takes images in, at most sixteen, as images × channels × height × width.
    pub fn take(&mut self, plan: &Plan, pixels: &[f32]) {
        let [height, width] = plan.size;
        let (channels, stored) = (plan.shape.channels, plan.layers[0].channels.inputs);
        let size = height * width * channels;
        self.images = pixels.len() / size;
        if self.images < IMAGES {
            self.planes.fill(Lane::ZERO);
        }
        for (n, image) in pixels.chunks_exact(size).enumerate().take(IMAGES) {
            self.planes.iter_mut().zip(image).for_each(|(lane, pixel)| lane.0[n] = *pixel);
        }
        for (pixel, out) in self.input.chunks_exact_mut(stored).enumerate() {
            let (y, x) = (pixel / width, pixel % width);
            for tap in 0..TAPS {
                let (row, column) = (y + tap / 3, x + tap % 3);
                // Outside of the image there are zeros, and these are never written over.
                if (1..=height).contains(&row) && (1..=width).contains(&column) {
                    for channel in 0..channels {
                        out[tap * channels + channel] =
                            self.planes[(channel * height + row - 1) * width + column - 1];
                    }
                }
            }
        }
    }
}
