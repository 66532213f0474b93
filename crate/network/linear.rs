//! Linear networks in f64: the reference for every f32 engine.
//!
//! Layer maps W_1 … W_ℓ (d × d, in order of application), product P = W_ℓ … W_1, E = P − R. Between fixed maps the
//! layers are m × m and E = C P B − R, so that ∂f/∂P is 2 Cᵀ E Σ Bᵀ in place of 2 E Σ.
//! Hardt and Ma, *Identity Matters in Deep Learning*, section 2, with eq. 2.5 corrected.

use nalgebra::DMatrix;

use super::objective::{Groups, Objective};
use crate::data::matrix::from_flat;
use crate::data::problem::{FixedMaps, Problem};
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

/// ∂f/∂W_i = 2 (W_ℓ … W_{i+1})ᵀ E Σ (W_{i−1} … W_1)ᵀ for every layer.
pub fn gradient(maps: &[DMatrix<f64>], target: &DMatrix<f64>, sigma: &DMatrix<f64>) -> Vec<DMatrix<f64>> {
    swept_back(maps, |product| (product - target) * sigma * 2.0)
}

/// (W_ℓ … W_{i+1})ᵀ ∂f/∂P (W_{i−1} … W_1)ᵀ for every layer, by one sweep each way; `slope` gives ∂f/∂P at P.
fn swept_back(maps: &[DMatrix<f64>], slope: impl Fn(&DMatrix<f64>) -> DMatrix<f64>) -> Vec<DMatrix<f64>> {
    let width = maps[0].nrows();
    let mut prefixes = vec![DMatrix::identity(width, width)];
    for map in maps {
        let next = map * &prefixes[prefixes.len() - 1];
        prefixes.push(next);
    }
    let mut backward = slope(&prefixes[maps.len()]);
    let mut gradients = vec![DMatrix::zeros(0, 0); maps.len()];
    for i in (0..maps.len()).rev() {
        gradients[i] = &backward * prefixes[i].transpose();
        backward = maps[i].transpose() * backward;
    }
    gradients
}

/// The Hessian of the excess risk times a direction V_1 … V_ℓ: the derivative of [`gradient`] along it.
///
/// With F_j = W_j … W_1 and its derivative F'_j = W_j F'_{j−1} + V_j F_{j−1}, G = ∂f/∂P carried back by
/// W_jᵀ and G' = W_jᵀ G' + V_jᵀ G, layer i gets G' F_{i−1}ᵀ + G F'_{i−1}ᵀ. `slope` gives ∂f/∂P at P, and
/// `slope_along` its derivative where P changes by a matrix.
fn swept_twice(
    maps: &[DMatrix<f64>],
    slope: impl Fn(&DMatrix<f64>) -> DMatrix<f64>,
    slope_along: impl Fn(&DMatrix<f64>) -> DMatrix<f64>,
    direction: &[DMatrix<f64>],
) -> Vec<DMatrix<f64>> {
    let width = maps[0].nrows();
    let mut prefixes = vec![(DMatrix::identity(width, width), DMatrix::zeros(width, width))];
    for (map, along) in maps.iter().zip(direction) {
        let (value, derivative) = &prefixes[prefixes.len() - 1];
        let next = (map * value, map * derivative + along * value);
        prefixes.push(next);
    }
    let (last, derivative) = &prefixes[maps.len()];
    let mut backward = slope(last);
    let mut change = slope_along(derivative);
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
    fixed: Option<FixedMaps>,
    width: usize,
    layers: usize,
}

impl LinearObjective {
    /// The objective of a problem for one meaning of the parameters.
    pub fn new(problem: &Problem, parametrization: Parametrization) -> Self {
        Self {
            parametrization,
            target: problem.optimum.clone(),
            sigma: problem.covariance.clone(),
            fixed: problem.fixed.clone(),
            width: problem.width,
            layers: problem.layers,
        }
    }

    fn maps(&self, parameters: &[f64]) -> Vec<DMatrix<f64>> {
        layer_maps(self.parametrization, parameters, self.width)
    }

    /// E at a product P.
    fn error(&self, product: &DMatrix<f64>) -> DMatrix<f64> {
        through(self.fixed.as_ref(), product) - &self.target
    }

    /// ∂f/∂P at an error E; linear in E.
    fn slope(&self, error: &DMatrix<f64>) -> DMatrix<f64> {
        let slope = error * &self.sigma * 2.0;
        match &self.fixed {
            Some(FixedMaps { into, out }) => out.transpose() * slope * into.transpose(),
            None => slope,
        }
    }
}

