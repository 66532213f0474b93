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
mod pace;
mod train;

use std::rc::Rc;

use super::{EngineInfo, Member, Record, Rule, Trainer};
use crate::data::task::Task;
use crate::error::{LabError, Result};
use crate::experiment::MAX_WIDTH;
use crate::landscape::plane::Grid;
use device::Gpu;

pub use follow::{Ending, Follower, Plan, Run};
pub use kernels::{KERNELS, Kernel, constants};

/// The name that errors carry.
const NAME: &str = "webgpu";

fn failure(message: impl Into<String>) -> LabError {
    LabError::engine(NAME, message)
}

/// An ensemble on a GPU.
pub struct WebGpuEngine {
    gpu: Rc<Gpu>,
    // Boxed, because an engine of another kind should not be as large as all these handles.
    train: Box<train::Ensemble>,
    landscape: Box<landscape::Surveyor>,
}

impl WebGpuEngine {
    /// An ensemble of members on one task. Fails with a sentence when there is no usable GPU.
    pub async fn new(task: &Task, members: Vec<Member>) -> Result<Self> {
        let problem = task.linear("the webgpu engine")?;
        if problem.width > MAX_WIDTH {
            return Err(LabError::field(
                "network.width",
                format!("allowed is a whole number from 1 to {MAX_WIDTH}; got {}", problem.width),
            ));
        }
        let gpu = device::shared().await?;
        let train = Box::new(train::Ensemble::new(&gpu, problem, members).await?);
        let landscape = Box::new(landscape::Surveyor::new(&gpu, problem).await?);
        Ok(Self { gpu, train, landscape })
    }

    /// The adapter it runs on.
    pub fn info(&self) -> EngineInfo {
        self.gpu.info.clone()
    }
}

impl Trainer for WebGpuEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        if rule.batch.is_some() {
            return Err(LabError::field(
                "batch",
                "minibatches are computed by the burn engine; the webgpu engine takes the full batch",
            ));
        }
        self.train.train(&self.gpu, steps, rule).await
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        self.train.members(&self.gpu).await
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        self.landscape.survey(&self.gpu, grid).await
    }
}
