//! Hidden representations as pictures: one projection for all blocks, so that one sees every block move the
//! points a little.

use nalgebra::DMatrix;

/// Points of every layer on two axes that all layers share.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    /// (L + 1) × n × 2.
    pub places: Vec<f32>,
    /// Share of the variance of the first and of the last layer's points that the two axes hold, the mean of both.
    pub captured: f64,
    /// Mean ‖h_j − h_{j−1}‖² / mean ‖h_{j−1}‖² for j = 1 … L: how much each block moves its points.
    pub moved: Vec<f64>,
    /// See [`variance_ratios`].
    pub ratios: Vec<f64>,
}

/// Var(b_j) / Var(h_{j−1}) for j = 1 … L, where b_j is what block j computes: h_j − h_{j−1} beside a skip connection,
/// and h_j itself without one, so that the ratio is then a layer's gain of variance. Var is the mean of ‖x − mean‖²
/// over the points; `hidden` is (L + 1) × n × k. NaN where no variance is left to compare with.
///
/// De and Smith, *Batch Normalization Biases Residual Blocks Towards the Identity Function in Deep Networks*
/// (SkipInit): a ratio of at most 1/L keeps the variance of uncorrelated branches below (1 + 1/L)ᴸ < e times the input's.
pub fn variance_ratios(hidden: &[f32], points: usize, width: usize, skips: bool) -> Vec<f64> {
    let layers: Vec<&[f32]> = hidden.chunks_exact((points * width).max(1)).collect();
    let ratio = |pair: &[&[f32]]| {
        let (before, after) = (pair[0], pair[1]);
        let skip = |at: usize| f64::from(before[at]);
        let branch = |at: usize| f64::from(after[at]) - if skips { skip(at) } else { 0.0 };
        let before = variance(points, width, skip);
        if before > 0.0 { variance(points, width, branch) / before } else { f64::NAN }
    };
    layers.windows(2).map(ratio).collect()
}

/// The mean of ‖x − mean‖² over n × k values, point by point.
fn variance(points: usize, width: usize, value: impl Fn(usize) -> f64) -> f64 {
    let of_unit = |unit: usize| {
        let along = || (0..points).map(|point| value(point * width + unit));
        let mean = along().sum::<f64>() / points as f64;
        along().map(|x| (x - mean).powi(2)).sum::<f64>() / points as f64
    };
    (0..width).map(of_unit).sum()
}

/// Projects h_0 … h_L, (L + 1) × n × k, on the two principal axes of h_0 and h_L together, each about its mean and with
/// its whole variance scaled to 1: blocks may spread the points a thousandfold, and the first layer's would be a dot on
/// the last one's axes. At k = 2 the axes are the coordinates themselves. `skips` says whether blocks have skip
/// connections.
pub fn project(hidden: &[f32], points: usize, width: usize, skips: bool) -> Projected {
    let layers: Vec<&[f32]> = hidden.chunks_exact((points * width).max(1)).collect();
    let row = |layer: &[f32], point: usize| -> Vec<f64> {
        layer[point * width..][..width].iter().map(|x| f64::from(*x)).collect()
    };
    let both = spread(layers[0], points, width) + spread(layers[layers.len() - 1], points, width);
    let eigen = both.symmetric_eigen();
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|x, y| eigen.eigenvalues[*y].total_cmp(&eigen.eigenvalues[*x]));
    let total: f64 = eigen.eigenvalues.iter().sum();
    let held: f64 = order.iter().take(2).map(|index| eigen.eigenvalues[*index]).sum();
    let axes: Vec<Vec<f64>> = (0..2)
        .map(|axis| {
            if width == 2 {
                return (0..2).map(|unit| f64::from(u8::from(unit == axis))).collect();
            }
            let vector = eigen.eigenvectors.column(order[axis]);
            // A sign that small changes of the network do not turn over.
            let largest = vector.iter().copied().max_by(|x, y| x.abs().total_cmp(&y.abs())).unwrap_or(1.0);
            vector.iter().map(|x| x * largest.signum()).collect()
        })
        .collect();
    let mut places = Vec::with_capacity(layers.len() * points * 2);
    for layer in &layers {
        for point in 0..points {
            let row = row(layer, point);
            let along = |axis: &Vec<f64>| axis.iter().zip(&row).map(|(x, y)| x * y).sum::<f64>() as f32;
            places.extend(axes.iter().map(along));
        }
    }
    let square = |values: &mut dyn Iterator<Item = f64>| values.map(|x| x * x).sum::<f64>();
    let moved = layers.windows(2).map(|pair| {
        let step = pair[1].iter().zip(pair[0]).map(|(x, y)| f64::from(*x) - f64::from(*y));
        let before = square(&mut pair[0].iter().map(|x| f64::from(*x)));
        square(&mut { step }) / before.max(f64::MIN_POSITIVE)
    });
    Projected {
        moved: moved.collect(),
        ratios: variance_ratios(hidden, points, width, skips),
        places,
        captured: if total > 0.0 { held / total } else { 1.0 },
    }
}

