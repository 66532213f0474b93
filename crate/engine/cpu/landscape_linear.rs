//! Excess risk over a plane: the CPU twin of `shaders/landscape_linear.wgsl`.
//!
//! Along a row of the grid θ₀ + b·v is formed once; at each point a layer is formed just before it is
//! used, in a scratch matrix that stays in the first-level cache, and only the forward products are made.

use super::kernels::{axpy, multiply, squared_distance};
use super::padded::{pad, side};
use crate::data::problem::Problem;
use crate::landscape::plane::Grid;

/// Excess risk at every point of the grid, index `[ib · a.len() + ia]`.
pub fn landscape(problem: &Problem, grid: &Grid<'_>) -> Vec<f32> {
    let width = problem.width;
    let side = side(width);
    let size = side * side;
    let [origin, u, v] = [grid.origin, grid.u, grid.v].map(|flat| pad(flat, width));
    let (input, goal) = (pad(&problem.input, width), pad(&problem.goal, width));
    let identity = grid.parametrization.is_identity();
    let mut row = vec![0.0; origin.len()];
    let mut weights = vec![0.0; size];
    let mut current = vec![0.0; size];
    let mut next = vec![0.0; size];
    let mut out = Vec::with_capacity(grid.a.len() * grid.b.len());
    for b in grid.b {
        axpy(&mut row, &origin, *b, &v);
        for a in grid.a {
            current.copy_from_slice(&input);
            for (base, direction) in row.chunks_exact(size).zip(u.chunks_exact(size)) {
                axpy(&mut weights, base, *a, direction);
                multiply::<false>(&mut next, identity.then_some(&current), &weights, &current, side);
                std::mem::swap(&mut current, &mut next);
            }
            out.push(squared_distance(&current, &goal));
        }
    }
    out
}
