//! The loss around a network: on a line or a plane through its weights, along filter-normalized directions.
//!
//! f(a, b) is the mean cross-entropy of a fixed batch at θ + a u + b v. u and v are drawn from N(0, 1) and then each
//! filter of a direction is scaled to the norm of the matching filter of θ (Li et al. 2018), so that a step of 1 means
//! the same in every layer and for every size of weights; batch normalization's gains and shifts and a projection that
//! is never trained stay as they are. Where there is batch normalization, it takes the batch's own statistics, so
//! that f is a function of the weights alone.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::augment::plain;
use super::network::{Network, Pass, cross_entropy, one_hot, tensor};
use super::shape::{Part, PartKind, Shape};
use super::tally::Subset;
use super::training::{Trainer, input};
use crate::engine::burn::Place;
use crate::error::{LabError, Result};
use crate::rng::{Random, Stream};

/// A line or a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Axes {
    /// θ + a u.
    Line,
    /// θ + a u + b v.
    Plane,
}

/// Which part of the landscape is looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LandscapeRequest {
    /// A line or a plane.
    pub axes: Axes,
    /// Numbers of a (and of b): odd, so that the network itself is among the points; from 3 to 129.
    pub size: usize,
    /// a (and b) go from −radius to radius; above 0, at most 100.
    pub radius: f64,
    /// Seed of the directions.
    pub seed: u32,
    /// Which set the batch is from.
    pub subset: Subset,
    /// How many images it has, from the set's first on.
    pub images: usize,
}

/// Largest size of a side.
const MAX_SIZE: usize = 129;
/// Most images, which are passed through the network at once.
const MAX_IMAGES: usize = 4096;

impl LandscapeRequest {
    fn validate(&self, available: usize) -> Result<()> {
        if !(3..=MAX_SIZE).contains(&self.size) || self.size.is_multiple_of(2) {
            let message = format!("allowed is an odd number from 3 to {MAX_SIZE}; got {}", self.size);
            return Err(LabError::field("size", message));
        }
        // Written so that a NaN is refused.
        if !(self.radius > 0.0 && self.radius <= 100.0) {
            let message = format!("allowed is a number above 0, at most 100; got {}", self.radius);
            return Err(LabError::field("radius", message));
        }
        let most = available.min(MAX_IMAGES);
        if !(1..=most).contains(&self.images) {
            let message = format!("allowed is a whole number from 1 to {most}; got {}", self.images);
            return Err(LabError::field("images", message));
        }
        Ok(())
    }
}

/// A landscape being computed, cell by cell, coarse before fine; whoever stops asking has cancelled it.
#[derive(Debug, Clone)]
pub struct ImageLandscape {
    shape: Shape,
    place: Place,
    origin: Vec<Tensor<4>>,
    u: Vec<Option<Tensor<4>>>,
    v: Vec<Option<Tensor<4>>>,
    x: Tensor<4>,
    labels: Tensor<2>,
    coordinates: Vec<f32>,
    order: Vec<(usize, usize)>,
    done: usize,
    values: Vec<f32>,
    columns: usize,
}

impl ImageLandscape {
    /// The landscape around the trainer's network as it is now; what is trained afterwards does not change it.
    pub async fn new(trainer: &Trainer, request: &LandscapeRequest) -> Result<Self> {
        let set = trainer.set(request.subset);
        request.validate(set.len())?;
        let weights = trainer.weights().await?;
        let mut random = Random::new(request.seed, Stream::Direction);
        let mut direction = || -> Vec<Option<Tensor<4>>> {
            let one = |(part, weights): (&Part, &Vec<f32>)| {
                let moves = part.kind == PartKind::Convolution
                    || part.kind == PartKind::Top && trainer.is_trained(part);
                moves.then(|| {
                    tensor(normalized(weights, part.dims[0], &mut random), part.dims, trainer.place.device())
                })
            };
            trainer.parts.iter().zip(&weights).map(one).collect()
        };
        let (u, v) = (direction(), direction());
        let indices: Vec<u32> = (0..request.images as u32).collect();
        let pixels = plain(set, &indices, &trainer.experiment.training);
        let half = (request.size / 2) as f64;
        let coordinate = |index: usize| (request.radius * (index as f64 - half) / half) as f32;
        let rows = if request.axes == Axes::Line { 1 } else { request.size };
        Ok(Self {
            shape: trainer.shape.clone(),
            place: trainer.place.clone(),
            origin: trainer.learner.tensors(&trainer.parts, &trainer.place),
            u,
            v,
            x: input(set, pixels, trainer.place.device()),
            labels: one_hot(&set.labels[..request.images], trainer.shape.classes, trainer.place.device()),
            coordinates: (0..request.size).map(coordinate).collect(),
            order: coarse_to_fine(request.size, rows),
            done: 0,
            values: vec![f32::NAN; request.size * rows],
            columns: request.size,
        })
    }

