//! Tests of the network and of training, on tiny networks and made-up images.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::learner::Learner;
use super::network::{Network, Pass, cross_entropy, one_hot};
use super::training::input;
use super::*;
use crate::data::images::{ImageSet, Images};
use crate::engine::burn::Place;
use crate::rng::{Random, Stream};

/// Images of two classes that differ in the brightness of the upper half, with noise on every pixel.
fn images(channels: usize, side: usize) -> Arc<Images> {
    images_of(channels, [side, side])
}

/// The same of so many rows and columns.
fn images_of(channels: usize, [height, width]: [usize; 2]) -> Arc<Images> {
    let set = |count: usize, seed| {
        let mut random = Random::new(seed, Stream::Inputs);
        let labels: Vec<u16> = (0..count).map(|index| (index % 2) as u16).collect();
        let mut pixels = Vec::new();
        for label in &labels {
            for position in 0..channels * height * width {
                let upper = position / width % height < height / 2;
                let bright = upper == (*label == 0);
                pixels.push((if bright { 150.0 } else { 50.0 } + 100.0 * random.uniform()) as u8);
            }
        }
        ImageSet { channels, height, width, pixels, labels }
    };
    let classes = vec!["up".to_owned(), "down".to_owned()];
    Arc::new(Images { name: "halves".to_owned(), classes, train: set(64, 1), test: set(32, 2) })
}

fn experiment(text: &str) -> ImageExperiment {
    ImageExperiment::from_json(text).unwrap()
}

const TINY: &str = r#"{"network":{"stem":2,"stages":[{"filters":3,"blocks":1},{"filters":6,"blocks":2}],"start":"fan"},
    "training":{"batch":8,"learningRate":0.02,"drops":[6],"crop":1,"flip":true,"steps":12}}"#;

fn trainer(text: &str, channels: usize, side: usize) -> Trainer {
    Trainer::new(experiment(text), images(channels, side), Place::cpu()).unwrap()
}

fn wait<T>(future: impl Future<Output = crate::error::Result<T>>) -> T {
    pollster::block_on(future).unwrap()
}

fn bits(trainer: &Trainer) -> Vec<Vec<u32>> {
    let parts = wait(trainer.weights());
    parts.iter().map(|part| part.iter().map(|x| x.to_bits()).collect()).collect()
}

/// The mean loss of the first images, and its gradient by every part that is trained.
fn loss_and_gradient(trainer: &mut Trainer, count: usize) -> (f64, Vec<Option<Vec<f32>>>) {
    let indices: Vec<u32> = (0..count as u32).collect();
    let set = &trainer.images.train;
    let training = &trainer.experiment.training;
    let labels = &set.labels[..count];
    let (logits, gradient) = match &mut trainer.learner {
        Learner::Burn(learner) => {
            let pixels = augment::plain(set, &indices, training);
            let (logits, gradient, _) = learner.gradient(input(set, pixels, trainer.place.device()), labels);
            let read = |part: Option<Tensor<4>>| part.map(|part| wait(trainer.place.read(part)));
            (wait(trainer.place.read(logits)), gradient.into_iter().map(read).collect())
        }
        Learner::Cpu(learner) => {
            let pixels = |range: Range<usize>| augment::plain(set, &indices[range], training);
            let (logits, _) = learner.learn(&pixels, labels);
            let trained = |part: &Part| part.kind.is_trained(trainer.experiment.network.train_top);
            let part = |(index, part)| trained(part).then(|| learner.part_gradient(index));
            (logits, trainer.parts.iter().enumerate().map(part).collect())
        }
    };
    let mut tally = Tally::new(2);
    tally.count(&logits, labels);
    (tally.mean_loss(), gradient)
}

