//! [`Axis`]: what changes from cell to cell along one side of a map.

use serde::{Deserialize, Serialize};

use super::starts::too_fine;
use crate::error::{LabError, Result};
use crate::experiment::{Data, Experiment, Network, Start, Target};

/// What an axis changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Quantity {
    /// η of the optimizer.
    LearningRate,
    /// The scale of every twin's start; `identity` becomes `nearIdentity`, of which it is scale 0.
    StartScale,
    /// Number ℓ of layers, or of a classifier's blocks, rounded.
    Depth,
    /// Classifiers: dimension k of every hidden layer, rounded.
    Width,
    /// Classifiers: standard deviation of what is added to the coordinates of a known set.
    Noise,
    /// The target's condition number; a target that has none becomes `random`.
    Condition,
    /// Degrees; the target becomes `rotation`.
    RotationAngle,
    /// The seed of every random number, rounded.
    Seed,
    /// a on the map's plane of starts.
    AlongU,
    /// b on the map's plane of starts.
    AlongV,
}

impl Quantity {
    /// The name used in JSON, what may be asked for, and that range in words.
    fn described(self, classifier: bool) -> (&'static str, (f64, f64), &'static str) {
        match self {
            Self::LearningRate => ("learningRate", (0.0, 1e6), "a number from 0 to 1e6"),
            Self::StartScale => ("startScale", (0.0, 1e3), "a number from 0 to 1000"),
            // Edges of cells: their middles, rounded, are numbers of blocks, with a limit of their own.
            Self::Depth if classifier => ("depth", (0.5, 2048.0), "a number from 0.5 to 2048"),
            Self::Depth => ("depth", (1.0, 256.0), "a number from 1 to 256"),
            Self::Width => ("width", (2.0, 64.0), "a number from 2 to 64"),
            Self::Noise => ("noise", (0.0, 1e3), "a number from 0 to 1000"),
            Self::Condition => ("condition", (1.0, 1e6), "a number from 1 to 1e6"),
            Self::RotationAngle => ("rotationAngle", (-360.0, 360.0), "a number from -360 to 360"),
            Self::Seed => ("seed", (0.0, 4_294_967_295.0), "a number from 0 to 4294967295"),
            Self::AlongU => ("alongU", (-1e6, 1e6), "a number from -1e6 to 1e6"),
            Self::AlongV => ("alongV", (-1e6, 1e6), "a number from -1e6 to 1e6"),
        }
    }

    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        self.described(false).0
    }

    /// Refuses what networks of that kind do not have.
    fn check_network(self, name: &str, experiment: &Experiment) -> Result<()> {
        let classifier = experiment.is_classifier();
        let (fits, allowed) = match self {
            Self::LearningRate | Self::StartScale | Self::Depth | Self::Seed => return Ok(()),
            Self::Condition | Self::RotationAngle | Self::AlongU | Self::AlongV => (
                !classifier,
                "classifiers have no target map, and no plane of starts: allowed are learningRate, startScale, depth, \
                 width, noise and seed",
            ),
            Self::Width | Self::Noise => (
                classifier,
                "allowed for linear networks are learningRate, startScale, depth, condition, rotationAngle, seed, \
                 alongU and alongV",
            ),
        };
        if fits {
            return Ok(());
        }
        Err(LabError::field(format!("{name}.quantity"), format!("{allowed}; got {}", self.name())))
    }

    /// Whether its values are whole numbers.
    fn is_whole(self) -> bool {
        matches!(self, Self::Depth | Self::Width | Self::Seed)
    }

    /// Which direction of the plane of starts it goes along, if it does.
    pub fn direction(self) -> Option<usize> {
        match self {
            Self::AlongU => Some(0),
            Self::AlongV => Some(1),
            _ => None,
        }
    }

    /// Whether it stands for the target, of which there is one.
    pub fn is_target(self) -> bool {
        matches!(self, Self::Condition | Self::RotationAngle)
    }
}

/// How values lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Scale {
    /// Equal steps are equal factors.
    Log,
    /// Equal steps are equal differences.
    Linear,
}

