//! Reference runs of results that followed the paper: who learns which target, and within how many steps.
//!
//! Gradient descent runs from the start of a case until its excess risk is below a threshold, or until its budget
//! of steps is spent. What is compared is the first step below the threshold, or, where the expected run stalls,
//! the excess risk that it stalls at. Parameters are residual, A and not W = I + A: near the identity A keeps
//! digits that W has no room for.

use nalgebra::DMatrix;
use serde::Deserialize;

use super::{matrix, rule, task};
use crate::data::matrix::to_flat;
use crate::engine::{Engine, EngineKind, Member, Trainer};
use crate::error::{LabError, Result};
use crate::experiment::{Optimizer, Parametrization};
use crate::network::linear;

/// What an error of a case is measured in: the largest deviation that the file allows.
pub const ALLOWED: f64 = 1.0;

/// Relative deviation allowed of the excess risk that an f64 run stalls at.
const STALL_DOUBLE: f64 = 1e-6;
/// Relative deviation allowed of the excess risk that an f32 run stalls at.
const STALL_SINGLE: f64 = 1e-3;

/// Most layers times steps of a case that an engine other than `cpu` runs: those take about a millisecond a step
/// where a processor plays graphics card or the graph of autodiff is built anew. Of the 42 cases 32 are within it,
/// with 23 000 steps between them, and one of those stalls; the other ten would take nine tenths of the time.
const MOST_WORK: u64 = 40_000;

/// Steps in one call of an engine; a run ends with the call in which it passed its threshold.
const CHUNK: u32 = 500;

#[derive(Deserialize)]
pub struct Case {
    start: Start,
    layers: usize,
    #[serde(rename = "R")]
    target: Vec<Vec<f64>>,
    learning_rate: f64,
    stop_below: f64,
    budget: u32,
    reached: bool,
    steps: Option<u32>,
    step_slack: Option<u32>,
    final_excess: f64,
    single_precision: Option<SinglePrecision>,
}

/// The looser threshold at which f32 is compared.
#[derive(Deserialize)]
struct SinglePrecision {
    stop_below: f64,
    steps: u32,
    step_slack: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Start {
    Named(String),
    /// W_1 … W_ℓ.
    Maps(Vec<Vec<Vec<f64>>>),
}

/// What is expected of a run.
enum Expected {
    /// To be below the threshold first at that step, give or take a slack.
    Reaches { step: u32, slack: u32 },
    /// To end the budget at that excess risk, without having been below the threshold.
    Stalls { excess: f64, tolerance: f64 },
}

/// How long a run is followed, and what is expected of it.
struct Course {
    threshold: f64,
    expected: Expected,
}

/// What a run did.
struct Outcome {
    /// The first step below the threshold.
    reached: Option<u32>,
    /// The last excess risk seen.
    excess: f64,
}

impl Course {
    fn new(case: &Case, single: bool, name: &str) -> Result<Self> {
        let expected = match (case.reached, case.steps, case.step_slack, &case.single_precision) {
            (true, _, _, Some(looser)) if single => {
                let expected = Expected::Reaches { step: looser.steps, slack: looser.step_slack };
                return Ok(Self { threshold: looser.stop_below, expected });
            }
            (true, Some(step), Some(slack), _) => Expected::Reaches { step, slack },
            (false, ..) => {
                let tolerance = if single { STALL_SINGLE } else { STALL_DOUBLE };
                Expected::Stalls { excess: case.final_excess, tolerance }
            }
            (true, ..) => {
                let message = "a case that reaches its threshold must say at which step and with what slack";
                return Err(LabError::file(name, message));
            }
        };
        Ok(Self { threshold: case.stop_below, expected })
    }

    /// The steps after which more would not change the verdict.
    fn longest(&self, budget: u32) -> u32 {
        match self.expected {
            Expected::Reaches { step, slack } => budget.min(step + slack + 1),
            Expected::Stalls { .. } => budget,
        }
    }

