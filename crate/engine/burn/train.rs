//! Training of one member.

use ::burn::tensor::{Device, Tensor};

use super::objective::{Kind, Objective, squared_norm};
use super::update::State;
use super::{flat, matrices, numbers};
use crate::engine::batches::Batches;
use crate::engine::{Member, Record, Rule};

/// One member, as tensors.
pub struct Lane {
    kind: Kind,
    state: State,
    diverged: bool,
}

impl Lane {
    /// A member ready to train, whose parameters are matrices of those shapes.
    pub fn new(shapes: &[[usize; 2]], member: Member, device: &Device) -> Self {
        let tensors = |flat: &[f32]| matrices(flat, shapes, device);
        let state = State {
            parameters: tensors(&member.parameters),
            first: tensors(&member.first),
            second: tensors(&member.second),
            updates: member.updates,
        };
        let kind = Kind { parametrization: member.parametrization, gains: member.gains };
        Self { kind, state, diverged: member.diverged }
    }

    /// The member as it now is.
    pub fn member(&self) -> Member {
        Member {
            parametrization: self.kind.parametrization,
            gains: self.kind.gains,
            parameters: flat(&self.state.parameters),
            first: flat(&self.state.first),
            second: flat(&self.state.second),
            updates: self.state.updates,
            diverged: self.diverged,
        }
    }

    /// See [`crate::engine::Trainer::train`].
    pub fn train(
        &mut self,
        steps: u32,
        rule: &Rule,
        objective: &dyn Objective,
        mut batches: Option<&mut Batches>,
    ) -> Record {
        let mut record = Record::default();
        for step in 0..=steps {
            let (excess, full) = objective.evaluate(self.kind, &self.state.parameters);
            record.excess.push(excess);
            record.gradient_norm_squared.push(norm_squared(&full));
            // Written so that a NaN counts as diverged, and infinity under any threshold.
            let within = excess.is_finite() && excess <= rule.divergence;
            self.diverged |= !within;
            if self.diverged || step == steps {
                break;
            }
            let gradient = match &mut batches {
                Some(batches) => {
                    let points = batches.batch(self.state.updates);
                    objective.batch_gradient(self.kind, &self.state.parameters, points)
                }
                None => full,
            };
            self.state.update(&rule.optimizer, gradient);
        }
        record
    }
}

/// Σ over matrices of their squared entries.
fn norm_squared(gradient: &[Tensor<2>]) -> f32 {
    gradient.iter().map(|matrix| numbers(squared_norm(matrix.clone()))[0]).sum()
}
