//! What comes after the last block: means over pixels, the projection onto the classes, the loss.

use identity_lab_kernels::{IMAGES, Lane, Octet};

use super::plan::Plan;
use super::workspace::Workspace;

/// The logits of the images in a workspace.
pub fn logits(plan: &Plan, parameters: &[Octet], work: &mut Workspace) {
    let hidden = work.hidden.last().expect("there is the stem at least");
    let channels = work.features.len();
    work.features.fill(Lane::ZERO);
    for pixel in hidden.chunks_exact(channels) {
        work.features.iter_mut().zip(pixel).for_each(|(sum, x)| add(sum, x, 1.0));
    }
    let scale = channels as f32 / hidden.len() as f32;
    work.features.iter_mut().for_each(|lane| lane.0 = lane.0.map(|x| x * scale));
    let top = &parameters[plan.top.clone()];
    for (logit, weights) in work.logits.iter_mut().zip(top.chunks_exact(top.len() / plan.shape.classes)) {
        *logit = Lane::ZERO;
        let weights = weights.iter().flat_map(|octet| octet.0);
        weights.zip(&work.features).for_each(|(weight, feature)| add(logit, feature, weight));
    }
    work.rows.clear();
    for n in 0..work.images {
        work.rows.extend(work.logits.iter().map(|logit| logit.0[n]));
    }
}

/// Turns the logits into the gradient of Σ −log softmax(logits)_label / `batch` by them, adds that by the projection to
/// the sums, if it is trained, and leaves that by what is behind the last block.
pub fn learn(plan: &Plan, parameters: &[Octet], work: &mut Workspace, labels: &[u16], batch: usize) {
    surprise(&mut work.logits, labels, batch);
    let top = plan.top.clone();
    let octets = top.len() / plan.shape.classes;
    if plan.train_top {
        let sums = work.sums[top.clone()].chunks_exact_mut(octets);
        for (logit, sums) in work.logits.iter().zip(sums) {
            let sums = sums.iter_mut().flat_map(|octet| octet.0.iter_mut());
            for (sum, feature) in sums.zip(&work.features) {
                *sum += (0..IMAGES).map(|n| logit.0[n] * feature.0[n]).sum::<f32>();
            }
        }
    }
    let channels = work.features.len();
    let hidden = work.hidden.last().expect("there is the stem at least").len();
    let scale = channels as f32 / hidden as f32;
    work.features.fill(Lane::ZERO);
    for (logit, weights) in work.logits.iter().zip(parameters[top].chunks_exact(octets)) {
        let weights = weights.iter().flat_map(|octet| octet.0);
        work.features.iter_mut().zip(weights).for_each(|(sum, weight)| add(sum, logit, scale * weight));
    }
    for pixel in work.gradient[..hidden].chunks_exact_mut(channels) {
        pixel.copy_from_slice(&work.features);
    }
}

/// (softmax(logits) − the label's unit vector) / `batch`; 0 for places without an image.
fn surprise(logits: &mut [Lane], labels: &[u16], batch: usize) {
    let mut most = [f32::NEG_INFINITY; IMAGES];
    for logit in logits.iter() {
        most.iter_mut().zip(logit.0).for_each(|(most, x)| *most = most.max(x));
    }
    let mut sums = [0.0; IMAGES];
    for logit in logits.iter_mut() {
        for n in 0..labels.len() {
            logit.0[n] = libm::expf(logit.0[n] - most[n]);
            sums[n] += logit.0[n];
        }
    }
    for (class, logit) in logits.iter_mut().enumerate() {
        for (n, label) in labels.iter().enumerate() {
            let wanted = if usize::from(*label) == class { 1.0 } else { 0.0 };
            logit.0[n] = (logit.0[n] / sums[n] - wanted) / batch as f32;
        }
        logit.0[labels.len()..].fill(0.0);
    }
}

fn add(out: &mut Lane, x: &Lane, factor: f32) {
    for n in 0..IMAGES {
        out.0[n] += factor * x.0[n];
    }
}
