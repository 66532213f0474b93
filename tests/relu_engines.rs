//! ReLU networks on the burn and webgpu engines against the cpu engine.
#![cfg(any(feature = "burn", feature = "webgpu"))]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use identity_lab::data::sets::PointSet;
use identity_lab::data::task::Task;
use identity_lab::engine::{Engine, EngineKind, Member, Record, Rule, Trainer};
use identity_lab::experiment::{Data, Experiment, Loss, Network, Optimizer, Parametrization, Start};
use identity_lab::landscape::plane::{Grid, Span};
use identity_lab::network::init::start_of;
use identity_lab::rng::{Random, Stream};

/// Largest difference allowed in a loss or gradient, relative to the largest magnitude compared.
const TOLERANCE: f32 = 5e-5;
/// The same after many updates, each of which adds its own rounding.
const TRAINED: f32 = 5e-4;

const BOTH: [Parametrization; 2] = [Parametrization::Identity, Parametrization::Standard];
const LOSSES: [Loss; 2] = [Loss::CrossEntropy, Loss::Squared];
const OPTIMIZERS: [Optimizer; 3] = [
    Optimizer::GradientDescent { learning_rate: 0.02 },
    Optimizer::Momentum { learning_rate: 0.004, momentum: 0.9 },
    Optimizer::Adam { learning_rate: 0.0005, beta1: 0.9, beta2: 0.999, epsilon: 1e-4 },
];

/// Native futures of wgpu are ready once the device was polled, so asking again is enough.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::yield_now(),
        }
    }
}

/// Shape of a network and its data: width, blocks, points, dimension, classes.
type Shape = [usize; 5];

fn experiment([width, blocks, points, dimension, classes]: Shape, loss: Loss, ends: bool) -> Experiment {
    let set = if dimension == 2 { PointSet::Spirals } else { PointSet::Sphere };
    Experiment {
        network: Network::Relu { width, blocks, loss, train_ends: ends },
        data: Data::Set { set, points, classes, dimension, noise: 0.02, held_out: 0.0 },
        ..Experiment::default()
    }
}

fn task(shape: Shape, loss: Loss, ends: bool) -> Task {
    Task::new(&experiment(shape, loss, ends)).unwrap()
}

/// Starts of which no part is zero or one, with and without skips.
fn members(shape: Shape, gains: bool) -> Vec<Member> {
    let depth = shape[1] as f64;
    BOTH.map(|parametrization| {
        let start = match parametrization {
            Parametrization::Identity => Start::SkipInit { scale: 1.0 / depth.sqrt() },
            Parametrization::Standard => Start::He { scale: 1.0 },
        };
        let mut parameters = start_of(&start, parametrization, &experiment(shape, Loss::CrossEntropy, true));
        let mut random = Random::new(5, Stream::Direction);
        parameters.iter_mut().for_each(|x| *x += (0.03 * random.normal()) as f32);
        Member { gains, ..Member::new(parametrization, parameters) }
    })
    .to_vec()
}

/// The same with every unit well on one side of its kink. A point that crosses one in one engine a step before
/// the other moves both runs apart by its share of the gradient, which says nothing about the engines.
fn smooth_members(shape: Shape, task: &Task) -> Vec<Member> {
    let mut members = members(shape, true);
    let layout = task.relu("this").unwrap().layout;
    for member in &mut members {
        member.parameters.iter_mut().for_each(|x| *x *= 0.6);
        for s in (0..layout.blocks).map(|index| layout.block(index).s) {
            let sides = [1.0, -2.0].into_iter().cycle();
            member.parameters[s].iter_mut().zip(sides).for_each(|(s, side)| *s = side);
        }
    }
    members
}

fn rule(optimizer: Optimizer, batch: Option<usize>) -> Rule {
    Rule { optimizer, batch, seed: 5, divergence: 1e6 }
}

fn engine(kind: EngineKind, task: &Task, members: Vec<Member>) -> Engine {
    wait(Engine::new(kind, task, members)).unwrap_or_else(|error| {
        panic!("{error}; a software adapter comes with the Debian package mesa-vulkan-drivers")
    })
}

