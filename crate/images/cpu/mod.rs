//! The network by the crate's own kernels, on the processor: forward, and both gradients written out by hand.
//!
//! Images go in groups of sixteen, side by side in memory, each group through the whole network and back before the
//! next, so that what one layer leaves is still in a cache when the next one takes it. Threads take groups; the groups'
//! gradients are added in the order of the images. So the bits depend neither on the number of threads nor on how many
//! groups are in memory at a time. Where there is batch normalization, all groups make a layer before any makes the next.
//!
//! Imports run one way: `parameters → plan → workspace → head, norm → passes → mod`.

mod head;
mod norm;
mod parameters;
mod passes;
mod plan;
mod threads;
mod workspace;

use std::fmt;
use std::ops::Range;

use identity_lab_kernels::{IMAGES, Octet, Rule, add_octets, descend_octets};

use self::norm::Statistics;
use self::parameters::{Parameters, turn_filters};
use self::plan::{Plan, TAPS};
use self::workspace::Workspace;
use super::shape::{Part, PartKind, Shape};

/// Most bytes of all workspaces together where there could do as many as there are threads.
const ROOM: usize = 64 << 20;

/// Octets of a gradient that one thread adds up at a time.
const PIECE: usize = 1024;

/// Where parameters stand, and the gradient by them.
type Gradient = (Range<usize>, Vec<f32>);

/// A network being trained.
#[derive(Clone)]
pub struct Cpu {
    plan: Plan,
    places: Parameters,
    parameters: Vec<Octet>,
    momentum: Vec<Octet>,
    running: Vec<Statistics>,
    /// The filters for the way back, of the parameters as they are.
    turned: Vec<Octet>,
    gradient: Vec<Octet>,
    workspaces: Vec<Workspace>,
    /// Bytes that workspaces may have together beyond what the threads need.
    room: usize,
}

impl fmt::Debug for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cpu").field("shape", &self.plan.shape).finish_non_exhaustive()
    }
}

/// Gives the pixels of some images of a batch: images × channels × height × width.
pub trait Pixels: Fn(Range<usize>) -> Vec<f32> + Sync {}

impl<F: Fn(Range<usize>) -> Vec<f32> + Sync> Pixels for F {}

impl Cpu {
    /// A network of zeros for images of so many rows and columns.
    pub fn new(shape: &Shape, parts: &[Part], size: [usize; 2], train_top: bool) -> Self {
        let places = Parameters::new(parts);
        let plan = Plan::new(shape, size, train_top, &places);
        let running = plan.layers.iter().filter(|layer| layer.norm.is_some()).map(|layer| {
            let channels = layer.channels.outputs;
            Statistics { means: vec![0.0; channels], variances: vec![1.0; channels] }
        });
        Self {
            parameters: places.zeros(),
            momentum: places.zeros(),
            running: running.collect(),
            turned: vec![Octet::ZERO; plan.turned],
            gradient: places.zeros(),
            workspaces: Vec::new(),
            room: ROOM,
            places,
            plan,
        }
    }

    /// The numbers of a part, row-major.
    pub fn part(&self, index: usize) -> Vec<f32> {
        self.places.get(index, &self.parameters)
    }

    /// Other numbers for a part.
    pub fn set_part(&mut self, index: usize, values: &[f32]) {
        self.places.put(index, values, &mut self.parameters);
    }

    /// The momentum of a part.
    pub fn part_momentum(&self, index: usize) -> Vec<f32> {
        self.places.get(index, &self.momentum)
    }

    /// Another momentum for a part.
    pub fn set_part_momentum(&mut self, index: usize, values: &[f32]) {
        self.places.put(index, values, &mut self.momentum);
    }

    /// Other running means and variances behind a convolution.
    pub fn set_running(&mut self, index: usize, [means, variances]: &[Vec<f32>; 2]) {
        let own = &mut self.running[index];
        own.means[..means.len()].copy_from_slice(means);
        own.variances[..variances.len()].copy_from_slice(variances);
    }

    /// Running means and variances of so many channels behind a convolution.
    pub fn running_of(&self, index: usize, channels: usize) -> [Vec<f32>; 2] {
        let Statistics { means, variances } = &self.running[index];
        [means[..channels].to_vec(), variances[..channels].to_vec()]
    }

