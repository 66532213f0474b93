//! What the theorems promise, computed in f64.

pub mod along;
pub mod ball;
pub mod bounds;
pub mod depth;
pub mod expressivity;
pub mod factorization;
