//! One layer forward or back, on the images of one workspace.
//!
//! Layer 0 is the stem; layers 2 i + 1 and 2 i + 2 are the two convolutions of block i.

use std::mem::{swap, take};

use identity_lab_kernels::{Channels, Finish, Lane, Octet, convolve, sum_filters, turn};

use super::norm::{Statistics, normalize, normalize_back};
use super::plan::Plan;
use super::workspace::Workspace;

/// The whole of a layer where nothing is normalized.
pub fn forward(plan: &Plan, parameters: &[Octet], layer: usize, work: &mut Workspace) {
    let own = &plan.layers[layer];
    let filters = &parameters[own.filters.clone()];
    let taps = &own.geometry.forward;
    let block = layer.saturating_sub(1) / 2;
    match layer {
        0 => convolve(&mut work.hidden[0], &work.input, filters, own.channels, taps, Finish::Set),
        _ if layer % 2 == 1 => {
            let out = &mut work.inner[block];
            convolve(out, &work.hidden[block], filters, own.channels, taps, Finish::Rectify);
        }
        _ => {
            shorten(plan, block, work);
            let (before, after) = work.hidden.split_at_mut(block + 1);
            let base = base(plan, block, &before[block], &work.shortcut);
            convolve(&mut after[0], &work.inner[block], filters, own.channels, taps, base);
        }
    }
}

/// The convolution of a layer alone, to be normalized.
pub fn convolve_only(plan: &Plan, parameters: &[Octet], layer: usize, work: &mut Workspace) {
    let own = &plan.layers[layer];
    let filters = &parameters[own.filters.clone()];
    let block = layer.saturating_sub(1) / 2;
    let input = match layer {
        0 => &work.input,
        _ if layer % 2 == 1 => &work.hidden[block],
        _ => &work.inner[block],
    };
    let out = &mut work.normal[layer];
    convolve(out, input, filters, own.channels, &own.geometry.forward, Finish::Set);
}

/// What comes after [`convolve_only`].
pub fn normalize_only(
    plan: &Plan,
    parameters: &[Octet],
    statistics: &Statistics,
    layer: usize,
    work: &mut Workspace,
) {
    let own = &plan.layers[layer];
    let block = layer.saturating_sub(1) / 2;
    let normal = |out: &mut _, volume: &mut _, finish| {
        normalize(out, volume, own, parameters, statistics, finish);
    };
    match layer {
        0 => normal(&mut work.hidden[0], &mut work.normal[0], Finish::Set),
        _ if layer % 2 == 1 => normal(&mut work.inner[block], &mut work.normal[layer], Finish::Rectify),
        _ => {
            shorten(plan, block, work);
            let (before, after) = work.hidden.split_at_mut(block + 1);
            let base = base(plan, block, &before[block], &work.shortcut);
            normal(&mut after[0], &mut work.normal[layer], base);
        }
    }
}

/// The shortcut of a block, where it has one that is not the identity.
fn shorten(plan: &Plan, block: usize, work: &mut Workspace) {
    let shortcut = &plan.shortcuts[block];
    if plan.shape.skips && !plan.is_identity(block) {
        let length = work.hidden[block + 1].len();
        shortcut.pass(&mut work.shortcut[..length], &work.hidden[block]);
    }
}

/// What a block's branch is added to.
fn base<'a>(plan: &Plan, block: usize, hidden: &'a [Lane], shortcut: &'a [Lane]) -> Finish<'a> {
    match (plan.shape.skips, plan.is_identity(block)) {
        (false, _) => Finish::Set,
        (true, true) => Finish::Plus(hidden),
        (true, false) => Finish::Plus(shortcut),
    }
}

/// From the gradient by what a layer gave to those by its filters, which are added to the sums, and by what it took.
/// `filters` are those for the way back; `scales` those of [`normalize_back`].
pub fn backward(
    plan: &Plan,
    filters: &[Octet],
    layer: usize,
    scales: Option<&[[f32; 3]]>,
    work: &mut Workspace,
) {
    let own = &plan.layers[layer];
    let Channels { inputs, outputs } = own.channels;
    let block = layer.saturating_sub(1) / 2;
    let length = plan.volume(layer);
    let is_first = layer % 2 == 1;

    let given = take(if is_first { &mut work.inner_gradient } else { &mut work.gradient });
    let mut spare = take(&mut work.spare);
    // The gradient by what the convolution gave, and the room that is free besides.
    let (gradient, mut free) = match scales {
        Some(scales) => {
            let normal = &work.normal[layer];
            normalize_back(&mut spare[..length], &given[..length], normal, scales, work.images);
            (spare, given)
        }
        None => (given, spare),
    };
    let input = match layer {
        0 => &work.input,
        _ if is_first => &work.hidden[block],
        _ => &work.inner[block],
    };
    let turned = &mut work.turned[..own.geometry.forward.len() * outputs.div_ceil(8)];
    turn(turned, &gradient[..length], outputs);
    sum_filters(&mut work.sums[own.filters.clone()], input, turned, own.channels, &own.geometry.pairs);

    let filters = &filters[own.turned.clone()];
    let back = Channels { inputs: outputs, outputs: inputs };
    let taps = &own.geometry.backward;
    if is_first {
        let shortcut = &plan.shortcuts[block];
        let before = taps.len() * inputs;
        if plan.shape.skips && !plan.is_identity(block) {
            let passed = plan.volume(layer + 1);
            shortcut.pass_back(&mut work.shortcut[..before], &work.gradient[..passed]);
        }
        let base = base(plan, block, &work.gradient, &work.shortcut);
        convolve(&mut free[..before], &gradient[..length], filters, back, taps, base);
        swap(&mut work.gradient, &mut free);
        (work.inner_gradient, work.spare) = (gradient, free);
        return;
    }
    if layer > 0 {
        let out = &mut work.inner_gradient[..taps.len() * inputs];
        convolve(out, &gradient[..length], filters, back, taps, Finish::Keep(&work.inner[block]));
    }
    // What came from behind the block goes on through its shortcut.
    (work.gradient, work.spare) = if scales.is_some() { (free, gradient) } else { (gradient, free) };
}
