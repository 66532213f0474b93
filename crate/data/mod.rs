//! What is to be learned: target maps, input distributions and samples.

pub mod classification;
pub mod csv;
pub mod drawn;
#[cfg(feature = "images")]
pub mod images;
pub mod matrix;
pub mod points;
pub mod problem;
pub mod sets;
pub mod target;
pub mod task;
