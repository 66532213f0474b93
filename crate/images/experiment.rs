//! [`ImageExperiment`]: the one description of a run on images, with defaults, allowed ranges and validation.

use serde::{Deserialize, Serialize};

use crate::error::{LabError, Result};
use crate::json;

/// Version of the format that this build reads and writes.
const VERSION: u32 = 1;

/// Everything that determines a run, up to the images and the device it runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImageExperiment {
    /// Format version; only 1 is known.
    pub version: u32,
    /// Seed of every random number in the run.
    pub seed: u32,
    /// The network.
    pub network: ImageNetwork,
    /// How it is trained.
    pub training: ImageTraining,
}

/// A network of the paper's family (§4); see [`crate::images`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImageNetwork {
    /// Filters of the first convolution, which has no shortcut.
    pub stem: usize,
    /// Stages of blocks: the first at the images' size, each later one at half the size of the one before.
    pub stages: Vec<Stage>,
    /// Whether blocks are x + C₂ relu(C₁ x), or only C₂ relu(C₁ x): the same network, plain.
    pub skips: bool,
    /// Whether every convolution is followed by batch normalization, which the paper does without.
    pub batch_norm: bool,
    /// Whether the projection onto the classes is trained too; in the paper it stays as it was drawn.
    pub train_top: bool,
    /// Where the convolutions start.
    pub start: ConvStart,
}

/// Blocks of one size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stage {
    /// Filters c of each convolution.
    pub filters: usize,
    /// Number of residual blocks, two convolutions each.
    pub blocks: usize,
}

/// Where convolutions start: weights from N(0, σ²), k the filters' side and c their number (output channels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConvStart {
    /// The paper's σ = 1/(k² c), so small that every block starts near the identity.
    #[default]
    Identity,
    /// The usual σ = 1/(k √c), which keeps the size of what passes through.
    Fan,
}

impl ConvStart {
    /// σ for filters of that side and number.
    pub fn deviation(self, side: usize, filters: usize) -> f64 {
        let (k, c) = (side as f64, filters as f64);
        match self {
            Self::Identity => 1.0 / (k * k * c),
            Self::Fan => 1.0 / (k * c.sqrt()),
        }
    }
}

/// Stochastic gradient descent with momentum on the mean cross-entropy, and what is done to images before.
///
/// With g the gradient of a minibatch's loss and W a convolution: m ← β m + g + λ W, W ← W − η m.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ImageTraining {
    /// Images in a minibatch.
    pub batch: usize,
    /// η before the first drop.
    pub learning_rate: f64,
    /// Steps at which η is divided by `drop_factor`, in order.
    pub drops: Vec<u64>,
    /// What η is divided by at each drop.
    pub drop_factor: f64,
    /// β.
    pub momentum: f64,
    /// λ; acts on the weights of all convolutions and on nothing else.
    pub weight_decay: f64,
    /// Black pixels added on every side before a crop of the image's own size is cut out at random; 0 for no crop.
    pub crop: usize,
    /// Whether half of the images, at random, are mirrored left to right.
    pub flip: bool,
    /// Whether each image is shifted and scaled to mean 0 and variance 1, or its pixels only divided by 255.
    pub standardize: bool,
    /// Steps after which the run is over.
    pub steps: u64,
}

impl Default for ImageExperiment {
    /// The smallest preset, [`super::ImagePreset::Digits`].
    fn default() -> Self {
        super::ImagePreset::Digits.experiment()
    }
}

impl Default for ImageNetwork {
    fn default() -> Self {
        ImageExperiment::default().network
    }
}

impl Default for ImageTraining {
    fn default() -> Self {
        ImageExperiment::default().training
    }
}

/// Most filters of a convolution.
pub const MAX_FILTERS: usize = 1024;
/// Most stages: 64 pixels a side, the most an image may have, are then down to 4.
pub const MAX_STAGES: usize = 5;
/// Most blocks of a stage.
pub const MAX_BLOCKS: usize = 64;
/// Most weights of a network: twice as many as the paper's largest network has, on ImageNet.
const MAX_WEIGHTS: usize = 70_000_000;
/// Largest minibatch.
const MAX_BATCH: usize = 4096;
/// Most steps, and most drops of the learning rate.
const MAX_STEPS: u64 = 10_000_000;
const MAX_DROPS: usize = 16;

