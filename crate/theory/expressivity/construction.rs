//! The construction that fits any distinct points of nonzero length, with a threshold for every unit.
//!
//! The points z_i = A₀ x_i are taken by decreasing length, k of them a block. Unit i of a block asks for the
//! direction of its own point: its row of U is z_i, and its threshold b_i lies half-way between ‖z_i‖² and the
//! largest ⟨h_j, z_i⟩ of all points j that it must not move: those of later blocks, those after i in its own block,
//! and the surrogates, at which all points of earlier blocks are. Since ⟨h, z_i⟩ ≤ ‖h‖ ‖z_i‖ ≤ ‖z_i‖² with equality only for h = z_i, there
//! is always room. Surrogates have half the length of the shortest z_i. Points before i in the block may turn unit i
//! on too, so that the activations G[j, i] of the block's own points form a triangular matrix with positive
//! diagonal, and V solves G Vᵀ = q − z: every point of the block lands on its surrogate, and no other moves.

use std::cmp::Ordering;
use std::ops::Range;

use super::lanes::{LANES, Lanes, Real};
use super::network::{Network, Shape};
use super::start::{product, projection, surrogates};
use super::{Distinct, distinct};
use crate::data::points::Points;
use crate::error::{LabError, Result};
use crate::rng::{Random, Stream};

/// How often A₀ is drawn again when it maps two points to one.
const REDRAWS: usize = 20;

/// A network while it is built, some blocks a call.
pub struct Construction {
    distinct: Distinct,
    network: Network<f64>,
    /// The distinct points in the order in which blocks move them.
    order: Vec<usize>,
    /// z_i in that order, eight points side by side: `hidden[tile · k + c]`.
    hidden: Vec<Lanes<f64>>,
    /// q_c, one after the other.
    surrogates: Vec<f64>,
    built: usize,
    /// The least (‖z_i‖² − largest other product) / ‖z_i‖².
    least_gap: f64,
}

impl Construction {
    /// Begins a network of width k ≥ 2; the same seed is the same network.
    pub fn new(points: &Points, width: usize, seed: u32) -> Result<Self> {
        let distinct = distinct(points, width)?;
        let n = distinct.points.len();
        let (dimension, classes) = (points.dimension, points.classes);
        let shape = Shape { dimension, width, blocks: n.div_ceil(width), classes };
        let mut network = Network { shape, parameters: vec![0.0; shape.count()] };
        let mut random = Random::new(seed, Stream::Construction);
        let (order, z) = (0..REDRAWS)
            .find_map(|_| {
                let map = projection(width, dimension, &mut random);
                network.parameters[shape.projection()].copy_from_slice(&map);
                sorted(&network, &distinct.points)
            })
            .ok_or_else(|| {
                let message = format!("two of them cannot be told apart in {width} dimensions");
                LabError::field("points", message)
            })?;
        let shortest = &z[order[n - 1] * width..][..width];
        let length = product(shortest, shortest).sqrt() / 2.0;
        let surrogates: Vec<f64> =
            surrogates(classes, width, &mut random).into_iter().map(|q| length * q).collect();
        let mut hidden = vec![[0.0; LANES]; n.div_ceil(LANES) * width];
        for (position, index) in order.iter().enumerate() {
            let at = position / LANES * width;
            for (c, value) in z[index * width..][..width].iter().enumerate() {
                hidden[at + c][position % LANES] = *value;
            }
        }
        network.read_out(&surrogates);
        Ok(Self { distinct, network, order, hidden, surrogates, built: 0, least_gap: f64::INFINITY })
    }

    /// Builds at most so many blocks more; whether all are built.
    pub fn advance(&mut self, blocks: usize) -> bool {
        let end = self.network.shape.blocks.min(self.built + blocks);
        for block in self.built..end {
            self.block(block);
        }
        self.built = end;
        end == self.network.shape.blocks
    }

    /// Blocks built so far.
    pub fn built(&self) -> usize {
        self.built
    }

    /// The network; its blocks beyond those built are zero.
    pub fn network(&self) -> &Network<f64> {
        &self.network
    }

    /// The distinct points, and how many points are equal to each.
    pub fn distinct(&self) -> (&Points, &[usize]) {
        (&self.distinct.points, &self.distinct.copies)
    }

    /// For each point given, copies included, its place among the distinct ones.
    pub fn places(&self) -> &[usize] {
        &self.distinct.place
    }

    /// For each distinct point the block, counted from 0, that moves it.
    pub fn movers(&self) -> Vec<usize> {
        let mut movers = vec![0; self.order.len()];
        for (position, index) in self.order.iter().enumerate() {
            movers[*index] = position / self.network.shape.width;
        }
        movers
    }

    /// Surrogates q_c, r × k.
    pub fn surrogates(&self) -> &[f64] {
        &self.surrogates
    }

    /// A₀ x of the distinct points, n × k.
    pub fn hidden(&self) -> Vec<f64> {
        let width = self.network.shape.width;
        let mut flat = vec![0.0; self.order.len() * width];
        for (position, index) in self.order.iter().enumerate() {
            flat[index * width..][..width].copy_from_slice(&self.at(position));
        }
        flat
    }

    /// The least part of ‖z_i‖² by which a point's own product stands out: what rounding has to leave.
    pub fn least_gap(&self) -> f64 {
        self.least_gap
    }

