//! The curve of a run, in bounded memory.

use serde::{Deserialize, Serialize};

/// Excess risk and gradient norm at evenly spaced steps; when full, every second entry goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    steps: Vec<u64>,
    excess: Vec<f32>,
    gradient_norm: Vec<f32>,
    spacing: u64,
    /// The newest entry, which is shown even when its step is not on the grid.
    latest: Option<(u64, f32, f32)>,
}

/// Most entries that a history holds.
pub const CAPACITY: usize = 2048;

/// A copy of a history as columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// Step numbers, ascending.
    pub steps: Vec<f64>,
    /// Excess risk at each.
    pub excess: Vec<f32>,
    /// ‖∇f‖_F at each.
    pub gradient_norm: Vec<f32>,
}

impl Default for History {
    fn default() -> Self {
        Self { steps: Vec::new(), excess: Vec::new(), gradient_norm: Vec::new(), spacing: 1, latest: None }
    }
}

impl History {
    /// Adds the values at a step, which must not be earlier than the last; the same step replaces it.
    pub fn push(&mut self, step: u64, excess: f32, gradient_norm_squared: f32) {
        let gradient_norm = gradient_norm_squared.sqrt();
        self.latest = Some((step, excess, gradient_norm));
        if !step.is_multiple_of(self.spacing) || self.steps.last() == Some(&step) {
            return;
        }
        self.steps.push(step);
        self.excess.push(excess);
        self.gradient_norm.push(gradient_norm);
        if self.steps.len() == CAPACITY {
            self.spacing *= 2;
            let keep: Vec<usize> =
                (0..CAPACITY).filter(|i| self.steps[*i].is_multiple_of(self.spacing)).collect();
            self.steps = keep.iter().map(|i| self.steps[*i]).collect();
            self.excess = keep.iter().map(|i| self.excess[*i]).collect();
            self.gradient_norm = keep.iter().map(|i| self.gradient_norm[*i]).collect();
        }
    }

    /// Forgets what came after a step.
    pub fn truncate(&mut self, step: u64) {
        let keep = self.steps.partition_point(|at| *at <= step);
        self.steps.truncate(keep);
        self.excess.truncate(keep);
        self.gradient_norm.truncate(keep);
        self.latest = keep.checked_sub(1).map(|i| (self.steps[i], self.excess[i], self.gradient_norm[i]));
    }

    /// Step, excess risk and gradient norm last pushed.
    pub fn latest(&self) -> Option<(u64, f32, f32)> {
        self.latest
    }

    /// The curve, ending at the latest entry.
    pub fn columns(&self) -> Columns {
        let mut columns = Columns {
            steps: self.steps.iter().map(|step| *step as f64).collect(),
            excess: self.excess.clone(),
            gradient_norm: self.gradient_norm.clone(),
        };
        if let Some((step, excess, gradient_norm)) = self.latest
            && self.steps.last() != Some(&step)
        {
            columns.steps.push(step as f64);
            columns.excess.push(excess);
            columns.gradient_norm.push(gradient_norm);
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_bounded_and_ends_at_the_latest_step() {
        let mut history = History::default();
        for step in 0..123_457u64 {
            history.push(step, step as f32, 4.0);
        }
        let columns = history.columns();
        assert!(columns.steps.len() <= CAPACITY + 1 && columns.steps.len() > CAPACITY / 4);
        assert_eq!(columns.steps[0], 0.0);
        assert_eq!(*columns.steps.last().unwrap(), 123_456.0);
        assert!(columns.steps.windows(2).all(|w| w[0] < w[1]));
        assert!(columns.steps.iter().zip(&columns.excess).all(|(s, e)| *s as f32 == *e));
        assert_eq!(columns.gradient_norm[5], 2.0);
        history.truncate(5000);
        let columns = history.columns();
        assert!(columns.steps.iter().all(|step| *step <= 5000.0));
        assert!(history.latest().is_some_and(|(step, excess, _)| step > 4800 && excess == step as f32));
    }
}
