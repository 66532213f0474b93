//! The kernels of networks on images beside plain loops in f64, with this machine's vectors and with those of a machine
//! that has none.

use pulp::{Scalar128b, Simd, WithSimd};

use crate::convolve::Convolve;
use crate::filters::SumFilters;
use crate::lanes::{Channels, IMAGES, Lane, Octet, Turned};
use crate::simd::dispatch;
use crate::taps::{Pairs, Taps};
use crate::{Finish, Rule, Shortcut, add_octets, descend_octets, turn};

/// Numbers from −1 to 1 that repeat late.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state >> 8) / f64::from(1 << 23) - 1.0) as f32
    };
    (0..count).map(|_| next()).collect()
}

fn lanes(count: usize, seed: u32) -> Vec<Lane> {
    let numbers = numbers(count * IMAGES, seed);
    numbers.as_chunks().0.iter().map(|lane| Lane(*lane)).collect()
}

/// An operation on this machine's vectors, or on none.
fn on<Op: WithSimd>(vectors: bool, operation: Op) -> Op::Output {
    if vectors { dispatch(operation) } else { Simd::vectorize(Scalar128b, operation) }
}

/// A convolution's sizes: rows and columns that come in, stride, channels.
#[derive(Debug, Clone, Copy)]
struct Case {
    size: [usize; 2],
    stride: usize,
    channels: Channels,
}

/// Sizes down to one pixel, odd ones, both strides, every way to fill a tile.
fn cases() -> impl Iterator<Item = Case> {
    let sizes = [[1, 1], [2, 3], [5, 4], [7, 7], [6, 8]];
    let channels = [(4, 4), (4, 12), (8, 8), (12, 8), (8, 16), (16, 24), (12, 20)];
    sizes.into_iter().flat_map(move |size| {
        [1, 2].into_iter().flat_map(move |stride| {
            channels.into_iter().map(move |(inputs, outputs)| Case {
                size,
                stride,
                channels: Channels { inputs, outputs },
            })
        })
    })
}

impl Case {
    fn out(&self) -> [usize; 2] {
        self.size.map(|side| side.div_ceil(self.stride))
    }

    /// Output pixel, input pixel and tap of everything that is joined.
    fn joined(&self) -> Vec<(usize, usize, usize)> {
        let ([height, width], [rows, columns], s) = (self.size, self.out(), self.stride);
        let mut joined = Vec::new();
        for (y, x) in (0..rows * columns).map(|p| (p / columns, p % columns)) {
            for (i, j) in (0..9).map(|tap| (tap / 3, tap % 3)) {
                let (row, column) = (y * s + i, x * s + j);
                if (1..=height).contains(&row) && (1..=width).contains(&column) {
                    joined.push((y * columns + x, (row - 1) * width + column - 1, i * 3 + j));
                }
            }
        }
        joined
    }

    fn inputs(&self) -> usize {
        self.size[0] * self.size[1] * self.channels.inputs
    }

    fn outputs(&self) -> usize {
        self.out()[0] * self.out()[1] * self.channels.outputs
    }
}

/// Filters as outputs × inputs × taps and as the kernels have them.
fn filters(channels: Channels, seed: u32, reversed: bool) -> (Vec<f32>, Vec<Octet>) {
    let Channels { inputs, outputs } = channels;
    let plain = numbers(inputs * outputs * 9, seed);
    let mut octets = vec![Octet::ZERO; outputs.div_ceil(8) * 9 * inputs];
    for (index, weight) in plain.iter().enumerate() {
        let (o, c, tap) = (index / 9 / inputs, index / 9 % inputs, index % 9);
        let tap = if reversed { 8 - tap } else { tap };
        octets[(o / 8 * 9 + tap) * inputs + c].0[o % 8] = *weight;
    }
    (plain, octets)
}

/// The largest distance of lanes from numbers in f64, one for every lane and image; infinite where one is no number.
fn distance(out: &[Lane], wanted: &[[f64; IMAGES]]) -> f64 {
    assert_eq!(out.len(), wanted.len());
    let pairs = out.iter().flat_map(|lane| lane.0).zip(wanted.iter().flatten());
    pairs.fold(0.0, |most, (own, wanted)| {
        let distance = (f64::from(own) - wanted).abs();
        // `max` would pass over what is no number.
        if distance.is_nan() { f64::INFINITY } else { most.max(distance) }
    })
}

/// Sums of up to 9 · 24 products of numbers below 1 in f32.
const TOLERANCE: f64 = 2e-5;

/// What a finish makes of a sum.
fn finished(finish: Finish<'_>, at: usize, n: usize, sum: f64) -> f64 {
    match finish {
        Finish::Set => sum,
        Finish::Rectify => sum.max(0.0),
        Finish::Plus(base) => f64::from(base[at].0[n]) + sum,
        Finish::Keep(other) if other[at].0[n] > 0.0 => sum,
        Finish::Keep(_) => 0.0,
    }
}

