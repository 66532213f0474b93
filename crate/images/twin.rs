//! The network once more, in f64 and as plainly as it is written down: what burn's is compared with in tests.

use super::shape::{PartKind, Shape};

/// Images × channels × height × width.
#[derive(Debug, Clone)]
struct Volume {
    dims: [usize; 4],
    values: Vec<f64>,
}

impl Volume {
    fn new(dims: [usize; 4], mut value: impl FnMut([usize; 4]) -> f64) -> Self {
        let mut values = Vec::new();
        for n in 0..dims[0] {
            for c in 0..dims[1] {
                for y in 0..dims[2] {
                    for x in 0..dims[3] {
                        values.push(value([n, c, y, x]));
                    }
                }
            }
        }
        Self { dims, values }
    }

    fn at(&self, [n, c, y, x]: [usize; 4]) -> f64 {
        let [_, channels, height, width] = self.dims;
        self.values[((n * channels + c) * height + y) * width + x]
    }

    fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { dims: self.dims, values: self.values.iter().map(|x| f(*x)).collect() }
    }
}

/// 3 × 3 filters of output × input, zeros around.
fn convolve(input: &Volume, filters: &[f64], output: usize, stride: usize) -> Volume {
    let [images, channels, height, width] = input.dims;
    Volume::new([images, output, height.div_ceil(stride), width.div_ceil(stride)], |[n, o, y, x]| {
        let mut sum = 0.0;
        for c in 0..channels {
            for (dy, dx) in (0..9).map(|k| (k / 3, k % 3)) {
                let (row, column) = (y * stride + dy, x * stride + dx);
                if (1..=height).contains(&row) && (1..=width).contains(&column) {
                    sum +=
                        filters[(o * channels + c) * 9 + dy * 3 + dx] * input.at([n, c, row - 1, column - 1]);
                }
            }
        }
        sum
    })
}

/// Batch normalization by the batch's own statistics.
fn normalize(input: &Volume, gain: &[f64], shift: &[f64]) -> Volume {
    let [images, channels, height, width] = input.dims;
    let count = (images * height * width) as f64;
    let over = |c: usize, f: &dyn Fn(f64) -> f64| {
        let of = |n: usize| (0..height * width).map(move |p| [n, c, p / width, p % width]);
        (0..images).flat_map(of).map(|place| f(input.at(place))).sum::<f64>() / count
    };
    let means: Vec<f64> = (0..channels).map(|c| over(c, &|x| x)).collect();
    let deviations: Vec<f64> = (0..channels)
        .map(|c| (over(c, &|x| (x - means[c]) * (x - means[c])) + f64::from(1e-5_f32)).sqrt())
        .collect();
    Volume::new(input.dims, |place| {
        let c = place[1];
        gain[c] * (input.at(place) - means[c]) / deviations[c] + shift[c]
    })
}

/// The mean of 2 × 2 pixels, or of what there is of them at an odd edge.
fn halve(input: &Volume) -> Volume {
    let [images, channels, height, width] = input.dims;
    Volume::new([images, channels, height.div_ceil(2), width.div_ceil(2)], |[n, c, y, x]| {
        let rows = 2 * y..(2 * y + 2).min(height);
        let columns = 2 * x..(2 * x + 2).min(width);
        let count = (rows.len() * columns.len()) as f64;
        let columns = &columns;
        rows.flat_map(|row| columns.clone().map(move |column| input.at([n, c, row, column]))).sum::<f64>()
            / count
    })
}

/// The mean cross-entropy of images under the parts of a network, in the order of [`Shape::parts`].
pub fn loss(shape: &Shape, parts: &[Vec<f64>], pixels: &[f32], size: [usize; 4], labels: &[u16]) -> f64 {
    let mut own = shape.parts().into_iter().zip(parts).peekable();
    let mut layer = |input: &Volume, stride: usize| {
        let (part, filters) = own.next().expect("there is a convolution");
        let out = convolve(input, filters, part.dims[0], stride);
        if own.peek().is_none_or(|(part, _)| part.kind != PartKind::Gain) {
            return out;
        }
        let (_, gain) = own.next().expect("there is a gain");
        let (_, shift) = own.next().expect("there is a shift");
        normalize(&out, gain, shift)
    };
    let input = Volume { dims: size, values: pixels.iter().map(|x| f64::from(*x)).collect() };
    let mut hidden = layer(&input, 1);
    for block in &shape.blocks {
        let inner = layer(&hidden, block.stride).map(|x| x.max(0.0));
        let branch = layer(&inner, 1);
        let shortcut = if block.stride == 1 { hidden } else { halve(&hidden) };
        let before = (block.output - block.input) / 2;
        hidden = Volume::new(branch.dims, |[n, c, y, x]| {
            let passed = (before..before + block.input).contains(&c) && shape.skips;
            branch.at([n, c, y, x]) + if passed { shortcut.at([n, c - before, y, x]) } else { 0.0 }
        });
    }
    let top = parts.last().expect("there is a projection");
    let [images, channels, height, width] = hidden.dims;
    let mut sum = 0.0;
    for n in 0..images {
        let average = |c: usize| {
            (0..height * width).map(|p| hidden.at([n, c, p / width, p % width])).sum::<f64>()
                / (height * width) as f64
        };
        let averages: Vec<f64> = (0..channels).map(average).collect();
        let logit = |class: usize| -> f64 {
            top[class * channels..][..channels].iter().zip(&averages).map(|(w, a)| w * a).sum()
        };
        let logits: Vec<f64> = (0..shape.classes).map(logit).collect();
        let total: f64 = logits.iter().map(|logit| logit.exp()).sum();
        sum += total.ln() - logits[usize::from(labels[n])];
    }
    sum / images as f64
}
