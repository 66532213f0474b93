//! What is done to images before a network sees them; on the CPU and in whole numbers where possible, so that the
//! same bits come out on every machine.

use super::experiment::ImageTraining;
use crate::data::images::ImageSet;
use crate::rng::{Stream, philox};

/// How one image is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    /// First row and column of the crop in the padded image.
    row: usize,
    column: usize,
    /// Whether left and right are exchanged afterwards.
    mirrored: bool,
}

impl Change {
    /// The change of the image at a place in the minibatch of a step: a function of these and the seed alone, so
    /// that a run can be resumed at any step.
    fn draw(training: &ImageTraining, seed: u32, step: u64, place: usize) -> Self {
        let counter = [place as u32, step as u32, (step >> 32) as u32, 0];
        let [row, column, mirrored, _] = philox(counter, [seed, Stream::Augmentation as u32]);
        let offsets = 2 * training.crop as u64 + 1;
        // The high half of a product is uniform below `offsets`, up to one part in 2³² / offsets.
        let below = |bits: u32| ((u64::from(bits) * offsets) >> 32) as usize;
        Self { row: below(row), column: below(column), mirrored: training.flip && mirrored >> 31 == 1 }
    }

    /// The middle of the padded image, unmirrored.
    fn none(training: &ImageTraining) -> Self {
        Self { row: training.crop, column: training.crop, mirrored: false }
    }
}

/// The images of a minibatch from place `first` on as a network is trained on them: cropped, mirrored, standardized.
pub fn augmented(
    set: &ImageSet,
    indices: &[u32],
    first: usize,
    training: &ImageTraining,
    seed: u32,
    step: u64,
) -> Vec<f32> {
    prepare(set, indices, training, |place| Change::draw(training, seed, step, first + place))
}

/// Images as a network is tested on them: only standardized.
pub fn plain(set: &ImageSet, indices: &[u32], training: &ImageTraining) -> Vec<f32> {
    prepare(set, indices, training, |_| Change::none(training))
}

fn prepare(
    set: &ImageSet,
    indices: &[u32],
    training: &ImageTraining,
    change: impl Fn(usize) -> Change,
) -> Vec<f32> {
    let mut out = Vec::with_capacity(indices.len() * set.size());
    let mut cut = vec![0; set.size()];
    for (place, index) in indices.iter().enumerate() {
        cut_out(set, *index as usize, training.crop, change(place), &mut cut);
        if training.standardize {
            standardize(&cut, &mut out);
        } else {
            out.extend(cut.iter().map(|pixel| f32::from(*pixel) / 255.0));
        }
    }
    out
}

/// The crop of an image with `padding` black pixels on every side.
fn cut_out(set: &ImageSet, index: usize, padding: usize, change: Change, out: &mut [u8]) {
    let (height, width) = (set.height, set.width);
    let image = set.image(index);
    for (line, out) in out.chunks_exact_mut(width).enumerate() {
        let (channel, row) = (line / height, line % height + change.row);
        if !(padding..padding + height).contains(&row) {
            out.fill(0);
            continue;
        }
        let source = &image[(channel * height + row - padding) * width..][..width];
        for (x, pixel) in out.iter_mut().enumerate() {
            let x = if change.mirrored { width - 1 - x } else { x };
            // Left of the image this wraps round, and is then as little inside as right of it.
            *pixel = source.get((x + change.column).wrapping_sub(padding)).copied().unwrap_or(0);
        }
    }
}

/// (x − mean)/max(deviation, 1/√n) over the n numbers of an image, where pixels are from 0 to 255: an image of one
/// colour is all 0. The sums are whole numbers, so no order of adding can change them.
fn standardize(pixels: &[u8], out: &mut Vec<f32>) {
    let (mut sum, mut squares) = (0_u64, 0_u64);
    for pixel in pixels {
        let pixel = u64::from(*pixel);
        sum += pixel;
        squares += pixel * pixel;
    }
    let n = pixels.len() as f64;
    let mean = sum as f64 / n;
    // n Σx² − (Σx)² is exact: at most 2¹⁴ numbers an image, so below 2⁴⁵.
    let variance = (pixels.len() as u64 * squares - sum * sum) as f64 / (n * n);
    let scale = 1.0 / variance.sqrt().max(1.0 / n.sqrt());
    out.extend(pixels.iter().map(|pixel| ((f64::from(*pixel) - mean) * scale) as f32));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::ImagePreset;

    fn one(pixels: Vec<u8>, channels: usize, height: usize, width: usize) -> ImageSet {
        ImageSet { channels, height, width, pixels, labels: vec![0] }
    }

    fn training(crop: usize, flip: bool, standardize: bool) -> ImageTraining {
        ImageTraining { crop, flip, standardize, ..ImagePreset::PaperCifar10.experiment().training }
    }

    #[test]
    fn a_crop_is_a_shift_with_black_coming_in_and_a_mirror_exchanges_columns() {
        let set = one((1..=9).collect(), 1, 3, 3);
        let cut = |row, column, mirrored| {
            let mut out = vec![0; 9];
            cut_out(&set, 0, 1, Change { row, column, mirrored }, &mut out);
            out
        };
        assert_eq!(cut(1, 1, false), (1..=9).collect::<Vec<_>>());
        assert_eq!(cut(0, 1, false), [0, 0, 0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(cut(1, 2, false), [2, 3, 0, 5, 6, 0, 8, 9, 0]);
        assert_eq!(cut(1, 1, true), [3, 2, 1, 6, 5, 4, 9, 8, 7]);
        assert_eq!(cut(1, 2, true), [0, 3, 2, 0, 6, 5, 0, 9, 8]);
    }

    #[test]
    fn every_offset_and_both_sides_occur_equally_often() {
        let training = training(1, true, false);
        let mut counts = [[[0; 2]; 3]; 3];
        for step in 0..180 {
            for place in 0..100 {
                let change = Change::draw(&training, 5, step, place);
                counts[change.row][change.column][usize::from(change.mirrored)] += 1;
            }
        }
        // 18 cells of 1000 expected each; five standard deviations are 154.
        assert!(counts.iter().flatten().flatten().all(|count| (846..1154).contains(count)), "{counts:?}");
    }

    #[test]
    fn standardized_images_have_mean_0_and_variance_1() {
        let set = one((0..48).map(|i| (i * 37 % 251) as u8).collect(), 3, 4, 4);
        let out = plain(&set, &[0], &training(4, true, true));
        let mean = out.iter().sum::<f32>() / 48.0;
        let variance = out.iter().map(|x| x * x).sum::<f32>() / 48.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-5, "{mean} {variance}");
        let flat = plain(&one(vec![7; 16], 1, 4, 4), &[0], &training(4, true, true));
        assert_eq!(flat, vec![0.0; 16]);
    }

    #[test]
    fn a_minibatch_is_a_function_of_seed_and_step() {
        let set = one((0..64).collect(), 1, 8, 8);
        let training = training(4, true, true);
        let batch = |seed, step| augmented(&set, &[0, 0, 0, 0], 0, &training, seed, step);
        assert_eq!(batch(1, 7), batch(1, 7));
        assert_ne!(batch(1, 7), batch(1, 8));
        assert_ne!(batch(1, 7), batch(2, 7));
        assert_eq!(augmented(&set, &[0, 0], 2, &training, 1, 7), batch(1, 7)[128..]);
    }
}
