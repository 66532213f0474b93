//! A plane θ₀ + a·u + b·v through parameter space.

use super::trajectory::Waypoint;
use crate::error::{LabError, Result};
use crate::experiment::Parametrization;

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

impl Span<'_> {
    /// Refuses vectors that do not belong to a network with that many parameters.
    pub fn check(&self, count: usize) -> Result<()> {
        for (field, values) in [("origin", self.origin), ("u", self.u), ("v", self.v)] {
            if values.len() != count {
                let message = format!("allowed are {count} numbers; got {}", values.len());
                return Err(LabError::field(field, message));
            }
        }
        Ok(())
    }

    /// θ₀ + a·u + b·v in f64.
    pub fn point(&self, a: f64, b: f64) -> Vec<f64> {
        let axes = self.u.iter().zip(self.v);
        let along = |(o, (u, v)): (&f32, (&f32, &f32))| f64::from(*o) + a * f64::from(*u) + b * f64::from(*v);
        self.origin.iter().zip(axes).map(along).collect()
    }
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

/// A square part of a plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Middle along the first direction; along the second it is 0.
    pub middle: f64,
    /// Half the side.
    pub half: f64,
}

/// A plane with a run seen in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// What the parameters mean.
    pub parametrization: Parametrization,
    /// θ₀, flat.
    pub origin: Vec<f32>,
    /// First direction, flat.
    pub u: Vec<f32>,
    /// Second direction, flat.
    pub v: Vec<f32>,
    /// The run in the plane's coordinates.
    pub shadow: Shadow,
}

/// A run projected into a plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// (a, b) of each point of the trajectory, oldest first; the last one is the iterate.
    pub trajectory: Vec<f32>,
    /// The step of each.
    pub steps: Vec<u64>,
    /// Distance of the start from the plane.
    pub start_distance: f64,
    /// ⟨u, u⟩, ⟨u, v⟩ and ⟨v, v⟩: distances within the plane come from these.
    pub metric: [f64; 3],
    /// Largest distance of a trajectory point from the plane.
    pub plane_distance: f64,
    /// Distance of the iterate from the plane.
    pub iterate_distance: f64,
    /// ‖iterate − start‖.
    pub distance: f64,
    /// Share of the trajectory's variance that lies in the plane; 1 for a run that has not moved.
    pub variance: f64,
    /// Suggested range along u.
    pub a: [f64; 2],
    /// Suggested range along v.
    pub b: [f64; 2],
}

impl Plane {
    /// A plane of given directions, seen by a run: its start first, its iterate last.
    ///
    /// Without an extent the run's own is shown.
    /// Panics when the trajectory is empty; a run always holds its start.
    pub fn new(span: Span<'_>, trajectory: &[Waypoint<'_>], extent: Option<Extent>) -> Self {
        Self {
            parametrization: span.parametrization,
            origin: span.origin.to_vec(),
            u: span.u.to_vec(),
            v: span.v.to_vec(),
            shadow: Shadow::new(span, trajectory, extent),
        }
    }

    /// The part that engines need.
    pub fn span(&self) -> Span<'_> {
        let Self { parametrization, origin, u, v, .. } = self;
        Span { parametrization: *parametrization, origin, u, v }
    }
}

impl Shadow {
    fn new(span: Span<'_>, trajectory: &[Waypoint<'_>], extent: Option<Extent>) -> Self {
        let (uu, uv, vv) = (dot(span.u, span.u), dot(span.u, span.v), dot(span.v, span.v));
        let mut places = Vec::with_capacity(2 * trajectory.len());
        let (mut sums, mut squares) = ([0.0; 2], 0.0);
        let (mut farthest, mut first_distance, mut last) = (0.0f64, None, 0.0);
        let (mut low, mut high) = ([0.0f64; 2], [0.0f64; 2]);
        for point in trajectory {
            let (du, dv, dd) = offsets(point.parameters, span);
            let (a, b) = coordinates(du, dv, uu, uv, vv);
            last = (dd - a * du - b * dv).max(0.0).sqrt();
            first_distance.get_or_insert(last);
            farthest = farthest.max(last);
            for (i, x) in [a, b].into_iter().enumerate() {
                low[i] = low[i].min(x);
                high[i] = high[i].max(x);
                sums[i] += x;
            }
            squares += a * du + b * dv;
            places.extend([a as f32, b as f32]);
        }
        let count = trajectory.len() as f64;
        let [ma, mb] = sums.map(|sum| sum / count);
        let inside = squares - count * (ma * ma * uu + 2.0 * ma * mb * uv + mb * mb * vv);
        let all = spread(trajectory);
        let (first, current) = (trajectory[0], trajectory[trajectory.len() - 1]);
        let distance = first
            .parameters
            .iter()
            .zip(current.parameters)
            .map(|(x, y)| (f64::from(*x) - f64::from(*y)).powi(2));
        let distance = distance.sum::<f64>().sqrt();
        // Room around the path; before the first step, a neighbourhood of unit radius.
        let moved = (high[0] - low[0]).max(high[1] - low[1]);
        let half = extent.map_or(0.9 * if moved > 0.0 { moved.max(1e-6) } else { 1.0 }, |extent| extent.half);
        let middle = match extent {
            Some(extent) => [extent.middle, 0.0],
            None => [0, 1].map(|i| (low[i] + high[i]) / 2.0),
        };
        Self {
            trajectory: places,
            steps: trajectory.iter().map(|point| point.step).collect(),
            start_distance: first_distance.unwrap_or(0.0),
            metric: [uu, uv, vv],
            plane_distance: farthest,
            iterate_distance: last,
            distance,
            variance: if all > 0.0 { (inside / all).clamp(0.0, 1.0) } else { 1.0 },
            a: [middle[0] - half, middle[0] + half],
            b: [middle[1] - half, middle[1] + half],
        }
    }
}

