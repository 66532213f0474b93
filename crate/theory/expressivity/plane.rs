//! Two directions to look at hidden points along.

use nalgebra::DMatrix;

/// The first two principal axes of points (n × k, row-major) and the share of their variance that the two hold. The
/// largest number of each axis is positive, so that the same points are the same picture.
pub fn principal_axes(points: &[f64], width: usize) -> ([Vec<f64>; 2], f64) {
    let n = (points.len() / width) as f64;
    let rows = || points.chunks_exact(width);
    let mean: Vec<f64> = (0..width).map(|c| rows().map(|row| row[c]).sum::<f64>() / n).collect();
    let mut covariance = DMatrix::zeros(width, width);
    for row in rows() {
        for i in 0..width {
            for j in 0..=i {
                covariance[(i, j)] += (row[i] - mean[i]) * (row[j] - mean[j]) / n;
            }
        }
    }
    covariance.fill_upper_triangle_with_lower_triangle();
    let total: f64 = covariance.trace();
    // Of a covariance the left singular vectors are the eigenvectors, the greatest first.
    let svd = covariance.svd(true, false);
    let axes = [0, 1].map(|index| {
        let axis: Vec<f64> =
            svd.u.iter().flat_map(|u| u.column(index).iter().copied().collect::<Vec<_>>()).collect();
        let largest = axis.iter().copied().fold(0.0f64, |far, x| if x.abs() > far.abs() { x } else { far });
        axis.into_iter().map(|x| if largest < 0.0 { -x } else { x }).collect()
    });
    let held = svd.singular_values[0] + svd.singular_values[1];
    (axes, if total > 0.0 { held / total } else { 1.0 })
}