/// One side of a map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Axis {
    /// What changes along it.
    pub quantity: Quantity,
    /// How.
    pub scale: Scale,
    /// Where the first cell begins.
    pub low: f64,
    /// Where the last cell ends.
    pub high: f64,
}

impl Axis {
    /// Checks the range, and that the networks of an experiment have such a quantity; `name` is `x` or `y`.
    pub fn validate(&self, name: &str, experiment: &Experiment) -> Result<()> {
        self.quantity.check_network(name, experiment)?;
        let (_, (least, most), words) = self.quantity.described(experiment.is_classifier());
        for (end, value) in [("low", self.low), ("high", self.high)] {
            if !(value >= least && value <= most) {
                let message = format!("allowed is {words}; got {value}");
                return Err(LabError::field(format!("{name}.{end}"), message));
            }
        }
        if self.scale == Scale::Log && self.low <= 0.0 {
            let message = format!("allowed on a logarithmic axis is a number above 0; got {}", self.low);
            return Err(LabError::field(format!("{name}.low"), message));
        }
        if self.low >= self.high {
            let message =
                format!("allowed is a number above {name}.low, which is {}; got {}", self.low, self.high);
            return Err(LabError::field(format!("{name}.high"), message));
        }
        if self.quantity.direction().is_some() && self.scale == Scale::Log {
            let message = format!("allowed is linear for {}; got log", self.quantity.name());
            return Err(LabError::field(format!("{name}.scale"), message));
        }
        Ok(())
    }

    /// Refuses cells that float32, in which networks are trained, does not tell apart. Whole numbers may repeat.
    pub fn check_resolution(&self, name: &str, count: usize) -> Result<()> {
        // How far starts lie apart depends on their plane, too.
        if self.quantity.is_whole() || self.quantity.direction().is_some() {
            return Ok(());
        }
        let apart = self.values(count).windows(2).all(|pair| (pair[0] as f32) < pair[1] as f32);
        if apart { Ok(()) } else { Err(too_fine(&format!("{name}.high"))) }
    }

    /// The values at the middle of `count` cells of equal breadth between `low` and `high`, with no more
    /// digits than tell neighbours apart: they are read by people, and stand in addresses.
    pub fn values(&self, count: usize) -> Vec<f64> {
        (0..count).map(|index| self.value_of(index, count)).collect()
    }

    /// One of [`Axis::values`].
    pub fn value_of(&self, index: usize, count: usize) -> f64 {
        let place = |part: f64| (index as f64 + part) / count as f64;
        let [from, middle, to] = [0.0, 0.5, 1.0].map(|part| self.value(place(part)));
        match self.quantity {
            quantity if quantity.is_whole() => middle.round(),
            _ => rounded(middle, (to - from) / 40.0).clamp(self.low, self.high),
        }
    }

