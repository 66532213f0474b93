//! Identity Lab: trains small linear residual networks and shows their optimization landscape.
//!
//! The mathematics is that of Hardt and Ma, *Identity Matters in Deep Learning* (ICLR 2017,
//! arXiv 1611.04231). Imports run one way:
//! `experiment, data → network → theory, landscape → engine → session → maps → recompute → wasm`.

pub mod checkpoints;
pub mod data;
pub mod engine;
pub mod error;
pub mod experiment;
pub mod floats;
pub mod history;
#[cfg(feature = "images")]
pub mod images;
#[cfg(target_arch = "wasm32")]
pub mod js;
pub mod json;
pub mod landscape;
pub mod maps;
pub mod network;
pub mod presets;
pub mod recompute;
pub mod rng;
pub mod session;
pub mod snapshot;
pub mod theory;
pub mod verify;
#[cfg(all(target_arch = "wasm32", not(feature = "points")))]
pub mod wasm;
#[cfg(all(target_arch = "wasm32", feature = "images"))]
pub mod wasm_images;
#[cfg(all(target_arch = "wasm32", feature = "points"))]
pub mod wasm_points;
