//! What a construction begins with: the map A₀ and the classes' surrogates.

use std::f64::consts::TAU;

use crate::data::matrix::gaussian;
use crate::rng::Random;

/// Draws of the surrogates, of which the best spread is kept …
const DRAWS: usize = 200;
/// … or fewer, where a draw takes long: multiply-adds to be spent on it.
const WORK: usize = 200_000_000;

/// A₀ with independent N(0, 1/k) entries (k × d, row-major): E‖A₀ x‖² = ‖x‖².
pub fn gaussian_map(width: usize, dimension: usize, random: &mut Random) -> Vec<f64> {
    let scale = 1.0 / (width as f64).sqrt();
    (0..width * dimension).map(|_| scale * random.normal()).collect()
}

/// A₀ with orthogonal rows of length √(d/k) where k ≤ d, and Gaussian otherwise.
pub fn projection(width: usize, dimension: usize, random: &mut Random) -> Vec<f64> {
    if width > dimension {
        return gaussian_map(width, dimension, random);
    }
    let scale = (dimension as f64 / width as f64).sqrt();
    let q = gaussian(dimension, width, random).qr().q();
    // Column-major d × k is row-major k × d.
    q.iter().map(|x| scale * x).collect()
}

/// `classes` unit vectors in ℝᵏ (row-major), no two of them near each other: the corners of a polygon for k = 2,
/// otherwise the draw, of some, whose largest inner product is least.
pub fn surrogates(classes: usize, width: usize, random: &mut Random) -> Vec<f64> {
    if width == 2 {
        let turn = random.uniform();
        let angle = |class: usize| TAU * (turn + class as f64 / classes as f64);
        return (0..classes).flat_map(|class| [libm::cos(angle(class)), libm::sin(angle(class))]).collect();
    }
    let draws = (WORK / (classes * classes * width)).clamp(4, DRAWS);
    let mut best = (f64::INFINITY, Vec::new());
    for _ in 0..draws {
        let drawn: Vec<f64> = (0..classes).flat_map(|_| unit(width, random)).collect();
        let largest = largest_product(&drawn, width, best.0);
        if largest < best.0 {
            best = (largest, drawn);
        }
    }
    best.1
}

fn unit(width: usize, random: &mut Random) -> Vec<f64> {
    let drawn: Vec<f64> = (0..width).map(|_| random.normal()).collect();
    let length = product(&drawn, &drawn).sqrt();
    drawn.into_iter().map(|x| x / length).collect()
}

/// The largest inner product of two of the vectors, or anything above `enough` once one is found there.
fn largest_product(vectors: &[f64], width: usize, enough: f64) -> f64 {
    let mut largest = f64::NEG_INFINITY;
    for (index, q) in vectors.chunks_exact(width).enumerate() {
        for other in vectors[..index * width].chunks_exact(width) {
            largest = largest.max(product(q, other));
        }
        if largest > enough {
            break;
        }
    }
    largest
}

/// ⟨x, y⟩, summed from the first number to the last, as the blocks do.
pub fn product(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).fold(0.0, |sum, (x, y)| sum + x * y)
}
