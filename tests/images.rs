//! The smallest preset learns the digits that ship with the page, and gives the same bits again.
#![cfg(feature = "images")]

mod digits;

use std::sync::Arc;

use identity_lab::engine::burn::Place;
use identity_lab::images::{ImagePreset, Subset, Trainer};

/// 100 of the preset's 400 steps: guessing is wrong nine times in ten.
#[test]
fn the_digits_are_learned_and_learned_again_alike() {
    let images = Arc::new(digits::digits());
    assert_eq!((images.train.len(), images.test.len()), (3823, 1797));
    let experiment = ImagePreset::Digits.experiment();
    let train = |calls: &[u32]| {
        let mut trainer = Trainer::new(experiment.clone(), images.clone(), Place::cpu()).unwrap();
        for steps in calls {
            pollster::block_on(trainer.step(*steps)).unwrap();
        }
        trainer
    };
    let trainer = train(&[100]);
    let test = pollster::block_on(trainer.evaluate(Subset::Test, 0, usize::MAX)).unwrap();
    assert_eq!(test.images(), 1797);
    assert!(test.error() < 0.2, "{}", test.error());
    let bits = |trainer: &Trainer| {
        let parts = pollster::block_on(trainer.weights()).unwrap();
        parts.into_iter().flatten().map(f32::to_bits).collect::<Vec<_>>()
    };
    assert_eq!(bits(&train(&[10])), bits(&train(&[3, 7])));
}
