//! Reference values about Theorem 3.2: labelled points that the construction must fit.

use serde::Deserialize;

use crate::data::points::Points;
use crate::error::{LabError, Result};
use crate::theory::expressivity::{Check, Construction, Fit, parameters};

/// Largest deviation of a logit that is allowed in f32.
pub const SINGLE: f64 = 1e-3;

/// A set of points, and the size of the network that fits them.
#[derive(Deserialize)]
pub struct Case {
    x: Vec<Vec<f64>>,
    labels: Vec<u16>,
    classes: usize,
    width: usize,
    /// With the last one, without A₀.
    blocks: usize,
    parameters: usize,
}

fn construction(case: &Case, name: &str) -> Result<Construction> {
    let points = Points {
        dimension: case.x.first().map_or(0, Vec::len),
        classes: case.classes,
        inputs: case.x.concat().into_iter().map(|x| x as f32).collect(),
        labels: case.labels.clone(),
    };
    let mut construction = Construction::new(&points, case.width, 1)
        .map_err(|error| LabError::file(name, format!("a case was refused: {error}")))?;
    construction.advance(usize::MAX);
    Ok(construction)
}

/// The largest deviation of a logit from its one-hot label, infinite where a point is not fitted or the network has
/// not the size that the case says.
fn error(case: &Case, construction: &Construction, fit: Fit) -> f64 {
    let n = case.labels.len();
    let shape = construction.network().shape;
    let count = construction.network().parameters.len();
    let sizes = count == case.parameters
        && count == parameters(n, shape.dimension, shape.classes, shape.width)
        && shape.blocks + 1 == case.blocks;
    if sizes && fit.fitted == n { fit.error } else { f64::INFINITY }
}

/// As the network is built.
pub fn double(case: &Case, name: &str) -> Result<f64> {
    let construction = construction(case, name)?;
    let network = construction.network();
    let fit = Check::new(network).advance(network, construction.distinct(), &[], usize::MAX);
    Ok(fit.map_or(f64::INFINITY, |fit| error(case, &construction, fit)))
}

/// The same with parameters, inputs and sums in f32.
pub fn single(case: &Case, name: &str) -> Result<f64> {
    let construction = construction(case, name)?;
    let network = construction.network().rounded::<f32>();
    let fit = Check::new(&network).advance(&network, construction.distinct(), &[], usize::MAX);
    Ok(fit.map_or(f64::INFINITY, |fit| error(case, &construction, fit)))
}
