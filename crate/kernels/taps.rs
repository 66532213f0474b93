//! Which pixels a 3 × 3 filter touches: its taps that fall outside of an image are left out, not multiplied by 0.

/// Successive taps of a filter on successive pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first input pixel.
    pub pixel: u32,
    /// The first tap.
    pub tap: u32,
    /// How many.
    pub length: u32,
}

/// For every output pixel the runs that add up to it.
#[derive(Debug, Clone, Default)]
pub struct Taps {
    runs: Vec<Run>,
    ends: Vec<usize>,
}

/// Side of a filter.
const SIDE: usize = 3;

impl Taps {
    /// A filter of one tap: every pixel for itself.
    pub fn pointwise(pixels: usize) -> Self {
        let runs = (0..pixels as u32).map(|pixel| Run { pixel, tap: 0, length: 1 }).collect();
        Self { runs, ends: (1..=pixels).collect() }
    }

    /// out(y, x) = Σ in(s y + i − 1, s x + j − 1) · filter(i, j) over taps (i, j) with stride s, for images of `height` ×
    /// `width` that become ⌈height / s⌉ × ⌈width / s⌉.
    pub fn forward(height: usize, width: usize, stride: usize) -> Self {
        let mut taps = Self::default();
        for y in 0..height.div_ceil(stride) {
            for x in 0..width.div_ceil(stride) {
                let columns = inside(x * stride, width);
                for i in inside(y * stride, height) {
                    let (row, column) = (y * stride + i - 1, x * stride + columns.start - 1);
                    taps.push(row * width + column, i * SIDE + columns.start, columns.len());
                }
                taps.ends.push(taps.runs.len());
            }
        }
        taps
    }

    /// The adjoint of [`Taps::forward`] of the same numbers: from output pixels to those of `height` × `width`, with
    /// the filter's taps in reverse order.
    pub fn backward(height: usize, width: usize, stride: usize) -> Self {
        if stride == 1 {
            return Self::forward(height, width, 1);
        }
        let (rows, across) = (height.div_ceil(stride), width.div_ceil(stride));
        // Tap i leads from `y` to the output row (y + 1 − i) / stride where that is one.
        let sources = move |y: usize, count: usize| {
            (0..SIDE).rev().filter_map(move |i| {
                let at = (y + 1).checked_sub(i)?;
                (at.is_multiple_of(stride) && at / stride < count).then_some((SIDE - 1 - i, at / stride))
            })
        };
        let mut taps = Self::default();
        for y in 0..height {
            for x in 0..width {
                for (i, row) in sources(y, rows) {
                    for (j, column) in sources(x, across) {
                        taps.push(row * across + column, i * SIDE + j, 1);
                    }
                }
                taps.ends.push(taps.runs.len());
            }
        }
        taps
    }

    fn push(&mut self, pixel: usize, tap: usize, length: usize) {
        self.runs.push(Run { pixel: pixel as u32, tap: tap as u32, length: length as u32 });
    }

    /// Output pixels.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The runs of each output pixel.
    pub fn pixels(&self) -> impl Iterator<Item = &[Run]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let own = &self.runs[start..*end];
            start = *end;
            own
        })
    }
}

/// The taps of one axis that fall on pixels, for a filter around `middle`.
fn inside(middle: usize, size: usize) -> std::ops::Range<usize> {
    usize::from(middle == 0)..(size + 1 - middle).min(SIDE)
}

/// Output pixels whose gradients and inputs stay in the first-level cache together while filters are summed over them.
const BAND: usize = 16;

/// For every band of output pixels and every tap: the pairs of an output and an input pixel that it joins.
#[derive(Debug, Clone)]
pub struct Pairs {
    pairs: Vec<(u32, u32)>,
    ends: Vec<usize>,
    taps: usize,
}

impl Pairs {
    /// The pairs of a filter of so many taps.
    pub fn new(taps: &Taps, count: usize) -> Self {
        let mut own = Self { pairs: Vec::new(), ends: Vec::new(), taps: count };
        let pixels: Vec<&[Run]> = taps.pixels().collect();
        for (band, pixels) in pixels.chunks(BAND).enumerate() {
            for tap in 0..count as u32 {
                for (output, runs) in (BAND as u32 * band as u32..).zip(pixels) {
                    let of_tap = runs.iter().filter(|run| (run.tap..run.tap + run.length).contains(&tap));
                    own.pairs.extend(of_tap.map(|run| (output, run.pixel + tap - run.tap)));
                }
                own.ends.push(own.pairs.len());
            }
        }
        own
    }

    /// Taps of the filter.
    pub fn taps(&self) -> usize {
        self.taps
    }

    /// Bands of output pixels.
    pub fn bands(&self) -> usize {
        self.ends.len() / self.taps
    }

    /// The pairs, (output, input), of a tap in a band.
    pub fn of(&self, band: usize, tap: usize) -> &[(u32, u32)] {
        let at = band * self.taps + tap;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.pairs[start..self.ends[at]]
    }
}
