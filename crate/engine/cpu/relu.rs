//! One ReLU network over points: the sweeps forward and back, 32 points at a time.
//!
//! Activations of 32 points are matrices of `side × 32`, one column a point. Forward, a block makes
//! Z = relu(U H + s 1ᵀ) and H ← H + (αV) Z: two products. Back, with G = ∂f/∂H, it makes M = G Zᵀ,
//! D = (αV)ᵀ G where Z > 0, ∂U = D Hᵀ and G ← G + Uᵀ D: four. Then ∂V = α M and ∂α = ⟨V, M⟩, so a
//! trained α costs no product.

use identity_lab_kernels::{
    POINTS, accumulate, accumulate_transposed, add, add_row_sums, keep_active, outer, rectify, side,
    sum_outer, transform, transform_transposed, transpose,
};

use crate::data::points::Points;
use crate::experiment::Loss;
use crate::network::relu::Layout;

/// Points in chunks of 32 columns, the last filled up with points that count nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunks {
    dimension: usize,
    count: usize,
    /// For each chunk d × 32.
    inputs: Vec<f32>,
    labels: Vec<u16>,
}

impl Chunks {
    /// Those points, in that order.
    pub fn new(points: &Points, indices: impl ExactSizeIterator<Item = usize>) -> Self {
        let (dimension, count) = (points.dimension, indices.len());
        let mut inputs = vec![0.0; count.div_ceil(POINTS) * dimension * POINTS];
        let mut labels = Vec::with_capacity(count);
        for (place, index) in indices.enumerate() {
            let chunk = &mut inputs[place / POINTS * dimension * POINTS..];
            for (axis, x) in points.point(index).iter().enumerate() {
                chunk[axis * POINTS + place % POINTS] = *x;
            }
            labels.push(points.labels[index]);
        }
        Self { dimension, count, inputs, labels }
    }

    /// All points.
    pub fn all(points: &Points) -> Self {
        Self::new(points, 0..points.len())
    }

    fn chunks(&self) -> impl Iterator<Item = (&[f32], &[u16])> {
        self.inputs.chunks_exact(self.dimension * POINTS).zip(self.labels.chunks(POINTS))
    }
}

/// A network's parameters as the sweeps want them: padded, α times V in place of V.
#[derive(Debug, Clone)]
pub struct Weights {
    layout: Layout,
    side: usize,
    identity: bool,
    /// side × d.
    input: Vec<f32>,
    blocks: Vec<BlockWeights>,
    /// r × side.
    output: Vec<f32>,
}

#[derive(Debug, Clone)]
struct BlockWeights {
    u: Vec<f32>,
    s: Vec<f32>,
    scaled: Vec<f32>,
}

impl Weights {
    /// Zero weights of that shape, to be set.
    pub fn new(layout: Layout, identity: bool) -> Self {
        let side = side(layout.width);
        let block =
            BlockWeights { u: vec![0.0; side * side], s: vec![0.0; side], scaled: vec![0.0; side * side] };
        Self {
            layout,
            side,
            identity,
            input: vec![0.0; side * layout.dimension],
            blocks: vec![block; layout.blocks],
            output: vec![0.0; layout.classes * side],
        }
    }

    /// Takes over flat parameters.
    pub fn set(&mut self, parameters: &[f32]) {
        let (layout, side, k) = (self.layout, self.side, self.layout.width);
        let input = &parameters[layout.input()];
        self.input[..input.len()].copy_from_slice(input);
        for (index, block) in self.blocks.iter_mut().enumerate() {
            let at = layout.block(index);
            let alpha = parameters[at.alpha];
            let rows = parameters[at.u].chunks_exact(k).zip(parameters[at.v].chunks_exact(k));
            let to = block.u.chunks_exact_mut(side).zip(block.scaled.chunks_exact_mut(side));
            for ((u, v), (to_u, to_v)) in rows.zip(to) {
                to_u[..k].copy_from_slice(u);
                to_v.iter_mut().zip(v).for_each(|(to, v)| *to = alpha * v);
            }
            block.s[..k].copy_from_slice(&parameters[at.s]);
        }
        let rows = parameters[layout.output()].chunks_exact(k);
        for (from, to) in rows.zip(self.output.chunks_exact_mut(side)) {
            to[..k].copy_from_slice(from);
        }
    }
}

/// Memory for the sweeps, and the gradient that they add up.
#[derive(Debug, Clone)]
pub struct Sweep {
    layout: Layout,
    side: usize,
    /// h_0 … h_L.
    hidden: Vec<f32>,
    /// relu(U h + s) of every block.
    active: Vec<f32>,
    logits: Vec<f32>,
    by_hidden: Vec<f32>,
    by_before: Vec<f32>,
    through: Vec<f32>,
    transposed: Vec<f32>,
    product: Vec<f32>,
    gradient: Gradient,
}

