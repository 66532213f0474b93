//! The update rules on flat f32 numbers, shared by the hand-written loops.

use identity_lab_kernels::{adam, descend, momentum};

use super::adam_corrections;
use crate::experiment::Optimizer;

/// The numbers of an update rule at one update, in f32.
#[derive(Debug, Clone, Copy)]
pub enum Rates {
    /// θ ← θ − η g.
    Plain {
        /// η.
        rate: f32,
    },
    /// m ← β m + g, θ ← θ − η m.
    Momentum {
        /// η.
        rate: f32,
        /// β.
        beta: f32,
    },
    /// Adam.
    Adam {
        /// η.
        rate: f32,
        /// β₁.
        beta1: f32,
        /// β₂.
        beta2: f32,
        /// ε.
        epsilon: f32,
        /// 1/(1 − β₁ᵗ) and 1/(1 − β₂ᵗ).
        corrections: [f32; 2],
    },
}

impl Rates {
    /// The numbers of the update that makes `updates` of them.
    pub fn new(optimizer: &Optimizer, updates: u64) -> Self {
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

    /// One update of parameters and of the moments that the rule has.
    pub fn update(self, parameters: &mut [f32], first: &mut [f32], second: &mut [f32], gradient: &[f32]) {
        match self {
            Self::Plain { rate } => descend(parameters, gradient, rate),
            Self::Momentum { rate, beta } => momentum(parameters, first, gradient, rate, beta),
            Self::Adam { rate, beta1, beta2, epsilon, corrections } => {
                adam(parameters, first, second, gradient, [rate, beta1, beta2, epsilon], corrections);
            }
        }
    }
}

/// Makes room for the moments that a rule needs.
pub fn remember(optimizer: &Optimizer, count: usize, first: &mut Vec<f32>, second: &mut Vec<f32>) {
    if !matches!(optimizer, Optimizer::GradientDescent { .. }) {
        first.resize(count, 0.0);
    }
    if matches!(optimizer, Optimizer::Adam { .. }) {
        second.resize(count, 0.0);
    }
}
