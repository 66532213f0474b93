//! The engines `burn` and `burn-webgpu`: burn's modules and its autodiff, on its Flex CPU backend and on WebGPU.
//!
//! They are the reference for the hand-written gradients, and the only engines with minibatches of linear
//! networks: there the update follows the gradient of a batch's loss, while records stay those of all points.

#[cfg(feature = "burn-wgpu")]
mod gpu;
mod landscape_linear;
mod linear;
mod objective;
mod place;
mod relu;
mod train;
mod update;

use ::burn::tensor::{Device, Tensor, TensorData};

use self::linear::LinearObjective;
use self::objective::Objective;
pub use self::place::Place;
use self::relu::ReluObjective;
use self::train::Lane;
use super::batches::Batches;
use super::{EngineInfo, EngineKind, Member, Record, Rule, Trainer};
use crate::data::task::Task;
use crate::error::Result;
use crate::landscape::plane::Grid;

/// An ensemble trained by burn.
pub struct BurnEngine {
    place: Place,
    objective: Box<dyn Objective>,
    lanes: Vec<Lane>,
}

impl BurnEngine {
    /// An ensemble of members on one task, computed in that place.
    pub fn new(place: Place, task: &Task, members: Vec<Member>) -> Self {
        let device = place.device();
        let objective: Box<dyn Objective> = match task {
            Task::Linear(problem) => Box::new(LinearObjective::new(problem, device)),
            Task::Relu(problem) => Box::new(ReluObjective::new(problem, device)),
        };
        let shapes = objective.shapes();
        let lanes = members.into_iter().map(|member| Lane::new(&shapes, member, device)).collect();
        Self { place, objective, lanes }
    }

    /// Which of the two engines it is.
    pub fn kind(&self) -> EngineKind {
        self.place.kind()
    }

    /// What it runs on.
    pub fn info(&self) -> EngineInfo {
        #[cfg(feature = "burn-wgpu")]
        if let Some(gpu) = self.place.gpu() {
            let EngineInfo { description, fallback_adapter } = &gpu.info;
            return EngineInfo {
                description: format!("burn autodiff on {description}"),
                fallback_adapter: *fallback_adapter,
            };
        }
        EngineInfo {
            description: "burn autodiff on its Flex CPU backend".to_owned(),
            fallback_adapter: false,
        }
    }

    /// How many points of a run are computed before their numbers are looked at. Every look at a GPU waits for it, so
    /// there some updates are rather computed in vain where a member diverges.
    fn points_at_once(&self) -> u32 {
        if self.kind() == EngineKind::Burn { 1 } else { 32 }
    }
}

impl Trainer for BurnEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        let mut batches = Batches::of(rule, self.objective.points())?;
        let objective = self.objective.as_ref();
        let mut records = Vec::new();
        let at_once = self.points_at_once();
        for lane in &mut self.lanes {
            records.push(lane.train(steps, at_once, rule, objective, batches.as_mut(), &self.place).await?);
        }
        Ok(records)
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        let mut members = Vec::new();
        for lane in &self.lanes {
            members.push(lane.member(&self.place).await?);
        }
        Ok(members)
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        if grid.a.is_empty() || grid.b.is_empty() {
            return Ok(Vec::new());
        }
        let mut out = Vec::with_capacity(grid.a.len() * grid.b.len());
        for row in self.objective.landscape(grid) {
            out.extend(self.place.read(row).await?);
        }
        Ok(out)
    }
}

/// A matrix from its row-major numbers.
fn matrix(values: &[f32], shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// The matrices of those shapes that stand one after the other; none from no numbers.
fn matrices(flat: &[f32], shapes: &[[usize; 2]], device: &Device) -> Vec<Tensor<2>> {
    if flat.is_empty() {
        return Vec::new();
    }
    let mut rest = flat;
    let mut next = |shape: &[usize; 2]| {
        let (own, after) = rest.split_at(shape[0] * shape[1]);
        rest = after;
        matrix(own, *shape, device)
    };
    shapes.iter().map(&mut next).collect()
}
