//! [`Experiment`]: the one description of a run, with defaults, allowed ranges and validation.
//!
//! The same JSON stands in the page's address, goes to the worker, and is what the native command reads.

use serde::{Deserialize, Serialize};

use crate::data::sets::PointSet;
use crate::error::{LabError, Result};
use crate::floats::Floats;
use crate::json;

mod relu;

pub use relu::{MAX_PARAMETERS, held_out_count};

/// Version of the experiment format that this build reads and writes.
pub const VERSION: u32 = 1;

/// Everything that determines a run, up to the engine it runs on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Experiment {
    /// Format version; only [`VERSION`] is known.
    pub version: u32,
    /// Seed of every random number in the run.
    pub seed: u32,
    /// Shape of the networks.
    pub network: Network,
    /// The map R that the networks are to learn.
    pub target: Target,
    /// Distribution or sample of the inputs.
    pub data: Data,
    /// Update rule.
    pub optimizer: Optimizer,
    /// Minibatch size; `None` means the full batch.
    pub batch: Option<usize>,
    /// One or two networks trained on the same problem, step by step together.
    pub twins: Vec<Twin>,
}

/// Shape of a network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Network {
    /// A product of `layers` square maps of side `width`, or C W_ℓ … W_1 B with fixed maps B and C.
    Linear {
        /// Dimension d of inputs and outputs, and of every hidden layer too where `hidden` is absent.
        width: usize,
        /// Number ℓ of layers.
        layers: usize,
        /// Dimension m of the hidden layers between two fixed maps, drawn by the seed and never trained: B with
        /// entries N(0, 1/d) in front of the layers, C with entries N(0, 1/m) behind them (Zou, Long and Gu 2020).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hidden: Option<usize>,
    },
    /// A classifier of `blocks` residual blocks h + α V relu(U h + s) between h₀ = A₀ x and the logits B h.
    #[serde(rename_all = "camelCase")]
    Relu {
        /// Dimension k of every hidden layer.
        width: usize,
        /// Number of blocks.
        blocks: usize,
        /// What is minimized.
        #[serde(default)]
        loss: Loss,
        /// Whether A₀ and B are trained too.
        #[serde(default = "yes")]
        train_ends: bool,
    },
}

impl Network {
    /// Linear layers as wide as the input.
    pub fn linear(width: usize, layers: usize) -> Self {
        Self::Linear { width, layers, hidden: None }
    }

    /// The same network of another depth.
    #[must_use]
    pub fn with_depth(mut self, depth: usize) -> Self {
        match &mut self {
            Self::Linear { layers, .. } => *layers = depth,
            Self::Relu { blocks, .. } => *blocks = depth,
        }
        self
    }
}

/// What a classifier minimizes, as a mean over points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Loss {
    /// −log softmax(logits)_y.
    #[default]
    CrossEntropy,
    /// ‖logits − e_y‖².
    Squared,
}

/// The map R to be learned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Target {
    /// U K Vᵀ with Haar-random U, V, det R > 0, singular values log-spaced with that condition number
    /// and geometric mean 1.
    Random {
        /// σ_max / σ_min.
        condition: f64,
    },
    /// Every coordinate plane (1,2), (3,4), … turned by that angle.
    Rotation {
        /// Angle in degrees.
        degrees: f64,
    },
    /// Symmetric positive definite, eigenvalues log-spaced.
    PositiveDefinite {
        /// λ_max / λ_min.
        condition: f64,
    },
    /// Diagonal, positive log-spaced entries except the last, which is negative.
    NegativeEigenvalue {
        /// The negative entry.
        eigenvalue: f64,
        /// Condition number of the positive entries.
        condition: f64,
    },
    /// As [`Target::Random`] with det R < 0.
    NegativeDeterminant {
        /// σ_max / σ_min.
        condition: f64,
    },
    /// Diagonal with the given entries.
    Diagonal {
        /// `width` entries.
        values: Vec<f64>,
    },
    /// Typed in, row by row.
    Matrix {
        /// `width` rows of `width` entries.
        rows: Vec<Vec<f64>>,
    },
}

