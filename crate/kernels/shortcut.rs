//! The shortcut around a block: means over pixels where its stride is 2, and channels of zeros on both sides.

use pulp::{Simd, WithSimd};

use crate::lanes::{IMAGES, Lane};
use crate::simd::dispatch;

/// The shape of a shortcut P: out(y, x, before + c) is the mean of in(s y + i, s x + j, c) over the s × s pixels (i, j) there
/// are, s the stride, and all other channels are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    /// Rows and columns that come in; ⌈size / stride⌉ go out.
    pub size: [usize; 2],
    /// 1 or 2.
    pub stride: usize,
    /// Channels that are passed on.
    pub channels: usize,
    /// Channels that come in, as they are stored.
    pub inputs: usize,
    /// Channels that go out, as they are stored.
    pub outputs: usize,
    /// Channels of zeros before those that are passed on.
    pub before: usize,
}

impl Shortcut {
    /// out = P(input), pixels × channels.
    pub fn pass(&self, out: &mut [Lane], input: &[Lane]) {
        dispatch(Pass { shape: self, out, input });
    }

    /// out = Pᵀ(gradient).
    pub fn pass_back(&self, out: &mut [Lane], gradient: &[Lane]) {
        dispatch(PassBack { shape: self, out, gradient });
    }
}

struct Pass<'a> {
    shape: &'a Shortcut,
    out: &'a mut [Lane],
    input: &'a [Lane],
}

impl WithSimd for Pass<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { shape, out, input } = self;
        let ([height, width], stride) = (shape.size, shape.stride);
        let across = width.div_ceil(stride);
        for (pixel, out) in out.chunks_exact_mut(shape.outputs).enumerate() {
            let (y, x) = (pixel / across * stride, pixel % across * stride);
            let (rows, columns) = (y..(y + stride).min(height), x..(x + stride).min(width));
            let scale = 1.0 / (rows.len() * columns.len()) as f32;
            out.fill(Lane::ZERO);
            let own = &mut out[shape.before..][..shape.channels];
            for row in rows {
                for column in columns.clone() {
                    let input = &input[(row * width + column) * shape.inputs..][..shape.channels];
                    own.iter_mut().zip(input).for_each(|(out, input)| add(out, input, scale));
                }
            }
        }
    }
}

struct PassBack<'a> {
    shape: &'a Shortcut,
    out: &'a mut [Lane],
    gradient: &'a [Lane],
}

impl WithSimd for PassBack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { shape, out, gradient } = self;
        let ([height, width], stride) = (shape.size, shape.stride);
        let across = width.div_ceil(stride);
        for (pixel, out) in out.chunks_exact_mut(shape.inputs).enumerate() {
            let (y, x) = (pixel / width / stride, pixel % width / stride);
            let rows = stride.min(height - y * stride);
            let scale = 1.0 / (rows * stride.min(width - x * stride)) as f32;
            let gradient = &gradient[(y * across + x) * shape.outputs + shape.before..][..shape.channels];
            let (own, rest) = out.split_at_mut(shape.channels);
            for (out, gradient) in own.iter_mut().zip(gradient) {
                *out = Lane::ZERO;
                add(out, gradient, scale);
            }
            rest.fill(Lane::ZERO);
        }
    }
}

#[inline(always)]
fn add(out: &mut Lane, x: &Lane, scale: f32) {
    for n in 0..IMAGES {
        out.0[n] += scale * x.0[n];
    }
}
