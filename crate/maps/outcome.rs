//! A training run of which only the end is wanted.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::atlas::MAX_STEPS;
use super::basin::{End, Judge};
use super::classifier;
use crate::data::problem::Problem;
use crate::engine::{Member, Rule, cpu};
use crate::error::{LabError, Result};
use crate::experiment::Experiment;
use crate::network::init::start;
use crate::session::divergence_threshold;

/// How long a network is trained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Budget {
    /// Most steps.
    pub steps: u32,
    /// The part of its first excess risk that a network is to come down to, between 0 and 1; for classifiers the
    /// part of the loss of the network that gives 0 everywhere.
    pub threshold: f64,
    /// Whether a run ends there; its final excess risk is then that of this step.
    pub stop_at_threshold: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: 200, threshold: 0.01, stop_at_threshold: false }
    }
}

impl Budget {
    /// Checks both numbers.
    pub fn validate(&self) -> Result<()> {
        if !(1..=MAX_STEPS).contains(&self.steps) {
            let message = format!("allowed is a whole number from 1 to {MAX_STEPS}; got {}", self.steps);
            return Err(LabError::field("budget.steps", message));
        }
        if !(self.threshold > 0.0 && self.threshold < 1.0) {
            let message = format!("allowed is a number between 0 and 1; got {}", self.threshold);
            return Err(LabError::field("budget.threshold", message));
        }
        Ok(())
    }
}

/// What became of one network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Excess risk, or a classifier's loss, at the last step made.
    pub excess: f32,
    /// The first step at which that was at most what `threshold` stands for.
    pub steps: Option<u32>,
    /// The step at which the excess risk passed that of a diverged run, if it did.
    pub diverged_at: Option<u32>,
    /// Where a run that did not diverge ended, when that was asked for.
    pub end: Option<End>,
    /// Share of the points trained on that a classifier gets right at the last step made.
    pub accuracy: Option<f32>,
}

/// What runs need before their first step; kept from one run to the next where it stays the same.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) experiment: Experiment,
    /// Shared, as are the starts, by experiments that follow one another with the same.
    pub(super) problem: Rc<Problem>,
    /// θ of each twin.
    pub(super) starts: Rc<Vec<Vec<f32>>>,
    pub(super) divergence: f32,
    judge: Option<Judge>,
}

/// Trains the networks of one experiment after the other.
#[derive(Debug, Clone, Default)]
pub struct Runner {
    /// Whether runs are also asked where they ended. `threshold` then is a part of the zero network's excess
    /// risk: which optima a start leads to must not depend on how high up it lies.
    pub basins: bool,
    last: Option<Prepared>,
}

impl Runner {
    /// Trains every twin of a valid experiment on the `cpu` engine: bit for bit what [`crate::session::Session`]
    /// does there, without its history and path.
    pub fn run(&mut self, experiment: &Experiment, budget: &Budget) -> Result<Vec<Outcome>> {
        if experiment.is_classifier() {
            return classifier::run(experiment, budget);
        }
        let mut prepared = prepare(experiment, self.last.take());
        if self.basins {
            prepared.judge.get_or_insert_with(|| Judge::new(&prepared.problem));
        }
        let judge = prepared.judge.as_ref().filter(|_| self.basins);
        let rule = Rule {
            optimizer: experiment.optimizer,
            batch: None,
            seed: experiment.seed,
            divergence: prepared.divergence,
        };
        let outcomes =
            prepared.members().map(|member| train(&prepared.problem, member, &rule, budget, judge)).collect();
        self.last = Some(prepared);
        Ok(outcomes)
    }
}

/// One experiment by itself; see [`Runner::run`].
pub fn run(experiment: &Experiment, budget: &Budget) -> Result<Vec<Outcome>> {
    experiment.validate()?;
    budget.validate()?;
    Runner::default().run(experiment, budget)
}

impl Prepared {
    fn members(&self) -> impl Iterator<Item = Member> {
        let twins = self.experiment.twins.iter().zip(self.starts.iter());
        twins.map(|(twin, start)| Member::new(twin.parametrization, start.clone()))
    }
}

