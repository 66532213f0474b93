//! Starting parameters of linear networks, and of whatever network an experiment has.

use nalgebra::DMatrix;

use crate::data::matrix::{gaussian, orthogonal, to_flat};
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Parametrization, Start};
use crate::floats::Floats;
use crate::network::relu_init::relu_start;
use crate::rng::{Random, Stream};

/// Flat parameters of a start for the networks of an experiment.
pub fn start_of(kind: &Start, parametrization: Parametrization, experiment: &Experiment) -> Vec<f32> {
    match experiment.relu_layout() {
        Some(layout) => relu_start(kind, layout, experiment.seed),
        None => {
            let (width, layers) = experiment.shape();
            start(kind, parametrization, width, layers, experiment.seed)
        }
    }
}

/// Flat parameters of a start. Both twins read the same random numbers, so the same start under the
/// same seed is the same draw.
pub fn start(
    kind: &Start,
    parametrization: Parametrization,
    width: usize,
    layers: usize,
    seed: u32,
) -> Vec<f32> {
    if let Start::Given { parameters: Floats(parameters), .. } = kind {
        return parameters.clone();
    }
    let mut random = Random::new(seed, Stream::Start);
    let root = (width as f64).sqrt();
    let identity = DMatrix::<f64>::identity(width, width);
    let mut flat = Vec::with_capacity(width * width * layers);
    for layer in 0..layers {
        // W − I for the starts that fix the map, θ for the starts that draw the parameters.
        let (matrix, fixes_map) = match *kind {
            // The last three are for ReLU networks, and refused here.
            Start::Given { .. } | Start::Identity | Start::Fixup | Start::SkipInit { .. } | Start::ReZero => {
                (DMatrix::zeros(width, width), true)
            }
            Start::NearIdentity { scale } => {
                (gaussian(width, width, &mut random) * (scale / (layers as f64 * root)), true)
            }
            Start::Orthogonal { scale } => (orthogonal(width, &mut random) * scale - &identity, true),
            Start::ZeroAsymmetric if layer + 1 == layers => (-&identity, true),
            Start::ZeroAsymmetric => (DMatrix::zeros(width, width), true),
            Start::Gaussian { scale } => (gaussian(width, width, &mut random) * scale, false),
            Start::He { scale } => {
                (gaussian(width, width, &mut random) * (scale * 2f64.sqrt() / root), false)
            }
            Start::Xavier { scale } => {
                let bound = scale * 3f64.sqrt() / root;
                (DMatrix::from_fn(width, width, |_, _| bound * (2.0 * random.uniform() - 1.0)), false)
            }
        };
        let parameters = match (fixes_map, parametrization) {
            (true, Parametrization::Standard) => matrix + &identity,
            _ => matrix,
        };
        flat.extend(to_flat(&parameters));
    }
    flat
}

/// The parameters with one more layer after the first `position` of them: A = 0 for identity layers, which
/// changes nothing, and a Xavier draw for standard layers, which a network needs there.
pub fn with_layer(
    parametrization: Parametrization,
    parameters: &[f32],
    width: usize,
    position: usize,
    seed: u32,
) -> Result<Vec<f32>> {
    let size = width * width;
    let layers = parameters.len() / size;
    if position > layers {
        let message = format!("allowed is a whole number from 0 to {layers}; got {position}");
        return Err(LabError::field("position", message));
    }
    let layer = match parametrization {
        Parametrization::Identity => vec![0.0; size],
        Parametrization::Standard => {
            // Another draw than any layer of the start: the stream goes on where a start of that depth ends.
            let drawn = start(&Start::Xavier { scale: 1.0 }, parametrization, width, layers + 1, seed);
            drawn[layers * size..].to_vec()
        }
    };
    let (before, after) = parameters.split_at(position * size);
    Ok([before, &layer, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::linear::{layer_maps, product};

    #[test]
    fn starts_that_fix_the_map_are_one_function_in_both_parametrizations() {
        for kind in [
            Start::Identity,
            Start::NearIdentity { scale: 1.0 },
            Start::Orthogonal { scale: 0.9 },
            Start::ZeroAsymmetric,
        ] {
            let map = |parametrization| {
                product(&layer_maps(parametrization, &start(&kind, parametrization, 5, 7, 3), 5), 5)
            };
            let difference = map(Parametrization::Identity) - map(Parametrization::Standard);
            assert!(difference.norm() < 1e-5, "{kind:?}");
        }
    }

    #[test]
    fn scales_are_what_they_are_called() {
        let variance = |kind| {
            let flat = start(&kind, Parametrization::Standard, 32, 16, 1);
            flat.iter().map(|v| f64::from(v * v)).sum::<f64>() / flat.len() as f64
        };
        assert!((variance(Start::Gaussian { scale: 0.5 }) / 0.25 - 1.0).abs() < 0.05);
        assert!((variance(Start::Xavier { scale: 1.0 }) * 32.0 - 1.0).abs() < 0.05);
        assert!((variance(Start::He { scale: 1.0 }) * 16.0 - 1.0).abs() < 0.05);
    }
}
