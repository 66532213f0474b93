//! How much work to put in one dispatch: short enough that a display stays smooth and no watchdog bites.
//!
//! The first guess supposes a slow software adapter; every timed piece of work corrects it.

/// What one dispatch should take.
const SECONDS: f64 = 0.008;
/// Floating-point operations that a slow software adapter does in a second.
const SLOW: f64 = 2e9;

/// Seconds that a unit of work takes: one training step of an ensemble, or one grid point.
#[derive(Debug, Clone)]
pub struct Pace {
    seconds: f64,
    measured: bool,
}

impl Pace {
    /// A guess for units of that many floating-point operations.
    pub fn guess(operations: f64) -> Self {
        Self { seconds: operations / SLOW, measured: false }
    }

    /// Whether anything was timed yet.
    pub fn measured(&self) -> bool {
        self.measured
    }

    /// Units for one dispatch, at least one.
    pub fn units(&self) -> u32 {
        (SECONDS / self.seconds.max(1e-9)).clamp(1.0, 1e6) as u32
    }

    /// Takes note that `units` took `seconds`. A piece shorter than a dispatch is mostly latency, which
    /// says only that a unit is not slower than that.
    pub fn observe(&mut self, units: u32, seconds: f64) {
        let each = seconds / f64::from(units.max(1));
        self.seconds = if seconds < SECONDS { self.seconds.min(each) } else { each };
        self.measured = true;
    }
}

/// Seconds since some moment.
pub fn now() -> f64 {
    #[cfg(target_arch = "wasm32")]
    return js_sys::Date::now() / 1e3;
    #[cfg(not(target_arch = "wasm32"))]
    {
        use std::time::Instant;
        thread_local!(static START: Instant = Instant::now());
        START.with(|start| start.elapsed().as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_does_not_make_dispatches_shorter() {
        let mut pace = Pace::guess(1e6);
        let before = pace.units();
        pace.observe(1, 0.004);
        assert_eq!(pace.units(), before);
        pace.observe(1000, 0.1);
        assert_eq!(pace.units(), 80);
    }
}