/// How far a gradient is from the f64 twin's central differences, relative to each part's largest component, and
/// the loss from the twin's, relative to it. `fault` changes the gradient first.
fn distance_from_twin(text: &str, side: usize, place: Place, fault: impl Fn(&mut [f32])) -> (f64, f64) {
    const COUNT: usize = 6;
    /// Short enough to pass no kink of the ReLU, long enough for f64.
    const STEP: f64 = 1e-6;
    let mut trainer = Trainer::new(experiment(text), images(2, side), place).unwrap();
    let (loss, gradient) = loss_and_gradient(&mut trainer, COUNT);
    let set = trainer.set(Subset::Train);
    let indices: Vec<u32> = (0..COUNT as u32).collect();
    let pixels = augment::plain(set, &indices, &trainer.experiment().training);
    let mut parts: Vec<Vec<f64>> =
        wait(trainer.weights()).iter().map(|part| part.iter().map(|x| f64::from(*x)).collect()).collect();
    let at = |parts: &[Vec<f64>]| {
        twin::loss(trainer.shape(), parts, &pixels, [COUNT, 2, side, side], &set.labels[..COUNT])
    };
    let own = at(&parts);
    let mut largest = 0.0_f64;
    for (index, gradient) in gradient.into_iter().enumerate() {
        let Some(mut gradient) = gradient else { continue };
        fault(&mut gradient);
        let size = gradient.iter().fold(0.0_f64, |most, g| most.max(f64::from(g.abs())));
        // Every fourth component of the larger parts: all of them are the same code.
        for place in (0..gradient.len()).step_by(if gradient.len() > 60 { 4 } else { 1 }) {
            let origin = parts[index][place];
            let mut moved = |step: f64| {
                parts[index][place] = origin + step;
                at(&parts)
            };
            let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            parts[index][place] = origin;
            largest = largest.max((f64::from(gradient[place]) - difference).abs() / size);
        }
    }
    (largest, (loss - own).abs() / own)
}

/// With f64 there is no doubt about kinks: a unit is on one side of its own or the other, in f32 too unless it is
/// within 1e-7 of it.
#[test]
fn loss_and_gradient_agree_with_the_twin_in_f64() {
    // 5 pixels a side: halves of odd sizes too.
    for (side, seed) in [(6, 1), (5, 2)] {
        for extra in [
            "",
            "\"skips\":false,",
            "\"batchNorm\":true,",
            "\"trainTop\":true,\"batchNorm\":true,\"skips\":false,",
        ] {
            let text = TINY
                .replacen('{', &format!("{{\"seed\":{seed},"), 1)
                .replace("\"start\"", &format!("{extra}\"start\""));
            for place in [Place::cpu(), Place::flex()] {
                let (gradient, loss) = distance_from_twin(&text, side, place.clone(), |_| ());
                assert!(gradient < 2e-4 && loss < 1e-6, "{gradient} {loss} for {text} at {side}, {place:?}");
            }
        }
    }
    // The comparison sees faults: a component of the wrong sign, and one part in a thousand.
    for place in [Place::cpu(), Place::flex()] {
        let at = |fault: fn(&mut [f32])| distance_from_twin(TINY, 6, place.clone(), fault).0;
        let flipped = at(|gradient| gradient[0] = -gradient[0]);
        assert!(flipped > 0.01, "{flipped}");
        let scaled = at(|gradient| gradient.iter_mut().for_each(|g| *g *= 1.001));
        assert!(scaled > 5e-4, "{scaled}");
    }
}

/// Networks whose channels fill octets and tiles in every way, on images of every kind of size, in groups that are
/// full and in one that is not: 39 images.
const WIDTHS: [&str; 4] = [
    r#""stem":1,"stages":[{"filters":1,"blocks":1},{"filters":3,"blocks":1}]"#,
    r#""stem":3,"stages":[{"filters":4,"blocks":1},{"filters":9,"blocks":1},{"filters":20,"blocks":1}]"#,
    r#""stem":8,"stages":[{"filters":8,"blocks":2},{"filters":16,"blocks":2}]"#,
    r#""stem":16,"stages":[{"filters":24,"blocks":1},{"filters":32,"blocks":1},{"filters":33,"blocks":1}]"#,
];

