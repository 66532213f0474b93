//! One update by burn's optimizers.
//!
//! burn's own state is made anew for each update from the moments that every engine exchanges, so that a
//! run can come from another engine and go on to the next one.

use ::burn::optim::momentum::{Momentum, MomentumConfig, MomentumState};
use ::burn::optim::{AdamConfig, AdamState, AdaptiveMomentumState, Optimizer as _, SgdConfig};
use ::burn::tensor::Tensor;

use crate::experiment::Optimizer;

/// What is trained and what the update rule remembers, as matrices outside autodiff.
#[derive(Debug, Clone)]
pub struct State {
    /// θ.
    pub parameters: Vec<Tensor<2>>,
    /// First moment: empty, meaning zero, or as long as `parameters`.
    pub first: Vec<Tensor<2>>,
    /// Second moment: empty, meaning zero, or as long as `parameters`.
    pub second: Vec<Tensor<2>>,
    /// Updates made so far.
    pub updates: u64,
}

impl State {
    /// One update along a gradient.
    pub fn update(&mut self, optimizer: &Optimizer, gradient: Vec<Tensor<2>>) {
        match *optimizer {
            Optimizer::GradientDescent { learning_rate } => self.descend(learning_rate, gradient),
            Optimizer::Momentum { learning_rate, momentum } => {
                fill(&mut self.first, &gradient);
                // `Sgd` keeps its velocity to itself; the rule inside it hands it out.
                let rule = Momentum::new(&MomentumConfig::new().with_momentum(momentum).with_dampening(0.0));
                let velocity = |(m, g): (&Tensor<2>, Tensor<2>)| {
                    rule.transform(g, Some(MomentumState::new(m.clone()))).0
                };
                self.first = self.first.iter().zip(gradient).map(velocity).collect();
                self.descend(learning_rate, self.first.clone());
            }
            Optimizer::Adam { learning_rate, beta1, beta2, epsilon } => {
                fill(&mut self.first, &gradient);
                fill(&mut self.second, &gradient);
                let rule = AdamConfig::new()
                    .with_beta_1(beta1 as f32)
                    .with_beta_2(beta2 as f32)
                    .with_epsilon(epsilon as f32)
                    .build();
                let moments = self.first.iter_mut().zip(&mut self.second);
                for ((p, (m, v)), g) in self.parameters.iter_mut().zip(moments).zip(gradient) {
                    let before = AdaptiveMomentumState::new(self.updates as usize, m.clone(), v.clone());
                    let (next, state) = rule.step(learning_rate, p.clone(), g, Some(AdamState::new(before)));
                    *p = next;
                    if let Some(AdamState { momentum }) = state {
                        (*m, *v) = (momentum.moment_1, momentum.moment_2);
                    }
                }
            }
        }
        self.updates += 1;
    }

    /// θ − η · direction.
    fn descend(&mut self, learning_rate: f64, directions: Vec<Tensor<2>>) {
        let rule = SgdConfig::new().build();
        for (p, direction) in self.parameters.iter_mut().zip(directions) {
            *p = rule.step(learning_rate, p.clone(), direction, None).0;
        }
    }
}

/// Zeros where there is no moment yet.
fn fill(moment: &mut Vec<Tensor<2>>, like: &[Tensor<2>]) {
    if moment.is_empty() {
        moment.extend(like.iter().map(Tensor::zeros_like));
    }
}
