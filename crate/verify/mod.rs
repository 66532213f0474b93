//! Checks the engines against files of float64 reference values.

// No browser downloads it: the native command checks this file.
#[cfg(not(target_arch = "wasm32"))]
mod expressivity;
mod followups;
mod landscape;
mod relu;

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use crate::data::matrix::to_flat;
use crate::data::problem::Problem;
use crate::data::task::Task;
use crate::engine::{Engine, EngineKind, Member, Rule, Trainer};
use crate::error::{LabError, Result};
use crate::experiment::{Optimizer, Parametrization};
use crate::network::linear;
use crate::theory::bounds;

/// Tolerance of f64 computations, relative to the largest magnitude of what is compared.
pub const DOUBLE: f64 = 1e-9;
/// Tolerance of f32 engines, relative to the largest magnitude of what is compared.
pub const SINGLE: f64 = 2e-4;

/// What a check of one file on one engine found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// File name.
    pub file: String,
    /// Engine name, or `f64` for the reference mathematics.
    pub engine: String,
    /// Cases of the file that were checked.
    pub cases: usize,
    /// Cases of the file that were not, because they are too long for the engine; they count nowhere else.
    pub left_out: usize,
    /// Cases checked that were within the tolerance.
    pub passes: usize,
    /// Largest error over the cases checked: relative to the largest magnitude of what is compared, or, for
    /// `linear_followups`, the deviation in steps or in excess risk as a part of what the file allows.
    pub largest_error: f64,
    /// Tolerance.
    pub tolerance: f64,
}

impl Report {
    /// Whether cases were checked and all of those passed.
    pub fn passed(&self) -> bool {
        self.cases > 0 && self.passes == self.cases
    }
}

/// What is checked: the f64 mathematics, or an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// `network::linear` in f64.
    Double,
    /// An f32 engine.
    Single(EngineKind),
}

impl Subject {
    /// Name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Double => "f64",
            Self::Single(kind) => kind.name(),
        }
    }

    fn tolerance(self) -> f64 {
        match self {
            Self::Double => DOUBLE,
            Self::Single(_) => SINGLE,
        }
    }
}

