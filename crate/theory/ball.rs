//! Random networks in a ball: what Theorem 2.2 says of all of them, looked at for many.
//!
//! Identity layers: A_i = τ ((1 − w) G_i / ‖G_i‖₂ − w I) with Gaussian G_i and one w uniform in [0, 1] for the
//! network, so that |||A||| ≤ τ and some points come near A_i = −τ I, where the bound is attained for Σ = I.
//! Standard layers: W_i = τ u G_i / ‖G_i‖₂ with u uniform in [0, 1], the ball of the same radius round W = 0,
//! where the gradient vanishes.

use crate::data::matrix::{gaussian, to_flat};
use crate::experiment::Parametrization;
use crate::network::linear::LinearObjective;
use crate::network::objective::{Objective, dot};
use crate::network::spectrum::largest;
use crate::rng::{Random, Stream};
use nalgebra::DMatrix;

/// A network of the ball, by its number: the same number is the same network.
pub fn point(
    parametrization: Parametrization,
    (width, layers): (usize, usize),
    tau: f64,
    seed: u32,
    number: u32,
) -> Vec<f32> {
    // A seed of its own for each network; the multiplier spreads neighbouring numbers.
    let mut random = Random::new(seed.wrapping_add(number.wrapping_mul(0x9e37_79b9)), Stream::Ball);
    let weight = random.uniform();
    let identity = DMatrix::<f64>::identity(width, width);
    let mut flat = Vec::with_capacity(width * width * layers);
    for _ in 0..layers {
        let drawn = gaussian(width, width, &mut random);
        let unit = &drawn / largest(&drawn).max(f64::MIN_POSITIVE);
        let layer = match parametrization {
            Parametrization::Identity => (unit * (1.0 - weight) - &identity * weight) * tau,
            Parametrization::Standard => unit * (tau * weight),
        };
        flat.extend(to_flat(&layer));
    }
    flat
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
    use crate::data::problem::Problem;
    use crate::experiment::{Data, Experiment, Network};
    use crate::network::linear::{certificate, largest_residual_norm, layer_maps};

    /// The bound holds at every point, is nearly attained at some, and the standard ball has no such bound.
    #[test]
    fn points_lie_in_the_ball_and_above_the_bound() {
        let (shape, tau) = ((3, 5), 0.3);
        let problem = Problem::new(&Experiment {
            network: Network::Linear { width: shape.0, layers: shape.1 },
            data: Data::Population { covariance: 1.0, noise: 0.0 },
            ..Experiment::default()
        });
        let [identity, standard] =
            [Parametrization::Identity, Parametrization::Standard].map(|p| LinearObjective::new(&problem, p));
        let bound = |excess| certificate(shape.1, tau, 1.0, excess);
        let (mut tightest, mut lowest) = (f64::INFINITY, f64::INFINITY);
        for number in 0..500 {
            let there = point(Parametrization::Identity, shape, tau, 1, number);
            let maps = layer_maps(Parametrization::Identity, &there, shape.0);
            assert!(largest_residual_norm(&maps) <= tau * (1.0 + 1e-6));
            let [excess, gradient] = look(&identity, &there);
            tightest = tightest.min(gradient / bound(excess));
            let there = point(Parametrization::Standard, shape, tau, 1, number);
            let [excess, gradient] = look(&standard, &there);
            lowest = lowest.min(gradient / bound(excess));
        }
        assert!((1.0..1.5).contains(&tightest), "{tightest}");
        assert!(lowest < 1e-4, "{lowest}");
        assert_eq!(
            point(Parametrization::Identity, shape, tau, 1, 7),
            point(Parametrization::Identity, shape, tau, 1, 7)
        );
    }
}
