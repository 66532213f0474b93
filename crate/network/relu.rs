//! ReLU residual networks in f64: the reference for every f32 engine.
//!
//! h₀ = A₀ x; h_j = h_{j−1} + α_j V_j relu(U_j h_{j−1} + s_j), or without h_{j−1} in front; logits B h_L.
//! Hardt and Ma, *Identity Matters in Deep Learning*, section 3, with the scalar α of SkipInit and ReZero.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use super::objective::{Groups, Objective};
use crate::data::classification::Classification;
use crate::data::matrix::from_flat;
use crate::data::points::Points;
use crate::error::{LabError, Result};
use crate::experiment::{Loss, Parametrization};

/// Where the parameters stand in the flat layout: A₀ (k × d); for each block U (k × k), s (k), V (k × k), α;
/// then B (r × k). Matrices are row-major.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Dimension d of inputs.
    pub dimension: usize,
    /// Width k of every hidden layer.
    pub width: usize,
    /// Number L of blocks.
    pub blocks: usize,
    /// Number r of classes.
    pub classes: usize,
}

/// Where the parts of one block stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRanges {
    /// U.
    pub u: Range<usize>,
    /// s.
    pub s: Range<usize>,
    /// V.
    pub v: Range<usize>,
    /// Where α stands.
    pub alpha: usize,
}

impl Layout {
    /// A₀.
    pub fn input(&self) -> Range<usize> {
        0..self.width * self.dimension
    }

    fn block_size(&self) -> usize {
        2 * self.width * self.width + self.width + 1
    }

    /// The parts of a block, counted from 0.
    pub fn block(&self, index: usize) -> BlockRanges {
        let (k, at) = (self.width, self.input().end + index * self.block_size());
        let (s, v) = (at + k * k, at + k * k + k);
        BlockRanges { u: at..s, s: s..v, v: v..v + k * k, alpha: v + k * k }
    }

    /// B.
    pub fn output(&self) -> Range<usize> {
        let at = self.input().end + self.blocks * self.block_size();
        at..at + self.classes * self.width
    }

    /// Number of parameters.
    pub fn count(&self) -> usize {
        self.output().end
    }

    /// Sets to zero the entries of a gradient that belong to parameters which are not trained: A₀ and B
    /// where the ends are fixed, every α where gains are.
    pub fn keep_trained<T: Copy + Default>(&self, gradient: &mut [T], ends: bool, gains: bool) {
        if !ends {
            gradient[self.input()].fill(T::default());
            gradient[self.output()].fill(T::default());
        }
        if !gains {
            (0..self.blocks).for_each(|block| gradient[self.block(block).alpha] = T::default());
        }
    }
}

/// One block's matrices.
#[derive(Debug, Clone)]
struct Block {
    u: DMatrix<f64>,
    s: DVector<f64>,
    v: DMatrix<f64>,
    alpha: f64,
}

/// A network with its parameters as matrices.
#[derive(Debug, Clone)]
pub struct ReluNetwork {
    identity: bool,
    input: DMatrix<f64>,
    blocks: Vec<Block>,
    output: DMatrix<f64>,
}

/// What a forward sweep leaves: h_0 … h_L and U_j h_{j−1} + s_j, each k × n, and the logits r × n.
#[derive(Debug, Clone)]
pub struct Forward {
    /// h_0 … h_L.
    pub hidden: Vec<DMatrix<f64>>,
    before: Vec<DMatrix<f64>>,
    /// B h_L.
    pub logits: DMatrix<f64>,
}

impl ReluNetwork {
    /// The network of flat parameters.
    pub fn new<T: Copy + Into<f64>>(
        layout: Layout,
        parametrization: Parametrization,
        parameters: &[T],
    ) -> Self {
        let k = layout.width;
        let matrix = |range: Range<usize>, columns: usize| {
            let rows = range.len() / columns;
            from_flat(&parameters[range], rows, columns)
        };
        let blocks = (0..layout.blocks)
            .map(|index| {
                let at = layout.block(index);
                Block {
                    u: matrix(at.u, k),
                    s: matrix(at.s, 1).column(0).into_owned(),
                    v: matrix(at.v, k),
                    alpha: parameters[at.alpha].into(),
                }
            })
            .collect();
        Self {
            identity: parametrization.is_identity(),
            input: matrix(layout.input(), layout.dimension),
            blocks,
            output: matrix(layout.output(), k),
        }
    }

