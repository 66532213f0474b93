//! Where training starts.

use super::experiment::ConvStart;
use super::shape::{Part, PartKind, SIDE};
use crate::rng::{Random, Stream};

/// The numbers that the parts of a network start with, in order, each part row-major.
///
/// Convolutions are drawn one after the other from N(0, σ²) with the σ of [`ConvStart`]; batch normalization starts
/// as x ↦ (x − mean)/deviation. The projection has a stream of its own, so that another start keeps it, and entries
/// from N(0, 1): the paper leaves its scale open, and with this one its learning rate of 0.05 works on the digits.
pub fn draw(parts: &[Part], start: ConvStart, seed: u32) -> Vec<Vec<f32>> {
    let mut filters = Random::new(seed, Stream::Start);
    let mut projection = Random::new(seed, Stream::FixedMaps);
    let mut draw = |part: &Part| -> Vec<f32> {
        let count = part.count();
        match part.kind {
            PartKind::Convolution => {
                let deviation = start.deviation(SIDE, part.dims[0]);
                (0..count).map(|_| (deviation * filters.normal()) as f32).collect()
            }
            PartKind::Gain => vec![1.0; count],
            PartKind::Shift => vec![0.0; count],
            PartKind::Top => (0..count).map(|_| projection.normal() as f32).collect(),
        }
    };
    parts.iter().map(&mut draw).collect()
}
