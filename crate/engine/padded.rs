//! Matrices padded with zeros to a larger side, as the engines like them: zeros stay zeros through
//! every product and update, so padding changes no value.

use crate::data::matrix::to_flat;
use crate::data::problem::Problem;

/// What a chain of layers begins with and should end at, padded.
#[derive(Debug, Clone)]
pub struct Ends {
    /// F_0: S, or B S between fixed maps.
    pub input: Vec<f32>,
    /// M.
    pub goal: Vec<f32>,
    /// C, for networks that have it.
    pub output: Option<Vec<f32>>,
}

impl Ends {
    /// Those of a problem, to that side.
    pub fn new(problem: &Problem, side: usize) -> Self {
        let d = problem.dimension();
        Self {
            input: pad_one(&problem.input, d, side),
            goal: pad_one(&problem.goal, d, side),
            output: problem.fixed.as_ref().map(|fixed| pad_one(&to_flat(&fixed.out), problem.width, side)),
        }
    }
}

/// Copies one flat matrix of so many columns into a padded one.
fn pad_one(flat: &[f32], columns: usize, side: usize) -> Vec<f32> {
    let mut out = vec![0.0; side * side];
    for (from, to) in flat.chunks_exact(columns).zip(out.chunks_exact_mut(side)) {
        to[..columns].copy_from_slice(from);
    }
    out
}

/// Copies flat `width × width` matrices into padded ones of that side.
pub fn pad(flat: &[f32], width: usize, side: usize) -> Vec<f32> {
    flat.chunks_exact(width * width).flat_map(|matrix| pad_one(matrix, width, side)).collect()
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