    /// The forward sweep for inputs in the columns of x (d × n).
    pub fn forward(&self, x: &DMatrix<f64>) -> Forward {
        let mut hidden = vec![&self.input * x];
        let mut before = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            let h = &hidden[hidden.len() - 1];
            let mut z = &block.u * h;
            z.column_iter_mut().for_each(|mut column| column += &block.s);
            let branch = &block.v * z.map(|z| z.max(0.0)) * block.alpha;
            hidden.push(if self.identity { h + branch } else { branch });
            before.push(z);
        }
        let logits = &self.output * &hidden[self.blocks.len()];
        Forward { hidden, before, logits }
    }

    /// The gradient by every parameter, flat, given that by the logits (r × n).
    fn backward(&self, x: &DMatrix<f64>, forward: &Forward, by_logits: &DMatrix<f64>) -> Vec<f64> {
        let last = self.blocks.len();
        let output = to_flat_f64(&(by_logits * forward.hidden[last].transpose()));
        let mut by_hidden = self.output.transpose() * by_logits;
        let mut blocks = Vec::with_capacity(last);
        for (index, block) in self.blocks.iter().enumerate().rev() {
            let z = &forward.before[index];
            let product = &by_hidden * z.map(|z| z.max(0.0)).transpose();
            let mut by_z = block.v.transpose() * &by_hidden * block.alpha;
            by_z.zip_apply(z, |g, z| {
                if z <= 0.0 {
                    *g = 0.0;
                }
            });
            let mut flat = to_flat_f64(&(&by_z * forward.hidden[index].transpose()));
            flat.extend(by_z.column_sum().iter());
            flat.extend(to_flat_f64(&(&product * block.alpha)));
            flat.push(product.dot(&block.v));
            blocks.push(flat);
            let through = block.u.transpose() * by_z;
            by_hidden = if self.identity { by_hidden + through } else { through };
        }
        blocks.reverse();
        let input = to_flat_f64(&(by_hidden * x.transpose()));
        [vec![input], blocks, vec![output]].into_iter().flatten().flatten().collect()
    }
}

fn to_flat_f64(matrix: &DMatrix<f64>) -> Vec<f64> {
    matrix.transpose().iter().copied().collect()
}

/// The points as columns, d × n.
pub fn columns(points: &Points) -> DMatrix<f64> {
    from_flat(&points.inputs, points.len(), points.dimension).transpose()
}

/// The mean loss over points, and its gradient by the logits (r × n).
pub fn loss(kind: Loss, logits: &DMatrix<f64>, labels: &[u16]) -> (f64, DMatrix<f64>) {
    let n = labels.len() as f64;
    let mut gradient = logits.clone();
    let mut total = 0.0;
    for (mut column, label) in gradient.column_iter_mut().zip(labels) {
        let label = usize::from(*label);
        match kind {
            Loss::CrossEntropy => {
                let largest = column.max();
                let own = column[label] - largest;
                column.apply(|x| *x = libm::exp(*x - largest));
                let sum = column.sum();
                total += libm::log(sum) - own;
                column /= sum;
                column[label] -= 1.0;
            }
            Loss::Squared => {
                column[label] -= 1.0;
                total += column.norm_squared();
                column *= 2.0;
            }
        }
    }
    (total / n, gradient / n)
}

/// The mean loss of a ReLU network as a function of its flat parameters.
#[derive(Debug, Clone)]
pub struct ReluObjective {
    parametrization: Parametrization,
    layout: Layout,
    loss: Loss,
    train_ends: bool,
    train_gains: bool,
    x: DMatrix<f64>,
    labels: Vec<u16>,
}

