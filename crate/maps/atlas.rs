//! [`Atlas`]: a map of networks and what each of its cells trains.

use serde::{Deserialize, Serialize};

use super::axis::{Axis, Quantity, Scale};
use super::basin::Judge;
use super::outcome::{Budget, Outcome, Runner};
use super::starts::StartPlane;
use crate::data::problem::Problem;
use crate::error::{LabError, Result};
use crate::experiment::{Data, Experiment, Network, Start, Twin};
use crate::json::{self, Misread};

/// Most columns and most rows.
pub const MAX_SIDE: usize = 512;
/// Most networks of a cell, each by itself.
pub const MAX_NETWORKS: usize = 8;
/// Longest run of a cell.
pub const MAX_STEPS: u32 = 100_000;
/// Most multiply-adds of a whole map: an hour or two on a small machine.
pub const MAX_WORK: f64 = 1e14;

/// A map: the networks of an experiment trained again and again with two quantities changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Atlas {
    /// What the cells have in common.
    pub experiment: Experiment,
    /// What changes from column to column.
    pub x: Axis,
    /// What changes from row to row.
    pub y: Axis,
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// How long each network is trained.
    pub budget: Budget,
    /// Where training starts, for axes along a plane; a coordinate that no axis has is 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plane: Option<StartPlane>,
    /// Whether cells are also asked where they ended; see [`super::End`] and [`Runner::basins`].
    pub basins: bool,
    /// What every cell trains in place of the experiment's twins, each network as an experiment of its own; none
    /// means the twins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<Twin>,
}

impl Default for Atlas {
    fn default() -> Self {
        let axis = |quantity, low, high| Axis { quantity, scale: Scale::Log, low, high };
        Self {
            experiment: Experiment::default(),
            x: axis(Quantity::LearningRate, 1e-4, 1.0),
            y: axis(Quantity::Depth, 1.0, 64.0),
            columns: 64,
            rows: 64,
            budget: Budget::default(),
            plane: None,
            basins: false,
            networks: Vec::new(),
        }
    }
}

impl Atlas {
    /// Reads and validates a map; absent fields take their defaults.
    pub fn from_json(text: &str) -> Result<Self> {
        let atlas: Self = json::read(text, "map").map_err(|Misread { field, message }| {
            let allowed = match field.rsplit('.').next().unwrap_or_default() {
                "low" | "high" | "threshold" => "allowed is a number",
                "columns" | "rows" | "steps" => "allowed is a whole number",
                _ => "it is not understood",
            };
            LabError::field(field, format!("{allowed}; {message}"))
        })?;
        atlas.validate()?;
        Ok(atlas)
    }

    /// What becomes of which each cell says.
    pub fn trained(&self) -> &[Twin] {
        if self.networks.is_empty() { &self.experiment.twins } else { &self.networks }
    }

    /// The maps of one of [`Atlas::networks`] each.
    fn alone(&self) -> impl Iterator<Item = Self> {
        self.networks.iter().map(|network| Self {
            experiment: Experiment { twins: vec![network.clone()], ..self.experiment.clone() },
            networks: Vec::new(),
            ..self.clone()
        })
    }

    /// Checks axes, size and work, and that the experiment can be mapped.
    pub fn validate(&self) -> Result<()> {
        self.experiment.validate()?;
        if self.networks.is_empty() {
            return self.validate_twins();
        }
        if self.networks.len() > MAX_NETWORKS {
            let message = format!("allowed are at most {MAX_NETWORKS}; got {}", self.networks.len());
            return Err(LabError::field("networks", message));
        }
        if self.plane.is_some() {
            let message = "a plane of starts is one of the twins: allowed are no networks beside it";
            return Err(LabError::field("networks", message));
        }
        for (index, map) in self.alone().enumerate() {
            map.validate_twins().map_err(|error| match error {
                LabError::Field { field, message } => {
                    LabError::field(field.replace("twins[0]", &format!("networks[{index}]")), message)
                }
                other => other,
            })?;
        }
        self.check_work()
    }