/// The largest distance of the kernels' gradient from burn's, relative to each part's largest component, or a thousandth
/// of the largest of all (what batch normalization makes indifferent has a gradient of rounding alone), and of the loss
/// relative to it.
fn distance_from_burn(text: &str, images: &Arc<Images>) -> (f64, f64) {
    let found = |place: Place| {
        let mut trainer = Trainer::new(experiment(text), images.clone(), place).unwrap();
        loss_and_gradient(&mut trainer, 39)
    };
    let ((loss, own), (burns_loss, burns)) = (found(Place::cpu()), found(Place::flex()));
    let most = |part: &[f32]| part.iter().fold(0.0_f32, |most, g| most.max(g.abs()));
    let of_all = burns.iter().flatten().fold(0.0_f32, |largest, part| largest.max(most(part)));
    let mut largest = 0.0_f64;
    for (own, burns) in own.iter().zip(&burns) {
        let (Some(own), Some(burns)) = (own, burns) else {
            assert!(own.is_none() && burns.is_none());
            continue;
        };
        let size = most(burns).max(1e-3 * of_all);
        for (own, burns) in own.iter().zip(burns) {
            largest = largest.max(f64::from((own - burns).abs() / size));
        }
    }
    (largest, (loss - burns_loss).abs() / burns_loss)
}