    /// z of one position.
    fn at(&self, position: usize) -> Vec<f64> {
        let width = self.network.shape.width;
        let tile = &self.hidden[position / LANES * width..][..width];
        tile.iter().map(|lanes| lanes[position % LANES]).collect()
    }

    /// ⟨h_j, z_i⟩: for the points j of the block, and the largest over surrogates and points of later blocks.
    fn products(&self, u: &[f64], block: &Range<usize>) -> (Vec<f64>, Vec<f64>) {
        let (width, n) = (self.network.shape.width, self.order.len());
        let units = block.len();
        let mut own = vec![0.0; units * units];
        let mut largest: Vec<f64> = u
            .chunks_exact(width)
            .map(|u| {
                let products = self.surrogates.chunks_exact(width).map(|q| product(u, q));
                products.fold(f64::NEG_INFINITY, f64::max)
            })
            .collect();
        let mut over_lanes: Vec<Lanes<f64>> = largest.iter().map(|up| [*up; LANES]).collect();
        let mut p = vec![[0.0; LANES]; units];
        for (tile, h) in self.hidden.chunks_exact(width).enumerate().skip(block.start / LANES) {
            f64::products(u, h, &mut p);
            let from = tile * LANES;
            if from >= block.end && from + LANES <= n {
                for (up, p) in over_lanes.iter_mut().zip(&p) {
                    for lane in 0..LANES {
                        up[lane] = if p[lane] > up[lane] { p[lane] } else { up[lane] };
                    }
                }
                continue;
            }
            for position in from.max(block.start)..n.min(from + LANES) {
                for (unit, p) in p.iter().enumerate() {
                    let value = p[position - from];
                    if position < block.end {
                        own[(position - block.start) * units + unit] = value;
                    } else {
                        largest[unit] = largest[unit].max(value);
                    }
                }
            }
        }
        for (up, lanes) in largest.iter_mut().zip(&over_lanes) {
            *up = lanes.iter().copied().fold(*up, f64::max);
        }
        (own, largest)
    }

    fn block(&mut self, index: usize) {
        let Shape { width, .. } = self.network.shape;
        let block = index * width..self.order.len().min((index + 1) * width);
        let units = block.len();
        let u: Vec<f64> = block.clone().flat_map(|position| self.at(position)).collect();
        let (own, largest) = self.products(&u, &block);
        let mut thresholds = vec![0.0; units];
        for unit in 0..units {
            let after = (unit + 1..units).map(|j| own[j * units + unit]);
            let up = after.fold(largest[unit], f64::max);
            let square = own[unit * units + unit];
            thresholds[unit] = (square + up) / 2.0;
            self.least_gap = self.least_gap.min((square - up) / square);
        }
        // Vᵀ from the last unit to the first: at point j only units from j on are active.
        let mut moves = vec![0.0; units * width];
        for j in (0..units).rev() {
            let label = usize::from(self.distinct.points.labels[self.order[block.start + j]]);
            let mut rest: Vec<f64> =
                (0..width).map(|c| self.surrogates[label * width + c] - u[j * width + c]).collect();
            let active = |unit: usize| (own[j * units + unit] - thresholds[unit]).max(0.0);
            for unit in j + 1..units {
                let activation = active(unit);
                if activation > 0.0 {
                    for c in 0..width {
                        rest[c] -= activation * moves[unit * width + c];
                    }
                }
            }
            // Rounding may leave no room for a unit of its own; such a point stays where it is.
            let own = active(j);
            if own > 0.0 {
                for c in 0..width {
                    moves[j * width + c] = rest[c] / own;
                }
            }
        }
        self.network.set_block(index, &u, &thresholds, &moves);
    }
}

/// Indices by decreasing length of z, and z itself (n × k); nothing where two points have one z.
fn sorted(network: &Network<f64>, points: &Points) -> Option<(Vec<usize>, Vec<f64>)> {
    let (n, width) = (points.len(), network.shape.width);
    let mut z = vec![0.0; n * width];
    let mut h = vec![[0.0; LANES]; width];
    for (tile, inputs) in points.inputs.chunks(LANES * points.dimension).enumerate() {
        network.project(inputs, &mut h);
        for lane in 0..inputs.len() / points.dimension {
            for c in 0..width {
                z[(tile * LANES + lane) * width + c] = h[c][lane];
            }
        }
    }
    let at = |index: usize| &z[index * width..][..width];
    let squares: Vec<f64> = (0..n).map(|index| product(at(index), at(index))).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_unstable_by(|x, y| before((squares[*x], at(*x), *x), (squares[*y], at(*y), *y)));
    let one = order.windows(2).any(|pair| at(pair[0]) == at(pair[1]));
    (!one && squares[order[n - 1]] > 0.0).then_some((order, z))
}

/// By decreasing length; equal lengths are told apart by coordinates and equal places by their numbers, so that the
/// order is one and equal places are neighbours.
#[inline(never)]
fn before(x: (f64, &[f64], usize), y: (f64, &[f64], usize)) -> Ordering {
    let coordinates = x.1.iter().zip(y.1).map(|(x, y)| x.total_cmp(y)).find(|order| order.is_ne());
    y.0.total_cmp(&x.0).then_with(|| coordinates.unwrap_or(x.2.cmp(&y.2)))
}
