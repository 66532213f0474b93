//! [`StartPlane`]: a plane of starts, for maps whose cells differ in where training begins.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::{LabError, Result};
use crate::experiment::{Experiment, Start};
use crate::floats::Floats;
use crate::landscape::plane::Span;
use crate::network::init::start;

/// θ₀ + a·u + b·v for every network of an experiment; `alongU` is a and `alongV` is b.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum StartPlane {
    /// a and b are two entries of the layer maps W; all others are those of the network's own start.
    Coordinates {
        /// Index in the flat layout of W_1 … W_ℓ, from 0.
        first: usize,
        /// Index in the flat layout, from 0.
        second: usize,
    },
    /// A plane that was laid elsewhere, such as that of a landscape.
    Given {
        /// Of each network.
        twins: Vec<Vectors>,
    },
}

/// A plane of one network's parameters, flat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vectors {
    /// θ₀.
    pub origin: Floats,
    /// First direction.
    pub u: Floats,
    /// Second direction.
    pub v: Floats,
}

impl StartPlane {
    /// Refuses a plane that does not belong to the networks of an experiment.
    pub fn validate(&self, experiment: &Experiment) -> Result<()> {
        let (width, layers) = experiment.shape();
        let count = width * width * layers;
        match self {
            Self::Coordinates { first, second } => {
                for (field, index) in [("plane.first", *first), ("plane.second", *second)] {
                    if index >= count {
                        let message =
                            format!("allowed is a whole number from 0 to {}; got {index}", count - 1);
                        return Err(LabError::field(field, message));
                    }
                }
                if first == second {
                    let message = format!("allowed is another entry than plane.first; got {second}");
                    return Err(LabError::field("plane.second", message));
                }
            }
            Self::Given { twins } => {
                if twins.len() != experiment.twins.len() {
                    let message = format!(
                        "allowed is one plane for each of the {} networks; got {}",
                        experiment.twins.len(),
                        twins.len()
                    );
                    return Err(LabError::field("plane.twins", message));
                }
                for (index, Vectors { origin, u, v }) in twins.iter().enumerate() {
                    for (name, Floats(values)) in [("origin", origin), ("u", u), ("v", v)] {
                        let field = format!("plane.twins[{index}].{name}");
                        if values.len() != count {
                            let message =
                                format!("allowed are {count} numbers, width² × layers; got {}", values.len());
                            return Err(LabError::field(field, message));
                        }
                        if values.iter().any(|value| !value.is_finite()) {
                            return Err(LabError::field(field, "allowed are finite numbers"));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives every network of an experiment the start at a place of the plane.
    pub fn begin(&self, [a, b]: [f64; 2], experiment: &mut Experiment) -> Result<()> {
        self.validate(experiment)?;
        for index in 0..experiment.twins.len() {
            let laid = self.laid(index, experiment);
            let values = span(&laid, experiment, index).point(a, b).iter().map(|x| *x as f32).collect();
            experiment.twins[index].start = Start::Given { parameters: Floats(values) };
        }
        Ok(())
    }

    /// Refuses cells that float32 does not tell apart: along each direction a step from one cell to the next,
    /// as (direction, step, field), must be at least as long as the spacings of float32 together at the
    /// parameters that it moves, so that rounding shifts no start by more than half a step. `ranges` are
    /// those of a and b.
    pub fn check_resolution(
        &self,
        ranges: [[f64; 2]; 2],
        steps: &[(usize, f64, String)],
        experiment: &Experiment,
    ) -> Result<()> {
        for index in 0..experiment.twins.len() {
            let laid = self.laid(index, experiment);
            let span = span(&laid, experiment, index);
            let corners = ranges[0].iter().flat_map(|a| ranges[1].map(|b| span.point(*a, b)));
            let farthest = corners.reduce(|mut far, corner| {
                far.iter_mut().zip(corner).for_each(|(x, y)| *x = x.abs().max(y.abs()));
                far
            });
            let farthest = farthest.unwrap_or_default();
            for (direction, step, field) in steps {
                let along = [span.u, span.v][*direction];
                let (mut length, mut spacing) = (0.0, 0.0);
                for (x, place) in along.iter().zip(&farthest).filter(|(x, _)| **x != 0.0) {
                    length += (step * f64::from(*x)).powi(2);
                    spacing += float_spacing(*place).powi(2);
                }
                if length == 0.0 {
                    let message = "this direction has length 0: all cells would start at one place";
                    return Err(LabError::field(
                        format!("plane.twins[{index}].{}", ["u", "v"][*direction]),
                        message,
                    ));
                }
                if length < spacing {
                    return Err(too_fine(field));
                }
            }
        }
        Ok(())
    }

    /// The vectors of one network's plane.
    fn laid(&self, index: usize, experiment: &Experiment) -> Cow<'_, Vectors> {
        match self {
            Self::Given { twins } => Cow::Borrowed(&twins[index]),
            Self::Coordinates { first, second } => {
                let (width, layers) = experiment.shape();
                let twin = &experiment.twins[index];
                let mut origin = start(&twin.start, twin.parametrization, width, layers, experiment.seed);
                let unit =
                    |index: usize| (0..origin.len()).map(|i| f32::from(u8::from(i == index))).collect();
                let (u, v) = (Floats(unit(*first)), Floats(unit(*second)));
                for entry in [*first, *second] {
                    let (row, column) = (entry / width % width, entry % width);
                    // W = 0 there, which is A = −I.
                    let diagonal = twin.parametrization.is_identity() && row == column;
                    origin[entry] = if diagonal { -1.0 } else { 0.0 };
                }
                Cow::Owned(Vectors { origin: Floats(origin), u, v })
            }
        }
    }
}

fn span<'a>(laid: &'a Vectors, experiment: &Experiment, index: usize) -> Span<'a> {
    let Vectors { origin, u, v } = laid;
    Span { parametrization: experiment.twins[index].parametrization, origin: &origin.0, u: &u.0, v: &v.0 }
}

/// The distance from that number to the next one that float32 holds.
fn float_spacing(value: f64) -> f64 {
    let near = value.abs() as f32;
    f64::from(near.next_up()) - f64::from(near)
}

/// Where a zoom ends.
pub(super) fn too_fine(field: &str) -> LabError {
    let message = "cells of this range lie closer together than float32 tells apart: take a broader range, or fewer cells";
    LabError::field(field, message)
}
