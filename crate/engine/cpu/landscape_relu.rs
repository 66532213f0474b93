//! Loss of ReLU networks over a plane: the CPU twin of `shaders/landscape_relu.wgsl`.

use super::relu::{Chunks, Sweep, Weights};
use crate::data::classification::Classification;
use crate::experiment::Loss;
use crate::landscape::plane::Span;

/// A plane ready to be evaluated, as often and in as many pieces as is wanted.
#[derive(Debug, Clone)]
pub struct ReluSurvey {
    chunks: Chunks,
    loss: Loss,
    weights: Weights,
    sweep: Sweep,
    origin: Vec<f32>,
    u: Vec<f32>,
    v: Vec<f32>,
}

impl ReluSurvey {
    /// Prepares a plane.
    pub fn new(problem: &Classification, plane: Span<'_>) -> Self {
        let [origin, u, v] = [plane.origin, plane.u, plane.v].map(<[f32]>::to_vec);
        Self {
            chunks: Chunks::all(&problem.points),
            loss: problem.loss,
            weights: Weights::new(problem.layout, plane.parametrization.is_identity()),
            sweep: Sweep::new(problem.layout),
            origin,
            u,
            v,
        }
    }

    /// Mean loss at every b and a, index `[ib · a.len() + ia]`.
    pub fn evaluate(&mut self, a: &[f32], b: &[f32]) -> Vec<f32> {
        let mut out = Vec::with_capacity(a.len() * b.len());
        let mut row = self.origin.clone();
        let mut point = self.origin.clone();
        for b in b {
            let base = self.origin.iter().zip(&self.v);
            row.iter_mut().zip(base).for_each(|(row, (origin, v))| *row = origin + b * v);
            for a in a {
                let base = row.iter().zip(&self.u);
                point.iter_mut().zip(base).for_each(|(point, (row, u))| *point = row + a * u);
                self.weights.set(&point);
                out.push(self.sweep.loss(&self.weights, &self.chunks, self.loss));
            }
        }
        out
    }
}
