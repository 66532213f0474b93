//! Planes through parameter space and what is drawn on them.

pub mod plane;
pub mod trajectory;
