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
            experiment.twins[index].start = Start::Given { parameters: Floats(values), gains: false };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Network, Parametrization};
    use crate::maps::{Atlas, Axis, Quantity, Runner, Scale};
    use crate::network::linear::layer_maps;

    fn axis(quantity: Quantity, low: f64, high: f64) -> Axis {
        Axis { quantity, scale: Scale::Linear, low, high }
    }

    fn along(plane: StartPlane) -> Atlas {
        Atlas {
            experiment: Experiment { network: Network::linear(2, 3), ..Experiment::default() },
            x: axis(Quantity::AlongU, -1.0, 3.0),
            y: axis(Quantity::AlongV, 0.0, 1.0),
            columns: 4,
            rows: 2,
            plane: Some(plane),
            ..Atlas::default()
        }
    }

    fn parameters(experiment: &Experiment, twin: usize) -> &[f32] {
        let Start::Given { parameters, .. } = &experiment.twins[twin].start else { panic!("no given start") };
        &parameters.0
    }

    /// Vectors of a twin with numbers that need all their digits.
    fn given(twin: usize) -> Vectors {
        let list = |k: usize| Floats((0..12).map(|i| ((i * i + 7 * k + twin) as f32).sin()).collect());
        Vectors { origin: list(1), u: list(2), v: list(3) }
    }

    #[test]
    fn a_cell_starts_at_its_place_of_a_given_plane_to_the_bit() {
        let atlas = along(StartPlane::Given { twins: vec![given(0), given(1)] });
        atlas.validate().unwrap();
        let cell = atlas.cell(3, 1).unwrap();
        let (a, b) = (2.5f64, 0.75f64);
        for twin in 0..2 {
            let Vectors { origin, u, v } = given(twin);
            let point = |i: usize| f64::from(origin.0[i]) + a * f64::from(u.0[i]) + b * f64::from(v.0[i]);
            let wanted: Vec<f32> = (0..12).map(|i| point(i) as f32).collect();
            assert_eq!(parameters(&cell, twin), wanted);
        }
        let text = serde_json::to_string(&atlas).unwrap();
        assert_eq!(Atlas::from_json(&text).unwrap(), atlas);
    }

    #[test]
    fn coordinates_are_entries_of_the_layer_maps_in_both_parametrizations() {
        // W_1[2, 2] and W_3[1, 2].
        let atlas = along(StartPlane::Coordinates { first: 3, second: 9 });
        atlas.validate().unwrap();
        let cell = atlas.cell(0, 1).unwrap();
        let own = &atlas.experiment.twins;
        for (twin, spec) in own.iter().enumerate() {
            let before = start(&spec.start, spec.parametrization, 2, 3, 1);
            let [mut wanted, found] = [before.as_slice(), parameters(&cell, twin)]
                .map(|flat| layer_maps(spec.parametrization, flat, 2));
            wanted[0][(1, 1)] = -0.5;
            wanted[2][(0, 1)] = 0.75;
            assert_eq!(found, wanted);
        }
        // One coordinate against another quantity: the other one is 0.
        let rate = Atlas {
            y: Axis { scale: Scale::Log, ..axis(Quantity::LearningRate, 1e-3, 1e-1) },
            ..along(StartPlane::Coordinates { first: 3, second: 9 })
        };
        let cell = rate.cell(1, 1).unwrap();
        let maps = layer_maps(Parametrization::Standard, parameters(&cell, 1), 2);
        assert_eq!((maps[0][(1, 1)], maps[2][(0, 1)]), (0.5, 0.0));
        assert!((cell.optimizer.learning_rate() - 0.0316).abs() < 1e-3, "{:?}", cell.optimizer);
        assert_eq!(rate.outcomes(&[0, 7], &mut Runner::default()).unwrap().len(), 2);
        // The entries exist at every depth from the second on.
        let depth = Atlas { y: axis(Quantity::Depth, 3.0, 9.0), ..rate.clone() };
        assert_eq!(parameters(&depth.cell(0, 1).unwrap(), 0).len(), 4 * 8);
        let shallow = Atlas { y: axis(Quantity::Depth, 1.0, 9.0), rows: 9, ..rate };
        assert_eq!(shallow.validate().unwrap_err().field_name(), Some("plane.second"));
    }

    #[test]
    fn names_the_field_of_a_plane_that_cannot_be() {
        let twins = || vec![given(0), given(1)];
        let broken = |change: fn(&mut Vec<Vectors>)| {
            let mut list = twins();
            change(&mut list);
            along(StartPlane::Given { twins: list })
        };
        let coordinates = |first, second| along(StartPlane::Coordinates { first, second });
        let whole = along(StartPlane::Given { twins: twins() });
        let cases = [
            (coordinates(12, 0), "plane.first", "0 to 11; got 12"),
            (coordinates(0, 99), "plane.second", "0 to 11; got 99"),
            (coordinates(4, 4), "plane.second", "another entry"),
            (broken(|list| list.truncate(1)), "plane.twins", "each of the 2 networks; got 1"),
            (broken(|list| list[1].u.0.truncate(5)), "plane.twins[1].u", "12 numbers"),
            (broken(|list| list[0].origin.0[3] = f32::NAN), "plane.twins[0].origin", "finite"),
            (broken(|list| list[1].v.0.fill(0.0)), "plane.twins[1].v", "length 0"),
            (broken(|list| list[0].u.0[2] = 1e9), "twins[0].start.parameters[2]", "-1e6 to 1e6"),
            (Atlas { plane: None, ..whole.clone() }, "plane", "alongU"),
            (
                Atlas {
                    x: axis(Quantity::LearningRate, 0.1, 0.2),
                    y: axis(Quantity::Seed, 1.0, 3.0),
                    ..whole.clone()
                },
                "plane",
                "no axis goes along it",
            ),
            (Atlas { y: axis(Quantity::Depth, 1.0, 3.0), ..whole.clone() }, "y.quantity", "one depth"),
            (
                Atlas { y: axis(Quantity::StartScale, 0.1, 3.0), ..whole.clone() },
                "y.quantity",
                "all of the start",
            ),
            (
                Atlas { x: Axis { scale: Scale::Log, ..axis(Quantity::AlongU, 0.1, 3.0) }, ..whole.clone() },
                "x.scale",
                "linear",
            ),
            (Atlas { x: axis(Quantity::AlongU, -1e7, 3.0), ..whole.clone() }, "x.low", "-1e6 to 1e6"),
            (Atlas { y: axis(Quantity::AlongU, 0.0, 3.0), ..whole }, "y.quantity", "another quantity"),
        ];
        for (atlas, field, message) in cases {
            let error = atlas.validate().expect_err(message);
            assert_eq!(error.field_name(), Some(field), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
        for (text, field, message) in [
            (r#"{"plane":{"kind":"coordinates","first":-1,"second":2}}"#, "plane", "-1"),
            (r#"{"plane":{"kind":"flat"}}"#, "plane", "flat"),
        ] {
            let error = Atlas::from_json(text).expect_err(text);
            assert!(error.field_name().is_some_and(|name| name.starts_with(field)), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
    }

    /// A zoom goes on until float32 ends it, and no further.
    #[test]
    fn a_zoom_that_float32_cannot_follow_is_refused() {
        let zoomed = |quantity, low: f64, breadth: f64| Atlas {
            x: axis(quantity, low, low + breadth),
            columns: 16,
            ..along(StartPlane::Coordinates { first: 0, second: 11 })
        };
        // The standard network has W, with 2⁻²³ between numbers from 1 to 2.
        let spacing = 2f64.powi(-23);
        for (breadth, fits) in [(1e-3, true), (17.0 * spacing, true), (15.0 * spacing, false), (1e-9, false)]
        {
            let atlas = zoomed(Quantity::AlongU, 1.25, breadth);
            assert_eq!(atlas.validate().is_ok(), fits, "{breadth}: {:?}", atlas.validate());
            let starts: std::collections::HashSet<_> =
                (0..16).map(|ix| parameters(&atlas.cell(ix, 0).unwrap(), 1)[0].to_bits()).collect();
            assert!(!fits || starts.len() == 16, "{breadth}: {}", starts.len());
        }
        // Near 0 float32 tells more apart.
        assert!(
            zoomed(Quantity::AlongU, 0.001, 7.5 * spacing).validate().is_err(),
            "the identity network has W − 1"
        );
        let mut standard = zoomed(Quantity::AlongU, 0.001, 7.5 * spacing);
        standard.experiment.twins.remove(0);
        standard.validate().unwrap();
        for quantity in
            [Quantity::LearningRate, Quantity::StartScale, Quantity::Condition, Quantity::RotationAngle]
        {
            for (breadth, fits) in [(1e-3, true), (1e-7, false)] {
                let mut atlas = Atlas { plane: None, ..zoomed(quantity, 1.25, breadth) };
                atlas.y = axis(Quantity::Seed, 1.0, 3.0);
                let refused = atlas.validate().err();
                assert_eq!(refused.is_none(), fits, "{quantity:?} {breadth}: {refused:?}");
                if let Some(error) = refused {
                    assert_eq!(error.field_name(), Some("x.high"));
                    assert!(error.to_string().contains("float32"), "{error}");
                }
            }
        }
        // Depths are whole numbers, and may repeat.
        let mut depths = Atlas { plane: None, ..zoomed(Quantity::Depth, 3.0, 1.0) };
        depths.y = axis(Quantity::LearningRate, 0.1, 0.2);
        depths.validate().unwrap();
    }
}
