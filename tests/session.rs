//! Sessions as the page and the native command use them.

use identity_lab::data::task::Task;
use identity_lab::engine::EngineKind;
use identity_lab::experiment::{Experiment, Network, Optimizer, Parametrization, Start, Target, Twin};
use identity_lab::floats::Floats;
use identity_lab::landscape::task::known_optimum;
use identity_lab::network::linear::LinearObjective;
use identity_lab::network::objective::Objective;
use identity_lab::session::Session;
use identity_lab::snapshot::Snapshot;
use pollster::block_on;

fn run(experiment: Experiment, steps: &[u32]) -> (Session, identity_lab::session::Frame) {
    block_on(async {
        let mut session = Session::new(experiment).await.unwrap();
        for count in steps {
            session.step(*count).await.unwrap();
        }
        let frame = session.frame();
        (session, frame)
    })
}

#[test]
fn the_default_experiment_shows_the_identity_start_winning() {
    let (session, frame) = run(Experiment::default(), &[2000]);
    assert_eq!(frame.step, 2000);
    assert!(frame.twins[0].excess < 1e-3 * frame.twins[0].history.excess[0], "{}", frame.twins[0].excess);
    assert!(frame.twins[1].excess > 1e3 * frame.twins[0].excess, "{}", frame.twins[1].excess);
    let spectra = session.spectra(0).unwrap();
    for (found, wanted) in spectra.product.iter().zip(&spectra.target) {
        assert!((found - wanted).abs() < 0.2, "{found} {wanted}");
    }
}

/// However the steps are dealt over calls, the parameters are the same bits.
#[test]
fn steps_do_not_depend_on_how_they_are_asked_for() {
    let (whole, _) = run(Experiment::default(), &[300]);
    let (parts, _) = run(Experiment::default(), &[1, 99, 7, 193]);
    assert_eq!(whole.parameters(0).unwrap(), parts.parameters(0).unwrap());
    assert_eq!(whole.parameters(1).unwrap(), parts.parameters(1).unwrap());
}

#[test]
fn the_same_seed_is_the_same_run_and_another_is_not() {
    let seeded = |seed| run(Experiment { seed, ..Experiment::default() }, &[50]).0;
    assert_eq!(seeded(3).parameters(1).unwrap(), seeded(3).parameters(1).unwrap());
    assert_ne!(seeded(3).parameters(1).unwrap(), seeded(4).parameters(1).unwrap());
}

#[test]
fn a_diverging_run_stops_says_when_and_keeps_its_history() {
    let experiment =
        Experiment { optimizer: Optimizer::GradientDescent { learning_rate: 5.0 }, ..Experiment::default() };
    let (session, frame) = run(experiment, &[500]);
    let twin = &frame.twins[0];
    let at = twin.diverged_at.expect("a learning rate of 5 diverges");
    assert!((1..20).contains(&at), "{at}");
    assert_eq!(*twin.history.steps.last().unwrap(), at as f64);
    assert!(twin.history.excess[0].is_finite());
    assert!(!session.path(0).unwrap().is_empty());
}

#[test]
fn a_change_of_learning_rate_takes_effect_and_a_bad_one_changes_nothing() {
    block_on(async {
        let mut session = Session::new(Experiment::default()).await.unwrap();
        session.set_learning_rate(0.0).unwrap();
        let before = session.parameters(1).unwrap().to_vec();
        session.step(5).await.unwrap();
        assert_eq!(session.parameters(1).unwrap(), before);
        let error = session.set_learning_rate(f64::NAN).unwrap_err();
        assert_eq!(error.field_name(), Some("optimizer.learningRate"));
        assert_eq!(session.experiment().optimizer.learning_rate(), 0.0);
    });
}

/// Every start and target, at the corners of the allowed shapes, runs and stays finite.
#[test]
fn extreme_shapes_run() {
    for (width, layers) in [(1, 1), (1, 256), (64, 1), (7, 3), (64, 40)] {
        let experiment = Experiment {
            network: Network::linear(width, layers),
            target: Target::PositiveDefinite { condition: 10.0 },
            optimizer: Optimizer::GradientDescent { learning_rate: 1e-5 },
            twins: vec![
                Twin {
                    parametrization: Parametrization::Identity,
                    start: Start::NearIdentity { scale: 1.0 },
                },
                Twin { parametrization: Parametrization::Standard, start: Start::ZeroAsymmetric },
            ],
            ..Experiment::default()
        };
        let (session, frame) = run(experiment, &[3]);
        assert!(frame.twins.iter().all(|twin| twin.excess.is_finite()), "{width} {layers}");
        let spectra = session.spectra(0).unwrap();
        assert_eq!(spectra.layers.len(), width * layers);
    }
}

