//! [`Task`]: what the networks of an experiment are to learn, of whatever kind they are.

use super::classification::Classification;
use super::problem::Problem;
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Loss, Network};

/// What an engine minimizes.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// Linear networks: a map.
    Linear(Problem),
    /// ReLU networks: labels of points.
    Relu(Classification),
}

impl Task {
    /// The task of a valid experiment.
    pub fn new(experiment: &Experiment) -> Result<Self> {
        Ok(match experiment.network {
            Network::Linear { .. } => Self::Linear(Problem::new(experiment)),
            Network::Relu { .. } => Self::Relu(Classification::new(experiment)?),
        })
    }

    /// Number of parameters of one network.
    pub fn parameter_count(&self) -> usize {
        match self {
            Self::Linear(problem) => problem.parameter_count(),
            Self::Relu(problem) => problem.layout.count(),
        }
    }

    /// Excess risk or loss of the network that gives 0 everywhere.
    pub fn zero_network(&self) -> f64 {
        match self {
            Self::Linear(problem) => problem.zero_network(),
            Self::Relu(problem) => match problem.loss {
                Loss::CrossEntropy => libm::log(problem.layout.classes as f64),
                Loss::Squared => 1.0,
            },
        }
    }

    /// The problem of linear networks; `what` begins the sentence for other kinds.
    pub fn linear(&self, what: &str) -> Result<&Problem> {
        match self {
            Self::Linear(problem) => Ok(problem),
            Self::Relu(_) => Err(LabError::field("network.kind", format!("{what} is for linear networks"))),
        }
    }

    /// The problem of ReLU networks; `what` begins the sentence for other kinds.
    pub fn relu(&self, what: &str) -> Result<&Classification> {
        match self {
            Self::Relu(problem) => Ok(problem),
            Self::Linear(_) => Err(LabError::field("network.kind", format!("{what} is for ReLU networks"))),
        }
    }
}

impl From<Problem> for Task {
    fn from(problem: Problem) -> Self {
        Self::Linear(problem)
    }
}

impl From<Classification> for Task {
    fn from(problem: Classification) -> Self {
        Self::Relu(problem)
    }
}
