//! What landscape code knows of a network: flat parameters, their groups, and an evaluation in f64.

use std::ops::Range;

/// A function of flat parameters with two derivatives.
pub trait Objective {
    /// Number of parameters.
    fn count(&self) -> usize;

    /// The parameters that belong together, as ranges of the flat layout.
    fn groups(&self) -> Groups;

    /// f(θ).
    fn value(&self, parameters: &[f64]) -> f64;

    /// ∇f(θ).
    fn gradient(&self, parameters: &[f64]) -> Vec<f64>;

    /// ∇²f(θ) · direction.
    fn hessian_vector(&self, parameters: &[f64], direction: &[f64]) -> Vec<f64>;
}

/// The groups that directions are normalized by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The weights into one unit: a row of a linear layer, a filter of a convolution.
    pub filters: Vec<Range<usize>>,
    /// All weights of one layer.
    pub layers: Vec<Range<usize>>,
}

/// Σ x y.
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// ‖x‖.
pub fn norm(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

/// x ← x · factor.
pub fn scale(x: &mut [f64], factor: f64) {
    x.iter_mut().for_each(|x| *x *= factor);
}

/// y ← y + factor · x.
pub fn add_scaled(y: &mut [f64], factor: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += factor * x);
}

/// Takes out of `x` its part along each of the orthonormal `basis`, twice, because once leaves a part of
/// rounding size that grows with every later vector.
pub fn orthogonalize(x: &mut [f64], basis: &[Vec<f64>]) {
    for _ in 0..2 {
        for b in basis {
            let along = dot(x, b);
            add_scaled(x, -along, b);
        }
    }
}

/// Scales `x` to length 1 and returns the length it had; a zero vector stays.
pub fn normalize(x: &mut [f64]) -> f64 {
    let length = norm(x);
    if length > 0.0 {
        scale(x, 1.0 / length);
    }
    length
}
