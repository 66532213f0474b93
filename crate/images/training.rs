//! [`Trainer`]: makes the steps of an experiment.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use identity_lab_kernels::Rule;
use serde::Serialize;

use super::augment::{augmented, plain};
use super::experiment::ImageExperiment;
use super::learner::Learner;
use super::network::tensor;
use super::shape::{Part, Shape};
use super::start::draw;
use super::tally::{Subset, Tally};
use crate::data::images::{ImageSet, Images};
use crate::engine::batches::Batches;
use crate::engine::burn::Place;
use crate::error::{LabError, Result};

/// Share of the old value in the running averages of batch normalization, as is usual.
const KEPT: f32 = 0.9;
/// Images passed through the network at once where it is tested: more would only need more memory.
pub(super) const AT_ONCE: usize = 256;

/// What one step found before it changed the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRecord {
    /// Number of the step, from 0.
    pub step: u64,
    /// Mean cross-entropy of the minibatch, in nats.
    pub loss: f64,
    /// Share of the minibatch that was classified wrongly.
    pub error: f64,
    /// η of the step.
    pub learning_rate: f64,
}

/// A network being trained on images.
#[derive(Debug, Clone)]
pub struct Trainer {
    pub(super) experiment: ImageExperiment,
    pub(super) images: Arc<Images>,
    pub(super) place: Place,
    pub(super) shape: Shape,
    pub(super) parts: Vec<Part>,
    /// Has the weights, their momentum and the running averages of batch normalization.
    pub(super) learner: Learner,
    /// Steps made.
    pub(super) step: u64,
    pub(super) diverged_at: Option<u64>,
    batches: Batches,
}

impl Trainer {
    /// A network at its start. Refuses what cannot be trained on those images.
    pub fn new(experiment: ImageExperiment, images: Arc<Images>, place: impl Into<Place>) -> Result<Self> {
        let place = place.into();
        experiment.validate()?;
        check_images(&experiment, &images)?;
        let shape = Shape::new(&experiment.network, images.train.channels, images.classes.len());
        let parts = shape.parts();
        let size = [images.train.height, images.train.width];
        let mut learner = Learner::new(&shape, &parts, size, experiment.network.train_top, &place);
        for (index, values) in draw(&parts, experiment.network.start, experiment.seed).into_iter().enumerate()
        {
            learner.set_weights(index, values);
        }
        let batches = Batches::new(experiment.seed, images.train.len(), experiment.training.batch);
        Ok(Self { experiment, images, place, shape, parts, learner, step: 0, diverged_at: None, batches })
    }

    /// What is being run.
    pub fn experiment(&self) -> &ImageExperiment {
        &self.experiment
    }

    /// What it is trained and tested on.
    pub fn images(&self) -> &Arc<Images> {
        &self.images
    }

    /// The shape of the network.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Steps made.
    pub fn steps_made(&self) -> u64 {
        self.step
    }

    /// Whether all steps of the experiment have been made.
    pub fn is_over(&self) -> bool {
        self.step >= self.experiment.training.steps
    }

    /// The step whose loss was infinite or no number, if there was one. There is no way back from there: the weights
    /// are no numbers any more, and [`Trainer::step`] makes no further ones.
    pub fn diverged_at(&self) -> Option<u64> {
        self.diverged_at
    }

    /// η at a step, counted from 0.
    pub fn learning_rate_at(&self, step: u64) -> f64 {
        self.experiment.training.learning_rate_at(step)
    }

    /// Another η before the first drop, from now on.
    pub fn set_learning_rate(&mut self, value: f64) -> Result<()> {
        let mut changed = self.experiment.clone();
        changed.training.learning_rate = value;
        changed.validate()?;
        self.experiment = changed;
        Ok(())
    }

    /// Another number of steps after which the run is over.
    pub fn set_steps(&mut self, steps: u64) -> Result<()> {
        let mut changed = self.experiment.clone();
        changed.training.steps = steps;
        changed.validate()?;
        self.experiment = changed;
        Ok(())
    }

    /// Makes up to `count` steps, fewer where the experiment or the network's luck ends before, and says what each
    /// found. The device is waited for once, after the last step: with many steps a call a GPU is never idle.
    pub async fn step(&mut self, count: u32) -> Result<Vec<StepRecord>> {
        let left = self.experiment.training.steps.saturating_sub(self.step);
        let count = u64::from(count).min(left);
        if count == 0 || self.diverged_at.is_some() {
            return Ok(Vec::new());
        }
        let first = self.step;
        let mut seen = Seen::default();
        let mut labels = Vec::new();
        for _ in 0..count {
            labels.push(self.descend(&mut seen));
        }
        let logits = seen.read(&self.place).await?;
        let classes = self.shape.classes;
        let mut records = Vec::new();
        for ((step, labels), logits) in
            (first..).zip(&labels).zip(logits.chunks_exact(classes * self.experiment.training.batch))
        {
            let mut tally = Tally::new(classes);
            tally.count(logits, labels);
            let loss = tally.mean_loss();
            records.push(StepRecord {
                step,
                loss,
                error: tally.error(),
                learning_rate: self.learning_rate_at(step),
            });
            if !loss.is_finite() {
                self.diverged_at = Some(step);
                break;
            }
        }
        Ok(records)
    }