    /// The deviation in parts of what is allowed; infinite where one run reaches and the other stalls.
    fn error(&self, outcome: &Outcome) -> f64 {
        let error = match (&self.expected, outcome.reached) {
            // With no slack at all, one step off must not pass.
            (Expected::Reaches { step, slack }, Some(found)) => {
                f64::from(found.abs_diff(*step)) / f64::from(*slack).max(0.5)
            }
            (Expected::Stalls { excess, tolerance }, None) => {
                (outcome.excess / excess - 1.0).abs() / tolerance
            }
            _ => f64::INFINITY,
        };
        if error.is_finite() { error } else { f64::INFINITY }
    }
}

/// A_1 … A_ℓ at the start.
fn residuals(case: &Case, name: &str) -> Result<Vec<DMatrix<f64>>> {
    let d = case.target.len();
    let identity = DMatrix::<f64>::identity(d, d);
    let mut residuals = vec![DMatrix::zeros(d, d); case.layers];
    match &case.start {
        Start::Named(start) if start == "identity" => {}
        Start::Named(start) if start == "zas" => residuals[case.layers - 1] = -identity,
        Start::Named(other) => {
            let message = format!("start \"{other}\" is not one of identity, zas or a list of layers");
            return Err(LabError::file(name, message));
        }
        Start::Maps(maps) if maps.len() == case.layers => {
            residuals = maps.iter().map(|map| matrix(map) - &identity).collect();
        }
        Start::Maps(maps) => {
            let message = format!("a start has {} layers where its case has {}", maps.len(), case.layers);
            return Err(LabError::file(name, message));
        }
    }
    Ok(residuals)
}

/// Whether an engine runs a case of that many steps and layers.
fn takes(kind: EngineKind, steps: u32, layers: usize) -> bool {
    kind == EngineKind::Cpu || u64::from(steps) * layers as u64 <= MOST_WORK
}

/// The deviation of a run in f64, in parts of what the file allows.
pub fn double(case: &Case, name: &str) -> Result<f64> {
    let course = Course::new(case, false, name)?;
    let target = matrix(&case.target);
    let sigma = DMatrix::identity(target.nrows(), target.nrows());
    let identity = sigma.clone();
    let mut residuals = residuals(case, name)?;
    let mut outcome = Outcome { reached: None, excess: f64::NAN };
    for step in 0..=course.longest(case.budget) {
        let maps: Vec<DMatrix<f64>> = residuals.iter().map(|a| a + &identity).collect();
        outcome.excess = linear::excess(&maps, &target, &sigma);
        if outcome.excess < course.threshold {
            outcome.reached = Some(step);
            break;
        }
        for (a, gradient) in residuals.iter_mut().zip(linear::gradient(&maps, &target, &sigma)) {
            *a -= gradient * case.learning_rate;
        }
    }
    Ok(course.error(&outcome))
}

/// As [`double`] for an engine, at the thresholds and slacks for f32; `None` where the case is left out because it
/// is too long for that engine.
pub async fn single(case: &Case, kind: EngineKind, name: &str) -> Result<Option<f64>> {
    let course = Course::new(case, true, name)?;
    let longest = course.longest(case.budget);
    if !takes(kind, longest, case.layers) {
        return Ok(None);
    }
    let d = case.target.len();
    let sigma: Vec<Vec<f64>> =
        (0..d).map(|i| (0..d).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let parameters = residuals(case, name)?.iter().flat_map(to_flat).collect();
    let member = Member::new(Parametrization::Identity, parameters);
    let mut engine = Engine::new(kind, &task(&case.target, &sigma, case.layers), vec![member]).await?;
    let rule = rule(Optimizer::GradientDescent { learning_rate: case.learning_rate });
    let mut outcome = Outcome { reached: None, excess: f64::NAN };
    let mut done = 0;
    while done < longest && outcome.reached.is_none() {
        let count = CHUNK.min(longest - done);
        let record = engine.train(count, &rule).await?.remove(0);
        let below = record.excess.iter().position(|excess| f64::from(*excess) < course.threshold);
        outcome.reached = below.map(|offset| done + offset as u32);
        outcome.excess = record.excess.last().copied().map_or(f64::NAN, f64::from);
        done += count;
    }
    Ok(Some(course.error(&outcome)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::cases;

    fn file() -> Vec<Case> {
        let text = include_str!("../../tests/vectors/linear_followups.json");
        cases("linear_followups", text).unwrap()
    }

    /// The slower engines still see every kind of run: one that reaches, one that stalls, every kind of start.
    #[test]
    fn slower_engines_leave_out_only_what_is_long() {
        let cases = file();
        let longest = |case| Course::new(case, true, "file").unwrap().longest(case.budget);
        let taken = |kind| cases.iter().filter(move |case| takes(kind, longest(case), case.layers));
        assert_eq!(taken(EngineKind::Cpu).count(), 42);
        for kind in [EngineKind::Burn, EngineKind::WebGpu] {
            assert_eq!(taken(kind).count(), 32);
            assert_eq!(taken(kind).filter(|case| !case.reached).count(), 1);
            assert!(taken(kind).map(longest).sum::<u32>() < 25_000);
            assert!(taken(kind).any(|case| matches!(&case.start, Start::Named(name) if name == "zas")));
        }
    }

    #[test]
    fn an_error_is_a_part_of_what_is_allowed() {
        let reaches = Course { threshold: 1e-3, expected: Expected::Reaches { step: 100, slack: 4 } };
        let found = |reached, excess| Outcome { reached, excess };
        assert_eq!(reaches.error(&found(Some(98), 0.0)), 0.5);
        assert_eq!(reaches.error(&found(Some(105), 0.0)), 1.25);
        assert_eq!(reaches.error(&found(None, 0.0)), f64::INFINITY);
        assert_eq!((reaches.longest(50), reaches.longest(1000)), (50, 105));
        let stalls = Course { threshold: 1e-3, expected: Expected::Stalls { excess: 0.25, tolerance: 1e-3 } };
        assert!((stalls.error(&found(None, 0.25 * 1.002)) - 2.0).abs() < 1e-9);
        assert_eq!(stalls.error(&found(None, f64::NAN)), f64::INFINITY);
        assert_eq!(stalls.error(&found(Some(3), 0.25)), f64::INFINITY);
        let exact = Course { threshold: 1e-3, expected: Expected::Reaches { step: 100, slack: 0 } };
        assert_eq!(exact.error(&found(Some(100), 0.0)), 0.0);
        assert!(exact.error(&found(Some(101), 0.0)) > ALLOWED);
    }
}
