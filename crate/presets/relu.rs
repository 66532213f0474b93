//! Classifiers worth opening first.

use super::Preset;
use crate::data::sets::PointSet;
use crate::experiment::{Data, Experiment, Loss, Network, Optimizer, Parametrization, Start, Twin};

fn adam(learning_rate: f64) -> Optimizer {
    Optimizer::Adam { learning_rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
}

fn set(set: PointSet, points: usize, noise: f64) -> Data {
    Data::Set { set, points, classes: 2, dimension: 2, noise, held_out: 0.2 }
}

fn classifier(width: usize, blocks: usize, data: Data, learning_rate: f64, twins: [Twin; 2]) -> Experiment {
    Experiment {
        network: Network::Relu { width, blocks, loss: Loss::CrossEntropy, train_ends: true },
        data,
        optimizer: adam(learning_rate),
        twins: twins.into(),
        ..Experiment::default()
    }
}

fn residual(start: Start) -> Twin {
    Twin { parametrization: Parametrization::Identity, start }
}

fn plain(start: Start) -> Twin {
    Twin { parametrization: Parametrization::Standard, start }
}

/// The presets with ReLU networks.
pub fn presets() -> Vec<Preset> {
    let he = Start::He { scale: 1.0 };
    vec![
        Preset {
            id: "spirals",
            title: "Two spirals: residual against plain blocks",
            commentary: "64 blocks on both sides. Each residual block moves the points a little, and \
                         together they unroll the spirals, after some 300 steps; the plain network of the \
                         same depth has lost them before training begins, and stays at log 2, a coin's toss.",
            experiment: classifier(
                8,
                64,
                set(PointSet::Spirals, 250, 0.01),
                0.003,
                [residual(Start::Identity), plain(he.clone())],
            ),
        },
        Preset {
            id: "without-normalization",
            title: "200 blocks without normalization",
            commentary: "Both networks have skips. Started with V = 0 (Fixup, left), 200 blocks train; with \
                         He branches (right) every block enlarges its input, and the logits are beyond \
                         float32 or useless before the first step.",
            experiment: classifier(
                8,
                200,
                set(PointSet::Moons, 100, 0.05),
                0.002,
                [residual(Start::Fixup), residual(he)],
            ),
        },
        Preset {
            id: "gains-from-zero",
            title: "ReZero against the identity start",
            commentary: "Both begin as the identity: left through V = 0, right through a trained α = 0 in \
                         front of every block, as ReZero has it. Both learn.",
            experiment: classifier(
                16,
                16,
                set(PointSet::Circles, 200, 0.03),
                0.003,
                [residual(Start::Identity), residual(Start::ReZero)],
            ),
        },
        Preset {
            id: "random-labels",
            title: "Random labels on a sphere",
            commentary: "Nothing to understand, only to remember: 120 points in eight dimensions with \
                         labels drawn by lot. The residual network fits every one; held-out points stay at \
                         chance.",
            experiment: Experiment {
                data: Data::Set {
                    set: PointSet::Sphere,
                    points: 150,
                    classes: 2,
                    dimension: 8,
                    noise: 0.0,
                    held_out: 0.2,
                },
                ..classifier(
                    16,
                    12,
                    set(PointSet::Moons, 150, 0.0),
                    0.003,
                    [residual(Start::Identity), plain(Start::He { scale: 1.0 })],
                )
            },
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Evaluation, Session};
    use pollster::block_on;

    fn after(id: &str, steps: u32) -> (Session, Vec<Evaluation>) {
        let preset = presets().into_iter().find(|preset| preset.id == id).unwrap();
        let mut session = block_on(Session::new(preset.experiment)).unwrap();
        block_on(session.step(steps)).unwrap();
        let found = (0..2).map(|twin| session.evaluation(twin).unwrap()).collect();
        (session, found)
    }

    #[test]
    fn residual_blocks_unroll_the_spirals_and_plain_ones_do_not() {
        let (_, found) = after("spirals", 300);
        assert!(found[0].accuracy > 0.99 && found[0].held_out_accuracy > Some(0.8), "{found:?}");
        assert!(found[1].accuracy < 0.6 && found[1].loss > 0.69, "{found:?}");
    }

    #[test]
    fn fixup_trains_where_he_branches_cannot() {
        let (mut session, found) = after("without-normalization", 60);
        assert!(found[0].accuracy > 0.95, "{found:?}");
        assert!(session.frame().twins[1].diverged_at.is_some() || found[1].accuracy < 0.7, "{found:?}");
    }

    #[test]
    fn both_ways_of_beginning_as_the_identity_learn() {
        let (_, found) = after("gains-from-zero", 300);
        assert!(found.iter().all(|found| found.accuracy > 0.95), "{found:?}");
    }

    #[test]
    fn random_labels_are_remembered_and_not_generalized() {
        let (_, found) = after("random-labels", 400);
        assert!(found[0].accuracy == 1.0, "{found:?}");
        assert!(found[0].held_out_accuracy < Some(0.8), "{found:?}");
    }
}
