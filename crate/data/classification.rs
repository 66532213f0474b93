//! [`Classification`]: what a ReLU network minimizes.

use super::points::Points;
use crate::error::{LabError, Result};
use crate::experiment::{Data, Experiment, Loss, Network, held_out_count};
use crate::network::relu::Layout;
use crate::rng::{Random, Stream};

/// A classification problem for networks of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// Shape of the networks.
    pub layout: Layout,
    /// What is minimized.
    pub loss: Loss,
    /// Whether A₀ and B are trained.
    pub train_ends: bool,
    /// What is trained on.
    pub points: Points,
    /// What is not.
    pub held_out: Points,
}

impl Classification {
    /// The problem of an experiment with ReLU networks.
    pub fn new(experiment: &Experiment) -> Result<Self> {
        let (Network::Relu { loss, train_ends, .. }, Some(layout)) =
            (&experiment.network, experiment.relu_layout())
        else {
            return Err(LabError::field("network.kind", "this needs a ReLU network"));
        };
        let seed = experiment.seed;
        let (points, share) = match &experiment.data {
            Data::Set { set, points, classes, dimension, noise, held_out } => {
                (set.points(*points, *classes, *dimension, *noise, seed), *held_out)
            }
            Data::Points { dimension, classes, inputs, labels, held_out } => {
                let (inputs, labels) = (inputs.0.clone(), labels.clone());
                (Points { dimension: *dimension, classes: *classes, inputs, labels }, *held_out)
            }
            Data::Population { .. } | Data::Sample { .. } => {
                return Err(LabError::field("data.kind", "a ReLU network needs labelled points"));
            }
        };
        let (points, held_out) = split(&points, share, seed);
        Ok(Self { layout, loss: *loss, train_ends: *train_ends, points, held_out })
    }
}

/// Holds out a random share of the points; those left keep their order.
fn split(points: &Points, share: f64, seed: u32) -> (Points, Points) {
    let n = points.len();
    let count = held_out_count(n, share);
    let mut order: Vec<usize> = (0..n).collect();
    let mut random = Random::new(seed, Stream::Split);
    // The first `count` places of a Fisher–Yates shuffle.
    for place in 0..count {
        order.swap(place, place + random.below(n - place));
    }
    let mut out = vec![false; n];
    order[..count].iter().for_each(|index| out[*index] = true);
    let part = |wanted: bool| points.select((0..n).filter(|index| out[*index] == wanted));
    (part(false), part(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::sets::PointSet;

    #[test]
    fn every_point_is_on_one_side_of_the_split() {
        let points = PointSet::Moons.points(50, 2, 2, 0.1, 3);
        let (kept, out) = split(&points, 0.3, 3);
        assert_eq!((kept.len(), out.len()), (35, 15));
        let key = |points: &Points, index: usize| points.point(index)[0].to_bits();
        let mut all: Vec<u32> = (0..35).map(|i| key(&kept, i)).collect();
        all.extend((0..15).map(|i| key(&out, i)));
        all.sort_unstable();
        let mut wanted: Vec<u32> = (0..50).map(|i| key(&points, i)).collect();
        wanted.sort_unstable();
        assert_eq!(all, wanted);
        assert_ne!(out, split(&points, 0.3, 4).1);
        assert_eq!(split(&points, 0.0, 3), (points.clone(), points.select([])));
    }
}
