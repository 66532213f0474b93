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
/// Eigenvalues as (real, imaginary), in no particular order; empty where they are not finite or were not found.
pub fn eigenvalues(matrix: &DMatrix<f64>) -> Vec<(f64, f64)> {
    if !matrix.iter().all(|x| x.is_finite()) {
        return Vec::new();
    }
    // A bounded search: a matrix on which it does not end must not stop the page.
    let found = nalgebra::Schur::try_new(matrix.clone(), f64::EPSILON, 1000 * matrix.nrows().max(1));
    found.map_or_else(Vec::new, |schur| schur.complex_eigenvalues().iter().map(|z| (z.re, z.im)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_has_its_angle_and_nonsense_has_none() {
        let (sin, cos) = 0.7f64.sin_cos();
        let turn = DMatrix::from_row_slice(3, 3, &[cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, -2.0]);
        let mut found = eigenvalues(&turn);
        found.sort_by(|x, y| x.1.total_cmp(&y.1));
        for (found, wanted) in found.iter().zip([(cos, -sin), (-2.0, 0.0), (cos, sin)]) {
            assert!((found.0 - wanted.0).abs() < 1e-12 && (found.1 - wanted.1).abs() < 1e-12);
        }
        assert_eq!(eigenvalues(&DMatrix::from_element(2, 2, f64::NAN)), []);
    }
}
