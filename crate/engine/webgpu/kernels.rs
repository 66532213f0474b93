//! The kernels: their WGSL sources, and what several launchers hand to them.

use bytemuck::{Pod, Zeroable};

use crate::experiment::{Optimizer, Parametrization};

/// An entry point and the source that has it, to be put behind [`constants`].
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    /// Name of the entry point.
    pub entry: &'static str,
    /// WGSL without the constants.
    pub source: &'static str,
}

macro_rules! shader {
    ($($file:literal),+) => { concat!($(include_str!(concat!("../../../shaders/", $file))),+) };
}

/// Training with a record of every step.
pub(super) const TRAIN: Kernel =
    Kernel { entry: "train", source: shader!("common/linear.wgsl", "train_linear.wgsl") };
/// Many runs of which only the end is wanted.
pub(super) const FOLLOW: Kernel =
    Kernel { entry: "follow", source: shader!("common/linear.wgsl", "follow_linear.wgsl") };
/// Excess risk over a grid.
pub(super) const LANDSCAPE: Kernel = Kernel { entry: "landscape", source: shader!("landscape_linear.wgsl") };

/// Training of ReLU networks.
pub(super) const TRAIN_RELU: Kernel =
    Kernel { entry: "train_relu", source: shader!("common/relu.wgsl", "train_relu.wgsl") };
/// Loss of ReLU networks over a grid.
pub(super) const LANDSCAPE_RELU: Kernel =
    Kernel { entry: "landscape_relu", source: shader!("common/relu.wgsl", "landscape_relu.wgsl") };

/// All of them.
pub const KERNELS: [Kernel; 5] = [TRAIN, FOLLOW, LANDSCAPE, TRAIN_RELU, LANDSCAPE_RELU];

/// What stands in front of every source: vec4s a row of a padded matrix, networks a workgroup.
pub fn constants(d4: u32, pack: u32) -> String {
    format!("const D4: u32 = {d4}u;\nconst PACK: u32 = {pack}u;\n")
}

/// The shaders' `Rule`: how one network is updated.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Rule {
    identity: u32,
    optimizer: u32,
    rate: f32,
    beta1: f32,
    beta2: f32,
    epsilon: f32,
}

impl Rule {
    pub(super) fn new(parametrization: Parametrization, optimizer: &Optimizer) -> Self {
        let (kind, beta1, beta2, epsilon) = match *optimizer {
            Optimizer::GradientDescent { .. } => (0, 0.0, 0.0, 0.0),
            Optimizer::Momentum { momentum, .. } => (1, momentum, 0.0, 0.0),
            Optimizer::Adam { beta1, beta2, epsilon, .. } => (2, beta1, beta2, epsilon),
        };
        Self {
            identity: parametrization.is_identity().into(),
            optimizer: kind,
            rate: optimizer.learning_rate() as f32,
            beta1: beta1 as f32,
            beta2: beta2 as f32,
            epsilon: epsilon as f32,
        }
    }
}