/// Coordinates of the nearest point of a plane from ⟨x, u⟩ and ⟨x, v⟩. The directions need not be orthonormal:
/// these are the normal equations, without v where it adds no second dimension.
pub fn coordinates(du: f64, dv: f64, uu: f64, uv: f64, vv: f64) -> (f64, f64) {
    let determinant = uu * vv - uv * uv;
    if determinant > 1e-12 * uu * vv {
        ((du * vv - dv * uv) / determinant, (dv * uu - du * uv) / determinant)
    } else {
        (if uu > 0.0 { du / uu } else { 0.0 }, 0.0)
    }
}

/// ⟨p − θ₀, u⟩, ⟨p − θ₀, v⟩ and ‖p − θ₀‖².
fn offsets(point: &[f32], span: Span<'_>) -> (f64, f64, f64) {
    let axes = span.u.iter().zip(span.v);
    point.iter().zip(span.origin).zip(axes).fold((0.0, 0.0, 0.0), |(du, dv, dd), ((p, o), (u, v))| {
        let d = f64::from(*p) - f64::from(*o);
        (du + d * f64::from(*u), dv + d * f64::from(*v), dd + d * d)
    })
}

/// Σ ‖p − mean‖² over points.
fn spread(points: &[Waypoint<'_>]) -> f64 {
    let first = points[0].parameters;
    let n = first.len();
    let mut sum = vec![0.0f64; n];
    let mut squares = 0.0;
    // Relative to the first point, so that a short path far from zero keeps its digits.
    for point in points {
        for ((sum, p), first) in sum.iter_mut().zip(point.parameters).zip(first) {
            let d = f64::from(*p) - f64::from(*first);
            *sum += d;
            squares += d * d;
        }
    }
    squares - sum.iter().map(|s| s * s).sum::<f64>() / points.len() as f64
}

fn dot(x: &[f32], y: &[f32]) -> f64 {
    x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(u: &[f32], v: &[f32], points: &[&[f32]], extent: Option<Extent>) -> Plane {
        let origin = vec![0.0; u.len()];
        let points: Vec<Waypoint<'_>> =
            points.iter().zip(0..).map(|(parameters, step)| Waypoint { step, parameters }).collect();
        Plane::new(
            Span { parametrization: Parametrization::Identity, origin: &origin, u, v },
            &points,
            extent,
        )
    }

    #[test]
    fn coordinates_solve_for_directions_that_are_not_orthogonal() {
        let (u, v) = ([2.0, 0.0, 0.0], [1.0, 1.0, 0.0]);
        let found = plane(&u, &v, &[&[0.0; 3], &[5.0, 3.0, 4.0]], None).shadow;
        assert_eq!(found.trajectory, [0.0, 0.0, 1.0, 3.0]);
        assert!((found.iterate_distance - 4.0).abs() < 1e-9 && (found.plane_distance - 4.0).abs() < 1e-9);
        assert!((found.distance - 50f64.sqrt()).abs() < 1e-9);
        // 34 of the 50 squares of the step lie in the plane.
        assert!((found.variance - 0.68).abs() < 1e-9, "{}", found.variance);
    }

    #[test]
    fn ranges_hold_the_path_or_the_extent() {
        let path: [&[f32]; 3] = [&[0.0, 0.0], &[1.0, 0.5], &[3.0, -1.0]];
        let found = plane(&[1.0, 0.0], &[0.0, 1.0], &path, None).shadow;
        assert!(found.a[0] < 0.0 && found.a[1] > 3.0 && found.b[0] < -1.0 && found.b[1] > 0.5);
        let extent = Some(Extent { middle: 1.0, half: 2.0 });
        let found = plane(&[1.0, 0.0], &[0.0, 1.0], &path, extent).shadow;
        assert_eq!((found.a, found.b), ([-1.0, 3.0], [-2.0, 2.0]));
        let still = plane(&[1.0], &[0.0], &[&[0.3]], None).shadow;
        assert!(still.a[0] < still.a[1] && still.b[0] < still.b[1] && still.variance == 1.0);
    }
}
