//! What the networks of a task have burn minimize.

use ::burn::tensor::Tensor;

use crate::experiment::Parametrization;
use crate::landscape::plane::Grid;

/// Which of its parameters a network has, and which of them are trained.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// Whether the α of a ReLU network's blocks are trained.
    pub gains: bool,
}

/// A loss of networks of one shape. Parameters and gradients are matrices outside autodiff.
pub trait Objective {
    /// Shapes of the matrices that flat parameters hold, in order.
    fn shapes(&self) -> Vec<[usize; 2]>;

    /// Number of points that a minibatch is taken from.
    fn points(&self) -> usize;

    /// The loss on all that is known, and its gradient.
    fn evaluate(&self, kind: Kind, parameters: &[Tensor<2>]) -> (Tensor<1>, Vec<Tensor<2>>);

    /// The gradient of the mean loss of those points.
    fn batch_gradient(&self, kind: Kind, parameters: &[Tensor<2>], points: &[u32]) -> Vec<Tensor<2>>;

    /// The rows of [`crate::engine::Trainer::landscape`], one for each b of a grid that has points.
    fn landscape(&self, grid: &Grid<'_>) -> Vec<Tensor<1>>;
}

/// Σ x².
pub fn squared_norm(x: Tensor<2>) -> Tensor<1> {
    x.square().sum()
}

/// The rows of those points in a matrix of `width` columns. Copied here: burn's `select` would bring its
/// gathering and scattering of every element type into the browser's module.
pub fn rows(values: &[f32], width: usize, points: &[u32]) -> Vec<f32> {
    let row = |point: &u32| &values[*point as usize * width..][..width];
    points.iter().flat_map(row).copied().collect()
}