/// Where inputs and labels come from: y = R x + ξ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Data {
    /// The exact expectation under x ~ N(0, Σ).
    Population {
        /// Condition number of Σ (trace d); 1 means Σ = I.
        #[serde(default = "one")]
        covariance: f64,
        /// Standard deviation of each component of ξ; raises the risk, not the excess risk.
        #[serde(default)]
        noise: f64,
    },
    /// The empirical risk of a finite sample.
    Sample {
        /// Number n of labelled inputs.
        points: usize,
        /// Condition number of the Σ that the inputs are drawn from.
        #[serde(default = "one")]
        covariance: f64,
        /// Standard deviation of each component of ξ.
        #[serde(default)]
        noise: f64,
    },
    /// Points of a known set, for classifiers.
    #[serde(rename_all = "camelCase")]
    Set {
        /// Which.
        set: PointSet,
        /// Number n of points, those held out among them.
        points: usize,
        /// Number of classes.
        #[serde(default = "two")]
        classes: usize,
        /// Dimension of the inputs; 2 for all sets but the sphere.
        #[serde(default = "two")]
        dimension: usize,
        /// Standard deviation of what is added to every coordinate.
        #[serde(default)]
        noise: f64,
        /// Share of the points that is not trained on.
        #[serde(default)]
        held_out: f64,
    },
    /// These points, drawn by hand or read from a file, for classifiers.
    #[serde(rename_all = "camelCase")]
    Points {
        /// Dimension of the inputs.
        dimension: usize,
        /// Number of classes.
        classes: usize,
        /// Coordinates, point after point.
        inputs: Floats,
        /// Class of each point, from 0.
        labels: Vec<u16>,
        /// Share of the points that is not trained on.
        #[serde(default)]
        held_out: f64,
    },
}

/// How parameters are updated from the gradient g.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Optimizer {
    /// θ ← θ − η g.
    GradientDescent {
        /// η.
        learning_rate: f64,
    },
    /// m ← β m + g, θ ← θ − η m.
    Momentum {
        /// η.
        learning_rate: f64,
        /// β.
        #[serde(default = "momentum_default")]
        momentum: f64,
    },
    /// Kingma and Ba's Adam with bias correction.
    Adam {
        /// η.
        learning_rate: f64,
        /// Decay of the first moment.
        #[serde(default = "beta1_default")]
        beta1: f64,
        /// Decay of the second moment.
        #[serde(default = "beta2_default")]
        beta2: f64,
        /// Added to the root of the second moment.
        #[serde(default = "epsilon_default")]
        epsilon: f64,
    },
}

impl Optimizer {
    /// η, whatever the rule.
    pub fn learning_rate(&self) -> f64 {
        match *self {
            Self::GradientDescent { learning_rate }
            | Self::Momentum { learning_rate, .. }
            | Self::Adam { learning_rate, .. } => learning_rate,
        }
    }

    /// The same rule at another learning rate.
    pub fn set_learning_rate(&mut self, value: f64) -> Result<()> {
        check("optimizer.learningRate", value, LEARNING_RATE)?;
        match self {
            Self::GradientDescent { learning_rate }
            | Self::Momentum { learning_rate, .. }
            | Self::Adam { learning_rate, .. } => *learning_rate = value,
        }
        Ok(())
    }
}

/// One network of the pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Twin {
    /// What the parameters of a layer mean.
    pub parametrization: Parametrization,
    /// Where training starts.
    pub start: Start,
}

/// What a layer computes from its parameters θ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Parametrization {
    /// h ↦ h + A h, with θ = A.
    Identity,
    /// h ↦ W h, with θ = W.
    Standard,
}

impl Parametrization {
    /// Whether the identity is added to the parameters.
    pub fn is_identity(self) -> bool {
        self == Self::Identity
    }
}

