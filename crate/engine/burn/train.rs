//! Training of one member.

use ::burn::tensor::{Device, Tensor};

use super::objective::{Kind, Objective, squared_norm};
use super::update::State;
use super::{Place, matrices};
use crate::engine::batches::Batches;
use crate::engine::{Member, Record, Rule};
use crate::error::Result;

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
    pub async fn member(&self, place: &Place) -> Result<Member> {
        let State { parameters, first, second, updates } = &self.state;
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for (flat, matrices) in all.iter_mut().zip([parameters, first, second]) {
            let flattened = matrices.iter().map(|matrix| matrix.clone().reshape([-1])).collect::<Vec<_>>();
            if !flattened.is_empty() {
                *flat = place.read(Tensor::<1>::cat(flattened, 0)).await?;
            }
        }
        let [parameters, first, second] = all;
        Ok(Member {
            parametrization: self.kind.parametrization,
            gains: self.kind.gains,
            parameters,
            first,
            second,
            updates: *updates,
            diverged: self.diverged,
        })
    }

    /// See [`crate::engine::Trainer::train`]. Of a place that failed on the way the member is where it was at the last
    /// look at its numbers.
    pub async fn train(
        &mut self,
        steps: u32,
        at_once: u32,
        rule: &Rule,
        objective: &dyn Objective,
        mut batches: Option<&mut Batches>,
        place: &Place,
    ) -> Result<Record> {
        let mut record = Record::default();
        let points = if self.diverged { 1 } else { u64::from(steps) + 1 };
        let mut visited = 0;
        while visited < points {
            let before = self.state.clone();
            let count = (points - visited).min(u64::from(at_once));
            let mut seen = Vec::new();
            for point in visited..visited + count {
                let (excess, gradient) = objective.evaluate(self.kind, &self.state.parameters);
                seen.extend([excess, norm_squared(&gradient)]);
                if point + 1 < points {
                    self.update(rule, objective, batches.as_deref_mut(), gradient);
                }
            }
            let seen = match place.read(Tensor::cat(seen, 0)).await {
                Ok(seen) => seen,
                Err(error) => {
                    self.state = before;
                    return Err(error);
                }
            };
            for (made, pair) in seen.chunks_exact(2).enumerate() {
                record.excess.push(pair[0]);
                record.gradient_norm_squared.push(pair[1]);
                // Written so that a NaN counts as diverged, and infinity under any threshold.
                let within = pair[0].is_finite() && pair[0] <= rule.divergence;
                if !within {
                    self.diverged = true;
                    // What was computed beyond is given up: back, and the updates up to here once more.
                    self.state = before;
                    for _ in 0..made {
                        let (_, gradient) = objective.evaluate(self.kind, &self.state.parameters);
                        self.update(rule, objective, batches.as_deref_mut(), gradient);
                    }
                    return Ok(record);
                }
            }
            visited += count;
        }
        Ok(record)
    }

    /// One update from where `full` is the gradient on all that is known.
    fn update(
        &mut self,
        rule: &Rule,
        objective: &dyn Objective,
        batches: Option<&mut Batches>,
        full: Vec<Tensor<2>>,
    ) {
        let gradient = match batches {
            Some(batches) => {
                let points = batches.batch(self.state.updates);
                objective.batch_gradient(self.kind, &self.state.parameters, points)
            }
            None => full,
        };
        self.state.update(&rule.optimizer, gradient);
    }
}

/// Σ over matrices of their squared entries.
fn norm_squared(gradient: &[Tensor<2>]) -> Tensor<1> {
    let norms = gradient.iter().map(|matrix| squared_norm(matrix.clone()));
    norms.reduce(|sum, norm| sum + norm).expect("every network has parameters")
}
