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

    /// ∇²f(θ) · direction. Networks with a formula use that; this is the central difference
    /// (∇f(θ + ε v) − ∇f(θ − ε v)) / 2ε, whose error ε² + 1e-16/ε is least near ε = 1e-5 (1 + ‖θ‖) / ‖v‖.
    fn hessian_vector(&self, parameters: &[f64], direction: &[f64]) -> Vec<f64> {
        let length = norm(direction);
        if length == 0.0 {
            return vec![0.0; direction.len()];
        }
        let epsilon = 1e-5 * (1.0 + norm(parameters)) / length;
        let gradient_at = |step: f64| {
            let mut moved = parameters.to_vec();
            add_scaled(&mut moved, step, direction);
            self.gradient(&moved)
        };
        let (ahead, behind) = (gradient_at(epsilon), gradient_at(-epsilon));
        ahead.iter().zip(&behind).map(|(x, y)| (x - y) / (2.0 * epsilon)).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::problem::Problem;
    use crate::experiment::{Experiment, Parametrization};
    use crate::network::linear::LinearObjective;
    use crate::rng::{Random, Stream};

    /// A network whose second derivative has no formula.
    struct WithoutFormula(LinearObjective);

    impl Objective for WithoutFormula {
        fn count(&self) -> usize {
            self.0.count()
        }
        fn groups(&self) -> Groups {
            self.0.groups()
        }
        fn value(&self, parameters: &[f64]) -> f64 {
            self.0.value(parameters)
        }
        fn gradient(&self, parameters: &[f64]) -> Vec<f64> {
            self.0.gradient(parameters)
        }
    }

    #[test]
    fn differences_of_gradients_agree_with_the_formula() {
        let problem = Problem::new(&Experiment::default());
        let exact = LinearObjective::new(&problem, Parametrization::Identity);
        let differences = WithoutFormula(exact.clone());
        let mut random = Random::new(5, Stream::Start);
        for size in [0.01, 1.0, 30.0] {
            let point: Vec<f64> = (0..exact.count()).map(|_| 0.05 * random.normal()).collect();
            let direction: Vec<f64> = (0..exact.count()).map(|_| size * random.normal()).collect();
            let [found, wanted] = [&differences as &dyn Objective, &exact]
                .map(|objective| objective.hessian_vector(&point, &direction));
            let error: Vec<f64> = found.iter().zip(&wanted).map(|(x, y)| x - y).collect();
            assert!(norm(&error) < 1e-6 * norm(&wanted), "{size}: {}", norm(&error) / norm(&wanted));
        }
        assert_eq!(differences.hessian_vector(&[0.1; 1024], &[0.0; 1024]), [0.0; 1024]);
    }
}
