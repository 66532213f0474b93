//! Theorem 2.2: inside the unit ball around the identity the gradient is never small where the risk is not.
//!
//! Lower bounds on ‖∇f‖²_F, the squared norm of the gradient over all layers, from the excess risk f − C and
//! τ = max_j ‖A_j‖₂. Hardt and Ma (2017), Theorem 2.2, corrected: as printed it fails.

use nalgebra::DMatrix;

use crate::network::spectrum::{largest, smallest};

/// τ = |||A||| = max_j ‖W_j − I‖₂, the radius of the smallest ball around the identity that holds the layers.
pub fn tau(maps: &[DMatrix<f64>]) -> f64 {
    maps.iter().map(|map| largest(&(map - DMatrix::identity(map.nrows(), map.nrows())))).fold(0.0, f64::max)
}

/// ‖∇f‖²_F ≥ 4 ℓ (1−τ)^{2(ℓ−1)} σ_min(Σ) (f − C) wherever all ‖A_j‖₂ ≤ τ: Theorem 2.2, corrected.
///
/// It holds with equality at A_j = −τ I with Σ = I. For τ ≥ 1 and ℓ > 1 the theorem promises nothing, and this
/// is 0. `smallest_covariance` is σ_min(Σ), `excess` is f − C.
pub fn gradient(layers: usize, tau: f64, smallest_covariance: f64, excess: f64) -> f64 {
    4.0 * layers as f64 * room(tau).powi(2 * (layers as i32 - 1)) * smallest_covariance * excess
}

/// ‖∇f‖²_F ≥ 4 σ_min(Σ) (f − C) Σ_i Π_{j≠i} σ_min(W_j)², the sharper bound from which [`gradient`] follows by
/// σ_min(I + A_j) ≥ 1 − τ. It holds everywhere, outside the ball too.
pub fn gradient_sharp(maps: &[DMatrix<f64>], smallest_covariance: f64, excess: f64) -> f64 {
    let squares: Vec<f64> = maps.iter().map(|map| smallest(map).powi(2)).collect();
    let sum: f64 = (0..squares.len())
        .map(|i| squares.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, s)| s).product::<f64>())
        .sum();
    4.0 * smallest_covariance * excess * sum
}

/// 4 ℓ (1−τ)^{ℓ−1} σ_min(Σ)² (f − C), which is printed as Theorem 2.2 in Hardt and Ma (2017). It is **not** a
/// lower bound of ‖∇f‖²_F, and stands here so that a page can show where it fails: the factor 1 − τ enters through
/// the square of a product of ℓ − 1 layers, and σ_min(Σ)² passes σ_min(Σ) where that is above 1.
pub fn gradient_printed(layers: usize, tau: f64, smallest_covariance: f64, excess: f64) -> f64 {
    4.0 * layers as f64 * room(tau).powi(layers as i32 - 1) * smallest_covariance.powi(2) * excess
}

/// 1 − τ, a lower bound of σ_min(I + A) where ‖A‖₂ ≤ τ, as long as it is one.
fn room(tau: f64) -> f64 {
    (1.0 - tau).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::matrix::gaussian;
    use crate::network::linear::{excess, gradient as gradients};
    use crate::rng::{Random, Stream};

    /// Layers with ‖A_j‖₂ up to `radius`, a target and a covariance.
    fn instance(radius: f64, random: &mut Random) -> (Vec<DMatrix<f64>>, DMatrix<f64>, DMatrix<f64>) {
        let (d, layers) = (1 + random.below(4), 1 + random.below(6));
        let identity = DMatrix::<f64>::identity(d, d);
        let maps = (0..layers).map(|_| {
            let direction = gaussian(d, d, random);
            &identity + &direction * (radius * random.uniform() / largest(&direction))
        });
        let maps = maps.collect();
        let factor = gaussian(d, d, random) * (2.0 * random.uniform());
        let sigma = &factor * factor.transpose() + &identity * (0.1 + random.uniform());
        (maps, gaussian(d, d, random), sigma)
    }

    fn norm_squared(maps: &[DMatrix<f64>], target: &DMatrix<f64>, sigma: &DMatrix<f64>) -> f64 {
        gradients(maps, target, sigma).iter().map(DMatrix::norm_squared).sum()
    }

    #[test]
    fn the_corrected_bounds_hold_and_the_printed_one_does_not() {
        let mut random = Random::new(11, Stream::Direction);
        let (mut printed_fails, mut outside) = (0, 0);
        for trial in 0..3000 {
            let radius = if trial % 4 == 0 { 2.0 } else { 1.0 };
            let (maps, target, sigma) = instance(radius, &mut random);
            let (tau, least, excess) = (tau(&maps), smallest(&sigma), excess(&maps, &target, &sigma));
            let found = norm_squared(&maps, &target, &sigma) * (1.0 + 1e-9);
            let uniform = gradient(maps.len(), tau, least, excess);
            let sharp = gradient_sharp(&maps, least, excess);
            assert!(found >= sharp, "{found} {sharp}");
            assert!(sharp * (1.0 + 1e-9) >= uniform, "{sharp} {uniform}");
            outside += usize::from(tau >= 1.0);
            printed_fails += usize::from(found < gradient_printed(maps.len(), tau, least, excess));
        }
        assert!(outside > 100, "{outside}");
        assert!((60..1000).contains(&printed_fails), "{printed_fails}");
    }

    /// A_j = −τ I, Σ = I: every step of the proof is an equality.
    #[test]
    fn the_bounds_are_tight_at_a_shrinking_network() {
        let mut random = Random::new(2, Stream::Direction);
        for (layers, radius) in [(1, 0.3), (3, 0.5), (8, 0.1)] {
            let identity = DMatrix::<f64>::identity(3, 3);
            let maps = vec![&identity * (1.0 - radius); layers];
            let target = gaussian(3, 3, &mut random);
            let excess = excess(&maps, &target, &identity);
            let found = norm_squared(&maps, &target, &identity);
            assert!((tau(&maps) - radius).abs() < 1e-12);
            assert!((gradient(layers, radius, 1.0, excess) / found - 1.0).abs() < 1e-9);
            assert!((gradient_sharp(&maps, 1.0, excess) / found - 1.0).abs() < 1e-9);
            assert_eq!(gradient_printed(layers, radius, 1.0, excess) > found * 1.01, layers > 1);
        }
    }

    /// With τ = c/ℓ the bound does not vanish with depth: 4 ℓ e^{−2c} σ_min(Σ) (f − C) in the limit.
    #[test]
    fn depth_does_not_take_the_bound_away() {
        let (c, layers) = (1.5, 10_000);
        let found = gradient(layers, c / layers as f64, 0.5, 2.0) / layers as f64;
        assert!((found / (4.0 * (-2.0 * c).exp() * 0.5 * 2.0) - 1.0).abs() < 1e-3, "{found}");
        assert_eq!(gradient(3, 1.5, 1.0, 1.0), 0.0);
    }
}
