//! Theorem 2.1: every R with det R > 0 is a product of ℓ maps near the identity.
//!
//! With the polar form R = Q P (R = U K Vᵀ, Q = U Vᵀ, P = V K Vᵀ) and Q^t the rotation along the shortest way,
//!
//!   I + A_i = Q^{i/ℓ} P^{1/ℓ} Q^{−(i−1)/ℓ}
//!
//! multiplies out to R exactly for every ℓ ≥ 1, and all layers have one norm,
//! ‖A_i‖ ≤ (e^{γ/ℓ} − 1) + 2 sin(π/2ℓ) with γ = max |log σ(R)|. This is sharper than the construction printed in
//! Hardt and Ma (2017), section 2.1, and holds where R has no real logarithm, such as −I in even dimension.

use nalgebra::linalg::Schur;
use nalgebra::{DMatrix, DVector};

use crate::data::matrix::orthogonal;
use crate::data::problem::Problem;
use crate::error::{LabError, Result};
use crate::experiment::Parametrization;
use crate::network::spectrum::{largest, singular_values};
use crate::rng::{Random, Stream};

/// γ = max(|log σ_max(R)|, |log σ_min(R)|).
pub fn gamma(target: &DMatrix<f64>) -> f64 {
    singular_values(target).iter().map(|value| libm::log(*value).abs()).fold(0.0, f64::max)
}

/// The bound (e^{γ/ℓ} − 1) + 2 sin(π/2ℓ) on the norm of every A_i.
pub fn bound(gamma: f64, layers: usize) -> f64 {
    let l = layers as f64;
    (gamma / l).exp_m1() + 2.0 * (std::f64::consts::FRAC_PI_2 / l).sin()
}

/// Theorem 2.1's bound (4π + 3γ)/ℓ, for ℓ ≥ 3γ.
pub fn promised(gamma: f64, layers: usize) -> f64 {
    (4.0 * std::f64::consts::PI + 3.0 * gamma) / layers as f64
}

/// 2(√π + √(3γ))²/ℓ, as the paper prints the theorem's bound. Its proof divides the layers between two halves of
/// the construction, which whole numbers of layers do not allow for small γ.
pub fn printed(gamma: f64, layers: usize) -> f64 {
    2.0 * (std::f64::consts::PI.sqrt() + (3.0 * gamma).sqrt()).powi(2) / layers as f64
}

/// A_1 … A_ℓ with (I + A_ℓ) … (I + A_1) = R.
pub fn factorize(target: &DMatrix<f64>, layers: usize) -> Result<Vec<DMatrix<f64>>> {
    let construction = Construction::new(target)?;
    Ok((1..=layers).map(|i| construction.layer(i, layers)).collect())
}

/// A target R = Q P taken apart, for factors of any number.
pub struct Construction {
    /// V and the singular values of P = V K Vᵀ.
    axes: DMatrix<f64>,
    stretches: DVector<f64>,
    turn: Turn,
}

impl Construction {
    /// Refused where det R ≤ 0.
    pub fn new(target: &DMatrix<f64>) -> Result<Self> {
        let svd = target.clone().svd(true, true);
        let (Some(u), Some(v_t)) = (svd.u, svd.v_t) else {
            return Err(failure("its singular value decomposition did not converge"));
        };
        let q = &u * &v_t;
        if svd.singular_values.iter().any(|value| *value <= 0.0) || q.determinant() < 0.0 {
            return Err(failure(
                "its determinant must be positive for an optimum near the identity to exist",
            ));
        }
        Ok(Self { axes: v_t.transpose(), stretches: svd.singular_values, turn: Turn::new(&q)? })
    }

    /// P^{1/ℓ}.
    fn stretch(&self, layers: usize) -> DMatrix<f64> {
        let roots = self.stretches.map(|value| libm::pow(value, 1.0 / layers as f64));
        &self.axes * DMatrix::from_diagonal(&roots) * self.axes.transpose()
    }

    /// A_i = Q^{i/ℓ} P^{1/ℓ} (Q^{(i−1)/ℓ})ᵀ − I, i from 1 to ℓ.
    pub fn layer(&self, i: usize, layers: usize) -> DMatrix<f64> {
        let [to, from] = [i, i - 1].map(|i| self.turn.power(i as f64 / layers as f64));
        let d = self.axes.nrows();
        to * self.stretch(layers) * from.transpose() - DMatrix::identity(d, d)
    }

    /// ‖A_i‖₂, which is the same for every layer: A_{i+1} = Q^{1/ℓ} A_i (Q^{1/ℓ})ᵀ.
    pub fn norm(&self, layers: usize) -> f64 {
        largest(&self.layer(1, layers))
    }
}

/// The parameters, flat, of the global optimum that the construction gives for a problem.
pub fn optimum(problem: &Problem, parametrization: Parametrization) -> Result<Vec<f64>> {
    let factors = factorize(&problem.optimum, problem.layers)?;
    let identity = DMatrix::identity(problem.width, problem.width);
    let layer = |a: DMatrix<f64>| if parametrization.is_identity() { a } else { a + &identity };
    let row_major = |a: DMatrix<f64>| layer(a).transpose().iter().copied().collect::<Vec<_>>();
    Ok(factors.into_iter().flat_map(row_major).collect())
}

fn failure(message: &str) -> LabError {
    LabError::field("target", message)
}

/// A rotation Q = Z S Zᵀ taken apart into planes and their angles.
struct Turn {
    basis: DMatrix<f64>,
    /// Two columns of the basis and the angle from the first to the second.
    planes: Vec<(usize, usize, f64)>,
}