impl ReluObjective {
    /// The objective of a problem for networks of that kind, with or without their α trained.
    pub fn new(problem: &Classification, parametrization: Parametrization, train_gains: bool) -> Self {
        Self {
            parametrization,
            layout: problem.layout,
            loss: problem.loss,
            train_ends: problem.train_ends,
            train_gains,
            x: columns(&problem.points),
            labels: problem.points.labels.clone(),
        }
    }

    /// At other inputs, in the columns of `x`.
    pub fn with_inputs(self, x: DMatrix<f64>) -> Self {
        Self { x, ..self }
    }
}

impl Objective for ReluObjective {
    fn count(&self) -> usize {
        self.layout.count()
    }

    /// The weights into one unit with its bias are a filter; α is one of its own.
    fn groups(&self) -> Groups {
        let Layout { dimension, width, blocks, .. } = self.layout;
        let rows = |range: Range<usize>, columns: usize| {
            range.step_by(columns).map(move |at| at..at + columns).collect::<Vec<_>>()
        };
        let mut filters = rows(self.layout.input(), dimension);
        let mut layers = vec![self.layout.input()];
        for index in 0..blocks {
            let at = self.layout.block(index);
            filters.extend(rows(at.u.clone(), width));
            filters.push(at.s.clone());
            filters.extend(rows(at.v.clone(), width));
            filters.push(at.alpha..at.alpha + 1);
            layers.extend([at.u, at.s, at.v, at.alpha..at.alpha + 1]);
        }
        filters.extend(rows(self.layout.output(), width));
        layers.push(self.layout.output());
        Groups { filters, layers }
    }

    fn value(&self, parameters: &[f64]) -> f64 {
        let network = ReluNetwork::new(self.layout, self.parametrization, parameters);
        loss(self.loss, &network.forward(&self.x).logits, &self.labels).0
    }

    fn gradient(&self, parameters: &[f64]) -> Vec<f64> {
        let network = ReluNetwork::new(self.layout, self.parametrization, parameters);
        let forward = network.forward(&self.x);
        let (_, by_logits) = loss(self.loss, &forward.logits, &self.labels);
        let mut gradient = network.backward(&self.x, &forward, &by_logits);
        self.layout.keep_trained(&mut gradient, self.train_ends, self.train_gains);
        gradient
    }
}

