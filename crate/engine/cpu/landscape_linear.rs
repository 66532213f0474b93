//! Excess risk over a plane: the CPU twin of `shaders/landscape_linear.wgsl`.
//!
//! A point is formed where it is used and only the forward products are made, for a whole run of layers
//! at a time (see [`super::runs`]).

use identity_lab_kernels::{multiply, side, squared_distance};

use super::runs::{Run, best_length};
use crate::data::problem::Problem;
use crate::engine::padded::{Ends, pad};
use crate::landscape::plane::{Grid, Span};

/// A plane ready to be evaluated, as often and in as many pieces as is wanted.
#[derive(Debug, Clone)]
pub struct Survey {
    width: usize,
    identity: bool,
    ends: Ends,
    runs: Vec<Run>,
}

impl Survey {
    /// Prepares a plane for a grid of about that many points.
    pub fn new(problem: &Problem, plane: Span<'_>, columns: usize, rows: usize) -> Self {
        Self::with_runs_of(best_length(problem.width, problem.layers, columns, rows), problem, plane)
    }

    fn with_runs_of(length: usize, problem: &Problem, plane: Span<'_>) -> Self {
        let width = problem.width;
        let side = side(width);
        let identity = plane.parametrization.is_identity();
        let [origin, u, v] = [plane.origin, plane.u, plane.v].map(|flat| pad(flat, width, side));
        let run = length * side * side;
        let directions = u.chunks(run).zip(v.chunks(run));
        let runs = origin
            .chunks(run)
            .zip(directions)
            .map(|(origin, (u, v))| Run::new(identity, origin, u, v, side))
            .collect();
        Self { width, identity, ends: Ends::new(problem, side), runs }
    }

    /// Excess risk at every b and a, index `[ib · a.len() + ia]`.
    pub fn evaluate(&self, a: &[f32], b: &[f32]) -> Vec<f32> {
        let side = side(self.width);
        let size = side * side;
        let mut row = Vec::new();
        let mut map = vec![0.0; size];
        let mut current = vec![0.0; size];
        let mut next = vec![0.0; size];
        let mut out = Vec::with_capacity(a.len() * b.len());
        for b in b {
            row.clear();
            for run in &self.runs {
                run.row(*b, &mut row, size);
            }
            for a in a {
                current.copy_from_slice(&self.ends.input);
                let mut rest = row.as_slice();
                for run in &self.runs {
                    rest = run.point(*a, rest, &mut map);
                    multiply(&mut next, self.identity.then_some(&current), &map, &current, side);
                    std::mem::swap(&mut current, &mut next);
                }
                if let Some(output) = &self.ends.output {
                    multiply(&mut next, None, output, &current, side);
                    std::mem::swap(&mut current, &mut next);
                }
                out.push(squared_distance(&current, &self.ends.goal));
            }
        }
        out
    }
}

/// Excess risk at every point of the grid, index `[ib · a.len() + ia]`.
pub fn landscape(problem: &Problem, grid: &Grid<'_>) -> Vec<f32> {
    Survey::new(problem, grid.plane, grid.a.len(), grid.b.len()).evaluate(grid.a, grid.b)
}

#[cfg(test)]
mod tests {
    use super::super::runs::LENGTHS;
    use super::*;
    use crate::experiment::{Experiment, Network, Parametrization, Start};
    use crate::network::init::start;
    use crate::network::linear::LinearObjective;
    use crate::network::objective::Objective;
    use crate::rng::{Random, Stream};

    fn direction(count: usize, random: &mut Random) -> Vec<f32> {
        (0..count).map(|_| (random.normal() / (count as f64).sqrt()) as f32).collect()
    }

    /// Every length of run, with and without a shorter one at the end, near the start and far from it.
    #[test]
    fn agrees_with_the_chain_in_double_precision() {
        let axis = [-4.0, -0.5, 0.0, 0.25, 4.0];
        for (width, layers, hidden) in
            [(1, 3, None), (3, 1, None), (6, 8, None), (16, 21, None), (3, 9, Some(3)), (4, 10, Some(11))]
        {
            for parametrization in [Parametrization::Identity, Parametrization::Standard] {
                let network = Network::Linear { width, layers, hidden };
                let width = hidden.unwrap_or(width);
                let problem = Problem::new(&Experiment { network, ..Experiment::default() });
                let origin = start(&Start::Orthogonal { scale: 0.9 }, parametrization, width, layers, 1);
                let mut random = Random::new(3, Stream::Direction);
                let [u, v] = [(); 2].map(|()| direction(origin.len(), &mut random));
                let plane = Span { parametrization, origin: &origin, u: &u, v: &v };
                let objective = LinearObjective::new(&problem, parametrization);
                let exact = |a: f32, b: f32| objective.value(&plane.point(a.into(), b.into()));
                for length in LENGTHS.into_iter().filter(|length| *length <= layers) {
                    let found = Survey::with_runs_of(length, &problem, plane).evaluate(&axis, &axis);
                    for (index, found) in found.into_iter().enumerate() {
                        let exact = exact(axis[index % 5], axis[index / 5]);
                        let error = (f64::from(found) - exact).abs() / exact;
                        assert!(error < 2e-5, "{width} × {layers}, runs of {length}, {index}: {error}");
                    }
                }
            }
        }
    }
}
