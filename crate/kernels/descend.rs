//! What becomes of a gradient that was summed group by group.

use pulp::{Simd, WithSimd};

use crate::lanes::Octet;
use crate::simd::dispatch;

/// How parameters W follow a gradient g: m ← β m + g + λ W, W ← W − η m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// η.
    pub rate: f32,
    /// β.
    pub momentum: f32,
    /// λ.
    pub decay: f32,
}

/// sum += x.
pub fn add_octets(sum: &mut [Octet], x: &[Octet]) {
    dispatch(Add { sum, x });
}

/// One step by a rule.
pub fn descend_octets(weights: &mut [Octet], momentum: &mut [Octet], gradient: &[Octet], rule: Rule) {
    dispatch(Descend { weights, momentum, gradient, rule });
}

struct Add<'a> {
    sum: &'a mut [Octet],
    x: &'a [Octet],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (sum, x) in self.sum.iter_mut().zip(self.x) {
            for lane in 0..8 {
                sum.0[lane] += x.0[lane];
            }
        }
    }
}

struct Descend<'a> {
    weights: &'a mut [Octet],
    momentum: &'a mut [Octet],
    gradient: &'a [Octet],
    rule: Rule,
}

impl WithSimd for Descend<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Rule { rate, momentum: kept, decay } = self.rule;
        for ((weights, momentum), gradient) in self.weights.iter_mut().zip(self.momentum).zip(self.gradient) {
            for lane in 0..8 {
                let weight = weights.0[lane];
                let moved = kept * momentum.0[lane] + (gradient.0[lane] + decay * weight);
                momentum.0[lane] = moved;
                weights.0[lane] = weight - rate * moved;
            }
        }
    }
}