/// Trains in two calls, so that what is remembered is carried over.
fn run(engine: &mut Engine, steps: u32, rule: &Rule) -> (Vec<Record>, Vec<Member>) {
    let mut records = wait(engine.train(steps / 3, rule)).unwrap();
    let more = wait(engine.train(steps - steps / 3, rule)).unwrap();
    for (record, more) in records.iter_mut().zip(more) {
        record.excess.extend(&more.excess[1..]);
        record.gradient_norm_squared.extend(&more.gradient_norm_squared[1..]);
    }
    (records, wait(engine.members()).unwrap())
}

/// The largest difference, relative to the largest magnitude expected.
fn apart(found: &[f32], wanted: &[f32]) -> f32 {
    assert_eq!(found.len(), wanted.len());
    assert!(found.iter().all(|x| x.is_finite()), "not finite");
    let largest = wanted.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
    found.iter().zip(wanted).fold(0.0f32, |most, (x, y)| most.max((x - y).abs())) / largest
}

fn assert_close(found: &[f32], wanted: &[f32], tolerance: f32, what: &str) {
    let apart = apart(found, wanted);
    assert!(apart <= tolerance, "{what}: {apart} apart");
}

fn assert_runs_close(
    (records, members): &(Vec<Record>, Vec<Member>),
    (wanted_records, wanted): &(Vec<Record>, Vec<Member>),
    what: &str,
) {
    assert_eq!((records.len(), members.len()), (wanted_records.len(), wanted.len()));
    for (found, wanted) in records.iter().zip(wanted_records) {
        assert_close(&found.excess, &wanted.excess, TRAINED, &format!("{what}, losses"));
        let norms = (&found.gradient_norm_squared, &wanted.gradient_norm_squared);
        assert_close(norms.0, norms.1, 2.0 * TRAINED, &format!("{what}, gradient norms"));
    }
    for (found, wanted) in members.iter().zip(wanted) {
        let what = format!("{what}, {:?}", wanted.parametrization);
        assert_eq!((found.updates, found.diverged), (wanted.updates, wanted.diverged), "{what}");
        assert_eq!((found.gains, found.parametrization), (wanted.gains, wanted.parametrization), "{what}");
        assert_close(&found.parameters, &wanted.parameters, TRAINED, &format!("{what}, parameters"));
        assert_close(&found.first, &wanted.first, TRAINED, &format!("{what}, first moment"));
        assert_close(&found.second, &wanted.second, TRAINED, &format!("{what}, second moment"));
    }
}

/// Losses and every part of the gradient: widths that do and do not fill a tile, points that do and do not
/// fill a chunk or that need several, both losses, with and without skips, ends and gains trained or not.
fn gradients(kind: EngineKind) {
    let shapes = [
        [2, 1, 3, 2, 2],
        [4, 5, 33, 2, 3],
        [7, 3, 32, 5, 4],
        [16, 8, 256, 2, 2],
        [21, 2, 600, 13, 7],
        [64, 2, 40, 64, 16],
        [33, 4, 31, 3, 5],
    ];
    for shape in shapes {
        for loss in LOSSES {
            for (ends, gains) in [(true, true), (true, false), (false, true), (false, false)] {
                let task = task(shape, loss, ends);
                let what = format!("{shape:?}, {loss:?}, ends {ends}, gains {gains}");
                let [mut found, mut wanted] =
                    [kind, EngineKind::Cpu].map(|kind| engine(kind, &task, members(shape, gains)));
                let losses = |engine: &mut Engine| -> Vec<f32> {
                    let rule = rule(OPTIMIZERS[0], None);
                    let records = wait(engine.train(0, &rule)).unwrap();
                    records.iter().flat_map(|r| [r.excess[0], r.gradient_norm_squared[0]]).collect()
                };
                for (found, wanted) in losses(&mut found).iter().zip(losses(&mut wanted)) {
                    assert_close(&[*found], &[wanted], TOLERANCE, &format!("{what}, record"));
                }
                let layout = task.relu("this").unwrap().layout;
                let [found, wanted] = [found, wanted].map(|mut engine| wait(engine.gradients()).unwrap());
                for (found, wanted) in found.iter().zip(&wanted) {
                    // A matrix at a time: a small part must not hide behind a large one.
                    let blocks = (0..layout.blocks).map(|index| layout.block(index));
                    let parts = blocks.flat_map(|at| [at.u, at.s, at.v, at.alpha..at.alpha + 1]);
                    for part in parts.chain([layout.input(), layout.output()]) {
                        let what = format!("{what}, gradient at {part:?}");
                        // α is a sum of terms that may cancel, so it is measured by the whole.
                        if part.len() > 1 {
                            let (found, wanted) = (&found[part.clone()], &wanted[part]);
                            assert_close(found, wanted, 4.0 * TOLERANCE, &what);
                        }
                    }
                    assert_close(found, wanted, TOLERANCE, &format!("{what}, gradient"));
                }
            }
        }
    }
}