/// ∂f by padded parameters.
#[derive(Debug, Clone)]
struct Gradient {
    input: Vec<f32>,
    blocks: Vec<BlockWeights>,
    output: Vec<f32>,
}

impl Sweep {
    /// Memory for networks of that shape.
    pub fn new(layout: Layout) -> Self {
        let side = side(layout.width);
        let size = side * POINTS;
        let Weights { input, blocks, output, .. } = Weights::new(layout, true);
        Self {
            layout,
            side,
            hidden: vec![0.0; (layout.blocks + 1) * size],
            active: vec![0.0; layout.blocks * size],
            logits: vec![0.0; layout.classes * POINTS],
            by_hidden: vec![0.0; size],
            by_before: vec![0.0; size],
            through: vec![0.0; size],
            transposed: vec![0.0; size],
            product: vec![0.0; side * side],
            gradient: Gradient { input, blocks, output },
        }
    }

    /// The mean loss over points.
    pub fn loss(&mut self, weights: &Weights, chunks: &Chunks, loss: Loss) -> f32 {
        let mut total = 0.0;
        for (inputs, labels) in chunks.chunks() {
            self.forward(weights, inputs);
            total += self.score(loss, labels, chunks.count);
        }
        (total / chunks.count as f64) as f32
    }

    /// The mean loss over points; `gradient` becomes its gradient by every flat parameter.
    pub fn gradient(
        &mut self,
        weights: &Weights,
        parameters: &[f32],
        chunks: &Chunks,
        loss: Loss,
        gradient: &mut [f32],
    ) -> f32 {
        let mut total = 0.0;
        self.gradient.clear();
        for (inputs, labels) in chunks.chunks() {
            self.forward(weights, inputs);
            total += self.score(loss, labels, chunks.count);
            self.backward(weights, inputs);
        }
        self.gradient.write(self.layout, self.side, parameters, gradient);
        (total / chunks.count as f64) as f32
    }

    /// Number of points whose own class has the largest logit.
    pub fn correct(&mut self, weights: &Weights, chunks: &Chunks) -> usize {
        let mut correct = 0;
        for (inputs, labels) in chunks.chunks() {
            self.forward(weights, inputs);
            for (place, label) in labels.iter().enumerate() {
                let logit = |class: usize| self.logits[class * POINTS + place];
                let own = logit(usize::from(*label));
                let others = (0..self.layout.classes).filter(|class| *class != usize::from(*label));
                // Written so that NaN is never correct.
                correct += usize::from(others.map(logit).all(|other| own > other));
            }
        }
        correct
    }

    /// The logits of every point, n × r.
    pub fn logits(&mut self, weights: &Weights, chunks: &Chunks) -> Vec<f32> {
        let mut out = Vec::with_capacity(chunks.count * self.layout.classes);
        for (inputs, labels) in chunks.chunks() {
            self.forward(weights, inputs);
            for place in 0..labels.len() {
                out.extend((0..self.layout.classes).map(|class| self.logits[class * POINTS + place]));
            }
        }
        out
    }

    /// h_0 … h_L of every point: (L + 1) × n × k.
    pub fn hidden(&mut self, weights: &Weights, chunks: &Chunks) -> Vec<f32> {
        let Layout { width, blocks, .. } = self.layout;
        let mut out = vec![0.0; (blocks + 1) * chunks.count * width];
        let mut first = 0;
        for (inputs, labels) in chunks.chunks() {
            self.forward(weights, inputs);
            for (layer, hidden) in self.hidden.chunks_exact(self.side * POINTS).enumerate() {
                for place in 0..labels.len() {
                    let at = (layer * chunks.count + first + place) * width;
                    for (unit, out) in out[at..at + width].iter_mut().enumerate() {
                        *out = hidden[unit * POINTS + place];
                    }
                }
            }
            first += labels.len();
        }
        out
    }

    fn forward(&mut self, weights: &Weights, inputs: &[f32]) {
        let (side, size) = (self.side, self.side * POINTS);
        self.hidden[..size].fill(0.0);
        accumulate(&mut self.hidden[..size], &weights.input, inputs);
        for (index, block) in weights.blocks.iter().enumerate() {
            let (done, rest) = self.hidden.split_at_mut((index + 1) * size);
            let (hidden, next) = (&done[index * size..], &mut rest[..size]);
            let active = &mut self.active[index * size..][..size];
            transform(active, None, &block.u, hidden, side);
            rectify(active, &block.s);
            transform(next, weights.identity.then_some(hidden), &block.scaled, active, side);
        }
        self.logits.fill(0.0);
        accumulate(&mut self.logits, &weights.output, &self.hidden[weights.blocks.len() * size..]);
    }

