//! The inner loops of the engine, on padded matrices whose side is known at compile time.
//!
//! A product is made by tiles of 4 × 8: eight 4-wide accumulators stay in registers, which with two loads
//! of the right matrix and a broadcast of the left fits the sixteen vector registers that WebAssembly
//! engines have on x86-64. With the side a constant no index is checked inside the loops: at side 16 that
//! made 24 GFLOP/s of 11, where multiply-adds in registers alone reached 32.

use wide::f32x4;

use crate::points::POINTS;

/// The side that matrices of that width are padded to: one of those that [`multiply`] knows.
pub fn side(width: usize) -> usize {
    if width <= 4 { 4 } else { width.next_multiple_of(8) }
}

/// Calls a function whose numbers depend on the side.
macro_rules! of_side {
    ($side:expr, $N:ident, $T:ident => $call:expr) => {
        match $side {
            4 => of_side!(@ 4, 4, $N, $T, $call),
            8 => of_side!(@ 8, 8, $N, $T, $call),
            16 => of_side!(@ 16, 8, $N, $T, $call),
            24 => of_side!(@ 24, 8, $N, $T, $call),
            32 => of_side!(@ 32, 8, $N, $T, $call),
            40 => of_side!(@ 40, 8, $N, $T, $call),
            48 => of_side!(@ 48, 8, $N, $T, $call),
            56 => of_side!(@ 56, 8, $N, $T, $call),
            64 => of_side!(@ 64, 8, $N, $T, $call),
            _ => unreachable!("`side` gives no other"),
        }
    };
    (@ $side:literal, $tile:literal, $N:ident, $T:ident, $call:expr) => {{
        const $N: usize = $side;
        const $T: usize = $tile;
        $call
    }};
}

/// out = (base or 0) + L·R, all `side × side` row-major.
pub fn multiply(out: &mut [f32], base: Option<&[f32]>, left: &[f32], right: &[f32], side: usize) {
    of_side!(side, N, T => multiply_of::<N, N, N, T, false>(out, base, left, right));
}

/// out = (base or 0) + Lᵀ·R, all `side × side` row-major.
pub fn multiply_transposed(out: &mut [f32], base: Option<&[f32]>, left: &[f32], right: &[f32], side: usize) {
    of_side!(side, N, T => multiply_of::<N, N, N, T, true>(out, base, left, right));
}

/// out = (base or 0) + L·R for L `side × side` and R `side × POINTS`.
pub fn transform(out: &mut [f32], base: Option<&[f32]>, left: &[f32], right: &[f32], side: usize) {
    of_side!(side, N, _T => multiply_of::<N, N, POINTS, 8, false>(out, base, left, right));
}

/// out = (base or 0) + Lᵀ·R for L `side × side` and R `side × POINTS`.
pub fn transform_transposed(out: &mut [f32], base: Option<&[f32]>, left: &[f32], right: &[f32], side: usize) {
    of_side!(side, N, _T => multiply_of::<N, N, POINTS, 8, true>(out, base, left, right));
}

/// out = L·R for L `side × POINTS` and R `POINTS × side`: a sum over points of outer products.
pub fn outer(out: &mut [f32], left: &[f32], right: &[f32], side: usize) {
    of_side!(side, N, T => multiply_of::<N, POINTS, N, T, false>(out, None, left, right));
}

/// See [`multiply`] and [`multiply_transposed`]; L is `ROWS × INNER` (transposed: `INNER × ROWS`), R `INNER × COLUMNS`, and `TILE` is the
/// breadth of a tile.
fn multiply_of<
    const ROWS: usize,
    const INNER: usize,
    const COLUMNS: usize,
    const TILE: usize,
    const TRANSPOSED: bool,
>(
    out: &mut [f32],
    base: Option<&[f32]>,
    left: &[f32],
    right: &[f32],
) {
    let left = &left[..ROWS * INNER];
    let right = &right.as_chunks::<TILE>().0[..INNER * (COLUMNS / TILE)];
    let out = &mut out.as_chunks_mut::<TILE>().0[..ROWS * (COLUMNS / TILE)];
    let base = base.map(|base| &base.as_chunks::<TILE>().0[..ROWS * (COLUMNS / TILE)]);
    for row in (0..ROWS).step_by(4) {
        for column in 0..COLUMNS / TILE {
            let mut sums = [[f32x4::ZERO; 2]; 4];
            for k in 0..INNER {
                let right = &right[k * (COLUMNS / TILE) + column];
                for (i, sums) in sums.iter_mut().enumerate() {
                    let scalar =
                        if TRANSPOSED { left[k * ROWS + row + i] } else { left[(row + i) * INNER + k] };
                    let scalar = f32x4::splat(scalar);
                    for (v, sum) in sums.iter_mut().take(TILE / 4).enumerate() {
                        *sum = multiply_add(scalar, load(right, v), *sum);
                    }
                }
            }
            for (i, sums) in sums.iter().enumerate() {
                let at = (row + i) * (COLUMNS / TILE) + column;
                for (v, sum) in sums.iter().take(TILE / 4).enumerate() {
                    let sum = base.map_or(*sum, |base| *sum + load(&base[at], v));
                    out[at][4 * v..4 * v + 4].copy_from_slice(&sum.to_array());
                }
            }
        }
    }
}

