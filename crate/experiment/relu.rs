//! What an experiment with ReLU networks may hold.

use super::{Data, Experiment, NOISE, Network, Start, check, check_count, complain};
use crate::data::points::{self, MAX_CLASSES, MAX_DIMENSION, Points};
use crate::error::{LabError, Result};
use crate::network::relu::Layout;

/// Most parameters of one network: as many as the largest linear network has.
pub const MAX_PARAMETERS: usize = 1 << 20;
/// Most blocks.
const MAX_BLOCKS: usize = 1024;
/// Largest share of the points that may be held out.
const HELD_OUT: super::Range = (0.0, 0.9);

impl Experiment {
    /// Whether its networks are ReLU networks.
    pub fn is_classifier(&self) -> bool {
        matches!(self.network, Network::Relu { .. })
    }

    /// Where the parameters of a ReLU network stand; `None` for other networks and data.
    pub fn relu_layout(&self) -> Option<Layout> {
        let Network::Relu { width, blocks, .. } = self.network else { return None };
        let (dimension, classes) = match &self.data {
            Data::Set { set, dimension, classes, .. } => {
                (if set.is_planar() { 2 } else { *dimension }, *classes)
            }
            Data::Points { dimension, classes, .. } => (*dimension, *classes),
            Data::Population { .. } | Data::Sample { .. } => return None,
        };
        Some(Layout { dimension, width, blocks, classes })
    }

    pub(super) fn validate_relu(&self, width: usize, blocks: usize) -> Result<()> {
        if !(2..=super::MAX_WIDTH).contains(&width) {
            let message = format!("allowed is a whole number from 2 to {}; got {width}", super::MAX_WIDTH);
            return Err(LabError::field("network.width", message));
        }
        check_count("network.blocks", blocks, 1, MAX_BLOCKS)?;
        // Wider than allowed ends do not matter to this sum; they are refused with the data.
        let count = blocks * (2 * width * width + width + 1);
        if count > MAX_PARAMETERS {
            let most = MAX_PARAMETERS / (2 * width * width + width + 1);
            let message = format!("allowed are {most} blocks at width {width}; got {blocks}");
            return Err(LabError::field("network.blocks", message));
        }
        Ok(())
    }

    /// Whether networks of this kind can start there.
    pub(super) fn check_start(&self, field: &str, start: &Start) -> Result<()> {
        let (fits, allowed) = match self.network {
            Network::Linear { .. } => (
                !matches!(start, Start::Fixup | Start::SkipInit { .. } | Start::ReZero),
                "identity, nearIdentity, gaussian, xavier, he, orthogonal, zeroAsymmetric and given",
            ),
            Network::Relu { .. } => (
                !matches!(start, Start::ZeroAsymmetric),
                "identity, nearIdentity, gaussian, xavier, he, orthogonal, fixup, skipInit, reZero and given",
            ),
        };
        if fits {
            return Ok(());
        }
        let message = format!("allowed for this network are {allowed}; got {}", start.name());
        Err(LabError::field(field, message))
    }
}

impl Data {
    /// Number of points that a minibatch is taken from, if there are points.
    pub fn trained_points(&self) -> Option<usize> {
        match self {
            Self::Population { .. } => None,
            Self::Sample { points, .. } => Some(*points),
            Self::Set { points, held_out, .. } => Some(points - held_out_count(*points, *held_out)),
            Self::Points { labels, held_out, .. } => {
                Some(labels.len() - held_out_count(labels.len(), *held_out))
            }
        }
    }

    pub(super) fn validate_points(&self) -> Result<()> {
        match self {
            Self::Population { .. } | Self::Sample { .. } => Ok(()),
            Self::Set { set, points, classes, dimension, noise, held_out } => {
                let message =
                    |range: &str, got: usize| format!("allowed is a whole number {range}; got {got}");
                if !(2..=points::MAX_POINTS).contains(points) {
                    let range = format!("from 2 to {}", points::MAX_POINTS);
                    return Err(LabError::field("data.points", message(&range, *points)));
                }
                check_count("data.classes", *classes, 2, MAX_CLASSES)?;
                if set.has_two_classes() && *classes != 2 {
                    let message = format!("this set has 2 classes; got {classes}");
                    return Err(LabError::field("data.classes", message));
                }
                if classes > points {
                    let message = format!("allowed are as many classes as points, {points}; got {classes}");
                    return Err(LabError::field("data.classes", message));
                }
                if set.is_planar() && *dimension != 2 {
                    let message =
                        format!("the points of this set lie in a plane: allowed is 2; got {dimension}");
                    return Err(LabError::field("data.dimension", message));
                }
                check_count("data.dimension", *dimension, 2, MAX_DIMENSION)?;
                check("data.noise", *noise, NOISE)?;
                check("data.heldOut", *held_out, HELD_OUT)
            }
            Self::Points { dimension, classes, inputs, labels, held_out } => {
                check_count("data.dimension", *dimension, 1, MAX_DIMENSION)?;
                check_count("data.classes", *classes, 2, MAX_CLASSES)?;
                if !(2..=points::MAX_POINTS).contains(&labels.len()) {
                    let got = format!("got {}", labels.len());
                    return Err(complain(
                        "data.labels",
                        &format!("2 to {} of them; {got}", points::MAX_POINTS),
                    ));
                }
                check("data.heldOut", *held_out, HELD_OUT)?;
                // A copy, to be checked as every other set of points is.
                Points {
                    dimension: *dimension,
                    classes: *classes,
                    inputs: inputs.0.clone(),
                    labels: labels.clone(),
                }
                .check("data")
            }
        }
    }
}

