//! A classifier's training run of which only the end is wanted.

use super::outcome::{Budget, Outcome};
use crate::data::classification::Classification;
use crate::data::task::Task;
use crate::engine::batches::Batches;
use crate::engine::cpu::{Chunks, ReluLane};
use crate::engine::{Member, Rule};
use crate::error::Result;
use crate::experiment::Experiment;
use crate::session::divergence_threshold;

/// Trains every network of a valid experiment with ReLU networks, as [`super::Runner::run`] says. The threshold is a
/// part of the loss of the network that gives 0 everywhere, the same for all starts: a He start may begin at
/// any multiple of it.
pub(super) fn run(experiment: &Experiment, budget: &Budget) -> Result<Vec<Outcome>> {
    let problem = Classification::new(experiment)?;
    let chunks = Chunks::all(&problem.points);
    let zero = Task::Relu(problem.clone()).zero_network();
    let members = Member::all(experiment).into_iter();
    let mut lanes: Vec<ReluLane> = members.map(|member| ReluLane::new(&problem, member)).collect();
    let firsts = lanes.iter_mut().map(|lane| lane.loss(&problem, &chunks));
    let divergence = divergence_threshold(zero, firsts);
    let rule =
        Rule { optimizer: experiment.optimizer, batch: experiment.batch, seed: experiment.seed, divergence };
    let goal = budget.threshold * zero;
    lanes.iter_mut().map(|lane| follow(lane, &problem, &chunks, &rule, budget, goal)).collect()
}

fn follow(
    lane: &mut ReluLane,
    problem: &Classification,
    chunks: &Chunks,
    rule: &Rule,
    budget: &Budget,
    goal: f64,
) -> Result<Outcome> {
    let mut batches = Batches::of(rule, problem.points.len())?;
    let mut outcome = Outcome { excess: f32::NAN, steps: None, diverged_at: None, end: None, accuracy: None };
    outcome.diverged_at = lane.follow(problem, chunks, budget.steps, rule, batches.as_mut(), |step, loss| {
        outcome.excess = loss;
        if outcome.steps.is_none() && f64::from(loss) <= goal {
            outcome.steps = Some(step);
        }
        !(budget.stop_at_threshold && outcome.steps.is_some())
    });
    outcome.accuracy = Some(lane.correct(chunks) as f32 / problem.points.len() as f32);
    Ok(outcome)
}