    /// Computes up to that many further cells; whether there are still others.
    pub async fn advance(&mut self, cells: usize) -> Result<bool> {
        let cells = &self.order[self.done..][..cells.min(self.order.len() - self.done)];
        if !cells.is_empty() {
            let losses: Vec<Tensor<1>> = cells.iter().map(|cell| self.loss(*cell)).collect();
            let losses = self.place.read(Tensor::cat(losses, 0)).await?;
            for ((column, row), loss) in cells.iter().zip(losses) {
                self.values[row * self.columns + column] = loss;
            }
            self.done += cells.len();
        }
        Ok(self.done < self.order.len())
    }

    fn loss(&self, (column, row): (usize, usize)) -> Tensor<1> {
        let a = self.coordinates[column];
        // A line has one row, which is that of the network itself.
        let b = if self.values.len() == self.columns { 0.0 } else { self.coordinates[row] };
        let directions = self.u.iter().zip(&self.v);
        let weights = self.origin.iter().zip(directions).map(|(origin, (u, v))| match (u, v) {
            (Some(u), Some(v)) => origin.clone() + u.clone().mul_scalar(a) + v.clone().mul_scalar(b),
            _ => origin.clone(),
        });
        let network = Network::new(&self.shape, weights);
        let logits = network.forward(self.x.clone(), &mut Pass::Train(&mut Vec::new()));
        cross_entropy(logits, self.labels.clone())
    }

    /// The numbers of a, and of b on a plane.
    pub fn coordinates(&self) -> &[f32] {
        &self.coordinates
    }

    /// f, index `[row of b · size + column of a]` with b = 0 on a line; NaN where it is not computed yet.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Cells computed, and cells there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.order.len())
    }
}

/// A random direction, each of whose `filters` equal parts has the norm of the matching part of the weights.
fn normalized(weights: &[f32], filters: usize, random: &mut Random) -> Vec<f32> {
    let mut out = Vec::with_capacity(weights.len());
    for filter in weights.chunks_exact(weights.len() / filters) {
        let direction: Vec<f64> = filter.iter().map(|_| random.normal()).collect();
        let own = filter.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        out.extend(direction.iter().map(|x| (x * own / length) as f32));
    }
    out
}

/// All cells: those of every 16th row and column first, then those of every 8th, 4th, 2nd, and the rest.
fn coarse_to_fine(columns: usize, rows: usize) -> Vec<(usize, usize)> {
    let level = |(column, row): &(usize, usize)| {
        [16, 8, 4, 2].iter().position(|step| column % step == 0 && row % step == 0).unwrap_or(4)
    };
    let mut cells: Vec<(usize, usize)> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row))).collect();
    cells.sort_by_key(level);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_of_a_direction_has_the_norm_of_the_weights_filter() {
        let weights: Vec<f32> = (0..24).map(|i| i as f32 - 3.0).collect();
        let direction = normalized(&weights, 4, &mut Random::new(1, Stream::Direction));
        for (own, other) in weights.chunks_exact(6).zip(direction.chunks_exact(6)) {
            let norm = |x: &[f32]| x.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert!((norm(own) / norm(other) - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn coarse_cells_come_first_and_every_cell_once() {
        let cells = coarse_to_fine(33, 33);
        assert_eq!(cells[..9].iter().filter(|(a, b)| a % 16 == 0 && b % 16 == 0).count(), 9);
        let mut sorted = cells.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 33 * 33);
    }
}
