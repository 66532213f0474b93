//! The network as burn modules.

use ::burn::module::{Module, Param};
use ::burn::tensor::Tensor;

use super::Target;
use crate::experiment::Parametrization;

/// One layer.
#[derive(Module, Debug)]
pub struct Layer {
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
pub struct Network {
    layers: Vec<Layer>,
}

impl Network {
    /// A network of these parameters, which enter autodiff here.
    pub fn new(parametrization: Parametrization, parameters: &[Tensor<2>]) -> Self {
        let identity = parametrization.is_identity();
        let layer =
            |weight: &Tensor<2>| Layer { weight: Param::from_tensor(weight.clone().autodiff()), identity };
        Self { layers: parameters.iter().map(layer).collect() }
    }

    /// W_ℓ … W_1 H, for points in the columns of H.
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.layers.iter().fold(input, |hidden, layer| layer.forward(hidden))
    }

    /// Excess risk ‖W_ℓ … W_1 S − M‖²_F.
    pub fn excess(&self, target: &Target) -> Tensor<1> {
        squared_norm(self.forward(target.input.clone().autodiff()) - target.goal.clone().autodiff())
    }

    /// Mean of ‖W_ℓ … W_1 x − y‖² over points given one a row.
    pub fn risk(&self, inputs: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
        let points = inputs.dims()[0] as f32;
        let error = self.forward(inputs.transpose().autodiff()) - labels.transpose().autodiff();
        squared_norm(error).div_scalar(points)
    }

    /// The gradient of a loss made by this network, one matrix a layer, outside autodiff.
    pub fn gradient(&self, loss: &Tensor<1>) -> Vec<Tensor<2>> {
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

/// Σ x².
pub fn squared_norm(x: Tensor<2>) -> Tensor<1> {
    x.square().sum()
}
