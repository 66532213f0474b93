//! The nearest critical point: descent on ‖∇f‖² from anywhere, and what kind of point it ends at.
//!
//! Levenberg–Marquardt steps on ∇f = 0: each solves (H² + μ I) d = −H ∇f by conjugate gradients, with products
//! H v only. Unlike descent on f it is drawn to saddles as much as to minima.

use super::curvature::spectrum;
use crate::network::objective::{Objective, add_scaled, dot, norm};

/// Where the descent ended.
#[derive(Debug, Clone, PartialEq)]
pub struct CriticalPoint {
    /// θ.
    pub parameters: Vec<f64>,
    /// f(θ).
    pub value: f64,
    /// ‖∇f(θ)‖ where the descent began.
    pub first_gradient_norm: f64,
    /// ‖∇f(θ)‖.
    pub gradient_norm: f64,
    /// Whether the gradient became as small as rounding lets it be told from zero.
    pub converged: bool,
    /// Distance from where the descent began.
    pub distance: f64,
    /// Least eigenvalue of the Hessian.
    pub least: f64,
    /// Largest eigenvalue of the Hessian.
    pub largest: f64,
    /// Number of negative eigenvalues, where the whole Hessian was made.
    pub index: Option<usize>,
}

/// ‖∇f‖ below which a point counts as critical, relative to the gradient where the descent began plus 1.
const SMALL: f64 = 1e-9;
/// Curvature below this part of the largest in size counts as zero: what rounding leaves of a flat direction.
const FLAT: f64 = 1e-6;

/// Descends with at most about that many products with the Hessian.
pub fn nearest_critical_point(
    objective: &dyn Objective,
    start: &[f64],
    products: usize,
    seed: u32,
) -> CriticalPoint {
    let mut parameters = start.to_vec();
    let mut gradient = objective.gradient(&parameters);
    let first = norm(&gradient);
    let small = SMALL * (1.0 + first);
    let mut left = products;
    let mut damping =
        1e-3 * norm(&objective.hessian_vector(&parameters, &gradient)) / first.max(f64::MIN_POSITIVE);
    while norm(&gradient) > small && left > 0 {
        let (step, used) = damped_step(objective, &parameters, &gradient, damping * damping, left.min(400));
        left = left.saturating_sub(used + 1);
        let mut tried = parameters.clone();
        add_scaled(&mut tried, 1.0, &step);
        let there = objective.gradient(&tried);
        if norm(&there) < norm(&gradient) {
            (parameters, gradient) = (tried, there);
            damping *= 0.3;
        } else {
            damping = (damping * 4.0).max(1e-12);
            if norm(&step) <= 1e-14 * (1.0 + norm(&parameters)) {
                break;
            }
        }
    }
    let spectrum = spectrum(objective, &parameters, 1, 96, seed);
    let values = spectrum.pairs.iter().map(|pair| pair.value);
    let (least, largest) =
        values.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    let zero = FLAT * least.abs().max(largest.abs());
    let offset: Vec<f64> = parameters.iter().zip(start).map(|(x, y)| x - y).collect();
    CriticalPoint {
        value: objective.value(&parameters),
        first_gradient_norm: first,
        gradient_norm: norm(&gradient),
        converged: norm(&gradient) <= small,
        distance: norm(&offset),
        least,
        largest,
        index: spectrum.exact.then(|| values.filter(|value| *value < -zero).count()),
        parameters,
    }
}

/// d with (H² + μ) d = −H g, and the products it took.
fn damped_step(
    objective: &dyn Objective,
    parameters: &[f64],
    gradient: &[f64],
    mu: f64,
    products: usize,
) -> (Vec<f64>, usize) {
    let apply = |x: &[f64]| objective.hessian_vector(parameters, x);
    let mut step = vec![0.0; gradient.len()];
    let mut residual: Vec<f64> = apply(gradient).iter().map(|x| -x).collect();
    let mut direction = residual.clone();
    let mut square = dot(&residual, &residual);
    let enough = 1e-16 * square;
    let mut used = 1;
    while square > enough && used + 2 <= products {
        let image = apply(&direction);
        let mut operator = apply(&image);
        used += 2;
        add_scaled(&mut operator, mu, &direction);
        let along = dot(&direction, &operator);
        if along <= 0.0 {
            break;
        }
        let alpha = square / along;
        add_scaled(&mut step, alpha, &direction);
        add_scaled(&mut residual, -alpha, &operator);
        let next = dot(&residual, &residual);
        let beta = next / square;
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + beta * *d);
        square = next;
    }
    (step, used)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::problem::Problem;
    use crate::experiment::{Data, Experiment, Network, Parametrization, Target};
    use crate::network::linear::LinearObjective;
    use crate::rng::{Random, Stream};

    fn objective(layers: usize, parametrization: Parametrization, target: Target) -> LinearObjective {
        let problem = Problem::new(&Experiment {
            network: Network::linear(2, layers),
            target,
            data: Data::Population { covariance: 1.0, noise: 0.0 },
            ..Experiment::default()
        });
        LinearObjective::new(&problem, parametrization)
    }

    fn near(point: &[f64], size: f64) -> Vec<f64> {
        let mut random = Random::new(4, Stream::Start);
        point.iter().map(|x| x + size * random.normal()).collect()
    }

    /// Two layers at zero: a strict saddle, whose curvatures are ±2 σ(R).
    #[test]
    fn finds_the_saddle_at_zero_and_its_index() {
        let target = Target::Diagonal { values: vec![2.0, 0.5] };
        let objective = objective(2, Parametrization::Standard, target);
        let found = nearest_critical_point(&objective, &near(&[0.0; 8], 0.02), 4000, 1);
        assert!(found.converged, "{found:?}");
        assert!(norm(&found.parameters) < 1e-6 && (found.value - 4.25).abs() < 1e-9);
        assert_eq!(found.index, Some(4));
        assert!((found.least + 4.0).abs() < 1e-6 && (found.largest - 4.0).abs() < 1e-6);
    }

    /// From near the identity the nearest critical point is a global minimum: Theorem 2.2 leaves no other.
    #[test]
    fn finds_a_global_minimum_near_the_identity() {
        let objective = objective(6, Parametrization::Identity, Target::Rotation { degrees: 30.0 });
        let found = nearest_critical_point(&objective, &near(&[0.0; 24], 0.01), 4000, 1);
        assert!(found.converged && found.value < 1e-12, "{found:?}");
        assert_eq!(found.index, Some(0));
        assert!(found.distance > 0.01 && found.distance < 1.0);
    }
}