#[test]
fn a_convolution_is_that_of_plain_loops() {
    for (case, vectors) in cases().flat_map(|case| [(case, true), (case, false)]) {
        let Channels { inputs, outputs } = case.channels;
        let input = lanes(case.inputs(), 1);
        let (plain, octets) = filters(case.channels, 2, false);
        let taps = Taps::forward(case.size[0], case.size[1], case.stride);
        let other = lanes(case.outputs(), 3);
        let mut sums = vec![[0.0_f64; IMAGES]; case.outputs()];
        for (p, q, tap) in case.joined() {
            for (o, c) in (0..outputs * inputs).map(|index| (index / inputs, index % inputs)) {
                let weight = f64::from(plain[(o * inputs + c) * 9 + tap]);
                for (sum, x) in sums[p * outputs + o].iter_mut().zip(input[q * inputs + c].0) {
                    *sum += weight * f64::from(x);
                }
            }
        }
        for finish in [Finish::Set, Finish::Rectify, Finish::Plus(&other), Finish::Keep(&other)] {
            let wanted: Vec<[f64; IMAGES]> = sums
                .iter()
                .enumerate()
                .map(|(at, sums)| std::array::from_fn(|n| finished(finish, at, n, sums[n])))
                .collect();
            let mut out = vec![Lane([f32::NAN; IMAGES]); case.outputs()];
            let (out_, channels) = (&mut out, case.channels);
            on(
                vectors,
                Convolve { out: out_, input: &input, filters: &octets, channels, taps: &taps, finish },
            );
            let distance = distance(&out, &wanted);
            assert!(distance < TOLERANCE, "{distance} for {case:?}, {finish:?}");
        }
    }
}

/// The way back is the adjoint: what goes out of a pixel by a tap comes back by it.
#[test]
fn the_gradient_by_the_input_is_that_of_plain_loops() {
    for (case, vectors) in cases().flat_map(|case| [(case, true), (case, false)]) {
        let Channels { inputs, outputs } = case.channels;
        let gradient = lanes(case.outputs(), 4);
        let back = Channels { inputs: outputs, outputs: inputs };
        let (plain, octets) = filters(back, 5, true);
        let taps = Taps::backward(case.size[0], case.size[1], case.stride);
        let mut wanted = vec![[0.0_f64; IMAGES]; case.inputs()];
        for (p, q, tap) in case.joined() {
            for (o, c) in (0..outputs * inputs).map(|index| (index / inputs, index % inputs)) {
                let weight = f64::from(plain[(c * outputs + o) * 9 + tap]);
                for (sum, g) in wanted[q * inputs + c].iter_mut().zip(gradient[p * outputs + o].0) {
                    *sum += weight * f64::from(g);
                }
            }
        }
        let mut out = vec![Lane([f32::NAN; IMAGES]); case.inputs()];
        let (filters, taps, finish) = (&octets, &taps, Finish::Set);
        on(vectors, Convolve { out: &mut out, input: &gradient, filters, channels: back, taps, finish });
        let distance = distance(&out, &wanted);
        assert!(distance < TOLERANCE, "{distance} for {case:?}");
    }
}

#[test]
fn the_gradient_by_the_filters_is_that_of_plain_loops() {
    for (case, vectors) in cases().flat_map(|case| [(case, true), (case, false)]) {
        let Channels { inputs, outputs } = case.channels;
        let (input, gradient) = (lanes(case.inputs(), 6), lanes(case.outputs(), 7));
        let pairs = Pairs::new(&Taps::forward(case.size[0], case.size[1], case.stride), 9);
        // What is there already is added to.
        let (plain, octets) = filters(case.channels, 8, false);
        let mut wanted: Vec<f64> = plain.iter().map(|x| f64::from(*x)).collect();
        for (p, q, tap) in case.joined() {
            for (o, c) in (0..outputs * inputs).map(|index| (index / inputs, index % inputs)) {
                let both = input[q * inputs + c].0.into_iter().zip(gradient[p * outputs + o].0);
                wanted[(o * inputs + c) * 9 + tap] +=
                    both.map(|(x, g)| f64::from(x) * f64::from(g)).sum::<f64>();
            }
        }
        let mut turned = vec![Turned::ZERO; outputs.div_ceil(8) * case.out()[0] * case.out()[1]];
        turn(&mut turned, &gradient, outputs);
        let mut sums = octets;
        let (channels, input, turned, pairs) = (case.channels, &input, &turned, &pairs);
        on(vectors, SumFilters { gradient: &mut sums, input, turned, channels, pairs });
        for (index, wanted) in wanted.iter().enumerate() {
            let (o, c, tap) = (index / 9 / inputs, index / 9 % inputs, index % 9);
            let own = f64::from(sums[(o / 8 * 9 + tap) * inputs + c].0[o % 8]);
            // Up to 56 pixels of 16 images.
            assert!((own - wanted).abs() < 2e-4, "{own} {wanted} for {case:?}");
        }
    }
}

