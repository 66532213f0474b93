//! What can be seen inside a network: how far its blocks are from the identity, its filters, its feature maps.

use burn::tensor::Tensor;
use serde::Serialize;

use super::augment::plain;
use super::network::{Network, Pass};
use super::tally::Subset;
use super::training::{Trainer, input};
use crate::error::{LabError, Result};

/// One block on a batch of images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Branch {
    /// ‖C₂ ∗ relu(C₁ ∗ H)‖_F over all images, channels and pixels.
    pub branch: f32,
    /// ‖P(H)‖_F of the shortcut; also where the network does without shortcuts.
    pub shortcut: f32,
}

impl Branch {
    /// ‖branch‖ / ‖shortcut‖: how far the block is from the identity, 0 at the identity. NaN where both are 0.
    pub fn ratio(self) -> f32 {
        self.branch / self.shortcut
    }
}

/// Filters of the first convolution.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filters {
    /// Number of filters.
    pub filters: usize,
    /// Channels of each.
    pub channels: usize,
    /// Rows and columns of each.
    pub side: usize,
    /// Filters × channels × side × side.
    pub values: Vec<f32>,
}

/// What one image has become somewhere in the network.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureMaps {
    /// Number of maps.
    pub channels: usize,
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// Channels × height × width.
    pub values: Vec<f32>,
}

impl Trainer {
    /// Norms of every block's branch and shortcut, the first block first, on images of a set.
    pub async fn branches(&self, subset: Subset, images: &[u32]) -> Result<Vec<Branch>> {
        self.check_indices(subset, images)?;
        let mut sums = Vec::new();
        self.look(subset, images, |branch, shortcut, _| {
            let norm = |x: &Tensor<4>| x.clone().square().sum().sqrt();
            sums.extend([norm(branch), norm(shortcut)]);
        });
        let norms = self.place.read(Tensor::cat(sums, 0)).await?;
        Ok(norms.chunks_exact(2).map(|pair| Branch { branch: pair[0], shortcut: pair[1] }).collect())
    }

    /// The filters of the first convolution.
    pub async fn stem_filters(&self) -> Result<Filters> {
        let [filters, channels, side, _] = self.parts[0].dims;
        Ok(Filters { filters, channels, side, values: self.learner.weights(0).await? })
    }

    /// What one image has become after every block, the first block first.
    pub async fn feature_maps(&self, subset: Subset, image: u32) -> Result<Vec<FeatureMaps>> {
        self.check_indices(subset, &[image])?;
        let mut outputs = Vec::new();
        self.look(subset, &[image], |_, _, output| outputs.push(output.clone()));
        let mut maps = Vec::new();
        for output in outputs {
            let [_, channels, height, width] = output.dims();
            maps.push(FeatureMaps { channels, height, width, values: self.place.read(output).await? });
        }
        Ok(maps)
    }

    /// Shows branch, shortcut and output of every block on images as they are tested.
    fn look(&self, subset: Subset, images: &[u32], mut see: impl FnMut(&Tensor<4>, &Tensor<4>, &Tensor<4>)) {
        let set = self.set(subset);
        let x = input(set, plain(set, images, &self.experiment.training), self.place.device());
        let network = Network::new(&self.shape, self.learner.tensors(&self.parts, &self.place));
        let running = self.learner.statistics(&self.shape, &self.place);
        let mut pass = Pass::Test(&running);
        network.observe(x, &mut pass, |block| see(block.branch, block.shortcut, block.output));
    }

    /// Refuses images that a set does not have, and none at all.
    pub(super) fn check_indices(&self, subset: Subset, images: &[u32]) -> Result<()> {
        let count = self.set(subset).len();
        let message = match images.iter().find(|index| **index as usize >= count) {
            Some(index) => format!("allowed is a whole number from 0 to {}; got {index}", count - 1),
            None if images.is_empty() => "there must be at least one".to_owned(),
            None => return Ok(()),
        };
        Err(LabError::field("image", message))
    }
}
