//! The WGSL kernels against their CPU twin, on a real adapter (a software one will do).
#![cfg(feature = "webgpu")]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use identity_lab::data::task::Task;
use identity_lab::engine::cpu::CpuEngine;
use identity_lab::engine::webgpu::WebGpuEngine;
use identity_lab::engine::{Member, Record, Rule, Trainer};
use identity_lab::experiment::{Data, Experiment, Network, Optimizer, Parametrization, Target};
use identity_lab::landscape::plane::{Grid, Span};
use identity_lab::rng::{Random, Stream};

/// Largest difference allowed, relative to the largest magnitude of what is compared.
const TOLERANCE: f32 = 2e-4;

const GRADIENT_DESCENT: Optimizer = Optimizer::GradientDescent { learning_rate: 1e-3 };
const MOMENTUM: Optimizer = Optimizer::Momentum { learning_rate: 3e-4, momentum: 0.9 };
const ADAM: Optimizer = Optimizer::Adam { learning_rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 };

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

fn webgpu(problem: &Task, members: Vec<Member>) -> WebGpuEngine {
    block_on(WebGpuEngine::new(problem, members)).unwrap_or_else(|error| {
        panic!("{error}; a software adapter comes with the Debian package mesa-vulkan-drivers")
    })
}

fn problem(width: usize, layers: usize, covariance: f64) -> Task {
    task(Network::linear(width, layers), covariance)
}

fn task(network: Network, covariance: f64) -> Task {
    let experiment = Experiment {
        seed: 5,
        network,
        target: Target::Random { condition: 4.0 },
        data: Data::Population { covariance, noise: 0.0 },
        ..Experiment::default()
    };
    Task::new(&experiment).unwrap()
}

fn normals(count: usize, scale: f64, random: &mut Random) -> Vec<f32> {
    (0..count).map(|_| (scale * random.normal()) as f32).collect()
}

/// One member of each parametrization with random parameters whose product neither vanishes nor explodes.
fn members(width: usize, layers: usize) -> Vec<Member> {
    let mut random = Random::new(17, Stream::Start);
    let n = layers * width * width;
    let (d, l) = (width as f64, layers as f64);
    let mut standard = normals(n, 0.3 / (d * l).sqrt(), &mut random);
    for layer in standard.chunks_exact_mut(width * width) {
        layer.iter_mut().step_by(width + 1).for_each(|entry| *entry += 1.0);
    }
    vec![
        Member::new(Parametrization::Identity, normals(n, 0.3 / (d * l).sqrt(), &mut random)),
        Member::new(Parametrization::Standard, standard),
    ]
}

fn rule(optimizer: Optimizer) -> Rule {
    Rule { optimizer, batch: None, seed: 0, divergence: 1e9 }
}

fn assert_close(what: &str, ours: &[f32], twin: &[f32], tolerance: f32) {
    assert_eq!(ours.len(), twin.len(), "{what}");
    let magnitude = twin.iter().fold(0.0f32, |m, x| m.max(x.abs()));
    let apart = ours.iter().zip(twin).fold(0.0f32, |m, (x, y)| m.max((x - y).abs()));
    assert!(ours.iter().all(|x| x.is_finite()), "{what}: not finite");
    assert!(apart <= tolerance * magnitude, "{what}: {apart} apart, magnitude {magnitude}");
}

fn assert_records(what: &str, ours: &[Record], twin: &[Record], tolerance: f32) {
    assert_eq!(ours.len(), twin.len(), "{what}");
    for (ours, twin) in ours.iter().zip(twin) {
        assert_close(&format!("{what}, excess"), &ours.excess, &twin.excess, tolerance);
        let norms = (&ours.gradient_norm_squared, &twin.gradient_norm_squared);
        assert_close(&format!("{what}, gradient norm"), norms.0, norms.1, tolerance);
    }
}

fn assert_members(what: &str, ours: &[Member], twin: &[Member], tolerance: f32) {
    for (ours, twin) in ours.iter().zip(twin) {
        assert_close(&format!("{what}, parameters"), &ours.parameters, &twin.parameters, tolerance);
        assert_close(&format!("{what}, first moment"), &ours.first, &twin.first, tolerance);
        assert_close(&format!("{what}, second moment"), &ours.second, &twin.second, tolerance);
        assert_eq!((ours.updates, ours.diverged), (twin.updates, twin.diverged), "{what}");
    }
}

/// Trains both engines in two calls, so that state is carried over, and compares all there is.
fn compare(width: usize, layers: usize, optimizer: Optimizer) {
    let what = format!("d = {width}, l = {layers}, {optimizer:?}");
    compare_on(&what, &problem(width, layers, 3.0), width, layers, optimizer);
}

