//! Training of one linear network: the CPU twin of `shaders/train_linear.wgsl`.
//!
//! Forward F_j = W_j F_{j−1} from F_0 = S; B_ℓ = 2 (F_ℓ − M); backward ∇_j = B_j F_{j−1}ᵀ and
//! B_{j−1} = W_jᵀ B_j: three d × d products a layer. With the identity parametrization
//! W_j F = F + A_j F, so that digits of a small A are never added to a 1.

use super::kernels::{multiply, side, squared_distance, squared_norm, transpose};
use crate::data::problem::Problem;
use crate::engine::padded::{pad, unpad};
use crate::engine::{Member, Record, Rule, adam_corrections};
use crate::experiment::{Optimizer, Parametrization};

/// One member and its scratch memory.
#[derive(Debug, Clone)]
pub struct Lane {
    width: usize,
    layers: usize,
    parametrization: Parametrization,
    parameters: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    updates: u64,
    diverged: bool,
    goal: Vec<f32>,
    /// F_0 … F_ℓ.
    prefixes: Vec<f32>,
    gradients: Vec<f32>,
    backward: Vec<f32>,
    next_backward: Vec<f32>,
    transposed: Vec<f32>,
}

impl Lane {
    /// A member ready to train.
    pub fn new(problem: &Problem, member: Member) -> Self {
        let width = problem.width;
        let side = side(width);
        let size = side * side;
        let padded = |flat: &[f32]| pad(flat, width, side);
        let mut prefixes = padded(&problem.input);
        prefixes.resize((problem.layers + 1) * size, 0.0);
        Self {
            width,
            layers: problem.layers,
            parametrization: member.parametrization,
            parameters: padded(&member.parameters),
            first: padded(&member.first),
            second: padded(&member.second),
            updates: member.updates,
            diverged: member.diverged,
            goal: padded(&problem.goal),
            prefixes,
            gradients: vec![0.0; problem.layers * size],
            backward: vec![0.0; size],
            next_backward: vec![0.0; size],
            transposed: vec![0.0; size],
        }
    }

    /// The member as it now is.
    pub fn member(&self) -> Member {
        let flat = |padded: &[f32]| unpad(padded, self.width, side(self.width));
        Member {
            parametrization: self.parametrization,
            parameters: flat(&self.parameters),
            first: flat(&self.first),
            second: flat(&self.second),
            updates: self.updates,
            diverged: self.diverged,
        }
    }

    /// See [`crate::engine::Trainer::train`].
    pub fn train(&mut self, steps: u32, rule: &Rule) -> Record {
        let mut record = Record::default();
        for step in 0..=steps {
            let excess = self.forward();
            self.backward();
            record.excess.push(excess);
            record.gradient_norm_squared.push(squared_norm(&self.gradients));
            // Written so that a NaN counts as diverged.
            let within = excess <= rule.divergence;
            self.diverged |= !within;
            if self.diverged || step == steps {
                break;
            }
            self.update(&rule.optimizer);
        }
        record
    }

    fn forward(&mut self) -> f32 {
        let side = side(self.width);
        let size = side * side;
        for layer in 0..self.layers {
            let (done, rest) = self.prefixes.split_at_mut((layer + 1) * size);
            let previous = &done[layer * size..];
            let base = self.parametrization.is_identity().then_some(previous);
            let weights = &self.parameters[layer * size..][..size];
            multiply::<false>(&mut rest[..size], base, weights, previous, side);
        }
        squared_distance(&self.prefixes[self.layers * size..], &self.goal)
    }

    fn backward(&mut self) {
        let side = side(self.width);
        let size = side * side;
        let last = &self.prefixes[self.layers * size..];
        for ((b, f), m) in self.backward.iter_mut().zip(last).zip(&self.goal) {
            *b = 2.0 * (f - m);
        }
        for layer in (0..self.layers).rev() {
            let at = layer * size;
            transpose(&mut self.transposed, &self.prefixes[at..at + size], side);
            let gradient = &mut self.gradients[at..at + size];
            multiply::<false>(gradient, None, &self.backward, &self.transposed, side);
            if layer > 0 {
                let base = self.parametrization.is_identity().then_some(self.backward.as_slice());
                let weights = &self.parameters[at..at + size];
                multiply::<true>(&mut self.next_backward, base, weights, &self.backward, side);
                std::mem::swap(&mut self.backward, &mut self.next_backward);
            }
        }
    }

    fn update(&mut self, optimizer: &Optimizer) {
        self.updates += 1;
        let n = self.parameters.len();
        match *optimizer {
            Optimizer::GradientDescent { learning_rate } => {
                let rate = learning_rate as f32;
                for (p, g) in self.parameters.iter_mut().zip(&self.gradients) {
                    *p -= rate * g;
                }
            }
            Optimizer::Momentum { learning_rate, momentum } => {
                let (rate, beta) = (learning_rate as f32, momentum as f32);
                self.first.resize(n, 0.0);
                for ((p, m), g) in self.parameters.iter_mut().zip(&mut self.first).zip(&self.gradients) {
                    *m = beta * *m + g;
                    *p -= rate * *m;
                }
            }
            Optimizer::Adam { learning_rate, beta1, beta2, epsilon } => {
                self.first.resize(n, 0.0);
                self.second.resize(n, 0.0);
                let corrections = adam_corrections(self.updates, beta1, beta2);
                let rate = learning_rate as f32;
                let (beta1, beta2, epsilon) = (beta1 as f32, beta2 as f32, epsilon as f32);
                let moments = self.first.iter_mut().zip(&mut self.second);
                for ((p, (m, v)), g) in self.parameters.iter_mut().zip(moments).zip(&self.gradients) {
                    *m = beta1 * *m + (1.0 - beta1) * g;
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    *p -= rate * (*m * corrections[0]) / ((*v * corrections[1]).sqrt() + epsilon);
                }
            }
        }
    }
}
