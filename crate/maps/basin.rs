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

    /// Refuses a target without an inverse and layers between fixed maps: no signs tell their optima apart.
    pub fn check(&self, problem: &Problem) -> Result<()> {
        problem.check_plain("a map of basins")?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Data, Experiment, Network, Optimizer, Start, Target, Twin};
    use crate::maps::{Atlas, Axis, Budget, Outcome, Quantity, Runner, Scale, StartPlane};
    use crate::rng::{Random, Stream};

    /// By cofactors: shares nothing with a decomposition.
    fn determinant(matrix: &DMatrix<f64>) -> f64 {
        if matrix.nrows() == 1 {
            return matrix[(0, 0)];
        }
        let minor = |column: usize| determinant(&matrix.clone().remove_row(0).remove_column(column));
        (0..matrix.ncols()).map(|j| [1.0, -1.0][j % 2] * matrix[(0, j)] * minor(j)).sum()
    }

    #[test]
    fn patterns_are_the_signs_of_determinants() {
        let mut random = Random::new(5, Stream::Start);
        let mut seen = std::collections::HashSet::new();
        for (width, layers) in [(1, 1), (1, 24), (2, 3), (3, 30), (5, 6), (6, 2)] {
            for parametrization in [Parametrization::Identity, Parametrization::Standard] {
                let flat: Vec<f32> = (0..width * width * layers).map(|_| random.normal() as f32).collect();
                let maps = layer_maps(parametrization, &flat, width);
                let mut wanted = 0;
                for (layer, map) in maps.iter().enumerate() {
                    if determinant(map) < 0.0 {
                        wanted ^= 1 << (layer % 24);
                    }
                }
                let found = pattern(parametrization, &flat, width);
                assert_eq!(found, wanted, "{width} wide, {layers} layers");
                assert_eq!(End::Optimum(found).code() as u32, found, "float32 must hold it");
                seen.insert(found);
            }
        }
        assert!(seen.len() > 6, "{seen:?}");
        let all = vec![-1.0; 24];
        let code = End::Optimum(pattern(Parametrization::Standard, &all, 1)).code();
        assert_eq!(code, 16_777_215.0);
    }

    #[test]
    fn a_determinant_too_small_for_a_number_keeps_its_sign() {
        let width = 64;
        for negative in 0..4 {
            let mut flat = vec![0.0f32; width * width];
            (0..width).for_each(|i| flat[i * (width + 1)] = if i < negative { -1e-6 } else { 1e-6 });
            assert_eq!(pattern(Parametrization::Standard, &flat, width), (negative % 2) as u32);
            // Exchanging two rows turns it over.
            (0..width).for_each(|column| flat.swap(column, width + column));
            assert_eq!(pattern(Parametrization::Standard, &flat, width), (1 + negative as u32) % 2);
        }
    }

    fn judging() -> Runner {
        let mut runner = Runner::default();
        runner.basins = true;
        runner
    }

    /// A chain of numbers that is to become `target`, started at every place of (w_1, w_2).
    fn chain(layers: usize, target: f64, rest: f32, parametrization: Parametrization, steps: u32) -> Atlas {
        let one = if parametrization.is_identity() { 1.0 } else { 0.0 };
        let parameters = crate::floats::Floats(vec![rest - one; layers]);
        let axis = |quantity| Axis { quantity, scale: Scale::Linear, low: -2.1, high: 2.1 };
        Atlas {
            experiment: Experiment {
                network: Network::linear(1, layers),
                target: Target::Diagonal { values: vec![target] },
                optimizer: Optimizer::GradientDescent { learning_rate: 0.02 },
                twins: vec![Twin { parametrization, start: Start::Given { parameters, gains: false } }],
                ..Experiment::default()
            },
            x: axis(Quantity::AlongU),
            y: axis(Quantity::AlongV),
            columns: 21,
            rows: 21,
            budget: Budget { steps, threshold: 0.01, stop_at_threshold: true },
            plane: Some(StartPlane::Coordinates { first: 0, second: 1 }),
            basins: true,
            networks: Vec::new(),
        }
    }

    fn ends(atlas: &Atlas) -> Vec<([f64; 2], Outcome)> {
        atlas.validate().unwrap();
        let cells: Vec<u32> = (0..(atlas.columns * atlas.rows) as u32).collect();
        let found = atlas.outcomes(&cells, &mut Runner::default()).unwrap();
        let (x, y) = (atlas.x.values(atlas.columns), atlas.y.values(atlas.rows));
        let place = |cell: usize| [x[cell % atlas.columns], y[cell / atlas.columns]];
        found.iter().enumerate().map(|(cell, twins)| (place(cell), twins[0])).collect()
    }

    /// For w_1 w_2 = 1 a step multiplies w_1 + w_2 by 1 − 2η(w_1 w_2 − 1), which is positive here: its sign decides,
    /// and the line w_1 = −w_2 leads to the saddle at 0.
    #[test]
    fn two_numbers_end_where_the_sign_of_their_sum_says() {
        for parametrization in [Parametrization::Standard, Parametrization::Identity] {
            let mut stalled = 0;
            for ([a, b], outcome) in ends(&chain(2, 1.0, 1.0, parametrization, 2000)) {
                if a == -b {
                    // 1 + A rounds, and leaves the line; W does not.
                    if parametrization == Parametrization::Standard {
                        assert_eq!(outcome.end, Some(End::Stalled), "{a}, {b}: {outcome:?}");
                        assert!((outcome.excess - 1.0).abs() < 1e-3 && outcome.steps.is_none());
                        stalled += 1;
                    }
                    continue;
                }
                let wanted = if a + b > 0.0 { 0b00 } else { 0b11 };
                assert_eq!(outcome.end, Some(End::Optimum(wanted)), "{a}, {b}: {outcome:?}");
                assert!(outcome.excess <= 0.01 && outcome.steps.is_some());
            }
            assert_eq!(stalled, if parametrization == Parametrization::Standard { 21 } else { 0 });
        }
    }

    /// For three numbers w_i² − w_j² stays nearly what it was: while the product is positive no number can vanish, and
    /// if it is negative only the smallest in size can, which then changes its sign.
    #[test]
    fn three_numbers_have_four_basins() {
        let mut counts = std::collections::BTreeMap::new();
        let mut atlas = chain(3, 1.0, 0.55, Parametrization::Standard, 4000);
        // Small steps: differences of squares then stay what they are.
        atlas.experiment.optimizer = Optimizer::GradientDescent { learning_rate: 0.005 };
        for ([a, b], outcome) in ends(&atlas) {
            let start = [a, b, 0.55];
            let mut sizes = start.map(f64::abs);
            sizes.sort_by(f64::total_cmp);
            if start.iter().product::<f64>() < 0.0 && sizes[1] - sizes[0] < 0.04 || sizes[0] == 0.0 {
                // On the way to a saddle, or from one.
                continue;
            }
            let mut signs = start.map(|w| w < 0.0);
            if start.iter().product::<f64>() < 0.0 {
                let least = start.iter().position(|w| w.abs() == sizes[0]).unwrap();
                signs[least] = !signs[least];
            }
            let wanted = (0..3).fold(0, |bits, i| bits | (u32::from(signs[i]) << i));
            assert_eq!(outcome.end, Some(End::Optimum(wanted)), "{a}, {b}: {outcome:?}");
            *counts.entry(wanted).or_insert(0) += 1;
        }
        // (+,+,+), (−,−,+), (−,+,−), (+,−,−).
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [0b000, 0b011, 0b101, 0b110]);
        assert!(counts.values().all(|count| *count > 20), "{counts:?}");
    }

    #[test]
    fn few_steps_are_not_a_saddle() {
        let few = ends(&chain(2, 1.0, 1.0, Parametrization::Standard, 3));
        let count = |end| few.iter().filter(|(_, outcome)| outcome.end == Some(end)).count();
        assert!(count(End::Descending) > 300, "{}", count(End::Descending));
        // The middle begins at the saddle.
        assert_eq!(count(End::Stalled), 1);
        let diverging = Atlas {
            experiment: Experiment {
                optimizer: Optimizer::GradientDescent { learning_rate: 1.0 },
                ..chain(2, 1.0, 1.0, Parametrization::Standard, 1).experiment
            },
            ..chain(2, 1.0, 1.0, Parametrization::Standard, 300)
        };
        let diverged = ends(&diverging);
        assert!(diverged.iter().all(|(_, outcome)| outcome.end.is_some() != outcome.diverged_at.is_some()));
        assert!(diverged.iter().filter(|(_, outcome)| outcome.diverged_at.is_some()).count() > 100);
    }

    #[test]
    fn the_identity_start_stalls_at_a_negative_eigenvalue_and_zas_does_not() {
        let twin = |start| Twin { parametrization: Parametrization::Identity, start };
        let experiment = Experiment {
            network: Network::linear(2, 3),
            target: Target::NegativeEigenvalue { eigenvalue: -0.5, condition: 1.0 },
            optimizer: Optimizer::GradientDescent { learning_rate: 0.05 },
            twins: vec![twin(Start::Identity), twin(Start::ZeroAsymmetric)],
            ..Experiment::default()
        };
        let budget = Budget { steps: 2000, threshold: 0.01, stop_at_threshold: true };
        let mut runner = judging();
        let [identity, zas] = runner.run(&experiment, &budget).unwrap()[..] else { panic!() };
        assert_eq!(identity.end, Some(End::Stalled));
        assert!((identity.excess - 0.25).abs() < 1e-3);
        let Some(End::Optimum(pattern)) = zas.end else { panic!("{zas:?}") };
        assert_eq!(pattern.count_ones() % 2, 1, "the signs of the layers make up that of the target");
        // Excess ¼ is σ_min(R)² σ_min(Σ): however generous the threshold, that is not learned.
        let generous = Budget { threshold: 0.9, ..budget };
        assert_eq!(runner.run(&experiment, &generous).unwrap()[0].end, Some(End::Stalled));
    }

    /// Wherever a run counts as learned, the signs of its layers make up that of the target, and they are those of
    /// the session that a click would start.
    #[test]
    fn a_pattern_belongs_to_the_run_of_a_session() {
        let mut patterns = std::collections::HashSet::new();
        for seed in 1..9 {
            let experiment = Experiment {
                seed,
                network: Network::linear(3, 3),
                target: Target::NegativeDeterminant { condition: 3.0 },
                data: Data::Population { covariance: 2.0, noise: 0.0 },
                optimizer: Optimizer::GradientDescent { learning_rate: 0.02 },
                twins: vec![Twin {
                    parametrization: Parametrization::Standard,
                    start: Start::Gaussian { scale: 0.5 },
                }],
                ..Experiment::default()
            };
            let budget = Budget { steps: 3000, threshold: 0.001, stop_at_threshold: true };
            let outcome = judging().run(&experiment, &budget).unwrap()[0];
            let Some(End::Optimum(found)) = outcome.end else { continue };
            assert_eq!(found.count_ones() % 2, 1);
            let parameters = pollster::block_on(async {
                let mut session = crate::session::Session::new(experiment).await.unwrap();
                session.step(outcome.steps.unwrap()).await.unwrap();
                session.parameters(0).unwrap().to_vec()
            });
            assert_eq!(pattern(Parametrization::Standard, &parameters, 3), found);
            patterns.insert(found);
        }
        assert!(patterns.len() > 1, "{patterns:?}");
    }

    /// What is kept from one cell to the next must not judge another target, or another depth.
    #[test]
    fn a_runner_that_goes_on_to_another_problem_judges_by_that_one() {
        let mut runner = judging();
        let mut different = 0;
        for (target, layers) in [(100.0, 2), (0.01, 2), (0.01, 4), (1.0, 4)] {
            let Atlas { mut experiment, budget, .. } =
                chain(layers, target, 0.3, Parametrization::Standard, 40);
            experiment.optimizer = Optimizer::GradientDescent { learning_rate: 0.001 };
            let found = runner.run(&experiment, &budget).unwrap()[0];
            assert_eq!(found, judging().run(&experiment, &budget).unwrap()[0], "{target}, {layers}");
            assert_eq!(runner.run(&experiment, &budget).unwrap()[0], found);
            different += usize::from(found.end != Some(End::Descending));
        }
        assert!(different > 0);
    }

    #[test]
    fn a_target_without_an_inverse_is_refused() {
        let singular = Atlas {
            experiment: Experiment {
                target: Target::Diagonal { values: vec![0.0] },
                ..chain(2, 1.0, 1.0, Parametrization::Standard, 10).experiment
            },
            ..chain(2, 1.0, 1.0, Parametrization::Standard, 10)
        };
        assert_eq!(singular.validate().unwrap_err().field_name(), Some("target"));
        let plain = Atlas { basins: false, ..singular };
        plain.validate().unwrap();
        let mut few = chain(2, 1.0, 1.0, Parametrization::Standard, 10);
        few.experiment.network = Network::linear(3, 2);
        few.experiment.target = Target::Random { condition: 2.0 };
        few.experiment.twins[0].start = Start::Identity;
        few.experiment.data = Data::Sample { points: 2, covariance: 1.0, noise: 0.0 };
        let error = few.validate().unwrap_err();
        assert_eq!(error.field_name(), Some("data.points"));
        assert!(error.to_string().contains("3; got 2"), "{error}");
        few.experiment.data = Data::Population { covariance: 1.0, noise: 0.0 };
        few.experiment.network = Network::Linear { width: 3, layers: 2, hidden: Some(3) };
        let error = few.validate().unwrap_err();
        assert_eq!(error.field_name(), Some("network.hidden"));
        assert!(error.to_string().contains("without fixed maps"), "{error}");
        Atlas { basins: false, ..few }.validate().unwrap();
    }
}