#[derive(Deserialize)]
struct File<Case> {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct RiskCase {
    identity: bool,
    #[serde(rename = "A")]
    parameters: Vec<Vec<Vec<f64>>>,
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    #[serde(rename = "Sigma")]
    sigma: Vec<Vec<f64>>,
    excess: f64,
    gradient: Vec<Vec<Vec<f64>>>,
    tau: Option<f64>,
    gradient_norm_squared: Option<f64>,
    certificate: Option<f64>,
    certificate_sharp: Option<f64>,
}

#[derive(Deserialize)]
struct TrainingCase {
    identity: bool,
    #[serde(rename = "A0")]
    parameters: Vec<Vec<Vec<f64>>>,
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    #[serde(rename = "Sigma")]
    sigma: Vec<Vec<f64>>,
    optimizer: String,
    learning_rate: f64,
    at_steps: Vec<u32>,
    excess: Vec<f64>,
}

fn matrix(rows: &[Vec<f64>]) -> DMatrix<f64> {
    DMatrix::from_row_slice(rows.len(), rows[0].len(), &rows.concat())
}

fn parametrization(identity: bool) -> Parametrization {
    if identity { Parametrization::Identity } else { Parametrization::Standard }
}

/// θ in f64 as layer maps W.
fn maps(parameters: &[Vec<Vec<f64>>], identity: bool) -> Vec<DMatrix<f64>> {
    parameters
        .iter()
        .map(|layer| {
            let map = matrix(layer);
            if identity { &map + DMatrix::identity(map.nrows(), map.nrows()) } else { map }
        })
        .collect()
}

fn member(parameters: &[Vec<Vec<f64>>], identity: bool) -> Member {
    let flat = parameters.iter().flat_map(|layer| to_flat(&matrix(layer))).collect();
    Member::new(parametrization(identity), flat)
}

/// Largest difference, relative to the largest magnitude expected; not finite counts as infinite.
fn error(found: impl IntoIterator<Item = f64>, expected: &[f64]) -> f64 {
    let scale = expected.iter().fold(f64::MIN_POSITIVE, |scale, value| scale.max(value.abs()));
    let mut count = 0;
    let mut worst = 0.0f64;
    for (found, expected) in found.into_iter().zip(expected) {
        let error = (found - expected).abs() / scale;
        worst = worst.max(if error.is_finite() { error } else { f64::INFINITY });
        count += 1;
    }
    if count == expected.len() { worst } else { f64::INFINITY }
}

/// The files of reference values that this version knows.
const FILES: [&str; 8] = [
    "linear_risk",
    "linear_training",
    "linear_curvature",
    "linear_plane",
    "linear_factorization",
    FOLLOWUPS,
    "relu_loss",
    EXPRESSIVITY,
];
const FOLLOWUPS: &str = "linear_followups";
const EXPRESSIVITY: &str = "expressivity";

/// Whether a file says anything about a subject: curvature and factorizations are f64 mathematics that no
/// engine computes, and constructed networks are evaluated on the CPU. A file that is not known concerns everybody,
/// so that it fails.
pub fn concerns(name: &str, subject: Subject) -> bool {
    match (name.trim_end_matches(".json"), subject) {
        (_, Subject::Double) => true,
        ("linear_curvature" | "linear_factorization", _) => false,
        (EXPRESSIVITY, subject) => subject == Subject::Single(EngineKind::Cpu),
        _ => true,
    }
}

/// Checks one file of reference values on one subject. A file with a name that is not known is an error.
pub async fn verify(name: &str, text: &str, subject: Subject) -> Result<Report> {
    let stem = name.trim_end_matches(".json");
    let mut errors = Vec::new();
    let mut left_out = 0;
    match (stem, subject) {
        ("linear_risk", Subject::Double) => {
            errors.extend(cases(name, text)?.iter().map(risk_double));
        }
        ("linear_risk", Subject::Single(kind)) => {
            for case in &cases(name, text)? {
                errors.push(risk_single(case, kind).await?);
            }
        }
        ("linear_training", Subject::Double) => {
            for case in &cases(name, text)? {
                errors.push(training_double(case, name)?);
            }
        }
        ("linear_training", Subject::Single(kind)) => {
            for case in &cases(name, text)? {
                errors.push(training_single(case, kind, name).await?);
            }
        }
        ("linear_plane", Subject::Double) => {
            errors.extend(cases(name, text)?.iter().map(landscape::plane_double));
        }
        ("linear_plane", Subject::Single(kind)) => {
            for case in &cases(name, text)? {
                errors.push(landscape::plane_single(case, kind).await?);
            }
        }
        ("linear_curvature", Subject::Double) => {
            errors.extend(cases(name, text)?.iter().map(landscape::curvature));
        }
        ("linear_factorization", Subject::Double) => {
            for case in &cases(name, text)? {
                errors.push(landscape::factorization(case)?);
            }
        }
        ("relu_loss", Subject::Double) => {
            errors.extend(cases(name, text)?.iter().map(relu::relu_double));
        }
        ("relu_loss", Subject::Single(kind)) => {
            for case in &cases(name, text)? {
                errors.push(relu::relu_single(case, kind).await?);
            }
        }
        (FOLLOWUPS, Subject::Double) => {
            for case in &cases(name, text)? {
                errors.push(followups::double(case, name)?);
            }
        }
        (FOLLOWUPS, Subject::Single(kind)) => {
            for case in &cases(name, text)? {
                match followups::single(case, kind, name).await? {
                    Some(error) => errors.push(error),
                    None => left_out += 1,
                }
            }
        }
        #[cfg(not(target_arch = "wasm32"))]
        (EXPRESSIVITY, Subject::Double) => {
            for case in &cases(name, text)? {
                errors.push(expressivity::double(case, name)?);
            }
        }
        #[cfg(not(target_arch = "wasm32"))]
        (EXPRESSIVITY, Subject::Single(EngineKind::Cpu)) => {
            for case in &cases(name, text)? {
                errors.push(expressivity::single(case, name)?);
            }
        }
        ("linear_curvature" | "linear_factorization" | EXPRESSIVITY, Subject::Single(kind)) => {
            let message = format!("it is about mathematics that the {} engine does not do", kind.name());
            return Err(LabError::file(name, message));
        }
        _ => {
            let known = FILES.join(", ");
            return Err(LabError::file(name, format!("not supported yet; this version knows {known}")));
        }
    }
    let tolerance = match (stem, subject) {
        (FOLLOWUPS, _) => followups::ALLOWED,
        #[cfg(not(target_arch = "wasm32"))]
        (EXPRESSIVITY, Subject::Single(_)) => expressivity::SINGLE,
        _ => subject.tolerance(),
    };
    Ok(Report {
        file: name.to_owned(),
        engine: subject.name().to_owned(),
        cases: errors.len(),
        left_out,
        passes: errors.iter().filter(|error| **error <= tolerance).count(),
        largest_error: errors.iter().copied().fold(0.0, f64::max),
        tolerance,
    })
}

fn cases<Case: for<'a> Deserialize<'a>>(name: &str, text: &str) -> Result<Vec<Case>> {
    let file: File<Case> =
        serde_json::from_str(text).map_err(|error| LabError::file(name, error.to_string()))?;
    Ok(file.cases)
}

fn risk_double(case: &RiskCase) -> f64 {
    let (target, sigma) = (matrix(&case.target), matrix(&case.sigma));
    let maps = maps(&case.parameters, case.identity);
    let excess = linear::excess(&maps, &target, &sigma);
    let gradient = linear::gradient(&maps, &target, &sigma);
    let flat = |matrices: &[DMatrix<f64>]| -> Vec<f64> {
        matrices.iter().flat_map(|m| m.transpose().iter().copied().collect::<Vec<_>>()).collect()
    };
    let expected: Vec<f64> = case.gradient.iter().flat_map(|layer| layer.concat()).collect();
    let mut worst = error([excess], &[case.excess]).max(error(flat(&gradient), &expected));
    if let Some(norm) = case.gradient_norm_squared {
        worst = worst.max(error([gradient.iter().map(|g| g.norm_squared()).sum()], &[norm]));
    }
    let smallest = crate::network::spectrum::smallest(&sigma);
    if let (Some(tau), Some(expected)) = (case.tau, case.certificate) {
        worst = worst.max(error([bounds::tau(&maps)], &[tau]));
        worst = worst.max(error([bounds::gradient(maps.len(), tau, smallest, excess)], &[expected]));
    }
    if let Some(expected) = case.certificate_sharp {
        worst = worst.max(error([bounds::gradient_sharp(&maps, smallest, excess)], &[expected]));
    }
    worst
}

/// The task of a case, for engines.
fn task(target: &[Vec<f64>], sigma: &[Vec<f64>], layers: usize) -> Task {
    problem(target, sigma, layers).into()
}

fn problem(target: &[Vec<f64>], sigma: &[Vec<f64>], layers: usize) -> Problem {
    Problem::from_statistics(layers, &matrix(target), &matrix(sigma), 0.0)
}

fn rule(optimizer: Optimizer) -> Rule {
    Rule { optimizer, batch: None, seed: 0, divergence: f32::MAX }
}

async fn risk_single(case: &RiskCase, kind: EngineKind) -> Result<f64> {
    let task = task(&case.target, &case.sigma, case.parameters.len());
    let members = vec![member(&case.parameters, case.identity)];
    let mut engine = Engine::new(kind, &task, members).await?;
    let gradients = engine.gradients().await?;
    let records = engine.train(0, &rule(Optimizer::GradientDescent { learning_rate: 0.0 })).await?;
    let expected: Vec<f64> = case.gradient.iter().flat_map(|layer| layer.concat()).collect();
    let gradient = error(gradients[0].iter().map(|g| f64::from(*g)), &expected);
    Ok(gradient.max(error([f64::from(records[0].excess[0])], &[case.excess])))
}

fn optimizer(case: &TrainingCase, name: &str) -> Result<Optimizer> {
    let learning_rate = case.learning_rate;
    match case.optimizer.as_str() {
        "gd" => Ok(Optimizer::GradientDescent { learning_rate }),
        "momentum" => Ok(Optimizer::Momentum { learning_rate, momentum: 0.9 }),
        "adam" => Ok(Optimizer::Adam { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
        other => Err(LabError::file(name, format!("optimizer \"{other}\" is not one of gd, momentum, adam"))),
    }
}

async fn training_single(case: &TrainingCase, kind: EngineKind, name: &str) -> Result<f64> {
    let task = task(&case.target, &case.sigma, case.parameters.len());
    let members = vec![member(&case.parameters, case.identity)];
    let mut engine = Engine::new(kind, &task, members).await?;
    let last = case.at_steps.iter().copied().max().unwrap_or(0);
    let record = engine.train(last, &rule(optimizer(case, name)?)).await?.remove(0);
    let found = case.at_steps.iter().map(|step| record.excess.get(*step as usize).copied());
    Ok(error(found.map(|value| f64::from(value.unwrap_or(f32::NAN))), &case.excess))
}

/// The three update rules in f64, on the f64 gradient.
fn training_double(case: &TrainingCase, name: &str) -> Result<f64> {
    let (target, sigma) = (matrix(&case.target), matrix(&case.sigma));
    let mut maps = maps(&case.parameters, case.identity);
    let zeros: Vec<DMatrix<f64>> = maps.iter().map(|m| m * 0.0).collect();
    let (mut first, mut second) = (zeros.clone(), zeros);
    let rule = optimizer(case, name)?;
    let last = case.at_steps.iter().copied().max().unwrap_or(0);
    let mut curve = Vec::new();
    for step in 0..=last {
        curve.push(linear::excess(&maps, &target, &sigma));
        let gradient = linear::gradient(&maps, &target, &sigma);
        for (j, g) in gradient.iter().enumerate() {
            match rule {
                Optimizer::GradientDescent { learning_rate } => maps[j] -= g * learning_rate,
                Optimizer::Momentum { learning_rate, momentum } => {
                    first[j] = &first[j] * momentum + g;
                    maps[j] -= &first[j] * learning_rate;
                }
                Optimizer::Adam { learning_rate, beta1, beta2, epsilon } => {
                    first[j] = &first[j] * beta1 + g * (1.0 - beta1);
                    second[j] = &second[j] * beta2 + g.component_mul(g) * (1.0 - beta2);
                    let t = step as i32 + 1;
                    let (c1, c2) = (1.0 - beta1.powi(t), 1.0 - beta2.powi(t));
                    let update = first[j].zip_map(&second[j], |m, v| (m / c1) / ((v / c2).sqrt() + epsilon));
                    maps[j] -= update * learning_rate;
                }
            }
        }
    }
    Ok(error(case.at_steps.iter().map(|step| curve[*step as usize]), &case.excess))
}