/// Starting point. `identity`, `nearIdentity`, `orthogonal` and `zeroAsymmetric` fix the layer maps
/// W (the same function in both parametrizations); `gaussian`, `xavier` and `he` draw the parameters
/// themselves (A or W), as a person would initialize that network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Start {
    /// W = I.
    Identity,
    /// W = I + (scale/ℓ) G/√d, G standard normal.
    NearIdentity {
        /// Factor on the perturbation.
        #[serde(default = "one")]
        scale: f64,
    },
    /// θ entries N(0, scale²).
    Gaussian {
        /// Standard deviation.
        #[serde(default = "one")]
        scale: f64,
    },
    /// θ entries uniform with variance scale²/d (Glorot and Bengio: 2/(fan in + fan out)).
    Xavier {
        /// Factor on the standard deviation.
        #[serde(default = "one")]
        scale: f64,
    },
    /// θ entries N(0, 2 scale²/d).
    He {
        /// Factor on the standard deviation.
        #[serde(default = "one")]
        scale: f64,
    },
    /// W = scale · Haar-random orthogonal.
    Orthogonal {
        /// Factor on the matrix.
        #[serde(default = "one")]
        scale: f64,
    },
    /// W_1 … W_{ℓ−1} = I, W_ℓ = 0 (Wu, Wang, Ma 2019).
    ZeroAsymmetric,
    /// Classifiers: V = 0, U as He times blocks^(−1/2) (Zhang, Dauphin and Ma 2019, two layers a branch).
    Fixup,
    /// Classifiers: a He start whose α is trained too, from `scale`/√blocks or from 0 (De and Smith 2020).
    SkipInit {
        /// α · √blocks at the start.
        #[serde(default)]
        scale: f64,
    },
    /// Classifiers: a Xavier start whose α is trained too, from 0 (Bachlechner et al. 2020).
    ReZero,
    /// These parameters, such as those of a point chosen on a landscape.
    Given {
        /// θ, flat: layer first, row-major.
        parameters: Floats,
        /// Whether the α of a ReLU network's blocks are trained.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gains: bool,
    },
}

impl Start {
    /// The name used in JSON.
    pub fn name(&self) -> String {
        let kind =
            serde_json::to_value(self).ok().and_then(|value| value["kind"].as_str().map(str::to_owned));
        kind.unwrap_or_default()
    }

    /// Whether the α of a ReLU network's blocks are trained from there.
    pub fn trains_gains(&self) -> bool {
        matches!(self, Self::SkipInit { .. } | Self::ReZero | Self::Given { gains: true, .. })
    }

    fn scale(&self) -> Option<f64> {
        match *self {
            Self::Identity | Self::ZeroAsymmetric | Self::Fixup | Self::ReZero | Self::Given { .. } => None,
            Self::SkipInit { scale }
            | Self::NearIdentity { scale }
            | Self::Gaussian { scale }
            | Self::Xavier { scale }
            | Self::He { scale }
            | Self::Orthogonal { scale } => Some(scale),
        }
    }
}

fn one() -> f64 {
    1.0
}
fn two() -> usize {
    2
}
fn yes() -> bool {
    true
}
fn momentum_default() -> f64 {
    0.9
}
fn beta1_default() -> f64 {
    0.9
}
fn beta2_default() -> f64 {
    0.999
}
fn epsilon_default() -> f64 {
    1e-8
}

impl Default for Experiment {
    fn default() -> Self {
        Self {
            version: VERSION,
            seed: 1,
            network: Network::linear(8, 16),
            target: Target::Random { condition: 10.0 },
            data: Data::Population { covariance: 1.0, noise: 0.0 },
            optimizer: Optimizer::GradientDescent { learning_rate: 0.002 },
            batch: None,
            twins: vec![
                Twin { parametrization: Parametrization::Identity, start: Start::Identity },
                Twin { parametrization: Parametrization::Standard, start: Start::Xavier { scale: 1.0 } },
            ],
        }
    }
}

/// A closed interval of allowed numbers.
type Range = (f64, f64);

const LEARNING_RATE: Range = (0.0, 1e6);
const CONDITION: Range = (1.0, 1e6);
const NOISE: Range = (0.0, 1e3);
const SCALE: Range = (0.0, 1e3);
const ENTRY: Range = (-1e6, 1e6);
const EPSILON: Range = (1e-16, 1.0);

/// Largest width that every engine takes: one workgroup of 256 invocations, a 4×4 tile each.
pub const MAX_WIDTH: usize = 64;
/// Largest depth.
pub const MAX_LAYERS: usize = 256;
/// Largest finite sample.
pub const MAX_POINTS: usize = 65_536;

