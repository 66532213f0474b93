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
use crate::network::spectrum::singular_values;
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

/// A_1 … A_ℓ with (I + A_ℓ) … (I + A_1) = R.
pub fn factorize(target: &DMatrix<f64>, layers: usize) -> Result<Vec<DMatrix<f64>>> {
    let polar = Polar::new(target)?;
    let stretch = polar.stretch(layers);
    let identity = DMatrix::identity(target.nrows(), target.nrows());
    let power = |i: usize| polar.turn.power(i as f64 / layers as f64);
    Ok((1..=layers).map(|i| power(i) * &stretch * power(i - 1).transpose() - &identity).collect())
}

/// R = Q P taken apart, from which the layers of the construction follow at any depth.
pub struct Polar {
    turn: Turn,
    /// Singular values of R, the eigenvalues of P.
    values: DVector<f64>,
    /// Vᵀ, whose rows are the eigenvectors of P.
    v_t: DMatrix<f64>,
}

impl Polar {
    /// Takes R apart. An R without positive determinant is an error: no optimum is near the identity.
    pub fn new(target: &DMatrix<f64>) -> Result<Self> {
        let svd = target.clone().svd(true, true);
        let (Some(u), Some(v_t)) = (svd.u, svd.v_t) else {
            return Err(failure("its singular value decomposition did not converge"));
        };
        let q = u * &v_t;
        if svd.singular_values.iter().any(|value| *value <= 0.0) || q.determinant() < 0.0 {
            return Err(failure(
                "its determinant must be positive for an optimum near the identity to exist",
            ));
        }
        Ok(Self { turn: Turn::new(&q)?, values: svd.singular_values, v_t })
    }

    /// A_1 = Q^{1/ℓ} P^{1/ℓ} − I, which every other layer is up to a change of basis:
    /// A_i = Q^{(i−1)/ℓ} A_1 Q^{−(i−1)/ℓ}, of the same norm.
    pub fn first_layer(&self, layers: usize) -> DMatrix<f64> {
        let d = self.v_t.nrows();
        self.turn.power(1.0 / layers as f64) * self.stretch(layers) - DMatrix::identity(d, d)
    }

    /// P^{1/ℓ}.
    fn stretch(&self, layers: usize) -> DMatrix<f64> {
        let roots = self.values.map(|value| libm::pow(value, 1.0 / layers as f64));
        self.v_t.transpose() * DMatrix::from_diagonal(&roots) * &self.v_t
    }
}

/// The parameters, flat, of the global optimum that the construction gives for a problem.
pub fn optimum(problem: &Problem, parametrization: Parametrization) -> Result<Vec<f64>> {
    problem.check_plain("the constructed optimum")?;
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
    use crate::data::target::target;
    use crate::experiment::Target;
    use crate::network::spectrum::largest;

    fn check(r: &DMatrix<f64>, layers: usize) {
        let d = r.nrows();
        let factors = factorize(r, layers).unwrap();
        let identity = DMatrix::<f64>::identity(d, d);
        let product = factors.iter().fold(identity.clone(), |product, a| (a + &identity) * product);
        assert!((&product - r).norm() <= 1e-10 * r.norm(), "{layers}: {product} {r}");
        let worst = factors.iter().map(largest).fold(0.0, f64::max);
        assert!(worst <= bound(gamma(r), layers) + 1e-9, "{layers}: {worst}");
        let first = Polar::new(r).unwrap().first_layer(layers);
        assert!((&first - &factors[0]).norm() < 1e-12 && (largest(&first) - worst).abs() < 1e-9);
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