pub(super) fn prepare(experiment: &Experiment, last: Option<Prepared>) -> Prepared {
    let (width, layers) = experiment.shape();
    let seed = experiment.seed;
    let (mut problem, mut starts, mut divergence, mut judge) = (None, None, None, None);
    if let Some(last) = last {
        let old = &last.experiment;
        // The problem knows the depth only as a number.
        let one = old.seed == seed && old.network.with_depth(layers) == experiment.network;
        let same_problem = one && old.target == experiment.target && old.data == experiment.data;
        let same_starts = one && old.network == experiment.network && old.twins == experiment.twins;
        divergence = (same_problem && same_starts).then_some(last.divergence);
        judge = last.judge.filter(|_| same_problem && old.network == experiment.network);
        problem = same_problem.then(|| match last.problem.layers == layers {
            true => last.problem,
            false => Rc::new(Problem { layers, ..(*last.problem).clone() }),
        });
        starts = same_starts.then_some(last.starts);
    }
    let problem = problem.unwrap_or_else(|| Rc::new(Problem::new(experiment)));
    let starts = starts.unwrap_or_else(|| {
        let twins = experiment.twins.iter();
        let each = twins.map(|twin| start(&twin.start, twin.parametrization, width, layers, seed));
        Rc::new(each.collect())
    });
    let mut prepared =
        Prepared { experiment: experiment.clone(), problem, starts, divergence: f32::MAX, judge };
    prepared.divergence = divergence.unwrap_or_else(|| {
        let firsts = prepared.members().map(|member| cpu::Lane::new(&prepared.problem, member).excess());
        divergence_threshold(prepared.problem.zero_network(), firsts)
    });
    prepared
}

