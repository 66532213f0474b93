//! Cells of a map trained side by side on the GPU.

use super::atlas::Atlas;
use super::outcome::{Outcome, prepare};
use crate::engine::EngineInfo;
use crate::engine::webgpu::{Ending, Follower, Plan, Run};
use crate::error::{LabError, Result};

/// What a [`super::Runner`] is on the `cpu` engine, on `webgpu`: many networks at once. Its outcomes are those of
/// the runner but for rounding, which may move a step by one and, near a threshold, decide a run.
pub struct Fleet {
    follower: Follower,
}

impl Fleet {
    /// Opens the GPU. Fails with a sentence when there is none that can be used.
    pub async fn new() -> Result<Self> {
        Ok(Self { follower: Follower::new().await? })
    }

    /// With workgroups of up to that many invocations; see [`Follower::packed`].
    #[must_use]
    pub fn packed(self, invocations: u32) -> Self {
        Self { follower: self.follower.packed(invocations) }
    }

    /// The adapter it runs on.
    pub fn info(&self) -> EngineInfo {
        self.follower.info()
    }

    /// As [`Atlas::outcomes`].
    pub async fn outcomes(&mut self, atlas: &Atlas, cells: &[u32]) -> Result<Vec<Vec<Outcome>>> {
        if atlas.experiment.is_classifier() || !atlas.networks.is_empty() {
            let message = "maps of classifiers, and of other networks than the twins, are trained by the cpu engine only";
            return Err(LabError::engine("webgpu", message));
        }
        let (mut order, mut prepared) = (Vec::new(), Vec::new());
        for cell in atlas.ordered(cells) {
            let (index, experiment) = cell?;
            order.push(index);
            prepared.push(prepare(&experiment, prepared.last().cloned()));
        }
        let runs: Vec<Run<'_>> = prepared
            .iter()
            .flat_map(|cell| {
                let twins = cell.experiment.twins.iter().zip(cell.starts.iter());
                twins.map(|(twin, start)| Run {
                    problem: &cell.problem,
                    parametrization: twin.parametrization,
                    start,
                    optimizer: cell.experiment.optimizer,
                    divergence: cell.divergence,
                })
            })
            .collect();
        let budget = &atlas.budget;
        let plan = Plan {
            steps: budget.steps,
            threshold: budget.threshold,
            stop_at_threshold: budget.stop_at_threshold,
        };
        let mut endings = self.follower.follow(&runs, &plan).await?.into_iter();
        let mut found = vec![Vec::new(); cells.len()];
        for (index, cell) in order.iter().zip(&prepared) {
            found[*index] = endings.by_ref().take(cell.starts.len()).map(outcome).collect();
        }
        Ok(found)
    }
}

fn outcome(Ending { excess, reached, diverged_at }: Ending) -> Outcome {
    Outcome { excess, steps: reached, diverged_at, end: None, accuracy: None }
}
