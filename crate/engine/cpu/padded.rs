//! Square matrices padded to a multiple of four.

/// The padded side of a matrix of side `width`.
pub fn side(width: usize) -> usize {
    width.next_multiple_of(4)
}

/// Copies flat `width × width` matrices into padded ones.
pub fn pad(flat: &[f32], width: usize) -> Vec<f32> {
    let side = side(width);
    let mut out = vec![0.0; flat.len() / (width * width) * side * side];
    for (from, to) in flat.chunks_exact(width * width).zip(out.chunks_exact_mut(side * side)) {
        for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(side)) {
            to[..width].copy_from_slice(from);
        }
    }
    out
}

/// Copies padded matrices back to flat `width × width` ones.
pub fn unpad(padded: &[f32], width: usize) -> Vec<f32> {
    let side = side(width);
    padded
        .chunks_exact(side * side)
        .flat_map(|matrix| matrix.chunks_exact(side).take(width).flat_map(|row| &row[..width]).copied())
        .collect()
}
