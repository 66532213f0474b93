//! Maps of networks, trained again.

use serde::{Deserialize, Serialize};

use super::read;
use crate::engine::EngineKind;
use crate::error::{LabError, Result};
use crate::floats::Floats;
use crate::maps::{Atlas, End, Outcome, Runner};

/// A map with what became of its networks. Fields for readers are passed over.
#[derive(Debug, Clone, Deserialize)]
pub struct MapFile {
    /// Version of the format; only 1 is known.
    pub version: u32,
    /// What was asked for.
    pub map: Atlas,
    /// 1 for each cell whose own networks were trained, else 0; index `iy · columns + ix`, as in all lists.
    pub trained: Floats,
    /// One for each twin of the experiment.
    pub twins: Vec<MapOutcomes>,
}

/// What became of one twin's networks; NaN where there is nothing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MapOutcomes {
    /// Excess risk at the last step made.
    pub excess: Floats,
    /// First step at which the excess risk was at most the threshold's part of the first.
    pub steps: Floats,
    /// Step of divergence.
    pub diverged_at: Floats,
    /// Where the run ended, for maps of basins; see [`crate::maps::End`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Floats>,
    /// Share of the points trained on that are right at the last step made, for classifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Floats>,
}

/// The outcomes as they come out here, beside those in the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecomputedMap {
    /// Engine that computed it here.
    pub engine: &'static str,
    /// Cells that the file has outcomes of.
    pub cells: usize,
    /// Cells all of whose numbers, of all twins, are the same bits, or not finite in both.
    pub identical: usize,
    /// Largest |here − there| / |there| over excess risks that are finite in both.
    pub largest_relative_difference: f64,
    /// Outcomes of those cells, NaN in all others.
    pub twins: Vec<MapOutcomes>,
}

impl MapOutcomes {
    fn nothing(map: &Atlas) -> Self {
        let nothing = || Floats(vec![f32::NAN; map.columns * map.rows]);
        Self {
            excess: nothing(),
            steps: nothing(),
            diverged_at: nothing(),
            end: map.basins.then(nothing),
            accuracy: map.experiment.is_classifier().then(nothing),
        }
    }

    fn lists(&self) -> Vec<(&'static str, &Floats)> {
        let always = [("excess", &self.excess), ("steps", &self.steps), ("divergedAt", &self.diverged_at)];
        let some = [("end", &self.end), ("accuracy", &self.accuracy)];
        let some = some.into_iter().filter_map(|(name, list)| Some((name, list.as_ref()?)));
        always.into_iter().chain(some).collect()
    }

    fn put(&mut self, cell: usize, outcome: Outcome) {
        let number = |step: Option<u32>| step.map_or(f32::NAN, |step| step as f32);
        self.excess.0[cell] = outcome.excess;
        self.steps.0[cell] = number(outcome.steps);
        self.diverged_at.0[cell] = number(outcome.diverged_at);
        if let Some(end) = &mut self.end {
            end.0[cell] = outcome.end.map_or(f32::NAN, End::code);
        }
        if let Some(accuracy) = &mut self.accuracy {
            accuracy.0[cell] = outcome.accuracy.unwrap_or(f32::NAN);
        }
    }

    /// Whether all numbers of a cell are the same.
    fn agrees(&self, other: &Self, cell: usize) -> bool {
        let pairs = self.lists().into_iter().zip(other.lists());
        pairs.into_iter().all(|((_, here), (_, there))| {
            let (here, there) = (here.0[cell], there.0[cell]);
            here.to_bits() == there.to_bits() || !(here.is_finite() || there.is_finite())
        })
    }
}

