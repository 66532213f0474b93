//! The `cpu` engine: hand-written SIMD loops, the twin that the shaders are tested against.
//!
//! Matrices are padded with zeros to a side that the inner loops know at compile time.

mod kernels;
mod landscape_linear;
mod runs;
mod train_linear;

pub use landscape_linear::{Survey, landscape};
pub use train_linear::Lane;

use super::{Member, Record, Rule, Trainer};
use crate::data::problem::Problem;
use crate::error::Result;
use crate::landscape::plane::Grid;

pub use kernels::multiply_add_peak;

/// An ensemble on the CPU.
#[derive(Debug, Clone)]
pub struct CpuEngine {
    problem: Problem,
    lanes: Vec<train_linear::Lane>,
}

impl CpuEngine {
    /// An ensemble of members on one problem.
    pub fn new(problem: &Problem, members: Vec<Member>) -> Self {
        let lanes = members.into_iter().map(|member| train_linear::Lane::new(problem, member)).collect();
        Self { problem: problem.clone(), lanes }
    }
}

impl Trainer for CpuEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        if rule.batch.is_some() {
            return Err(crate::error::LabError::field(
                "batch",
                "minibatches are computed by the burn engine; the cpu engine takes the full batch",
            ));
        }
        Ok(self.lanes.iter_mut().map(|lane| lane.train(steps, rule)).collect())
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        Ok(self.lanes.iter().map(train_linear::Lane::member).collect())
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        Ok(landscape(&self.problem, grid))
    }
}
