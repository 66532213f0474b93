//! Training of one linear network: the CPU twin of `shaders/train_linear.wgsl`.
//!
//! Forward F_j = W_j F_{j−1} from F_0 = S; B_ℓ = 2 (F_ℓ − M); backward ∇_j = B_j F_{j−1}ᵀ and
//! B_{j−1} = W_jᵀ B_j: three d × d products a layer. With the identity parametrization
//! W_j F = F + A_j F, so that digits of a small A are never added to a 1. Between fixed maps F_0 is B S, the
//! chain has C F_ℓ behind F_ℓ, and B_ℓ = 2 Cᵀ (C F_ℓ − M).

use std::ops::Range;

use identity_lab_kernels::{multiply, multiply_transposed, side, squared_distance, squared_norm, transpose};

use crate::data::problem::Problem;
use crate::engine::padded::{Ends, pad, unpad};
use crate::engine::update::{Rates, remember};
use crate::engine::{Member, Record, Rule};
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
    /// C, between fixed maps.
    output: Option<Vec<f32>>,
    /// F_0 … F_ℓ and, between fixed maps, C F_ℓ.
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
        let Ends { input: mut prefixes, goal, output } = Ends::new(problem, side);
        prefixes.resize((problem.layers + 1 + usize::from(output.is_some())) * size, 0.0);
        Self {
            width,
            layers: problem.layers,
            parametrization: member.parametrization,
            parameters: padded(&member.parameters),
            first: padded(&member.first),
            second: padded(&member.second),
            updates: member.updates,
            diverged: member.diverged,
            goal,
            output,
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
            gains: false,
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
        remember(&rule.optimizer, self.parameters.len(), &mut self.first, &mut self.second);
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
        remember(&rule.optimizer, self.parameters.len(), &mut self.first, &mut self.second);
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

    fn forward(&mut self) -> f32 {
        let side = side(self.width);
        let size = side * side;
        for layer in 0..self.layers {
            let (done, rest) = self.prefixes.split_at_mut((layer + 1) * size);
            let previous = &done[layer * size..];
            let base = self.parametrization.is_identity().then_some(previous);
            let weights = &self.parameters[layer * size..][..size];
            multiply(&mut rest[..size], base, weights, previous, side);
        }
        if let Some(output) = &self.output {
            let (done, end) = self.prefixes.split_at_mut((self.layers + 1) * size);
            multiply(end, None, output, &done[self.layers * size..], side);
        }
        squared_distance(&self.prefixes[self.prefixes.len() - size..], &self.goal)
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
        let last = &self.prefixes[self.prefixes.len() - size..];
        for ((b, f), m) in self.backward.iter_mut().zip(last).zip(&self.goal) {
            *b = 2.0 * (f - m);
        }
        if let Some(output) = &self.output {
            multiply_transposed(&mut self.next_backward, None, output, &self.backward, side);
            std::mem::swap(&mut self.backward, &mut self.next_backward);
        }
        for at in (0..self.layers).rev().map(|layer| layer * size) {
            transpose(&mut self.transposed, &self.prefixes[at..at + size], side, side);
            multiply(&mut self.gradient, None, &self.backward, &self.transposed, side);
            norm_squared += squared_norm(&self.gradient);
            if at > 0 {
                let base = self.parametrization.is_identity().then_some(self.backward.as_slice());
                let weights = &self.parameters[at..at + size];
                multiply_transposed(&mut self.next_backward, base, weights, &self.backward, side);
                std::mem::swap(&mut self.backward, &mut self.next_backward);
            }
            if let Some(rate) = rate {
                self.update(rate, at..at + size);
            }
        }
        norm_squared
    }

    fn update(&mut self, rates: Rates, place: Range<usize>) {
        // Moments that the rule does not have are empty.
        let part = |moment: &Range<usize>, all: usize| if all == 0 { 0..0 } else { moment.clone() };
        let (first, second) = (part(&place, self.first.len()), part(&place, self.second.len()));
        rates.update(
            &mut self.parameters[place],
            &mut self.first[first],
            &mut self.second[second],
            &self.gradient,
        );
    }
}