/// Outputs that a last octet does not have must not get weights either.
#[test]
fn a_half_empty_octet_stays_half_empty() {
    let channels = Channels { inputs: 4, outputs: 12 };
    let pairs = Pairs::new(&Taps::forward(3, 3, 1), 9);
    let mut turned = vec![Turned::ZERO; 2 * 9];
    turn(&mut turned, &lanes(9 * 12, 1), 12);
    let mut sums = vec![Octet::ZERO; 2 * 9 * 4];
    crate::sum_filters(&mut sums, &lanes(9 * 4, 2), &turned, channels, &pairs);
    assert!(sums[36..].iter().all(|octet| octet.0[4..] == [0.0; 4] && octet.0[..4] != [0.0; 4]));
}

#[test]
fn what_is_no_number_stays_none() {
    let (taps, channels) = (Taps::forward(1, 1, 1), Channels { inputs: 4, outputs: 4 });
    for vectors in [true, false] {
        let mut out = [Lane::ZERO; 4];
        let input = [Lane([f32::NAN; IMAGES]); 4];
        let (filters, finish) = (&[Octet([1.0; 8]); 36], Finish::Rectify);
        on(vectors, Convolve { out: &mut out, input: &input, filters, channels, taps: &taps, finish });
        assert!(out.iter().flat_map(|lane| lane.0).all(f32::is_nan));
    }
}

/// Shortcuts: the identity, more channels, halves of even and odd sizes.
fn shortcuts() -> impl Iterator<Item = Shortcut> {
    let sizes = [[1, 1], [2, 3], [5, 4], [6, 8]];
    let channels = [(8, 8, 8, 0), (3, 4, 12, 3), (4, 4, 4, 0), (6, 8, 8, 1), (8, 8, 16, 4)];
    sizes.into_iter().flat_map(move |size| {
        [1, 2].into_iter().flat_map(move |stride| {
            channels.into_iter().map(move |(channels, inputs, outputs, before)| Shortcut {
                size,
                stride,
                channels,
                inputs,
                outputs,
                before,
            })
        })
    })
}

#[test]
fn a_shortcut_is_that_of_plain_loops_and_its_gradient_the_adjoint() {
    for shape in shortcuts() {
        let [height, width] = shape.size;
        let [rows, columns] = shape.size.map(|side| side.div_ceil(shape.stride));
        let (input, gradient) =
            (lanes(height * width * shape.inputs, 1), lanes(rows * columns * shape.outputs, 2));
        let mut wanted = vec![[0.0_f64; IMAGES]; gradient.len()];
        let mut back = vec![[0.0_f64; IMAGES]; input.len()];
        for (y, x) in (0..height * width).map(|p| (p / width, p % width)) {
            let (row, column) = (y / shape.stride, x / shape.stride);
            let count = |side: usize, at: usize| (side - at * shape.stride).min(shape.stride);
            let scale = 1.0 / (count(height, row) * count(width, column)) as f64;
            for c in 0..shape.channels {
                let from = (y * width + x) * shape.inputs + c;
                let to = (row * columns + column) * shape.outputs + shape.before + c;
                for n in 0..IMAGES {
                    wanted[to][n] += scale * f64::from(input[from].0[n]);
                    back[from][n] += scale * f64::from(gradient[to].0[n]);
                }
            }
        }
        let mut out = vec![Lane([f32::NAN; IMAGES]); gradient.len()];
        shape.pass(&mut out, &input);
        assert!(distance(&out, &wanted) < 1e-6, "{shape:?}");
        let mut out = vec![Lane([f32::NAN; IMAGES]); input.len()];
        shape.pass_back(&mut out, &gradient);
        assert!(distance(&out, &back) < 1e-6, "{shape:?}");
    }
}

#[test]
fn a_step_is_that_of_its_formula() {
    let rule = Rule { rate: 0.1, momentum: 0.9, decay: 0.01 };
    let octets = |seed| {
        let numbers = numbers(24, seed);
        numbers.as_chunks().0.iter().map(|octet| Octet(*octet)).collect::<Vec<_>>()
    };
    let (start, gradient) = (octets(1), octets(3));
    let (mut weights, mut momentum) = (start.clone(), octets(2));
    let before = momentum.clone();
    let mut sum = gradient.clone();
    add_octets(&mut sum, &gradient);
    descend_octets(&mut weights, &mut momentum, &sum, rule);
    for (octet, lane) in (0..24).map(|index| (index / 8, index % 8)) {
        let of = |octets: &[Octet]| f64::from(octets[octet].0[lane]);
        let moved = 0.9 * of(&before) + 2.0 * of(&gradient) + 0.01 * of(&start);
        assert!((of(&momentum) - moved).abs() < 1e-6);
        assert!((of(&weights) - (of(&start) - 0.1 * moved)).abs() < 1e-6);
    }
}
