//! Objectives and directions for the networks of a task.

use super::directions::{Directions, Path, PlaneSpec, directions};
use crate::data::task::Task;
use crate::error::{LabError, Result};
use crate::experiment::Parametrization;
use crate::network::linear::LinearObjective;
use crate::network::objective::Objective;
use crate::network::relu::ReluObjective;
use crate::theory::factorization::optimum;

/// Most points of a path that principal components are taken of: their cost grows with the square.
const POINTS: usize = 64;

/// What the networks of a task minimize, in f64. `gains` says whether the α of a ReLU network are trained.
pub fn objective(task: &Task, parametrization: Parametrization, gains: bool) -> Box<dyn Objective> {
    match task {
        Task::Linear(problem) => Box::new(LinearObjective::new(problem, parametrization)),
        Task::Relu(problem) => Box::new(ReluObjective::new(problem, parametrization, gains)),
    }
}

/// The optimum that is known for a task: the one that Theorem 2.1 constructs.
pub fn known_optimum(task: &Task, parametrization: Parametrization) -> Result<Vec<f64>> {
    optimum(task.linear("a constructed optimum")?, parametrization)
}

/// Where the plane of a spec lies for a run on a task, whose points stand one after the other in `path`:
/// its start first, its current parameters last. `named` are points of other runs that a spec may name.
pub fn task_directions(
    task: &Task,
    objective: &dyn Objective,
    parametrization: Parametrization,
    spec: PlaneSpec,
    seed: u32,
    path: &[f32],
    named: &[(String, Vec<f32>)],
) -> Result<Directions> {
    let n = task.parameter_count();
    if path.is_empty() || !path.len().is_multiple_of(n) {
        let message = format!("allowed are whole points of {n} numbers; got {}", path.len());
        return Err(LabError::field("path", message));
    }
    let double = |point: &[f32]| -> Vec<f64> { point.iter().map(|x| f64::from(*x)).collect() };
    let every = (path.len() / n).div_ceil(POINTS);
    let points: Vec<Vec<f64>> = path.chunks_exact(n).step_by(every).map(double).collect();
    let [start, current] = [&path[..n], &path[path.len() - n..]].map(double);
    if let Some((name, point)) = named.iter().find(|(_, point)| point.len() != n) {
        let message = format!("the point {name} has {} numbers, this network {n}", point.len());
        return Err(LabError::field("plane", message));
    }
    let named: Vec<(String, Vec<f64>)> =
        named.iter().map(|(name, point)| (name.clone(), double(point))).collect();
    let optimum = match &spec {
        PlaneSpec::Optimum => Some(known_optimum(task, parametrization)?),
        PlaneSpec::Points { points } if points.iter().any(|name| name == "optimum") => {
            Some(known_optimum(task, parametrization)?)
        }
        _ => None,
    };
    let path = Path {
        seed,
        start: &start,
        current: &current,
        points: &points,
        optimum: optimum.as_deref(),
        named: &named,
    };
    directions(spec, objective, path)
}
