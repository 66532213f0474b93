//! [`Trainer`]: makes the steps of an experiment.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use serde::Serialize;

use super::augment::{augmented, plain};
use super::experiment::ImageExperiment;
use super::network::{Network, Pass, Statistics, cross_entropy, one_hot, tensor};
use super::shape::{Part, PartKind, Shape};
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
    /// Outside autodiff, like everything that lasts longer than a step.
    pub(super) weights: Vec<Tensor<4>>,
    /// m of each part; zeros where a part is not trained.
    pub(super) momentum: Vec<Tensor<4>>,
    /// Running averages for batch normalization.
    pub(super) running: Statistics,
    /// Steps made.
    pub(super) step: u64,
    pub(super) diverged_at: Option<u64>,
    batches: Batches,
}

impl Trainer {
    /// A network at its start. Refuses what cannot be trained on those images.
    pub fn new(experiment: ImageExperiment, images: Arc<Images>, place: impl Into<Place>) -> Result<Self> {
        let place = place.into();
        let device = place.device();
        experiment.validate()?;
        check_images(&experiment, &images)?;
        let shape = Shape::new(&experiment.network, images.train.channels, images.classes.len());
        let parts = shape.parts();
        let start = draw(&parts, experiment.network.start, experiment.seed);
        let tensors = parts.iter().zip(start).map(|(part, values)| tensor(values, part.dims, device));
        let weights: Vec<Tensor<4>> = tensors.collect();
        let momentum = parts.iter().map(|part| Tensor::zeros(part.dims, device)).collect();
        let fresh = |(_, channels): &(String, usize)| {
            let dims = [1, *channels, 1, 1];
            (Tensor::zeros(dims, device), Tensor::ones(dims, device))
        };
        let running = shape.normalized().iter().map(fresh).collect();
        let batches = Batches::new(experiment.seed, images.train.len(), experiment.training.batch);
        Ok(Self {
            experiment,
            images,
            place,
            shape,
            parts,
            weights,
            momentum,
            running,
            step: 0,
            diverged_at: None,
            batches,
        })
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
        let mut logits = Vec::new();
        let mut labels = Vec::new();
        for _ in 0..count {
            let (own_logits, own_labels) = self.descend();
            logits.push(own_logits);
            labels.push(own_labels);
        }
        let logits = self.place.read(Tensor::cat(logits, 0)).await?;
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

    /// One step; the logits of the minibatch before it, still on the device, and its labels.
    fn descend(&mut self) -> (Tensor<2>, Vec<u16>) {
        let training = &self.experiment.training;
        let indices = self.batches.batch(self.step);
        let set = &self.images.train;
        let pixels = augmented(set, indices, training, self.experiment.seed, self.step);
        let labels: Vec<u16> = indices.iter().map(|index| set.labels[*index as usize]).collect();
        let x = input(set, pixels, self.place.device());
        let targets = one_hot(&labels, self.shape.classes, self.place.device());
        let (logits, gradient, seen) = self.gradient(x, targets);

        let rate = self.learning_rate_at(self.step) as f32;
        let training = &self.experiment.training;
        let (momentum, decay) = (training.momentum as f32, training.weight_decay as f32);
        for (index, gradient) in gradient.into_iter().enumerate() {
            let Some(mut gradient) = gradient else { continue };
            if self.parts[index].kind == PartKind::Convolution && decay != 0.0 {
                gradient = gradient + self.weights[index].clone().mul_scalar(decay);
            }
            let moved = self.momentum[index].clone().mul_scalar(momentum) + gradient;
            self.weights[index] = self.weights[index].clone() - moved.clone().mul_scalar(rate);
            self.momentum[index] = moved;
        }
        for ((mean, variance), (new_mean, new_variance)) in self.running.iter_mut().zip(seen) {
            *mean = mean.clone().mul_scalar(KEPT) + new_mean.mul_scalar(1.0 - KEPT);
            *variance = variance.clone().mul_scalar(KEPT) + new_variance.mul_scalar(1.0 - KEPT);
        }
        self.step += 1;
        (logits, labels)
    }

    /// Whether a part changes in training.
    pub(super) fn is_trained(&self, part: &Part) -> bool {
        part.kind != PartKind::Top || self.experiment.network.train_top
    }

    /// Logits, the gradient of the mean cross-entropy by each trained part, and the statistics of normalization.
    pub(super) fn gradient(
        &self,
        x: Tensor<4>,
        targets: Tensor<2>,
    ) -> (Tensor<2>, Vec<Option<Tensor<4>>>, Statistics) {
        let enter = |(part, weight): (&Part, &Tensor<4>)| {
            let weight = weight.clone();
            if self.is_trained(part) { weight.autodiff() } else { weight }
        };
        let network = Network::new(&self.shape, self.parts.iter().zip(&self.weights).map(enter));
        let mut seen = Vec::new();
        let logits = network.forward(x.autodiff(), &mut Pass::Train(&mut seen));
        let mut gradients = cross_entropy(logits.clone(), targets.autodiff()).backward();
        let gradient = network.parameters().iter().map(|part| part.grad_remove(&mut gradients)).collect();
        (logits.inner(), gradient, seen)
    }

    /// The logits of images, a row of as many numbers as there are classes an image.
    pub(super) async fn logits(&self, subset: Subset, indices: &[u32]) -> Result<Vec<f32>> {
        let set = self.set(subset);
        let network = Network::new(&self.shape, self.weights.iter().cloned());
        let mut parts = Vec::new();
        for indices in indices.chunks(AT_ONCE) {
            let pixels = plain(set, indices, &self.experiment.training);
            let x = input(set, pixels, self.place.device());
            parts.push(network.forward(x, &mut Pass::Test(&self.running)));
        }
        match parts.is_empty() {
            true => Ok(Vec::new()),
            false => self.place.read(Tensor::cat(parts, 0)).await,
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
        for weight in &self.weights {
            all.push(self.place.read(weight.clone()).await?);
        }
        Ok(all)
    }

    /// The momentum of every part, in the same order.
    pub(super) async fn momenta(&self) -> Result<Vec<Vec<f32>>> {
        let mut all = Vec::new();
        for momentum in &self.momentum {
            all.push(self.place.read(momentum.clone()).await?);
        }
        Ok(all)
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