fn training(kind: EngineKind, steps: u32) {
    let shape = [8, 5, 90, 2, 3];
    for loss in LOSSES {
        let task = task(shape, loss, true);
        for optimizer in OPTIMIZERS {
            let rule = rule(optimizer, None);
            let [found, wanted] = [kind, EngineKind::Cpu]
                .map(|kind| run(&mut engine(kind, &task, smooth_members(shape, &task)), steps, &rule));
            for record in &wanted.0 {
                let [first, last] = [record.excess[0], record.excess[steps as usize]];
                assert!(last < 0.99 * first, "a run that stands still proves nothing: {first} to {last}");
            }
            assert_runs_close(&found, &wanted, &format!("{loss:?}, {optimizer:?}"));
        }
    }
}

/// Records are those of all points, updates follow the same batches: within an epoch and across several,
/// batches that fill no chunk and one that needs more than one.
fn minibatches(kind: EngineKind) {
    for (points, batch) in [(90, 20), (90, 1), (90, 90), (700, 300)] {
        let shape = [8, 3, points, 2, 3];
        let task = task(shape, Loss::CrossEntropy, true);
        for optimizer in OPTIMIZERS {
            let what = format!("batches of {batch} of {points}, {optimizer:?}");
            let rule = rule(optimizer, Some(batch));
            let [found, wanted] = [kind, EngineKind::Cpu]
                .map(|kind| run(&mut engine(kind, &task, members(shape, true)), 31, &rule));
            assert_runs_close(&found, &wanted, &what);
            if batch < points {
                let other = Rule { seed: 6, ..rule };
                let other = run(&mut engine(kind, &task, members(shape, true)), 31, &other);
                let moved = apart(&other.1[0].parameters, &found.1[0].parameters);
                assert!(moved > TRAINED, "{what}: the order must matter, {moved}");
            }
        }
        let rule = rule(OPTIMIZERS[0], Some(points + 1));
        assert!(wait(engine(kind, &task, members(shape, true)).train(1, &rule)).is_err());
    }
}

/// What is not trained keeps its bits, under every optimizer.
fn fixed_parts(kind: EngineKind) {
    let shape = [6, 3, 50, 2, 3];
    let task = task(shape, Loss::CrossEntropy, false);
    let layout = task.relu("this").unwrap().layout;
    for optimizer in OPTIMIZERS {
        let start = members(shape, false);
        let (_, trained) = run(&mut engine(kind, &task, start.clone()), 12, &rule(optimizer, Some(30)));
        for (trained, start) in trained.iter().zip(&start) {
            let same =
                |range: std::ops::Range<usize>| trained.parameters[range.clone()] == start.parameters[range];
            assert!(same(layout.input()) && same(layout.output()), "{optimizer:?}");
            for at in (0..layout.blocks).map(|index| layout.block(index)) {
                assert!(same(at.alpha..at.alpha + 1), "{optimizer:?}");
                assert!(!same(at.u) && !same(at.s) && !same(at.v), "{optimizer:?}");
            }
        }
    }
}

/// Moments, the number of updates and the place in the epoch must travel.
fn switching(kind: EngineKind) {
    let shape = [6, 4, 60, 2, 3];
    let task = task(shape, Loss::CrossEntropy, true);
    for optimizer in OPTIMIZERS {
        let rule = rule(optimizer, Some(16));
        let unbroken = run(&mut engine(EngineKind::Cpu, &task, members(shape, true)), 45, &rule).1;
        let mut moving = members(shape, true);
        for kind in [EngineKind::Cpu, kind, EngineKind::Cpu] {
            moving = run(&mut engine(kind, &task, moving), 15, &rule).1;
        }
        let none = Vec::new;
        assert_runs_close(&(none(), moving), &(none(), unbroken), &format!("{optimizer:?}"));
    }
}

