//! Reference values about landscapes: curvature, planes, and the constructed optimum.

use serde::Deserialize;

use super::{error, maps, matrix, member, parametrization, problem, task};
use crate::engine::{Engine, EngineKind, Trainer};
use crate::error::Result;
use crate::landscape::curvature::hessian;
use crate::landscape::directions::rescale;
use crate::landscape::plane::{Grid, Span};
use crate::network::linear::{LinearObjective, product};
use crate::network::objective::{Objective, add_scaled};
use crate::network::spectrum::largest;
use crate::theory::factorization::factorize;

type Layers = Vec<Vec<Vec<f64>>>;

#[derive(Deserialize)]
pub struct CurvatureCase {
    identity: bool,
    #[serde(rename = "A")]
    parameters: Layers,
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    #[serde(rename = "Sigma")]
    sigma: Vec<Vec<f64>>,
    eigenvalues: Vec<f64>,
    vector: Vec<f64>,
    hessian_times_vector: Vec<f64>,
}

#[derive(Deserialize)]
pub struct PlaneCase {
    identity: bool,
    #[serde(rename = "A")]
    parameters: Layers,
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    #[serde(rename = "Sigma")]
    sigma: Vec<Vec<f64>>,
    u: Layers,
    v: Layers,
    u_row_normalized: Layers,
    coordinates: Vec<f64>,
    excess: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
pub struct FactorizationCase {
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    layers: usize,
    norm_at_most: f64,
}

fn flat(layers: &Layers) -> Vec<f64> {
    layers.iter().flatten().flatten().copied().collect()
}

fn objective(identity: bool, target: &[Vec<f64>], sigma: &[Vec<f64>], layers: usize) -> LinearObjective {
    LinearObjective::new(&problem(target, sigma, layers), parametrization(identity))
}

pub fn curvature(case: &CurvatureCase) -> f64 {
    let objective = objective(case.identity, &case.target, &case.sigma, case.parameters.len());
    let parameters = flat(&case.parameters);
    let product = objective.hessian_vector(&parameters, &case.vector);
    let mut found: Vec<f64> =
        hessian(&objective, &parameters).symmetric_eigenvalues().iter().copied().collect();
    let mut expected = case.eigenvalues.clone();
    found.sort_by(f64::total_cmp);
    expected.sort_by(f64::total_cmp);
    error(product, &case.hessian_times_vector).max(error(found, &expected))
}

pub fn plane_double(case: &PlaneCase) -> f64 {
    let objective = objective(case.identity, &case.target, &case.sigma, case.parameters.len());
    let [origin, u, v] = [&case.parameters, &case.u, &case.v].map(flat);
    let mut found = Vec::new();
    for b in &case.coordinates {
        for a in &case.coordinates {
            let mut point = origin.clone();
            add_scaled(&mut point, *a, &u);
            add_scaled(&mut point, *b, &v);
            found.push(objective.value(&point));
        }
    }
    let mut normalized = u;
    rescale(&mut normalized, &origin, &objective.groups().filters);
    error(found, &case.excess.concat()).max(error(normalized, &flat(&case.u_row_normalized)))
}

pub async fn plane_single(case: &PlaneCase, kind: EngineKind) -> Result<f64> {
    let task = task(&case.target, &case.sigma, case.parameters.len());
    let members = vec![member(&case.parameters, case.identity)];
    let mut engine = Engine::new(kind, &task, members).await?;
    let single = |values: &[f64]| values.iter().map(|x| *x as f32).collect::<Vec<f32>>();
    let [origin, u, v] = [&case.parameters, &case.u, &case.v].map(|layers| single(&flat(layers)));
    let axis = single(&case.coordinates);
    let plane = Span { parametrization: parametrization(case.identity), origin: &origin, u: &u, v: &v };
    let found = engine.landscape(&Grid { plane, a: &axis, b: &axis }).await?;
    Ok(error(found.into_iter().map(f64::from), &case.excess.concat()))
}

/// How far the factors are from multiplying out, or, if that is more, how far they pass the norm allowed.
/// The file allows a product 1e-10 off; measured in its own tolerance that is ten times stricter than 1e-9.
pub fn factorization(case: &FactorizationCase) -> Result<f64> {
    let target = matrix(&case.target);
    let factors = factorize(&target, case.layers)?;
    let layers: Layers =
        factors.iter().map(|a| a.row_iter().map(|row| row.iter().copied().collect()).collect()).collect();
    let product = product(&maps(&layers, true), target.nrows());
    let worst = factors.iter().map(largest).fold(0.0, f64::max);
    let apart = (product - &target).norm() / target.norm();
    Ok((10.0 * apart).max(worst / case.norm_at_most - 1.0 - 1e-9).max(0.0))
}
