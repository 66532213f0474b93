//! The update rules, computed in burn tensors.
//!
//! Not by burn's own `Sgd` and `Adam`, because an engine has to take over another engine's moments and
//! hand its own on: burn keeps the velocity of `Sgd` private, and its Adam takes the decays as f32 and
//! forms 1 − βᵗ from them, where the other engines form it in f64.

use ::burn::tensor::Tensor;

use crate::experiment::Optimizer;

/// What is trained and what the update rule remembers, one matrix a layer, outside autodiff.
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
        self.updates += 1;
        let rate = optimizer.learning_rate() as f32;
        match *optimizer {
            Optimizer::GradientDescent { .. } => descend(&mut self.parameters, gradient, rate),
            Optimizer::Momentum { momentum, .. } => {
                let beta = momentum as f32;
                fill(&mut self.first, &gradient);
                change(&mut self.first, &gradient, |m, g| m.mul_scalar(beta) + g);
                descend(&mut self.parameters, self.first.clone(), rate);
            }
            Optimizer::Adam { beta1, beta2, epsilon, .. } => {
                let corrections = adam_corrections(self.updates, beta1, beta2);
                let (beta1, beta2) = (beta1 as f32, beta2 as f32);
                fill(&mut self.first, &gradient);
                fill(&mut self.second, &gradient);
                change(&mut self.first, &gradient, |m, g| m.mul_scalar(beta1) + g.mul_scalar(1.0 - beta1));
                change(&mut self.second, &gradient, |v, g| {
                    v.mul_scalar(beta2) + g.square().mul_scalar(1.0 - beta2)
                });
                let direction = |(m, v): (&Tensor<2>, &Tensor<2>)| {
                    let root = v.clone().mul_scalar(corrections[1]).sqrt();
                    m.clone().mul_scalar(corrections[0]) / root.add_scalar(epsilon as f32)
                };
                let directions = self.first.iter().zip(&self.second).map(direction).collect();
                descend(&mut self.parameters, directions, rate);
            }
        }
    }
}

/// θ − η · direction.
fn descend(parameters: &mut [Tensor<2>], directions: Vec<Tensor<2>>, rate: f32) {
    change(parameters, &directions, |p, d| p - d.mul_scalar(rate));
}

/// Replaces each matrix by a function of itself and its partner.
fn change(state: &mut [Tensor<2>], partners: &[Tensor<2>], map: impl Fn(Tensor<2>, Tensor<2>) -> Tensor<2>) {
    for (matrix, partner) in state.iter_mut().zip(partners) {
        *matrix = map(matrix.clone(), partner.clone());
    }
}

/// Zeros where there is no moment yet.
fn fill(moment: &mut Vec<Tensor<2>>, like: &[Tensor<2>]) {
    if moment.is_empty() {
        moment.extend(like.iter().map(Tensor::zeros_like));
    }
}

/// 1/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ) after t updates.
fn adam_corrections(updates: u64, beta1: f64, beta2: f64) -> [f32; 2] {
    [beta1, beta2].map(|beta| (1.0 / (1.0 - beta.powf(updates as f64))) as f32)
}
