//! Maps of thousands of networks: every cell is a whole training run.

mod atlas;
mod axis;
#[cfg(feature = "webgpu")]
mod fleet;
mod outcome;

pub use atlas::{Atlas, MAX_SIDE, MAX_STEPS, MAX_WORK};
pub use axis::{Axis, Quantity, Scale};
#[cfg(feature = "webgpu")]
pub use fleet::Fleet;
pub use outcome::{Budget, Outcome, Runner, run};
