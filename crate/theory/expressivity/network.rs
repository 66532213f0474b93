//! A ReLU residual network with its parameters in one flat list, evaluated in f64 or in f32.

use std::ops::Range;

use super::lanes::{LANES, Lanes, Real, relu, shift};
use super::start::product;

/// What a network's parameters mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Dimension d of inputs.
    pub dimension: usize,
    /// Width k of hidden layers.
    pub width: usize,
    /// Number ℓ of residual blocks before the last.
    pub blocks: usize,
    /// Number r of classes.
    pub classes: usize,
}

/// Where a block's U, s and V are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRanges {
    /// U, row-major: a row a unit.
    pub u: Range<usize>,
    /// s.
    pub s: Range<usize>,
    /// V, row-major: a column a unit.
    pub v: Range<usize>,
}

impl BlockRanges {
    fn new(from: usize, units: usize, width: usize, out: usize) -> Self {
        let (s, v) = (from + units * width, from + units * width + units);
        Self { u: from..s, s: s..v, v: v..v + out * units }
    }
}

impl Shape {
    /// How many parameters there are.
    pub fn count(&self) -> usize {
        self.last().v.end
    }

    /// A₀ (k × d), row-major.
    pub fn projection(&self) -> Range<usize> {
        0..self.width * self.dimension
    }

    /// Block j, counted from 0: U (k × k), s (k), V (k × k).
    pub fn block(&self, index: usize) -> BlockRanges {
        let k = self.width;
        BlockRanges::new(self.projection().end + index * (2 * k * k + k), k, k, k)
    }

    /// Every matrix and vector of the parameters, one after the other.
    pub fn parts(&self) -> Vec<Range<usize>> {
        let blocks = (0..self.blocks).map(|index| self.block(index)).chain([self.last()]);
        let parts = blocks.flat_map(|BlockRanges { u, s, v }| [u, s, v]);
        [self.projection()].into_iter().chain(parts).collect()
    }

    /// The last block: U (r × k), s (r), V (r × r).
    pub fn last(&self) -> BlockRanges {
        let r = self.classes;
        BlockRanges::new(self.block(self.blocks).u.start, r, self.width, r)
    }
}

/// A network.
#[derive(Debug, Clone, PartialEq)]
pub struct Network<T> {
    /// What the parameters mean.
    pub shape: Shape,
    /// A₀, then each block's U, s and V, then those of the last block.
    pub parameters: Vec<T>,
}

/// Room for the evaluation of eight points.
pub struct Scratch<T> {
    h: Vec<Lanes<T>>,
    a: Vec<Lanes<T>>,
    logits: Vec<Lanes<T>>,
}

impl<T: Real> Network<T> {
    /// The same network with rounded parameters.
    pub fn rounded<S: Real>(&self) -> Network<S> {
        let parameters = self.parameters.iter().map(|x| S::rounded(x.double())).collect();
        Network { shape: self.shape, parameters }
    }

    /// Room for evaluations.
    pub fn scratch(&self) -> Scratch<T> {
        let Shape { width, classes, .. } = self.shape;
        let lanes = |count| vec![[T::default(); LANES]; count];
        Scratch { h: lanes(width), a: lanes(width.max(classes)), logits: lanes(classes) }
    }

    /// A₀ x for at most eight points, which stand one after the other. Places without a point hold zeros.
    #[inline(never)]
    pub fn project(&self, inputs: &[f32], h: &mut [Lanes<T>]) {
        let Shape { dimension, width, .. } = self.shape;
        let mut x = vec![[T::default(); LANES]; dimension];
        for (lane, point) in inputs.chunks_exact(dimension).enumerate() {
            for (x, value) in x.iter_mut().zip(point) {
                x[lane] = T::rounded(f64::from(*value));
            }
        }
        T::products(&self.parameters[self.shape.projection()], &x, &mut h[..width]);
    }

    /// Logits of at most eight points, one row of eight a class. `moves(block, lane)` hears of every block that is
    /// not the last and has an active unit at a point.
    #[inline(never)]
    pub fn logits<'a>(
        &self,
        inputs: &[f32],
        scratch: &'a mut Scratch<T>,
        moves: &mut dyn FnMut(usize, usize),
    ) -> &'a [Lanes<T>] {
        let Shape { width, blocks, classes, .. } = self.shape;
        let count = inputs.len() / self.shape.dimension;
        let Scratch { h, a, logits } = scratch;
        self.project(inputs, h);
        for block in 0..blocks {
            let BlockRanges { u, s, v } = self.shape.block(block);
            let a = &mut a[..width];
            T::products(&self.parameters[u], h, a);
            let active = relu(a, &self.parameters[s]);
            if active.contains(&true) {
                shift(&self.parameters[v], a, active, h);
                (0..count).filter(|lane| active[*lane]).for_each(|lane| moves(block, lane));
            }
        }
        let BlockRanges { u, s, v } = self.shape.last();
        let a = &mut a[..classes];
        T::products(&self.parameters[u], h, a);
        let active = relu(a, &self.parameters[s]);
        for (class, logit) in logits.iter_mut().enumerate() {
            *logit = h.get(class).copied().unwrap_or_default();
        }
        shift(&self.parameters[v], a, active, logits);
        logits
    }
}

impl Network<f64> {
    /// Sets block j to at most k units, given by their rows of U, their thresholds −s and their columns of V, one
    /// after the other; what they do not fill is zero.
    pub(super) fn set_block(&mut self, index: usize, rows: &[f64], thresholds: &[f64], columns: &[f64]) {
        let width = self.shape.width;
        let BlockRanges { u, s, v } = self.shape.block(index);
        self.parameters[u][..rows.len()].copy_from_slice(rows);
        for (s, threshold) in self.parameters[s].iter_mut().zip(thresholds) {
            *s = -threshold;
        }
        let v = &mut self.parameters[v];
        for (unit, column) in columns.chunks_exact(width).enumerate() {
            for (c, value) in column.iter().enumerate() {
                v[c * width + unit] = *value;
            }
        }
    }

    /// Sets the last block: unit c asks for the surrogate q_c, with a threshold b_c half-way between ‖q_c‖² and the
    /// largest ⟨q_c, q_c'⟩, and V[:, c] = (e_c − Pad q_c) / (‖q_c‖² − b_c) takes it to the one-hot logits of c.
    pub(super) fn read_out(&mut self, surrogates: &[f64]) {
        let Shape { width, classes, .. } = self.shape;
        let BlockRanges { u, s, v } = self.shape.last();
        self.parameters[u].copy_from_slice(surrogates);
        for (class, q) in surrogates.chunks_exact(width).enumerate() {
            let others = surrogates.chunks_exact(width).enumerate().filter(|(other, _)| *other != class);
            let up = others.map(|(_, other)| product(q, other)).fold(f64::NEG_INFINITY, f64::max);
            let square = product(q, q);
            let threshold = (square + up) / 2.0;
            self.parameters[s.start + class] = -threshold;
            for row in 0..classes {
                let goal = f64::from(u8::from(row == class));
                let from = q.get(row).copied().unwrap_or_default();
                self.parameters[v.start + row * classes + class] = (goal - from) / (square - threshold);
            }
        }
    }
}
