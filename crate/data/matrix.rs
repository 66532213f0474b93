//! Random matrices in f64, and conversions to the flat row-major layout.

use nalgebra::DMatrix;

use crate::rng::Random;

/// A matrix of independent standard normals, drawn row by row.
pub fn gaussian(rows: usize, columns: usize, random: &mut Random) -> DMatrix<f64> {
    let values: Vec<f64> = (0..rows * columns).map(|_| random.normal()).collect();
    DMatrix::from_row_slice(rows, columns, &values)
}

/// A Haar-distributed orthogonal matrix: the Q of a Gaussian's QR, signs fixed by the diagonal of R
/// (Mezzadri 2007).
pub fn orthogonal(size: usize, random: &mut Random) -> DMatrix<f64> {
    let (mut q, r) = gaussian(size, size, random).qr().unpack();
    for column in 0..size {
        if r[(column, column)] < 0.0 {
            q.column_mut(column).neg_mut();
        }
    }
    q
}

/// `count` numbers log-spaced from κ^½ down to κ^−½: condition number κ, geometric mean 1.
pub fn log_spaced(count: usize, condition: f64) -> Vec<f64> {
    if count == 1 {
        return vec![1.0];
    }
    (0..count).map(|i| libm::pow(condition, 0.5 - i as f64 / (count - 1) as f64)).collect()
}

/// Row-major f32 copy.
pub fn to_flat(matrix: &DMatrix<f64>) -> Vec<f32> {
    matrix.row_iter().flat_map(|row| row.iter().map(|v| *v as f32).collect::<Vec<_>>()).collect()
}

/// Matrix from row-major numbers.
pub fn from_flat<T: Copy + Into<f64>>(values: &[T], rows: usize, columns: usize) -> DMatrix<f64> {
    DMatrix::from_row_iterator(rows, columns, values.iter().map(|v| (*v).into()))
}