    /// One step; the labels of its minibatch, whose logits before it are added to those that were seen.
    fn descend(&mut self, seen: &mut Seen) -> Vec<u16> {
        let training = &self.experiment.training;
        let rule = Rule {
            rate: training.learning_rate_at(self.step) as f32,
            momentum: training.momentum as f32,
            decay: training.weight_decay as f32,
        };
        let indices = self.batches.batch(self.step);
        let (set, seed, step) = (&self.images.train, self.experiment.seed, self.step);
        let labels: Vec<u16> = indices.iter().map(|index| set.labels[*index as usize]).collect();
        let pixels = |range: Range<usize>| {
            let first = range.start;
            augmented(set, &indices[range], first, training, seed, step)
        };
        match &mut self.learner {
            Learner::Burn(learner) => {
                let x = input(set, pixels(0..indices.len()), self.place.device());
                seen.later.push(learner.descend(x, &labels, rule, KEPT));
            }
            Learner::Cpu(learner) => seen.now.extend(learner.descend(&pixels, &labels, rule, KEPT)),
        }
        self.step += 1;
        labels
    }

    /// Whether a part changes in training.
    pub(super) fn is_trained(&self, part: &Part) -> bool {
        part.kind.is_trained(self.experiment.network.train_top)
    }

    /// The logits of images, a row of as many numbers as there are classes an image.
    pub(super) async fn logits(&self, subset: Subset, indices: &[u32]) -> Result<Vec<f32>> {
        let set = self.set(subset);
        let training = &self.experiment.training;
        match &self.learner {
            Learner::Cpu(learner) => {
                let pixels = |range: Range<usize>| plain(set, &indices[range], training);
                Ok(learner.logits(&pixels, indices.len()))
            }
            Learner::Burn(learner) => {
                let mut seen = Seen::default();
                for indices in indices.chunks(AT_ONCE) {
                    let x = input(set, plain(set, indices, training), self.place.device());
                    seen.later.push(learner.logits(x));
                }
                seen.read(&self.place).await
            }
        }
    }

    /// The images of one set.
    pub fn set(&self, subset: Subset) -> &ImageSet {
        match subset {
            Subset::Train => &self.images.train,
            Subset::Test => &self.images.test,
        }
    }

    /// How the network does, without augmentation, on the images of a set from `first` on, `count` of them or as many
    /// as there are. A caller that has something else to do in between asks for a slice at a time and adds them up.
    pub async fn evaluate(&self, subset: Subset, first: usize, count: usize) -> Result<Tally> {
        let set = self.set(subset);
        let end = first.saturating_add(count).min(set.len());
        let indices: Vec<u32> = (first.min(end)..end).map(|index| index as u32).collect();
        let logits = self.logits(subset, &indices).await?;
        let mut tally = Tally::new(self.shape.classes);
        tally.count(&logits, &set.labels[first.min(end)..end]);
        Ok(tally)
    }

    /// The numbers of every part, in the order of [`Shape::parts`].
    pub async fn weights(&self) -> Result<Vec<Vec<f32>>> {
        let mut all = Vec::new();
        for index in 0..self.parts.len() {
            all.push(self.learner.weights(index).await?);
        }
        Ok(all)
    }
}

/// The logits of some minibatches: there, or still on a device.
#[derive(Default)]
struct Seen {
    now: Vec<f32>,
    later: Vec<Tensor<2>>,
}

impl Seen {
    async fn read(self, place: &Place) -> Result<Vec<f32>> {
        if self.later.is_empty() {
            return Ok(self.now);
        }
        place.read(Tensor::cat(self.later, 0)).await
    }
}

/// Images × channels × height × width on a device.
pub(super) fn input(set: &ImageSet, pixels: Vec<f32>, device: &Device) -> Tensor<4> {
    let images = pixels.len() / set.size();
    tensor(pixels, [images, set.channels, set.height, set.width], device)
}

/// Refuses images that the experiment cannot be run on.
fn check_images(experiment: &ImageExperiment, images: &Images) -> Result<()> {
    let complain = |message: String| Err(LabError::field("images", message));
    let (train, test) = (&images.train, &images.test);
    let size = |set: &ImageSet| (set.channels, set.height, set.width);
    if train.is_empty() || test.is_empty() {
        return complain("there must be images to train on and images to test on".to_owned());
    }
    if size(train) != size(test) {
        return complain("the images to train on and those to test on must be of one size".to_owned());
    }
    for set in [train, test] {
        if set.size() == 0 || set.pixels.len() != set.size() * set.len() {
            return complain("there must be as many pixels as the images' number and size say".to_owned());
        }
        if let Some(label) = set.labels.iter().find(|label| usize::from(**label) >= images.classes.len()) {
            let classes = images.classes.len();
            return complain(format!("labels are from 0 to below the {classes} classes; got {label}"));
        }
    }
    let batch = experiment.training.batch;
    if batch > train.len() {
        let message =
            format!("allowed is a whole number from 1 to the {} images trained on; got {batch}", train.len());
        return Err(LabError::field("training.batch", message));
    }
    Ok(())
}
