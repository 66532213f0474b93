//! Counter-based random numbers: the value at (seed, stream, index) needs no state, so any worker,
//! engine or shader draws the same bits in any order.
//!
//! The generator is Philox-4×32 with ten rounds (Salmon, Moraes, Dror, Shaw: *Parallel random numbers:
//! as easy as 1, 2, 3*, SC 2011), which needs only 32-bit multiplications and so also runs in WGSL.

const MULTIPLIER_0: u32 = 0xD251_1F53;
const MULTIPLIER_1: u32 = 0xCD9E_8D57;
const WEYL_0: u32 = 0x9E37_79B9;
const WEYL_1: u32 = 0xBB67_AE85;

/// Ten rounds of Philox-4×32 on one counter under one key.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let [mut c0, mut c1, mut c2, mut c3] = counter;
    let [mut k0, mut k1] = key;
    for _ in 0..10 {
        let p0 = u64::from(MULTIPLIER_0) * u64::from(c0);
        let p1 = u64::from(MULTIPLIER_1) * u64::from(c2);
        let (n0, n2) = ((p1 >> 32) as u32 ^ c1 ^ k0, (p0 >> 32) as u32 ^ c3 ^ k1);
        (c0, c1, c2, c3) = (n0, p1 as u32, n2, p0 as u32);
        k0 = k0.wrapping_add(WEYL_0);
        k1 = k1.wrapping_add(WEYL_1);
    }
    [c0, c1, c2, c3]
}

/// What a stream of random numbers is for; each has its own, so that changing one setting of an
/// experiment does not redraw the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// The target map R.
    Target = 1,
    /// The input covariance Σ.
    Covariance = 2,
    /// Sampled inputs.
    Inputs = 3,
    /// Label noise.
    Noise = 4,
    /// Starting parameters.
    Start = 5,
    /// Directions of a landscape plane.
    Direction = 6,
    /// Order of minibatches.
    Batches = 7,
    /// First vectors of iterations that look for curvature.
    Curvature = 8,
    /// Networks in a ball.
    Ball = 9,
    /// Random labels.
    Labels = 10,
    /// Which points are held out.
    Split = 11,
    /// Projections and surrogates of the construction of Theorem 3.2.
    Construction = 12,
    /// The fixed maps into and out of wider layers.
    FixedMaps = 13,
    /// Noise on the parameters of a network that was constructed.
    Perturbation = 14,
    /// How images are cropped and flipped.
    Augmentation = 15,
}

/// A reader of one stream, in order.
#[derive(Debug, Clone)]
pub struct Random {
    seed: u32,
    stream: Stream,
    index: u64,
    spare: Option<f64>,
}

impl Random {
    /// The stream of that seed from its beginning.
    pub fn new(seed: u32, stream: Stream) -> Self {
        Self { seed, stream, index: 0, spare: None }
    }

    fn block(&mut self) -> [u32; 4] {
        let counter = [self.index as u32, (self.index >> 32) as u32, 0, 0];
        self.index += 1;
        philox(counter, [self.seed, self.stream as u32])
    }

    /// Uniform on (0, 1), from 53 random bits; never 0 or 1.
    pub fn uniform(&mut self) -> f64 {
        let [a, b, ..] = self.block();
        let bits = (u64::from(a) << 21) | (u64::from(b) >> 11);
        (bits as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Standard normal, by the Box–Muller transform.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }

    /// Uniform whole number below `bound` (which must not be 0).
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.uniform() * bound as f64) as usize).min(bound - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published known-answer vectors of Philox-4×32-10.
    #[test]
    fn agrees_with_the_known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
    }

    #[test]
    fn normals_have_unit_variance() {
        let mut random = Random::new(7, Stream::Noise);
        let n = 20_000;
        let (mut sum, mut square) = (0.0, 0.0);
        for _ in 0..n {
            let x = random.normal();
            sum += x;
            square += x * x;
        }
        assert!((sum / f64::from(n)).abs() < 0.03);
        assert!((square / f64::from(n) - 1.0).abs() < 0.05);
    }
}
