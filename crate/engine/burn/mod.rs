//! The `burn` engine: burn's modules and its autodiff on the Flex CPU backend.
//!
//! It is the reference for the hand-written gradients, and the only engine with minibatches: there the
//! update follows the gradient of a batch's loss, while records stay those of the full-batch excess risk.

mod landscape;
mod module;
mod train;
mod update;

use ::burn::tensor::{Device, Tensor, TensorData};

use self::train::Lane;
use super::batches::Batches;
use super::{Member, Record, Rule, Trainer};
use crate::data::problem::{Problem, Sample};
use crate::data::task::Task;
use crate::error::Result;
use crate::landscape::plane::Grid;

/// What every member is trained on, as tensors outside autodiff: constants have no gradients.
struct Target {
    /// S.
    input: Tensor<2>,
    /// M.
    goal: Tensor<2>,
    /// The sample that minibatches are taken from.
    sample: Option<Sample>,
}

impl Target {
    fn new(problem: &Problem, device: &Device) -> Self {
        let d = problem.width;
        Self {
            input: matrix(&problem.input, [d, d], device),
            goal: matrix(&problem.goal, [d, d], device),
            sample: problem.sample.clone(),
        }
    }
}

/// An ensemble trained by burn.
pub struct BurnEngine {
    device: Device,
    width: usize,
    // Boxed so that `Engine` stays small: tensor handles take much room in place.
    target: Box<Target>,
    lanes: Vec<Lane>,
}

impl BurnEngine {
    /// An ensemble of members on one problem.
    pub fn new(task: &Task, members: Vec<Member>) -> Result<Self> {
        let problem = task.linear("the burn engine")?;
        let device = Device::flex();
        let lanes = members.into_iter().map(|member| Lane::new(problem.width, member, &device)).collect();
        Ok(Self { width: problem.width, target: Box::new(Target::new(problem, &device)), device, lanes })
    }
}

impl Trainer for BurnEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        let points = self.target.sample.as_ref().map_or(0, |sample| sample.points);
        let mut batches = Batches::of(rule, points)?;
        let target = &self.target;
        Ok(self.lanes.iter_mut().map(|lane| lane.train(steps, rule, target, batches.as_mut())).collect())
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        Ok(self.lanes.iter().map(Lane::member).collect())
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        Ok(landscape::landscape(&self.target, self.width, grid, &self.device))
    }
}

/// A matrix from its row-major numbers.
fn matrix(values: &[f32], shape: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

/// One square matrix a layer; none from no numbers.
fn layers(flat: &[f32], width: usize, device: &Device) -> Vec<Tensor<2>> {
    flat.chunks_exact(width * width).map(|layer| matrix(layer, [width, width], device)).collect()
}

/// The numbers of a tensor. Flex computes where it is called, so reading never has to wait.
fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("every tensor of this engine holds f32")
}

/// The numbers of all layers, layer first.
fn flat(layers: &[Tensor<2>]) -> Vec<f32> {
    layers.iter().flat_map(|layer| numbers(layer.clone())).collect()
}