    /// No more groups in memory than there are threads, as where networks are large.
    #[cfg(test)]
    pub fn crowd(&mut self) {
        self.room = 0;
    }

    /// The gradient of the last batch by a part.
    #[cfg(test)]
    pub fn part_gradient(&self, index: usize) -> Vec<f32> {
        self.places.get(index, &self.gradient)
    }

    /// Makes a step on a batch; its logits before the step. `kept` is the share of the old value in running averages.
    pub fn descend(&mut self, pixels: &impl Pixels, labels: &[u16], rule: Rule, kept: f32) -> Vec<f32> {
        let (logits, seen) = self.learn(pixels, labels);
        for place in self.places.places() {
            if !place.kind().is_trained(self.plan.train_top) {
                continue;
            }
            let range = place.range();
            let decay = if place.kind() == PartKind::Convolution { rule.decay } else { 0.0 };
            descend_octets(
                &mut self.parameters[range.clone()],
                &mut self.momentum[range.clone()],
                &self.gradient[range],
                Rule { decay, ..rule },
            );
        }
        for (running, seen) in self.running.iter_mut().zip(seen) {
            let mix = |old: &mut [f32], new: &[f32]| {
                old.iter_mut().zip(new).for_each(|(old, new)| *old = kept * *old + (1.0 - kept) * new);
            };
            mix(&mut running.means, &seen.means);
            mix(&mut running.variances, &seen.variances);
        }
        logits
    }

    /// The logits of a batch and the statistics of its normalization; leaves the gradient of its mean cross-entropy.
    pub fn learn(&mut self, pixels: &impl Pixels, labels: &[u16]) -> (Vec<f32>, Vec<Statistics>) {
        for layer in &self.plan.layers[1..] {
            let filters = &self.parameters[layer.filters.clone()];
            let turned = &mut self.turned[layer.turned.clone()];
            turn_filters(turned, filters, TAPS, layer.channels.inputs, layer.channels.outputs);
        }
        self.gradient.fill(Octet::ZERO);
        let groups = labels.len().div_ceil(IMAGES);
        let mut workspaces = std::mem::take(&mut self.workspaces);
        self.provide(&mut workspaces, groups, true);
        let mut logits = Vec::with_capacity(labels.len() * self.plan.shape.classes);
        let mut seen = Vec::new();
        let at_once = IMAGES * workspaces.len();
        for (round, of_round) in labels.chunks(at_once).enumerate() {
            let works = &mut workspaces[..of_round.len().div_ceil(IMAGES)];
            let of = |index: usize| {
                let start = IMAGES * index;
                start..(start + IMAGES).min(of_round.len())
            };
            if self.plan.shape.batch_norm {
                threads::each(works, |index, work| work.take(&self.plan, &pixels(of(index))));
                let (statistics, norms) = self.learn_together(works, labels);
                seen = statistics;
                for (range, values) in norms {
                    for (at, value) in values.into_iter().enumerate() {
                        self.gradient[range.start + at / 8].0[at % 8] = value;
                    }
                }
            } else {
                threads::each(works, |index, work| {
                    let (start, own) = (round * at_once, of(index));
                    work.take(&self.plan, &pixels(start + own.start..start + own.end));
                    self.learn_alone(work, &of_round[own], labels.len());
                });
            }
            for work in &*works {
                logits.extend_from_slice(&work.rows);
            }
            // Always in the order of the images, whoever adds which piece.
            let mut pieces: Vec<&mut [Octet]> = self.gradient.chunks_mut(PIECE).collect();
            threads::each(&mut pieces, |index, piece| {
                works.iter().for_each(|work| add_octets(piece, &work.sums[PIECE * index..]));
            });
        }
        self.workspaces = workspaces;
        (logits, seen)
    }

