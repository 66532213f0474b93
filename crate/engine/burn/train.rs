//! Training of one member.

use ::burn::tensor::{Device, Tensor};

use super::module::{Network, squared_norm};
use super::update::State;
use super::{Target, flat, layers, matrix, numbers};
use crate::engine::batches::Batches;
use crate::engine::{Member, Record, Rule};
use crate::experiment::Parametrization;

/// One member, as tensors.
pub struct Lane {
    parametrization: Parametrization,
    state: State,
    diverged: bool,
}

impl Lane {
    /// A member ready to train.
    pub fn new(width: usize, member: Member, device: &Device) -> Self {
        let state = State {
            parameters: layers(&member.parameters, width, device),
            first: layers(&member.first, width, device),
            second: layers(&member.second, width, device),
            updates: member.updates,
        };
        Self { parametrization: member.parametrization, state, diverged: member.diverged }
    }

    /// The member as it now is.
    pub fn member(&self) -> Member {
        Member {
            parametrization: self.parametrization,
            gains: false,
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
        target: &Target,
        mut batches: Option<&mut Batches>,
    ) -> Record {
        let mut record = Record::default();
        for step in 0..=steps {
            let network = Network::new(self.parametrization, &self.state.parameters);
            let loss = network.excess(target);
            let full = network.gradient(&loss);
            let excess = numbers(loss)[0];
            record.excess.push(excess);
            record.gradient_norm_squared.push(norm_squared(&full));
            // Written so that a NaN counts as diverged, and infinity under any threshold.
            let within = excess.is_finite() && excess <= rule.divergence;
            self.diverged |= !within;
            if self.diverged || step == steps {
                break;
            }
            let gradient = match (&mut batches, &target.sample) {
                (Some(batches), Some(sample)) => {
                    let points = batches.batch(self.state.updates);
                    let pick = |values: &[f32]| rows(values, points, &target.input);
                    network.gradient(&network.risk(pick(&sample.inputs), pick(&sample.labels)))
                }
                _ => full,
            };
            self.state.update(&rule.optimizer, gradient);
        }
        record
    }
}

/// The rows of those points, as wide as `like`. Copied here: burn's `select` would bring its gathering and
/// scattering of every element type into the browser's module.
fn rows(values: &[f32], points: &[u32], like: &Tensor<2>) -> Tensor<2> {
    let width = like.dims()[0];
    let row = |point: &u32| &values[*point as usize * width..][..width];
    let values: Vec<f32> = points.iter().flat_map(row).copied().collect();
    matrix(&values, [points.len(), width], &like.device())
}

/// Σ over layers of ‖∇_j‖²_F.
fn norm_squared(gradient: &[Tensor<2>]) -> f32 {
    gradient.iter().map(|layer| numbers(squared_norm(layer.clone()))[0]).sum()
}