/// What each field may be, by its path without indices; shown with every error about that field.
const ALLOWED: &[(&str, &str)] = &[
    ("version", "the whole number 1"),
    ("seed", "a whole number from 0 to 4294967295"),
    ("network.stem", "a whole number from 1 to 1024"),
    ("network.stages", "a list of 1 to 5 stages, such as {\"filters\": 16, \"blocks\": 2}"),
    ("network.stages.filters", "a whole number from as many as in the stage before (or in the stem) to 1024"),
    ("network.stages.blocks", "a whole number from 1 to 64"),
    ("network.skips", "true or false"),
    ("network.batchNorm", "true or false"),
    ("network.trainTop", "true or false"),
    ("network.start", "\"identity\" or \"fan\""),
    ("network", "stem, stages, skips, batchNorm, trainTop and start, with at most 70 million weights"),
    ("training.batch", "a whole number from 1 to 4096"),
    ("training.learningRate", "a number from 0 to 1e6"),
    ("training.drops", "a list of at most 16 steps from 1 to 10000000, each larger than the one before"),
    ("training.dropFactor", "a number from 1 to 1000"),
    ("training.momentum", "a number from 0 to 0.9999"),
    ("training.weightDecay", "a number from 0 to 1"),
    ("training.crop", "a whole number from 0 to 16"),
    ("training.flip", "true or false"),
    ("training.standardize", "true or false"),
    ("training.steps", "a whole number from 1 to 10000000"),
    (
        "training",
        "batch, learningRate, drops, dropFactor, momentum, weightDecay, crop, flip, standardize and steps",
    ),
];

/// What a figure that the page saved gives as its `format`.
const FIGURE: &str = "identity-lab images";

/// The path without what stands in brackets.
fn without_indices(path: &str) -> String {
    let pieces = path.split('[').map(|piece| piece.split_once(']').map_or(piece, |(_, rest)| rest));
    pieces.collect()
}

fn complain(field: &str, got: impl std::fmt::Display) -> LabError {
    let name = without_indices(field);
    match ALLOWED.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => LabError::field(field, format!("allowed is {text}; got {got}")),
        None => LabError::field(field, got.to_string()),
    }
}

fn check(field: &str, value: f64, low: f64, high: f64) -> Result<()> {
    // Written so that a NaN is refused.
    if value >= low && value <= high { Ok(()) } else { Err(complain(field, value)) }
}

fn check_count(field: &str, value: u64, low: u64, high: u64) -> Result<()> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(complain(field, value)) }
}

impl ImageExperiment {
    /// Reads and validates an experiment; absent fields take the values of [`ImageExperiment::default`].
    pub fn from_json(text: &str) -> Result<Self> {
        let experiment: Self =
            json::read(text, "experiment").map_err(|error| complain(&error.field, error.message))?;
        experiment.validate()?;
        Ok(experiment)
    }

    /// Reads an experiment, or that of a figure which the page saved: a document whose
    /// `format` is `identity-lab images`.
    pub fn from_file(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Saved {
            format: String,
            version: u32,
            experiment: serde_json::Value,
        }
        match serde_json::from_str::<Saved>(text) {
            Ok(Saved { format, version: 1, experiment }) if format == FIGURE => {
                Self::from_json(&experiment.to_string())
            }
            Ok(Saved { format, version, .. }) if format == FIGURE => Err(complain("version", version)),
            _ => Self::from_json(text),
        }
    }

    /// The experiment as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an experiment holds only finite numbers, strings and lists")
    }

    /// Checks every field against its range.
    pub fn validate(&self) -> Result<()> {
        if self.version != VERSION {
            return Err(complain("version", self.version));
        }
        self.network.validate()?;
        self.training.validate()
    }
}

impl ImageNetwork {
    fn validate(&self) -> Result<()> {
        check_count("network.stem", self.stem as u64, 1, MAX_FILTERS as u64)?;
        check_count("network.stages", self.stages.len() as u64, 1, MAX_STAGES as u64)?;
        let mut before = self.stem;
        for (index, stage) in self.stages.iter().enumerate() {
            let path = format!("network.stages[{index}]");
            let (least, most) = (before as u64, MAX_FILTERS as u64);
            check_count(&format!("{path}.filters"), stage.filters as u64, least, most)?;
            check_count(&format!("{path}.blocks"), stage.blocks as u64, 1, MAX_BLOCKS as u64)?;
            before = stage.filters;
        }
        match super::Shape::new(self, 3, 0).convolution_weights() {
            weights if weights <= MAX_WEIGHTS => Ok(()),
            weights => Err(complain("network", format!("{weights} weights"))),
        }
    }
}

impl ImageTraining {
    /// η at a step, counted from 0: the step at a drop is the first with the lower η.
    pub fn learning_rate_at(&self, step: u64) -> f64 {
        let drops = self.drops.iter().filter(|drop| **drop <= step).count();
        self.learning_rate / libm::pow(self.drop_factor, drops as f64)
    }

