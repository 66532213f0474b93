//! The `cpu` engine: hand-written SIMD loops, the twin that the shaders are tested against.
//!
//! Matrices are padded with zeros to a side that the inner loops know at compile time.

mod landscape_linear;
mod landscape_relu;
mod relu;
mod runs;
mod train_linear;
mod train_relu;

pub use landscape_linear::landscape;
pub use relu::{Chunks, Sweep, Weights};
pub use train_linear::Lane;
pub use train_relu::ReluLane;

use super::batches::Batches;
use super::{Member, Record, Rule, Trainer};
use crate::data::classification::Classification;
use crate::data::problem::Problem;
use crate::data::task::Task;
use crate::error::{LabError, Result};
use crate::landscape::plane::{Grid, Span};

pub use identity_lab_kernels::multiply_add_peak;

/// An ensemble on the CPU.
#[derive(Debug, Clone)]
pub enum CpuEngine {
    /// Of linear networks.
    Linear {
        /// What they learn.
        problem: Problem,
        /// The members.
        lanes: Vec<Lane>,
    },
    /// Of ReLU networks.
    Relu {
        /// What they learn.
        problem: Classification,
        /// Its points.
        chunks: Chunks,
        /// The members.
        lanes: Vec<ReluLane>,
    },
}

impl CpuEngine {
    /// An ensemble of members on one task.
    pub fn new(task: &Task, members: Vec<Member>) -> Self {
        let members = members.into_iter();
        match task {
            Task::Linear(problem) => Self::Linear {
                lanes: members.map(|member| Lane::new(problem, member)).collect(),
                problem: problem.clone(),
            },
            Task::Relu(problem) => Self::Relu {
                lanes: members.map(|member| ReluLane::new(problem, member)).collect(),
                chunks: Chunks::all(&problem.points),
                problem: problem.clone(),
            },
        }
    }
}

impl Trainer for CpuEngine {
    async fn train(&mut self, steps: u32, rule: &Rule) -> Result<Vec<Record>> {
        match self {
            Self::Linear { .. } if rule.batch.is_some() => Err(LabError::field(
                "batch",
                "minibatches of linear networks are computed by the burn engine; the cpu engine takes the full batch",
            )),
            Self::Linear { lanes, .. } => Ok(lanes.iter_mut().map(|lane| lane.train(steps, rule)).collect()),
            Self::Relu { problem, chunks, lanes } => {
                let mut batches = Batches::of(rule, problem.points.len())?;
                let train = |lane: &mut ReluLane| lane.train(problem, chunks, steps, rule, batches.as_mut());
                Ok(lanes.iter_mut().map(train).collect())
            }
        }
    }

    async fn members(&mut self) -> Result<Vec<Member>> {
        Ok(match self {
            Self::Linear { lanes, .. } => lanes.iter().map(Lane::member).collect(),
            Self::Relu { lanes, .. } => lanes.iter().map(|lane| lane.member().clone()).collect(),
        })
    }

    async fn landscape(&mut self, grid: &Grid<'_>) -> Result<Vec<f32>> {
        match self {
            Self::Linear { problem, .. } => Ok(landscape(problem, grid)),
            Self::Relu { problem, .. } => {
                Ok(landscape_relu::ReluSurvey::new(problem, grid.plane).evaluate(grid.a, grid.b))
            }
        }
    }
}

/// A plane ready to be evaluated, as often and in as many pieces as is wanted.
#[derive(Debug, Clone)]
pub enum Survey {
    /// Of linear networks.
    Linear(landscape_linear::Survey),
    /// Of ReLU networks.
    Relu(Box<landscape_relu::ReluSurvey>),
}

impl Survey {
    /// Prepares a plane for a grid of about that many points.
    pub fn new(task: &Task, plane: Span<'_>, columns: usize, rows: usize) -> Self {
        match task {
            Task::Linear(problem) => {
                Self::Linear(landscape_linear::Survey::new(problem, plane, columns, rows))
            }
            Task::Relu(problem) => Self::Relu(Box::new(landscape_relu::ReluSurvey::new(problem, plane))),
        }
    }

    /// Excess risk or loss at every b and a, index `[ib · a.len() + ia]`.
    pub fn evaluate(&mut self, a: &[f32], b: &[f32]) -> Vec<f32> {
        match self {
            Self::Linear(survey) => survey.evaluate(a, b),
            Self::Relu(survey) => survey.evaluate(a, b),
        }
    }
}