    fn validate_twins(&self) -> Result<()> {
        // Those of a network are checked here; of the experiment's own twins it is known already.
        self.experiment.validate()?;
        let classifier = self.experiment.is_classifier();
        if self.experiment.batch.is_some() && !classifier {
            let message = "a map of linear networks trains on the full batch: set batch to null";
            return Err(LabError::field("batch", message));
        }
        if self.basins && classifier {
            let message =
                "a map of basins tells the optima of linear networks apart: allowed for classifiers is false";
            return Err(LabError::field("basins", message));
        }
        self.x.validate("x", &self.experiment)?;
        self.y.validate("y", &self.experiment)?;
        let (x, y) = (self.x.quantity, self.y.quantity);
        if x == y {
            let message = format!("allowed is another quantity than that of x; got {} for both", y.name());
            return Err(LabError::field("y.quantity", message));
        }
        if x.is_target() && y.is_target() {
            let message = "allowed is one axis that changes the target; got condition and rotationAngle";
            return Err(LabError::field("y.quantity", message));
        }
        for (name, count) in [("columns", self.columns), ("rows", self.rows)] {
            if !(1..=MAX_SIDE).contains(&count) {
                let message = format!("allowed is a whole number from 1 to {MAX_SIDE}; got {count}");
                return Err(LabError::field(name, message));
            }
        }
        self.budget.validate()?;
        let given = |twin: &crate::experiment::Twin| matches!(twin.start, Start::Given { .. });
        let shape = [x, y].into_iter().find(|q| matches!(q, Quantity::Depth | Quantity::Width));
        if let (Some(index), Some(shape)) = (self.experiment.twins.iter().position(given), shape) {
            let name = shape.name();
            let message =
                format!("given parameters have one {name}: choose another start, or no axis of {name}");
            return Err(LabError::field(format!("twins[{index}].start"), message));
        }
        self.x.check_resolution("x", self.columns)?;
        self.y.check_resolution("y", self.rows)?;
        self.validate_plane()?;
        // Every axis can be applied where its first value can.
        let first = self.cell(0, 0)?;
        if classifier {
            // Together, width and depth have a limit of their own.
            self.cell(self.columns - 1, self.rows - 1)?.validate()?;
        }
        if self.basins {
            let problem = Problem::new(&first);
            Judge::new(&problem).check(&problem)?;
        }
        self.check_work()
    }

    fn check_work(&self) -> Result<()> {
        let work = self.work();
        if work <= MAX_WORK {
            return Ok(());
        }
        let message = format!(
            "this map takes {work:.1e} multiply-adds, and allowed are {MAX_WORK:.0e}: take fewer cells, steps or layers"
        );
        Err(LabError::field("budget.steps", message))
    }

    /// Checks that a plane and axes along it go together, and that float32 tells its cells apart.
    fn validate_plane(&self) -> Result<()> {
        let axes = [("x", &self.x, self.columns), ("y", &self.y, self.rows)];
        let along = axes.iter().filter_map(|(name, axis, count)| {
            let step = (axis.high - axis.low) / *count as f64;
            axis.quantity.direction().map(|direction| (direction, step, format!("{name}.high")))
        });
        let along: Vec<_> = along.collect();
        let Some(plane) = &self.plane else {
            let Some((name, axis, _)) = axes.iter().find(|(_, axis, _)| axis.quantity.direction().is_some())
            else {
                return Ok(());
            };
            let message =
                format!("{name} goes {}: allowed is a plane of starts; got none", axis.quantity.name());
            return Err(LabError::field("plane", message));
        };
        if along.is_empty() {
            let message = "no axis goes along it: take alongU or alongV for one, or leave the plane out";
            return Err(LabError::field("plane", message));
        }
        if matches!(plane, StartPlane::Given { .. }) {
            for (name, axis, _) in axes {
                let why = match axis.quantity {
                    Quantity::Depth => "a given plane has one depth: allowed is another quantity than depth",
                    Quantity::StartScale => {
                        "a given plane is all of the start: allowed is another quantity than startScale"
                    }
                    _ => continue,
                };
                return Err(LabError::field(format!("{name}.quantity"), why));
            }
        }
        // Coordinates and parameters are extreme in corners, and so is the depth that entries must exist at.
        for (ix, iy) in [0, self.columns - 1].into_iter().flat_map(|ix| [(ix, 0), (ix, self.rows - 1)]) {
            self.cell(ix, iy)?.validate()?;
        }
        let mut ranges = [[0.0; 2]; 2];
        for (_, axis, _) in axes {
            if let Some(direction) = axis.quantity.direction() {
                ranges[direction] = [axis.low, axis.high];
            }
        }
        plane.check_resolution(ranges, &along, &self.unplaced(0, 0)?.0)
    }