/// What each field may be, by the end of its path; shown with every error about that field.
const ALLOWED: &[(&str, &str)] = &[
    ("version", "the whole number 1"),
    ("seed", "a whole number from 0 to 4294967295"),
    ("network.kind", "\"linear\" or \"relu\""),
    ("network.width", "a whole number from 1 to 64"),
    ("network.layers", "a whole number from 1 to 256"),
    ("network.hidden", "a whole number from network.width to 64, or nothing for layers without fixed maps"),
    ("network.blocks", "a whole number from 1 to 1024"),
    ("network.loss", "\"crossEntropy\" or \"squared\""),
    ("network.trainEnds", "true or false"),
    (
        "network",
        "{\"kind\": \"linear\", \"width\": 1…64, \"layers\": 1…256}, with \"hidden\": width…64 between fixed maps, or {\"kind\": \"relu\", \"width\": 2…64, \"blocks\": 1…1024}",
    ),
    ("condition", "a number from 1 to 1e6"),
    ("degrees", "a number from -360 to 360"),
    ("eigenvalue", "a number from -1e6 to 0"),
    ("target.values", "a list of as many numbers as the network is wide"),
    ("target.rows", "a square list of lists of numbers, as many as the network is wide"),
    ("covariance", "a number from 1 to 1e6"),
    ("data.points", "a whole number from 1 to 65536"),
    ("data.set", "circles, xor, spirals, moons, gaussians or sphere"),
    ("data.classes", "a whole number from 2 to 16"),
    ("data.dimension", "a whole number from 1 to 64"),
    ("data.heldOut", "a number from 0 to 0.9"),
    ("data.inputs", "a list of numbers, or base64 of little-endian float32"),
    ("data.labels", "a list of whole numbers from 0"),
    ("noise", "a number from 0 to 1000"),
    ("learningRate", "a number from 0 to 1e6"),
    ("momentum", "a number from 0 to 0.9999"),
    ("beta1", "a number from 0 to 0.9999"),
    ("beta2", "a number from 0 to 0.999999"),
    ("epsilon", "a number from 1e-16 to 1"),
    ("batch", "null, or a whole number from 1 to data.points"),
    ("scale", "a number from 0 to 1000"),
    ("parameters", "as many numbers as the network has, as a list or as base64 of little-endian float32"),
    ("parametrization", "\"identity\" or \"standard\""),
    (
        "start",
        "identity, nearIdentity, gaussian, xavier, he, orthogonal, zeroAsymmetric, fixup, skipInit or reZero, with its scale from 0 to 1000, or given, with its parameters",
    ),
    (
        "target",
        "random, rotation, positiveDefinite, negativeEigenvalue, negativeDeterminant, diagonal or matrix, with its parameter",
    ),
    (
        "data",
        "for linear networks population or sample, with covariance, noise and, for a sample, points; for classifiers set or points",
    ),
    ("optimizer", "gradientDescent, momentum or adam, with learningRate from 0 to 1e6"),
    ("twins", "a list of one or two networks"),
];

fn allowed(path: &str) -> Option<&'static str> {
    ALLOWED
        .iter()
        .find(|(name, _)| path == *name || path.strip_suffix(name).is_some_and(|head| head.ends_with('.')))
        .map(|(_, text)| *text)
}

fn complain(field: &str, got: &str) -> LabError {
    match allowed(field) {
        Some(text) => LabError::field(field, format!("allowed is {text}; {got}")),
        None => LabError::field(field, got),
    }
}

fn check(field: &str, value: f64, (low, high): Range) -> Result<()> {
    if value.is_finite() && value >= low && value <= high {
        Ok(())
    } else {
        Err(complain(field, &format!("got {value}")))
    }
}

fn check_count(field: &str, value: usize, low: usize, high: usize) -> Result<()> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(complain(field, &format!("got {value}"))) }
}

impl Experiment {
    /// Reads and validates an experiment; absent fields take their defaults.
    pub fn from_json(text: &str) -> Result<Self> {
        let experiment: Self =
            json::read(text, "experiment").map_err(|error| complain(&error.field, &error.message))?;
        experiment.validate()?;
        Ok(experiment)
    }

