//! Experiments worth opening first.

use serde::Serialize;

mod relu;

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

/// Two networks, the left one's parametrization and start first.
fn pair(left: (Parametrization, Start), right: (Parametrization, Start)) -> Vec<Twin> {
    [left, right].map(|(parametrization, start)| Twin { parametrization, start }).into()
}

/// The left network stores A, the right one W.
fn twins(left: Start, right: Start) -> Vec<Twin> {
    pair((Parametrization::Identity, left), (Parametrization::Standard, right))
}

/// Both networks store A.
fn residual(left: Start, right: Start) -> Vec<Twin> {
    pair((Parametrization::Identity, left), (Parametrization::Identity, right))
}

/// Both networks store W.
fn standard(left: Start, right: Start) -> Vec<Twin> {
    pair((Parametrization::Standard, left), (Parametrization::Standard, right))
}

fn descent(learning_rate: f64) -> Optimizer {
    Optimizer::GradientDescent { learning_rate }
}

fn linear(width: usize, layers: usize) -> Network {
    Network::linear(width, layers)
}

/// A preset, and how it differs from the default experiment.
fn preset(
    id: &'static str,
    title: &'static str,
    commentary: &'static str,
    change: impl FnOnce(&mut Experiment),
) -> Preset {
    let mut experiment = Experiment::default();
    change(&mut experiment);
    Preset { id, title, commentary, experiment }
}

/// All presets; the first is what the page opens with.
pub fn presets() -> Vec<Preset> {
    [of_maps(), relu::presets()].concat()
}