    /// The value that far along the axis, from 0 at `low` to 1 at `high`.
    fn value(&self, t: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.low + (self.high - self.low) * t,
            Scale::Log => {
                let (low, high) = (libm::log(self.low), libm::log(self.high));
                // Rounding must not lead out of the range that was checked.
                libm::exp(low + (high - low) * t).clamp(self.low, self.high)
            }
        }
    }

    /// Gives an experiment that value.
    pub fn apply(&self, value: f64, experiment: &mut Experiment) -> Result<()> {
        match self.quantity {
            Quantity::LearningRate => experiment.optimizer.set_learning_rate(value)?,
            Quantity::Depth => experiment.network = experiment.network.with_depth(value as usize),
            Quantity::Width => match &mut experiment.network {
                Network::Linear { width, .. } | Network::Relu { width, .. } => *width = value as usize,
            },
            Quantity::Noise => match &mut experiment.data {
                Data::Set { noise, .. } => *noise = value,
                _ => {
                    let message =
                        "allowed where an axis is the noise is a known set of points; these are given";
                    return Err(LabError::field("data.kind", message));
                }
            },
            Quantity::Seed => experiment.seed = value as u32,
            // The plane makes the starts, of both coordinates.
            Quantity::AlongU | Quantity::AlongV => {}
            Quantity::RotationAngle => experiment.target = Target::Rotation { degrees: value },
            Quantity::Condition => match &mut experiment.target {
                Target::Random { condition }
                | Target::PositiveDefinite { condition }
                | Target::NegativeDeterminant { condition }
                | Target::NegativeEigenvalue { condition, .. } => *condition = value,
                target => *target = Target::Random { condition: value },
            },
            Quantity::StartScale => {
                for (index, twin) in experiment.twins.iter_mut().enumerate() {
                    match &mut twin.start {
                        Start::NearIdentity { scale }
                        | Start::Gaussian { scale }
                        | Start::Xavier { scale }
                        | Start::He { scale }
                        | Start::SkipInit { scale }
                        | Start::Orthogonal { scale } => *scale = value,
                        start @ Start::Identity => *start = Start::NearIdentity { scale: value },
                        start => {
                            let message = format!(
                                "allowed where an axis is the start's scale are identity, nearIdentity, gaussian, \
                                 xavier, he, orthogonal and, for classifiers, skipInit; got {}",
                                start.name()
                            );
                            return Err(LabError::field(format!("twins[{index}].start"), message));
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The value to that precision, as the decimal number that a person would write.
fn rounded(value: f64, precision: f64) -> f64 {
    let digits = -libm::floor(libm::log10(precision));
    let power = |digits: f64| libm::pow(10.0, digits);
    match digits {
        // Multiplying and dividing by whole powers leaves the nearest number to the decimal one.
        0.0..=15.0 => (value * power(digits)).round() / power(digits),
        -15.0..0.0 => (value / power(-digits)).round() * power(-digits),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(quantity: Quantity, scale: Scale, low: f64, high: f64) -> Axis {
        Axis { quantity, scale, low, high }
    }

    #[test]
    fn values_stand_in_the_middle_of_their_cells() {
        assert_eq!(axis(Quantity::Condition, Scale::Linear, 1.0, 9.0).values(4), [2.0, 4.0, 6.0, 8.0]);
        let log = axis(Quantity::LearningRate, Scale::Log, 1e-4, 1.0).values(2);
        assert_eq!(log, [1e-3, 1e-1]);
        assert_eq!(axis(Quantity::Depth, Scale::Linear, 0.5, 4.5).values(4), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn zooming_in_keeps_the_places_of_values() {
        let whole = axis(Quantity::LearningRate, Scale::Log, 1e-3, 1.0).values(6);
        let part = axis(Quantity::LearningRate, Scale::Log, 1e-3, 1e-3f64.sqrt()).values(3);
        // Cells are a factor of 10^½ apart.
        assert!(whole.iter().zip(&part).all(|(x, y)| (x / y - 1.0).abs() < 0.02), "{whole:?} {part:?}");
    }

    #[test]
    fn values_have_few_digits_and_stay_apart() {
        let values = axis(Quantity::LearningRate, Scale::Log, 1e-4, 1.0).values(64);
        assert!(values.iter().all(|value| value.to_string().len() <= 9), "{values:?}");
        for (low, high) in [(0.5, 0.500001), (1e-9, 1e-8), (1.0, 1e6)] {
            let near = axis(Quantity::LearningRate, Scale::Log, low, high).values(512);
            assert!(near.is_sorted_by(|x, y| x < y) && near[0] >= low && near[511] <= high);
        }
    }

    #[test]
    fn the_start_and_the_target_become_what_the_axis_needs() {
        let mut experiment = Experiment::default();
        axis(Quantity::StartScale, Scale::Linear, 0.0, 1.0).apply(0.25, &mut experiment).unwrap();
        assert_eq!(experiment.twins[0].start, Start::NearIdentity { scale: 0.25 });
        assert_eq!(experiment.twins[1].start, Start::Xavier { scale: 0.25 });
        axis(Quantity::RotationAngle, Scale::Linear, 0.0, 180.0).apply(60.0, &mut experiment).unwrap();
        assert_eq!(experiment.target, Target::Rotation { degrees: 60.0 });
        axis(Quantity::Condition, Scale::Log, 1.0, 100.0).apply(7.0, &mut experiment).unwrap();
        assert_eq!(experiment.target, Target::Random { condition: 7.0 });
    }
}
