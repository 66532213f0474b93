//! Theorem 2.1 against depth: how near the identity a global optimum lies with ℓ layers.
//!
//! The norm that the construction of [`super::factorization`] has, and three bounds on how large the least norm
//! |||A*||| of a global optimum can be. All fall as 1/ℓ; they differ in the constant and in where they hold.

use std::f64::consts::PI;

use nalgebra::DMatrix;

use super::factorization::{Polar, bound, gamma};
use crate::error::Result;
use crate::network::spectrum::largest;

/// What Theorem 2.1 says about one depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtDepth {
    /// ℓ.
    pub layers: usize,
    /// |||A||| = ‖Q^{1/ℓ} P^{1/ℓ} − I‖₂ of the optimum constructed, the same for every layer.
    pub norm: f64,
    /// (e^{γ/ℓ} − 1) + 2 sin(π/2ℓ), which bounds the construction for every ℓ ≥ 1; see [`bound`].
    pub sharper: f64,
    /// See [`corrected_bound`].
    pub corrected: f64,
    /// See [`printed_bound`].
    pub printed: f64,
    /// Whether ℓ ≥ 3γ, as the theorem asks.
    pub deep_enough: bool,
}

/// (4π + 3γ)/ℓ with γ = max |log σ(R)|: Hardt and Ma (2017), Theorem 2.1, corrected. For ℓ ≥ 3γ some global
/// optimum has |||A*||| no larger.
pub fn corrected_bound(gamma: f64, layers: usize) -> f64 {
    (4.0 * PI + 3.0 * gamma) / layers as f64
}

/// 2 (√π + √(3γ))²/ℓ, which is printed as Theorem 2.1 in Hardt and Ma (2017). For small γ the proof does not give
/// it, once the layers are dealt to its two factors in whole numbers: it falls below [`corrected_bound`], down to
/// 2π/ℓ. The construction of [`super::factorization`] is within it for ℓ ≥ γ, and far below for large γ.
pub fn printed_bound(gamma: f64, layers: usize) -> f64 {
    2.0 * (PI.sqrt() + (3.0 * gamma).sqrt()).powi(2) / layers as f64
}

/// Theorem 2.1 for a target R at each of some depths. An R without positive determinant is an error.
pub fn against_depth(target: &DMatrix<f64>, depths: &[usize]) -> Result<Vec<AtDepth>> {
    let polar = Polar::new(target)?;
    let gamma = gamma(target);
    let at = |layers: usize| AtDepth {
        layers,
        norm: largest(&polar.first_layer(layers)),
        sharper: bound(gamma, layers),
        corrected: corrected_bound(gamma, layers),
        printed: printed_bound(gamma, layers),
        deep_enough: layers as f64 >= 3.0 * gamma,
    };
    Ok(depths.iter().copied().map(at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::target::target;
    use crate::experiment::Target;

    #[test]
    fn the_construction_is_within_the_bounds_that_hold() {
        let mut printed_below = 0;
        for seed in 0..60u32 {
            let d = 1 + seed as usize % 8;
            let condition = 1.0 + f64::from(seed * seed) / 40.0;
            let r = target(&Target::Random { condition }, d, seed) * (1.0 + f64::from(seed % 3));
            let gamma = gamma(&r);
            for at in against_depth(&r, &[1, 2, 5, 12, 40, 200]).unwrap() {
                assert!(at.norm <= at.sharper + 1e-9, "{at:?}");
                assert_eq!(at.deep_enough, at.layers as f64 >= 3.0 * gamma);
                assert!(!at.deep_enough || at.sharper <= at.corrected, "{at:?}");
                assert!((at.layers as f64) < gamma || at.sharper <= at.printed, "{at:?}");
                printed_below += usize::from(at.printed < at.corrected);
            }
        }
        assert!(printed_below > 20, "{printed_below}");
    }

    /// R of side 20 with condition number 100, and 50 layers: the construction has norm 0.083, the bound printed
    /// in the paper is 0.775.
    #[test]
    fn the_example() {
        let norms: Vec<f64> = (0..8)
            .map(|seed| {
                let r = target(&Target::Random { condition: 100.0 }, 20, seed);
                let at = against_depth(&r, &[50]).unwrap()[0];
                assert!((at.printed - 0.775).abs() < 5e-4, "{at:?}");
                assert!((at.sharper - 0.110).abs() < 5e-4, "{at:?}");
                assert!((at.corrected - 0.389).abs() < 5e-4, "{at:?}");
                at.norm
            })
            .collect();
        let mean = norms.iter().sum::<f64>() / norms.len() as f64;
        assert!(
            (mean - 0.083).abs() < 2e-3 && norms.iter().all(|norm| (norm - 0.083).abs() < 6e-3),
            "{norms:?}"
        );
    }

    /// A half-turn without stretch has the angle π/ℓ a layer and nothing else: the bound is met.
    #[test]
    fn half_a_turn_meets_the_sharper_bound() {
        let r = target(&Target::Rotation { degrees: 180.0 }, 2, 1);
        for at in against_depth(&r, &[1, 3, 16]).unwrap() {
            assert!((at.norm - at.sharper).abs() < 1e-12, "{at:?}");
        }
        let mirror = target(&Target::NegativeDeterminant { condition: 2.0 }, 3, 1);
        assert!(against_depth(&mirror, &[4]).unwrap_err().to_string().contains("determinant"));
    }
}
