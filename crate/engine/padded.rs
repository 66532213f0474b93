//! Square matrices padded with zeros to a larger side, as the engines like them: zeros stay zeros through
//! every product and update, so padding changes no value.

/// Copies flat `width × width` matrices into padded ones of that side.
pub fn pad(flat: &[f32], width: usize, side: usize) -> Vec<f32> {
    let mut out = vec![0.0; flat.len() / (width * width) * side * side];
    for (from, to) in flat.chunks_exact(width * width).zip(out.chunks_exact_mut(side * side)) {
        for (from, to) in from.chunks_exact(width).zip(to.chunks_exact_mut(side)) {
            to[..width].copy_from_slice(from);
        }
    }
    out
}

/// Copies padded matrices back to flat `width × width` ones.
pub fn unpad(padded: &[f32], width: usize, side: usize) -> Vec<f32> {
    let rows = padded.chunks_exact(side * side).flat_map(|matrix| matrix.chunks_exact(side).take(width));
    rows.flat_map(|row| &row[..width]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_comes_off_again() {
        for (width, side) in [(1, 4), (3, 4), (4, 4), (5, 8)] {
            let flat: Vec<f32> = (0..2 * width * width).map(|i| i as f32).collect();
            let padded = pad(&flat, width, side);
            assert_eq!(padded.len(), 2 * side * side);
            assert_eq!(unpad(&padded, width, side), flat);
        }
    }
}
