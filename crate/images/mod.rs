//! The third system of the paper (§4): all-convolutional residual networks on images.
//!
//! An [`ImageExperiment`] describes a run, a [`Trainer`] makes its steps on the [`Images`] given to it. Everything
//! that waits for a device is `async`, so that the same code runs in a browser on WebGPU, where reading back must
//! never block. On the processor the crate's own kernels train and test ([`cpu`]); burn does that on GPUs, looks into
//! networks everywhere, and its autodiff is what gradients are compared with. On the processor the same seed gives the same
//! bits.
//!
//! Imports run one way:
//! `experiment → shape → start, network, augment → cpu, by_burn → learner → training → measure, landscape, checkpoint`.
//!
//! [`Images`]: crate::data::images::Images

mod augment;
mod by_burn;
mod checkpoint;
mod cpu;
mod experiment;
mod landscape;
mod learner;
mod measure;
mod network;
mod presets;
mod shape;
mod start;
mod tally;
#[cfg(test)]
mod tests;
mod training;
#[cfg(test)]
mod twin;

pub use self::experiment::{
    ConvStart, ImageExperiment, ImageNetwork, ImageTraining, MAX_BLOCKS, MAX_FILTERS, MAX_STAGES, Stage,
};
pub use self::landscape::{Axes, ImageLandscape, LandscapeRequest};
pub use self::measure::{Branch, FeatureMaps, Filters};
pub use self::presets::ImagePreset;
pub use self::shape::{Part, PartKind, Shape};
pub use self::tally::{Subset, Tally};
pub use self::training::{StepRecord, Trainer};
