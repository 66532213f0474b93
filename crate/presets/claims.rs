//! What the commentaries of presets say, run.

use pollster::block_on;

use super::*;
use crate::session::{Session, Spectra};

fn named(id: &str) -> Experiment {
    presets().into_iter().find(|preset| preset.id == id).unwrap().experiment
}

/// The first step at which a twin's excess risk is below a threshold, or the excess risk after so many steps.
fn first_below(
    experiment: &Experiment,
    twin: usize,
    threshold: f32,
    budget: u32,
) -> std::result::Result<u32, f32> {
    watch(experiment, twin, threshold, budget, |_, _| {})
}

/// As [`first_below`], with a look at the singular values at every tenth step.
fn watch(
    experiment: &Experiment,
    twin: usize,
    threshold: f32,
    budget: u32,
    mut look: impl FnMut(f32, Spectra),
) -> std::result::Result<u32, f32> {
    let alone = Experiment { twins: vec![experiment.twins[twin].clone()], ..experiment.clone() };
    let mut session = block_on(Session::new(alone)).unwrap();
    for step in 0..=budget {
        let excess = session.frame().twins[0].excess;
        if step % 10 == 0 {
            look(excess, session.spectra(0).unwrap());
        }
        if excess < threshold {
            return Ok(step);
        }
        if step == budget {
            break;
        }
        block_on(session.step(1)).unwrap();
    }
    Err(session.frame().twins[0].excess)
}

/// Whether a run is below a threshold first at about that step, within 1 % of it.
#[track_caller]
fn reaches(experiment: &Experiment, twin: usize, threshold: f32, step: u32) {
    let found = first_below(experiment, twin, threshold, 2 * step);
    assert!(found.is_ok_and(|found| found.abs_diff(step) <= 1 + step / 100), "{found:?}, not {step}");
}

/// Whether a run is above an excess risk, by no more than 5 % of it, after so many steps.
#[track_caller]
fn stalls(experiment: &Experiment, twin: usize, excess: f32, budget: u32) {
    let found = first_below(experiment, twin, excess * 0.999, budget);
    assert!(found.is_err_and(|found| found <= excess * 1.05), "{found:?}, not {excess}");
}

fn with_layers(experiment: &Experiment, layers: usize) -> Experiment {
    let (_, before) = experiment.shape();
    let rate = experiment.optimizer.learning_rate() * before as f64 / layers as f64;
    let network = experiment.network.with_depth(layers);
    Experiment { network, optimizer: descent(rate), ..experiment.clone() }
}

#[test]
fn positive_definite() {
    reaches(&named("positive-definite"), 0, 1e-5, 489);
}

/// The steps, and the norm that layers end with: max |λ^{1/ℓ} − 1| over the eigenvalues λ, 10^{±½} the extremes.
#[test]
fn depth_independent() {
    let experiment = named("depth-independent");
    for (layers, steps) in [(4, 721), (16, 1045), (64, 1148)] {
        let mut norm = 0.0;
        let deep = with_layers(&experiment, layers);
        let found = watch(&deep, 0, 1e-5, 2000, |_, spectra| norm = spectra.largest_residual_norm).unwrap();
        assert!(found.abs_diff(steps) <= steps / 100, "{layers}: {found}");
        let expected = 10f64.powf(0.5 / layers as f64) - 1.0;
        let least = 1.0 - 10f64.powf(-0.5 / layers as f64);
        assert!((norm / expected.max(least) - 1.0).abs() < 5e-3, "{layers}: {norm}");
    }
    reaches(&experiment, 0, 1e-8, 2252);
    assert!(first_below(&experiment, 1, 5e-8, 2300).is_err());
}

#[test]
fn negative_eigenvalue() {
    let experiment = named("negative-eigenvalue");
    stalls(&experiment, 0, 0.25, 4000);
    reaches(&experiment, 1, 1e-5, 332);
}

/// The product of a run on a rotation is normal: its least singular value is the least modulus of its eigenvalues.
#[test]
fn half_turn() {
    let mut least = f32::INFINITY;
    let found = watch(&named("half-turn"), 0, 1e-5, 1000, |_, spectra| {
        least = spectra.product.into_iter().fold(least, f32::min);
    });
    assert!(found.is_ok_and(|step| step.abs_diff(542) <= 6), "{found:?}");
    assert!((least - 0.087).abs() < 0.005, "{least}");
}

#[test]
fn half_turn_178() {
    let experiment = named("half-turn-178");
    reaches(&experiment, 0, 1e-5, 675);
    let smaller = Experiment { target: Target::Rotation { degrees: 60.0 }, ..experiment.clone() };
    reaches(&smaller, 0, 1e-5, 31);
    for experiment in [experiment, smaller] {
        reaches(&experiment, 1, 1e-5, 48);
    }
}

#[test]
fn half_turn_exact() {
    let experiment = named("half-turn-exact");
    stalls(&experiment, 0, 2.0, 5000);
    reaches(&experiment, 1, 1e-5, 546);
}

#[test]
fn negative_determinant() {
    let experiment = named("negative-determinant");
    stalls(&experiment, 0, 0.1, 5000);
    reaches(&experiment, 1, 1e-5, 478);
}