fn train(problem: &Problem, member: Member, rule: &Rule, budget: &Budget, judge: Option<&Judge>) -> Outcome {
    let mut lane = cpu::Lane::new(problem, member);
    let mut goal = 0.0;
    let mut outcome = Outcome { excess: f32::NAN, steps: None, diverged_at: None, end: None, accuracy: None };
    let diverged = lane.follow(budget.steps, rule, |step, excess| {
        if step == 0 {
            goal = judge.map_or(budget.threshold * f64::from(excess), |judge| judge.goal(budget.threshold));
        }
        outcome.excess = excess;
        if outcome.steps.is_none() && f64::from(excess) <= goal {
            outcome.steps = Some(step);
        }
        !(budget.stop_at_threshold && outcome.steps.is_some())
    });
    outcome.diverged_at = diverged;
    if let (Some(judge), None) = (judge, diverged) {
        outcome.end = Some(judge.end(outcome.excess, budget.threshold, &mut lane));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Data, Loss, Network, Optimizer, Start, Target};
    use crate::session::Session;

    /// What a session shows of the same run, one step at a time.
    fn by_session(experiment: &Experiment, budget: &Budget) -> Vec<Outcome> {
        pollster::block_on(async {
            let mut session = Session::new(experiment.clone()).await.unwrap();
            let first = session.frame().twins.iter().map(|twin| twin.excess).collect::<Vec<_>>();
            let zero = session.task().relu("").ok().map(|_| session.task().zero_network());
            let mut found: Vec<Outcome> = first
                .iter()
                .map(|excess| Outcome {
                    excess: *excess,
                    steps: None,
                    diverged_at: None,
                    end: None,
                    accuracy: None,
                })
                .collect();
            for step in 0..=budget.steps {
                session.step(u32::from(step > 0)).await.unwrap();
                for ((outcome, twin), first) in found.iter_mut().zip(session.frame().twins).zip(&first) {
                    let done = budget.stop_at_threshold && outcome.steps.is_some();
                    if outcome.diverged_at.is_some() || done {
                        continue;
                    }
                    outcome.excess = twin.excess;
                    outcome.diverged_at = twin.diverged_at.map(|step| step as u32);
                    let goal = budget.threshold * zero.unwrap_or(f64::from(*first));
                    if outcome.steps.is_none() && f64::from(twin.excess) <= goal {
                        outcome.steps = Some(step);
                    }
                }
                // A run that ended is no longer where the session is.
                for (twin, outcome) in found.iter_mut().enumerate().filter(|_| zero.is_some()) {
                    let ended = budget.stop_at_threshold && outcome.steps.is_some_and(|at| at < step);
                    if !ended {
                        outcome.accuracy = Some(session.evaluation(twin).unwrap().accuracy as f32);
                    }
                }
            }
            found
        })
    }

    type Bits = (u32, Option<u32>, Option<u32>, Option<u32>);

    fn bits(outcomes: &[Outcome]) -> Vec<Bits> {
        let accuracy = |o: &Outcome| o.accuracy.map(f32::to_bits);
        outcomes.iter().map(|o| (o.excess.to_bits(), o.steps, o.diverged_at, accuracy(o))).collect()
    }

    #[test]
    fn so_is_that_of_a_classifier() {
        let text = r#"{"network":{"kind":"relu","width":5,"blocks":6},
            "data":{"kind":"set","set":"moons","points":50,"noise":0.05,"heldOut":0.2},
            "optimizer":{"kind":"adam","learningRate":0.02},"twins":[
            {"parametrization":"identity","start":{"kind":"skipInit","scale":0.5}},
            {"parametrization":"standard","start":{"kind":"he"}}]}"#;
        let base = Experiment::from_json(text).unwrap();
        let descent = |learning_rate| Optimizer::GradientDescent { learning_rate };
        let squared = Network::Relu { width: 3, blocks: 2, loss: Loss::Squared, train_ends: false };
        let experiments = [
            base.clone(),
            Experiment { batch: Some(7), ..base.clone() },
            Experiment { network: squared, optimizer: descent(0.1), ..base.clone() },
            Experiment { optimizer: descent(1e6), ..base.clone() },
        ];
        let (mut diverged, mut learned) = (0, 0);
        for experiment in &experiments {
            for stop_at_threshold in [false, true] {
                let budget = Budget { steps: 120, threshold: 0.3, stop_at_threshold };
                let found = run(experiment, &budget).unwrap();
                assert_eq!(bits(&found), bits(&by_session(experiment, &budget)), "{}", experiment.to_json());
                diverged += found.iter().filter(|outcome| outcome.diverged_at.is_some()).count();
                learned += found.iter().filter(|outcome| outcome.accuracy > Some(0.9)).count();
            }
        }
        assert!(diverged >= 2 && learned >= 4, "{diverged} {learned}");
    }

    #[test]
    fn a_run_is_what_a_session_does_step_by_step_to_the_bit() {
        let base = Experiment { network: Network::linear(5, 7), ..Experiment::default() };
        let adam = Optimizer::Adam { learning_rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
        let mut wild = base.clone();
        wild.twins[0].start = Start::Gaussian { scale: 1000.0 };
        let between = |hidden| Experiment {
            network: Network::Linear { width: 5, layers: 7, hidden: Some(hidden) },
            ..base.clone()
        };
        let experiments = [
            base.clone(),
            between(5),
            between(9),
            Experiment { optimizer: Optimizer::GradientDescent { learning_rate: 0.5 }, ..base.clone() },
            Experiment {
                optimizer: Optimizer::Momentum { learning_rate: 0.01, momentum: 0.9 },
                target: Target::Rotation { degrees: 60.0 },
                ..base.clone()
            },
            Experiment {
                optimizer: adam,
                data: Data::Sample { points: 30, covariance: 4.0, noise: 0.1 },
                ..base.clone()
            },
            wild,
        ];
        let mut runner = Runner::default();
        let mut diverged = 0;
        for experiment in &experiments {
            for stop_at_threshold in [false, true] {
                let budget = Budget { steps: 150, threshold: 0.3, stop_at_threshold };
                let found = runner.run(experiment, &budget).unwrap();
                assert_eq!(bits(&found), bits(&by_session(experiment, &budget)), "{}", experiment.to_json());
                assert_eq!(bits(&found), bits(&run(experiment, &budget).unwrap()));
                diverged += found.iter().filter(|outcome| outcome.diverged_at.is_some()).count();
            }
        }
        assert!(diverged >= 4, "{diverged}");
    }

    #[test]
    fn both_networks_have_a_say_in_what_counts_as_diverged() {
        for index in 0..2 {
            let mut experiment = Experiment::default();
            experiment.twins[index].start = Start::Gaussian { scale: 0.5 };
            let divergence = prepare(&experiment, None).divergence;
            let session = pollster::block_on(Session::new(experiment)).unwrap();
            assert_eq!(divergence, session.divergence());
            let usual = prepare(&Experiment::default(), None).divergence;
            assert!(divergence > 10.0 * usual, "{divergence} and {usual}");
        }
    }

    #[test]
    fn a_rate_that_is_too_large_diverges_at_a_named_step_and_a_small_one_converges() {
        let rate = |learning_rate| Experiment {
            optimizer: Optimizer::GradientDescent { learning_rate },
            target: Target::Rotation { degrees: 60.0 },
            ..Experiment::default()
        };
        let budget = Budget { steps: 300, threshold: 0.01, stop_at_threshold: false };
        let [good, _] = run(&rate(0.005), &budget).unwrap()[..] else { panic!() };
        assert_eq!(good.diverged_at, None);
        assert!(good.excess < 1e-4 && good.steps.is_some_and(|step| step > 5), "{good:?}");
        let [bad, _] = run(&rate(1.0), &budget).unwrap()[..] else { panic!() };
        assert!(bad.diverged_at.is_some_and(|step| (1..20).contains(&step)), "{bad:?}");
        assert_eq!(bad.steps, None);
        let stopped =
            run(&rate(0.005), &Budget { stop_at_threshold: true, ..budget }).unwrap().swap_remove(0);
        assert_eq!(stopped.steps, good.steps);
        assert!(stopped.excess > good.excess);
    }
}
