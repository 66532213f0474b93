//! The two products of a block, for eight points side by side.

use std::ops::{Add, AddAssign, Mul};

/// Points that are worked on together.
pub const LANES: usize = 8;

/// One number of each of eight points.
pub type Lanes<T> = [T; LANES];

/// f64 or f32.
pub trait Real: Copy + PartialOrd + Default + Add<Output = Self> + Mul<Output = Self> + AddAssign {
    /// Rounded from f64.
    fn rounded(value: f64) -> Self;

    /// As f64.
    fn double(self) -> f64;

    /// ⟨u_i, h⟩ for every row u_i of U; see [`rows`].
    fn products(u: &[Self], h: &[Lanes<Self>], out: &mut [Lanes<Self>]);
}

impl Real for f64 {
    fn rounded(value: f64) -> Self {
        value
    }

    fn double(self) -> f64 {
        self
    }

    fn products(u: &[Self], h: &[Lanes<Self>], out: &mut [Lanes<Self>]) {
        rows::<Self, 2>(u, h, out);
    }
}

impl Real for f32 {
    fn rounded(value: f64) -> Self {
        value as f32
    }

    fn double(self) -> f64 {
        f64::from(self)
    }

    fn products(u: &[Self], h: &[Lanes<Self>], out: &mut [Lanes<Self>]) {
        rows::<Self, 4>(u, h, out);
    }
}

/// Some rows at a time, as many as registers hold; every sum runs in the same order, from the first number to the
/// last, so that a product is the same bits wherever it is formed.
#[inline(always)]
fn rows<T: Real, const AT_ONCE: usize>(u: &[T], h: &[Lanes<T>], out: &mut [Lanes<T>]) {
    let width = h.len();
    let mut units = u.chunks_exact(AT_ONCE * width);
    let mut outs = out.chunks_exact_mut(AT_ONCE);
    for (u, out) in (&mut units).zip(&mut outs) {
        let mut sums = [[T::default(); LANES]; AT_ONCE];
        for (c, h) in h.iter().enumerate() {
            for (row, sum) in sums.iter_mut().enumerate() {
                let weight = u[row * width + c];
                for lane in 0..LANES {
                    sum[lane] += weight * h[lane];
                }
            }
        }
        out.copy_from_slice(&sums);
    }
    for (u, out) in units.remainder().chunks_exact(width).zip(outs.into_remainder()) {
        let mut sum = [T::default(); LANES];
        for (weight, h) in u.iter().zip(h) {
            for lane in 0..LANES {
                sum[lane] += *weight * h[lane];
            }
        }
        *out = sum;
    }
}

/// relu(p + s) in place; which of the points any unit is active at.
#[inline(never)]
pub fn relu<T: Real>(p: &mut [Lanes<T>], s: &[T]) -> [bool; LANES] {
    let mut active = [false; LANES];
    for (p, s) in p.iter_mut().zip(s) {
        for lane in 0..LANES {
            let value = p[lane] + *s;
            let on = value > T::default();
            p[lane] = if on { value } else { T::default() };
            active[lane] |= on;
        }
    }
    active
}

/// h + V a for the active points; the others are not touched, and keep every bit.
#[inline(never)]
pub fn shift<T: Real>(v: &[T], a: &[Lanes<T>], active: [bool; LANES], h: &mut [Lanes<T>]) {
    for (v, h) in v.chunks_exact(a.len()).zip(h) {
        let mut sum = [T::default(); LANES];
        for (weight, a) in v.iter().zip(a) {
            for lane in 0..LANES {
                sum[lane] += *weight * a[lane];
            }
        }
        for lane in 0..LANES {
            if active[lane] {
                h[lane] += sum[lane];
            }
        }
    }
}
