//! What the theorems promise, computed in f64.

pub mod factorization;
