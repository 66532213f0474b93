//! Experiments worth opening first.

use serde::Serialize;

use crate::experiment::{Data, Experiment, Network, Optimizer, Parametrization, Start, Target, Twin};

/// A named experiment with a sentence or two on what to look for.
#[derive(Debug, Clone, Serialize)]
pub struct Preset {
    /// Short name used in addresses.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// What to look for.
    pub commentary: &'static str,
    /// The experiment.
    pub experiment: Experiment,
}

fn twins(left: Start, right: Start) -> Vec<Twin> {
    vec![
        Twin { parametrization: Parametrization::Identity, start: left },
        Twin { parametrization: Parametrization::Standard, start: right },
    ]
}

fn descent(learning_rate: f64) -> Optimizer {
    Optimizer::GradientDescent { learning_rate }
}

/// All presets; the first is what the page opens with.
pub fn presets() -> Vec<Preset> {
    let base = Experiment::default();
    vec![
        Preset {
            id: "identity-start",
            title: "Why start at the identity",
            commentary: "The same target, depth and step size. Started at the identity, the left network \
                         descends at once; the right one, started near zero, sits on the flat saddle at W = 0.",
            experiment: base.clone(),
        },
        Preset {
            id: "positive-definite",
            title: "A target the identity start always learns",
            commentary: "A symmetric positive definite target: each eigenvalue of the product moves straight \
                         from 1 to its goal, and every layer stays close to the identity.",
            experiment: Experiment {
                target: Target::PositiveDefinite { condition: 10.0 },
                twins: twins(Start::Identity, Start::Orthogonal { scale: 1.0 }),
                ..base.clone()
            },
        },
        Preset {
            id: "negative-eigenvalue",
            title: "A target it never learns",
            commentary: "One eigenvalue is −½. From the identity the product would have to pass through 0, \
                         where the gradient vanishes: the left network stalls at excess risk ¼. \
                         The zero-asymmetric start on the right gets through.",
            experiment: Experiment {
                target: Target::NegativeEigenvalue { eigenvalue: -0.5, condition: 4.0 },
                twins: twins(Start::Identity, Start::ZeroAsymmetric),
                ..base.clone()
            },
        },
        Preset {
            id: "half-turn",
            title: "Almost half a turn",
            commentary: "A rotation by 170°: the product's eigenvalues cross the plane in a straight line and \
                         pass close to 0, so learning pauses there, then finishes.",
            experiment: Experiment {
                target: Target::Rotation { degrees: 170.0 },
                twins: twins(Start::Identity, Start::Xavier { scale: 1.0 }),
                ..base.clone()
            },
        },
        Preset {
            id: "deep",
            title: "128 layers",
            commentary: "Depth is no obstacle near the identity: with 128 layers each one only has to move a \
                         little. A random start at this depth multiplies signals into nothing.",
            experiment: Experiment {
                network: Network::Linear { width: 8, layers: 128 },
                optimizer: descent(0.000_2),
                ..base.clone()
            },
        },
        Preset {
            id: "sample",
            title: "A finite, noisy sample",
            commentary: "256 noisy points. The chart shows the excess over the least-squares solution, which \
                         both networks are measured against.",
            experiment: Experiment {
                data: Data::Sample { points: 256, covariance: 4.0, noise: 0.5 },
                optimizer: descent(0.000_5),
                twins: twins(Start::Identity, Start::He { scale: 1.0 }),
                ..base.clone()
            },
        },
        Preset {
            id: "divergence",
            title: "Too large a step",
            commentary: "A learning rate past the edge of stability: the run is stopped, and its step named.",
            experiment: Experiment {
                optimizer: descent(0.05),
                twins: twins(Start::Identity, Start::Gaussian { scale: 0.5 }),
                ..base
            },
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_named_once() {
        let presets = presets();
        for (index, preset) in presets.iter().enumerate() {
            preset.experiment.validate().unwrap();
            assert!(presets[..index].iter().all(|other| other.id != preset.id));
        }
    }
}
