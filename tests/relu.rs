//! ReLU networks on the `cpu` engine against the f64 reference, and as runs.

use identity_lab::data::classification::Classification;
use identity_lab::data::sets::PointSet;
use identity_lab::data::task::Task;
use identity_lab::engine::cpu::{Chunks, CpuEngine, Sweep, Weights};
use identity_lab::engine::{Member, Rule, Trainer};
use identity_lab::experiment::{Data, Experiment, Loss, Network, Optimizer, Parametrization, Start, Twin};
use identity_lab::landscape::plane::{Grid, Span};
use identity_lab::landscape::task::objective;
use identity_lab::network::init::start_of;
use identity_lab::network::objective::norm;
use identity_lab::network::relu::{ReluNetwork, columns};
use identity_lab::rng::{Random, Stream};
use identity_lab::session::Session;
use pollster::block_on;

const BOTH: [Parametrization; 2] = [Parametrization::Identity, Parametrization::Standard];

fn experiment(width: usize, blocks: usize, points: usize, loss: Loss) -> Experiment {
    Experiment {
        network: Network::Relu { width, blocks, loss, train_ends: true },
        data: Data::Set {
            set: PointSet::Spirals,
            points,
            classes: 3,
            dimension: 2,
            noise: 0.02,
            held_out: 0.0,
        },
        optimizer: Optimizer::Adam { learning_rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ..Experiment::default()
    }
}

fn rule(optimizer: Optimizer) -> Rule {
    Rule { optimizer, batch: None, seed: 1, divergence: 1e6 }
}

/// A start that no symmetry makes easy: every parameter, α among them, is moved.
fn member(experiment: &Experiment, parametrization: Parametrization) -> Member {
    let mut random = Random::new(5, Stream::Direction);
    let mut parameters = start_of(&Start::Xavier { scale: 1.0 }, parametrization, experiment);
    parameters.iter_mut().for_each(|x| *x += (0.1 * random.normal()) as f32);
    Member { gains: true, ..Member::new(parametrization, parameters) }
}

/// Every width of tile, points that do and do not fill the last chunk, both losses, with and without skips.
#[test]
fn loss_and_gradient_agree_with_double_precision() {
    for (width, blocks, points) in [(2, 1, 3), (4, 5, 32), (7, 3, 33), (16, 8, 100), (21, 2, 64), (64, 2, 40)]
    {
        for loss in [Loss::CrossEntropy, Loss::Squared] {
            for parametrization in BOTH {
                let experiment = experiment(width, blocks, points, loss);
                let problem = Classification::new(&experiment).unwrap();
                let task = Task::from(problem.clone());
                let member = member(&experiment, parametrization);
                let exact = objective(&task, parametrization, true);
                let theta: Vec<f64> = member.parameters.iter().map(|x| f64::from(*x)).collect();
                let mut weights = Weights::new(problem.layout, parametrization.is_identity());
                weights.set(&member.parameters);
                let mut gradient = vec![0.0; theta.len()];
                let chunks = Chunks::all(&problem.points);
                let found = Sweep::new(problem.layout).gradient(
                    &weights,
                    &member.parameters,
                    &chunks,
                    loss,
                    &mut gradient,
                );
                let wanted = exact.value(&theta);
                let case = format!("{width} × {blocks}, {points} points, {loss:?}, {parametrization:?}");
                assert!((f64::from(found) - wanted).abs() < 1e-5 * wanted, "{case}: {found} {wanted}");
                let wanted = exact.gradient(&theta);
                let apart: Vec<f64> = gradient.iter().zip(&wanted).map(|(x, y)| f64::from(*x) - y).collect();
                assert!(norm(&apart) < 2e-5 * norm(&wanted), "{case}: {}", norm(&apart) / norm(&wanted));
            }
        }
    }
}

#[test]
fn what_is_not_trained_does_not_move() {
    let mut experiment = experiment(8, 4, 50, Loss::CrossEntropy);
    experiment.network = Network::Relu { width: 8, blocks: 4, loss: Loss::CrossEntropy, train_ends: false };
    let problem = Classification::new(&experiment).unwrap();
    let layout = problem.layout;
    for optimizer in [
        experiment.optimizer,
        Optimizer::Momentum { learning_rate: 0.05, momentum: 0.9 },
        Optimizer::GradientDescent { learning_rate: 0.1 },
    ] {
        let start = Member { gains: false, ..member(&experiment, Parametrization::Identity) };
        let mut engine = CpuEngine::new(&problem.clone().into(), vec![start.clone()]);
        let record = &block_on(engine.train(50, &rule(optimizer))).unwrap()[0];
        assert!(record.excess[50] < record.excess[0]);
        let trained = block_on(engine.members()).unwrap().remove(0).parameters;
        let same = |range: std::ops::Range<usize>| trained[range.clone()] == start.parameters[range];
        assert!(same(layout.input()) && same(layout.output()));
        assert!((0..4).all(|block| same(layout.block(block).alpha..layout.block(block).alpha + 1)));
        assert!(!same(layout.block(2).u) && !same(layout.block(2).s));
    }
}

#[test]
fn steps_may_be_asked_for_in_any_number() {
    let experiment = Experiment { batch: Some(8), ..experiment(6, 3, 30, Loss::CrossEntropy) };
    let run = |chunks: &[u32]| {
        let mut session = block_on(Session::new(experiment.clone())).unwrap();
        chunks.iter().for_each(|count| block_on(session.step(*count)).unwrap());
        (session.parameters(0).unwrap().to_vec(), session.parameters(1).unwrap().to_vec())
    };
    let together = run(&[40]);
    assert_eq!(run(&[1, 7, 32]), together);
    assert_ne!(together.0, together.1);
}

#[test]
fn a_run_can_be_rewound_to_the_same_bits() {
    let experiment = Experiment { batch: Some(10), ..experiment(6, 3, 30, Loss::CrossEntropy) };
    let mut session = block_on(Session::new(experiment)).unwrap();
    block_on(session.step(25)).unwrap();
    let there = session.parameters(0).unwrap().to_vec();
    block_on(session.step(30)).unwrap();
    block_on(session.rewind(25)).unwrap();
    assert_eq!(session.parameters(0).unwrap(), there);
}

#[test]
fn the_landscape_is_the_loss_on_the_plane() {
    for parametrization in BOTH {
        let experiment = experiment(9, 4, 45, Loss::CrossEntropy);
        let task = Task::new(&experiment).unwrap();
        let [origin, u, v] = [1u32, 2, 3].map(|seed| {
            let experiment = Experiment { seed, ..experiment.clone() };
            start_of(&Start::Xavier { scale: 0.7 }, parametrization, &experiment)
        });
        let plane = Span { parametrization, origin: &origin, u: &u, v: &v };
        let axis = [-0.5, 0.0, 0.25];
        let mut engine = CpuEngine::new(&task, Vec::new());
        let found = block_on(engine.landscape(&Grid { plane, a: &axis, b: &axis })).unwrap();
        let exact = objective(&task, parametrization, false);
        for (index, found) in found.into_iter().enumerate() {
            let wanted = exact.value(&plane.point(f64::from(axis[index % 3]), f64::from(axis[index / 3])));
            assert!((f64::from(found) - wanted).abs() < 1e-5 * wanted, "{index}: {found} {wanted}");
        }
    }
}

#[test]
fn hidden_representations_and_logits_are_those_of_double_precision() {
    let experiment = experiment(10, 3, 37, Loss::CrossEntropy);
    let problem = Classification::new(&experiment).unwrap();
    let member = member(&experiment, Parametrization::Identity);
    let exact = ReluNetwork::new(problem.layout, Parametrization::Identity, &member.parameters)
        .forward(&columns(&problem.points));
    let mut weights = Weights::new(problem.layout, true);
    weights.set(&member.parameters);
    let chunks = Chunks::all(&problem.points);
    let mut sweep = Sweep::new(problem.layout);
    let hidden = sweep.hidden(&weights, &chunks);
    for (layer, wanted) in exact.hidden.iter().enumerate() {
        for point in 0..37 {
            for unit in 0..10 {
                let found = f64::from(hidden[(layer * 37 + point) * 10 + unit]);
                assert!((found - wanted[(unit, point)]).abs() < 1e-4 * (1.0 + wanted.amax()));
            }
        }
    }
    let logits = sweep.logits(&weights, &chunks);
    let correct = (0..37).filter(|point| {
        let row = &logits[3 * point..3 * point + 3];
        let own = row[usize::from(problem.points.labels[*point])];
        row.iter().filter(|other| **other >= own).count() == 1
    });
    assert_eq!(sweep.correct(&weights, &chunks), correct.count());
}

/// What the page is to show: at the same depth the identity start learns two spirals and the plain network
/// does not.
#[test]
fn the_identity_start_learns_spirals_that_a_plain_network_does_not() {
    let mut experiment = experiment(16, 32, 200, Loss::CrossEntropy);
    experiment.data = Data::Set {
        set: PointSet::Spirals,
        points: 200,
        classes: 2,
        dimension: 2,
        noise: 0.0,
        held_out: 0.0,
    };
    experiment.twins = vec![
        Twin { parametrization: Parametrization::Identity, start: Start::Identity },
        Twin { parametrization: Parametrization::Standard, start: Start::He { scale: 1.0 } },
    ];
    let mut session = block_on(Session::new(experiment)).unwrap();
    block_on(session.step(600)).unwrap();
    let accuracy = [0, 1].map(|twin| session.evaluation(twin).unwrap().accuracy);
    assert!(accuracy[0] > 0.99 && accuracy[1] < 0.8, "{accuracy:?}");
}

/// A block with V = 0 changes nothing in a network with skips, to the last bit.
#[test]
fn an_inserted_block_does_not_move_the_loss() {
    let experiment = experiment(6, 3, 30, Loss::CrossEntropy);
    let mut session = block_on(Session::new(experiment.clone())).unwrap();
    block_on(session.step(20)).unwrap();
    let before = session.frame().twins[0].excess;
    for position in [0, 2, 3] {
        let parameters = session.with_layer(0, position).unwrap();
        let mut longer = experiment.clone();
        longer.network = Network::Relu { width: 6, blocks: 4, loss: Loss::CrossEntropy, train_ends: true };
        longer.twins.truncate(1);
        longer.twins[0].start =
            Start::Given { parameters: identity_lab::floats::Floats(parameters), gains: false };
        let mut longer = block_on(Session::new(longer)).unwrap();
        assert_eq!(longer.frame().twins[0].excess.to_bits(), before.to_bits());
    }
    assert!(session.with_layer(0, 4).is_err());
}