    /// The losses of a chunk added up; the logits become the gradient of the mean of `count` losses by them.
    fn score(&mut self, loss: Loss, labels: &[u16], count: usize) -> f64 {
        let scale = 1.0 / count as f32;
        let mut total = 0.0;
        let rows = self.logits.as_chunks_mut::<POINTS>().0;
        for (place, label) in labels.iter().enumerate() {
            let label = usize::from(*label);
            match loss {
                Loss::CrossEntropy => {
                    let largest = rows.iter().fold(f32::MIN, |most, row| most.max(row[place]));
                    let own = rows[label][place] - largest;
                    let mut sum = 0.0;
                    for row in rows.iter_mut() {
                        row[place] = libm::expf(row[place] - largest);
                        sum += row[place];
                    }
                    total += f64::from(libm::logf(sum) - own);
                    rows.iter_mut().for_each(|row| row[place] *= scale / sum);
                    rows[label][place] -= scale;
                }
                Loss::Squared => {
                    rows[label][place] -= 1.0;
                    let squares = rows.iter().map(|row| row[place] * row[place]);
                    total += f64::from(squares.sum::<f32>());
                    rows.iter_mut().for_each(|row| row[place] *= 2.0 * scale);
                }
            }
        }
        // Points that fill up the chunk count nothing.
        rows.iter_mut().for_each(|row| row[labels.len()..].fill(0.0));
        total
    }

    fn backward(&mut self, weights: &Weights, inputs: &[f32]) {
        let (side, size) = (self.side, self.side * POINTS);
        let last = weights.blocks.len();
        sum_outer(&mut self.gradient.output, &self.logits, &self.hidden[last * size..]);
        self.by_hidden.fill(0.0);
        accumulate_transposed(&mut self.by_hidden, &weights.output, &self.logits, side);
        for (index, block) in weights.blocks.iter().enumerate().rev() {
            let gradient = &mut self.gradient.blocks[index];
            let active = &self.active[index * size..][..size];
            transpose(&mut self.transposed, active, side, POINTS);
            outer(&mut self.product, &self.by_hidden, &self.transposed, side);
            add(&mut gradient.scaled, &self.product);
            transform_transposed(&mut self.by_before, None, &block.scaled, &self.by_hidden, side);
            keep_active(&mut self.by_before, active);
            transpose(&mut self.transposed, &self.hidden[index * size..][..size], side, POINTS);
            outer(&mut self.product, &self.by_before, &self.transposed, side);
            add(&mut gradient.u, &self.product);
            add_row_sums(&mut gradient.s, &self.by_before);
            let base = weights.identity.then_some(self.by_hidden.as_slice());
            transform_transposed(&mut self.through, base, &block.u, &self.by_before, side);
            std::mem::swap(&mut self.by_hidden, &mut self.through);
        }
        sum_outer(&mut self.gradient.input, &self.by_hidden, inputs);
    }
}

impl Gradient {
    fn clear(&mut self) {
        self.input.fill(0.0);
        self.output.fill(0.0);
        for BlockWeights { u, s, scaled } in &mut self.blocks {
            [u, s, scaled].into_iter().for_each(|part| part.fill(0.0));
        }
    }

    /// As a flat gradient: ∂V = α M and ∂α = ⟨V, M⟩ for the gradient M by α V.
    fn write(&self, layout: Layout, side: usize, parameters: &[f32], flat: &mut [f32]) {
        let k = layout.width;
        let input = layout.input();
        flat[input.clone()].copy_from_slice(&self.input[..input.len()]);
        for (index, block) in self.blocks.iter().enumerate() {
            let at = layout.block(index);
            let alpha = parameters[at.alpha];
            let rows = block.u.chunks_exact(side).zip(flat[at.u].chunks_exact_mut(k));
            rows.for_each(|(from, to)| to.copy_from_slice(&from[..k]));
            flat[at.s].copy_from_slice(&block.s[..k]);
            let values = parameters[at.v.clone()].chunks_exact(k);
            let rows = block.scaled.chunks_exact(side).zip(flat[at.v].chunks_exact_mut(k));
            let mut by_alpha = 0.0;
            for ((from, to), v) in rows.zip(values) {
                for ((to, from), v) in to.iter_mut().zip(from).zip(v) {
                    *to = alpha * from;
                    by_alpha += v * from;
                }
            }
            flat[at.alpha] = by_alpha;
        }
        let rows = self.output.chunks_exact(side).zip(flat[layout.output()].chunks_exact_mut(k));
        rows.for_each(|(from, to)| to.copy_from_slice(&from[..k]));
    }
}
