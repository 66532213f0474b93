//! Batch normalization: y = gain · z + shift with z = (x − mean)/√(variance + ε), over all images and pixels of a channel.

use identity_lab_kernels::{Finish, IMAGES, Lane, Octet};

use super::super::network::EPSILON;
use super::plan::{Layer, Plan};
use super::workspace::Workspace;

/// Means and variances of the stored channels behind one convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Means.
    pub means: Vec<f32>,
    /// Mean squared distances from these.
    pub variances: Vec<f32>,
}

/// Leaves mean and Σ (x − mean)² of every channel over the workspace's own images as moments.
pub fn measure(plan: &Plan, layer: usize, work: &mut Workspace) {
    let channels = plan.layers[layer].channels.outputs;
    let (volume, images) = (&work.normal[layer], work.images);
    let over = |centre: &dyn Fn(usize) -> f32, power: i32| {
        let mut sums = vec![Lane::ZERO; channels];
        for pixel in volume.chunks_exact(channels) {
            for (channel, (sum, x)) in sums.iter_mut().zip(pixel).enumerate() {
                let centre = centre(channel);
                for n in 0..IMAGES {
                    sum.0[n] += (x.0[n] - centre).powi(power);
                }
            }
        }
        sums.iter().map(|sum| sum.0[..images].iter().map(|x| f64::from(*x)).sum::<f64>()).collect::<Vec<_>>()
    };
    let count = (volume.len() / channels * images) as f64;
    let means: Vec<f64> = over(&|_| 0.0, 1).iter().map(|sum| sum / count).collect();
    let squares = over(&|channel| means[channel] as f32, 2);
    work.pixels = volume.len() / channels;
    work.moments.clear();
    for (mean, squares) in means.into_iter().zip(squares) {
        // About the rounded mean; back to the mean itself.
        let moved = mean - f64::from(mean as f32);
        work.moments.push([mean, squares - count * moved * moved]);
    }
}

/// Statistics over all images from the moments of all workspaces.
pub fn merge(works: &[Workspace]) -> Statistics {
    let total: usize = works.iter().map(|work| work.images).sum();
    let share = |work: &Workspace| work.images as f64 / total as f64;
    let channels = works[0].moments.len();
    let mean = |c: usize| works.iter().map(|work| share(work) * work.moments[c][0]).sum::<f64>();
    let means: Vec<f64> = (0..channels).map(mean).collect();
    // Σ (x − mean)² = Σ over parts of Σ (x − own mean)² + count (own mean − mean)².
    let pixels = works[0].pixels as f64;
    let variance = |c: usize| {
        let of = |work: &Workspace| {
            let [own, squares] = work.moments[c];
            squares / (pixels * total as f64) + share(work) * (own - means[c]) * (own - means[c])
        };
        works.iter().map(of).sum::<f64>()
    };
    let variances = (0..channels).map(|c| variance(c) as f32).collect();
    Statistics { means: means.into_iter().map(|mean| mean as f32).collect(), variances }
}

/// Turns x into z where it stands, and leaves finish(y).
pub fn normalize(
    out: &mut [Lane],
    volume: &mut [Lane],
    layer: &Layer,
    parameters: &[Octet],
    statistics: &Statistics,
    finish: Finish<'_>,
) {
    let channels = layer.channels.outputs;
    let [gains, shifts] = gains_and_shifts(layer, parameters);
    let scales: Vec<f32> =
        statistics.variances.iter().map(|variance| 1.0 / (variance + EPSILON).sqrt()).collect();
    for (at, (out, x)) in out.iter_mut().zip(volume).enumerate() {
        let c = at % channels;
        for n in 0..IMAGES {
            let z = (x.0[n] - statistics.means[c]) * scales[c];
            x.0[n] = z;
            let y = gains[c] * z + shifts[c];
            out.0[n] = match finish {
                Finish::Rectify if y < 0.0 => 0.0,
                Finish::Plus(base) => base[at].0[n] + y,
                _ => y,
            };
        }
    }
}

/// Leaves Σ g and Σ g z of every channel as moments, where g is the gradient by y.
pub fn measure_gradient(plan: &Plan, layer: usize, work: &mut Workspace) {
    let channels = plan.layers[layer].channels.outputs;
    let gradient = if layer % 2 == 1 { &work.inner_gradient } else { &work.gradient };
    let mut sums = vec![[Lane::ZERO; 2]; channels];
    let pixels = gradient.chunks_exact(channels).zip(work.normal[layer].chunks_exact(channels));
    for (gradient, normal) in pixels {
        for ((sums, g), z) in sums.iter_mut().zip(gradient).zip(normal) {
            for n in 0..IMAGES {
                sums[0].0[n] += g.0[n];
                sums[1].0[n] += g.0[n] * z.0[n];
            }
        }
    }
    let images = work.images;
    let sum = |lane: &Lane| lane.0[..images].iter().map(|x| f64::from(*x)).sum::<f64>();
    work.moments = sums.iter().map(|[g, gz]| [sum(g), sum(gz)]).collect();
}

/// The moments of all workspaces together: the gradients by shift and gain.
pub fn merge_gradient(works: &[Workspace]) -> Vec<[f64; 2]> {
    let add = |c: usize, i: usize| works.iter().map(|work| work.moments[c][i]).sum::<f64>();
    (0..works[0].moments.len()).map(|c| [add(c, 0), add(c, 1)]).collect()
}

/// The gradient by x from that by y: gain/√(variance + ε) · (g − Σg/m − z Σgz/m), m the number of images and pixels.
/// 0 for places without an image.
pub fn normalize_back(
    out: &mut [Lane],
    gradient: &[Lane],
    normal: &[Lane],
    scales: &[[f32; 3]],
    images: usize,
) {
    let channels = scales.len();
    for (at, ((out, g), z)) in out.iter_mut().zip(gradient).zip(normal).enumerate() {
        let [scale, mean, slope] = scales[at % channels];
        for n in 0..IMAGES {
            let x = scale * (g.0[n] - mean - z.0[n] * slope);
            out.0[n] = if n < images { x } else { 0.0 };
        }
    }
}

/// What [`normalize_back`] needs of every channel: gain/√(variance + ε), Σg/m and Σgz/m.
pub fn scales(
    layer: &Layer,
    parameters: &[Octet],
    statistics: &Statistics,
    sums: &[[f64; 2]],
    count: usize,
) -> Vec<[f32; 3]> {
    let [gains, _] = gains_and_shifts(layer, parameters);
    let of = |(c, [g, gz]): (usize, &[f64; 2])| {
        let scale = gains[c] / (statistics.variances[c] + EPSILON).sqrt();
        [scale, (g / count as f64) as f32, (gz / count as f64) as f32]
    };
    sums.iter().enumerate().map(of).collect()
}

/// Gains and shifts of the stored channels.
fn gains_and_shifts(layer: &Layer, parameters: &[Octet]) -> [Vec<f32>; 2] {
    let ranges = layer.norm.clone().expect("it is asked for where there is batch normalization");
    ranges.map(|range| {
        let values = parameters[range].iter().flat_map(|octet| octet.0);
        values.take(layer.channels.outputs).collect()
    })
}