    /// The experiment of a cell before the plane places its starts, and where it would.
    fn unplaced(&self, ix: usize, iy: usize) -> Result<(Experiment, [f64; 2])> {
        let (mut experiment, mut place) = (self.experiment.clone(), [0.0; 2]);
        for (axis, count, index) in [(&self.x, self.columns, ix), (&self.y, self.rows, iy)] {
            let value = axis.value_of(index, count);
            match axis.quantity.direction() {
                Some(direction) => place[direction] = value,
                None => axis.apply(value, &mut experiment)?,
            }
        }
        Ok((experiment, place))
    }

    /// Multiply-adds of all cells that train to the end: a layer takes 3 d³ a step, a block 6 k² a point, and 2 k²
    /// more where the loss is that of other points than a minibatch; and what drawing samples takes.
    fn work(&self) -> f64 {
        let (width, layers) = self.experiment.shape();
        let axes = [(&self.x, self.columns), (&self.y, self.rows)];
        let mean = |quantity, power, usual: usize| {
            let found = axes.iter().find(|(axis, _)| axis.quantity == quantity);
            found.map_or((usual as f64).powi(power), |(axis, count)| {
                let powers = axis.values(*count).into_iter().map(|value| value.powi(power));
                powers.sum::<f64>() / (*count).max(1) as f64
            })
        };
        let points = self.experiment.data.trained_points().unwrap_or_default() as f64;
        let layer = match (&self.experiment.network, self.experiment.batch) {
            (Network::Linear { .. }, _) => 3.0 * (width as f64).powi(3),
            (Network::Relu { .. }, None) => 6.0 * points * mean(Quantity::Width, 2, width),
            (Network::Relu { .. }, Some(batch)) => {
                (2.0 * points + 6.0 * batch as f64) * mean(Quantity::Width, 2, width)
            }
        };
        let step = layer * mean(Quantity::Depth, 1, layers);
        let sample = match self.experiment.data {
            // About what a Gaussian number costs, and the products of the statistics.
            Data::Sample { points, .. } => (points * width) as f64 * (100.0 + 2.0 * width as f64),
            Data::Population { .. } | Data::Set { .. } | Data::Points { .. } => 0.0,
        };
        let networks = (self.columns * self.rows) as f64;
        networks * (self.trained().len() as f64 * f64::from(self.budget.steps) * step + sample)
    }

    /// The experiment of a cell, counted from the low ends of both axes.
    pub fn cell(&self, ix: usize, iy: usize) -> Result<Experiment> {
        if ix >= self.columns || iy >= self.rows {
            let message = format!("the map has {} × {} of them; got {ix}, {iy}", self.columns, self.rows);
            return Err(LabError::field("cell", message));
        }
        let (mut experiment, place) = self.unplaced(ix, iy)?;
        if let Some(plane) = &self.plane {
            plane.begin(place, &mut experiment)?;
        }
        Ok(experiment)
    }

    /// What became of the networks of those cells, each given as `iy · columns + ix`: for each cell one
    /// outcome for each network of [`Atlas::trained`].
    pub fn outcomes(&self, cells: &[u32], runner: &mut Runner) -> Result<Vec<Vec<Outcome>>> {
        runner.basins = self.basins;
        let mut found = vec![Vec::new(); cells.len()];
        for map in self.alone() {
            for (all, own) in found.iter_mut().zip(map.outcomes(cells, runner)?) {
                all.extend(own);
            }
        }
        if !self.networks.is_empty() {
            return Ok(found);
        }
        for cell in self.ordered(cells) {
            let (index, experiment) = cell?;
            found[index] = runner.run(&experiment, &self.budget)?;
        }
        Ok(found)
    }

