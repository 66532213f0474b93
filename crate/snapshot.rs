//! [`Snapshot`]: a session as bytes, so that another instance of the crate can go on with it.
//!
//! The page loads burn only when it is asked for, as a WebAssembly module of its own with a memory of its
//! own. What crosses is the whole run: parameters, the optimizer's memory, curve and path, bit for bit.

use serde::{Deserialize, Serialize};

use crate::checkpoints::Checkpoints;
use crate::engine::Member;
use crate::error::{LabError, Result};
use crate::history::History;
use crate::landscape::trajectory::Trajectory;

/// A session between two steps. Only builds of one version understand each other's bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The experiment as JSON, with the learning rate as it now is.
    pub(crate) experiment: String,
    /// Steps made.
    pub(crate) step: u64,
    /// Excess risk above which a member counts as diverged.
    pub(crate) divergence: f32,
    /// Parameters and optimizer memory of the twins.
    pub(crate) members: Vec<Member>,
    /// Curve and path of the twins.
    pub(crate) runs: Vec<Run>,
    /// Earlier members, to go back to.
    pub(crate) checkpoints: Checkpoints,
}

/// What is kept of one twin besides its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) history: History,
    pub(crate) trajectory: Trajectory,
    pub(crate) diverged_at: Option<u64>,
}

impl Snapshot {
    /// The snapshot as bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        postcard::to_allocvec(self).map_err(|error| LabError::file("snapshot", error.to_string()))
    }

    /// A snapshot from the bytes of [`Snapshot::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        postcard::from_bytes(bytes).map_err(|error| LabError::file("snapshot", error.to_string()))
    }
}
