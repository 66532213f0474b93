//! The points of a run that are kept to draw its path, in bounded memory.

use serde::{Deserialize, Serialize};

/// Parameters at evenly spaced steps; when full, every second one goes and the spacing doubles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trajectory {
    points: Vec<(u64, Vec<f32>)>,
    spacing: u64,
    capacity: usize,
}

/// One of the points kept of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waypoint<'a> {
    /// The step at which the run was there.
    pub step: u64,
    /// θ, flat.
    pub parameters: &'a [f32],
}

/// Bytes of parameters that one trajectory keeps at most.
pub const BYTES: usize = 48 << 20;

impl Trajectory {
    /// Begins at the start of a run.
    pub fn new(start: &[f32]) -> Self {
        let capacity = (BYTES / (4 * start.len().max(1))).clamp(8, 256);
        Self { points: vec![(0, start.to_vec())], spacing: 1, capacity }
    }

    /// Steps until the next point wanted after `step`.
    pub fn until_next(&self, step: u64) -> u64 {
        self.spacing - step % self.spacing
    }

    /// Offers the parameters at a step; kept when the spacing has passed since the last one kept.
    pub fn offer(&mut self, step: u64, parameters: &[f32]) {
        if self.points.last().is_some_and(|(last, _)| step < last + self.spacing) {
            return;
        }
        self.points.push((step, parameters.to_vec()));
        if self.points.len() > self.capacity {
            let mut index = 0;
            self.points.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.spacing *= 2;
        }
    }

    /// Forgets what came after a step; the start stays.
    pub fn truncate(&mut self, step: u64) {
        self.points.retain(|(at, _)| *at == 0 || *at <= step);
    }

    /// The points kept, oldest first.
    pub fn points(&self) -> impl Iterator<Item = Waypoint<'_>> {
        self.points.iter().map(|(step, parameters)| Waypoint { step: *step, parameters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_bounded_and_keeps_the_start() {
        let mut trajectory = Trajectory::new(&[0.0]);
        for step in 1..100_000u64 {
            trajectory.offer(step, &[step as f32]);
        }
        let points: Vec<_> = trajectory.points().map(|p| p.parameters[0]).collect();
        assert_eq!(points[0], 0.0);
        assert!(points.len() <= 256 && points.len() > 100, "{}", points.len());
        assert!(points.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn large_networks_keep_fewer_points() {
        let start = vec![0.0; 64 * 64 * 256];
        assert!(Trajectory::new(&start).capacity <= 16);
    }
}
