//! What the kernels of ReLU networks have in common: how parameters and points stand in their buffers, as
//! `shaders/common/relu.wgsl` states it.

use super::buffers::{filled, quads};
use super::device::Gpu;
use crate::data::classification::Classification;
use crate::error::Result;
use crate::experiment::Loss;
use crate::network::relu::Layout;

/// Points that a workgroup carries together.
pub const CARRIED: usize = 256;

/// A matrix of the flat layout: its rows and columns, and the rows that it is padded to.
struct Part {
    rows: usize,
    columns: usize,
    padded: usize,
}

/// The padded layout of a network's parameters.
#[derive(Debug, Clone, Copy)]
pub struct Packing {
    layout: Layout,
}

impl Packing {
    /// That of networks of this shape.
    pub fn new(layout: Layout) -> Self {
        Self { layout }
    }

    fn parts(self) -> impl Iterator<Item = Part> {
        let Layout { dimension, width, blocks, classes } = self.layout;
        let side = 4 * quads(width);
        let square = move || Part { rows: width, columns: width, padded: side };
        let line = |columns: usize| Part { rows: 1, columns, padded: 1 };
        let input = Part { rows: width, columns: dimension, padded: side };
        let output = Part { rows: classes, columns: width, padded: 4 * quads(classes) };
        let blocks = (0..blocks).flat_map(move |_| [square(), line(width), square(), line(1)]);
        std::iter::once(input).chain(blocks).chain([output])
    }

    /// Numbers of a network's padded parameters.
    pub fn size(self) -> usize {
        self.parts().map(|part| part.padded * 4 * quads(part.columns)).sum()
    }

    /// Pads flat parameters; none stay none, and become zeros.
    pub fn pack(self, flat: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.size()];
        self.rows(|from, to| {
            if let Some(row) = flat.get(from) {
                out[to].copy_from_slice(row);
            }
        });
        out
    }

    /// Takes the padding off again.
    pub fn unpack(self, packed: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.layout.count()];
        self.rows(|to, from| out[to].copy_from_slice(&packed[from]));
        out
    }

    /// Calls `visit` with where each row stands, flat and padded.
    fn rows(self, mut visit: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>)) {
        let (mut flat, mut packed) = (0, 0);
        for Part { rows, columns, padded } in self.parts() {
            let stride = 4 * quads(columns);
            for row in 0..rows {
                let at = packed + row * stride;
                visit(flat..flat + columns, at..at + columns);
                flat += columns;
            }
            packed += padded * stride;
        }
    }
}

/// The shapes that begin the settings of both kernels: dimension4, classes, blocks, squared, points.
pub fn shapes(problem: &Classification) -> [u32; 5] {
    let Layout { dimension, blocks, classes, .. } = problem.layout;
    let squared = u32::from(problem.loss == Loss::Squared);
    [quads(dimension) as u32, classes as u32, blocks as u32, squared, problem.points.len() as u32]
}

/// Uploads the points that are trained on: padded coordinates, then a vec4 that begins with the label.
pub async fn points(gpu: &Gpu, problem: &Classification) -> Result<wgpu::Buffer> {
    let stride = 4 * quads(problem.layout.dimension) + 4;
    let mut values = vec![0.0; problem.points.len() * stride];
    for (index, to) in values.chunks_exact_mut(stride).enumerate() {
        let point = problem.points.point(index);
        to[..point.len()].copy_from_slice(point);
        to[stride - 4] = f32::from(problem.points.labels[index]);
    }
    filled(gpu, "points", &values).await
}

/// Floating-point operations of one forward sweep of a network over that many points.
pub fn operations(layout: Layout, points: usize) -> f64 {
    2.0 * layout.count() as f64 * points as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_comes_off_again_and_begins_every_row_at_a_vec4() {
        for (dimension, width, blocks, classes) in [(1, 2, 1, 2), (5, 7, 3, 3), (4, 8, 2, 4), (64, 64, 1, 16)]
        {
            let packing = Packing::new(Layout { dimension, width, blocks, classes });
            let flat: Vec<f32> = (1..=packing.layout.count()).map(|i| i as f32).collect();
            let packed = packing.pack(&flat);
            assert_eq!(packed.len() % 4, 0);
            assert_eq!(packing.unpack(&packed), flat);
            let zeros = packed.iter().filter(|x| **x == 0.0).count();
            assert_eq!(zeros, packed.len() - flat.len());
            packing.rows(|_, at| assert_eq!(at.start % 4, 0));
            assert_eq!(packing.pack(&[]), vec![0.0; packed.len()]);
        }
    }
}
