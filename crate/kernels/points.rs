//! Activations of 32 points: matrices with 32 columns, one a point.

/// Points that a ReLU network takes together: their activations at width 16 and a block's weights stay in
/// the first-level cache.
pub const POINTS: usize = 32;

/// x ← relu(x + s) for each row and its s.
pub fn rectify(x: &mut [f32], s: &[f32]) {
    for (row, s) in x.as_chunks_mut::<POINTS>().0.iter_mut().zip(s) {
        for x in row {
            let z = *x + s;
            // Written so that NaN stays.
            *x = if z <= 0.0 { 0.0 } else { z };
        }
    }
}

/// g ← 0 where a unit is not active.
pub fn keep_active(g: &mut [f32], active: &[f32]) {
    for (g, z) in g.iter_mut().zip(active) {
        *g = if *z == 0.0 { 0.0 } else { *g };
    }
}

/// out += the sum of each row.
pub fn add_row_sums(out: &mut [f32], x: &[f32]) {
    for (out, row) in out.iter_mut().zip(x.as_chunks::<POINTS>().0) {
        *out += row.iter().sum::<f32>();
    }
}

/// out += W·X for X with 32 columns, rows of X as many as W has columns.
pub fn accumulate(out: &mut [f32], weights: &[f32], x: &[f32]) {
    let x = x.as_chunks::<POINTS>().0;
    let out = out.as_chunks_mut::<POINTS>().0;
    for (out, weights) in out.iter_mut().zip(weights.chunks_exact(x.len())) {
        for (weight, x) in weights.iter().zip(x) {
            out.iter_mut().zip(x).for_each(|(out, x)| *out += weight * x);
        }
    }
}

/// out += Wᵀ·X for X with 32 columns and W with `columns` columns.
pub fn accumulate_transposed(out: &mut [f32], weights: &[f32], x: &[f32], columns: usize) {
    let out = out.as_chunks_mut::<POINTS>().0;
    for (weights, x) in weights.chunks_exact(columns).zip(x.as_chunks::<POINTS>().0) {
        for (out, weight) in out.iter_mut().zip(weights) {
            out.iter_mut().zip(x).for_each(|(out, x)| *out += weight * x);
        }
    }
}

/// out += G·Xᵀ for G and X with 32 columns; out has as many rows as G.
pub fn sum_outer(out: &mut [f32], g: &[f32], x: &[f32]) {
    let x = x.as_chunks::<POINTS>().0;
    for (out, g) in out.chunks_exact_mut(x.len()).zip(g.as_chunks::<POINTS>().0) {
        for (out, x) in out.iter_mut().zip(x) {
            // Four sums side by side, so that they fit a vector register.
            let mut sums = [0.0f32; 4];
            for (g, x) in g.as_chunks::<4>().0.iter().zip(x.as_chunks::<4>().0) {
                for ((sum, g), x) in sums.iter_mut().zip(g).zip(x) {
                    *sum += g * x;
                }
            }
            *out += sums.iter().sum::<f32>();
        }
    }
}
