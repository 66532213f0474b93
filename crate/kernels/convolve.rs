//! Convolution, and the gradient by its input, which is one with the filters turned round.

use pulp::{Simd, WithSimd};

use crate::lanes::{Channels, IMAGES, Lane, Octet};
use crate::simd::dispatch;
use crate::taps::{Run, Taps};

/// What becomes of a sum before it is written, so that no second pass over the images is needed.
#[derive(Debug, Clone, Copy)]
pub enum Finish<'a> {
    /// out = sum.
    Set,
    /// out = max(sum, 0); what is no number stays none.
    Rectify,
    /// out = base + sum.
    Plus(&'a [Lane]),
    /// out = sum where the other is above 0, and 0 elsewhere: the gradient by the input of a ReLU that gave the other.
    Keep(&'a [Lane]),
}

/// out(p, o) = finish(Σ filter(o, t, c) · in(q, c)) over the taps t that join output pixel p to input pixels q, and over
/// all input channels c.
///
/// `out` is pixels × outputs, `input` pixels × inputs, `filters` octets of outputs × taps × inputs.
pub fn convolve(
    out: &mut [Lane],
    input: &[Lane],
    filters: &[Octet],
    channels: Channels,
    taps: &Taps,
    finish: Finish<'_>,
) {
    dispatch(Convolve { out, input, filters, channels, taps, finish });
}

pub(crate) struct Convolve<'a> {
    pub(crate) out: &'a mut [Lane],
    pub(crate) input: &'a [Lane],
    pub(crate) filters: &'a [Octet],
    pub(crate) channels: Channels,
    pub(crate) taps: &'a Taps,
    pub(crate) finish: Finish<'a>,
}

impl WithSimd for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { out, input, filters, channels: Channels { inputs, outputs }, taps, finish } = self;
        let octet = filters.len() / outputs.div_ceil(8);
        for (pixel, (out, runs)) in out.chunks_exact_mut(outputs).zip(taps.pixels()).enumerate() {
            for (group, out) in out.chunks_exact_mut(4).enumerate() {
                let filters = &filters[group / 2 * octet..][..octet];
                let at = pixel * outputs + 4 * group;
                // Of four outputs, two vectors of images at a time: eight sums, as many as two multiply-adds a cycle of
                // four cycles each need, and few enough for sixteen registers.
                for part in 0..IMAGES / (2 * S::F32_LANES) {
                    let sums = if group % 2 == 0 {
                        tile::<S, 0>(simd, input, filters, inputs, runs, part)
                    } else {
                        tile::<S, 4>(simd, input, filters, inputs, runs, part)
                    };
                    for (t, (out, sums)) in out.iter_mut().zip(sums).enumerate() {
                        for (v, sum) in sums.into_iter().enumerate() {
                            let v = 2 * part + v;
                            S::as_mut_simd_f32s(&mut out.0).0[v] = match finish {
                                Finish::Set => sum,
                                Finish::Rectify => rectify(simd, sum),
                                Finish::Plus(base) => simd.add_f32s(vector::<S>(&base[at + t], v), sum),
                                Finish::Keep(other) => keep(simd, sum, vector::<S>(&other[at + t], v)),
                            };
                        }
                    }
                }
            }
        }
    }
}

/// The sums of four outputs, from `FIRST` of an octet on.
#[inline(always)]
fn tile<S: Simd, const FIRST: usize>(
    simd: S,
    input: &[Lane],
    filters: &[Octet],
    inputs: usize,
    runs: &[Run],
    part: usize,
) -> [[S::f32s; 2]; 4] {
    let mut sums = [[simd.splat_f32s(0.0); 2]; 4];
    for run in runs {
        let length = run.length as usize * inputs;
        let input = &input[run.pixel as usize * inputs..][..length];
        let filters = &filters[run.tap as usize * inputs..][..length];
        for (input, weights) in input.iter().zip(filters) {
            let input = [vector::<S>(input, 2 * part), vector::<S>(input, 2 * part + 1)];
            for (t, sums) in sums.iter_mut().enumerate() {
                let weight = simd.splat_f32s(weights.0[FIRST + t]);
                for (sum, input) in sums.iter_mut().zip(input) {
                    *sum = simd.mul_add_e_f32s(weight, input, *sum);
                }
            }
        }
    }
    sums
}

#[inline(always)]
fn vector<S: Simd>(lane: &Lane, at: usize) -> S::f32s {
    S::as_simd_f32s(&lane.0).0[at]
}

#[inline(always)]
fn rectify<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let zero = simd.splat_f32s(0.0);
    simd.select_f32s(simd.less_than_f32s(x, zero), zero, x)
}

#[inline(always)]
fn keep<S: Simd>(simd: S, x: S::f32s, other: S::f32s) -> S::f32s {
    let zero = simd.splat_f32s(0.0);
    simd.select_f32s(simd.less_than_f32s(zero, other), x, zero)
}
