//! [`Learner`]: who trains the network.

use burn::tensor::Tensor;

use super::by_burn::ByBurn;
use super::cpu::Cpu;
use super::network::{Statistics, tensor};
use super::shape::{Part, Shape};
use crate::engine::burn::Place;
use crate::error::Result;

/// A network being trained: by burn, or by the crate's own kernels where the place is the processor.
#[derive(Debug, Clone)]
pub enum Learner {
    /// By burn.
    Burn(Box<ByBurn>),
    /// By the crate's own kernels.
    Cpu(Box<Cpu>),
}

impl Learner {
    /// A network of zeros for images of so many rows and columns.
    pub fn new(shape: &Shape, parts: &[Part], size: [usize; 2], train_top: bool, place: &Place) -> Self {
        if place.is_cpu() {
            Self::Cpu(Box::new(Cpu::new(shape, parts, size, train_top)))
        } else {
            Self::Burn(Box::new(ByBurn::new(shape, parts, train_top, place)))
        }
    }

    /// Other numbers for a part.
    pub fn set_weights(&mut self, index: usize, values: Vec<f32>) {
        match self {
            Self::Burn(own) => own.weights[index] = own.of_part(index, values),
            Self::Cpu(own) => own.set_part(index, &values),
        }
    }

    /// Another momentum for a part.
    pub fn set_momentum(&mut self, index: usize, values: Vec<f32>) {
        match self {
            Self::Burn(own) => own.momentum[index] = own.of_part(index, values),
            Self::Cpu(own) => own.set_part_momentum(index, &values),
        }
    }

    /// Other running averages for a convolution, means and variances.
    pub fn set_running(&mut self, index: usize, values: [Vec<f32>; 2]) {
        match self {
            Self::Burn(own) => {
                let device = own.running[index].0.device();
                let [means, variances] = values.map(|values| {
                    let dims = [1, values.len(), 1, 1];
                    tensor(values, dims, &device)
                });
                own.running[index] = (means, variances);
            }
            Self::Cpu(own) => own.set_running(index, &values),
        }
    }

    /// The numbers of a part.
    pub async fn weights(&self, index: usize) -> Result<Vec<f32>> {
        match self {
            Self::Burn(own) => own.read(&own.weights[index]).await,
            Self::Cpu(own) => Ok(own.part(index)),
        }
    }

    /// The momentum of a part.
    pub async fn momentum(&self, index: usize) -> Result<Vec<f32>> {
        match self {
            Self::Burn(own) => own.read(&own.momentum[index]).await,
            Self::Cpu(own) => Ok(own.part_momentum(index)),
        }
    }

    /// Running means and variances of a convolution with so many channels.
    pub async fn running(&self, index: usize, channels: usize) -> Result<[Vec<f32>; 2]> {
        match self {
            Self::Burn(own) => {
                let (means, variances) = &own.running[index];
                Ok([own.read(means).await?, own.read(variances).await?])
            }
            Self::Cpu(own) => Ok(own.running_of(index, channels)),
        }
    }

    /// All parts as tensors of burn's, for those who look on.
    pub fn tensors(&self, parts: &[Part], place: &Place) -> Vec<Tensor<4>> {
        match self {
            Self::Burn(own) => own.weights.clone(),
            Self::Cpu(own) => {
                let part = |(index, part): (usize, &Part)| tensor(own.part(index), part.dims, place.device());
                parts.iter().enumerate().map(part).collect()
            }
        }
    }

    /// The running averages as tensors of burn's.
    pub fn statistics(&self, shape: &Shape, place: &Place) -> Statistics {
        match self {
            Self::Burn(own) => own.running.clone(),
            Self::Cpu(own) => {
                let pair = |(index, (_, channels)): (usize, &(String, usize))| {
                    let [means, variances] = own
                        .running_of(index, *channels)
                        .map(|values| tensor(values, [1, *channels, 1, 1], place.device()));
                    (means, variances)
                };
                shape.normalized().iter().enumerate().map(pair).collect()
            }
        }
    }
}
