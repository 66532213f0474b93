//! The construction as the paper prints it, with one threshold for all units of a block.
//!
//! A₀ is Gaussian; it has the scale 1/√k, which the paper leaves out and without which no length is near 1. The
//! surrogates are unit vectors, the points are taken in the order in which they come, and the units of a block of
//! points S share one threshold, here the most favourable: half-way between the least ‖h_i‖² of S and the largest
//! ⟨h_j, h_i⟩, i in S, j ≠ i. Where that product is smaller, which is what Lemma B.1 asks of the points, each unit
//! is active at its own point alone, the activations are diagonal, V = (q − h_i) / (‖h_i‖² − b) column by column,
//! and the block does what the theorem says. Where it is not, units are active at points of others: these are moved
//! as the network moves them, and count as fitted only if their logits still say so.

use super::lanes::{LANES, Lanes, Real, relu, shift};
use super::network::{Network, Shape};
use super::start::{gaussian_map, surrogates};
use super::{Distinct, distinct};
use crate::data::points::Points;
use crate::error::Result;
use crate::rng::{Random, Stream};

/// A network while it is built, some blocks a call.
pub struct Printed {
    distinct: Distinct,
    network: Network<f64>,
    /// h of every point, eight side by side, moved by every block built: `hidden[tile · k + c]`.
    hidden: Vec<Lanes<f64>>,
    surrogates: Vec<f64>,
    built: usize,
    separated: usize,
}

impl Printed {
    /// Begins a network of width k ≥ 2; the same seed is the same network.
    pub fn new(points: &Points, width: usize, seed: u32) -> Result<Self> {
        let distinct = distinct(points, width)?;
        let n = distinct.points.len();
        let (dimension, classes) = (points.dimension, points.classes);
        let shape = Shape { dimension, width, blocks: n.div_ceil(width), classes };
        let mut network = Network { shape, parameters: vec![0.0; shape.count()] };
        let mut random = Random::new(seed, Stream::Construction);
        let map = gaussian_map(width, dimension, &mut random);
        network.parameters[shape.projection()].copy_from_slice(&map);
        let surrogates = surrogates(classes, width, &mut random);
        network.read_out(&surrogates);
        let mut hidden = vec![[0.0; LANES]; n.div_ceil(LANES) * width];
        let tiles = distinct.points.inputs.chunks(LANES * dimension);
        for (inputs, h) in tiles.zip(hidden.chunks_exact_mut(width)) {
            network.project(inputs, h);
        }
        Ok(Self { distinct, network, hidden, surrogates, built: 0, separated: 0 })
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

    /// Blocks in which one threshold tells every point from all others.
    pub fn separated(&self) -> usize {
        self.separated
    }

    /// Blocks built so far.
    pub fn built(&self) -> usize {
        self.built
    }

    /// The network.
    pub fn network(&self) -> &Network<f64> {
        &self.network
    }

    /// The distinct points, and how many points are equal to each.
    pub fn distinct(&self) -> (&Points, &[usize]) {
        (&self.distinct.points, &self.distinct.copies)
    }

    fn block(&mut self, index: usize) {
        let Shape { width, .. } = self.network.shape;
        let n = self.distinct.points.len();
        let (first, end) = (index * width, n.min((index + 1) * width));
        let units = end - first;
        let at = |position: usize| {
            let tile = &self.hidden[position / LANES * width..][..width];
            tile.iter().map(move |lanes| lanes[position % LANES])
        };
        let u: Vec<f64> = (first..end).flat_map(at).collect();
        let tiles = self.hidden.len() / width;
        let mut p = vec![[0.0; LANES]; tiles * units];
        for (h, p) in self.hidden.chunks_exact(width).zip(p.chunks_exact_mut(units)) {
            f64::products(&u, h, p);
        }
        let product = |position: usize, unit: usize| p[position / LANES * units + unit][position % LANES];
        let (mut least, mut largest) = (f64::INFINITY, f64::NEG_INFINITY);
        for unit in 0..units {
            least = least.min(product(first + unit, unit));
            let others = (0..n).filter(|position| *position != first + unit);
            largest = others.map(|position| product(position, unit)).fold(largest, f64::max);
        }
        let threshold = (least + largest) / 2.0;
        self.separated += usize::from(largest < least);
        let mut moves = vec![0.0; units * width];
        for unit in 0..units {
            let own = product(first + unit, unit) - threshold;
            let label = usize::from(self.distinct.points.labels[first + unit]);
            if own > 0.0 {
                for c in 0..width {
                    moves[unit * width + c] =
                        (self.surrogates[label * width + c] - u[unit * width + c]) / own;
                }
            }
        }
        self.network.set_block(index, &u, &vec![threshold; units], &moves);
        let v = &self.network.parameters[self.network.shape.block(index).v];
        let s = vec![-threshold; units];
        let mut a = vec![[0.0; LANES]; width];
        for (h, p) in self.hidden.chunks_exact_mut(width).zip(p.chunks_exact_mut(units)) {
            let active = relu(p, &s);
            if active.contains(&true) {
                a[..units].copy_from_slice(p);
                shift(v, &a, active, h);
            }
        }
    }
}
