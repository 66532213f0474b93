//! [`Points`]: labelled inputs of a classification problem.

use std::collections::HashMap;

use crate::error::{LabError, Result};

/// Most points of a set, drawn or read from a file.
pub const MAX_POINTS: usize = 20_000;
/// Largest dimension of an input.
pub const MAX_DIMENSION: usize = 64;
/// Most classes that are trained on.
pub const MAX_CLASSES: usize = 16;

/// Labelled points in ℝᵈ.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Points {
    /// Dimension d.
    pub dimension: usize,
    /// Number r of classes.
    pub classes: usize,
    /// n × d, row-major.
    pub inputs: Vec<f32>,
    /// n numbers below `classes`.
    pub labels: Vec<u16>,
}

impl Points {
    /// Number n of points.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The inputs of one point.
    pub fn point(&self, index: usize) -> &[f32] {
        &self.inputs[index * self.dimension..][..self.dimension]
    }

    /// Those points, in that order.
    pub fn select(&self, indices: impl IntoIterator<Item = usize>) -> Self {
        let mut chosen = Self { dimension: self.dimension, classes: self.classes, ..Self::default() };
        for index in indices {
            chosen.inputs.extend_from_slice(self.point(index));
            chosen.labels.push(self.labels[index]);
        }
        chosen
    }

    /// Checks shapes, finiteness and labels; `field` names the points in messages, which count from 1.
    pub fn check(&self, field: &str) -> Result<()> {
        let n = self.len();
        if self.inputs.len() != n * self.dimension {
            let message = format!(
                "{n} labels of points in {} dimensions need {} numbers; got {}",
                self.dimension,
                n * self.dimension,
                self.inputs.len()
            );
            return Err(LabError::field(field, message));
        }
        if let Some(at) = self.inputs.iter().position(|x| !x.is_finite() || x.abs() > 1e6) {
            let (point, value) = (at / self.dimension + 1, self.inputs[at]);
            let message = format!("allowed are numbers from -1e6 to 1e6; point {point} has {value}");
            return Err(LabError::field(field, message));
        }
        if let Some(at) = self.labels.iter().position(|label| usize::from(*label) >= self.classes) {
            let (most, label) = (self.classes.saturating_sub(1), self.labels[at]);
            let message = format!("allowed are labels from 0 to {most}; point {} has {label}", at + 1);
            return Err(LabError::field(field, message));
        }
        let mut seen = vec![false; self.classes];
        self.labels.iter().for_each(|label| seen[usize::from(*label)] = true);
        if seen.iter().filter(|seen| **seen).count() < 2 {
            return Err(LabError::field(field, "points of two classes or more are needed"));
        }
        Ok(())
    }

    /// The first two points, counted from 0, that are equal and have different labels: no function fits both.
    pub fn contradiction(&self) -> Option<(usize, usize)> {
        self.contradictions().first().copied()
    }

    /// Every point that differs in its label from the first point equal to it, after that one.
    pub fn contradictions(&self) -> Vec<(usize, usize)> {
        let mut seen: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut found = Vec::new();
        for (index, label) in self.labels.iter().enumerate() {
            // Adding zero makes -0 the same point as 0.
            let key = self.point(index).iter().map(|x| (x + 0.0).to_bits()).collect();
            let first = *seen.entry(key).or_insert(index);
            if self.labels[first] != *label {
                found.push((first, index));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(inputs: &[f32], labels: &[u16]) -> Points {
        Points { dimension: 2, classes: 2, inputs: inputs.to_vec(), labels: labels.to_vec() }
    }

    #[test]
    fn bad_points_are_named() {
        let cases = [
            (points(&[0.0; 3], &[0, 1]), "4 numbers; got 3"),
            (points(&[0.0, 1.0, f32::NAN, 0.0], &[0, 1]), "point 2 has NaN"),
            (points(&[0.0, 1.0, 2e6, 0.0], &[0, 1]), "point 2 has 2000000"),
            (points(&[0.0, 1.0, 2.0, 0.0], &[0, 2]), "0 to 1; point 2 has 2"),
            (points(&[0.0, 1.0, 2.0, 0.0], &[1, 1]), "two classes or more"),
        ];
        for (points, message) in cases {
            let error = points.check("data").unwrap_err();
            assert!(error.to_string().contains(message), "{error}");
        }
        assert!(points(&[0.0, 1.0, 2.0, 0.0], &[0, 1]).check("data").is_ok());
    }

    #[test]
    fn a_contradiction_is_a_point_with_two_labels() {
        assert_eq!(points(&[0.0, 1.0, 2.0, 3.0, 0.0, 1.0], &[0, 1, 0]).contradiction(), None);
        let found = points(&[2.0, 3.0, 0.0, 1.0, -0.0, 1.0], &[0, 1, 0]).contradiction();
        assert_eq!(found, Some((1, 2)));
    }
}
