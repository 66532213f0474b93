//! Maps trained on the GPU against their CPU twin, on a real adapter (a software one will do).
#![cfg(feature = "webgpu")]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use identity_lab::experiment::{Data, Experiment, Network, Optimizer, Start, Target, Twin};
use identity_lab::maps::{Atlas, Axis, Budget, Fleet, Outcome, Quantity, Runner, Scale};

/// Largest relative difference of final excess risks.
const TOLERANCE: f32 = 2e-3;

/// Native futures of wgpu are ready once the device was polled, so asking again is enough.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::yield_now(),
        }
    }
}

fn fleet() -> Fleet {
    block_on(Fleet::new()).unwrap_or_else(|error| {
        panic!("{error}; a software adapter comes with the Debian package mesa-vulkan-drivers")
    })
}

fn axis(quantity: Quantity, low: f64, high: f64) -> Axis {
    Axis { quantity, scale: Scale::Linear, low, high }
}

fn rates(low: f64, high: f64) -> Axis {
    Axis { quantity: Quantity::LearningRate, scale: Scale::Log, low, high }
}

fn map(width: usize, layers: usize, x: Axis, y: Axis) -> Atlas {
    let experiment = Experiment { seed: 3, network: Network::linear(width, layers), ..Experiment::default() };
    let budget = Budget { steps: 60, threshold: 0.3, stop_at_threshold: false };
    Atlas { experiment, x, y, columns: 12, rows: 12, budget, ..Atlas::default() }
}

/// What differs beyond the tolerances: which networks diverged and when, steps to the threshold by more than
/// one, the final excess risk by more than `tolerance` times itself or, where a network has converged, 1e-7.
fn differences(ours: &[Vec<Outcome>], twin: &[Vec<Outcome>], tolerance: f32) -> Vec<String> {
    assert_eq!(ours.len(), twin.len());
    let near = |a: Option<u32>, b: Option<u32>| match (a, b) {
        (Some(a), Some(b)) => a.abs_diff(b) <= 1,
        (None, None) => true,
        _ => false,
    };
    let mut found = Vec::new();
    for (cell, (ours, twin)) in ours.iter().zip(twin).enumerate() {
        assert_eq!(ours.len(), twin.len());
        for (network, (a, b)) in ours.iter().zip(twin).enumerate() {
            let apart = (a.excess - b.excess).abs();
            // A diverged run multiplies its risk in every step, and rounding errors with it.
            let close = b.diverged_at.is_some() || apart <= tolerance * b.excess.abs() + 1e-7;
            let same = a.diverged_at == b.diverged_at && near(a.steps, b.steps) && close;
            found.extend(
                (!same).then(|| format!("cell {cell}, network {network}: {a:?}, and on the cpu {b:?}")),
            );
        }
    }
    found
}

/// Which networks, of a millionth larger a rate, come to something else on the cpu alone (by a tenth of the tolerance): at the edge of stability
/// runs are chaotic, and every rounding error decides.
fn chaotic(atlas: &Atlas, cells: &[u32], twin: &[Vec<Outcome>]) -> Vec<String> {
    let mut runner = Runner::default();
    let nudged = cells.iter().map(|cell| {
        let (ix, iy) = (*cell as usize % atlas.columns, *cell as usize / atlas.columns);
        let mut experiment = atlas.cell(ix, iy).unwrap();
        match &mut experiment.optimizer {
            Optimizer::GradientDescent { learning_rate }
            | Optimizer::Momentum { learning_rate, .. }
            | Optimizer::Adam { learning_rate, .. } => *learning_rate *= 1.0 + 1e-6,
        }
        runner.run(&experiment, &atlas.budget).unwrap()
    });
    let nudged: Vec<_> = nudged.collect();
    names(&differences(&nudged, twin, 0.1 * TOLERANCE))
}

/// "cell 7, network 1" of each sentence.
fn names(sentences: &[String]) -> Vec<String> {
    sentences.iter().map(|text| text.split(':').next().unwrap_or_default().to_owned()).collect()
}

/// Trains all cells on both engines; all networks must agree, but for chaotic ones, of which there may be one in
/// six. Returns how many networks were learned and how many diverged.
fn compare(what: &str, atlas: &Atlas) -> (usize, usize) {
    atlas.validate().unwrap();
    // In no order, and in two calls.
    let cells: Vec<u32> = (0..(atlas.columns * atlas.rows) as u32).rev().collect();
    let (left, right) = cells.split_at(cells.len() / 3);
    let mut gpu = fleet();
    let mut ours = block_on(gpu.outcomes(atlas, left)).unwrap();
    ours.extend(block_on(gpu.outcomes(atlas, right)).unwrap());
    let twin = atlas.outcomes(&cells, &mut Runner::default()).unwrap();
    let chaotic = chaotic(atlas, &cells, &twin);
    let networks = twin.iter().flatten();
    let count = networks.clone().count();
    let learned = networks.clone().filter(|outcome| outcome.steps.is_some()).count();
    let diverged = networks.filter(|outcome| outcome.diverged_at.is_some()).count();
    let mut found = differences(&ours, &twin, TOLERANCE);
    println!(
        "{what}: of {count} networks {learned} learned, {diverged} diverged, {} are chaotic, {} differ",
        chaotic.len(),
        found.len()
    );
    found.retain(|text| !chaotic.contains(&names(std::slice::from_ref(text))[0]));
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
    assert!(chaotic.len() <= count / 6, "{what}: {} of {count} networks are chaotic", chaotic.len());
    (learned, diverged)
}

