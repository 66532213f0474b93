//! The target map R of an experiment.

use nalgebra::DMatrix;

use super::matrix::{log_spaced, orthogonal};
use crate::experiment::Target;
use crate::rng::{Random, Stream};

/// R, `width × width`.
pub fn target(kind: &Target, width: usize, seed: u32) -> DMatrix<f64> {
    let mut random = Random::new(seed, Stream::Target);
    let diagonal = |values: &[f64]| DMatrix::from_diagonal(&values.to_vec().into());
    match kind {
        Target::Random { condition } => with_determinant(width, *condition, 1.0, &mut random),
        Target::NegativeDeterminant { condition } => with_determinant(width, *condition, -1.0, &mut random),
        Target::Rotation { degrees } => rotation(width, degrees.to_radians()),
        Target::PositiveDefinite { condition } => {
            let q = orthogonal(width, &mut random);
            &q * diagonal(&log_spaced(width, *condition)) * q.transpose()
        }
        Target::NegativeEigenvalue { eigenvalue, condition } => {
            let mut values = log_spaced(width - 1, *condition);
            values.push(*eigenvalue);
            diagonal(&values)
        }
        Target::Diagonal { values } => diagonal(values),
        Target::Matrix { rows } => DMatrix::from_row_slice(width, width, &rows.concat()),
    }
}

/// U K Vᵀ with log-spaced K and the sign of the determinant as wanted.
fn with_determinant(width: usize, condition: f64, sign: f64, random: &mut Random) -> DMatrix<f64> {
    let u = orthogonal(width, random);
    let v = orthogonal(width, random);
    let mut r = &u * DMatrix::from_diagonal(&log_spaced(width, condition).into()) * v.transpose();
    if r.determinant() * sign < 0.0 {
        r.row_mut(0).neg_mut();
    }
    r
}

/// Rotation by that angle in each of the planes (1,2), (3,4), …; an odd last coordinate stays.
fn rotation(width: usize, angle: f64) -> DMatrix<f64> {
    let mut r = DMatrix::identity(width, width);
    for i in (0..width - width % 2).step_by(2) {
        let (sin, cos) = libm::sincos(angle);
        r[(i, i)] = cos;
        r[(i + 1, i + 1)] = cos;
        r[(i, i + 1)] = -sin;
        r[(i + 1, i)] = sin;
    }
    r
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_targets_have_the_condition_and_sign_asked_for() {
        for seed in 0..20 {
            for (kind, sign) in [
                (Target::Random { condition: 50.0 }, 1.0),
                (Target::NegativeDeterminant { condition: 50.0 }, -1.0),
            ] {
                let r = target(&kind, 5, seed);
                let singular = r.clone().singular_values();
                assert!((singular.max() / singular.min() / 50.0 - 1.0).abs() < 1e-9);
                assert!((r.determinant() - sign).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn widths_of_one_work_for_every_kind() {
        for kind in [
            Target::Random { condition: 10.0 },
            Target::NegativeDeterminant { condition: 10.0 },
            Target::Rotation { degrees: 30.0 },
            Target::PositiveDefinite { condition: 10.0 },
            Target::NegativeEigenvalue { eigenvalue: -0.5, condition: 10.0 },
        ] {
            assert!(target(&kind, 1, 3)[(0, 0)].is_finite());
        }
    }
}
