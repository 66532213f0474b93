//! ReLU networks as burn modules.

use ::burn::module::{Module, Param};
use ::burn::tensor::activation::relu;
use ::burn::tensor::{Device, Tensor};

use super::objective::{Kind, Objective, rows, squared_norm};
use super::{matrices, matrix};
use crate::data::classification::Classification;
use crate::experiment::{Loss, Parametrization};
use crate::landscape::plane::Grid;

/// One block: h + α V relu(U h + s), or without the h in front.
#[derive(Module, Debug)]
struct Block {
    u: Param<Tensor<2>>,
    /// s as a column.
    s: Param<Tensor<2>>,
    v: Param<Tensor<2>>,
    /// α as a 1 × 1 matrix.
    alpha: Param<Tensor<2>>,
    /// Whether the input is added to the output.
    #[module(skip)]
    identity: bool,
}

impl Block {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let active = relu(self.u.val().matmul(input.clone()) + self.s.val());
        let branch = self.v.val().matmul(active) * self.alpha.val();
        if self.identity { input + branch } else { branch }
    }
}

/// A ReLU network; burn differentiates by those of its parameters that entered autodiff.
#[derive(Module, Debug)]
struct Classifier {
    /// A₀.
    input: Param<Tensor<2>>,
    blocks: Vec<Block>,
    /// B.
    output: Param<Tensor<2>>,
}

impl Classifier {
    /// The network of parameters in the order of [`crate::network::relu::Layout`].
    fn new(parametrization: Parametrization, parameters: Vec<Tensor<2>>) -> Self {
        let identity = parametrization.is_identity();
        let count = parameters.len() / 4;
        let mut parameters = parameters.into_iter();
        let mut next = || Param::from_tensor(parameters.next().expect("every part has its matrix"));
        let input = next();
        let blocks =
            (0..count).map(|_| Block { u: next(), s: next(), v: next(), alpha: next(), identity }).collect();
        Self { input, blocks, output: next() }
    }

    /// The logits, for points in the columns of x.
    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let first = self.input.val().matmul(x);
        let last = self.blocks.iter().fold(first, |hidden, block| block.forward(hidden));
        self.output.val().matmul(last)
    }

    /// The gradient of a loss made by this network, outside autodiff: zero by what is not trained.
    fn gradient(&self, loss: &Tensor<1>, trained: &[bool]) -> Vec<Tensor<2>> {
        let mut gradients = loss.backward();
        let blocks = self.blocks.iter().flat_map(|block| [&block.u, &block.s, &block.v, &block.alpha]);
        let parameters = std::iter::once(&self.input).chain(blocks).chain([&self.output]);
        parameters
            .zip(trained)
            .map(|(parameter, trained)| {
                let values = parameter.val();
                match values.grad_remove(&mut gradients) {
                    Some(gradient) if *trained => gradient,
                    _ => values.zeros_like().inner(),
                }
            })
            .collect()
    }
}

/// Labelled points as tensors outside autodiff, one column a point.
struct Columns {
    /// d × n.
    inputs: Tensor<2>,
    /// r × n, 1 at the label of each point and 0 elsewhere.
    labels: Tensor<2>,
}

impl Columns {
    fn new(problem: &Classification, points: &[u32], device: &Device) -> Self {
        let (n, dimension, classes) = (points.len(), problem.layout.dimension, problem.layout.classes);
        let inputs = rows(&problem.points.inputs, dimension, points);
        let mut labels = vec![0.0; n * classes];
        for (place, point) in points.iter().enumerate() {
            labels[place * classes + usize::from(problem.points.labels[*point as usize])] = 1.0;
        }
        Self {
            inputs: matrix(&inputs, [n, dimension], device).transpose(),
            labels: matrix(&labels, [n, classes], device).transpose(),
        }
    }