/// How many of n points are held out: at most so many that one is left.
pub fn held_out_count(points: usize, share: f64) -> usize {
    ((points as f64 * share).round() as usize).min(points.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Loss, Parametrization};

    fn text(network: &str, data: &str, twin: &str) -> String {
        format!(
            r#"{{"network":{network},"data":{data},"twins":[{{"parametrization":"identity","start":{twin}}}]}}"#
        )
    }

    const RELU: &str = r#"{"kind":"relu","width":6,"blocks":3}"#;
    const SPIRALS: &str = r#"{"kind":"set","set":"spirals","points":60}"#;
    const IDENTITY: &str = r#"{"kind":"identity"}"#;

    #[test]
    fn what_is_left_out_takes_its_default() {
        let read = Experiment::from_json(&text(RELU, SPIRALS, IDENTITY)).unwrap();
        let network = Network::Relu { width: 6, blocks: 3, loss: Loss::CrossEntropy, train_ends: true };
        assert_eq!(read.network, network);
        assert_eq!(read.twins[0].parametrization, Parametrization::Identity);
        // A₀ 6×2, three blocks of 6×6, 6, 6×6 and one, B 2×6.
        assert_eq!(read.parameter_count(), 12 + 3 * (36 + 6 + 36 + 1) + 12);
        assert_eq!(Experiment::from_json(&read.to_json()).unwrap(), read);
    }

    #[test]
    fn names_the_field_and_the_allowed_range() {
        let relu =
            |width: usize, blocks: usize| format!(r#"{{"kind":"relu","width":{width},"blocks":{blocks}}}"#);
        let set = |rest: &str| format!(r#"{{"kind":"set",{rest}}}"#);
        let points = |rest: &str| format!(r#"{{"kind":"points","dimension":1,"classes":2,{rest}}}"#);
        let cases = [
            (text(&relu(1, 3), SPIRALS, IDENTITY), "network.width", "2 to 64"),
            (text(&relu(4, 0), SPIRALS, IDENTITY), "network.blocks", "1 to 1024"),
            (text(&relu(64, 1024), SPIRALS, IDENTITY), "network.blocks", "126 blocks at width 64"),
            (text(RELU, r#"{"kind":"population"}"#, IDENTITY), "data.kind", "set and points"),
            (text(r#"{"kind":"linear","width":2,"layers":2}"#, SPIRALS, IDENTITY), "data.kind", "target map"),
            (text(RELU, &set(r#""set":"stars","points":9"#), IDENTITY), "data", "moons"),
            (text(RELU, &set(r#""set":"moons","points":1"#), IDENTITY), "data.points", "2 to 20000"),
            (
                text(RELU, &set(r#""set":"moons","points":9,"classes":3"#), IDENTITY),
                "data.classes",
                "2 classes",
            ),
            (
                text(RELU, &set(r#""set":"circles","points":3,"classes":4"#), IDENTITY),
                "data.classes",
                "as points, 3",
            ),
            (
                text(RELU, &set(r#""set":"moons","points":9,"dimension":3"#), IDENTITY),
                "data.dimension",
                "plane",
            ),
            (
                text(RELU, &set(r#""set":"moons","points":9,"heldOut":1"#), IDENTITY),
                "data.heldOut",
                "0 to 0.9",
            ),
            (
                text(RELU, &points(r#""inputs":[1,2],"labels":[0,0]"#), IDENTITY),
                "data",
                "two classes or more",
            ),
            (text(RELU, &points(r#""inputs":[1,2],"labels":[0,5]"#), IDENTITY), "data", "point 2 has 5"),
            (text(RELU, &points(r#""inputs":[1],"labels":[0,1]"#), IDENTITY), "data", "got 1"),
            (text(RELU, &points(r#""inputs":[],"labels":[]"#), IDENTITY), "data.labels", "2 to 20000"),
            (text(RELU, SPIRALS, r#"{"kind":"zeroAsymmetric"}"#), "twins[0].start", "reZero"),
            (
                text(RELU, SPIRALS, r#"{"kind":"given","parameters":[1]}"#),
                "twins[0].start.parameters",
                "261 numbers",
            ),
            (
                r#"{"twins":[{"parametrization":"identity","start":{"kind":"fixup"}}]}"#.to_owned(),
                "twins[0].start",
                "zeroAsymmetric",
            ),
        ];
        for (text, field, message) in cases {
            let error = Experiment::from_json(&text).expect_err(&text);
            assert_eq!(error.field_name(), Some(field), "{text}: {error}");
            assert!(error.to_string().contains(message), "{text}: {error}");
        }
    }
}
