//! Members of a run at earlier steps, in bounded memory: what the run is computed again from.

use serde::{Deserialize, Serialize};

use crate::engine::{EngineKind, Member};

/// Bytes of members that the checkpoints of a run take at most.
pub const BYTES: usize = 96 << 20;
/// More are not kept even of small networks: computing again from the nearest one takes no time then.
const MOST: usize = 64;

/// What was in force from a step on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The first step that it holds for.
    pub step: u64,
    /// η.
    pub learning_rate: f64,
    /// What computed the steps.
    pub engine: EngineKind,
}

/// Members at about evenly spaced steps, the start first; when full, every second one goes and the spacing doubles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoints {
    points: Vec<(u64, Vec<Member>)>,
    spacing: u64,
    capacity: usize,
    changes: Vec<Change>,
}

impl Checkpoints {
    /// Begins with the members at the step of the change.
    pub fn new(members: &[Member], change: Change) -> Self {
        // Parameters and two moments, whether or not the rule uses them.
        let size: usize = members.iter().map(|member| 3 * 4 * member.parameters.len()).sum();
        let capacity = (BYTES / size.max(1)).clamp(2, MOST);
        Self { points: vec![(change.step, members.to_vec())], spacing: 1, capacity, changes: vec![change] }
    }

    /// Offers the members at a step; kept when the spacing has passed since the last ones kept.
    pub fn offer(&mut self, step: u64, members: &[Member]) {
        if self.points.last().is_some_and(|(last, _)| step < last + self.spacing) {
            return;
        }
        if self.points.len() == self.capacity {
            let mut index = 0;
            self.points.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing *= 2;
            if self.points.last().is_some_and(|(last, _)| step < last + self.spacing) {
                return;
            }
        }
        self.points.push((step, members.to_vec()));
    }

    /// Notes that something else is in force from a step on.
    pub fn note(&mut self, change: Change) {
        if self.changes.last().is_some_and(|last| last.step == change.step) {
            self.changes.pop();
        }
        self.changes.push(change);
    }

    /// The earliest step there is a way back to.
    pub fn first(&self) -> u64 {
        self.points.first().map_or(0, |(step, _)| *step)
    }

    /// Forgets what came after a step, and returns the last members kept up to it, with their step. The step
    /// must not be before [`Checkpoints::first`].
    pub fn back_to(&mut self, step: u64) -> (u64, Vec<Member>) {
        self.points.retain(|(at, _)| *at <= step);
        self.changes.retain(|change| change.step <= step);
        self.points.last().cloned().unwrap_or_default()
    }

    /// What is in force for the step that follows `step`.
    pub fn in_force(&self, step: u64) -> Option<Change> {
        self.changes.iter().rev().find(|change| change.step <= step).copied()
    }

    /// The next step after `step` from which something else is in force.
    pub fn next_change(&self, step: u64) -> Option<u64> {
        self.changes.iter().map(|change| change.step).find(|at| *at > step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Parametrization;

    fn members(value: f32, count: usize) -> Vec<Member> {
        vec![Member::new(Parametrization::Identity, vec![value; count])]
    }

    fn change(step: u64, learning_rate: f64) -> Change {
        Change { step, learning_rate, engine: EngineKind::Cpu }
    }

    #[test]
    fn stays_bounded_keeps_the_start_and_is_never_far_from_a_step() {
        let mut kept = Checkpoints::new(&members(0.0, 4), change(0, 0.1));
        for step in 1..100_000u64 {
            kept.offer(step, &members(step as f32, 4));
            assert!(kept.points.len() <= MOST);
        }
        assert_eq!(kept.points[0].0, 0);
        for step in [0, 1, 777, 50_000, 99_999u64] {
            let (at, found) = kept.clone().back_to(step);
            assert!(at <= step && step - at <= 2 * 100_000 / (MOST as u64 / 2), "{step}: {at}");
            assert_eq!(found[0].parameters[0], at as f32);
        }
    }

    #[test]
    fn large_networks_stay_within_the_bytes() {
        let count = 64 * 64 * 256;
        let kept = Checkpoints::new(&[members(0.0, count), members(0.0, count)].concat(), change(0, 0.1));
        assert!(kept.capacity >= 2 && kept.capacity * 2 * 3 * 4 * count <= BYTES);
    }

    #[test]
    fn knows_what_was_in_force_when() {
        let mut kept = Checkpoints::new(&members(0.0, 1), change(0, 0.1));
        kept.note(change(10, 0.2));
        kept.note(change(10, 0.3));
        kept.note(change(20, 0.4));
        let rate = |kept: &Checkpoints, step| kept.in_force(step).unwrap().learning_rate;
        assert_eq!([9, 10, 19, 20].map(|step| rate(&kept, step)), [0.1, 0.3, 0.3, 0.4]);
        assert_eq!(
            (kept.next_change(0), kept.next_change(10), kept.next_change(20)),
            (Some(10), Some(20), None)
        );
        kept.back_to(15);
        assert_eq!((rate(&kept, 40), kept.next_change(10)), (0.3, None));
    }
}