/// The map of a whole network whose layers have the product P: C P B, or P without fixed maps.
pub fn through(fixed: Option<&FixedMaps>, product: &DMatrix<f64>) -> DMatrix<f64> {
    match fixed {
        Some(FixedMaps { into, out }) => out * product * into,
        None => product.clone(),
    }
}

impl LinearObjective {
    /// Rank of the product P: singular values below 1e-6 of the target's largest count as zero. A critical
    /// point is a global minimum exactly where it is full (Yun, Sra and Jadbabaie 2018).
    pub fn product_rank(&self, parameters: &[f64]) -> usize {
        let product = product(&self.maps(parameters), self.width);
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
        self.layers * self.width * self.width
    }

    fn groups(&self) -> Groups {
        let (d, n) = (self.width, self.count());
        let ranges = |length: usize| (0..n).step_by(length).map(|at| at..at + length).collect();
        Groups { filters: ranges(d), layers: ranges(d * d) }
    }

    fn value(&self, parameters: &[f64]) -> f64 {
        let error = self.error(&product(&self.maps(parameters), self.width));
        (&error * &self.sigma).dot(&error)
    }

    fn gradient(&self, parameters: &[f64]) -> Vec<f64> {
        flat(&swept_back(&self.maps(parameters), |product| self.slope(&self.error(product))))
    }

    fn hessian_vector(&self, parameters: &[f64], direction: &[f64]) -> Vec<f64> {
        let along = layer_maps(Parametrization::Standard, direction, self.width);
        flat(&swept_twice(
            &self.maps(parameters),
            |product| self.slope(&self.error(product)),
            |change| self.slope(&through(self.fixed.as_ref(), change)),
            &along,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::matrix::gaussian;
    use crate::experiment::{Data, Experiment, Network, Target};
    use crate::network::objective::{dot, norm};
    use crate::rng::{Random, Stream};

    /// Between fixed maps: the value is that of the whole map C P B, the gradient is its difference quotient, and
    /// the Hessian that of the gradient.
    #[test]
    fn fixed_maps_enter_the_value_and_both_derivatives() {
        let experiment = Experiment {
            network: Network::Linear { width: 3, layers: 4, hidden: Some(5) },
            target: Target::NegativeDeterminant { condition: 3.0 },
            data: Data::Population { covariance: 4.0, noise: 0.0 },
            ..Experiment::default()
        };
        let problem = Problem::new(&experiment);
        let FixedMaps { into, out } = problem.fixed.as_ref().unwrap();
        assert_eq!((into.shape(), out.shape()), ((5, 3), (3, 5)));
        let mut random = Random::new(8, Stream::Start);
        for parametrization in [Parametrization::Identity, Parametrization::Standard] {
            let objective = LinearObjective::new(&problem, parametrization);
            let mut draw = |scale: f64| -> Vec<f64> {
                gaussian(1, objective.count(), &mut random).iter().map(|x| scale * x).collect()
            };
            let (point, along) = (draw(0.4), draw(1.0));
            let maps = layer_maps(parametrization, &point, 5);
            let whole = out * maps.iter().rev().fold(DMatrix::identity(5, 5), |left, map| left * map) * into;
            let wanted = excess(&[whole], &problem.optimum, &problem.covariance);
            assert!((objective.value(&point) / wanted - 1.0).abs() < 1e-12);
            let step = 1e-5;
            let moved = |factor: f64| -> Vec<f64> {
                point.iter().zip(&along).map(|(x, v)| x + factor * step * v).collect()
            };
            let slope = (objective.value(&moved(1.0)) - objective.value(&moved(-1.0))) / (2.0 * step);
            let found = dot(&objective.gradient(&point), &along);
            assert!((found / slope - 1.0).abs() < 1e-6, "{found} {slope}");
            let product = objective.hessian_vector(&point, &along);
            let [ahead, behind] = [1.0, -1.0].map(|factor| objective.gradient(&moved(factor)));
            let apart: Vec<f64> = ahead
                .iter()
                .zip(&behind)
                .zip(&product)
                .map(|((x, y), wanted)| (x - y) / (2.0 * step) - wanted)
                .collect();
            assert!(norm(&apart) < 1e-6 * norm(&product), "{}", norm(&apart) / norm(&product));
        }
    }
}