impl MapFile {
    /// Reads and checks a file.
    pub fn from_json(text: &str) -> Result<Self> {
        let file: Self = read(text, |file: &Self| file.version)?;
        file.map.validate()?;
        let cells = file.map.columns * file.map.rows;
        let twins = file.map.trained().len();
        if file.twins.len() != twins {
            let message = format!("allowed are {twins} entries, one for each network of a cell");
            return Err(LabError::field("twins", message));
        }
        let outcomes = file.twins.iter().enumerate().flat_map(|(index, twin)| {
            let named = move |(name, list)| (format!("twins[{index}].{name}"), list);
            twin.lists().into_iter().map(named)
        });
        // What the map has no use for, or the file leaves out, would be compared with nothing.
        for (index, twin) in file.twins.iter().enumerate() {
            let wanted = MapOutcomes::nothing(&file.map);
            for (name, has, wants) in
                [("end", &twin.end, &wanted.end), ("accuracy", &twin.accuracy, &wanted.accuracy)]
            {
                if has.is_some() != wants.is_some() {
                    let message = if wants.is_some() { "this map needs it" } else { "this map has none" };
                    return Err(LabError::field(format!("twins[{index}].{name}"), message));
                }
            }
        }
        for (name, list) in std::iter::once(("trained".to_owned(), &file.trained)).chain(outcomes) {
            if list.0.len() != cells {
                let message = format!("allowed are {cells} numbers, one a cell; got {}", list.0.len());
                return Err(LabError::field(name, message));
            }
        }
        Ok(file)
    }

