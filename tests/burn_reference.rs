//! burn's autodiff against the hand-written gradients, and the burn engine against the cpu engine.
#![cfg(feature = "burn")]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use identity_lab::data::task::Task;
use identity_lab::engine::{Engine, EngineKind, Member, Record, Rule, Trainer};
use identity_lab::experiment::{Data, Experiment, Network, Optimizer, Parametrization};
use identity_lab::landscape::plane::{Grid, Span};
use identity_lab::rng::{Random, Stream};
use proptest::prelude::*;

const BOTH: [Parametrization; 2] = [Parametrization::Identity, Parametrization::Standard];
const OPTIMIZERS: [Optimizer; 3] = [
    Optimizer::GradientDescent { learning_rate: 0.002 },
    Optimizer::Momentum { learning_rate: 0.0005, momentum: 0.9 },
    Optimizer::Adam { learning_rate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
];

/// Neither engine under test ever waits, so one poll is enough.
fn wait<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a CPU engine never waits"),
    }
}

fn problem(width: usize, layers: usize, seed: u32) -> Task {
    sampled(Network::linear(width, layers), seed)
}

fn sampled(network: Network, seed: u32) -> Task {
    task(&Experiment {
        seed,
        network,
        data: Data::Sample { points: 96, covariance: 3.0, noise: 0.1 },
        ..Experiment::default()
    })
}

/// Numbers near 0 for the identity parametrization and near I for the other.
fn start(parametrization: Parametrization, width: usize, layers: usize, seed: u32) -> Member {
    let mut random = Random::new(seed, Stream::Start);
    let scale = 0.3 / (layers as f64).sqrt() / (width as f64).sqrt();
    let mut parameters: Vec<f32> =
        (0..layers * width * width).map(|_| (scale * random.normal()) as f32).collect();
    if parametrization == Parametrization::Standard {
        for layer in parameters.chunks_exact_mut(width * width) {
            (0..width).for_each(|i| layer[i * width + i] += 1.0);
        }
    }
    Member::new(parametrization, parameters)
}

fn starts(width: usize, layers: usize) -> Vec<Member> {
    BOTH.map(|parametrization| start(parametrization, width, layers, 11)).to_vec()
}

fn task(experiment: &Experiment) -> Task {
    Task::new(experiment).unwrap()
}

fn engine(kind: EngineKind, problem: &Task, members: Vec<Member>) -> Engine {
    wait(Engine::new(kind, problem, members)).unwrap()
}

fn rule(optimizer: Optimizer, batch: Option<usize>) -> Rule {
    Rule { optimizer, batch, seed: 5, divergence: 1e12 }
}

fn run(engine: &mut Engine, steps: u32, rule: &Rule) -> (Vec<Record>, Vec<Member>) {
    let records = wait(engine.train(steps, rule)).unwrap();
    (records, wait(engine.members()).unwrap())
}

/// Agreement within a fraction of the largest magnitude expected.
fn assert_close(actual: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}: lengths");
    let largest = expected.iter().fold(0.0f32, |m, x| m.max(x.abs()));
    for (index, (a, e)) in actual.iter().zip(expected).enumerate() {
        // Written so that a NaN fails.
        assert!((a - e).abs() <= tolerance * largest, "{what}[{index}]: got {a}, expected {e}");
    }
}

