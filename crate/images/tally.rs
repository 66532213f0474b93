//! What a network says about images, counted.

use serde::{Deserialize, Serialize};

/// Which of the two sets of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subset {
    /// The images trained on.
    Train,
    /// The images never trained on.
    Test,
}

/// How a network did on some images. Two of them, on different images, can be added.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Number of classes r.
    pub classes: usize,
    /// Sum over images of the cross-entropy −log softmax(logits)_label, in nats.
    pub loss: f64,
    /// r × r counts: the image's class by row, the predicted one by column. Row-major.
    pub confusion: Vec<u32>,
    /// The predicted class of each image, in the order they were asked for.
    pub predictions: Vec<u16>,
}

impl Tally {
    /// Nothing counted.
    pub fn new(classes: usize) -> Self {
        Self { classes, loss: 0.0, confusion: vec![0; classes * classes], predictions: Vec::new() }
    }

    /// Counts images by their logits, a row of `classes` an image. Of equal logits the first wins.
    pub fn count(&mut self, logits: &[f32], labels: &[u16]) {
        for (row, label) in logits.chunks_exact(self.classes).zip(labels) {
            self.loss += surprise(row, usize::from(*label));
            let mut best = 0;
            for (class, logit) in row.iter().enumerate() {
                if *logit > row[best] {
                    best = class;
                }
            }
            self.confusion[usize::from(*label) * self.classes + best] += 1;
            self.predictions.push(best as u16);
        }
    }

    /// Takes another one's images in, after those there are.
    pub fn add(&mut self, other: &Self) {
        self.loss += other.loss;
        self.confusion.iter_mut().zip(&other.confusion).for_each(|(a, b)| *a += b);
        self.predictions.extend(&other.predictions);
    }

    /// Images counted.
    pub fn images(&self) -> usize {
        self.predictions.len()
    }

    /// Images whose class is not the predicted one.
    pub fn wrong(&self) -> usize {
        let right: u32 = (0..self.classes).map(|class| self.confusion[class * (self.classes + 1)]).sum();
        self.images() - right as usize
    }

    /// Share of wrong predictions, from 0 to 1; NaN of no images.
    pub fn error(&self) -> f64 {
        self.wrong() as f64 / self.images() as f64
    }

    /// Mean cross-entropy; NaN of no images.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.images() as f64
    }
}

/// −log softmax(logits)_label in f64; not a number where a logit is not.
fn surprise(logits: &[f32], label: usize) -> f64 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| libm::exp(f64::from(*logit) - f64::from(most))).sum();
    libm::log(sum) + f64::from(most) - f64::from(logits[label])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_losses_confusions_and_predictions() {
        let mut tally = Tally::new(3);
        tally.count(&[0.0, 0.0, 0.0, 1.0, 3.0, 2.0], &[0, 2]);
        let expected = 3.0_f64.ln() + (1.0 + 1.0_f64.exp() + (-1.0_f64).exp()).ln();
        assert!((tally.loss - expected).abs() < 1e-12);
        assert_eq!((tally.images(), tally.wrong(), tally.error()), (2, 1, 0.5));
        assert_eq!(tally.confusion, [1, 0, 0, 0, 0, 0, 0, 1, 0]);
        let mut other = Tally::new(3);
        other.count(&[0.0, 0.0, 9.0], &[2]);
        tally.add(&other);
        assert_eq!(tally.predictions, [0, 1, 2]);
        assert_eq!((tally.images(), tally.wrong()), (3, 1));
    }

    #[test]
    fn a_loss_that_is_not_a_number_shows() {
        let mut tally = Tally::new(2);
        tally.count(&[f32::NAN, 0.0], &[1]);
        assert!(tally.mean_loss().is_nan());
        assert!((surprise(&[1000.0, 0.0], 1) - 1000.0).abs() < 1e-9);
    }
}