    /// Trains every network of the file again; `progress` hears how many cells are done, of how many.
    pub fn recompute(
        &self,
        engine: EngineKind,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<RecomputedMap> {
        if engine != EngineKind::Cpu {
            let message = format!("maps are computed again on cpu only; got {}", engine.name());
            return Err(LabError::field("engine", message));
        }
        let Self { map, trained, twins, .. } = self;
        let wanted = trained.0.iter().enumerate().filter(|(_, trained)| **trained != 0.0);
        let wanted: Vec<u32> = wanted.map(|(cell, _)| cell as u32).collect();
        let mut found = vec![MapOutcomes::nothing(map); twins.len()];
        let mut runner = Runner::default();
        let mut done = 0;
        for cells in wanted.chunks(map.columns) {
            for (cell, outcomes) in cells.iter().zip(map.outcomes(cells, &mut runner)?) {
                for (twin, outcome) in found.iter_mut().zip(outcomes) {
                    twin.put(*cell as usize, outcome);
                }
            }
            done += cells.len();
            progress(done, wanted.len());
        }
        let (mut identical, mut largest) = (0, 0.0f64);
        for cell in wanted.iter().map(|cell| *cell as usize) {
            let mut pairs = found.iter().zip(twins);
            identical += usize::from(pairs.all(|(here, there)| here.agrees(there, cell)));
            for (here, there) in found.iter().zip(twins) {
                let (here, there) = (f64::from(here.excess.0[cell]), f64::from(there.excess.0[cell]));
                if here.is_finite() && there.is_finite() {
                    largest = largest.max((here - there).abs() / there.abs().max(f64::MIN_POSITIVE));
                }
            }
        }
        Ok(RecomputedMap {
            engine: engine.name(),
            cells: wanted.len(),
            identical,
            largest_relative_difference: largest,
            twins: found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maps::Budget;
    use crate::recompute::Kind;

    fn map() -> Atlas {
        Atlas { columns: 5, rows: 4, budget: Budget { steps: 30, ..Budget::default() }, ..Atlas::default() }
    }

    /// A file of a map all of whose cells but one were trained, with nothing in it yet.
    fn file(change: impl Fn(&mut serde_json::Value)) -> String {
        let mut trained = Floats(vec![1.0; 20]);
        trained.0[7] = 0.0;
        let mut value = serde_json::json!({
            "format": Kind::Map.format(), "version": 1, "engine": "cpu", "trained": trained,
            "map": map(), "twins": vec![MapOutcomes::nothing(&map()); 2],
        });
        change(&mut value);
        value.to_string()
    }

    fn again(text: &str) -> RecomputedMap {
        MapFile::from_json(text).unwrap().recompute(EngineKind::Cpu, |_, _| ()).unwrap()
    }

    #[test]
    fn its_own_outcomes_come_back_as_the_same_bits() {
        let first = again(&file(|_| ()));
        assert_eq!((first.cells, first.identical), (19, 0));
        let diverged = first.twins[0].diverged_at.0.iter().filter(|step| step.is_finite()).count();
        assert!((1..19).contains(&diverged), "{diverged}");
        assert!(first.twins.iter().all(|twin| twin.excess.0[7].is_nan() && twin.excess.0[8].is_finite()));
        let written = |twins: &[MapOutcomes]| file(|value| value["twins"] = serde_json::json!(twins));
        let second = again(&written(&first.twins));
        assert_eq!((second.cells, second.identical, second.largest_relative_difference), (19, 19, 0.0));
        // One number of one network that is off by one bit, and a step of another.
        let mut other = first.twins.clone();
        other[1].excess.0[3] = f32::from_bits(other[1].excess.0[3].to_bits() + 1);
        other[0].steps.0[12] = 29.0;
        let found = again(&written(&other));
        assert_eq!(found.identical, 17);
        assert!((1e-9..1e-6).contains(&found.largest_relative_difference));
    }

    #[test]
    fn so_do_those_of_classifiers_with_their_accuracy() {
        let text = r#"{"experiment":{"network":{"kind":"relu","width":4,"blocks":3},
            "data":{"kind":"set","set":"moons","points":20},"optimizer":{"kind":"adam","learningRate":0.01},
            "twins":[{"parametrization":"identity","start":{"kind":"fixup"}}]},
            "columns":3,"rows":2,"budget":{"steps":30}}"#;
        let map = Atlas::from_json(text).unwrap();
        let file = |twins: &[MapOutcomes]| {
            serde_json::json!({ "format": Kind::Map.format(), "version": 1, "trained": Floats(vec![1.0; 6]),
                "map": map, "twins": twins })
            .to_string()
        };
        let first = again(&file(&[MapOutcomes::nothing(&map)]));
        let accuracy = &first.twins[0].accuracy.as_ref().unwrap().0;
        assert!(accuracy.iter().all(|part| (0.0..=1.0).contains(part)), "{accuracy:?}");
        assert_eq!(again(&file(&first.twins)).identical, 6);
        let mut other = first.twins.clone();
        other[0].accuracy.as_mut().unwrap().0[4] += 0.05;
        assert_eq!(again(&file(&other)).identical, 5);
        other[0].accuracy = None;
        let error = MapFile::from_json(&file(&other)).unwrap_err().to_string();
        assert!(error.starts_with("twins[0].accuracy: this map needs it"), "{error}");
    }

    #[test]
    fn progress_ends_with_every_cell() {
        let mut said = Vec::new();
        let file = MapFile::from_json(&file(|_| ())).unwrap();
        file.recompute(EngineKind::Cpu, |done, of| said.push((done, of))).unwrap();
        assert_eq!(said, [(5, 19), (10, 19), (15, 19), (19, 19)]);
    }

    #[test]
    fn a_wrong_file_is_named() {
        type Change = fn(&mut serde_json::Value);
        let cases: [(Change, &str); 6] = [
            (|v| v["version"] = 2.into(), "version: allowed is 1"),
            (|v| v["map"]["columns"] = 6.into(), "trained: allowed are 24 numbers, one a cell; got 20"),
            (|v| v["map"]["y"]["high"] = 1000.into(), "y.high: allowed is a number from 1 to 256"),
            (|v| v["twins"] = serde_json::json!([]), "twins: allowed are 2 entries"),
            (|v| v["twins"][1]["divergedAt"] = "AAAA".into(), "twins[1].divergedAt: the base64 holds 3"),
            (|v| v["twins"][1]["steps"] = serde_json::json!([1]), "twins[1].steps: allowed are 20"),
        ];
        for (change, message) in cases {
            let error = MapFile::from_json(&file(change)).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        let file = MapFile::from_json(&file(|_| ())).unwrap();
        let error = file.recompute(EngineKind::Burn, |_, _| ()).unwrap_err().to_string();
        assert!(error.starts_with("engine: maps are computed again on cpu only"), "{error}");
    }
}