    /// Forward and back through all layers, where no group needs to know of the others.
    fn learn_alone(&self, work: &mut Workspace, labels: &[u16], batch: usize) {
        let plan = &self.plan;
        for layer in 0..plan.layers.len() {
            passes::forward(plan, &self.parameters, layer, work);
        }
        work.sums.fill(Octet::ZERO);
        head::logits(plan, &self.parameters, work);
        head::learn(plan, &self.parameters, work, labels, batch);
        for layer in (0..plan.layers.len()).rev() {
            passes::backward(plan, &self.turned, layer, None, work);
        }
    }

    /// The same with batch normalization, all groups a layer at a time: the statistics, and the gradients by gains and
    /// shifts with their places.
    fn learn_together(&self, works: &mut [Workspace], labels: &[u16]) -> (Vec<Statistics>, Vec<Gradient>) {
        let (plan, parameters) = (&self.plan, &self.parameters);
        let mut seen = Vec::new();
        for layer in 0..plan.layers.len() {
            threads::each(works, |_, work| {
                passes::convolve_only(plan, parameters, layer, work);
                norm::measure(plan, layer, work);
            });
            let statistics = norm::merge(works);
            threads::each(works, |_, work| {
                passes::normalize_only(plan, parameters, &statistics, layer, work);
            });
            seen.push(statistics);
        }
        threads::each(works, |index, work| {
            let own = &labels[IMAGES * index..][..work.images];
            work.sums.fill(Octet::ZERO);
            head::logits(plan, parameters, work);
            head::learn(plan, parameters, work, own, labels.len());
        });
        let mut norms = Vec::new();
        for (layer, own) in plan.layers.iter().enumerate().rev() {
            threads::each(works, |_, work| norm::measure_gradient(plan, layer, work));
            let sums = norm::merge_gradient(works);
            let count = labels.len() * own.geometry.forward.len();
            let scales = norm::scales(own, parameters, &seen[layer], &sums, count);
            threads::each(works, |_, work| {
                passes::backward(plan, &self.turned, layer, Some(&scales), work);
            });
            if let Some([gains, shifts]) = own.norm.clone() {
                norms.push((gains, sums.iter().map(|sum| sum[1] as f32).collect()));
                norms.push((shifts, sums.iter().map(|sum| sum[0] as f32).collect()));
            }
        }
        (seen, norms)
    }

    /// The logits of so many images as they are tested: by the running statistics.
    pub fn logits(&self, pixels: &impl Pixels, count: usize) -> Vec<f32> {
        let mut workspaces = Vec::new();
        self.provide(&mut workspaces, count.div_ceil(IMAGES), false);
        let mut logits = Vec::with_capacity(count * self.plan.shape.classes);
        let at_once = (IMAGES * workspaces.len()).max(1);
        for start in (0..count).step_by(at_once) {
            let works = &mut workspaces[..(count - start).min(at_once).div_ceil(IMAGES)];
            threads::each(works, |index, work| {
                let first = start + IMAGES * index;
                work.take(&self.plan, &pixels(first..(first + IMAGES).min(count)));
                for layer in 0..self.plan.layers.len() {
                    match self.running.get(layer) {
                        None => passes::forward(&self.plan, &self.parameters, layer, work),
                        Some(statistics) => {
                            passes::convolve_only(&self.plan, &self.parameters, layer, work);
                            passes::normalize_only(&self.plan, &self.parameters, statistics, layer, work);
                        }
                    }
                }
                head::logits(&self.plan, &self.parameters, work);
            });
            works.iter().for_each(|work| logits.extend_from_slice(&work.rows));
        }
        logits
    }

    /// Sees to it that there are workspaces for so many groups: for all of them at once where normalization wants them
    /// so or they are small, else as many as there are threads.
    fn provide(&self, workspaces: &mut Vec<Workspace>, groups: usize, learns: bool) {
        if workspaces.is_empty() && groups > 0 {
            workspaces.push(Workspace::new(&self.plan, self.parameters.len(), learns));
        }
        let bytes = workspaces.first().map_or(1, Workspace::bytes);
        let together = learns && self.plan.shape.batch_norm;
        let wanted = if together { groups } else { groups.min(threads::count().max(self.room / bytes)) };
        if workspaces.len() < wanted {
            workspaces.resize_with(wanted, || Workspace::new(&self.plan, self.parameters.len(), learns));
        }
    }
}