/// A symmetric target with a negative eigenvalue: stuck at (½)² = ¼ from the identity.
#[test]
fn the_negative_eigenvalue_stalls_from_the_identity() {
    let experiment = Experiment {
        network: Network::linear(4, 8),
        target: Target::NegativeEigenvalue { eigenvalue: -0.5, condition: 4.0 },
        optimizer: Optimizer::GradientDescent { learning_rate: 0.005 },
        twins: vec![Twin { parametrization: Parametrization::Identity, start: Start::Identity }],
        ..Experiment::default()
    };
    let (_, frame) = run(experiment, &[20_000]);
    assert!((frame.twins[0].excess - 0.25).abs() < 5e-3, "{}", frame.twins[0].excess);
}

/// What crosses from one module to another is the whole run: the same bits go on.
#[test]
fn a_snapshot_goes_on_with_the_same_bits() {
    let experiment = Experiment {
        optimizer: Optimizer::Adam { learning_rate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ..Experiment::default()
    };
    let (mut unbroken, _) = run(experiment.clone(), &[90]);
    let (half, _) = run(experiment, &[40]);
    let bytes = half.snapshot(true).to_bytes().unwrap();
    let restored = Session::restore(Snapshot::from_bytes(&bytes).unwrap(), EngineKind::Cpu);
    let mut restored = block_on(restored).unwrap();
    block_on(restored.step(50)).unwrap();
    // What is kept to go back to depends on how the steps were asked for; where it leads to does not.
    assert_eq!(restored.snapshot(false), unbroken.snapshot(false));
    assert_eq!(restored.frame(), unbroken.frame());
    assert!(Snapshot::from_bytes(&bytes[..bytes.len() / 2]).is_err());
}

#[test]
fn changing_engine_in_mid_run_goes_on_from_the_same_parameters() {
    let kinds: &[EngineKind] = &[
        #[cfg(feature = "webgpu")]
        EngineKind::WebGpu,
        #[cfg(feature = "burn")]
        EngineKind::Burn,
    ];
    let experiment = Experiment {
        optimizer: Optimizer::Adam { learning_rate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ..Experiment::default()
    };
    let (unbroken, _) = run(experiment.clone(), &[60]);
    for kind in kinds {
        block_on(async {
            let mut session = Session::new(experiment.clone()).await.unwrap();
            session.step(20).await.unwrap();
            session.set_engine(*kind).await.unwrap();
            session.step(20).await.unwrap();
            session.set_engine(EngineKind::Cpu).await.unwrap();
            session.step(20).await.unwrap();
            assert_eq!(session.frame().step, 60);
            let pairs = session.parameters(0).unwrap().iter().zip(unbroken.parameters(0).unwrap());
            let worst = pairs.map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-4, "{kind:?}: {worst}");
        });
    }
}

/// Back to any step, whatever changed on the way, and forward again: the same bits as the first time.
#[test]
fn a_rewound_run_is_the_same_run() {
    let experiment = Experiment {
        optimizer: Optimizer::Adam { learning_rate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        ..Experiment::default()
    };
    block_on(async {
        let mut session = Session::new(experiment).await.unwrap();
        let mut seen = Vec::new();
        for step in 1..=400u64 {
            match step {
                100 => session.set_learning_rate(0.001).unwrap(),
                250 => session.set_learning_rate(0.01).unwrap(),
                _ => {}
            }
            session.step(1).await.unwrap();
            seen.push((session.parameters(0).unwrap().to_vec(), session.parameters(1).unwrap().to_vec()));
        }
        let curve = session.frame().twins[1].history.clone();
        let whole = session.snapshot(true);
        for step in [400, 399, 251, 250, 137, 99, 1, 0u64] {
            let mut again = Session::restore(whole.clone(), EngineKind::Cpu).await.unwrap();
            again.rewind(step).await.unwrap();
            let frame = again.frame();
            assert_eq!(frame.step, step);
            assert_eq!(*frame.twins[0].history.steps.last().unwrap(), step as f64);
            if step > 0 {
                let (first, second) = &seen[step as usize - 1];
                assert_eq!(again.parameters(0).unwrap(), first, "step {step}");
                assert_eq!(again.parameters(1).unwrap(), second, "step {step}");
            }
            // Forward again, with the same changes, it is the same curve.
            let mut at = step;
            for (until, rate) in [(99, 0.003), (249, 0.001), (400, 0.01)] {
                if at < until {
                    again.set_learning_rate(rate).unwrap();
                    again.step((until - at) as u32).await.unwrap();
                    at = until;
                }
            }
            assert_eq!(again.parameters(1).unwrap(), seen[399].1, "on from step {step}");
            assert_eq!(again.frame().twins[1].history, curve, "on from step {step}");
        }
        // A fork: the same past, another future.
        let mut fork = Session::restore(whole, EngineKind::Cpu).await.unwrap();
        fork.rewind(300).await.unwrap();
        fork.set_learning_rate(0.02).unwrap();
        fork.step(100).await.unwrap();
        assert_ne!(fork.parameters(0).unwrap(), seen[399].0);
    });
}

#[test]
fn what_cannot_be_rewound_is_refused_and_the_run_stays() {
    block_on(async {
        let mut session = Session::new(Experiment::default()).await.unwrap();
        session.step(20).await.unwrap();
        let before = session.parameters(0).unwrap().to_vec();
        let error = session.rewind(21).await.unwrap_err();
        assert!(error.to_string().contains("from 0 to 20"), "{error}");
        assert_eq!(session.parameters(0).unwrap(), before);
        // A diverged run comes back to life before it diverged.
        let optimizer = Optimizer::GradientDescent { learning_rate: 5.0 };
        let mut wild = Session::new(Experiment { optimizer, ..Experiment::default() }).await.unwrap();
        wild.step(50).await.unwrap();
        let at = wild.frame().twins[0].diverged_at.unwrap();
        wild.rewind(at - 1).await.unwrap();
        assert_eq!(wild.frame().twins[0].diverged_at, None);
        wild.step(50).await.unwrap();
        assert_eq!(wild.frame().twins[0].diverged_at, Some(at));
    });
}

/// A block of A = 0 anywhere leaves the function as it is, to the last bit; a random standard layer does not.
#[test]
fn an_identity_block_changes_nothing() {
    block_on(async {
        let mut session = Session::new(Experiment::default()).await.unwrap();
        session.step(150).await.unwrap();
        let before = session.frame();
        for position in [0, 7, 16] {
            let mut experiment = Experiment { network: Network::linear(8, 17), ..Experiment::default() };
            for (twin, described) in experiment.twins.iter_mut().enumerate() {
                let parameters = Floats(session.with_layer(twin, position).unwrap());
                described.start = Start::Given { parameters, gains: false };
            }
            let mut longer = Session::new(experiment).await.unwrap();
            let after = longer.frame();
            assert_eq!(after.twins[0].excess.to_bits(), before.twins[0].excess.to_bits(), "after {position}");
            assert!((after.twins[1].excess / before.twins[1].excess - 1.0).abs() > 0.01);
            // And it is a layer like any other: it learns.
            longer.step(1).await.unwrap();
            let block = &longer.parameters(0).unwrap()[position * 64..][..64];
            assert!(block.iter().any(|x| *x != 0.0));
        }
        assert!(session.with_layer(0, 17).unwrap_err().to_string().contains("from 0 to 16"));
    });
}

/// Between fixed maps layers have one width and the whole network another; the past of a run, a layer put in and
/// landscapes work as ever, and mathematics of layers as wide as the input is refused with a sentence.
#[test]
fn layers_between_fixed_maps() {
    let network = |layers| Network::Linear { width: 3, layers, hidden: Some(7) };
    let experiment = Experiment {
        network: network(5),
        target: Target::NegativeDeterminant { condition: 4.0 },
        ..Experiment::default()
    };
    let (mut session, _) = run(experiment.clone(), &[12]);
    let early = session.parameters(0).unwrap().to_vec();
    block_on(session.step(400)).unwrap();
    let spectra = session.spectra(0).unwrap();
    assert_eq!((spectra.width, spectra.layers.len()), (7, 5 * 7));
    assert_eq!((spectra.product.len(), spectra.product_matrix.len()), (3, 9));
    let excess = session.frame().twins[0].excess;
    let apart = spectra.product_matrix.iter().zip(&spectra.target_matrix).map(|(p, r)| (p - r) * (p - r));
    let apart: f32 = apart.sum();
    assert!((apart - excess).abs() <= 1e-3 * excess + 1e-9, "{apart} {excess}");
    let optimum = known_optimum(session.task(), Parametrization::Identity).unwrap_err();
    assert_eq!(optimum.field_name(), Some("network.hidden"));
    let task = Task::new(&experiment).unwrap();
    let parameters = session.parameters(0).unwrap().to_vec();
    let exact = LinearObjective::new(task.linear("this").unwrap(), Parametrization::Identity);
    let double: Vec<f64> = parameters.iter().map(|x| f64::from(*x)).collect();
    let value = exact.value(&double);
    assert!((f64::from(excess) - value).abs() < 1e-5 * value + 1e-9, "{excess} {value}");
    let start = Start::Given { parameters: Floats(session.with_layer(0, 2).unwrap()), gains: false };
    let twins = vec![Twin { parametrization: Parametrization::Identity, start }];
    let (_, longer) = run(Experiment { network: network(6), twins, ..experiment }, &[]);
    assert_eq!(longer.twins[0].excess.to_bits(), excess.to_bits());
    block_on(session.rewind(12)).unwrap();
    assert_eq!(session.parameters(0).unwrap(), early);
}
