//! Training of one member.

use ::burn::tensor::{Device, Int, Tensor, TensorData};

use super::batches::Batches;
use super::module::{Network, squared_norm};
use super::update::State;
use super::{Target, flat, layers, numbers};
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
                (Some(batches), Some((inputs, labels))) => {
                    let rows = indices(batches.batch(self.state.updates), &inputs.device());
                    let pick = |points: &Tensor<2>| points.clone().select(0, rows.clone());
                    network.gradient(&network.risk(pick(inputs), pick(labels)))
                }
                _ => full,
            };
            self.state.update(&rule.optimizer, gradient);
        }
        record
    }
}

/// Positions of points as a tensor.
fn indices(points: &[u32], device: &Device) -> Tensor<1, Int> {
    let points: Vec<i32> = points.iter().map(|point| *point as i32).collect();
    let count = points.len();
    Tensor::from_data(TensorData::new(points, [count]), device)
}

/// Σ over layers of ‖∇_j‖²_F.
fn norm_squared(gradient: &[Tensor<2>]) -> f32 {
    gradient.iter().map(|layer| numbers(squared_norm(layer.clone()))[0]).sum()
}
