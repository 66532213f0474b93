//! Random networks in a ball: what Theorem 2.2 says of all of them, looked at for many.
//!
//! Identity layers: A_i = τ ((1 − w) G_i / g_i − w I) with Gaussian G_i, g_i ≥ ‖G_i‖₂ and one w uniform in [0, 1]
//! for the network, so that |||A||| ≤ τ and some points come near A_i = −τ I, where the bound is attained for
//! Σ = I. Where the constructed optimum lies in the ball, every second network is moved towards it, to as little
//! as 10⁻⁶ of the way from it: the ball is convex, and small risks are seen too.
//! Standard layers: W_i = u G_i / g_i with u uniform in [0, 1], a ball round W = 0, where the gradient vanishes.

use nalgebra::DMatrix;

use super::factorization::{Polar, optimum};
use crate::data::matrix::{gaussian, to_flat};
use crate::data::problem::Problem;
use crate::error::{LabError, Result};
use crate::experiment::Parametrization;
use crate::network::linear::LinearObjective;
use crate::network::objective::{Objective, dot};
use crate::network::spectrum::largest;
use crate::rng::{Random, Stream};

/// The ball |||A||| ≤ τ of a problem's networks.
pub struct Ball {
    shape: (usize, usize),
    tau: f64,
    seed: u32,
    /// The constructed optimum, if the ball holds it.
    optimum: Option<Vec<f64>>,
}

impl Ball {
    /// The ball of radius τ, 0 < τ < 1.
    pub fn new(problem: &Problem, tau: f64, seed: u32) -> Result<Self> {
        if !(tau > 0.0 && tau < 1.0) {
            return Err(LabError::field(
                "tau",
                format!("allowed is a number above 0 and below 1; got {tau}"),
            ));
        }
        // Every layer of the construction has the norm of its first one.
        let within = Polar::new(&problem.optimum)
            .is_ok_and(|polar| largest(&polar.first_layer(problem.layers)) <= tau);
        let optimum = within.then(|| optimum(problem, Parametrization::Identity)).transpose()?;
        Ok(Self { shape: (problem.width, problem.layers), tau, seed, optimum })
    }

    /// A network by its number: the same number is the same network.
    pub fn point(&self, parametrization: Parametrization, number: u32) -> Vec<f32> {
        let (width, layers) = self.shape;
        // A seed of its own for each network; the multiplier spreads neighbouring numbers.
        let mut random = Random::new(self.seed.wrapping_add(number.wrapping_mul(0x9e37_79b9)), Stream::Ball);
        let weight = random.uniform();
        let distance = libm::pow(10.0, -6.0 * random.uniform());
        let identity = DMatrix::<f64>::identity(width, width);
        let mut flat = Vec::with_capacity(width * width * layers);
        for _ in 0..layers {
            let drawn = gaussian(width, width, &mut random);
            let unit = &drawn / norm_from_above(&drawn);
            let layer = match parametrization {
                Parametrization::Identity => (unit * (1.0 - weight) - &identity * weight) * self.tau,
                Parametrization::Standard => unit * weight,
            };
            flat.extend(to_flat(&layer));
        }
        if let (Parametrization::Identity, Some(optimum), true) =
            (parametrization, &self.optimum, number % 2 == 1)
        {
            for (x, best) in flat.iter_mut().zip(optimum) {
                *x = (best + distance * (f64::from(*x) - best)) as f32;
            }
        }
        flat
    }
}

/// At least ‖G‖₂, and at most 2 % more for width 64: ‖(GᵀG)^{64}‖_F^{1/128}. Six squarings, where singular values
/// would take most of the time.
fn norm_from_above(matrix: &DMatrix<f64>) -> f64 {
    let mut power = matrix.transpose() * matrix;
    let mut log = 0.0;
    for squarings in 0..6 {
        let size = power.norm().max(f64::MIN_POSITIVE);
        power /= size;
        log += libm::log(size) / f64::from(1 << squarings);
        power = &power * &power;
    }
    log += libm::log(power.norm().max(f64::MIN_POSITIVE)) / 64.0;
    libm::exp(log / 2.0)
}

/// Excess risk and ‖∇f‖² there, in f64.
pub fn look(objective: &LinearObjective, parameters: &[f32]) -> [f64; 2] {
    let parameters: Vec<f64> = parameters.iter().map(|x| f64::from(*x)).collect();
    let gradient = objective.gradient(&parameters);
    [objective.value(&parameters), dot(&gradient, &gradient)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Data, Experiment, Network, Target};
    use crate::network::linear::layer_maps;
    use crate::theory::bounds::{gradient, tau as radius};

    fn problem(target: Target) -> Problem {
        Problem::new(&Experiment {
            network: Network::linear(3, 5),
            data: Data::Population { covariance: 1.0, noise: 0.0 },
            target,
            ..Experiment::default()
        })
    }

    /// The bound holds at every point, is nearly attained at some, and the standard ball has no such bound.
    #[test]
    fn points_lie_in_the_ball_and_above_the_bound() {
        // At τ = 0.7 the ball holds the optimum; at 0.2 it does not.
        for (tau, holds) in [(0.2, false), (0.7, true)] {
            let problem = problem(Target::Rotation { degrees: 120.0 });
            let ball = Ball::new(&problem, tau, 1).unwrap();
            assert_eq!(ball.optimum.is_some(), holds);
            let [identity, standard] = [Parametrization::Identity, Parametrization::Standard]
                .map(|p| LinearObjective::new(&problem, p));
            let bound = |excess| gradient(5, tau, 1.0, excess);
            let (mut tightest, mut lowest, mut least) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
            for number in 0..500 {
                let there = ball.point(Parametrization::Identity, number);
                let maps = layer_maps(Parametrization::Identity, &there, 3);
                assert!(radius(&maps) <= tau * (1.0 + 1e-6));
                let [excess, squared] = look(&identity, &there);
                tightest = tightest.min(squared / bound(excess));
                least = least.min(excess);
                let [excess, squared] = look(&standard, &ball.point(Parametrization::Standard, number));
                lowest = lowest.min(squared / bound(excess));
            }
            assert!((1.0..1.5).contains(&tightest), "{tightest}");
            assert!(lowest < 1e-2, "{lowest}");
            assert_eq!(least < 1e-9, holds, "{least}");
            let again = Ball::new(&problem, tau, 1).unwrap();
            let point = |ball: &Ball| ball.point(Parametrization::Identity, 7);
            assert_eq!(point(&ball), point(&again));
        }
    }

    #[test]
    fn the_norm_is_bounded_closely_from_above() {
        let mut random = Random::new(1, Stream::Ball);
        for width in [1, 2, 8, 64] {
            let matrix = gaussian(width, width, &mut random);
            let ratio = norm_from_above(&matrix) / largest(&matrix);
            assert!((1.0 - 1e-12..1.04).contains(&ratio), "{width}: {ratio}");
        }
    }

    #[test]
    fn a_radius_beyond_the_theorem_is_refused() {
        let problem = problem(Target::NegativeDeterminant { condition: 2.0 });
        assert!(Ball::new(&problem, 0.5, 1).is_ok_and(|ball| ball.optimum.is_none()));
        for tau in [0.0, 1.0, f64::NAN] {
            let error = Ball::new(&problem, tau, 1).err().map(|error| error.to_string());
            assert!(error.is_some_and(|text| text.contains("above 0 and below 1")), "{tau}");
        }
    }
}
