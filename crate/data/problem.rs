//! [`Problem`]: what an engine minimizes, reduced to sufficient statistics.
//!
//! The risk depends on the data only through Σ̂ = XXᵀ/n, Γ̂ = YXᵀ/n and tr(YYᵀ)/n. With a root S of Σ̂
//! (S Sᵀ = Σ̂) and M = R̂ S, the excess risk is ‖W_ℓ … W_1 S − M‖²_F: a sum of squares, so it loses no
//! digits near the optimum, and a chain that begins at S in place of I needs no other mention of Σ.
//! Between fixed maps B and C the excess risk is ‖C W_ℓ … W_1 B S − M‖²_F: the chain begins at B S, and only C is new.

use nalgebra::DMatrix;

use super::matrix::{gaussian, log_spaced, orthogonal, to_flat};
use super::target::target;
use crate::error::{LabError, Result};
use crate::experiment::{Data, Experiment, Network};
use crate::rng::{Random, Stream};

/// A finite sample, one row a point: inputs and labels, each n × d row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Number n of points.
    pub points: usize,
    /// Inputs x.
    pub inputs: Vec<f32>,
    /// Labels y.
    pub labels: Vec<f32>,
}

/// The maps between which wider layers stand, never trained.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedMaps {
    /// B, m × d.
    pub into: DMatrix<f64>,
    /// C, d × m.
    pub out: DMatrix<f64>,
}

impl FixedMaps {
    /// Gaussian maps of standard scale: entries N(0, 1/d) of B and N(0, 1/m) of C, so that each passes on the
    /// mean square of its input's components.
    fn drawn(width: usize, hidden: usize, seed: u32) -> Self {
        let mut random = Random::new(seed, Stream::FixedMaps);
        let into = gaussian(hidden, width, &mut random) / (width as f64).sqrt();
        let out = gaussian(width, hidden, &mut random) / (hidden as f64).sqrt();
        Self { into, out }
    }
}

/// A linear regression problem for networks of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Width of the layers: the dimension d of inputs and outputs, or m between fixed maps.
    pub width: usize,
    /// Depth ℓ.
    pub layers: usize,
    /// B and C, for networks that have them.
    pub fixed: Option<FixedMaps>,
    /// S, or B S, `width` × d row-major: what the chain of layers begins with.
    pub input: Vec<f32>,
    /// M = R̂ S, d × d row-major: what the chain, or C times its end, should be.
    pub goal: Vec<f32>,
    /// The minimizer R̂ of the (empirical) risk among linear maps: R itself for a population.
    pub optimum: DMatrix<f64>,
    /// Σ or Σ̂.
    pub covariance: DMatrix<f64>,
    /// C: the risk at the optimum, which the excess risk leaves out.
    pub floor: f64,
    /// The points, when there are any.
    pub sample: Option<Sample>,
}

impl Problem {
    /// The problem of an experiment with linear networks.
    pub fn new(experiment: &Experiment) -> Self {
        let (side, layers) = experiment.shape();
        let (width, hidden) = match experiment.network {
            Network::Linear { width, hidden, .. } => (width, hidden),
            Network::Relu { .. } => (side, None),
        };
        let seed = experiment.seed;
        let r = target(&experiment.target, width, seed);
        let problem = match experiment.data {
            Data::Population { covariance, noise } => {
                let sigma = covariance_matrix(width, covariance, seed);
                Self::from_statistics(layers, &r, &sigma, width as f64 * noise * noise)
            }
            // Validation refuses points for linear networks.
            Data::Set { .. } | Data::Points { .. } => {
                Self::from_statistics(layers, &r, &DMatrix::identity(width, width), 0.0)
            }
            Data::Sample { points, covariance, noise } => {
                let sigma = covariance_matrix(width, covariance, seed);
                let x = root(&sigma) * gaussian(width, points, &mut Random::new(seed, Stream::Inputs));
                let xi = gaussian(width, points, &mut Random::new(seed, Stream::Noise)) * noise;
                let y = &r * &x + xi;
                Self::from_sample(layers, &x, &y)
            }
        };
        match hidden {
            Some(hidden) => problem.between(FixedMaps::drawn(width, hidden, seed)),
            None => problem,
        }
    }

    /// The same problem for layers between fixed maps.
    pub fn between(self, fixed: FixedMaps) -> Self {
        let input = to_flat(&(&fixed.into * root(&self.covariance)));
        Self { width: fixed.into.nrows(), input, fixed: Some(fixed), ..self }
    }

    /// The problem whose minimizer is `optimum` under the covariance `sigma`.
    pub fn from_statistics(layers: usize, optimum: &DMatrix<f64>, sigma: &DMatrix<f64>, floor: f64) -> Self {
        let s = root(sigma);
        Self {
            width: optimum.nrows(),
            layers,
            fixed: None,
            input: to_flat(&s),
            goal: to_flat(&(optimum * &s)),
            optimum: optimum.clone(),
            covariance: sigma.clone(),
            floor,
            sample: None,
        }
    }