#[test]
fn rates_and_depths() {
    let atlas = map(5, 4, rates(1e-3, 1.0), axis(Quantity::Depth, 1.0, 24.0));
    let (learned, diverged) = compare("rates and depths", &atlas);
    assert!(learned > 50 && diverged > 50, "{learned} and {diverged}");
}

#[test]
fn other_targets_and_starts_in_each_cell() {
    let mut atlas = map(8, 6, axis(Quantity::StartScale, 0.1, 1.0), axis(Quantity::Condition, 1.0, 12.0));
    atlas.experiment.data = Data::Population { covariance: 3.0, noise: 0.1 };
    atlas.experiment.optimizer = Optimizer::Momentum { learning_rate: 0.002, momentum: 0.9 };
    let (learned, _) = compare("targets and starts", &atlas);
    assert!(learned > 50, "{learned}");
}

#[test]
fn other_samples_under_adam() {
    let mut atlas = map(3, 5, rates(1e-3, 0.1), axis(Quantity::Seed, 1.0, 13.0));
    atlas.experiment.data = Data::Sample { points: 20, covariance: 2.0, noise: 0.1 };
    atlas.experiment.optimizer =
        Optimizer::Adam { learning_rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 };
    let (learned, _) = compare("samples under Adam", &atlas);
    assert!(learned > 50, "{learned}");
}

/// Every seed has fixed maps of its own.
#[test]
fn other_fixed_maps_in_each_cell() {
    let mut atlas = map(3, 6, rates(1e-3, 0.1), axis(Quantity::Seed, 1.0, 13.0));
    atlas.experiment.network = Network::Linear { width: 3, layers: 6, hidden: Some(10) };
    let (learned, _) = compare("fixed maps", &atlas);
    assert!(learned > 50, "{learned}");
    atlas.y = axis(Quantity::Depth, 1.0, 12.0);
    compare("fixed maps at every depth", &atlas);
}

#[test]
fn runs_end_at_the_threshold() {
    let mut atlas = map(6, 8, axis(Quantity::RotationAngle, 10.0, 170.0), rates(1e-3, 0.02));
    atlas.budget = Budget { steps: 300, threshold: 0.01, stop_at_threshold: true };
    let (learned, _) = compare("to the threshold", &atlas);
    assert!(learned > 50, "{learned}");
}

#[test]
fn wide_networks() {
    for (width, layers) in [(16, 7), (33, 3), (64, 2)] {
        let mut atlas = map(width, layers, rates(1e-4, 1e-2), axis(Quantity::Seed, 1.0, 3.0));
        (atlas.columns, atlas.rows, atlas.budget.steps) = (4, 2, 12);
        compare(&format!("width {width}"), &atlas);
    }
}

/// A workgroup that several networks share, among them ones that end early, changes nothing.
#[test]
fn neighbours_in_a_workgroup_do_not_matter() {
    for width in [2, 8] {
        let mut atlas = map(width, 4, rates(1e-3, 1.0), axis(Quantity::Depth, 1.0, 5.0));
        atlas.rows = 5;
        let cells: Vec<u32> = (0..59).collect();
        for stop_at_threshold in [false, true] {
            atlas.budget.stop_at_threshold = stop_at_threshold;
            let alone = block_on(fleet().packed(1).outcomes(&atlas, &cells)).unwrap();
            let diverged = alone.iter().flatten().filter(|outcome| outcome.diverged_at.is_some()).count();
            assert!((10..100).contains(&diverged), "{diverged}");
            let shared = block_on(fleet().packed(64).outcomes(&atlas, &cells)).unwrap();
            assert_eq!(format!("{alone:?}"), format!("{shared:?}"));
        }
    }
}

/// Several slices, and a start that every cell shares.
#[test]
fn more_networks_than_fit_in_the_buffers() {
    let mut atlas = map(8, 256, rates(1e-4, 1e-2), axis(Quantity::StartScale, 0.1, 0.2));
    (atlas.columns, atlas.rows, atlas.budget.steps) = (500, 3, 1);
    atlas.experiment.twins = vec![Twin { start: Start::Identity, ..atlas.experiment.twins[0].clone() }];
    atlas.experiment.target = Target::Rotation { degrees: 30.0 };
    compare("slices", &atlas);
}

/// Prints network-steps a second; run with `--ignored --nocapture` in a release build.
#[test]
#[ignore = "a measurement"]
fn timings() {
    for (width, layers) in [(4, 16), (8, 16), (16, 32)] {
        let mut atlas = map(width, layers, rates(1e-6, 1e-4), axis(Quantity::StartScale, 0.5, 1.0));
        (atlas.columns, atlas.rows) = (16, 16);
        let cells: Vec<u32> = (0..256).collect();
        let mut gpu = fleet();
        for packed in [1, 4, 16, 64] {
            gpu = gpu.packed(packed);
            for _ in 0..2 {
                let begin = std::time::Instant::now();
                block_on(gpu.outcomes(&atlas, &cells)).unwrap();
                let steps = 512.0 * f64::from(atlas.budget.steps);
                let rate = steps / begin.elapsed().as_secs_f64();
                let work = rate * (3 * layers * width * width * width) as f64 / 1e9;
                println!("d = {width}, l = {layers}, packed {packed}: {rate:.0} steps/s, {work:.2} GMAC/s");
            }
        }
    }
}
