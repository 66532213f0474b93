//! Experiments with a name.

use std::str::FromStr;

use super::experiment::{ConvStart, ImageExperiment, ImageNetwork, ImageTraining, Stage};
use crate::error::LabError;

/// Experiments with a name, from the classroom's to the paper's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImagePreset {
    /// Small enough for 8 × 8 grey digits on one core of a browser.
    Digits,
    /// For images of 28 or 32 pixels a side on a laptop.
    Middle,
    /// The paper's network and training on CIFAR-10 (§4): 6.38 % test error.
    PaperCifar10,
    /// The paper's network and training on CIFAR-100 (§4): 24.64 % test error.
    PaperCifar100,
}

impl ImagePreset {
    /// All of them, the smallest first.
    pub const ALL: [Self; 4] = [Self::Digits, Self::Middle, Self::PaperCifar10, Self::PaperCifar100];

    /// The name it goes by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Middle => "middle",
            Self::PaperCifar10 => "paper-cifar10",
            Self::PaperCifar100 => "paper-cifar100",
        }
    }

    /// What it stands for.
    pub fn experiment(self) -> ImageExperiment {
        let (network, training) = match self {
            Self::Digits => (network(8, &[(8, 1), (16, 1), (32, 1)]), digits_training()),
            Self::Middle => (
                network(16, &[(16, 2), (32, 2), (64, 2)]),
                ImageTraining { drops: vec![4_000, 6_000], steps: 8_000, ..paper_training() },
            ),
            // The paper has one network and one training for both.
            Self::PaperCifar10 | Self::PaperCifar100 => {
                (network(16, &[(64, 9), (128, 9), (256, 9)]), paper_training())
            }
        };
        ImageExperiment { version: 1, seed: 1, network, training }
    }
}

impl FromStr for ImagePreset {
    type Err = LabError;

    fn from_str(text: &str) -> Result<Self, LabError> {
        Self::ALL.into_iter().find(|preset| preset.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            LabError::field("preset", format!("allowed is one of {names}; got {text}"))
        })
    }
}

fn network(stem: usize, stages: &[(usize, usize)]) -> ImageNetwork {
    ImageNetwork {
        stem,
        stages: stages.iter().map(|&(filters, blocks)| Stage { filters, blocks }).collect(),
        skips: true,
        batch_norm: false,
        train_top: false,
        start: ConvStart::Identity,
    }
}

fn paper_training() -> ImageTraining {
    ImageTraining {
        batch: 128,
        learning_rate: 0.05,
        drops: vec![30_000, 50_000],
        drop_factor: 10.0,
        momentum: 0.9,
        weight_decay: 1e-4,
        crop: 4,
        flip: true,
        standardize: true,
        steps: 60_000,
    }
}

/// A mirrored digit is another one, and four of eight pixels are too many to crop: one alone takes 300 steps where none
/// takes 200 to the same test error of 5 %.
fn digits_training() -> ImageTraining {
    ImageTraining { drops: vec![300], crop: 0, flip: false, steps: 400, ..paper_training() }
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::*;

    #[test]
    fn every_preset_is_valid_and_found_by_its_name() {
        for preset in ImagePreset::ALL {
            preset.experiment().validate().unwrap();
            assert_eq!(preset.name().parse::<ImagePreset>().unwrap(), preset);
        }
        let error = "large".parse::<ImagePreset>().unwrap_err().to_string();
        assert!(error.contains("paper-cifar100"), "{error}");
    }

    /// The table of the paper's §4, added up by hand: 55 convolutions, "13.59 million" with 100 classes' projection.
    #[test]
    fn the_papers_network_has_55_convolutions_and_13_54_million_weights() {
        let experiment = ImagePreset::PaperCifar10.experiment();
        let shape = Shape::new(&experiment.network, 3, 10);
        assert_eq!(shape.convolutions(), 55);
        let stem = 9 * 3 * 16;
        let first = 9 * 16 * 64 + 17 * 9 * 64 * 64;
        let second = 9 * 64 * 128 + 17 * 9 * 128 * 128;
        let third = 9 * 128 * 256 + 17 * 9 * 256 * 256;
        assert_eq!(shape.convolution_weights(), stem + first + second + third);
        assert_eq!(shape.convolution_weights(), 13_538_736);
    }
}