#[test]
fn the_kernels_loss_and_gradient_agree_with_burns_autodiff() {
    let mut failed = Vec::new();
    for (index, size) in [[1, 1], [2, 2], [3, 8], [7, 5]].into_iter().enumerate() {
        for (channels, widths) in [1, 3, 1, 2].into_iter().zip(WIDTHS) {
            for extra in [
                "",
                ",\"skips\":false",
                ",\"batchNorm\":true,\"trainTop\":true",
                ",\"trainTop\":true,\"skips\":false",
                ",\"batchNorm\":true,\"skips\":false",
            ] {
                // Of one standardized pixel nothing is left to normalize but rounding, layer after layer.
                let normalized = extra.contains("batchNorm");
                if normalized && size[0] * size[1] < 5 {
                    continue;
                }
                let text = format!(
                    r#"{{"seed":{index},"network":{{{widths}{extra},"start":"fan"}},"training":{{"batch":8}}}}"#
                );
                let (gradient, loss) = distance_from_burn(&text, &images_of(channels, size));
                let tolerance = if normalized { 2e-3 } else { 1e-4 };
                // Written so that no number fails too.
                if !(gradient < tolerance && loss < 1e-5) {
                    failed.push(format!("{gradient} {loss} for {text} at {size:?}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// The same bits whatever the number of threads, and whatever the number of groups in memory.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_bits_do_not_depend_on_the_number_of_threads() {
    for extra in ["", ",\"batchNorm\":true"] {
        let widths = WIDTHS[2];
        let text = format!(
            r#"{{"network":{{{widths}{extra}}},"training":{{"batch":59,"crop":1,"flip":true,"steps":3}}}}"#
        );
        let after = |threads: usize, crowded: bool| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut trainer = trainer(&text, 1, 7);
                if let (Learner::Cpu(learner), true) = (&mut trainer.learner, crowded) {
                    learner.crowd();
                }
                let records = wait(trainer.step(3));
                let tally = wait(trainer.evaluate(Subset::Test, 0, 31));
                (records, bits(&trainer), tally.loss.to_bits())
            })
        };
        let one = after(1, false);
        assert_eq!(one.0.len(), 3);
        for (threads, crowded) in [(1, true), (2, true), (2, false), (3, true), (5, false)] {
            assert!(after(threads, crowded) == one, "{threads} threads, {crowded}, {extra}");
        }
    }
}

/// Burn and the kernels test alike too, batch normalization by running averages included.
#[test]
fn the_kernels_train_and_test_as_burn_does() {
    for extra in ["", "\"batchNorm\":true,\"trainTop\":true,"] {
        let text = TINY.replace("\"start\"", &format!("{extra}\"start\""));
        let found = |place: Place| {
            let mut trainer = Trainer::new(experiment(&text), images(3, 8), place).unwrap();
            let records = wait(trainer.step(12));
            let tally = wait(trainer.evaluate(Subset::Test, 0, 32));
            (records.last().unwrap().loss, tally.mean_loss())
        };
        let (own, burns) = (found(Place::cpu()), found(Place::flex()));
        assert!((own.0 - burns.0).abs() < 1e-4 * burns.0, "{own:?} {burns:?}");
        assert!((own.1 - burns.1).abs() < 1e-4 * burns.1, "{own:?} {burns:?}");
    }
}

/// A checkpoint of burn's goes on by the kernels, and the other way.
#[test]
fn a_run_moves_between_burn_and_the_kernels() {
    let text = TINY.replace("\"start\"", "\"batchNorm\":true,\"start\"");
    for (from, to) in [(Place::cpu(), Place::flex()), (Place::flex(), Place::cpu())] {
        let mut first = Trainer::new(experiment(&text), images(1, 8), from).unwrap();
        wait(first.step(5));
        let bytes = wait(first.save());
        let second = Trainer::load(&bytes, images(1, 8), to).unwrap();
        assert_eq!(wait(second.save()), bytes);
    }
}

#[test]
fn a_block_whose_branch_is_0_is_exactly_its_shortcut() {
    let mut trainer = trainer(TINY, 1, 8);
    for (index, part) in trainer.parts.clone().iter().enumerate() {
        if part.name.ends_with("second.weight") {
            trainer.learner.set_weights(index, vec![0.0; part.count()]);
        }
    }
    let maps = wait(trainer.feature_maps(Subset::Train, 3));
    assert_eq!(
        maps.iter().map(|map| (map.channels, map.height)).collect::<Vec<_>>(),
        [(3, 8), (6, 4), (6, 4)]
    );
    // One channel is added behind the stem's two (0 before, 1 after), then one before and two after.
    assert!(maps[0].values[128..].iter().all(|x| *x == 0.0));
    let stem = &maps[0].values[..128];
    for (channel, map) in maps[1].values.chunks_exact(16).enumerate() {
        for (position, value) in map.iter().enumerate() {
            let (row, column) = (2 * (position / 4), 2 * (position % 4));
            let at = |y: usize, x: usize| match channel {
                1 | 2 => stem[(channel - 1) * 64 + (row + y) * 8 + column + x],
                _ => 0.0,
            };
            let mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0;
            assert!((value - mean).abs() <= 1e-6 * mean.abs(), "{value} {mean}");
        }
    }
    assert_eq!(maps[2], maps[1]);
    let branches = wait(trainer.branches(Subset::Train, &[0, 1, 2]));
    assert!(branches.iter().all(|branch| branch.branch == 0.0 && branch.shortcut > 0.0));
}

/// σ = 1/(k²c) starts the blocks of the paper's network near the identity, the usual σ does not.
#[test]
fn the_papers_start_is_near_the_identity() {
    let ratio = |start: &str| {
        let text = TINY.replace("\"fan\"", start);
        let branches = wait(trainer(&text, 3, 8).branches(Subset::Test, &[0, 1, 2, 3]));
        branches.iter().map(|branch| branch.ratio()).fold(0.0, f32::max)
    };
    let (identity, fan) = (ratio("\"identity\""), ratio("\"fan\""));
    assert!(identity < 0.2 && fan > 2.0 * identity, "{identity} {fan}");
}

#[test]
fn training_lowers_the_loss_and_gives_the_same_bits_again() {
    for extra in ["", "\"batchNorm\":true,", "\"skips\":false,"] {
        let text =
            TINY.replace("\"start\"", &format!("{extra}\"start\"")).replace("\"steps\":12", "\"steps\":60");
        let mut one = trainer(&text, 1, 8);
        let mut other = trainer(&text, 1, 8);
        let records = wait(one.step(1000));
        assert_eq!(records.len(), 60);
        assert!(one.is_over() && one.diverged_at().is_none());
        for count in [1, 7, 52] {
            wait(other.step(count));
        }
        assert_eq!(bits(&one), bits(&other), "{extra}");
        let mean =
            |records: &[StepRecord]| records.iter().map(|r| r.loss).sum::<f64>() / records.len() as f64;
        assert!(mean(&records[50..]) < 0.7 * mean(&records[..5]), "{extra} {records:?}");
        let whole = wait(one.evaluate(Subset::Test, 0, 32));
        let mut slices = wait(one.evaluate(Subset::Test, 0, 20));
        slices.add(&wait(one.evaluate(Subset::Test, 20, 20)));
        assert_eq!((whole.images(), &whole.predictions), (32, &slices.predictions));
        assert_eq!(whole.confusion, slices.confusion);
    }
}

#[test]
fn a_learning_rate_far_too_large_is_said_to_diverge() {
    let mut trainer = trainer(&TINY.replace("0.02", "1e6"), 1, 8);
    let records = wait(trainer.step(12));
    let at = trainer.diverged_at().expect("no network stands that");
    assert!(at > 0 && !records.last().unwrap().loss.is_finite());
    assert_eq!(wait(trainer.step(3)), Vec::new());
}

#[test]
fn a_run_that_is_resumed_gives_the_bits_of_one_that_never_stopped() {
    for extra in ["", "\"batchNorm\":true,\"trainTop\":true,"] {
        let text = TINY.replace("\"start\"", &format!("{extra}\"start\""));
        let mut whole = trainer(&text, 3, 8);
        wait(whole.step(12));
        let mut first = trainer(&text, 3, 8);
        wait(first.step(5));
        let bytes = wait(first.save());
        assert_eq!(bytes, wait(first.save()));
        assert_eq!(Trainer::peek(&bytes).unwrap(), (first.experiment().clone(), 5));
        let mut second = Trainer::load(&bytes, images(3, 8), Place::cpu()).unwrap();
        let records = wait(second.step(100));
        assert_eq!((records[0].step, records.len()), (5, 7));
        assert_eq!(bits(&whole), bits(&second));
        assert_eq!(wait(whole.save()), wait(second.save()));
    }
}

#[test]
fn files_that_are_no_checkpoint_of_these_images_are_refused() {
    let trainer = trainer(TINY, 3, 8);
    let bytes = wait(trainer.save());
    let refused = |bytes: &[u8], images: Arc<Images>| match Trainer::load(bytes, images, Place::cpu()) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    };
    assert!(refused(b"", images(3, 8)).contains("no safetensors file"));
    assert!(refused(&bytes[..bytes.len() - 1], images(3, 8)).contains("no safetensors file"));
    assert!(refused(&bytes, images(1, 8)).contains("other images"));
    let foreign = safetensors::serialize(Vec::<(String, safetensors::tensor::TensorView<'_>)>::new(), None);
    assert!(refused(&foreign.unwrap(), images(3, 8)).contains("none of this program's"));
    // Replaced by as many bytes, so that the file itself stays whole.
    let swapped = |from: &str, to: &str| {
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        let mut bytes = bytes.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    assert!(
        refused(&swapped("momentum.top", "mementum.top"), images(3, 8)).contains("momentum.top are missing")
    );
    assert!(refused(&swapped("\\\"step\\\"", "\\\"stop\\\""), images(3, 8)).contains("damaged"));
    let other_shape = swapped("\\\"filters\\\":6", "\\\"filters\\\":7");
    assert!(refused(&other_shape, images(3, 8)).contains("shape of the network"));
}

#[test]
fn a_landscape_has_the_networks_own_loss_in_its_middle() {
    let mut trainer = trainer(TINY, 1, 8);
    wait(trainer.step(6));
    let request =
        |axes| LandscapeRequest { axes, size: 5, radius: 1.0, seed: 3, subset: Subset::Test, images: 32 };
    let mut plane = wait(ImageLandscape::new(&trainer, &request(Axes::Plane)));
    assert!(plane.values().iter().all(|value| value.is_nan()));
    assert!(wait(plane.advance(7)));
    assert_eq!(plane.progress(), (7, 25));
    assert!(!wait(plane.advance(1000)));
    let own = wait(trainer.evaluate(Subset::Test, 0, 32)).mean_loss();
    assert!((f64::from(plane.values()[12]) - own).abs() < 1e-5 * own);
    assert!(plane.values().iter().all(|value| value.is_finite()));
    let mut line = wait(ImageLandscape::new(&trainer, &request(Axes::Line)));
    wait(line.advance(5));
    assert_eq!(line.values(), &plane.values()[10..15]);
    assert_eq!(line.coordinates(), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    let refused = LandscapeRequest { size: 4, ..request(Axes::Line) };
    let error = pollster::block_on(ImageLandscape::new(&trainer, &refused)).unwrap_err();
    assert_eq!(error.field_name(), Some("size"));
}

#[test]
fn images_that_do_not_fit_are_refused() {
    let refused = |change: &dyn Fn(&mut Images), text: &str| {
        let mut images = images(1, 8).as_ref().clone();
        change(&mut images);
        Trainer::new(experiment(text), Arc::new(images), Device::flex()).unwrap_err().to_string()
    };
    assert!(refused(&|images| images.train.labels[3] = 2, TINY).contains("below the 2 classes; got 2"));
    assert!(refused(&|images| images.test = ImageSet::default(), TINY).contains("images to test on"));
    assert!(refused(&|images| images.test.channels = 3, TINY).contains("one size"));
    assert!(refused(&|images| images.train.pixels.truncate(5), TINY).contains("as many pixels"));
    let large = TINY.replace("\"batch\":8", "\"batch\":65");
    assert!(refused(&|_| (), &large).contains("the 64 images trained on; got 65"));
}

#[test]
fn what_is_not_on_the_device_cannot_be_asked_for() {
    let trainer = trainer(TINY, 1, 8);
    let refused = pollster::block_on(trainer.feature_maps(Subset::Test, 32)).unwrap_err();
    assert_eq!(refused.to_string(), "image: allowed is a whole number from 0 to 31; got 32");
    assert!(pollster::block_on(trainer.branches(Subset::Test, &[])).is_err());
    let filters = wait(trainer.stem_filters());
    assert_eq!((filters.filters, filters.channels, filters.side, filters.values.len()), (2, 1, 3, 18));
}

/// The loss by burn is the loss that is counted.
#[test]
fn both_losses_agree() {
    let place = Place::flex();
    let device = place.device();
    let logits = Tensor::<2>::from_data([[1.0_f32, -2.0, 0.5], [0.0, 3.0, 1.0]], device);
    let loss = wait(place.read(cross_entropy(logits.clone(), one_hot(&[2, 0], 3, device))))[0];
    let mut tally = Tally::new(3);
    tally.count(&wait(place.read(logits)), &[2, 0]);
    assert!((f64::from(loss) - tally.mean_loss()).abs() < 1e-6);
    let shape = Shape::new(&experiment(TINY).network, 1, 2);
    let zeros = shape.parts().iter().map(|part| Tensor::zeros(part.dims, device)).collect::<Vec<_>>();
    let network = Network::new(&shape, zeros);
    let out = network.forward(Tensor::ones([4, 1, 7, 5], device), &mut Pass::Test(&[]));
    assert_eq!(wait(place.read(out)), [0.0; 8]);
}