/// The covariance of a layer's points, k × k, divided by its trace; 0 where no variance is left, or it is not finite.
fn spread(layer: &[f32], points: usize, width: usize) -> DMatrix<f64> {
    let mut all = DMatrix::from_fn(points, width, |point, unit| f64::from(layer[point * width + unit]));
    for mut column in all.column_iter_mut() {
        let mean = column.mean();
        column.add_scalar_mut(-mean);
    }
    let covariance = all.transpose() * &all;
    let variance = covariance.trace();
    if variance > 0.0 && variance.is_finite() { covariance / variance } else { DMatrix::zeros(width, width) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last layer's second axis is ten times as long as the first layer's only one, which still gets its place.
    #[test]
    fn points_that_are_spread_far_leave_room_for_those_before() {
        let first = [-1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let last = [0.0, -1000.0, 0.0, 0.0, 1000.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, -10.0];
        let found = project(&[first, last].concat(), 4, 3, true);
        assert!((found.places[0] - found.places[2]).hypot(found.places[1] - found.places[3]) > 1.99);
        assert!((found.captured - 1.0).abs() < 1e-3);
    }

    #[test]
    fn axes_hold_what_varies_and_are_shared() {
        // Three units, two points, two layers: everything varies in units 0 and 2.
        let hidden = [3.0, 1.0, 0.0, -3.0, 1.0, 0.5, 3.0, 1.0, 1.0, -3.0, 1.0, -0.5];
        let found = project(&hidden, 2, 3, true);
        assert!((found.captured - 1.0).abs() < 1e-6);
        assert_eq!(found.places.len(), 8);
        let distance = |a: usize, b: usize| {
            let [x, y] = [0, 1].map(|axis| found.places[2 * a + axis] - found.places[2 * b + axis]);
            x.hypot(y)
        };
        assert!((distance(0, 2) - 1.0).abs() < 1e-5 && (distance(0, 1) - 36.25f32.sqrt()).abs() < 1e-5);
        assert!((found.moved[0] - 2.0 / 20.25).abs() < 1e-6);
    }

    #[test]
    fn the_plane_is_shown_as_it_is() {
        let hidden = [1.0, 2.0, 3.0, 5.0, 1.5, 2.0, 3.0, 4.0];
        assert_eq!(project(&hidden, 2, 2, true).places, hidden);
    }

    /// A step of every point alike is no variance; one that doubles each deviation has that of the skip.
    #[test]
    fn ratios_compare_the_variance_of_a_branch_with_that_of_the_skip() {
        let hidden = [1.0, 0.0, -1.0, 0.0, 6.0, 2.0, 4.0, 2.0, 7.0, 2.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0];
        let with = variance_ratios(&hidden, 2, 2, true);
        assert_eq!(with, [0.0, 1.0, 1.0]);
        let without = variance_ratios(&hidden, 2, 2, false);
        assert_eq!(without, [1.0, 4.0, 0.0]);
        assert!(variance_ratios(&[0.0, 0.0, 1.0, 2.0], 2, 1, true)[0].is_nan());
    }

    /// A branch at half its scale has a quarter of its variance.
    #[test]
    fn ratios_are_quadratic_in_the_scale_of_the_branch() {
        let before: Vec<f32> = (0..24).map(|i| libm::sinf(i as f32)).collect();
        let branch: Vec<f32> = (0..24).map(|i| libm::cosf(3.0 * i as f32)).collect();
        let at = |alpha: f32| {
            let after = before.iter().zip(&branch).map(|(h, b)| h + alpha * b);
            let hidden: Vec<f32> = before.iter().copied().chain(after).collect();
            variance_ratios(&hidden, 8, 3, true)[0]
        };
        assert!((at(0.5) / at(1.0) - 0.25).abs() < 1e-6);
    }
}