fn divergence(kind: EngineKind) {
    let shape = [5, 6, 40, 2, 2];
    let task = task(shape, Loss::Squared, true);
    // The second starts far off and explodes; the first must not notice.
    let start = || {
        let mut pair = members(shape, true);
        pair[1].parameters.iter_mut().for_each(|x| *x *= 1.3);
        pair
    };
    let rule = rule(Optimizer::GradientDescent { learning_rate: 0.1 }, None);
    let [mut found, mut wanted] = [kind, EngineKind::Cpu].map(|kind| engine(kind, &task, start()));
    let [a, b] = [&mut found, &mut wanted].map(|engine| wait(engine.train(40, &rule)).unwrap());
    assert_eq!((a[0].excess.len(), a[1].excess.len()), (41, b[1].excess.len()));
    assert!(b[1].excess.len() < 41, "the case must diverge: {:?}", b[1].excess);
    assert_close(&a[0].excess, &b[0].excess, TRAINED, "the one that does not diverge");
    let [x, y] = [&mut found, &mut wanted].map(|engine| wait(engine.members()).unwrap());
    assert!(x[1].diverged && !x[0].diverged);
    assert_eq!((x[0].updates, x[1].updates), (y[0].updates, y[1].updates));
    // Frozen: a further call evaluates once and moves nothing.
    let again = wait(found.train(5, &rule)).unwrap();
    assert_eq!((again[0].excess.len(), again[1].excess.len()), (6, 1));
    assert_eq!(wait(found.members()).unwrap()[1], x[1]);
    // The threshold is the one given: just below the second loss, the second record is the last.
    let close = Rule { divergence: 0.999 * b[1].excess[1], ..rule };
    assert_eq!(wait(engine(kind, &task, start()).train(40, &close)).unwrap()[1].excess.len(), 2);
}

fn landscapes(kind: EngineKind) {
    let a: Vec<f32> = (0..7).map(|i| -1.0 + i as f32 / 3.0).collect();
    let b: Vec<f32> = (0..5).map(|i| -0.5 + 0.3 * i as f32).collect();
    for shape in [[2, 1, 3, 2, 2], [9, 4, 45, 2, 3], [16, 8, 256, 2, 2], [64, 2, 300, 20, 16]] {
        for loss in LOSSES {
            let task = task(shape, loss, true);
            for member in members(shape, false) {
                let mut random = Random::new(23, Stream::Direction);
                let mut direction = || -> Vec<f32> {
                    let scale = 0.3 / (shape[0] as f64).sqrt();
                    member.parameters.iter().map(|_| (scale * random.normal()) as f32).collect()
                };
                let (u, v) = (direction(), direction());
                let parametrization = member.parametrization;
                let plane = Span { parametrization, origin: &member.parameters, u: &u, v: &v };
                let grid = Grid { plane, a: &a, b: &b };
                let [found, wanted] = [kind, EngineKind::Cpu]
                    .map(|kind| wait(engine(kind, &task, Vec::new()).landscape(&grid)).unwrap());
                assert_close(
                    &found,
                    &wanted,
                    TOLERANCE,
                    &format!("{shape:?}, {loss:?}, {parametrization:?}"),
                );
                let none = Grid { plane, a: &[], b: &b };
                assert!(wait(engine(kind, &task, Vec::new()).landscape(&none)).unwrap().is_empty());
            }
        }
    }
}

macro_rules! agrees_with_the_cpu_engine {
    ($engine:ident, $kind:expr, $steps:literal) => {
        mod $engine {
            use identity_lab::engine::EngineKind;

            const KIND: EngineKind = $kind;

            #[test]
            fn losses_and_gradients_agree() {
                super::gradients(KIND);
            }

            #[test]
            fn many_steps_agree_under_every_optimizer() {
                super::training(KIND, $steps);
            }

            #[test]
            fn minibatches_agree() {
                super::minibatches(KIND);
            }

            #[test]
            fn what_is_not_trained_does_not_move() {
                super::fixed_parts(KIND);
            }

            #[test]
            fn switching_engines_in_mid_run_changes_nothing() {
                super::switching(KIND);
            }

            #[test]
            fn divergence_stops_a_member_alone() {
                super::divergence(KIND);
            }

            #[test]
            fn landscapes_agree() {
                super::landscapes(KIND);
            }
        }
    };
}

#[cfg(feature = "burn")]
agrees_with_the_cpu_engine!(burn, EngineKind::Burn, 200);

#[cfg(feature = "webgpu")]
agrees_with_the_cpu_engine!(webgpu, EngineKind::WebGpu, 100);