    /// The experiment as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an experiment holds only finite numbers, strings and lists")
    }

    /// Width and depth of what is trained: d, or m between fixed maps, and ℓ; or k and the number of blocks.
    pub fn shape(&self) -> (usize, usize) {
        match self.network {
            Network::Linear { width, layers, hidden } => (hidden.unwrap_or(width), layers),
            Network::Relu { width, blocks, .. } => (width, blocks),
        }
    }

    /// Number of parameters of each network.
    pub fn parameter_count(&self) -> usize {
        let (width, layers) = self.shape();
        self.relu_layout().map_or(width * width * layers, |layout| layout.count())
    }

    /// Checks every field against its range.
    pub fn validate(&self) -> Result<()> {
        if self.version != VERSION {
            return Err(complain("version", &format!("got {}", self.version)));
        }
        match self.network {
            Network::Linear { width, layers, hidden } => {
                check_count("network.width", width, 1, MAX_WIDTH)?;
                check_count("network.layers", layers, 1, MAX_LAYERS)?;
                check_count("network.hidden", hidden.unwrap_or(width), width, MAX_WIDTH)?;
                self.target.validate(width)?;
            }
            Network::Relu { width, blocks, .. } => self.validate_relu(width, blocks)?,
        }
        self.data.validate(&self.network)?;
        self.validate_optimizer()?;
        if let Some(batch) = self.batch {
            match self.data.trained_points() {
                Some(points) => check_count("batch", batch, 1, points)?,
                None => {
                    return Err(LabError::field(
                        "batch",
                        "minibatches need a finite sample: set data.kind to \"sample\", or batch to null",
                    ));
                }
            }
        }
        check_count("twins", self.twins.len(), 1, 2)?;
        for (index, twin) in self.twins.iter().enumerate() {
            self.check_start(&format!("twins[{index}].start"), &twin.start)?;
            if let Some(scale) = twin.start.scale() {
                check(&format!("twins[{index}].start.scale"), scale, SCALE)?;
            }
            if let Start::Given { parameters: Floats(parameters), .. } = &twin.start {
                check_parameters(
                    &format!("twins[{index}].start.parameters"),
                    parameters,
                    self.parameter_count(),
                )?;
            }
        }
        Ok(())
    }

    fn validate_optimizer(&self) -> Result<()> {
        check("optimizer.learningRate", self.optimizer.learning_rate(), LEARNING_RATE)?;
        match self.optimizer {
            Optimizer::GradientDescent { .. } => Ok(()),
            Optimizer::Momentum { momentum, .. } => check("optimizer.momentum", momentum, (0.0, 0.9999)),
            Optimizer::Adam { beta1, beta2, epsilon, .. } => {
                check("optimizer.beta1", beta1, (0.0, 0.9999))?;
                check("optimizer.beta2", beta2, (0.0, 0.999_999))?;
                check("optimizer.epsilon", epsilon, EPSILON)
            }
        }
    }
}

impl Target {
    fn validate(&self, width: usize) -> Result<()> {
        match self {
            Self::Random { condition }
            | Self::PositiveDefinite { condition }
            | Self::NegativeDeterminant { condition } => check("target.condition", *condition, CONDITION),
            Self::Rotation { degrees } => check("target.degrees", *degrees, (-360.0, 360.0)),
            Self::NegativeEigenvalue { eigenvalue, condition } => {
                check("target.condition", *condition, CONDITION)?;
                check("target.eigenvalue", *eigenvalue, (-1e6, 0.0))
            }
            Self::Diagonal { values } => check_entries("target.values", values, width),
            Self::Matrix { rows } => {
                if rows.len() != width {
                    return Err(complain(
                        "target.rows",
                        &format!("got {} rows at width {width}", rows.len()),
                    ));
                }
                for (index, row) in rows.iter().enumerate() {
                    check_entries(&format!("target.rows[{index}]"), row, width)?;
                }
                Ok(())
            }
        }
    }
}

fn check_parameters(field: &str, values: &[f32], count: usize) -> Result<()> {
    if values.len() != count {
        let message = format!("allowed are {count} numbers, the network's parameters; got {}", values.len());
        return Err(LabError::field(field, message));
    }
    match values.iter().position(|v| !v.is_finite() || v.abs() > ENTRY.1 as f32) {
        Some(index) => Err(LabError::field(
            format!("{field}[{index}]"),
            format!("allowed is a number from -1e6 to 1e6; got {}", values[index]),
        )),
        None => Ok(()),
    }
}

fn check_entries(field: &str, values: &[f64], width: usize) -> Result<()> {
    if values.len() != width {
        return Err(LabError::field(
            field,
            format!("allowed are {width} numbers, the network's width; got {}", values.len()),
        ));
    }
    match values.iter().position(|v| !v.is_finite() || *v < ENTRY.0 || *v > ENTRY.1) {
        Some(index) => Err(LabError::field(
            format!("{field}[{index}]"),
            format!("allowed is a number from -1e6 to 1e6; got {}", values[index]),
        )),
        None => Ok(()),
    }
}

