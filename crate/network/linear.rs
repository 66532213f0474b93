//! Linear networks in f64: the reference for every f32 engine.
//!
//! Layer maps W_1 … W_ℓ (d × d, in order of application), product P = W_ℓ … W_1, E = P − R.
//! Hardt and Ma, *Identity Matters in Deep Learning*, section 2, with eq. 2.5 corrected.

use nalgebra::DMatrix;

use super::objective::{Groups, Objective};
use crate::data::matrix::from_flat;
use crate::data::problem::Problem;
use crate::experiment::Parametrization;

/// The layer maps of flat parameters: A_j + I or W_j.
pub fn layer_maps<T: Copy + Into<f64>>(
    parametrization: Parametrization,
    parameters: &[T],
    width: usize,
) -> Vec<DMatrix<f64>> {
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

/// The Hessian of the excess risk times a direction V_1 … V_ℓ: the derivative of [`gradient`] along it.
///
/// With F_j = W_j … W_1 and its derivative F'_j = W_j F'_{j−1} + V_j F_{j−1}, B = 2 E Σ carried back by
/// W_jᵀ and B' = W_jᵀ B' + V_jᵀ B, layer i gets B' F_{i−1}ᵀ + B F'_{i−1}ᵀ.
pub fn hessian_vector(
    maps: &[DMatrix<f64>],
    target: &DMatrix<f64>,
    sigma: &DMatrix<f64>,
    direction: &[DMatrix<f64>],
) -> Vec<DMatrix<f64>> {
    let width = target.nrows();
    let mut prefixes = vec![(DMatrix::identity(width, width), DMatrix::zeros(width, width))];
    for (map, along) in maps.iter().zip(direction) {
        let (value, derivative) = &prefixes[prefixes.len() - 1];
        let next = (map * value, map * derivative + along * value);
        prefixes.push(next);
    }
    let (last, derivative) = &prefixes[maps.len()];
    let mut backward = (last - target) * sigma * 2.0;
    let mut change = derivative * sigma * 2.0;
    let mut products = vec![DMatrix::zeros(0, 0); maps.len()];
    for i in (0..maps.len()).rev() {
        let (value, derivative) = &prefixes[i];
        products[i] = &change * value.transpose() + &backward * derivative.transpose();
        change = maps[i].transpose() * change + direction[i].transpose() * &backward;
        backward = maps[i].transpose() * backward;
    }
    products
}

/// The excess risk of a linear network as a function of its flat parameters.
#[derive(Debug, Clone)]
pub struct LinearObjective {
    parametrization: Parametrization,
    target: DMatrix<f64>,
    sigma: DMatrix<f64>,
    layers: usize,
}

impl LinearObjective {
    /// The objective of a problem for one meaning of the parameters.
    pub fn new(problem: &Problem, parametrization: Parametrization) -> Self {
        Self {
            parametrization,
            target: problem.optimum.clone(),
            sigma: problem.covariance.clone(),
            layers: problem.layers,
        }
    }

    fn width(&self) -> usize {
        self.target.nrows()
    }

    fn maps(&self, parameters: &[f64]) -> Vec<DMatrix<f64>> {
        layer_maps(self.parametrization, parameters, self.width())
    }
}

impl LinearObjective {
    /// Rank of the product P: singular values below 1e-6 of the target's largest count as zero. A critical
    /// point is a global minimum exactly where it is full (Yun, Sra and Jadbabaie 2018).
    pub fn product_rank(&self, parameters: &[f64]) -> usize {
        let product = product(&self.maps(parameters), self.width());
        let zero = 1e-6 * super::spectrum::largest(&self.target);
        super::spectrum::singular_values(&product).into_iter().filter(|value| *value > zero).count()
    }
}

/// Row-major, layer after layer.
fn flat(layers: &[DMatrix<f64>]) -> Vec<f64> {
    layers.iter().flat_map(|layer| layer.transpose().iter().copied().collect::<Vec<_>>()).collect()
}

impl Objective for LinearObjective {
    fn count(&self) -> usize {
        self.layers * self.width() * self.width()
    }

    fn groups(&self) -> Groups {
        let (d, n) = (self.width(), self.count());
        let ranges = |length: usize| (0..n).step_by(length).map(|at| at..at + length).collect();
        Groups { filters: ranges(d), layers: ranges(d * d) }
    }

    fn value(&self, parameters: &[f64]) -> f64 {
        excess(&self.maps(parameters), &self.target, &self.sigma)
    }

    fn gradient(&self, parameters: &[f64]) -> Vec<f64> {
        flat(&gradient(&self.maps(parameters), &self.target, &self.sigma))
    }

    fn hessian_vector(&self, parameters: &[f64], direction: &[f64]) -> Vec<f64> {
        let along = layer_maps(Parametrization::Standard, direction, self.width());
        flat(&hessian_vector(&self.maps(parameters), &self.target, &self.sigma, &along))
    }
}