/// As [`compare`], for any task whose layers have that width.
fn compare_on(what: &str, problem: &Task, width: usize, layers: usize, optimizer: Optimizer) {
    let mut twin = CpuEngine::new(problem, members(width, layers));
    let mut ours = webgpu(problem, members(width, layers));
    for steps in [10, 15] {
        let records =
            [block_on(ours.train(steps, &rule(optimizer))), block_on(twin.train(steps, &rule(optimizer)))];
        let [a, b] = records.map(Result::unwrap);
        assert!(a.iter().all(|record| record.excess.len() == steps as usize + 1), "{what}");
        assert_records(what, &a, &b, TOLERANCE);
    }
    let (a, b) = (block_on(ours.members()).unwrap(), block_on(twin.members()).unwrap());
    assert_members(what, &a, &b, TOLERANCE);
}

/// (d, m) of networks between fixed maps.
const BETWEEN: [(usize, usize); 5] = [(1, 1), (1, 6), (3, 3), (4, 18), (9, 64)];

#[test]
fn training_agrees_between_fixed_maps() {
    for (width, hidden) in BETWEEN {
        for layers in [1, 6] {
            let task = task(Network::Linear { width, layers, hidden: Some(hidden) }, 3.0);
            for optimizer in [GRADIENT_DESCENT, MOMENTUM, ADAM] {
                let what = format!("d = {width}, m = {hidden}, l = {layers}, {optimizer:?}");
                compare_on(&what, &task, hidden, layers, optimizer);
            }
        }
    }
}

#[test]
fn training_agrees_at_every_shape() {
    for width in [1, 3, 4, 8, 16, 33, 64] {
        for layers in [1, 2, 7, 32] {
            for optimizer in [GRADIENT_DESCENT, MOMENTUM, ADAM] {
                compare(width, layers, optimizer);
            }
        }
    }
}

#[test]
fn training_agrees_on_a_wide_and_deep_network() {
    compare(64, 64, GRADIENT_DESCENT);
}

#[test]
fn the_largest_network_is_right() {
    let (width, layers) = (64, 256);
    let problem = problem(width, layers, 1.0);
    let mut twin = CpuEngine::new(&problem, members(width, layers));
    let mut ours = webgpu(&problem, members(width, layers));
    let rule = rule(Optimizer::GradientDescent { learning_rate: 1e-4 });
    let (a, b) = (block_on(ours.train(1, &rule)).unwrap(), block_on(twin.train(1, &rule)).unwrap());
    assert_records("largest", &a, &b, TOLERANCE);
    let (a, b) = (block_on(ours.members()).unwrap(), block_on(twin.members()).unwrap());
    assert_members("largest", &a, &b, TOLERANCE);
}

#[test]
fn a_thousand_steps_stay_together() {
    let problem = problem(8, 16, 1.0);
    for optimizer in [GRADIENT_DESCENT, MOMENTUM, ADAM] {
        let mut twin = CpuEngine::new(&problem, members(8, 16));
        let mut ours = webgpu(&problem, members(8, 16));
        let a = block_on(ours.train(1000, &rule(optimizer))).unwrap();
        let b = block_on(twin.train(1000, &rule(optimizer))).unwrap();
        let what = format!("1000 steps, {optimizer:?}");
        assert_records(&what, &a, &b, TOLERANCE);
        for (ours, start) in a.iter().zip(&b) {
            let (first, last) = (start.excess[0], ours.excess[1000]);
            assert!(last < 1e-2 * first, "{what} must converge: {first} to {last}");
        }
        let (a, b) = (block_on(ours.members()).unwrap(), block_on(twin.members()).unwrap());
        for (ours, twin) in a.iter().zip(&b) {
            assert_close(&what, &ours.parameters, &twin.parameters, TOLERANCE);
        }
    }
}

