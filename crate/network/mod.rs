//! Shapes, flat layout, starts, and the f64 mathematics of the networks.

pub mod hidden;
pub mod init;
pub mod linear;
pub mod objective;
pub mod relu;
pub mod relu_init;
pub mod spectrum;
