//! Starting parameters of ReLU networks.

use nalgebra::DMatrix;

use super::relu::Layout;
use crate::data::matrix::{gaussian, orthogonal, to_flat};
use crate::error::{LabError, Result};
use crate::experiment::Start;
use crate::floats::Floats;
use crate::rng::{Random, Stream};

/// Flat parameters of a start. A₀ is N(0, 1/d) and B is N(0, 1/k) whatever the start, s = 0, and α = 1 unless
/// the start says otherwise. Both twins read the same random numbers, so that they share A₀, B and the draws
/// of U and V.
///
/// | start | U | V | α |
/// |---|---|---|---|
/// | identity | He | 0 | 1 |
/// | nearIdentity | He | (scale/L) Gaussian/√k | 1 |
/// | gaussian, xavier, he | entries N(0, scale²), U(variance scale²/k), N(0, 2 scale²/k) | likewise | 1 |
/// | orthogonal | √2 · scale · Haar | scale · Haar | 1 |
/// | fixup | He · L^(−1/2) | 0 | 1 |
/// | skipInit | He | He | scale/√L |
/// | reZero | Xavier | Xavier | 0 |
pub fn relu_start(kind: &Start, layout: Layout, seed: u32) -> Vec<f32> {
    if let Start::Given { parameters: Floats(parameters), .. } = kind {
        return parameters.clone();
    }
    let Layout { dimension, width, blocks, classes } = layout;
    let mut random = Random::new(seed, Stream::Start);
    let depth = blocks as f64;
    let root = |count: usize| (count as f64).sqrt();
    let mut flat = to_flat(&(gaussian(width, dimension, &mut random) / root(dimension)));
    let output = gaussian(classes, width, &mut random) / root(width);
    let he = 2f64.sqrt() / root(width);
    for _ in 0..blocks {
        let [u, v, alpha] = match *kind {
            Start::Orthogonal { scale } => {
                let [u, v] = [(); 2].map(|()| orthogonal(width, &mut random));
                [u * (2f64.sqrt() * scale), v * scale, one()]
            }
            Start::Xavier { scale } => draws(width, &mut random, uniform, [scale, scale], 1.0),
            Start::ReZero => draws(width, &mut random, uniform, [1.0, 1.0], 0.0),
            Start::NearIdentity { scale } => {
                draws(width, &mut random, normal, [he, scale / (depth * root(width))], 1.0)
            }
            Start::Gaussian { scale } => draws(width, &mut random, normal, [scale, scale], 1.0),
            Start::He { scale } => draws(width, &mut random, normal, [scale * he, scale * he], 1.0),
            Start::Fixup => draws(width, &mut random, normal, [he / depth.sqrt(), 0.0], 1.0),
            Start::SkipInit { scale } => draws(width, &mut random, normal, [he, he], scale / depth.sqrt()),
            // The last two are refused or returned above.
            Start::Identity | Start::ZeroAsymmetric | Start::Given { .. } => {
                draws(width, &mut random, normal, [he, 0.0], 1.0)
            }
        };
        flat.extend(to_flat(&u));
        flat.extend(std::iter::repeat_n(0.0, width));
        flat.extend(to_flat(&v));
        flat.extend(to_flat(&alpha));
    }
    flat.extend(to_flat(&output));
    flat
}

/// The parameters with one more block after the first `position` of them: that of a fresh identity start, with
/// V = 0, which in a network with skips changes nothing. In one without it leaves nothing of its input.
pub fn relu_with_block(layout: Layout, parameters: &[f32], position: usize, seed: u32) -> Result<Vec<f32>> {
    if position > layout.blocks {
        let message = format!("allowed is a whole number from 0 to {}; got {position}", layout.blocks);
        return Err(LabError::field("position", message));
    }
    // Another draw than any block of the start: the stream goes on where a start of that depth ends.
    let longer = Layout { blocks: layout.blocks + 1, ..layout };
    let drawn = relu_start(&Start::Identity, longer, seed);
    let (first, next) = (longer.block(layout.blocks), longer.output());
    let at = longer.block(position).u.start;
    let (before, after) = parameters.split_at(at);
    Ok([before, &drawn[first.u.start..next.start], after].concat())
}

