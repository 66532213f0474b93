//! The `burn` engine: burn's modules and its autodiff on the Flex CPU backend.
//!
//! It is the reference for the hand-written gradients, and the only engine with minibatches of linear
//! networks: there the update follows the gradient of a batch's loss, while records stay those of all points.

mod landscape_linear;
mod linear;
mod objective;
mod relu;
mod train;
mod update;

use ::burn::tensor::{Device, Tensor, TensorData};

use self::linear::LinearObjective;
use self::objective::Objective;
use self::relu::ReluObjective;
use self::train::Lane;
use super::batches::Batches;
use super::{Member, Record, Rule, Trainer};
use crate::data::task::Task;
use crate::error::Result;
use crate::landscape::plane::Grid;

/// An ensemble trained by burn.
pub struct BurnEngine {
    objective: Box<dyn Objective>,
    lanes: Vec<Lane>,
}

impl BurnEngine {
    /// An ensemble of members on one task.
    pub fn new(task: &Task, members: Vec<Member>) -> Self {
        let device = Device::flex();
        let objective: Box<dyn Objective> = match task {
            Task::Linear(problem) => Box::new(LinearObjective::new(problem, &device)),
            Task::Relu(problem) => Box::new(ReluObjective::new(problem, &device)),
        };
        let shapes = objective.shapes();
        let lanes = members.into_iter().map(|member| Lane::new(&shapes, member, &device)).collect();
        Self { objective, lanes }
    }
}

impl Trainer for BurnEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        let mut batches = Batches::of(rule, self.objective.points())?;
        let objective = self.objective.as_ref();
        Ok(self.lanes.iter_mut().map(|lane| lane.train(steps, rule, objective, batches.as_mut())).collect())
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        Ok(self.lanes.iter().map(Lane::member).collect())
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        Ok(self.objective.landscape(grid))
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

/// The numbers of a tensor. Flex computes where it is called, so reading never has to wait.
fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("every tensor of this engine holds f32")
}

/// The numbers of all matrices, one after the other.
fn flat(matrices: &[Tensor<2>]) -> Vec<f32> {
    matrices.iter().flat_map(|matrix| numbers(matrix.clone())).collect()
}