    /// The cells' places in that list and their experiments, in the order that shares most: cells that differ in the
    /// learning rate alone follow one another, for they have all but the training in common.
    pub(super) fn ordered(&self, cells: &[u32]) -> impl Iterator<Item = Result<(usize, Experiment)>> {
        let place = |cell: u32| (cell as usize % self.columns, cell as usize / self.columns);
        let mut order: Vec<usize> = (0..cells.len()).collect();
        if self.y.quantity == Quantity::LearningRate {
            order.sort_by_key(|index| place(cells[*index]));
        }
        order.into_iter().map(move |index| {
            let (ix, iy) = place(cells[index]);
            Ok((index, self.cell(ix, iy)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Atlas {
        Atlas {
            experiment: Experiment { network: Network::linear(3, 4), ..Experiment::default() },
            columns: 6,
            rows: 5,
            budget: Budget { steps: 40, ..Budget::default() },
            ..Atlas::default()
        }
    }

    #[test]
    fn a_cell_is_the_experiment_with_both_values() {
        let atlas = Atlas { columns: 4, rows: 3, ..Atlas::default() };
        let cell = atlas.cell(1, 2).unwrap();
        assert_eq!(cell.shape(), (8, 32));
        assert_eq!(cell.optimizer.learning_rate(), 0.0032);
        assert_eq!(cell.target, atlas.experiment.target);
        assert!(cell.validate().is_ok());
    }

    #[test]
    fn outcomes_do_not_depend_on_what_they_are_asked_with() {
        let across = small();
        let down = Atlas { x: across.y, y: across.x, columns: across.rows, rows: across.columns, ..small() };
        let all: Vec<u32> = (0..30).rev().collect();
        for atlas in [across, down] {
            let together = atlas.outcomes(&all, &mut Runner::default()).unwrap();
            for (cell, found) in all.iter().zip(&together) {
                let alone = atlas.outcomes(&[*cell], &mut Runner::default()).unwrap();
                assert_eq!(format!("{:?}", alone[0]), format!("{found:?}"), "cell {cell}");
            }
            let first = together.iter().map(|found| found[0].excess.to_bits());
            assert!(first.collect::<std::collections::HashSet<_>>().len() > 20);
        }
    }

    /// Each bad map must name its field and say what is allowed.
    #[test]
    fn names_the_field_and_the_allowed_range() {
        let axis = |name: &str, quantity: &str, scale: &str, low: &str, high: &str| {
            format!(r#"{{"{name}":{{"quantity":"{quantity}","scale":"{scale}","low":{low},"high":{high}}}}}"#)
        };
        let given = r#"{"experiment":{"network":{"kind":"linear","width":1,"layers":1},"twins":[{"parametrization":"identity","start":{"kind":"given","parameters":[0]}}]}}"#;
        let zero = r#"{"x":{"quantity":"startScale","scale":"log","low":0.1,"high":1},"experiment":{"twins":[{"parametrization":"identity","start":{"kind":"zeroAsymmetric"}}]}}"#;
        let both = r#"{"x":{"quantity":"condition","scale":"log","low":1,"high":9},"y":{"quantity":"rotationAngle","scale":"linear","low":1,"high":9}}"#;
        let cases = [
            (axis("x", "learningRate", "log", "0", "1"), "x.low", "above 0"),
            (axis("x", "learningRate", "log", "-1", "1"), "x.low", "0 to 1e6"),
            (axis("x", "learningRate", "linear", "0.5", "0.5"), "x.high", "above x.low, which is 0.5"),
            (axis("y", "condition", "log", "10", "2"), "y.high", "above y.low"),
            (axis("y", "depth", "linear", "1", "300"), "y.high", "1 to 256"),
            (axis("y", "rotationAngle", "linear", "0", "400"), "y.high", "-360 to 360"),
            (axis("y", "learningRate", "log", "0.1", "1"), "y.quantity", "another quantity"),
            (axis("y", "colour", "log", "0.1", "1"), "y.quantity", "learningRate"),
            (both.to_owned(), "y.quantity", "one axis that changes the target"),
            (axis("x", "learningRate", "log", "null", "1"), "x.low", "is a number"),
            (r#"{"budget":{"steps":1.5}}"#.to_owned(), "budget.steps", "whole number"),
            (r#"{"columns":513}"#.to_owned(), "columns", "1 to 512"),
            (r#"{"rows":0}"#.to_owned(), "rows", "1 to 512"),
            (r#"{"budget":{"steps":0}}"#.to_owned(), "budget.steps", "1 to 100000"),
            (r#"{"budget":{"threshold":1}}"#.to_owned(), "budget.threshold", "between 0 and 1"),
            (
                r#"{"columns":512,"rows":512,"budget":{"steps":100000}}"#.to_owned(),
                "budget.steps",
                "1e14: take fewer",
            ),
            (
                r#"{"experiment":{"batch":4,"data":{"kind":"sample","points":9}}}"#.to_owned(),
                "batch",
                "full batch",
            ),
            (given.to_owned(), "twins[0].start", "one depth"),
            (zero.to_owned(), "twins[0].start", "nearIdentity"),
            (r#"{"experiment":{"seed":-1}}"#.to_owned(), "experiment.seed", "u32"),
            ("{".to_owned(), "map", "EOF"),
        ];
        for (text, field, message) in cases {
            let error = Atlas::from_json(&text).expect_err(&text);
            assert_eq!(error.field_name(), Some(field), "{text}: {error}");
            assert!(error.to_string().contains(message), "{text}: {error}");
        }
        let beyond = small().cell(6, 0).unwrap_err();
        assert!(beyond.to_string().contains("6 × 5"), "{beyond}");
    }

    const CLASSIFIER: &str = r#""network":{"kind":"relu","width":4,"blocks":3},"data":{"kind":"set","set":"moons","points":20},"twins":[{"parametrization":"identity","start":{"kind":"fixup"}}]"#;

    #[test]
    fn a_classifier_has_axes_of_its_own() {
        let text = format!(
            r#"{{"experiment":{{{CLASSIFIER},"batch":5}},"columns":3,"rows":2,"x":{{"quantity":"width","scale":"linear","low":2,"high":8}},"y":{{"quantity":"noise","scale":"linear","low":0,"high":0.2}}}}"#
        );
        let atlas = Atlas::from_json(&text).unwrap();
        let cell = atlas.cell(2, 1).unwrap();
        assert_eq!(cell.shape(), (7, 3));
        assert!(matches!(cell.data, Data::Set { noise: 0.15, points: 20, .. }), "{:?}", cell.data);
        let found = atlas.outcomes(&[0, 5], &mut Runner::default()).unwrap();
        assert!(found.iter().all(|cell| cell[0].accuracy > Some(0.4)), "{found:?}");
        // Wide and deep at once is too much, and 1,024 blocks are not.
        let blocks = |high: u32| {
            let depth = format!(r#"{{"quantity":"depth","scale":"log","low":10,"high":{high}}}"#);
            let text = text.replace(r#"{"quantity":"noise","scale":"linear","low":0,"high":0.2}"#, &depth);
            Atlas::from_json(&text.replace(r#""high":8"#, r#""high":64"#)).map(|atlas| atlas.cell(0, 1))
        };
        assert_eq!(blocks(1000).unwrap_err().field_name(), Some("network.blocks"));
        assert_eq!(blocks(100).unwrap().unwrap().shape().1, 56);
    }

    /// The sweep of starts against depth: its numbers are those of runs by themselves, and starts near the identity
    /// train at a depth where He branches and plain layers do not.
    #[test]
    fn many_starts_are_so_many_separate_runs() {
        let text = r#"{"experiment":{"network":{"kind":"relu","width":4,"blocks":1},
            "data":{"kind":"set","set":"moons","points":64,"noise":0.05},
            "optimizer":{"kind":"adam","learningRate":0.001}},"columns":2,"rows":3,"budget":{"steps":300},
            "x":{"quantity":"depth","scale":"linear","low":0.5,"high":239.5},
            "y":{"quantity":"seed","scale":"linear","low":0.5,"high":3.5},"networks":[
            {"parametrization":"identity","start":{"kind":"identity"}},
            {"parametrization":"identity","start":{"kind":"fixup"}},
            {"parametrization":"identity","start":{"kind":"skipInit"}},
            {"parametrization":"identity","start":{"kind":"reZero"}},
            {"parametrization":"identity","start":{"kind":"he"}},
            {"parametrization":"standard","start":{"kind":"he"}}]}"#;
        let atlas = Atlas::from_json(text).unwrap();
        assert_eq!(Atlas::from_json(&serde_json::to_string(&atlas).unwrap()).unwrap(), atlas);
        assert_eq!(atlas.x.values(2), [60.0, 180.0]);
        let found = atlas.outcomes(&[1, 3, 5], &mut Runner::default()).unwrap();
        for (cell, outcomes) in found.iter().enumerate() {
            assert_eq!(outcomes.len(), 6);
            for (network, outcome) in atlas.networks.iter().zip(outcomes) {
                let shape = Network::Relu {
                    width: 4,
                    blocks: 180,
                    loss: crate::experiment::Loss::CrossEntropy,
                    train_ends: true,
                };
                let experiment = Experiment {
                    seed: cell as u32 + 1,
                    network: shape,
                    twins: vec![network.clone()],
                    ..atlas.experiment.clone()
                };
                let alone = crate::maps::run(&experiment, &atlas.budget).unwrap();
                assert_eq!(format!("{:?}", alone[0]), format!("{outcome:?}"), "{cell} {network:?}");
            }
            let accuracy: Vec<f32> = outcomes.iter().map(|outcome| outcome.accuracy.unwrap()).collect();
            assert!(accuracy[..4].iter().all(|share| *share >= 0.9), "{accuracy:?}");
            assert!(accuracy[4..].iter().all(|share| *share < 0.7), "{accuracy:?}");
        }

        let refused = |from: &str, to: &str| Atlas::from_json(&text.replace(from, to)).unwrap_err();
        let deep = refused("239.5", "1800");
        assert!(
            deep.to_string().starts_with("network.blocks: allowed is a whole number from 1 to 1024"),
            "{deep}"
        );
        let zero = refused("fixup", "zeroAsymmetric");
        assert_eq!(zero.field_name(), Some("networks[1].start"), "{zero}");
        let nine = Atlas { networks: vec![atlas.networks[0].clone(); 9], ..atlas }.validate().unwrap_err();
        assert_eq!(nine.to_string(), "networks: allowed are at most 8; got 9");
    }

    #[test]
    fn what_does_not_fit_a_classifier_is_named() {
        let axis = |quantity: &str, high: &str| {
            format!(r#""x":{{"quantity":"{quantity}","scale":"linear","low":1,"high":{high}}}"#)
        };
        let given = r#""data":{"kind":"points","dimension":1,"classes":2,"inputs":[0,1],"labels":[0,1]}"#;
        let set = r#""data":{"kind":"set","set":"moons","points":20}"#;
        let own = format!("{{{}}}", CLASSIFIER.replace(set, given));
        let it = format!("{{{CLASSIFIER}}}");
        let cases = [
            (&it, axis("condition", "9"), "x.quantity", "no target map"),
            (
                &it,
                axis("rotationAngle", "9"),
                "x.quantity",
                "depth, width, noise and seed; got rotationAngle",
            ),
            (&it, axis("alongU", "9"), "x.quantity", "no plane of starts"),
            (&it, r#""basins":true"#.to_owned(), "basins", "linear networks"),
            (&it, axis("startScale", "9"), "twins[0].start", "skipInit; got fixup"),
            (&it, axis("width", "99"), "x.low", "2 to 64"),
            (&own, axis("noise", "9"), "data.kind", "known set"),
            (&"{}".to_owned(), axis("width", "9"), "x.quantity", "linear networks are"),
        ];
        for (experiment, rest, field, message) in cases {
            let text = format!(r#"{{"experiment":{experiment},{rest}}}"#);
            let error = Atlas::from_json(&text).expect_err(&text);
            assert_eq!(error.field_name(), Some(field), "{text}: {error}");
            assert!(error.to_string().contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn survives_a_round_trip() {
        let mut atlas = small();
        atlas.experiment.twins.truncate(1);
        let text = serde_json::to_string(&atlas).unwrap();
        assert_eq!(Atlas::from_json(&text).unwrap(), atlas);
        assert!(matches!(atlas.experiment.twins[..], [Twin { .. }]));
    }
}
