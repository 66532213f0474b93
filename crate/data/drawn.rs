//! [`DrawnPoints`]: a request for points of a set.

use serde::{Deserialize, Serialize};

use super::points::{MAX_CLASSES, MAX_DIMENSION, MAX_POINTS, Points};
use super::sets::PointSet;
use crate::error::{LabError, Result};

/// Which points to draw.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnPoints {
    /// The family.
    pub set: PointSet,
    /// How many.
    pub points: usize,
    /// Of how many classes.
    pub classes: usize,
    /// In how many dimensions, where the family leaves a choice.
    pub dimension: usize,
    /// Standard deviation of the noise on every coordinate.
    pub noise: f64,
    /// Another seed is another draw.
    pub seed: u32,
}

impl DrawnPoints {
    /// Reads a request from JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            LabError::field(if field == "." { "points" } else { &field }, error.into_inner().to_string())
        })
    }

    /// The points, or which number is out of its range.
    pub fn draw(&self) -> Result<Points> {
        whole("points", self.points, 2, MAX_POINTS)?;
        let most = if self.set.has_two_classes() { 2 } else { MAX_CLASSES };
        whole("classes", self.classes, 2, most)?;
        if !self.set.is_planar() {
            whole("dimension", self.dimension, 1, MAX_DIMENSION)?;
        }
        if !(0.0..=10.0).contains(&self.noise) {
            let message = format!("allowed is a number from 0 to 10; got {}", self.noise);
            return Err(LabError::field("noise", message));
        }
        Ok(self.set.points(self.points, self.classes, self.dimension, self.noise, self.seed))
    }
}

fn whole(field: &str, value: usize, least: usize, most: usize) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(LabError::field(field, format!("allowed is a whole number from {least} to {most}; got {value}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_checked_and_drawn() {
        let draw = |change: &[(&str, &str)]| {
            let mut text =
                r#"{"set":"spirals","points":20,"classes":3,"dimension":2,"noise":0.1,"seed":1}"#.to_owned();
            for (from, to) in change {
                assert!(text.contains(from));
                text = text.replace(from, to);
            }
            DrawnPoints::from_json(&text).and_then(|request| request.draw())
        };
        let points = draw(&[]).unwrap();
        assert_eq!((points.len(), points.dimension, points.classes), (20, 2, 3));
        assert_eq!(
            draw(&[("spirals", "sphere"), ("\"dimension\":2", "\"dimension\":7")]).unwrap().dimension,
            7
        );
        for (from, to, message) in [
            (
                "\"points\":20",
                "\"points\":20001",
                "points: allowed is a whole number from 2 to 20000; got 20001",
            ),
            ("\"points\":20", "\"points\":2.5", "points: "),
            ("\"classes\":3", "\"classes\":17", "classes: allowed is a whole number from 2 to 16; got 17"),
            ("spirals", "moons", "classes: allowed is a whole number from 2 to 2; got 3"),
            ("0.1", "-1", "noise: allowed is a number from 0 to 10; got -1"),
            ("spirals", "helix", "set: unknown variant"),
            ("\"seed\":1", "\"seed\":-1", "seed: "),
        ] {
            let error = draw(&[(from, to)]).unwrap_err().to_string();
            assert!(error.starts_with(message), "{message}: {error}");
        }
    }
}