impl Turn {
    fn new(q: &DMatrix<f64>) -> Result<Self> {
        let d = q.nrows();
        // The iteration may stand still on a matrix as regular as a permutation; in other coordinates not.
        let mut random = Random::new(0, Stream::Target);
        for attempt in 0..4 {
            let view = if attempt == 0 { DMatrix::identity(d, d) } else { orthogonal(d, &mut random) };
            if let Some(schur) = Schur::try_new(view.transpose() * q * &view, f64::EPSILON, 1000) {
                let (z, s) = schur.unpack();
                return Self::from_blocks(&view * z, &s);
            }
        }
        Err(failure("its rotation could not be taken apart"))
    }

    /// From the real Schur form, which for a rotation is block diagonal: 2 × 2 rotations, and 1 or −1.
    fn from_blocks(basis: DMatrix<f64>, s: &DMatrix<f64>) -> Result<Self> {
        let d = s.nrows();
        let mut planes = Vec::new();
        let mut half_turns = Vec::new();
        let mut i = 0;
        while i < d {
            if i + 1 < d && s[(i + 1, i)].abs() > 1e-8 {
                let sin = (s[(i + 1, i)] - s[(i, i + 1)]) / 2.0;
                let cos = (s[(i, i)] + s[(i + 1, i + 1)]) / 2.0;
                planes.push((i, i + 1, sin.atan2(cos)));
                i += 2;
            } else {
                if s[(i, i)] < 0.0 {
                    half_turns.push(i);
                }
                i += 1;
            }
        }
        // det Q = 1, so that they come in pairs; each pair is a plane turned by π.
        for pair in half_turns.chunks(2) {
            let &[first, second] = pair else { return Err(failure("its determinant must be positive")) };
            planes.push((first, second, std::f64::consts::PI));
        }
        Ok(Self { basis, planes })
    }

    /// Q^t.
    fn power(&self, t: f64) -> DMatrix<f64> {
        let d = self.basis.nrows();
        let mut s = DMatrix::identity(d, d);
        for (i, j, angle) in &self.planes {
            let (sin, cos) = libm::sincos(t * angle);
            s[(*i, *i)] = cos;
            s[(*j, *j)] = cos;
            s[(*j, *i)] = sin;
            s[(*i, *j)] = -sin;
        }
        &self.basis * s * self.basis.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Width 20, condition 100, 50 layers: norm 0.083 where the paper's form allows 0.775.
    #[test]
    fn one_layer_tells_the_norm_of_all_and_the_bounds_hold() {
        for (seed, condition) in [(1, 1.0), (2, 10.0), (3, 100.0)] {
            let r = target(&Target::Random { condition }, 20, seed);
            let construction = Construction::new(&r).unwrap();
            for layers in [1, 7, 50] {
                let norm = construction.norm(layers);
                for a in factorize(&r, layers).unwrap() {
                    assert!((largest(&a) - norm).abs() < 1e-9 * (1.0 + norm));
                }
                let gamma = gamma(&r);
                assert!(norm <= bound(gamma, layers) * (1.0 + 1e-9));
                if layers as f64 >= 3.0 * gamma {
                    assert!(bound(gamma, layers) <= promised(gamma, layers));
                }
            }
        }
        let gamma = 0.5 * 100f64.ln();
        assert!((printed(gamma, 50) - 0.775).abs() < 5e-4, "{}", printed(gamma, 50));
    }
    use crate::data::target::target;
    use crate::experiment::Target;

    fn check(r: &DMatrix<f64>, layers: usize) {
        let d = r.nrows();
        let factors = factorize(r, layers).unwrap();
        let identity = DMatrix::<f64>::identity(d, d);
        let product = factors.iter().fold(identity.clone(), |product, a| (a + &identity) * product);
        assert!((&product - r).norm() <= 1e-10 * r.norm(), "{layers}: {product} {r}");
        let worst = factors.iter().map(largest).fold(0.0, f64::max);
        assert!(worst <= bound(gamma(r), layers) + 1e-9, "{layers}: {worst}");
    }

    #[test]
    fn multiplies_out_within_the_bound() {
        for seed in 0..40 {
            let d = 1 + seed as usize % 8;
            let r = target(&Target::Random { condition: 1.0 + f64::from(seed) }, d, seed);
            for layers in [1, 2, 3, 16, 50] {
                check(&r, layers);
            }
        }
    }

    #[test]
    fn targets_without_a_logarithm_or_with_many_equal_angles() {
        let diagonal = |values: &[f64]| DMatrix::from_diagonal(&values.to_vec().into());
        let mut cycle = DMatrix::zeros(5, 5);
        (0..5).for_each(|i| cycle[((i + 1) % 5, i)] = 1.0);
        for r in [
            diagonal(&[-1.0; 4]),
            diagonal(&[-1.0, -2.0, 1.0]),
            cycle,
            target(&Target::Rotation { degrees: 180.0 }, 6, 1),
            target(&Target::Rotation { degrees: 90.0 }, 7, 1),
            DMatrix::identity(3, 3),
        ] {
            for layers in [1, 4, 33] {
                check(&r, layers);
            }
        }
    }

    #[test]
    fn a_negative_determinant_is_refused() {
        let r = target(&Target::NegativeDeterminant { condition: 3.0 }, 4, 1);
        assert!(factorize(&r, 8).unwrap_err().to_string().contains("determinant"));
    }
}
