//! Planes through parameter space, where they may lie, and what is drawn on them.

pub mod critical;
pub mod curvature;
pub mod directions;
pub mod plane;
pub mod task;
pub mod trajectory;
