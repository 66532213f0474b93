//! A constructed network with noise on its parameters: how much of it has to be exactly as it was written down.

use super::network::Network;
use crate::error::{LabError, Result};
use crate::rng::{Random, Stream};

/// Largest relative size of a perturbation.
pub const MAX_PERTURBATION: f64 = 10.0;

/// The network in f32 with M + relative · ‖M‖_F · G/‖G‖_F in place of each matrix or vector M of its parameters, G of
/// independent N(0, 1) entries. One seed draws one G, whatever the size: sizes are places on one ray.
pub fn perturbed(network: &Network<f64>, relative: f64, seed: u32) -> Result<Network<f32>> {
    if !(0.0..=MAX_PERTURBATION).contains(&relative) {
        let message = format!("allowed is a number from 0 to {MAX_PERTURBATION}; got {relative}");
        return Err(LabError::field("perturbation", message));
    }
    let mut random = Random::new(seed, Stream::Perturbation);
    let mut parameters: Vec<f32> = Vec::with_capacity(network.parameters.len());
    for part in network.shape.parts() {
        let matrix = &network.parameters[part];
        let noise: Vec<f64> = matrix.iter().map(|_| random.normal()).collect();
        let scale = relative * norm(matrix) / norm(&noise);
        parameters.extend(matrix.iter().zip(&noise).map(|(x, g)| (x + scale * g) as f32));
    }
    Ok(Network { shape: network.shape, parameters })
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::{Build, Method, Shape};
    use super::*;
    use crate::data::drawn::DrawnPoints;

    fn built() -> Build {
        let drawn = DrawnPoints {
            set: "spirals",
            points: 100.0,
            classes: 2.0,
            dimension: 2.0,
            noise: 0.0,
            seed: 1.0,
        };
        let mut build = Build::new(&drawn.draw().unwrap(), 7, 1, Method::Corrected, false).unwrap();
        while !build.advance(1000) {}
        build
    }

    #[test]
    fn every_part_moves_by_that_share_of_its_norm() {
        let network = built().network().clone();
        let moved = perturbed(&network, 0.25, 3).unwrap();
        for part in network.shape.parts() {
            let [old, new] = [&network.parameters[part.clone()], &single(&moved)[part.clone()]];
            let difference: Vec<f64> = old.iter().zip(new).map(|(x, y)| y - x).collect();
            assert!((norm(&difference) - 0.25 * norm(old)).abs() < 1e-5 * norm(old), "{part:?}");
        }
    }

    fn single(network: &Network<f32>) -> Vec<f64> {
        network.parameters.iter().copied().map(f64::from).collect()
    }

    #[test]
    fn parts_are_all_parameters_once() {
        let shape = Shape { dimension: 3, width: 4, blocks: 2, classes: 5 };
        let ends: Vec<usize> = shape.parts().iter().map(|part| part.end).collect();
        let starts: Vec<usize> = shape.parts().iter().map(|part| part.start).collect();
        assert_eq!(starts[1..], ends[..ends.len() - 1]);
        assert_eq!((starts[0], *ends.last().unwrap()), (0, shape.count()));
    }

    #[test]
    fn no_noise_is_the_network_rounded_and_a_seed_is_a_direction() {
        let network = built().network().clone();
        assert_eq!(perturbed(&network, 0.0, 3).unwrap(), network.rounded());
        let [small, large, other] = [(0.1, 3), (0.2, 3), (0.1, 4)]
            .map(|(size, seed)| single(&perturbed(&network, size, seed).unwrap()));
        let step = |moved: &[f64]| -> Vec<f64> {
            moved.iter().zip(&network.parameters).map(|(x, y)| x - y).collect()
        };
        // Up to the rounding of parameters to f32.
        let doubled = step(&small)
            .iter()
            .zip(step(&large))
            .zip(&large)
            .all(|((x, y), moved)| (2.0 * x - y).abs() < 1e-6 * (1.0 + moved.abs()));
        assert!(doubled && step(&small) != step(&other));
    }

    #[test]
    fn small_noise_leaves_points_fitted_and_large_noise_does_not() {
        let build = built();
        let fitted = |size| build.perturbed(size, 1).unwrap().1.fitted;
        assert_eq!(fitted(0.0), 100);
        assert!(fitted(1e-6) == 100 && fitted(1.0) < 80, "{} and {}", fitted(1e-6), fitted(1.0));
    }

    #[test]
    fn sizes_that_are_none_are_refused() {
        let build = built();
        for size in [-0.1, f64::NAN, 11.0] {
            let said = build.perturbed(size, 1).unwrap_err().to_string();
            assert!(said.contains("perturbation: allowed is a number from 0 to 10"), "{said}");
        }
    }
}