#[test]
fn divergence_stops_a_member_alone() {
    let problem = problem(4, 8, 1.0);
    // The second member starts far off and explodes; the first must not notice.
    let start = || {
        let mut pair = members(4, 8);
        pair[1].parameters.iter_mut().for_each(|x| *x *= 2.0);
        pair
    };
    let mut twin = CpuEngine::new(&problem, start());
    let mut ours = webgpu(&problem, start());
    let rule = rule(GRADIENT_DESCENT);
    let (a, b) = (block_on(ours.train(40, &rule)).unwrap(), block_on(twin.train(40, &rule)).unwrap());
    assert_eq!(a[0].excess.len(), 41);
    assert_eq!(a[1].excess.len(), b[1].excess.len());
    assert!(a[1].excess.len() < 41, "the case must diverge: {:?}", a[1].excess);
    assert_records("before divergence", &a[..1], &b[..1], TOLERANCE);
    let (x, y) = (block_on(ours.members()).unwrap(), block_on(twin.members()).unwrap());
    assert!(x[1].diverged && !x[0].diverged);
    assert_eq!((x[0].updates, x[1].updates), (y[0].updates, y[1].updates));
    // Frozen: a further call evaluates once and moves nothing.
    let again = block_on(ours.train(5, &rule)).unwrap();
    assert_eq!((again[0].excess.len(), again[1].excess.len()), (6, 1));
    assert_eq!(block_on(ours.members()).unwrap()[1], x[1]);
    // The threshold is the one given: just below the second risk, the second record is the last.
    let close = Rule { divergence: 0.999 * b[1].excess[1], ..rule };
    let record = block_on(webgpu(&problem, start()).train(40, &close)).unwrap();
    assert_eq!(record[1].excess.len(), 2);
}

#[test]
fn landscapes_agree() {
    for width in [1, 3, 4, 8, 16, 33, 64] {
        for layers in [1, 2, 7, 32] {
            landscapes(&problem(width, layers, 3.0), width, layers);
        }
    }
    for (width, hidden) in BETWEEN {
        landscapes(&task(Network::Linear { width, layers: 3, hidden: Some(hidden) }, 3.0), hidden, 3);
    }
}

/// Compares landscapes around both members of a task whose layers have that width.
fn landscapes(problem: &Task, width: usize, layers: usize) {
    let pair = members(width, layers);
    let mut random = Random::new(23, Stream::Direction);
    let n = layers * width * width;
    let scale = 0.3 / ((width * layers) as f64).sqrt();
    let (u, v) = (normals(n, scale, &mut random), normals(n, scale, &mut random));
    let a: Vec<f32> = (0..13).map(|i| -1.0 + i as f32 / 6.0).collect();
    let b: Vec<f32> = (0..7).map(|i| -1.0 + i as f32 / 3.0).collect();
    let mut ours = webgpu(problem, pair.clone());
    let mut twin = CpuEngine::new(problem, pair.clone());
    for member in &pair {
        let plane =
            Span { parametrization: member.parametrization, origin: &member.parameters, u: &u, v: &v };
        let grid = Grid { plane, a: &a, b: &b };
        let x = block_on(ours.landscape(&grid)).unwrap();
        let y = block_on(twin.landscape(&grid)).unwrap();
        assert_close(&format!("landscape of layers {width} wide, l = {layers}"), &x, &y, TOLERANCE);
    }
}

/// Prints milliseconds; run with `--ignored --nocapture` in a release build.
#[test]
#[ignore = "a measurement"]
fn timings() {
    for (width, layers, steps) in [(8, 16, 4000), (16, 32, 1000), (33, 16, 20), (64, 16, 20)] {
        let problem = problem(width, layers, 1.0);
        let pair = members(width, layers);
        let mut ours = webgpu(&problem, pair.clone());
        let mut twin = CpuEngine::new(&problem, pair.clone());
        let rule = rule(GRADIENT_DESCENT);
        let mut row = vec![ours.info().description];
        for round in 0..2 {
            let start = std::time::Instant::now();
            block_on(ours.train(steps, &rule)).unwrap();
            let each = start.elapsed().as_secs_f64() * 1e3 / f64::from(steps);
            let start = std::time::Instant::now();
            block_on(twin.train(steps, &rule)).unwrap();
            let cpu = start.elapsed().as_secs_f64() * 1e3 / f64::from(steps);
            row.push(format!("round {round}: {each:.4} ms a step (cpu {cpu:.4})"));
        }
        let axis: Vec<f32> = (0..64).map(|i| -1.0 + i as f32 / 32.0).collect();
        let plane = Span {
            parametrization: Parametrization::Identity,
            origin: &pair[0].parameters,
            u: &pair[0].parameters,
            v: &pair[0].parameters,
        };
        let grid = Grid { plane, a: &axis, b: &axis };
        let start = std::time::Instant::now();
        block_on(ours.landscape(&grid)).unwrap();
        let each = start.elapsed().as_secs_f64() * 1e3;
        let start = std::time::Instant::now();
        block_on(twin.landscape(&grid)).unwrap();
        row.push(format!("64 x 64 grid {each:.1} ms (cpu {:.1})", start.elapsed().as_secs_f64() * 1e3));
        println!("d = {width}, l = {layers}: {}", row.join(", "));
    }
}