impl Data {
    fn validate(&self, network: &Network) -> Result<()> {
        let linear = matches!(network, Network::Linear { .. });
        let fits = linear == matches!(self, Self::Population { .. } | Self::Sample { .. });
        if !fits {
            let message = if linear {
                "a linear network learns a target map: allowed are population and sample"
            } else {
                "a ReLU network learns labelled points: allowed are set and points"
            };
            return Err(LabError::field("data.kind", message));
        }
        match self {
            Self::Population { covariance, noise } | Self::Sample { covariance, noise, .. } => {
                check("data.covariance", *covariance, CONDITION)?;
                check("data.noise", *noise, NOISE)?;
                match *self {
                    Self::Sample { points, .. } => check_count("data.points", points, 1, MAX_POINTS),
                    _ => Ok(()),
                }
            }
            Self::Set { .. } | Self::Points { .. } => self.validate_points(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_object_is_the_default_experiment() {
        assert_eq!(Experiment::from_json("{}").unwrap(), Experiment::default());
    }

    #[test]
    fn survives_a_round_trip() {
        let experiment = Experiment::default();
        assert_eq!(Experiment::from_json(&experiment.to_json()).unwrap(), experiment);
        let network = Network::Linear { width: 4, layers: 3, hidden: Some(9) };
        let wide = Experiment { network, ..experiment };
        assert_eq!((wide.shape(), wide.parameter_count()), ((9, 3), 243));
        assert_eq!(Experiment::from_json(&wide.to_json()).unwrap(), wide);
    }

    /// Each bad input must name its field and say what is allowed.
    #[test]
    fn names_the_field_and_the_allowed_range() {
        let cases = [
            (r#"{"version":2}"#, "version", "whole number 1"),
            (r#"{"network":{"kind":"linear","width":65,"layers":4}}"#, "network.width", "1 to 64"),
            (r#"{"network":{"kind":"linear","width":4,"layers":0}}"#, "network.layers", "1 to 256"),
            (
                r#"{"network":{"kind":"linear","width":4,"layers":4,"hidden":3}}"#,
                "network.hidden",
                "from network.width to 64",
            ),
            (
                r#"{"network":{"kind":"linear","width":4,"layers":4,"hidden":65}}"#,
                "network.hidden",
                "from network.width to 64",
            ),
            (r#"{"network":{"kind":"cubic","width":4,"layers":4}}"#, "network.kind", "linear"),
            (r#"{"seed":-1}"#, "seed", "0 to 4294967295"),
            (r#"{"seed":null}"#, "seed", "0 to 4294967295"),
            (r#"{"target":{"kind":"random","condition":0.5}}"#, "target.condition", "1 to 1e6"),
            (r#"{"target":{"kind":"diagonal","values":[1,2]}}"#, "target.values", "8 numbers"),
            (r#"{"target":{"kind":"matrix","rows":[[1]]}}"#, "target.rows", "square"),
            (
                r#"{"optimizer":{"kind":"gradientDescent","learningRate":-1}}"#,
                "optimizer.learningRate",
                "0 to 1e6",
            ),
            (r#"{"batch":8}"#, "batch", "finite sample"),
            (r#"{"twins":[]}"#, "twins", "one or two"),
            (
                r#"{"twins":[{"parametrization":"identity","start":{"kind":"he","scale":-2}}]}"#,
                "twins[0].start.scale",
                "0 to 1000",
            ),
            (
                r#"{"twins":[{"parametrization":"identity","start":{"kind":"given","parameters":[1,2]}}]}"#,
                "twins[0].start.parameters",
                "1024 numbers",
            ),
            (
                r#"{"twins":[{"parametrization":"identity","start":{"kind":"given","parameters":"AAAA"}}]}"#,
                "twins[0].start",
                "base64",
            ),
            (r#"{"colour":1}"#, "colour", "unknown field"),
            (r#"{"#, "experiment", "EOF"),
        ];
        for (text, field, message) in cases {
            let error = Experiment::from_json(text).expect_err(text);
            assert_eq!(error.field_name(), Some(field), "{text}: {error}");
            assert!(error.to_string().contains(message), "{text}: {error}");
        }
    }
}
