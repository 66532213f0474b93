//! Theorem 3.2: a ReLU residual network with O(n log n + r²) parameters fits any n distinct points with any labels.
//!
//! h₀ = A₀ x; h_j = h_{j−1} + V_j relu(U_j h_{j−1} + s_j) for j = 1 … ⌈n/k⌉; logits Pad(h_ℓ) + V relu(U h_ℓ + s),
//! where Pad cuts off or appends zeros to have r numbers (the paper leaves it out). Each block moves k points to the
//! surrogates of their classes, the last one moves surrogates to one-hot logits; nothing is trained.
//!
//! [`construction`] is the form that fits any distinct points of nonzero length at every k ≥ 2; [`printed`] is the
//! paper's own, with one threshold a block. [`network`] evaluates both, in f64 and in f32, and [`check`] measures.

mod build;
mod check;
mod construction;
mod lanes;
mod network;
mod perturb;
mod plane;
mod printed;
mod start;

pub use build::{Build, Method, Report, classify};
pub use check::{Check, Fit};
pub use construction::Construction;
pub use network::{Network, Shape};
pub use perturb::{MAX_PERTURBATION, perturbed};
pub use plane::principal_axes;
pub use printed::Printed;

use std::collections::HashMap;

use crate::data::points::Points;
use crate::error::{LabError, Result};

/// Least width: points on a line cannot be told apart by their lengths and angles.
pub const MIN_WIDTH: usize = 2;
/// Largest width of the sweeps; a block costs its square for every point.
pub const MAX_WIDTH: usize = 512;

/// ⌈log₂ n⌉, at least 2: the width that makes the parameters O(n log n).
pub fn default_width(points: usize) -> usize {
    (usize::BITS - points.saturating_sub(1).leading_zeros()).max(MIN_WIDTH as u32) as usize
}

/// kd + ⌈n/k⌉ (2k² + k) + rk + r² + r: parameters with biases.
pub fn parameters(points: usize, dimension: usize, classes: usize, width: usize) -> usize {
    let (d, r, k) = (dimension, classes, width);
    k * d + points.div_ceil(k) * (2 * k * k + k) + r * k + r * r + r
}

/// ⌈n/k⌉ + 2: A₀, the blocks and the last block.
pub fn depth(points: usize, width: usize) -> usize {
    points.div_ceil(width) + 2
}

/// The points that a network must tell apart.
struct Distinct {
    /// Each of them once, in their order.
    points: Points,
    /// How many points are equal to it.
    copies: Vec<usize>,
    /// For each point of the original its place in `points`.
    place: Vec<usize>,
}

/// Refuses what no network, or not this construction, can fit.
fn distinct(points: &Points, width: usize) -> Result<Distinct> {
    points.check("points")?;
    if !(MIN_WIDTH..=MAX_WIDTH).contains(&width) {
        let message = format!("allowed is a whole number from {MIN_WIDTH} to {MAX_WIDTH}; got {width}");
        return Err(LabError::field("width", message));
    }
    let (n, r) = (points.len(), points.classes);
    if r > n {
        let message = format!("allowed are as many as there are points, {n}; got {r}");
        return Err(LabError::field("classes", message));
    }
    if let Some((first, second)) = points.contradiction() {
        let message = format!(
            "points {} and {} are equal and have the labels {} and {}: no function fits both",
            first + 1,
            second + 1,
            points.labels[first],
            points.labels[second]
        );
        return Err(LabError::field("points", message));
    }
    if let Some(index) = (0..n).find(|index| points.point(*index).iter().all(|x| *x == 0.0)) {
        let message = format!(
            "point {} is the origin, and the construction tells points apart by their inner products: shift the \
             points, or put them on the sphere",
            index + 1
        );
        return Err(LabError::field("points", message));
    }
    let mut seen: HashMap<Vec<u32>, usize> = HashMap::new();
    let (mut chosen, mut copies, mut place) = (Vec::new(), Vec::new(), Vec::with_capacity(n));
    for index in 0..n {
        // Adding zero makes -0 the same point as 0.
        let key = points.point(index).iter().map(|x| (x + 0.0).to_bits()).collect();
        let at = *seen.entry(key).or_insert(chosen.len());
        if at == chosen.len() {
            chosen.push(index);
            copies.push(0);
        }
        copies[at] += 1;
        place.push(at);
    }
    Ok(Distinct { points: points.select(chosen), copies, place })
}

/// The points (x, 1) / ‖(x, 1)‖: of unit length, as the theorem asks, in one dimension more. Distinct points stay
/// distinct up to rounding, and the origin becomes a point like others.
pub fn on_sphere(points: &Points) -> Points {
    let mut lifted = Points {
        dimension: points.dimension + 1,
        classes: points.classes,
        inputs: Vec::with_capacity(points.inputs.len() + points.len()),
        labels: points.labels.clone(),
    };
    for index in 0..points.len() {
        let x = points.point(index);
        let length = x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() + 1.0;
        let scale = 1.0 / length.sqrt();
        lifted.inputs.extend(x.iter().map(|x| (f64::from(*x) * scale) as f32));
        lifted.inputs.push(scale as f32);
    }
    lifted
}

#[cfg(test)]
mod tests;
