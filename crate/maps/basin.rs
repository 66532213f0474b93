//! Where a run ended: at which optimum, at a saddle, or still on its way.
//!
//! For an invertible target R the optima of a linear network are the solutions of W_ℓ … W_1 = R. All W_j of a
//! solution are invertible, and W_1 … W_{ℓ−1} may be any invertible matrices, because W_ℓ = R (W_{ℓ−1} … W_1)⁻¹
//! follows from them: the set is a copy of GL_d^{ℓ−1}. GL_d has two connected components, told apart by the sign of
//! the determinant, so the set has 2^{ℓ−1}: one for each pattern of signs of det W_1 … det W_ℓ whose product is the
//! sign of det R.
//!
//! A run ends near that set, not on it. Where E = P − R has ‖E‖_F < σ_min(R), no matrix R + tE with 0 ≤ t ≤ 1 is
//! singular, so the last layer can be moved from W_ℓ to R P⁻¹ W_ℓ, which makes the product R, and no determinant
//! vanishes on the way: the pattern of the run's end is that of a component that it can be joined to. As the excess
//! risk tr(E Σ Eᵀ) is at least σ_min(Σ) ‖E‖²_F, it suffices that it is below σ_min(Σ) σ_min(R)².

use nalgebra::DMatrix;

use crate::data::problem::Problem;
use crate::engine::cpu::Lane;
use crate::error::{LabError, Result};
use crate::experiment::Parametrization;
use crate::network::linear::layer_maps;
use crate::network::spectrum::smallest;

/// Signs that a pattern has room for: as many bits as float32 holds of a whole number.
pub const PATTERN_BITS: usize = 24;

/// A network whose squared gradient is below this part of the least that it is next to a balanced optimum at
/// the same risk stands at a saddle.
const CRITICAL: f64 = 1e-4;

/// The excess risk that counts as learned is at most this part of σ_min(Σ) σ_min(R)².
const INSIDE: f64 = 0.25;

/// Below this part of tr(R Σ Rᵀ), float32 does not tell an excess risk from that of a singular product.
const RESOLVED: f64 = 1e-10;

/// Where a run ended that did not diverge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Near the optima of this [`pattern`].
    Optimum(u32),
    /// Next to a critical point that is no optimum.
    Stalled,
    /// Neither: more steps would tell.
    Descending,
}

impl End {
    /// As a number that float32 holds exactly: the pattern, −1 for stalled, −2 for descending.
    pub fn code(self) -> f32 {
        match self {
            Self::Optimum(pattern) => pattern as f32,
            Self::Stalled => -1.0,
            Self::Descending => -2.0,
        }
    }
}

/// The signs of the determinants of the layer maps: bit j − 1 is set where det W_j < 0. Networks of more than
/// [`PATTERN_BITS`] layers are folded: bit k then is the sign of det W_{k+1} · det W_{k+25} · det W_{k+49} …, the same
/// for all networks of a component, though components may share a pattern.
pub fn pattern(parametrization: Parametrization, parameters: &[f32], width: usize) -> u32 {
    let negative = layer_maps(parametrization, parameters, width).into_iter().map(has_negative_determinant);
    negative
        .enumerate()
        .fold(0, |bits, (layer, negative)| bits ^ (u32::from(negative) << (layer % PATTERN_BITS)))
}

/// By the signs of an LU decomposition: the determinant itself may be too small for a number.
fn has_negative_determinant(matrix: DMatrix<f64>) -> bool {
    let lu = matrix.lu();
    let negative = lu.u().diagonal().iter().filter(|pivot| **pivot < 0.0).count();
    (negative % 2 == 1) != (lu.p().determinant::<f64>() < 0.0)
}

/// What the ends of runs on a problem are judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judge {
    /// tr(R Σ Rᵀ), the excess risk of the zero network.
    zero: f64,
    /// σ_min(Σ) σ_min(R)².
    margin: f64,
    /// ‖∇f‖² / (f − C) below which a network stands at a saddle.
    critical: f64,
}

impl Judge {
    /// Measures a problem.
    pub fn new(problem: &Problem) -> Self {
        let (r, sigma) = (&problem.optimum, &problem.covariance);
        let (least, variance) = (smallest(r), smallest(sigma).max(0.0));
        let layers = problem.layers as f64;
        // Theorem 2.2 in its sharper form, ‖∇f‖² ≥ 4 σ_min(Σ) (f − C) Σ_i Π_{j≠i} σ_min(W_j)², where every layer
        // has σ_min(W_j) = σ_min(R)^{1/ℓ}, as at an optimum of balanced layers.
        let balanced = 4.0 * layers * variance * libm::pow(least, 2.0 - 2.0 / layers);
        Self { zero: (r * sigma).dot(r), margin: variance * least * least, critical: CRITICAL * balanced }
    }

    /// Refuses a target without an inverse, whose optima no signs tell apart.
    pub fn check(&self, problem: &Problem) -> Result<()> {
        if self.margin > RESOLVED * self.zero {
            return Ok(());
        }
        if problem.sample.as_ref().is_some_and(|sample| sample.points < problem.width) {
            let message = format!(
                "allowed for a map of basins are at least as many points as the network is wide, {}; got {}",
                problem.width,
                problem.sample.as_ref().map_or(0, |sample| sample.points)
            );
            return Err(LabError::field("data.points", message));
        }
        let message = "allowed for a map of basins is a target with an inverse, well apart from singular ones: \
                       the optima of others are not told apart by signs";
        Err(LabError::field("target", message))
    }

    /// The excess risk that counts as learned: that part of the zero network's, the same for all starts, and
    /// never so much that the signs could be those of no optimum.
    pub fn goal(&self, threshold: f64) -> f64 {
        (threshold * self.zero).min(INSIDE * self.margin)
    }

    /// Where a run ended whose last excess risk was that.
    pub fn end(&self, excess: f32, threshold: f64, lane: &mut Lane) -> End {
        let excess = f64::from(excess);
        if excess <= self.goal(threshold) {
            let member = lane.member();
            let width = lane.width();
            return End::Optimum(pattern(member.parametrization, &member.parameters, width));
        }
        if f64::from(lane.gradient_norm_squared()) < self.critical * excess {
            End::Stalled
        } else {
            End::Descending
        }
    }
}
