//! Curvature of a landscape: eigenvalues and eigenvectors of its Hessian.
//!
//! Up to [`DENSE`] parameters the whole Hessian is made, a column a Hessian–vector product; beyond, Lanczos
//! with full reorthogonalization finds both ends of the spectrum.

use nalgebra::{DMatrix, DVector, Dyn, SymmetricEigen};

use crate::network::objective::{Objective, add_scaled, dot, norm, normalize, orthogonalize};
use crate::rng::{Random, Stream};

/// Most parameters for which the whole Hessian is made.
pub const DENSE: usize = 600;

/// An eigenvalue of the Hessian with its unit eigenvector.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenpair {
    /// λ.
    pub value: f64,
    /// v.
    pub vector: Vec<f64>,
    /// ‖H v − λ v‖, 0 where the whole Hessian was made.
    pub residual: f64,
}

/// Part of a spectrum, or all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// Whether these are all eigenvalues.
    pub exact: bool,
    /// Eigenpairs, largest eigenvalue first: all of them, or those that converged at either end.
    pub pairs: Vec<Eigenpair>,
    /// ‖H‖²_F, estimated from random products where the spectrum is not exact.
    pub squared_norm: f64,
}

/// ∇²f(θ), symmetrized.
pub fn hessian(objective: &dyn Objective, parameters: &[f64]) -> DMatrix<f64> {
    let n = objective.count();
    let mut matrix = DMatrix::zeros(n, n);
    let mut unit = vec![0.0; n];
    for column in 0..n {
        unit[column] = 1.0;
        let product = objective.hessian_vector(parameters, &unit);
        matrix.set_column(column, &DVector::from_vec(product));
        unit[column] = 0.0;
    }
    (&matrix + matrix.transpose()) * 0.5
}

/// The spectrum, with at least `wanted` pairs at each end where that many exist and converge within
/// `products` Hessian–vector products.
pub fn spectrum(
    objective: &dyn Objective,
    parameters: &[f64],
    wanted: usize,
    products: usize,
    seed: u32,
) -> Spectrum {
    if objective.count() <= DENSE {
        return dense(objective, parameters);
    }
    lanczos(objective, parameters, wanted, products, seed)
}

fn dense(objective: &dyn Objective, parameters: &[f64]) -> Spectrum {
    let eigen = hessian(objective, parameters).symmetric_eigen();
    let mut pairs: Vec<Eigenpair> = eigen
        .eigenvalues
        .iter()
        .zip(eigen.eigenvectors.column_iter())
        .map(|(value, vector)| Eigenpair {
            value: *value,
            vector: vector.iter().copied().collect(),
            residual: 0.0,
        })
        .collect();
    pairs.sort_by(|x, y| y.value.total_cmp(&x.value));
    let squared_norm = pairs.iter().map(|pair| pair.value * pair.value).sum();
    Spectrum { exact: true, pairs, squared_norm }
}

/// Relative residual at which an eigenpair counts as found.
const CONVERGED: f64 = 1e-6;

fn lanczos(
    objective: &dyn Objective,
    parameters: &[f64],
    wanted: usize,
    products: usize,
    seed: u32,
) -> Spectrum {
    let n = objective.count();
    let mut random = Random::new(seed, Stream::Curvature);
    let mut draw = || -> Vec<f64> { (0..n).map(|_| random.normal()).collect() };
    let probe = draw();
    let squared_norm = norm(&objective.hessian_vector(parameters, &probe)).powi(2);

    let mut next = draw();
    normalize(&mut next);
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
    loop {
        let mut product = objective.hessian_vector(parameters, &next);
        let along = dot(&product, &next);
        diagonal.push(along);
        basis.push(next);
        orthogonalize(&mut product, &basis);
        let off = normalize(&mut product);
        let size = diagonal.len();
        let finished = size >= products.min(n) || off <= 1e-13 * along.abs().max(1e-300);
        // The small eigenproblem costs as much as several products: asked only now and then.
        if finished || size.is_multiple_of(8) {
            let ritz = Ritz::new(&diagonal, &beside, off);
            if finished || ritz.converged(wanted) {
                return Spectrum { exact: false, pairs: ritz.outermost(&basis, wanted), squared_norm };
            }
        }
        beside.push(off);
        next = product;
    }
}

/// Eigenvalues of the Hessian on the vectors found so far, which are tridiagonal there.
struct Ritz {
    eigen: SymmetricEigen<f64, Dyn>,
    /// What the next vector would be coupled by.
    off: f64,
    /// Columns, largest eigenvalue first.
    order: Vec<usize>,
}

impl Ritz {
    fn new(diagonal: &[f64], beside: &[f64], off: f64) -> Self {
        let size = diagonal.len();
        let matrix = DMatrix::from_fn(size, size, |i, j| match i.abs_diff(j) {
            0 => diagonal[i],
            1 => beside[i.min(j)],
            _ => 0.0,
        });
        let eigen = matrix.symmetric_eigen();
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|x, y| eigen.eigenvalues[*y].total_cmp(&eigen.eigenvalues[*x]));
        Self { eigen, off, order }
    }

    /// ‖H v − λ v‖ of a column.
    fn residual(&self, column: usize) -> f64 {
        (self.off * self.eigen.eigenvectors[(self.order.len() - 1, column)]).abs()
    }

    /// Whether `wanted` pairs at each end are found.
    fn converged(&self, wanted: usize) -> bool {
        let small = CONVERGED * self.eigen.eigenvalues.amax();
        let good = |column: &&usize| self.residual(**column) <= small;
        self.order.iter().take(wanted).filter(good).count() >= wanted
            && self.order.iter().rev().take(wanted).filter(good).count() >= wanted
    }

    /// The outermost `wanted` pairs of each end.
    fn outermost(&self, basis: &[Vec<f64>], wanted: usize) -> Vec<Eigenpair> {
        let size = self.order.len();
        let outer = (0..size).filter(|place| *place < wanted || *place + wanted >= size);
        outer
            .map(|place| {
                let column = self.order[place];
                let mut vector = vec![0.0; basis[0].len()];
                for (row, b) in basis.iter().enumerate() {
                    add_scaled(&mut vector, self.eigen.eigenvectors[(row, column)], b);
                }
                normalize(&mut vector);
                Eigenpair { value: self.eigen.eigenvalues[column], vector, residual: self.residual(column) }
            })
            .collect()
    }
}