/// Those with linear networks.
fn of_maps() -> Vec<Preset> {
    vec![
        preset(
            "identity-start",
            "Why start at the identity",
            "The same target, depth and step size. Started at the identity, the left network descends at \
             once; the right one, started near zero, sits on the flat saddle at W = 0.",
            |_| {},
        ),
        preset(
            "positive-definite",
            "A target the identity start always learns",
            "A symmetric positive definite target: each eigenvalue of the product moves straight from 1 to \
             its goal, and every layer stays close to the identity (Bartlett, Helmbold and Long 2018). \
             Left, the excess risk is below 10⁻⁵ after 489 steps.",
            |e| {
                e.target = Target::PositiveDefinite { condition: 10.0 };
                e.twins = twins(Start::Identity, Start::Orthogonal { scale: 1.0 });
            },
        ),
        preset(
            "depth-independent",
            "As fast at any depth",
            "64 layers from the identity: excess risk 10⁻⁵ after 1148 steps, where 16 layers take 1045 and \
             4 take 721, at learning rates of 0.015/ℓ (Bartlett, Helmbold and Long 2018). The right network \
             is the same function but stores W = I + A: its small updates are lost in rounding, and it \
             never gets below 5·10⁻⁸ where the left one goes on.",
            |e| {
                e.network = linear(5, 64);
                e.target = Target::PositiveDefinite { condition: 10.0 };
                e.optimizer = descent(0.000_234_375);
                e.twins = twins(Start::Identity, Start::Identity);
            },
        ),
        preset(
            "negative-eigenvalue",
            "A target it never learns",
            "One eigenvalue is −½. From the identity the product would have to pass through 0, where the \
             gradient vanishes: the left network stalls at excess risk ¼ (Bartlett, Helmbold and Long \
             2018). The zero-asymmetric start on the right gets through, and is below 10⁻⁵ after 332 steps \
             (Wu, Wang and Ma 2019).",
            |e| {
                e.target = Target::NegativeEigenvalue { eigenvalue: -0.5, condition: 4.0 };
                e.twins = twins(Start::Identity, Start::ZeroAsymmetric);
            },
        ),
        preset(
            "half-turn",
            "Almost half a turn",
            "A rotation by 170°: the product's eigenvalues cross the plane in a straight line and pass 0 at \
             a distance of cos 85° = 0.087, so learning pauses there, then finishes: below 10⁻⁵ after 542 \
             steps.",
            |e| {
                e.target = Target::Rotation { degrees: 170.0 };
                e.twins = twins(Start::Identity, Start::Xavier { scale: 1.0 });
            },
        ),
        preset(
            "half-turn-178",
            "Two degrees short of half a turn",
            "From the identity the product's eigenvalues pass 0 at a distance of cos 89° = 0.017: excess \
             risk 10⁻⁵ takes 675 steps, against 31 for a rotation by 60°. The zero-asymmetric start on the \
             right takes 48 steps for either (Wu, Wang and Ma 2019).",
            |e| {
                e.network = linear(2, 16);
                e.target = Target::Rotation { degrees: 178.0 };
                e.optimizer = descent(0.006_25);
                e.twins = residual(Start::Identity, Start::ZeroAsymmetric);
            },
        ),
        preset(
            "half-turn-exact",
            "Exactly half a turn",
            "The target −I: nothing tells the product from the identity which way to turn, so that it \
             shrinks to 0 and stalls at excess risk 2. Layers a little off the identity, on the right, do \
             turn, and are below 10⁻⁵ after 546 steps.",
            |e| {
                e.network = linear(2, 16);
                e.target = Target::Rotation { degrees: 180.0 };
                e.optimizer = descent(0.006_25);
                e.twins = residual(Start::Identity, Start::NearIdentity { scale: 1.0 });
            },
        ),
        preset(
            "negative-determinant",
            "The start that learns every target",
            "A random target that turns space inside out, det R < 0. The identity start stalls at σ_min(R)² \
             = 0.1, and no network within the unit ball around the identity gets below that. With the last \
             layer at zero and all others at the identity, the right one is below 10⁻⁵ after 478 steps (Wu, \
             Wang and Ma 2019).",
            |e| {
                e.target = Target::NegativeDeterminant { condition: 10.0 };
                e.twins = residual(Start::Identity, Start::ZeroAsymmetric);
            },
        ),
        preset(
            "fixed-maps",
            "Fixed maps into wider layers",
            "R has det R < 0, and at width 4 the identity start stalls at σ_min(R)² = 0.1. Here 16 layers of width \
             32 stand between two fixed Gaussian maps, B into them and C out of them. From A = 0 the left network \
             is below 10⁻⁵ after 23 steps, and after 21 where det R > 0 (Zou, Long and Gu 2020): the sign of det R \
             no longer matters. Layers end nearer the identity the more there are: max ‖A‖ = 0.39, 0.096 and 0.024 \
             at 4, 16 and 64, at learning rates of 0.0375/ℓ. The Xavier start on the right takes 235 steps.",
            |e| {
                e.seed = 3;
                e.network = Network::Linear { width: 4, layers: 16, hidden: Some(32) };
                e.target = Target::NegativeDeterminant { condition: 10.0 };
                e.optimizer = descent(0.002_343_75);
                e.twins = twins(Start::Identity, Start::Xavier { scale: 1.0 });
            },
        ),
        preset(
            "scalar-chain",
            "A chain of five numbers",
            "Width 1 and target −1: from numbers near 1 the product must come down to 0, where all \
             gradients vanish, before it can change its sign. Excess risk 0.002 takes 1894 steps here; the \
             median over starts grows exponentially with depth, 1427, 2990 and 9933 steps for 3, 5 and 7 \
             layers, and is 50, 48 and 65 for target +1 (Shamir 2018). With the last number at zero, on the \
             right, it takes 249.",
            |e| {
                e.network = linear(1, 5);
                e.target = Target::Diagonal { values: vec![-1.0] };
                e.optimizer = descent(0.002);
                e.twins = standard(Start::NearIdentity { scale: 0.5 }, Start::ZeroAsymmetric);
            },
        ),
        preset(
            "orthogonal-gaussian",
            "Orthogonal against Gaussian",
            "The same target and learning rate. Orthogonal layers pass signals and gradients on at full \
             length at any depth, and are below 2·10⁻⁵ after 559 steps; Gaussian ones of half the usual \
             scale, on the right, do not move in 5000 (Saxe, McClelland and Ganguli 2013). Orthogonal \
             layers whose product is a mirror image, as with seed 1, stall at 0.1.",
            |e| {
                e.seed = 2;
                e.network = linear(4, 8);
                e.target = Target::PositiveDefinite { condition: 10.0 };
                e.optimizer = descent(0.002_705);
                e.twins = standard(Start::Orthogonal { scale: 1.0 }, Start::Gaussian { scale: 0.25 });
            },
        ),
        preset(
            "balanced",
            "A balanced start with a margin",
            "Both starts are balanced, W_jW_jᵀ = W_{j+1}ᵀW_{j+1}. The left product is also nearer the \
             target than any singular matrix is, by c = 0.17: its risk falls at least ninefold every 20 \
             steps, and its least singular value never falls below c (Arora, Cohen, Golowich and Hu 2019). \
             The right one has no such margin and stalls at ½.",
            |e| {
                e.network = linear(4, 8);
                e.target = Target::PositiveDefinite { condition: 2.0 };
                e.optimizer = descent(0.006_25);
                e.twins = twins(Start::Identity, Start::Orthogonal { scale: 1.0 });
            },
        ),
        preset(
            "deep",
            "128 layers",
            "Depth is no obstacle near the identity: with 128 layers each one only has to move a little. A \
             random start at this depth multiplies signals into nothing.",
            |e| {
                e.network = linear(8, 128);
                e.optimizer = descent(0.000_2);
            },
        ),
        preset(
            "sample",
            "A finite, noisy sample",
            "256 noisy points. The chart shows the excess over the least-squares solution, which both \
             networks are measured against.",
            |e| {
                e.data = Data::Sample { points: 256, covariance: 4.0, noise: 0.5 };
                e.optimizer = descent(0.000_5);
                e.twins = twins(Start::Identity, Start::Xavier { scale: 1.0 });
            },
        ),
        preset(
            "divergence",
            "Too large a step",
            "A learning rate past the edge of stability: the run is stopped, and its step named.",
            |e| {
                e.optimizer = descent(0.05);
                e.twins = twins(Start::Identity, Start::Gaussian { scale: 0.5 });
            },
        ),
    ]
}

#[cfg(test)]
mod claims;

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