fn one() -> DMatrix<f64> {
    DMatrix::identity(1, 1)
}

/// U, V and α by one way of drawing matrices.
fn draws(
    width: usize,
    random: &mut Random,
    draw: fn(usize, &mut Random) -> DMatrix<f64>,
    scales: [f64; 2],
    alpha: f64,
) -> [DMatrix<f64>; 3] {
    let [u, v] = scales.map(|scale| draw(width, random) * scale);
    [u, v, one() * alpha]
}

fn normal(width: usize, random: &mut Random) -> DMatrix<f64> {
    gaussian(width, width, random)
}

/// Entries uniform with variance 1/k.
fn uniform(width: usize, random: &mut Random) -> DMatrix<f64> {
    let bound = (3.0 / width as f64).sqrt();
    DMatrix::from_fn(width, width, |_, _| bound * (2.0 * random.uniform() - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Parametrization;
    use crate::network::relu::ReluNetwork;

    const LAYOUT: Layout = Layout { dimension: 2, width: 32, blocks: 9, classes: 3 };

    fn variance(flat: &[f32]) -> f64 {
        flat.iter().map(|x| f64::from(x * x)).sum::<f64>() / flat.len() as f64
    }

    #[test]
    fn starts_are_what_their_table_says() {
        let he = 2.0 / 32.0;
        let cases = [
            (Start::Identity, he, 0.0, 1.0),
            (Start::NearIdentity { scale: 3.0 }, he, 1.0 / (9.0 * 32.0), 1.0),
            (Start::Gaussian { scale: 0.1 }, 0.01, 0.01, 1.0),
            (Start::Xavier { scale: 2.0 }, 4.0 / 32.0, 4.0 / 32.0, 1.0),
            (Start::He { scale: 0.5 }, he / 4.0, he / 4.0, 1.0),
            (Start::Orthogonal { scale: 0.5 }, 0.5 / 32.0, 0.25 / 32.0, 1.0),
            (Start::Fixup, he / 9.0, 0.0, 1.0),
            (Start::SkipInit { scale: 1.0 }, he, he, 1.0 / 3.0),
            (Start::ReZero, 1.0 / 32.0, 1.0 / 32.0, 0.0),
        ];
        for (kind, u, v, alpha) in cases {
            let flat = relu_start(&kind, LAYOUT, 7);
            assert_eq!(flat.len(), LAYOUT.count());
            let of = |part: fn(usize) -> std::ops::Range<usize>| -> Vec<f32> {
                (0..9).flat_map(|index| flat[part(index)].to_vec()).collect()
            };
            let found = [of(|i| LAYOUT.block(i).u), of(|i| LAYOUT.block(i).v)].map(|part| variance(&part));
            for (found, wanted) in found.into_iter().zip([u, v]) {
                assert!((found - wanted).abs() <= 0.05 * wanted, "{kind:?}: {found} {wanted}");
            }
            assert!(of(|i| LAYOUT.block(i).s).iter().all(|s| *s == 0.0));
            let gain = flat[LAYOUT.block(4).alpha];
            assert!((f64::from(gain) - alpha).abs() < 1e-7, "{kind:?}");
        }
    }

    /// Starts near the identity pass h₀ on to the logits unchanged.
    #[test]
    fn the_identity_starts_are_the_identity() {
        let x = DMatrix::from_fn(2, 4, |i, j| (i as f64 - 0.4) * (j as f64 + 0.3));
        for kind in [Start::Identity, Start::Fixup, Start::SkipInit { scale: 0.0 }, Start::ReZero] {
            let flat = relu_start(&kind, LAYOUT, 3);
            let forward = ReluNetwork::new(LAYOUT, Parametrization::Identity, &flat).forward(&x);
            assert_eq!(forward.hidden[0], forward.hidden[9], "{kind:?}");
            assert!(forward.logits.norm() > 0.1);
        }
    }
}