    /// The problem of points X, Y given as columns (d × n).
    pub fn from_sample(layers: usize, x: &DMatrix<f64>, y: &DMatrix<f64>) -> Self {
        let n = x.ncols() as f64;
        let sigma = x * x.transpose() / n;
        let gamma = y * x.transpose() / n;
        let optimum = &gamma * pseudo_inverse(&sigma);
        let floor = (y - &optimum * x).norm_squared() / n;
        let mut problem = Self::from_statistics(layers, &optimum, &sigma, floor);
        problem.sample = Some(Sample {
            points: x.ncols(),
            inputs: to_flat(&x.transpose()),
            labels: to_flat(&y.transpose()),
        });
        problem
    }

    /// Numbers in the parameters of one network.
    pub fn parameter_count(&self) -> usize {
        self.layers * self.width * self.width
    }

    /// Excess risk of the network that gives 0 everywhere, ‖M‖²_F.
    pub fn zero_network(&self) -> f64 {
        self.goal.iter().map(|m| f64::from(*m).powi(2)).sum()
    }

    /// Dimension d of inputs and outputs.
    pub fn dimension(&self) -> usize {
        self.optimum.nrows()
    }

    /// Refuses fixed maps where mathematics knows only layers as wide as the input; `what` begins the sentence.
    pub fn check_plain(&self, what: &str) -> Result<()> {
        if self.fixed.is_none() {
            return Ok(());
        }
        let message = format!("{what} is for networks without fixed maps: leave network.hidden out");
        Err(LabError::field("network.hidden", message))
    }
}

/// Σ = Q diag Qᵀ, trace d; the identity when the condition number is 1.
fn covariance_matrix(width: usize, condition: f64, seed: u32) -> DMatrix<f64> {
    if condition == 1.0 {
        return DMatrix::identity(width, width);
    }
    let mut values = log_spaced(width, condition);
    let mean = values.iter().sum::<f64>() / width as f64;
    values.iter_mut().for_each(|v| *v /= mean);
    let q = orthogonal(width, &mut Random::new(seed, Stream::Covariance));
    &q * DMatrix::from_diagonal(&values.into()) * q.transpose()
}

/// The symmetric root of a positive semidefinite matrix; exactly I for I.
fn root(sigma: &DMatrix<f64>) -> DMatrix<f64> {
    spectral(sigma, |value, _| value.max(0.0).sqrt())
}

/// Moore–Penrose inverse of a positive semidefinite matrix: a sample with fewer points than
/// dimensions leaves R̂ free off its span, where this takes 0.
fn pseudo_inverse(sigma: &DMatrix<f64>) -> DMatrix<f64> {
    spectral(sigma, |value, largest| if value > 1e-12 * largest { 1.0 / value } else { 0.0 })
}

fn spectral(sigma: &DMatrix<f64>, map: impl Fn(f64, f64) -> f64) -> DMatrix<f64> {
    if sigma.is_identity(0.0) {
        return sigma.clone();
    }
    let eigen = sigma.clone().symmetric_eigen();
    let largest = eigen.eigenvalues.max();
    let values = eigen.eigenvalues.map(|value| map(value, largest));
    &eigen.eigenvectors * DMatrix::from_diagonal(&values) * eigen.eigenvectors.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::matrix::from_flat;

    #[test]
    fn the_floor_and_the_excess_make_up_the_empirical_risk() {
        let experiment = Experiment {
            data: Data::Sample { points: 40, covariance: 5.0, noise: 0.3 },
            ..Experiment::default()
        };
        let problem = Problem::new(&experiment);
        let sample = problem.sample.as_ref().unwrap();
        let (n, d) = (sample.points, problem.width);
        let x = from_flat(&sample.inputs, n, d).transpose();
        let y = from_flat(&sample.labels, n, d).transpose();
        let risk = (&y - &x).norm_squared() / n as f64;
        let s = from_flat(&problem.input, d, d);
        let excess = (&s - from_flat(&problem.goal, d, d)).norm_squared();
        assert!((excess + problem.floor - risk).abs() < 1e-5 * risk);
        assert!(problem.floor > 0.0);
    }

    #[test]
    fn fewer_points_than_dimensions_still_give_finite_numbers() {
        let experiment = Experiment {
            data: Data::Sample { points: 3, covariance: 1.0, noise: 0.1 },
            ..Experiment::default()
        };
        let problem = Problem::new(&experiment);
        assert!(problem.goal.iter().chain(&problem.input).all(|v| v.is_finite()));
        assert!(problem.floor < 1e-9);
    }
}
