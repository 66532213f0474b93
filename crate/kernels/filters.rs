//! The gradient of a convolution by its filters.

use std::array::from_fn;

use pulp::{Simd, WithSimd};
use wide::f32x4;

use crate::lanes::{Channels, IMAGES, Lane, Octet, Turned};
use crate::simd::dispatch;
use crate::taps::Pairs;

/// gradient(o, t, c) += Σ out(p, o) · in(q, c) over images and the pairs (p, q) of pixels that tap t joins.
///
/// `gradient` is octets of outputs × taps × inputs, `turned` octets of outputs × pixels, as [`turn`] lays it, `input`
/// pixels × inputs.
pub fn sum_filters(
    gradient: &mut [Octet],
    input: &[Lane],
    turned: &[Turned],
    channels: Channels,
    pairs: &Pairs,
) {
    dispatch(SumFilters { gradient, input, turned, channels, pairs });
}

pub(crate) struct SumFilters<'a> {
    pub(crate) gradient: &'a mut [Octet],
    pub(crate) input: &'a [Lane],
    pub(crate) turned: &'a [Turned],
    pub(crate) channels: Channels,
    pub(crate) pairs: &'a Pairs,
}

impl WithSimd for SumFilters<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { gradient, input, turned, channels: Channels { inputs, outputs }, pairs } = self;
        let octets = outputs.div_ceil(8);
        let pixels = turned.len() / octets;
        for band in 0..pairs.bands() {
            let mut first = 0;
            while first < octets {
                // Eight sums in registers: of vectors of eight, two octets and four inputs or one and eight.
                let both = S::F32_LANES == 8 && first + 1 < octets;
                for tap in 0..pairs.taps() {
                    let own = pairs.of(band, tap);
                    let mut c = 0;
                    while c < inputs {
                        let at = |octet| (octet * pairs.taps() + tap) * inputs + c;
                        let mut tile = Tile { gradient, input, turned, inputs, pixels, octet: first, c };
                        if both {
                            tile.sum::<S, 4, 2, 1>(simd, [at(first), at(first + 1)], own);
                            c += 4;
                        } else if S::F32_LANES == 8 && c + 8 <= inputs {
                            tile.sum::<S, 8, 1, 1>(simd, [at(first)], own);
                            c += 8;
                        } else if S::F32_LANES == 8 {
                            tile.sum::<S, 4, 1, 1>(simd, [at(first)], own);
                            c += 4;
                        } else {
                            tile.sum::<S, 4, 1, 2>(simd, [at(first)], own);
                            c += 4;
                        }
                    }
                }
                first += if both { 2 } else { 1 };
            }
        }
    }
}

struct Tile<'a> {
    gradient: &'a mut [Octet],
    input: &'a [Lane],
    turned: &'a [Turned],
    inputs: usize,
    pixels: usize,
    octet: usize,
    c: usize,
}

impl Tile<'_> {
    /// The sums of `T` inputs and `G` octets of `V` vectors each, which stand at `at` and the next.
    #[inline(always)]
    fn sum<S: Simd, const T: usize, const G: usize, const V: usize>(
        &mut self,
        simd: S,
        at: [usize; G],
        pairs: &[(u32, u32)],
    ) {
        let mut sums: [[[S::f32s; V]; G]; T] =
            from_fn(|t| from_fn(|g| from_fn(|v| S::as_simd_f32s(&self.gradient[at[g] + t].0).0[v])));
        for (output, input) in pairs {
            let turned: [&Turned; G] =
                from_fn(|g| &self.turned[(self.octet + g) * self.pixels + *output as usize]);
            let input = &self.input[*input as usize * self.inputs + self.c..][..T];
            for n in 0..IMAGES {
                for (sums, input) in sums.iter_mut().zip(input) {
                    let input = simd.splat_f32s(input.0[n]);
                    for (sums, turned) in sums.iter_mut().zip(turned) {
                        for (sum, turned) in sums.iter_mut().zip(S::as_simd_f32s(&turned.0[n].0).0) {
                            *sum = simd.mul_add_e_f32s(input, *turned, *sum);
                        }
                    }
                }
            }
        }
        for (t, sums) in sums.into_iter().enumerate() {
            for (at, sums) in at.into_iter().zip(sums) {
                S::as_mut_simd_f32s(&mut self.gradient[at + t].0).0.copy_from_slice(&sums);
            }
        }
    }
}

/// Lays pixels × channels out as octets of channels × pixels with the channels innermost, by blocks of 4 × 4.
pub fn turn(turned: &mut [Turned], volume: &[Lane], channels: usize) {
    let pixels = volume.len() / channels;
    for (octet, turned) in turned.chunks_exact_mut(pixels).enumerate().take(channels.div_ceil(8)) {
        for (turned, volume) in turned.iter_mut().zip(volume.chunks_exact(channels)) {
            for (half, lanes) in volume[8 * octet..].chunks_exact(4).take(2).enumerate() {
                for first in (0..IMAGES).step_by(4) {
                    let four = |t: usize| f32x4::from(from_fn::<f32, 4, _>(|n| lanes[t].0[first + n]));
                    let block = f32x4::transpose([four(0), four(1), four(2), four(3)]);
                    for (turned, four) in turned.0[first..].iter_mut().zip(block) {
                        turned.0[4 * half..4 * half + 4].copy_from_slice(&four.to_array());
                    }
                }
            }
        }
    }
}
