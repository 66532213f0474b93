//! Training of one ReLU network: the CPU twin of `shaders/train_relu.wgsl`.

use super::relu::{Chunks, Sweep, Weights};
use crate::data::classification::Classification;
use crate::engine::batches::Batches;
use crate::engine::update::{Rates, remember};
use crate::engine::{Member, Record, Rule};

/// One member and its scratch memory.
#[derive(Debug, Clone)]
pub struct ReluLane {
    member: Member,
    weights: Weights,
    sweep: Sweep,
    gradient: Vec<f32>,
}

impl ReluLane {
    /// A member ready to train.
    pub fn new(problem: &Classification, member: Member) -> Self {
        let layout = problem.layout;
        Self {
            weights: Weights::new(layout, member.parametrization.is_identity()),
            sweep: Sweep::new(layout),
            gradient: vec![0.0; layout.count()],
            member,
        }
    }

    /// The member as it now is.
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// See [`crate::engine::Trainer::train`]. With minibatches an update follows the gradient of a batch,
    /// while records stay those of all points.
    pub fn train(
        &mut self,
        problem: &Classification,
        all: &Chunks,
        steps: u32,
        rule: &Rule,
        mut batches: Option<&mut Batches>,
    ) -> Record {
        let mut record = Record::default();
        self.remember(rule);
        for step in 0..=steps {
            let excess = self.evaluate(problem, all);
            // Written so that a NaN counts as diverged.
            let within = excess <= rule.divergence;
            self.member.diverged |= !within;
            record.excess.push(excess);
            record.gradient_norm_squared.push(norm_squared(&self.gradient));
            if self.member.diverged || step == steps {
                break;
            }
            if let Some(batches) = &mut batches {
                let points = batches.batch(self.member.updates).iter();
                let batch = Chunks::new(&problem.points, points.map(|index| *index as usize));
                self.evaluate(problem, &batch);
            }
            self.update(rule);
        }
        record
    }

    /// As [`ReluLane::train`], without a record; see [`super::Lane::follow`].
    pub fn follow(
        &mut self,
        problem: &Classification,
        all: &Chunks,
        steps: u32,
        rule: &Rule,
        mut batches: Option<&mut Batches>,
        mut visit: impl FnMut(u32, f32) -> bool,
    ) -> Option<u32> {
        self.remember(rule);
        for step in 0..=steps {
            // The gradient of all points is of no use to the last step, nor beside that of a batch.
            let whole = batches.is_none() && step < steps;
            let excess = if whole { self.evaluate(problem, all) } else { self.loss(problem, all) };
            // Written so that a NaN counts as diverged.
            let within = excess <= rule.divergence;
            self.member.diverged |= !within;
            let goes_on = visit(step, excess);
            if self.member.diverged {
                return Some(step);
            }
            if !goes_on || step == steps {
                return None;
            }
            if let Some(batches) = &mut batches {
                let points = batches.batch(self.member.updates).iter();
                let batch = Chunks::new(&problem.points, points.map(|index| *index as usize));
                self.evaluate(problem, &batch);
            }
            self.update(rule);
        }
        None
    }

    /// The mean loss of those points where the member stands.
    pub fn loss(&mut self, problem: &Classification, points: &Chunks) -> f32 {
        self.weights.set(&self.member.parameters);
        self.sweep.loss(&self.weights, points, problem.loss)
    }

    /// How many of those points have the largest logit at their own class, where the member stands.
    pub fn correct(&mut self, points: &Chunks) -> usize {
        self.weights.set(&self.member.parameters);
        self.sweep.correct(&self.weights, points)
    }

    fn remember(&mut self, rule: &Rule) {
        let Member { parameters, first, second, .. } = &mut self.member;
        remember(&rule.optimizer, parameters.len(), first, second);
    }

    /// The mean loss of those points; the gradient becomes that of the trained parameters.
    fn evaluate(&mut self, problem: &Classification, points: &Chunks) -> f32 {
        let Self { member, weights, sweep, gradient } = self;
        weights.set(&member.parameters);
        let loss = sweep.gradient(weights, &member.parameters, points, problem.loss, gradient);
        problem.layout.keep_trained(gradient, problem.train_ends, member.gains);
        loss
    }

    fn update(&mut self, rule: &Rule) {
        self.member.updates += 1;
        let Member { parameters, first, second, updates, .. } = &mut self.member;
        Rates::new(&rule.optimizer, *updates).update(parameters, first, second, &self.gradient);
    }
}

fn norm_squared(x: &[f32]) -> f32 {
    // Sums of eight each, so that long gradients lose no digits and the loop fits vector registers.
    x.chunks(8).map(|x| x.iter().map(|x| x * x).sum::<f32>()).sum()
}
