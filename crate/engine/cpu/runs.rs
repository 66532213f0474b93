//! Layers of a plane by runs: k consecutive layers are one matrix polynomial in the coordinates.
//!
//! With W_j(a, b) = I + A_j + a U_j + b V_j the product of a run of k layers is
//!
//!   W_{j+k−1}(a, b) … W_j(a, b) = I + Σ_{p+q≤k} aᵖ bᵠ C_pq
//!
//! (without the two I for the standard parametrization). The C_pq are worked out once a plane; a row of
//! the grid fixes b and leaves k + 1 matrices D_p = Σ_q bᵠ C_pq; a point then costs k multiply-adds of
//! matrices and one product for the whole run, in place of k products. Rounding errors are of the size
//! that the bound for the plain product has too, ε Π_j (‖W_j‖ + |a| ‖U_j‖ + |b| ‖V_j‖).

use identity_lab_kernels::{add, horner, multiply, polynomial, side};

/// Lengths of a run that are considered. Longer ones gain little more and round worse.
pub const LENGTHS: [usize; 4] = [1, 2, 4, 8];

/// The length of a run with which a grid costs least, counted in multiply-adds.
pub fn best_length(width: usize, layers: usize, columns: usize, rows: usize) -> usize {
    let d = side(width) as f64;
    let cost = |length: usize| {
        let k = length as f64;
        let expansion: usize = (1..length).map(|degree| 3 * coefficients(degree)).sum();
        let setup = expansion as f64 * d.powi(3);
        let row = k * (k + 1.0) / 2.0 * d * d;
        let point = k * d * d + d.powi(3);
        (layers as f64 / k) * (setup + rows as f64 * (row + columns as f64 * point))
    };
    let fitting = LENGTHS.into_iter().filter(|length| *length <= layers);
    fitting.min_by(|x, y| cost(*x).total_cmp(&cost(*y))).unwrap_or(1)
}

/// The number of coefficients C_pq of total degree up to `degree`.
fn coefficients(degree: usize) -> usize {
    (degree + 1) * (degree + 2) / 2
}

/// Place of C_pq: by total degree, then by q.
fn place(p: usize, q: usize) -> usize {
    let degree = p + q;
    degree * (degree + 1) / 2 + q
}

/// One run: its length k and its coefficients, each a padded matrix.
#[derive(Debug, Clone)]
pub struct Run {
    length: usize,
    coefficients: Vec<f32>,
}

impl Run {
    /// Multiplies out the layers whose padded matrices A, U and V are given, first layer first.
    pub fn new(identity: bool, origin: &[f32], u: &[f32], v: &[f32], side: usize) -> Self {
        let size = side * side;
        let layers = origin.chunks_exact(size).zip(u.chunks_exact(size)).zip(v.chunks_exact(size));
        let mut run = Self { length: 0, coefficients: Vec::new() };
        for ((a, u), v) in layers {
            if run.length == 0 {
                run = Self { length: 1, coefficients: [a, u, v].concat() };
            } else {
                run = run.followed_by(identity, [a, u, v], side);
            }
        }
        run
    }

    fn coefficient(&self, p: usize, q: usize, size: usize) -> &[f32] {
        &self.coefficients[place(p, q) * size..][..size]
    }

    /// The run with one more layer L = A + a U + b V after it: Q becomes L Q, or, where I is left out of
    /// both, Q + L + L Q.
    fn followed_by(&self, identity: bool, layer: [&[f32]; 3], side: usize) -> Self {
        let size = side * side;
        let length = self.length + 1;
        let mut coefficients = Vec::with_capacity(coefficients(length) * size);
        for degree in 0..=length {
            for q in 0..=degree {
                let p = degree - q;
                let mut sum = vec![0.0; size];
                if identity && degree < length {
                    sum.copy_from_slice(self.coefficient(p, q, size));
                }
                if identity && degree < 2 {
                    add(&mut sum, layer[place(p, q)]);
                }
                let mut term = |factor: &[f32], p: usize, q: usize| {
                    let mut out = vec![0.0; size];
                    multiply(&mut out, Some(&sum), factor, self.coefficient(p, q, size), side);
                    sum = out;
                };
                if degree < length {
                    term(layer[0], p, q);
                }
                if p > 0 {
                    term(layer[1], p - 1, q);
                }
                if q > 0 {
                    term(layer[2], p, q - 1);
                }
                coefficients.extend_from_slice(&sum);
            }
        }
        Self { length, coefficients }
    }

    /// D_0 … D_k at that b, appended to `out`: for each vector of a matrix its k + 1 coefficients side by
    /// side, so that a point reads them in order.
    pub fn row(&self, b: f32, out: &mut Vec<f32>, size: usize) {
        let stride = self.length + 1;
        let begin = out.len();
        out.resize(begin + stride * size, 0.0);
        for p in 0..=self.length {
            let powers: Vec<&[f32]> = (0..=self.length - p).map(|q| self.coefficient(p, q, size)).collect();
            polynomial(&mut out[begin + 4 * p..], stride, &powers, b);
        }
    }

    /// Σ_p aᵖ D_p from what [`Run::row`] appended, of which the rest is returned.
    pub fn point<'a>(&self, a: f32, row: &'a [f32], out: &mut [f32]) -> &'a [f32] {
        let (own, rest) = row.split_at((self.length + 1) * out.len());
        horner(out, own, a, self.length);
        rest
    }
}
