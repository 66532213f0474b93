//! The parameters of a network in one row, in the order that the kernels read them in.

use std::ops::Range;

use identity_lab_kernels::Octet;

use super::super::shape::{Part, PartKind};
use super::plan::{TAPS, stored};

/// Where the numbers of one part are.
#[derive(Debug, Clone)]
pub struct Place {
    kind: PartKind,
    dims: [usize; 4],
    /// Octets before it.
    start: usize,
    /// Taps and stored inputs of a convolution.
    taps: usize,
    inputs: usize,
    octets: usize,
}

impl Place {
    /// What the part is for.
    pub fn kind(&self) -> PartKind {
        self.kind
    }

    /// The part's octets.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.octets
    }

    fn new(part: &Part, is_stem: bool, start: usize) -> Self {
        let Part { kind, dims, .. } = *part;
        let (taps, inputs, octets) = match kind {
            PartKind::Convolution if is_stem => {
                let inputs = stored(TAPS * dims[1]);
                (1, inputs, dims[0].div_ceil(8) * inputs)
            }
            PartKind::Convolution => {
                let inputs = stored(dims[1]);
                (TAPS, inputs, dims[0].div_ceil(8) * TAPS * inputs)
            }
            PartKind::Gain | PartKind::Shift => (1, 1, dims[1].div_ceil(8)),
            PartKind::Top => (1, 1, dims[0] * dims[1].div_ceil(8)),
        };
        Self { kind, dims, start, taps, inputs, octets }
    }

    /// Where the number at a row-major index of the part is.
    fn of(&self, index: usize) -> (usize, usize) {
        let [_, second, third, fourth] = self.dims;
        let (channel, tap) = (index / (third * fourth), index % (third * fourth));
        let (row, column) = (channel / second, channel % second);
        let (octet, lane) = match self.kind {
            PartKind::Convolution if self.taps == 1 => {
                (row / 8 * self.inputs + tap * second + column, row % 8)
            }
            PartKind::Convolution => ((row / 8 * self.taps + tap) * self.inputs + column, row % 8),
            PartKind::Gain | PartKind::Shift => (column / 8, column % 8),
            PartKind::Top => (row * second.div_ceil(8) + column / 8, column % 8),
        };
        (self.start + octet, lane)
    }
}

/// Where the numbers of all parts are. What lies between them stays 0.
#[derive(Debug, Clone)]
pub struct Parameters {
    places: Vec<Place>,
    octets: usize,
}

impl Parameters {
    /// The places of parts.
    pub fn new(parts: &[Part]) -> Self {
        let mut octets = 0;
        let mut place = |(index, part)| {
            let place = Place::new(part, index == 0, octets);
            octets += place.octets;
            place
        };
        let places = parts.iter().enumerate().map(&mut place).collect();
        Self { places, octets }
    }

    /// Every part's.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// As many zeros as there are numbers.
    pub fn zeros(&self) -> Vec<Octet> {
        vec![Octet::ZERO; self.octets]
    }

    /// Puts the numbers of a part, row-major, where they belong.
    pub fn put(&self, part: usize, values: &[f32], octets: &mut [Octet]) {
        let place = &self.places[part];
        for (index, value) in values.iter().enumerate() {
            let (octet, lane) = place.of(index);
            octets[octet].0[lane] = *value;
        }
    }

    /// The numbers of a part, row-major.
    pub fn get(&self, part: usize, octets: &[Octet]) -> Vec<f32> {
        let place = &self.places[part];
        let number = |index| {
            let (octet, lane) = place.of(index);
            octets[octet].0[lane]
        };
        (0..place.dims.iter().product()).map(number).collect()
    }
}

/// The filters for the way back: octets of inputs × taps in reverse order × outputs.
pub fn turn_filters(out: &mut [Octet], filters: &[Octet], taps: usize, inputs: usize, outputs: usize) {
    for (octet, out) in out.chunks_exact_mut(taps * outputs).enumerate() {
        let lanes = (inputs - 8 * octet).min(8);
        for (tap, out) in out.chunks_exact_mut(outputs).enumerate() {
            let tap = taps - 1 - tap;
            for (group, out) in out.chunks_mut(8).enumerate() {
                let filters = &filters[(group * taps + tap) * inputs + 8 * octet..][..lanes];
                for (lane, filters) in filters.iter().enumerate() {
                    for (out, weight) in out.iter_mut().zip(filters.0) {
                        out.0[lane] = weight;
                    }
                }
            }
        }
    }
}
