//! The `webgpu` engine: WGSL kernels over wgpu, in a browser and natively.
//!
//! Parameters, moments and prefix products of an ensemble live on the GPU from the first call of
//! [`Trainer::train`] to the last; a call uploads the rule, submits a row of short dispatches and reads
//! back one buffer of records. A [`Follower`] trains thousands of networks of which only the end is wanted. The
//! kernels in `shaders/` state their formulas, shapes and bindings.

mod buffers;
mod device;
mod follow;
mod kernels;
mod landscape;
mod landscape_relu;
mod pace;
mod relu;
mod train;
mod train_relu;

use std::rc::Rc;

use super::batches::Batches;
use super::{EngineInfo, Member, Record, Rule, Trainer};
use crate::data::task::Task;
use crate::error::{LabError, Result};
use crate::experiment::MAX_WIDTH;
use crate::landscape::plane::Grid;

pub use device::{Gpu, shared};
pub use follow::{Ending, Follower, Plan, Run};
pub use kernels::{KERNELS, Kernel, constants};

/// The name that errors carry.
const NAME: &str = "webgpu";

fn failure(message: impl Into<String>) -> LabError {
    LabError::engine(NAME, message)
}

/// The kernels of one kind of network.
enum Kernels {
    Linear { train: train::Ensemble, landscape: landscape::Surveyor },
    Relu { points: usize, train: train_relu::ReluEnsemble, landscape: landscape_relu::ReluSurveyor },
}

/// An ensemble on a GPU.
pub struct WebGpuEngine {
    gpu: Rc<Gpu>,
    // Boxed, because an engine of another kind should not be as large as all these handles.
    kernels: Box<Kernels>,
}

impl WebGpuEngine {
    /// An ensemble of members on one task. Fails with a sentence when there is no usable GPU.
    pub async fn new(task: &Task, members: Vec<Member>) -> Result<Self> {
        let width = match task {
            Task::Linear(problem) => problem.width,
            Task::Relu(problem) => problem.layout.width,
        };
        if width > MAX_WIDTH {
            return Err(LabError::field(
                "network.width",
                format!("allowed is a whole number from 1 to {MAX_WIDTH}; got {width}"),
            ));
        }
        let gpu = device::shared().await?;
        let kernels = Box::new(match task {
            Task::Linear(problem) => Kernels::Linear {
                train: train::Ensemble::new(&gpu, problem, members).await?,
                landscape: landscape::Surveyor::new(&gpu, problem).await?,
            },
            Task::Relu(problem) => Kernels::Relu {
                points: problem.points.len(),
                train: train_relu::ReluEnsemble::new(&gpu, problem, members).await?,
                landscape: landscape_relu::ReluSurveyor::new(&gpu, problem).await?,
            },
        });
        Ok(Self { gpu, kernels })
    }

    /// The adapter it runs on.
    pub fn info(&self) -> EngineInfo {
        self.gpu.info.clone()
    }
}

impl Trainer for WebGpuEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        match self.kernels.as_mut() {
            Kernels::Linear { .. } if rule.batch.is_some() => Err(LabError::field(
                "batch",
                "minibatches of linear networks are computed by the burn engine; the webgpu engine takes the full batch",
            )),
            Kernels::Linear { train, .. } => train.train(&self.gpu, steps, rule).await,
            Kernels::Relu { points, train, .. } => {
                train.train(&self.gpu, steps, rule, Batches::of(rule, *points)?).await
            }
        }
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        match self.kernels.as_mut() {
            Kernels::Linear { train, .. } => train.members(&self.gpu).await,
            Kernels::Relu { train, .. } => train.members(&self.gpu).await,
        }
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        match self.kernels.as_mut() {
            Kernels::Linear { landscape, .. } => landscape.survey(&self.gpu, grid).await,
            Kernels::Relu { landscape, .. } => landscape.survey(&self.gpu, grid).await,
        }
    }
}
