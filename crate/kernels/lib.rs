//! The inner loops of the `cpu` engine, and of networks on images on the processor.
//!
//! They are a package of their own, without generic functions at its surface, so that a build can make them for speed
//! and everything else for size: of what a browser downloads first that is 68 kB of 490, compressed.

mod convolve;
mod descend;
mod filters;
#[cfg(test)]
mod image_tests;
mod lanes;
mod matrix;
mod points;
mod shortcut;
mod simd;
mod taps;
mod update;

pub use convolve::{Finish, convolve};
pub use descend::{Rule, add_octets, descend_octets};
pub use filters::{sum_filters, turn};
pub use lanes::{Channels, IMAGES, Lane, Octet, Turned};
pub use matrix::{
    add, horner, multiply, multiply_add_peak, multiply_transposed, outer, polynomial, side, squared_distance,
    squared_norm, transform, transform_transposed, transpose,
};
pub use points::{POINTS, accumulate, accumulate_transposed, add_row_sums, keep_active, rectify, sum_outer};
pub use shortcut::Shortcut;
pub use taps::{Pairs, Run, Taps};
pub use update::{adam, descend, momentum};
