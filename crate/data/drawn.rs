//! [`DrawnPoints`]: a request for points of a set.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::points::{MAX_CLASSES, MAX_DIMENSION, MAX_POINTS, Points};
use super::sets::PointSet;
use crate::error::{LabError, Result};

/// Which points to draw, in numbers as JavaScript has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DrawnPoints<'a> {
    /// The family, by its name in JSON.
    pub set: &'a str,
    /// How many.
    pub points: f64,
    /// Of how many classes.
    pub classes: f64,
    /// In how many dimensions, where the family leaves a choice.
    pub dimension: f64,
    /// Standard deviation of the noise on every coordinate.
    pub noise: f64,
    /// Another seed is another draw.
    pub seed: f64,
}

impl DrawnPoints<'_> {
    /// The points, or which number is out of its range.
    pub fn draw(&self) -> Result<Points> {
        let name: serde::de::value::StrDeserializer<'_, Error> = self.set.into_deserializer();
        let set = PointSet::deserialize(name).map_err(|error| LabError::field("set", error.to_string()))?;
        let points = whole("points", self.points, 2, MAX_POINTS)?;
        let most = if set.has_two_classes() { 2 } else { MAX_CLASSES };
        let classes = whole("classes", self.classes, 2, most)?;
        let dimension =
            if set.is_planar() { 2 } else { whole("dimension", self.dimension, 1, MAX_DIMENSION)? };
        if !(0.0..=10.0).contains(&self.noise) {
            let message = format!("allowed is a number from 0 to 10; got {}", self.noise);
            return Err(LabError::field("noise", message));
        }
        let seed = whole("seed", self.seed, 0, u32::MAX as usize)?;
        Ok(set.points(points, classes, dimension, self.noise, seed as u32))
    }
}

fn whole(field: &str, value: f64, least: usize, most: usize) -> Result<usize> {
    if value.fract() == 0.0 && (least as f64..=most as f64).contains(&value) {
        return Ok(value as usize);
    }
    Err(LabError::field(field, format!("allowed is a whole number from {least} to {most}; got {value}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: DrawnPoints<'_> =
        DrawnPoints { set: "spirals", points: 20.0, classes: 3.0, dimension: 7.0, noise: 0.1, seed: 1.0 };

    #[test]
    fn a_request_is_checked_and_drawn() {
        let points = REQUEST.draw().unwrap();
        assert_eq!((points.len(), points.dimension, points.classes), (20, 2, 3));
        assert_eq!(DrawnPoints { set: "sphere", ..REQUEST }.draw().unwrap().dimension, 7);
        for (request, message) in [
            (
                DrawnPoints { points: 20_001.0, ..REQUEST },
                "points: allowed is a whole number from 2 to 20000; got 20001",
            ),
            (
                DrawnPoints { points: 2.5, ..REQUEST },
                "points: allowed is a whole number from 2 to 20000; got 2.5",
            ),
            (
                DrawnPoints { points: f64::NAN, ..REQUEST },
                "points: allowed is a whole number from 2 to 20000; got NaN",
            ),
            (
                DrawnPoints { classes: 17.0, ..REQUEST },
                "classes: allowed is a whole number from 2 to 16; got 17",
            ),
            (
                DrawnPoints { set: "moons", ..REQUEST },
                "classes: allowed is a whole number from 2 to 2; got 3",
            ),
            (
                DrawnPoints { set: "sphere", dimension: 65.0, ..REQUEST },
                "dimension: allowed is a whole number from 1",
            ),
            (DrawnPoints { noise: -1.0, ..REQUEST }, "noise: allowed is a number from 0 to 10; got -1"),
            (DrawnPoints { set: "helix", ..REQUEST }, "set: unknown variant `helix`"),
            (
                DrawnPoints { seed: -1.0, ..REQUEST },
                "seed: allowed is a whole number from 0 to 4294967295; got -1",
            ),
        ] {
            let error = request.draw().unwrap_err().to_string();
            assert!(error.starts_with(message), "{message}: {error}");
        }
    }
}