fn assert_members_close(actual: &[Member], expected: &[Member], tolerance: f32, what: &str) {
    assert_eq!(actual.len(), expected.len());
    for (a, e) in actual.iter().zip(expected) {
        let what = format!("{what}, {:?}", e.parametrization);
        assert_eq!((a.updates, a.diverged), (e.updates, e.diverged), "{what}");
        assert_close(&a.parameters, &e.parameters, tolerance, &format!("{what}, parameters"));
        assert_close(&a.first, &e.first, tolerance, &format!("{what}, first moment"));
        assert_close(&a.second, &e.second, tolerance, &format!("{what}, second moment"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_agree(width in 1usize..14, layers in 1usize..18, seed in 0u32..1000) {
        let problem = problem(width, layers, seed);
        let members = BOTH.map(|parametrization| start(parametrization, width, layers, seed)).to_vec();
        let expected = wait(engine(EngineKind::Cpu, &problem, members.clone()).gradients()).unwrap();
        let actual = wait(engine(EngineKind::Burn, &problem, members).gradients()).unwrap();
        for (a, e) in actual.iter().zip(&expected) {
            assert_close(a, e, 2e-4, &format!("gradient, width {width}, {layers} layers, seed {seed}"));
        }
    }
}

/// Fifty steps, a landscape, and a batch of all points, which is the full batch.
#[test]
fn fixed_maps_agree() {
    for (width, hidden) in [(1, 5), (3, 3), (3, 10)] {
        let layers = 5;
        let problem = sampled(Network::Linear { width, layers, hidden: Some(hidden) }, 2);
        for optimizer in OPTIMIZERS {
            let what = format!("d = {width}, m = {hidden}, {optimizer:?}");
            let train = |kind, batch| {
                let mut engine = engine(kind, &problem, starts(hidden, layers));
                run(&mut engine, 50, &rule(optimizer, batch))
            };
            let (expected, cpu) = train(EngineKind::Cpu, None);
            let (records, members) = train(EngineKind::Burn, None);
            assert_members_close(&members, &cpu, 2e-4, &what);
            for (a, e) in records.iter().zip(&expected) {
                assert!(e.excess[50] < 0.9 * e.excess[0], "a run that stands still would prove nothing");
                assert_close(&a.excess, &e.excess, 2e-4, "excess");
                assert_close(&a.gradient_norm_squared, &e.gradient_norm_squared, 4e-4, "gradient norm");
            }
            // Adam divides by gradients' sizes, and small ones are all rounding.
            if !matches!(optimizer, Optimizer::Adam { .. }) {
                assert_members_close(&train(EngineKind::Burn, Some(96)).1, &members, 5e-4, &what);
            }
        }
        assert_landscapes_close(&problem, hidden, layers);
    }
}

#[test]
fn fifty_steps_agree_under_every_optimizer() {
    let problem = problem(7, 6, 2);
    for optimizer in OPTIMIZERS {
        let rule = rule(optimizer, None);
        let (cpu_records, cpu) = run(&mut engine(EngineKind::Cpu, &problem, starts(7, 6)), 50, &rule);
        let (records, members) = run(&mut engine(EngineKind::Burn, &problem, starts(7, 6)), 50, &rule);
        assert_members_close(&members, &cpu, 2e-4, &format!("{optimizer:?}"));
        for (a, e) in records.iter().zip(&cpu_records) {
            assert_eq!(e.excess.len(), 51);
            assert!(e.excess[50] < 0.9 * e.excess[0], "a run that stands still would prove nothing");
            assert_close(&a.excess, &e.excess, 2e-4, "excess");
            assert_close(&a.gradient_norm_squared, &e.gradient_norm_squared, 4e-4, "gradient norm");
        }
    }
}

/// Moments and the number of updates must travel: Adam and momentum go astray without them.
#[test]
fn switching_engines_in_mid_run_changes_nothing() {
    let problem = problem(6, 5, 4);
    for optimizer in OPTIMIZERS {
        let rule = rule(optimizer, None);
        let (_, unbroken) = run(&mut engine(EngineKind::Cpu, &problem, starts(6, 5)), 60, &rule);
        let mut members = starts(6, 5);
        for kind in [EngineKind::Cpu, EngineKind::Burn, EngineKind::Cpu] {
            (_, members) = run(&mut engine(kind, &problem, members), 20, &rule);
        }
        assert_members_close(&members, &unbroken, 2e-4, &format!("{optimizer:?}"));
    }
}

#[test]
fn minibatches_decrease_the_risk_and_repeat_bit_for_bit() {
    let problem = problem(6, 5, 4);
    for optimizer in OPTIMIZERS {
        let rule = rule(optimizer, Some(20));
        let (records, unbroken) = run(&mut engine(EngineKind::Burn, &problem, starts(6, 5)), 60, &rule);
        for record in &records {
            assert!(record.excess[60] < 0.8 * record.excess[0], "{optimizer:?}: {:?}", record.excess);
        }
        // Broken off within an epoch (four batches of 20 of 96 points) and taken up by a new engine.
        let (_, half) = run(&mut engine(EngineKind::Burn, &problem, starts(6, 5)), 23, &rule);
        let (_, members) = run(&mut engine(EngineKind::Burn, &problem, half), 37, &rule);
        assert_eq!(members, unbroken);
        let other = Rule { seed: 6, ..rule };
        let (_, members) = run(&mut engine(EngineKind::Burn, &problem, starts(6, 5)), 60, &other);
        assert_ne!(members[0].parameters, unbroken[0].parameters);
    }
}

/// A batch of all points is the full batch, the noise floor aside, which has no gradient.
#[test]
fn a_batch_of_every_point_is_the_full_batch() {
    let problem = problem(5, 4, 8);
    let full = run(&mut engine(EngineKind::Burn, &problem, starts(5, 4)), 30, &rule(OPTIMIZERS[1], None));
    let batch =
        run(&mut engine(EngineKind::Burn, &problem, starts(5, 4)), 30, &rule(OPTIMIZERS[1], Some(96)));
    assert_members_close(&batch.1, &full.1, 5e-4, "batch of all points");
}

#[test]
fn divergence_freezes_at_the_same_step() {
    let problem = problem(5, 8, 1);
    let rule = Rule { divergence: 1e6, ..rule(Optimizer::GradientDescent { learning_rate: 0.5 }, None) };
    let mut burn = engine(EngineKind::Burn, &problem, starts(5, 8));
    let (records, members) = run(&mut burn, 100, &rule);
    let (cpu_records, cpu) = run(&mut engine(EngineKind::Cpu, &problem, starts(5, 8)), 100, &rule);
    for (index, (a, e)) in records.iter().zip(&cpu_records).enumerate() {
        assert!(a.excess.len() < 101 && a.excess.len() == e.excess.len());
        assert!(members[index].diverged && members[index].updates == cpu[index].updates);
    }
    let (again, frozen) = run(&mut burn, 10, &rule);
    assert!(again.iter().all(|record| record.excess.len() == 1));
    assert_eq!(frozen, members);
}

#[test]
fn a_batch_needs_a_sample_that_holds_it() {
    let mut small = engine(EngineKind::Burn, &problem(3, 2, 1), starts(3, 2));
    assert!(wait(small.train(1, &rule(OPTIMIZERS[0], Some(97)))).is_err());
    let population = task(&Experiment { network: Network::linear(3, 2), ..Experiment::default() });
    let mut none = engine(EngineKind::Burn, &population, starts(3, 2));
    assert!(wait(none.train(1, &rule(OPTIMIZERS[0], Some(1)))).is_err());
}

#[test]
fn landscapes_agree() {
    assert_landscapes_close(&problem(5, 6, 3), 5, 6);
}

fn assert_landscapes_close(problem: &Task, width: usize, layers: usize) {
    let a: Vec<f32> = (0..9).map(|i| -1.0 + 0.25 * i as f32).collect();
    let b: Vec<f32> = (0..4).map(|i| 0.4 * i as f32).collect();
    for parametrization in BOTH {
        let [origin, u, v] = [1, 2, 3].map(|seed| start(parametrization, width, layers, seed).parameters);
        let plane = Span { parametrization, origin: &origin, u: &u, v: &v };
        let grid = Grid { plane, a: &a, b: &b };
        let expected = wait(engine(EngineKind::Cpu, problem, starts(width, layers)).landscape(&grid));
        let actual = wait(engine(EngineKind::Burn, problem, starts(width, layers)).landscape(&grid));
        assert_close(&actual.unwrap(), &expected.unwrap(), 2e-4, "landscape");
    }
}
