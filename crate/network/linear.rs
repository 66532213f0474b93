//! Linear networks in f64: the reference for every f32 engine.
//!
//! Layer maps W_1 … W_ℓ (d × d, in order of application), product P = W_ℓ … W_1, E = P − R.
//! Hardt and Ma, *Identity Matters in Deep Learning*, section 2, with eq. 2.5 and Theorem 2.2 corrected.

use nalgebra::DMatrix;

use crate::data::matrix::from_flat;
use crate::experiment::Parametrization;

/// The layer maps of flat parameters: A_j + I or W_j.
pub fn layer_maps(parametrization: Parametrization, parameters: &[f32], width: usize) -> Vec<DMatrix<f64>> {
    parameters
        .chunks_exact(width * width)
        .map(|layer| {
            let mut map = from_flat(layer, width, width);
            if parametrization.is_identity() {
                (0..width).for_each(|i| map[(i, i)] += 1.0);
            }
            map
        })
        .collect()
}

/// P = W_ℓ … W_1.
pub fn product(maps: &[DMatrix<f64>], width: usize) -> DMatrix<f64> {
    maps.iter().fold(DMatrix::identity(width, width), |product, map| map * product)
}

/// Excess risk tr(E Σ Eᵀ).
pub fn excess(maps: &[DMatrix<f64>], target: &DMatrix<f64>, sigma: &DMatrix<f64>) -> f64 {
    let e = product(maps, target.nrows()) - target;
    (&e * sigma).dot(&e)
}

/// ∂f/∂W_i = 2 (W_ℓ … W_{i+1})ᵀ E Σ (W_{i−1} … W_1)ᵀ for every layer, by one sweep each way.
pub fn gradient(maps: &[DMatrix<f64>], target: &DMatrix<f64>, sigma: &DMatrix<f64>) -> Vec<DMatrix<f64>> {
    let width = target.nrows();
    let mut prefixes = vec![DMatrix::identity(width, width)];
    for map in maps {
        let next = map * &prefixes[prefixes.len() - 1];
        prefixes.push(next);
    }
    let mut backward = (&prefixes[maps.len()] - target) * sigma * 2.0;
    let mut gradients = vec![DMatrix::zeros(0, 0); maps.len()];
    for i in (0..maps.len()).rev() {
        gradients[i] = &backward * prefixes[i].transpose();
        backward = maps[i].transpose() * backward;
    }
    gradients
}

/// Largest spectral norm of W_j − I.
pub fn largest_residual_norm(maps: &[DMatrix<f64>]) -> f64 {
    maps.iter()
        .map(|map| super::spectrum::largest(&(map - DMatrix::identity(map.nrows(), map.nrows()))))
        .fold(0.0, f64::max)
}

/// Theorem 2.2, corrected: 4 ℓ (1−τ)^{2(ℓ−1)} σ_min(Σ) (f − C), a lower bound of ‖∇f‖²_F for τ < 1.
pub fn certificate(layers: usize, tau: f64, smallest_covariance: f64, excess: f64) -> f64 {
    4.0 * layers as f64 * (1.0 - tau).powi(2 * (layers as i32 - 1)) * smallest_covariance * excess
}

/// The sharper bound 4 σ_min(Σ) (f − C) Σ_i Π_{j≠i} σ_min(W_j)².
pub fn certificate_sharp(maps: &[DMatrix<f64>], smallest_covariance: f64, excess: f64) -> f64 {
    let squares: Vec<f64> = maps.iter().map(|map| super::spectrum::smallest(map).powi(2)).collect();
    let sum: f64 = (0..squares.len())
        .map(|i| squares.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, s)| s).product::<f64>())
        .sum();
    4.0 * smallest_covariance * excess * sum
}
