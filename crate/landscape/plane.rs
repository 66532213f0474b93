//! A plane θ₀ + a·u + b·v through parameter space.

use crate::experiment::Parametrization;
use crate::rng::{Random, Stream};

/// What an engine has to know of a plane.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// θ₀, flat.
    pub origin: &'a [f32],
    /// First direction, flat.
    pub u: &'a [f32],
    /// Second direction, flat.
    pub v: &'a [f32],
}

/// Points of a plane at which an engine evaluates the excess risk. Points are formed where they are used;
/// the grid of parameters never exists.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    /// The plane.
    pub plane: Span<'a>,
    /// Coordinates along u.
    pub a: &'a [f32],
    /// Coordinates along v.
    pub b: &'a [f32],
}

/// An orthonormal plane through a run's start, with the run seen in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// The start, flat.
    pub origin: Vec<f32>,
    /// Unit vector from the start to the current parameters (before the first step: a random one).
    pub u: Vec<f32>,
    /// Unit vector, random, orthogonal to u.
    pub v: Vec<f32>,
    /// ‖current − start‖.
    pub distance: f64,
    /// (a, b) of each point of the trajectory given, oldest first.
    pub trajectory: Vec<f32>,
    /// Largest distance of a trajectory point from the plane.
    pub plane_distance: f64,
    /// Suggested range along u.
    pub a: [f64; 2],
    /// Suggested range along v.
    pub b: [f64; 2],
}

impl Plane {
    /// The part that engines need.
    pub fn span(&self) -> Span<'_> {
        let Self { parametrization, origin, u, v, .. } = self;
        Span { parametrization: *parametrization, origin, u, v }
    }
}

/// The plane through the first and last point of a trajectory and a seeded random direction.
///
/// Panics when the trajectory is empty; a run always holds its start.
pub fn through_run(parametrization: Parametrization, seed: u32, trajectory: &[&[f32]]) -> Plane {
    let origin = trajectory[0];
    let current = trajectory[trajectory.len() - 1];
    let mut random = Random::new(seed, Stream::Direction);
    let mut u: Vec<f64> = current.iter().zip(origin).map(|(c, o)| f64::from(*c) - f64::from(*o)).collect();
    let distance = norm(&u);
    let mut v: Vec<f64> = (0..origin.len()).map(|_| random.normal()).collect();
    if distance > 0.0 {
        scale(&mut u, 1.0 / distance);
    } else {
        u = (0..origin.len()).map(|_| random.normal()).collect();
        normalize(&mut u);
    }
    if u.len() > 1 {
        let along = dot(&u, &v);
        v.iter_mut().zip(&u).for_each(|(v, u)| *v -= along * u);
        normalize(&mut v);
    } else {
        // A single parameter has no second direction.
        v.fill(0.0);
    }

    let mut coordinates = Vec::with_capacity(2 * trajectory.len());
    let (mut off_plane, mut extent, mut low, mut high) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    for point in trajectory {
        let step: Vec<f64> = point.iter().zip(origin).map(|(p, o)| f64::from(*p) - f64::from(*o)).collect();
        let (a, b) = (dot(&step, &u), dot(&step, &v));
        let rest = dot(&step, &step) - a * a - b * b;
        off_plane = off_plane.max(rest.max(0.0).sqrt());
        extent = extent.max(b.abs());
        (low, high) = (low.min(a), high.max(a));
        coordinates.extend([a as f32, b as f32]);
    }
    // Room around the path; before the first step, a neighbourhood of unit radius.
    let span = (high - low).max(extent).max(if distance > 0.0 { 1e-6 } else { 1.0 });
    let middle = (low + high) / 2.0;
    Plane {
        parametrization,
        origin: origin.to_vec(),
        u: u.iter().map(|x| *x as f32).collect(),
        v: v.iter().map(|x| *x as f32).collect(),
        distance,
        trajectory: coordinates,
        plane_distance: off_plane,
        a: [middle - 0.9 * span, middle + 0.9 * span],
        b: [-0.9 * span, 0.9 * span],
    }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn norm(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

fn scale(x: &mut [f64], factor: f64) {
    x.iter_mut().for_each(|x| *x *= factor);
}

fn normalize(x: &mut [f64]) {
    let length = norm(x);
    scale(x, 1.0 / length);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn start_and_current_lie_on_the_first_axis() {
        let start = vec![0.0f32; 6];
        let middle = vec![0.5f32, 0.0, 0.2, 0.0, 0.0, -0.1];
        let end = vec![1.0f32, 2.0, 0.0, 0.0, 0.0, 0.0];
        let plane = through_run(Parametrization::Identity, 4, &[&start, &middle, &end]);
        assert!((plane.distance - 5.0f64.sqrt()).abs() < 1e-6);
        assert_eq!(&plane.trajectory[..2], &[0.0, 0.0]);
        assert!((plane.trajectory[4] - plane.distance as f32).abs() < 1e-6);
        assert!(plane.trajectory[5].abs() < 1e-6);
        assert!(plane.plane_distance > 0.1);
        let cosine: f32 = plane.u.iter().zip(&plane.v).map(|(u, v)| u * v).sum();
        assert!(cosine.abs() < 1e-6);
    }

    #[test]
    fn a_run_that_has_not_moved_and_a_single_parameter_both_have_a_picture() {
        let start = vec![0.3f32];
        let plane = through_run(Parametrization::Standard, 1, &[&start]);
        assert!(plane.u[0].abs() == 1.0 && plane.v[0] == 0.0);
        assert!(plane.a[0] < plane.a[1] && plane.b[0] < plane.b[1]);
    }
}
