//! Maps of thousands of networks: every cell is a whole training run.

mod atlas;
mod axis;
mod basin;
mod classifier;
#[cfg(feature = "webgpu")]
mod fleet;
mod outcome;
mod starts;

pub use atlas::{Atlas, MAX_NETWORKS, MAX_SIDE, MAX_STEPS, MAX_WORK};
pub use axis::{Axis, Quantity, Scale};
pub use basin::{End, PATTERN_BITS, pattern};
#[cfg(feature = "webgpu")]
pub use fleet::Fleet;
pub use outcome::{Budget, Outcome, Runner, run};
pub use starts::{StartPlane, Vectors};
