//! The inner products of the engine: C = C₀ + L · R on padded matrices, by tiles of 4 × 8.
//!
//! A tile keeps eight 4-wide accumulators in registers, which with two loads of R and a broadcast of L
//! fits the sixteen vector registers that WebAssembly engines have on x86-64.

use wide::f32x4;

#[inline(always)]
fn load(values: &[f32], at: usize) -> f32x4 {
    let four: [f32; 4] = values[at..at + 4].try_into().expect("a slice of four");
    f32x4::from(four)
}

#[inline(always)]
fn store(values: &mut [f32], at: usize, vector: f32x4) {
    values[at..at + 4].copy_from_slice(&vector.to_array());
}

/// out = (base or 0) + L·R or Lᵀ·R, all `side × side` row-major, `side` a multiple of four.
#[inline(always)]
pub fn multiply<const TRANSPOSED: bool>(
    out: &mut [f32],
    base: Option<&[f32]>,
    left: &[f32],
    right: &[f32],
    side: usize,
) {
    // One length check here lets the compiler drop those in the loops.
    let size = side * side;
    let (out, left, right) = (&mut out[..size], &left[..size], &right[..size]);
    let wide_columns = side - side % 8;
    for row in (0..side).step_by(4) {
        for column in (0..wide_columns).step_by(8) {
            tile::<TRANSPOSED, 2>(out, base, left, right, side, row, column);
        }
        if wide_columns < side {
            tile::<TRANSPOSED, 1>(out, base, left, right, side, row, wide_columns);
        }
    }
}

#[inline(always)]
fn tile<const TRANSPOSED: bool, const VECTORS: usize>(
    out: &mut [f32],
    base: Option<&[f32]>,
    left: &[f32],
    right: &[f32],
    side: usize,
    row: usize,
    column: usize,
) {
    let mut sums = [[f32x4::ZERO; VECTORS]; 4];
    for k in 0..side {
        let mut rights = [f32x4::ZERO; VECTORS];
        for (v, r) in rights.iter_mut().enumerate() {
            *r = load(right, k * side + column + 4 * v);
        }
        for (i, sums) in sums.iter_mut().enumerate() {
            let scalar = if TRANSPOSED { left[k * side + row + i] } else { left[(row + i) * side + k] };
            let scalar = f32x4::splat(scalar);
            for (sum, right) in sums.iter_mut().zip(&rights) {
                *sum = scalar.mul_add(*right, *sum);
            }
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        for (v, sum) in sums.iter().enumerate() {
            let at = (row + i) * side + column + 4 * v;
            store(out, at, base.map_or(*sum, |base| *sum + load(base, at)));
        }
    }
}

/// out = inᵀ.
pub fn transpose(out: &mut [f32], input: &[f32], side: usize) {
    for row in 0..side {
        for column in 0..side {
            out[column * side + row] = input[row * side + column];
        }
    }
}

/// out = base + factor · direction.
pub fn axpy(out: &mut [f32], base: &[f32], factor: f32, direction: &[f32]) {
    let factor = f32x4::splat(factor);
    let n = out.len();
    let (base, direction) = (&base[..n], &direction[..n]);
    for at in (0..n).step_by(4) {
        store(out, at, factor.mul_add(load(direction, at), load(base, at)));
    }
}

/// Σ (x − y)².
pub fn squared_distance(x: &[f32], y: &[f32]) -> f32 {
    let mut sum = f32x4::ZERO;
    for at in (0..x.len()).step_by(4) {
        let difference = load(x, at) - load(y, at);
        sum = difference.mul_add(difference, sum);
    }
    sum.reduce_add()
}

/// Σ x².
pub fn squared_norm(x: &[f32]) -> f32 {
    let mut sum = f32x4::ZERO;
    for at in (0..x.len()).step_by(4) {
        let value = load(x, at);
        sum = value.mul_add(value, sum);
    }
    sum.reduce_add()
}

/// `rounds` of 12 independent 4-wide multiply-adds in registers: the most that this engine could reach.
/// Returns the floating-point operations made and a value that depends on all of them, so that none
/// can be left out.
pub fn multiply_add_peak(rounds: u32) -> (f64, f32) {
    let factor = f32x4::splat(0.999_9);
    let mut sums = [f32x4::splat(1.0); 12];
    for round in 0..rounds {
        let addend = f32x4::splat(round as f32 * 1e-9);
        for sum in &mut sums {
            *sum = sum.mul_add(factor, addend);
        }
    }
    let total: f32x4 = sums.iter().fold(f32x4::ZERO, |total, sum| total + *sum);
    (f64::from(rounds) * 12.0 * 8.0, total.reduce_add())
}
