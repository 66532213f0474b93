//! Linear networks as burn modules.

use ::burn::module::{Module, Param};
use ::burn::tensor::{Device, Tensor};

use super::landscape_linear::landscape;
use super::matrix;
use super::objective::{Kind, Objective, rows, squared_norm};
use crate::data::matrix::to_flat;
use crate::data::problem::{FixedMaps, Problem, Sample};
use crate::experiment::Parametrization;
use crate::landscape::plane::Grid;

/// One layer.
#[derive(Module, Debug)]
struct Layer {
    /// A_j or W_j.
    weight: Param<Tensor<2>>,
    /// Whether the input is added to the output.
    #[module(skip)]
    identity: bool,
}

impl Layer {
    /// H + A H, or W H. Adding H rather than I to A keeps the digits of a small A.
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let product = self.weight.val().matmul(input.clone());
        if self.identity { input + product } else { product }
    }
}

/// A linear network whose parameters burn differentiates.
#[derive(Module, Debug)]
struct Network {
    layers: Vec<Layer>,
}

impl Network {
    /// A network of these parameters, which enter autodiff here.
    fn new(parametrization: Parametrization, parameters: &[Tensor<2>]) -> Self {
        let identity = parametrization.is_identity();
        let layer =
            |weight: &Tensor<2>| Layer { weight: Param::from_tensor(weight.clone().autodiff()), identity };
        Self { layers: parameters.iter().map(layer).collect() }
    }

    /// W_ℓ … W_1 H, for points in the columns of H.
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(input, |hidden, layer| layer.forward(hidden))
    }

    /// The gradient of a loss made by this network, one matrix a layer, outside autodiff.
    fn gradient(&self, loss: &Tensor<1>) -> Vec<Tensor<2>> {
        let mut gradients = loss.backward();
        self.layers
            .iter()
            .map(|layer| {
                let weight = layer.weight.val();
                weight.grad_remove(&mut gradients).expect("every layer takes part in the loss")
            })
            .collect()
    }
}

/// The excess risk ‖W_ℓ … W_1 S − M‖²_F, or ‖C W_ℓ … W_1 B S − M‖²_F between fixed maps; the tensors are outside
/// autodiff, since constants have no gradients.
pub struct LinearObjective {
    width: usize,
    layers: usize,
    /// S or B S.
    pub input: Tensor<2>,
    /// M.
    pub goal: Tensor<2>,
    /// B and C.
    pub fixed: Option<(Tensor<2>, Tensor<2>)>,
    /// The sample that minibatches are taken from.
    sample: Option<Sample>,
}

impl LinearObjective {
    /// The risk of a problem.
    pub fn new(problem: &Problem, device: &Device) -> Self {
        let (m, d) = (problem.width, problem.dimension());
        let fixed = |FixedMaps { into, out }: &FixedMaps| {
            (matrix(&to_flat(into), [m, d], device), matrix(&to_flat(out), [d, m], device))
        };
        Self {
            width: m,
            layers: problem.layers,
            input: matrix(&problem.input, [m, d], device),
            goal: matrix(&problem.goal, [d, d], device),
            fixed: problem.fixed.as_ref().map(fixed),
            sample: problem.sample.clone(),
        }
    }

    /// What a network gives whose last layer gives that: C times it between fixed maps.
    fn output(&self, hidden: Tensor<2>) -> Tensor<2> {
        match &self.fixed {
            Some((_, out)) => out.clone().autodiff().matmul(hidden),
            None => hidden,
        }
    }
}

impl Objective for LinearObjective {
    fn shapes(&self) -> Vec<[usize; 2]> {
        vec![[self.width; 2]; self.layers]
    }

    fn points(&self) -> usize {
        self.sample.as_ref().map_or(0, |sample| sample.points)
    }

    fn evaluate(&self, kind: Kind, parameters: &[Tensor<2>]) -> (Tensor<1>, Vec<Tensor<2>>) {
        let network = Network::new(kind.parametrization, parameters);
        let image = self.output(network.forward(self.input.clone().autodiff()));
        let loss = squared_norm(image - self.goal.clone().autodiff());
        let gradient = network.gradient(&loss);
        (loss.inner(), gradient)
    }

    /// Mean of ‖W_ℓ … W_1 x − y‖², or ‖C W_ℓ … W_1 B x − y‖², over the points.
    fn batch_gradient(&self, kind: Kind, parameters: &[Tensor<2>], points: &[u32]) -> Vec<Tensor<2>> {
        let sample = self.sample.as_ref().expect("batches are only taken from a sample");
        let dimension = self.goal.dims()[0];
        let columns = |values: &[f32]| {
            let picked = rows(values, dimension, points);
            matrix(&picked, [points.len(), dimension], &self.input.device()).transpose()
        };
        let inputs = match &self.fixed {
            Some((into, _)) => into.clone().matmul(columns(&sample.inputs)),
            None => columns(&sample.inputs),
        };
        let network = Network::new(kind.parametrization, parameters);
        let error = self.output(network.forward(inputs.autodiff())) - columns(&sample.labels).autodiff();
        network.gradient(&squared_norm(error).div_scalar(points.len() as f32))
    }

    fn landscape(&self, grid: &Grid<'_>) -> Vec<Tensor<1>> {
        landscape(self, grid)
    }
}