/// a b + c, rounded twice on every machine: a fused one would give other bits on those that have it.
#[inline(always)]
fn multiply_add(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
    a * b + c
}

/// The `v`-th vector of a few numbers.
#[inline(always)]
fn load<const N: usize>(values: &[f32; N], v: usize) -> f32x4 {
    f32x4::from([values[4 * v], values[4 * v + 1], values[4 * v + 2], values[4 * v + 3]])
}

/// The vectors of a padded matrix, or of several.
#[inline(always)]
fn vectors(values: &[f32]) -> &[[f32; 4]] {
    values.as_chunks::<4>().0
}

/// out = inᵀ for a matrix of so many rows and columns, both multiples of 4, by blocks of 4 × 4.
pub fn transpose(out: &mut [f32], input: &[f32], rows: usize, columns: usize) {
    let (across, down) = (columns / 4, rows / 4);
    let (input, out) = (vectors(input), out.as_chunks_mut::<4>().0);
    for (row, rows) in input[..rows * across].chunks_exact(4 * across).enumerate() {
        let (top, rest) = rows.split_at(across);
        let (second, rest) = rest.split_at(across);
        let (third, last) = rest.split_at(across);
        for (column, (((a, b), c), d)) in top.iter().zip(second).zip(third).zip(last).enumerate() {
            let block = f32x4::transpose([a, b, c, d].map(|vector| f32x4::from(*vector)));
            for (i, vector) in block.iter().enumerate() {
                out[(4 * column + i) * down + row] = vector.to_array();
            }
        }
    }
}

/// out += x.
pub fn add(out: &mut [f32], x: &[f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out += x;
    }
}

/// Σ (x − y)².
pub fn squared_distance(x: &[f32], y: &[f32]) -> f32 {
    let mut sum = f32x4::ZERO;
    for (x, y) in vectors(x).iter().zip(vectors(y)) {
        let difference = f32x4::from(*x) - f32x4::from(*y);
        sum = multiply_add(difference, difference, sum);
    }
    sum.reduce_add()
}

/// Σ x².
pub fn squared_norm(x: &[f32]) -> f32 {
    let mut sum = f32x4::ZERO;
    for x in vectors(x) {
        let x = f32x4::from(*x);
        sum = multiply_add(x, x, sum);
    }
    sum.reduce_add()
}

/// Σ_i xⁱ powers[i], its vector j placed at vector `j · stride` of `out`.
pub fn polynomial(out: &mut [f32], stride: usize, powers: &[&[f32]], x: f32) {
    let x = f32x4::splat(x);
    let out = out.as_chunks_mut::<4>().0;
    for (j, out) in out.iter_mut().step_by(stride).take(powers[0].len() / 4).enumerate() {
        let terms = powers.iter().rev().map(|power| f32x4::from(vectors(power)[j]));
        *out = terms.fold(f32x4::ZERO, |sum, term| multiply_add(sum, x, term)).to_array();
    }
}

/// out = Σ_i xⁱ C_i for i up to `degree`, where vector j of C_i stands at vector `j (degree + 1) + i`.
pub fn horner(out: &mut [f32], coefficients: &[f32], x: f32, degree: usize) {
    // Degrees known at compile time, so that the loop over them is unrolled.
    match degree {
        1 => horner_of(out, coefficients, x, 1),
        2 => horner_of(out, coefficients, x, 2),
        4 => horner_of(out, coefficients, x, 4),
        8 => horner_of(out, coefficients, x, 8),
        other => horner_of(out, coefficients, x, other),
    }
}

#[inline(always)]
fn horner_of(out: &mut [f32], coefficients: &[f32], x: f32, degree: usize) {
    let x = f32x4::splat(x);
    let out = out.as_chunks_mut::<4>().0;
    for (out, own) in out.iter_mut().zip(vectors(coefficients).chunks_exact(degree + 1)) {
        let terms = own.iter().rev().map(|term| f32x4::from(*term));
        *out = terms.fold(f32x4::ZERO, |sum, term| multiply_add(sum, x, term)).to_array();
    }
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
            *sum = multiply_add(*sum, factor, addend);
        }
    }
    let total: f32x4 = sums.iter().fold(f32x4::ZERO, |total, sum| total + *sum);
    (f64::from(rounds) * 12.0 * 8.0, total.reduce_add())
}
