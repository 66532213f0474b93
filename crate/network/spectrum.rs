//! Singular values.

use nalgebra::DMatrix;

/// Singular values, largest first; NaN where the matrix is not finite, on which the
/// decomposition would not end.
pub fn singular_values(matrix: &DMatrix<f64>) -> Vec<f64> {
    if matrix.iter().any(|v| !v.is_finite()) {
        return vec![f64::NAN; matrix.nrows()];
    }
    let mut values: Vec<f64> = matrix.clone().singular_values().iter().copied().collect();
    values.sort_by(|x, y| y.total_cmp(x));
    values
}

/// σ_max.
pub fn largest(matrix: &DMatrix<f64>) -> f64 {
    singular_values(matrix)[0]
}

/// σ_min.
pub fn smallest(matrix: &DMatrix<f64>) -> f64 {
    singular_values(matrix)[matrix.nrows() - 1]
}