/// The Jacobians of every block where an input passes it: α V D U, and I + it where the block has a skip;
/// D is 1 where U h + s > 0.
pub fn jacobians(
    layout: Layout,
    parametrization: Parametrization,
    parameters: &[f32],
    input: &[f32],
) -> Result<Vec<DMatrix<f64>>> {
    if input.len() != layout.dimension || input.iter().any(|x| !x.is_finite()) {
        let message = format!("allowed are {} finite numbers; got {input:?}", layout.dimension);
        return Err(LabError::field("input", message));
    }
    let network = ReluNetwork::new(layout, parametrization, parameters);
    let forward = network.forward(&from_flat(input, layout.dimension, 1));
    let jacobian = |(Block { u, v, alpha, .. }, z): (&Block, &DMatrix<f64>)| {
        let mut active = u.clone();
        active.row_iter_mut().zip(z).filter(|(_, z)| **z <= 0.0).for_each(|(mut row, _)| row.fill(0.0));
        let mut jacobian = v * active * *alpha;
        if network.identity {
            (0..layout.width).for_each(|i| jacobian[(i, i)] += 1.0);
        }
        jacobian
    };
    Ok(network.blocks.iter().zip(&forward.before).map(jacobian).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Data, Experiment, Network, Start};
    use crate::network::init::start_of;
    use crate::network::objective::norm;
    use crate::rng::{Random, Stream};

    fn problem(loss: Loss, train_ends: bool) -> (Experiment, Classification) {
        let experiment = Experiment {
            network: Network::Relu { width: 5, blocks: 3, loss, train_ends },
            data: Data::Set {
                set: crate::data::sets::PointSet::Spirals,
                points: 30,
                classes: 3,
                dimension: 2,
                noise: 0.05,
                held_out: 0.2,
            },
            ..Experiment::default()
        };
        let problem = Classification::new(&experiment).unwrap();
        (experiment, problem)
    }

    #[test]
    fn parts_follow_one_another_without_gap() {
        let layout = Layout { dimension: 3, width: 4, blocks: 2, classes: 5 };
        let mut at = layout.input().end;
        for index in 0..2 {
            let BlockRanges { u, s, v, alpha } = layout.block(index);
            assert_eq!((u.start, s.start, v.start, alpha), (at, at + 16, at + 20, at + 36));
            at = alpha + 1;
        }
        assert_eq!(layout.output(), at..at + 20);
        assert_eq!(layout.count(), at + 20);
    }

    /// Away from kinks; a draw near one would show as an error of the size of ε.
    #[test]
    fn the_gradient_agrees_with_differences() {
        for loss in [Loss::CrossEntropy, Loss::Squared] {
            for parametrization in [Parametrization::Identity, Parametrization::Standard] {
                let (experiment, problem) = problem(loss, true);
                let objective = ReluObjective::new(&problem, parametrization, true);
                let start = start_of(&Start::He { scale: 1.0 }, parametrization, &experiment);
                let mut random = Random::new(3, Stream::Direction);
                let theta: Vec<f64> = start.iter().map(|x| f64::from(*x) + 0.1 * random.normal()).collect();
                let gradient = objective.gradient(&theta);
                assert!(norm(&gradient) > 0.01);
                let epsilon = 1e-7;
                for index in 0..theta.len() {
                    let at = |step: f64| {
                        let mut moved = theta.clone();
                        moved[index] += step;
                        objective.value(&moved)
                    };
                    let difference = (at(epsilon) - at(-epsilon)) / (2.0 * epsilon);
                    let error = (difference - gradient[index]).abs();
                    assert!(error < 1e-6 * (1.0 + norm(&gradient)), "{loss:?} {index}: {error}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_trained_has_no_gradient() {
        let (experiment, problem) = problem(Loss::CrossEntropy, false);
        let start = start_of(&Start::He { scale: 1.0 }, Parametrization::Identity, &experiment);
        let theta: Vec<f64> = start.iter().map(|x| f64::from(*x)).collect();
        let gradient = ReluObjective::new(&problem, Parametrization::Identity, false).gradient(&theta);
        let layout = problem.layout;
        assert!(gradient[layout.input()].iter().chain(&gradient[layout.output()]).all(|g| *g == 0.0));
        let block = layout.block(1);
        assert!(gradient[block.alpha] == 0.0 && norm(&gradient[block.v]) > 0.0);
    }

    /// The Jacobians of all blocks together are the derivative of h_L by h_0.
    #[test]
    fn jacobians_are_derivatives() {
        let (experiment, problem) = problem(Loss::CrossEntropy, true);
        let layout = problem.layout;
        for parametrization in [Parametrization::Identity, Parametrization::Standard] {
            let theta = start_of(&Start::He { scale: 1.0 }, parametrization, &experiment);
            let input = [0.3, -0.7];
            let found = jacobians(layout, parametrization, &theta, &input).unwrap();
            let product = found.iter().fold(DMatrix::identity(5, 5), |product, j| j * product);
            let network = ReluNetwork::new(layout, parametrization, &theta);
            let last = |x: [f64; 2]| network.forward(&DMatrix::from_column_slice(2, 1, &x)).hidden[3].clone();
            for axis in 0..2 {
                let mut moved = input.map(f64::from);
                moved[axis] += 1e-6;
                let difference = (last(moved) - last(input.map(f64::from))) / 1e-6;
                let along = &product * network.input.column(axis);
                assert!((difference.column(0) - along).norm() < 1e-5);
            }
        }
        let error = jacobians(layout, Parametrization::Identity, &[0.0; 300], &[1.0]).unwrap_err();
        assert!(error.to_string().contains("2 finite numbers"), "{error}");
    }
}