/// Layers as wide as the input stall where the determinant is negative; between fixed maps its sign is nothing to
/// speed, nor is depth.
#[test]
fn fixed_maps() {
    let experiment = named("fixed-maps");
    let narrow = Experiment { network: linear(4, 16), ..experiment.clone() };
    stalls(&narrow, 0, 0.1, 5000);
    assert!(first_below(&narrow, 1, 0.1, 5000).is_err());
    reaches(&experiment, 0, 1e-5, 23);
    reaches(&experiment, 1, 1e-5, 235);
    let upright = Experiment { target: Target::Random { condition: 10.0 }, ..experiment.clone() };
    reaches(&upright, 0, 1e-5, 21);
    for (layers, end) in [(4, 0.394), (16, 0.0960), (64, 0.0238)] {
        let mut norm = 0.0;
        let deep = with_layers(&experiment, layers);
        reaches(&deep, 0, 1e-5, 23);
        let found = watch(&deep, 0, 1e-9, 400, |_, spectra| norm = spectra.largest_residual_norm);
        assert!(found.is_ok() && (norm / end - 1.0).abs() < 0.01, "{layers}: {found:?} {norm}");
    }
    // With other maps and targets of either sign too.
    for seed in 4..=8 {
        for target in [Target::Random { condition: 10.0 }, Target::NegativeDeterminant { condition: 10.0 }] {
            let found = first_below(&Experiment { seed, target, ..experiment.clone() }, 0, 1e-5, 120);
            assert!(found.is_ok(), "{seed}: {found:?}");
        }
    }
}

#[test]
fn scalar_chain() {
    let experiment = named("scalar-chain");
    reaches(&experiment, 0, 2e-3, 1894);
    reaches(&experiment, 1, 2e-3, 249);
    // The same numbers' spread at every depth, 0.1.
    let median = |layers: usize, target: f64| {
        let mut steps: Vec<u32> = (1..=11)
            .map(|seed| {
                let start = Start::NearIdentity { scale: 0.1 * layers as f64 };
                let target = Target::Diagonal { values: vec![target] };
                let chain =
                    Experiment { seed, target, twins: standard(start.clone(), start), ..experiment.clone() };
                first_below(&with_layers(&chain, layers), 0, 2e-3, 12_000).unwrap_or(u32::MAX)
            })
            .collect();
        steps.sort_unstable();
        steps[5]
    };
    for (layers, away, near) in [(3, 1427, 50), (5, 2990, 48), (7, 9933, 65)] {
        let found = (median(layers, -1.0), median(layers, 1.0));
        assert!(found.0.abs_diff(away) <= away / 50 && found.1.abs_diff(near) <= 2, "{layers}: {found:?}");
    }
}

/// Orthogonal starts take as long at 8 layers as at 32, but for the mirror images.
#[test]
fn orthogonal_gaussian() {
    let experiment = named("orthogonal-gaussian");
    reaches(&experiment, 0, 2e-5, 559);
    assert!(first_below(&experiment, 1, 2.5, 5000).is_err());
    stalls(&Experiment { seed: 1, ..experiment.clone() }, 0, 0.1, 5000);
    let mean = |layers: usize| {
        let seeded = (1..=12).map(|seed| with_layers(&Experiment { seed, ..experiment.clone() }, layers));
        let upright: Vec<Experiment> = seeded.filter(|experiment| !mirrors(experiment)).take(3).collect();
        let steps = upright.iter().map(|experiment| first_below(experiment, 0, 2e-5, 5000).unwrap());
        f64::from(steps.sum::<u32>()) / 3.0
    };
    let (shallow, deep) = (mean(8), mean(32));
    assert!((0.5..2.0).contains(&(deep / shallow)), "{shallow} {deep}");
}

fn mirrors(experiment: &Experiment) -> bool {
    let (width, _) = experiment.shape();
    let session = block_on(Session::new(experiment.clone())).unwrap();
    let product = session.spectra(0).unwrap().product_matrix;
    crate::data::matrix::from_flat(&product, width, width).determinant() < 0.0
}

#[test]
fn balanced() {
    let experiment = named("balanced");
    let target = crate::data::target::target(&experiment.target, 4, experiment.seed);
    let apart = (nalgebra::DMatrix::<f64>::identity(4, 4) - &target).norm();
    let margin = crate::network::spectrum::smallest(&target) - apart;
    assert!((margin - 0.17).abs() < 5e-3, "{margin}");
    let mut curve = Vec::new();
    let found = watch(&experiment, 0, 1e-9, 400, |excess, spectra| {
        assert!(spectra.product.iter().all(|value| f64::from(*value) >= margin));
        curve.push(excess);
    });
    assert!(found.is_ok(), "{found:?}");
    let twenty_steps: Vec<f32> = curve.windows(3).map(|values| values[0] / values[2]).collect();
    assert!(twenty_steps.iter().all(|ratio| *ratio > 9.0), "{twenty_steps:?}");
    assert!(twenty_steps[4..].iter().all(|ratio| *ratio < 12.0), "{twenty_steps:?}");
    stalls(&experiment, 1, 0.5, 3000);
}

/// Only the presets about it diverge.
#[test]
fn no_other_preset_diverges() {
    for preset in presets() {
        let mut session = block_on(Session::new(preset.experiment)).unwrap();
        block_on(session.step(300)).unwrap();
        let diverged = session.frame().twins.iter().any(|twin| twin.diverged_at.is_some());
        let meant = ["divergence", "without-normalization"].contains(&preset.id);
        assert_eq!(diverged, meant, "{}", preset.id);
    }
}
