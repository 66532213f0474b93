//! Theorem 2.2 along a run: the squared gradient beside its lower bounds at every point kept of a path.

use super::ball::look;
use super::bounds;
use crate::experiment::Parametrization;
use crate::network::linear::{LinearObjective, layer_maps};

/// The theorem at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// ‖∇f‖²_F.
    pub gradient_squared: f64,
    /// f − C.
    pub excess: f64,
    /// τ = max_j ‖W_j − I‖₂.
    pub tau: f64,
    /// 4ℓ(1−τ)^{2(ℓ−1)} σ_min(Σ) (f − C); NaN for τ ≥ 1, of which the theorem says nothing.
    pub bound: f64,
    /// 4 σ_min(Σ) (f − C) Σ_i Π_{j≠i} σ_min(W_j)².
    pub sharp: f64,
    /// 4ℓ(1−τ)^{ℓ−1} σ_min(Σ)² (f − C), as the paper prints it; NaN for τ ≥ 1. It does not always hold.
    pub printed: f64,
}

/// The theorem at parameters of a network of that width.
pub fn certificate_at(
    objective: &LinearObjective,
    parametrization: Parametrization,
    parameters: &[f32],
    width: usize,
    smallest_covariance: f64,
) -> Certificate {
    let [excess, gradient_squared] = look(objective, parameters);
    let maps = layer_maps(parametrization, parameters, width);
    let (layers, tau) = (maps.len(), bounds::tau(&maps));
    let inside = |value: f64| if tau < 1.0 { value } else { f64::NAN };
    Certificate {
        gradient_squared,
        excess,
        tau,
        bound: inside(bounds::gradient(layers, tau, smallest_covariance, excess)),
        sharp: bounds::gradient_sharp(&maps, smallest_covariance, excess),
        printed: inside(bounds::gradient_printed(layers, tau, smallest_covariance, excess)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::problem::Problem;
    use crate::experiment::{Experiment, Network, Start};
    use crate::network::init::start;
    use crate::network::spectrum::smallest;

    #[test]
    fn both_bounds_hold_near_the_identity_and_none_is_claimed_beyond() {
        let (width, layers) = (4, 6);
        let network = Network::linear(width, layers);
        let problem = Problem::new(&Experiment { network, ..Experiment::default() });
        let sigma = smallest(&problem.covariance);
        let at = |kind: Start, parametrization, seed| {
            let parameters = start(&kind, parametrization, width, layers, seed);
            let objective = LinearObjective::new(&problem, parametrization);
            certificate_at(&objective, parametrization, &parameters, width, sigma)
        };
        for seed in 0..40 {
            let found = at(Start::NearIdentity { scale: 1.0 }, Parametrization::Identity, seed);
            assert!(found.tau < 1.0, "{found:?}");
            assert!(found.gradient_squared >= found.sharp && found.sharp >= found.bound * (1.0 - 1e-9));
            assert!(found.bound > 0.0 && found.printed > 0.0);
        }
        let far = at(Start::Xavier { scale: 1.0 }, Parametrization::Standard, 1);
        assert!(far.tau > 1.0 && far.bound.is_nan() && far.printed.is_nan());
        assert!(far.gradient_squared >= far.sharp);
    }
}