    /// The mean over points of Σ (x − y)², or of log Σ exp x minus the label's x, for logits x.
    fn loss(&self, loss: Loss, logits: Tensor<2>) -> Tensor<1> {
        let labels = if logits.is_autodiff() { self.labels.clone().autodiff() } else { self.labels.clone() };
        let total = match loss {
            Loss::Squared => squared_norm(logits - labels),
            Loss::CrossEntropy => {
                // A shift by a constant changes neither the loss nor its gradient, so it is not differentiated.
                let shift = logits.clone().inner().max_dim(0);
                let logits = logits - if labels.is_autodiff() { shift.autodiff() } else { shift };
                let own = (logits.clone() * labels).sum();
                logits.exp().sum_dim(0).log().sum() - own
            }
        };
        total.div_scalar(self.labels.dims()[1] as f32)
    }
}

/// The mean loss of labelled points.
pub struct ReluObjective {
    problem: Classification,
    device: Device,
    all: Columns,
}

impl ReluObjective {
    /// The loss of a problem.
    pub fn new(problem: &Classification, device: &Device) -> Self {
        let every: Vec<u32> = (0..problem.points.len() as u32).collect();
        let all = Columns::new(problem, &every, device);
        Self { problem: problem.clone(), device: device.clone(), all }
    }

    /// Which of the matrices are trained.
    fn trained(&self, kind: Kind) -> Vec<bool> {
        let mut trained = vec![true; self.problem.layout.count()];
        self.problem.layout.keep_trained(&mut trained, self.problem.train_ends, kind.gains);
        let mut rest = trained.as_slice();
        let mut next = |[rows, columns]: [usize; 2]| {
            let (own, after) = rest.split_at(rows * columns);
            rest = after;
            own[0]
        };
        self.shapes().into_iter().map(&mut next).collect()
    }

    fn loss_and_gradient(
        &self,
        kind: Kind,
        parameters: &[Tensor<2>],
        points: &Columns,
    ) -> (Tensor<1>, Vec<Tensor<2>>) {
        let parameters = parameters.iter().map(|parameter| parameter.clone().autodiff()).collect();
        let network = Classifier::new(kind.parametrization, parameters);
        let logits = network.forward(points.inputs.clone().autodiff());
        let loss = points.loss(self.problem.loss, logits);
        let gradient = network.gradient(&loss, &self.trained(kind));
        (loss, gradient)
    }
}

impl Objective for ReluObjective {
    fn shapes(&self) -> Vec<[usize; 2]> {
        let layout = self.problem.layout;
        let k = layout.width;
        let block = [[k, k], [k, 1], [k, k], [1, 1]];
        let blocks = std::iter::repeat_n(block, layout.blocks).flatten();
        std::iter::once([k, layout.dimension]).chain(blocks).chain([[layout.classes, k]]).collect()
    }

    fn points(&self) -> usize {
        self.problem.points.len()
    }

    fn evaluate(&self, kind: Kind, parameters: &[Tensor<2>]) -> (Tensor<1>, Vec<Tensor<2>>) {
        let (loss, gradient) = self.loss_and_gradient(kind, parameters, &self.all);
        (loss.inner(), gradient)
    }

    fn batch_gradient(&self, kind: Kind, parameters: &[Tensor<2>], points: &[u32]) -> Vec<Tensor<2>> {
        let points = Columns::new(&self.problem, points, &self.device);
        self.loss_and_gradient(kind, parameters, &points).1
    }

    /// One forward sweep a point of the grid, outside autodiff.
    fn landscape(&self, grid: &Grid<'_>) -> Vec<Tensor<1>> {
        let shapes = self.shapes();
        let plane = &grid.plane;
        let row = |b: &f32| {
            let row: Vec<f32> = plane.origin.iter().zip(plane.v).map(|(origin, v)| origin + b * v).collect();
            let cell = |a: &f32| {
                let point: Vec<f32> = row.iter().zip(plane.u).map(|(row, u)| row + a * u).collect();
                let parameters = matrices(&point, &shapes, &self.device);
                let network = Classifier::new(plane.parametrization, parameters);
                let logits = network.forward(self.all.inputs.clone());
                self.all.loss(self.problem.loss, logits)
            };
            Tensor::cat(grid.a.iter().map(cell).collect(), 0)
        };
        grid.b.iter().map(row).collect()
    }
}
