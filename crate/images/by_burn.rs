//! Training by burn, on whatever device it has.

use burn::tensor::Tensor;
use identity_lab_kernels::Rule;

use super::network::{Network, Pass, Statistics, cross_entropy, one_hot, tensor};
use super::shape::{Part, PartKind, Shape};
use crate::engine::burn::Place;
use crate::error::Result;

/// A network being trained by burn.
#[derive(Debug, Clone)]
pub struct ByBurn {
    place: Place,
    shape: Shape,
    parts: Vec<Part>,
    train_top: bool,
    /// Outside autodiff, like everything that lasts longer than a step.
    pub weights: Vec<Tensor<4>>,
    /// m of each part; zeros where a part is not trained.
    pub momentum: Vec<Tensor<4>>,
    /// Running averages for batch normalization.
    pub running: Statistics,
}

impl ByBurn {
    /// A network of zeros.
    pub fn new(shape: &Shape, parts: &[Part], train_top: bool, place: &Place) -> Self {
        let device = place.device();
        let zeros = || parts.iter().map(|part| Tensor::zeros(part.dims, device)).collect();
        let fresh = |(_, channels): &(String, usize)| {
            let dims = [1, *channels, 1, 1];
            (Tensor::zeros(dims, device), Tensor::ones(dims, device))
        };
        Self {
            place: place.clone(),
            shape: shape.clone(),
            parts: parts.to_vec(),
            train_top,
            weights: zeros(),
            momentum: zeros(),
            running: shape.normalized().iter().map(fresh).collect(),
        }
    }

    /// Makes a step on a batch; its logits before the step, still on the device. `kept` is the share of the old value
    /// in running averages.
    pub fn descend(&mut self, x: Tensor<4>, labels: &[u16], rule: Rule, kept: f32) -> Tensor<2> {
        let (logits, gradient, seen) = self.gradient(x, labels);
        for (index, gradient) in gradient.into_iter().enumerate() {
            let Some(mut gradient) = gradient else { continue };
            if self.parts[index].kind == PartKind::Convolution && rule.decay != 0.0 {
                gradient = gradient + self.weights[index].clone().mul_scalar(rule.decay);
            }
            let moved = self.momentum[index].clone().mul_scalar(rule.momentum) + gradient;
            self.weights[index] = self.weights[index].clone() - moved.clone().mul_scalar(rule.rate);
            self.momentum[index] = moved;
        }
        for ((mean, variance), (new_mean, new_variance)) in self.running.iter_mut().zip(seen) {
            *mean = mean.clone().mul_scalar(kept) + new_mean.mul_scalar(1.0 - kept);
            *variance = variance.clone().mul_scalar(kept) + new_variance.mul_scalar(1.0 - kept);
        }
        logits
    }

    /// Logits, the gradient of the mean cross-entropy by each trained part, and the statistics of normalization.
    pub fn gradient(&self, x: Tensor<4>, labels: &[u16]) -> (Tensor<2>, Vec<Option<Tensor<4>>>, Statistics) {
        let enter = |(part, weight): (&Part, &Tensor<4>)| {
            let weight = weight.clone();
            if part.kind.is_trained(self.train_top) { weight.autodiff() } else { weight }
        };
        let network = Network::new(&self.shape, self.parts.iter().zip(&self.weights).map(enter));
        let mut seen = Vec::new();
        let logits = network.forward(x.autodiff(), &mut Pass::Train(&mut seen));
        let targets = one_hot(labels, self.shape.classes, self.place.device());
        let mut gradients = cross_entropy(logits.clone(), targets.autodiff()).backward();
        let gradient = network.parameters().iter().map(|part| part.grad_remove(&mut gradients)).collect();
        (logits.inner(), gradient, seen)
    }

    /// The logits of images as they are tested.
    pub fn logits(&self, x: Tensor<4>) -> Tensor<2> {
        let network = Network::new(&self.shape, self.weights.iter().cloned());
        network.forward(x, &mut Pass::Test(&self.running))
    }

    /// The numbers of a tensor of its.
    pub async fn read(&self, tensor: &Tensor<4>) -> Result<Vec<f32>> {
        self.place.read(tensor.clone()).await
    }

    /// Numbers of the shape of a part.
    pub fn of_part(&self, index: usize, values: Vec<f32>) -> Tensor<4> {
        tensor(values, self.parts[index].dims, self.place.device())
    }
}
