//! What a network makes of the points that it was built for, measured by evaluating it.

use super::lanes::{LANES, Real};
use super::network::{Network, Scratch};
use crate::data::points::Points;

/// How well points are fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Points whose own class has the largest logit, copies included.
    pub fitted: usize,
    /// The least difference of a point's own logit and the largest of the others.
    pub margin: f64,
    /// The largest |logit − one-hot label|.
    pub error: f64,
    /// How often a block with an active unit at a point was not the one that is to move it.
    pub strays: usize,
    /// Points that were moved by their own block.
    pub moved: usize,
}

/// An evaluation, some points a call.
pub struct Check<T> {
    scratch: Scratch<T>,
    done: usize,
    fit: Fit,
}

impl<T: Real> Check<T> {
    /// Nothing is measured yet.
    pub fn new(network: &Network<T>) -> Self {
        let fit = Fit { fitted: 0, margin: f64::INFINITY, error: 0.0, strays: 0, moved: 0 };
        Self { scratch: network.scratch(), done: 0, fit }
    }

    /// Distinct points measured so far.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Measures some more points; the fit once all are. `movers` are the blocks that are to move them; where there
    /// are none, moves are not counted.
    pub fn advance(
        &mut self,
        network: &Network<T>,
        (points, copies): (&Points, &[usize]),
        movers: &[usize],
        count: usize,
    ) -> Option<Fit> {
        let Self { scratch, done, fit } = self;
        let (n, d) = (points.len(), points.dimension);
        let end = n.min(*done + count.max(1));
        while *done < end {
            let last = n.min(*done + LANES);
            let inputs = &points.inputs[*done * d..last * d];
            let logits = network.logits(inputs, scratch, &mut |block, lane| match movers.get(*done + lane) {
                Some(mover) if *mover == block => fit.moved += 1,
                Some(_) => fit.strays += 1,
                None => {}
            });
            for lane in 0..last - *done {
                let label = usize::from(points.labels[*done + lane]);
                let mut others = f64::NEG_INFINITY;
                let mut error = 0.0f64;
                for (class, logit) in logits.iter().enumerate() {
                    let logit = logit[lane].double();
                    // What is not finite fits nothing.
                    let logit = if logit.is_finite() { logit } else { f64::INFINITY };
                    error = error.max((logit - f64::from(u8::from(class == label))).abs());
                    if class != label {
                        others = others.max(logit);
                    }
                }
                let own = logits[label][lane].double();
                let margin = if own.is_finite() { own - others } else { f64::NEG_INFINITY };
                fit.fitted += if margin > 0.0 { copies[*done + lane] } else { 0 };
                fit.margin = fit.margin.min(margin);
                fit.error = fit.error.max(error);
            }
            *done = last;
        }
        (*done == n).then_some(*fit)
    }
}
