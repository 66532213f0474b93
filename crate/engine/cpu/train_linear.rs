//! Training of one linear network: the CPU twin of `shaders/train_linear.wgsl`.
//!
//! Forward F_j = W_j F_{j−1} from F_0 = S; B_ℓ = 2 (F_ℓ − M); backward ∇_j = B_j F_{j−1}ᵀ and
//! B_{j−1} = W_jᵀ B_j: three d × d products a layer. With the identity parametrization
//! W_j F = F + A_j F, so that digits of a small A are never added to a 1.

use std::ops::Range;

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
    /// Of one layer.
    gradient: Vec<f32>,
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
            gradient: vec![0.0; size],
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
        self.remember(&rule.optimizer);
        for step in 0..=steps {
            let excess = self.forward();
            // Written so that a NaN counts as diverged.
            let within = excess <= rule.divergence;
            self.diverged |= !within;
            let last = self.diverged || step == steps;
            record.excess.push(excess);
            record.gradient_norm_squared.push(self.backward((!last).then_some(&rule.optimizer)));
            if last {
                break;
            }
        }
        record
    }

    /// As [`Lane::train`], without a record: `visit` hears the step and the excess risk there, first at the
    /// parameters at entry, and says whether to go on. Returns the step at which the member diverged.
    pub fn follow(
        &mut self,
        steps: u32,
        rule: &Rule,
        mut visit: impl FnMut(u32, f32) -> bool,
    ) -> Option<u32> {
        self.remember(&rule.optimizer);
        for step in 0..=steps {
            let excess = self.forward();
            // Written so that a NaN counts as diverged.
            let within = excess <= rule.divergence;
            self.diverged |= !within;
            let goes_on = visit(step, excess);
            if self.diverged {
                return Some(step);
            }
            if !goes_on || step == steps {
                return None;
            }
            self.backward(Some(&rule.optimizer));
        }
        None
    }

    /// Excess risk where the member stands.
    pub fn excess(&mut self) -> f32 {
        self.forward()
    }

    /// ‖∇f‖²_F where the member stands.
    pub fn gradient_norm_squared(&mut self) -> f32 {
        self.forward();
        self.backward(None)
    }

    /// Dimension d.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Makes room for the moments that a rule needs.
    fn remember(&mut self, optimizer: &Optimizer) {
        let n = self.parameters.len();
        if !matches!(optimizer, Optimizer::GradientDescent { .. }) {
            self.first.resize(n, 0.0);
        }
        if matches!(optimizer, Optimizer::Adam { .. }) {
            self.second.resize(n, 0.0);
        }
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

    /// The sweep back; each layer is updated as soon as its gradient is known and its weights were used
    /// for the last time. Returns ‖∇f‖²_F.
    fn backward(&mut self, optimizer: Option<&Optimizer>) -> f32 {
        let side = side(self.width);
        let size = side * side;
        let mut norm_squared = 0.0;
        let rate = optimizer.map(|optimizer| {
            self.updates += 1;
            Rates::new(optimizer, self.updates)
        });
        let last = &self.prefixes[self.layers * size..];
        for ((b, f), m) in self.backward.iter_mut().zip(last).zip(&self.goal) {
            *b = 2.0 * (f - m);
        }
        for at in (0..self.layers).rev().map(|layer| layer * size) {
            transpose(&mut self.transposed, &self.prefixes[at..at + size], side);
            multiply::<false>(&mut self.gradient, None, &self.backward, &self.transposed, side);
            norm_squared += squared_norm(&self.gradient);
            if at > 0 {
                let base = self.parametrization.is_identity().then_some(self.backward.as_slice());
                let weights = &self.parameters[at..at + size];
                multiply::<true>(&mut self.next_backward, base, weights, &self.backward, side);
                std::mem::swap(&mut self.backward, &mut self.next_backward);
            }
            if let Some(rate) = rate {
                self.update(rate, at..at + size);
            }
        }
        norm_squared
    }

    fn update(&mut self, rates: Rates, place: Range<usize>) {
        let parameters = &mut self.parameters[place.clone()];
        let gradient = &self.gradient;
        match rates {
            Rates::Plain { rate } => {
                for (p, g) in parameters.iter_mut().zip(gradient) {
                    *p -= rate * g;
                }
            }
            Rates::Momentum { rate, beta } => {
                for ((p, m), g) in parameters.iter_mut().zip(&mut self.first[place]).zip(gradient) {
                    *m = beta * *m + g;
                    *p -= rate * *m;
                }
            }
            Rates::Adam { rate, beta1, beta2, epsilon, corrections } => {
                let moments = self.first[place.clone()].iter_mut().zip(&mut self.second[place]);
                for ((p, (m, v)), g) in parameters.iter_mut().zip(moments).zip(gradient) {
                    *m = beta1 * *m + (1.0 - beta1) * g;
                    *v = beta2 * *v + (1.0 - beta2) * g * g;
                    *p -= rate * (*m * corrections[0]) / ((*v * corrections[1]).sqrt() + epsilon);
                }
            }
        }
    }
}

/// The numbers of an update rule at one update, in f32.
#[derive(Debug, Clone, Copy)]
enum Rates {
    Plain { rate: f32 },
    Momentum { rate: f32, beta: f32 },
    Adam { rate: f32, beta1: f32, beta2: f32, epsilon: f32, corrections: [f32; 2] },
}

impl Rates {
    fn new(optimizer: &Optimizer, updates: u64) -> Self {
        let rate = optimizer.learning_rate() as f32;
        match *optimizer {
            Optimizer::GradientDescent { .. } => Self::Plain { rate },
            Optimizer::Momentum { momentum, .. } => Self::Momentum { rate, beta: momentum as f32 },
            Optimizer::Adam { beta1, beta2, epsilon, .. } => Self::Adam {
                rate,
                beta1: beta1 as f32,
                beta2: beta2 as f32,
                epsilon: epsilon as f32,
                corrections: adam_corrections(updates, beta1, beta2),
            },
        }
    }
}
