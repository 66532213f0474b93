//! The order of minibatches.
//!
//! The points of an epoch are a function of the seed and the epoch alone, and the place in it follows
//! from the number of updates made: twins see the same batches, and a run that is rewound or that comes
//! back from another engine goes on in the same order.

use super::Rule;
use crate::error::{LabError, Result};
use crate::rng::{Random, Stream, philox};

/// Reads the batch of any update; keeps the order of the epoch last asked for.
#[derive(Debug, Clone)]
pub struct Batches {
    seed: u32,
    batch: usize,
    epoch: Option<u64>,
    order: Vec<u32>,
}

impl Batches {
    /// The minibatch order that a rule asks for on so many points; none for the full batch.
    pub fn of(rule: &Rule, points: usize) -> Result<Option<Self>> {
        match rule.batch {
            None => Ok(None),
            Some(batch) if (1..=points).contains(&batch) => Ok(Some(Self::new(rule.seed, points, batch))),
            Some(batch) => {
                let message =
                    format!("a minibatch takes from 1 to all of the sample's {points} points; got {batch}");
                Err(LabError::field("batch", message))
            }
        }
    }

    /// Batches of `batch` of `points` points, where 1 ≤ `batch` ≤ `points`. An epoch has as many whole
    /// batches as fit, so that every loss is a mean over `batch` points; which points are left over
    /// changes from epoch to epoch.
    pub fn new(seed: u32, points: usize, batch: usize) -> Self {
        Self { seed, batch, epoch: None, order: (0..points as u32).collect() }
    }

    /// The points of the update that follows `updates` others.
    pub fn batch(&mut self, updates: u64) -> &[u32] {
        let batches = (self.order.len() / self.batch) as u64;
        let epoch = updates / batches;
        if self.epoch != Some(epoch) {
            self.shuffle(epoch);
        }
        let start = (updates % batches) as usize * self.batch;
        &self.order[start..start + self.batch]
    }

    /// A Fisher–Yates shuffle from the sorted order, so that no epoch depends on those before it.
    fn shuffle(&mut self, epoch: u64) {
        self.epoch = Some(epoch);
        for (position, point) in self.order.iter_mut().enumerate() {
            *point = position as u32;
        }
        // The stream of epoch 0 is that of the seed itself; every later epoch has a seed of its own.
        let counter = [epoch as u32, (epoch >> 32) as u32, 0, 1];
        let seed =
            if epoch == 0 { self.seed } else { philox(counter, [self.seed, Stream::Batches as u32])[0] };
        let mut random = Random::new(seed, Stream::Batches);
        for last in (1..self.order.len()).rev() {
            self.order.swap(last, random.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(batches: &mut Batches, first: u64, count: u64) -> Vec<u32> {
        (first..first + count).flat_map(|update| batches.batch(update).to_vec()).collect()
    }

    #[test]
    fn an_epoch_visits_every_point_once() {
        let mut batches = Batches::new(3, 12, 4);
        for first in [0, 3, 30] {
            let mut points = epoch(&mut batches, first, 3);
            points.sort_unstable();
            assert_eq!(points, (0..12).collect::<Vec<_>>());
        }
    }

    #[test]
    fn epochs_and_seeds_differ() {
        let mut batches = Batches::new(3, 64, 64);
        let (first, second) = (epoch(&mut batches, 0, 1), epoch(&mut batches, 1, 1));
        assert_ne!(first, second);
        assert_ne!(first, epoch(&mut Batches::new(4, 64, 64), 0, 1));
    }

    #[test]
    fn going_back_gives_the_same_batch() {
        let mut batches = Batches::new(9, 10, 3);
        let forward: Vec<_> = (0..9).map(|update| batches.batch(update).to_vec()).collect();
        for update in (0..9).rev() {
            assert_eq!(batches.batch(update), forward[update as usize]);
            assert_eq!(Batches::new(9, 10, 3).batch(update), forward[update as usize]);
        }
        assert!(forward.iter().all(|points| points.len() == 3));
    }
}