    fn validate(&self) -> Result<()> {
        check_count("training.batch", self.batch as u64, 1, MAX_BATCH as u64)?;
        check("training.learningRate", self.learning_rate, 0.0, 1e6)?;
        let grows = self.drops.is_sorted_by(|a, b| a < b);
        let within = self.drops.iter().all(|drop| (1..=MAX_STEPS).contains(drop));
        if self.drops.len() > MAX_DROPS || !grows || !within {
            return Err(complain("training.drops", format!("{:?}", self.drops)));
        }
        check("training.dropFactor", self.drop_factor, 1.0, 1000.0)?;
        check("training.momentum", self.momentum, 0.0, 0.9999)?;
        check("training.weightDecay", self.weight_decay, 0.0, 1.0)?;
        check_count("training.crop", self.crop as u64, 0, 16)?;
        check_count("training.steps", self.steps, 1, MAX_STEPS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_from_a_figure_that_the_page_saved() {
        let experiment = ImageExperiment { seed: 7, ..ImageExperiment::default() };
        let saved = |format: &str, version: u32| {
            let experiment = experiment.to_json();
            format!(
                r#"{{"format":"{format}","version":{version},"step":3,"experiment":{experiment},"runs":[]}}"#
            )
        };
        assert_eq!(ImageExperiment::from_file(&saved(FIGURE, 1)).unwrap(), experiment);
        assert_eq!(ImageExperiment::from_file(&experiment.to_json()).unwrap(), experiment);
        let refusal = ImageExperiment::from_file(&saved(FIGURE, 2)).unwrap_err().to_string();
        assert!(refusal.contains("version") && refusal.ends_with("got 2"), "{refusal}");
        // A landscape of a linear network has no experiment on images.
        assert!(ImageExperiment::from_file(&saved("identity-lab landscape", 1)).is_err());
    }

    #[test]
    fn an_empty_object_is_the_default_and_survives_a_round_trip() {
        let default = ImageExperiment::default();
        assert_eq!(ImageExperiment::from_json("{}").unwrap(), default);
        assert_eq!(ImageExperiment::from_json(&default.to_json()).unwrap(), default);
        let partial = ImageExperiment::from_json(r#"{"training":{"steps":7}}"#).unwrap();
        assert_eq!((partial.training.steps, partial.training.batch), (7, default.training.batch));
    }

    #[test]
    fn names_the_field_and_the_allowed_range() {
        let cases = [
            (r#"{"version":2}"#, "version", "whole number 1"),
            (r#"{"seed":-1}"#, "seed", "0 to 4294967295"),
            (r#"{"network":{"stem":0}}"#, "network.stem", "1 to 1024"),
            (r#"{"network":{"stages":[]}}"#, "network.stages", "1 to 5"),
            (
                r#"{"network":{"stem":8,"stages":[{"filters":16,"blocks":1},{"filters":8,"blocks":1}]}}"#,
                "network.stages[1].filters",
                "as many as in the stage before",
            ),
            (
                r#"{"network":{"stem":8,"stages":[{"filters":16,"blocks":0}]}}"#,
                "network.stages[0].blocks",
                "1 to 64",
            ),
            (
                r#"{"network":{"stem":1024,"stages":[{"filters":1024,"blocks":64}]}}"#,
                "network",
                "70 million weights",
            ),
            (r#"{"network":{"start":"zero"}}"#, "network.start", "\"identity\" or \"fan\""),
            (r#"{"training":{"batch":0}}"#, "training.batch", "1 to 4096"),
            (r#"{"training":{"learningRate":-1}}"#, "training.learningRate", "0 to 1e6"),
            (r#"{"training":{"drops":[5,5]}}"#, "training.drops", "larger than the one before"),
            (r#"{"training":{"dropFactor":0.5}}"#, "training.dropFactor", "1 to 1000"),
            (r#"{"training":{"momentum":1}}"#, "training.momentum", "0 to 0.9999"),
            (r#"{"training":{"weightDecay":2}}"#, "training.weightDecay", "0 to 1"),
            (r#"{"training":{"crop":17}}"#, "training.crop", "0 to 16"),
            (r#"{"training":{"steps":0}}"#, "training.steps", "1 to 10000000"),
        ];
        for (text, field, allowed) in cases {
            let error = ImageExperiment::from_json(text).unwrap_err();
            assert_eq!(error.field_name(), Some(field), "{error}");
            assert!(error.to_string().contains(allowed), "{error}");
        }
        let unknown = ImageExperiment::from_json(r#"{"training":{"colour":1}}"#).unwrap_err().to_string();
        assert!(unknown.contains("colour"), "{unknown}");
    }

    #[test]
    fn the_learning_rate_drops_at_the_papers_steps() {
        let training = super::super::ImagePreset::PaperCifar10.experiment().training;
        let rates = [0, 29_999, 30_000, 49_999, 50_000].map(|step| training.learning_rate_at(step));
        for (rate, expected) in rates.iter().zip([0.05, 0.05, 0.005, 0.005, 0.0005]) {
            assert!((rate / expected - 1.0).abs() < 1e-12, "{rates:?}");
        }
    }

    #[test]
    fn the_starts_are_the_papers_and_the_usual_one() {
        assert!((ConvStart::Identity.deviation(3, 64) - 1.0 / 576.0).abs() < 1e-15);
        assert!((ConvStart::Fan.deviation(3, 64) - 1.0 / 24.0).abs() < 1e-15);
    }
}
