//! Landscapes, computed again.

use serde::{Deserialize, Serialize};

use super::read;
use crate::engine::EngineKind;
use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Parametrization};
use crate::floats::Floats;
use crate::landscape::plane::{Grid, Span};
use crate::session::Session;

/// The part of a landscape file that its grid depends on, and the grid. Fields for readers (labels, path,
/// how the plane was chosen) are passed over.
#[derive(Debug, Clone, Deserialize)]
pub struct LandscapeFile {
    /// Version of the format; only 1 is known.
    pub version: u32,
    /// The experiment whose problem the landscape belongs to.
    pub experiment: Experiment,
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// θ₀, flat.
    pub origin: Floats,
    /// First direction, flat.
    pub u: Floats,
    /// Second direction, flat.
    pub v: Floats,
    /// Coordinates along u.
    pub a: Vec<f32>,
    /// Coordinates along v.
    pub b: Vec<f32>,
    /// Excess risk, one row for each b; null where it is not finite.
    pub excess: Vec<Vec<Option<f32>>>,
}

/// The grid as it comes out here, beside the one in the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recomputed {
    /// Engine that computed it here.
    pub engine: &'static str,
    /// Cells of the grid.
    pub cells: usize,
    /// Cells whose values are the same bits, or not finite in both.
    pub identical: usize,
    /// Largest |here − there| / |there| over cells that are finite in both.
    pub largest_relative_difference: f64,
    /// Excess risk, one row for each b.
    pub excess: Vec<Vec<Option<f32>>>,
}

impl LandscapeFile {
    /// Reads and checks a file.
    pub fn from_json(text: &str) -> Result<Self> {
        let file: Self = read(text, |file: &Self| file.version)?;
        file.experiment.validate()?;
        let (columns, rows) = (file.a.len(), file.b.len());
        if file.excess.len() != rows || file.excess.iter().any(|row| row.len() != columns) {
            let message = format!("allowed are {rows} rows of {columns} numbers, as b and a are long");
            return Err(LabError::field("excess", message));
        }
        Ok(file)
    }

    /// Computes the grid again.
    pub async fn recompute(&self, engine: EngineKind) -> Result<Recomputed> {
        let [origin, u, v] = [&self.origin, &self.u, &self.v].map(|floats| floats.0.as_slice());
        let plane = Span { parametrization: self.parametrization, origin, u, v };
        // A landscape needs no minibatch, which would keep other engines out.
        let mut session = Session::new(Experiment { batch: None, ..self.experiment.clone() }).await?;
        plane.check(session.task().parameter_count())?;
        if session.engine() != engine {
            session.set_engine(engine).await?;
        }
        let values = session.landscape(&Grid { plane, a: &self.a, b: &self.b }).await?;
        let finite = |value: &f32| value.is_finite().then_some(*value);
        let excess: Vec<Vec<Option<f32>>> =
            values.chunks(self.a.len().max(1)).map(|row| row.iter().map(finite).collect()).collect();
        let mut identical = 0;
        let mut largest = 0.0f64;
        for (here, there) in excess.iter().flatten().zip(self.excess.iter().flatten()) {
            identical += usize::from(here.map(f32::to_bits) == there.map(f32::to_bits));
            if let (Some(here), Some(there)) = (here, there) {
                let difference = (f64::from(*here) - f64::from(*there)).abs();
                largest = largest.max(difference / f64::from(there.abs()).max(f64::MIN_POSITIVE));
            }
        }
        Ok(Recomputed {
            engine: engine.name(),
            cells: values.len(),
            identical,
            largest_relative_difference: largest,
            excess,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::init::start;
    use crate::recompute::Kind;
    use pollster::block_on;

    fn file(change: impl Fn(&mut serde_json::Value)) -> String {
        let experiment = Experiment::default();
        let (width, layers) = experiment.shape();
        let twin = &experiment.twins[1];
        let draw = |seed| Floats(start(&twin.start, twin.parametrization, width, layers, seed));
        let mut value = serde_json::json!({
            "format": Kind::Landscape.format(), "version": 1, "labels": ["one", "two"],
            "experiment": experiment, "parametrization": "standard",
            "origin": draw(1), "u": draw(2), "v": draw(3),
            "a": [-0.1, 0.0, 0.1], "b": [0.0, 1e30], "excess": [[1.0, 1.0, 1.0], [null, null, null]],
        });
        change(&mut value);
        value.to_string()
    }

    #[test]
    fn its_own_grid_comes_back_as_the_same_bits() {
        let first = LandscapeFile::from_json(&file(|_| ())).unwrap();
        let found = block_on(first.recompute(EngineKind::Cpu)).unwrap();
        // The second row overflows float32, which is null in the file too.
        assert_eq!((found.cells, found.identical), (6, 3));
        assert!(found.largest_relative_difference > 0.0);
        let written = file(|value| value["excess"] = serde_json::json!(found.excess));
        let again = block_on(LandscapeFile::from_json(&written).unwrap().recompute(EngineKind::Cpu)).unwrap();
        assert_eq!((again.identical, again.largest_relative_difference), (6, 0.0));
    }

    #[test]
    fn a_wrong_file_is_named() {
        type Change = fn(&mut serde_json::Value);
        let cases: [(Change, &str); 4] = [
            (|v| v["version"] = 2.into(), "version: allowed is 1"),
            (|v| v["excess"] = serde_json::json!([[1.0]]), "excess: allowed are 2 rows of 3"),
            (|v| v["u"] = serde_json::json!([1.0]), "u: allowed are 1024 numbers"),
            (|v| v["a"] = "x".into(), "a: invalid type"),
        ];
        for (change, message) in cases {
            let outcome = LandscapeFile::from_json(&file(change))
                .and_then(|file| block_on(file.recompute(EngineKind::Cpu)));
            let error = outcome.unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
