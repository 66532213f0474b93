//! The inner loops of the `cpu` engine.
//!
//! They are a package of their own, without generic functions at its surface, so that a build can make them for speed
//! and everything else for size: of what a browser downloads first that is 68 kB of 490, compressed.

mod matrix;
mod points;
mod update;

pub use matrix::{
    add, horner, multiply, multiply_add_peak, multiply_transposed, outer, polynomial, side, squared_distance,
    squared_norm, transform, transform_transposed, transpose,
};
pub use points::{POINTS, accumulate, accumulate_transposed, add_row_sums, keep_active, rectify, sum_outer};
pub use update::{adam, descend, momentum};
