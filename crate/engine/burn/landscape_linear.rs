//! Excess risk over a plane, forward only: one batched product a layer for each row of the grid.

use ::burn::tensor::{Tensor, TensorData};

use super::linear::LinearObjective;
use super::matrices;
use super::objective::Objective;
use crate::landscape::plane::Grid;

/// Excess risk at every point of the grid, a tensor for each b.
pub fn landscape(target: &LinearObjective, grid: &Grid<'_>) -> Vec<Tensor<1>> {
    let (columns, identity) = (grid.a.len(), grid.plane.parametrization.is_identity());
    let (shapes, device) = (target.shapes(), target.input.device());
    let [width, dimension] = target.input.dims();
    let [origin, u, v] =
        [grid.plane.origin, grid.plane.u, grid.plane.v].map(|flat| matrices(flat, &shapes, &device));
    let a: Tensor<3> = Tensor::from_data(TensorData::new(grid.a.to_vec(), [columns, 1, 1]), &device);
    let input = target.input.clone().unsqueeze::<3>().expand([columns, width, dimension]);
    let goal = target.goal.clone().unsqueeze::<3>();
    let row = |b: &f32| {
        let mut hidden = input.clone();
        for ((origin, u), v) in origin.iter().zip(&u).zip(&v) {
            let base = origin.clone() + v.clone().mul_scalar(*b);
            let weights = base.unsqueeze::<3>() + a.clone() * u.clone().unsqueeze::<3>();
            let product = weights.matmul(hidden.clone());
            hidden = if identity { hidden + product } else { product };
        }
        if let Some((_, out)) = &target.fixed {
            hidden = out.clone().unsqueeze::<3>().matmul(hidden);
        }
        let error = hidden - goal.clone();
        error.square().sum_dim(2).sum_dim(1).reshape([columns])
    };
    grid.b.iter().map(row).collect()
}
