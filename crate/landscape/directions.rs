//! Where a plane lies: its origin and two directions, from a run and what is to be seen.

use serde::{Deserialize, Serialize};

use super::curvature::{Eigenpair, spectrum};
use super::plane::{Extent, coordinates};
use crate::error::{LabError, Result};
use crate::network::objective::{Groups, Objective, add_scaled, dot, norm, normalize, orthogonalize, scale};
use crate::rng::{Random, Stream};

/// How a plane is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum PlaneSpec {
    /// From the start to the current parameters, and a random direction orthogonal to it.
    #[default]
    StartCurrent,
    /// Two Gaussian directions at the current parameters.
    Random {
        /// What each group of the directions is rescaled to.
        #[serde(default)]
        normalization: Normalization,
    },
    /// The two principal components of the trajectory, seen from the current parameters (Li et al. 2018).
    Trajectory,
    /// Two eigenvectors of the Hessian at the current parameters.
    Hessian {
        /// Which two.
        #[serde(default)]
        ends: Ends,
    },
    /// The negative gradient and a random direction orthogonal to it.
    Gradient,
    /// From the start to the known optimum, and on to the current parameters.
    Optimum,
    /// Through three points, as Garipov et al. (2018) lay it: the first is the origin, the second lies on the
    /// first axis. `start`, `iterate` and `optimum` are this run's; other names are those of
    /// [`Path::named`].
    Points {
        /// Their names.
        points: [String; 3],
    },
    /// Two coordinates of the parameters: a and b are their own values, all others are the iterate's.
    Coordinates {
        /// Index in the flat layout, from 0.
        first: usize,
        /// Index in the flat layout, from 0.
        second: usize,
    },
}

/// What random directions are rescaled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Normalization {
    /// Length 1 as a whole.
    #[default]
    None,
    /// Each filter (a row of a linear layer) to the norm of the same filter of the parameters.
    Filter,
    /// Each layer to the norm of the same layer of the parameters.
    Layer,
}

/// Which eigenvectors of the Hessian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ends {
    /// The two of largest curvature.
    #[default]
    Top,
    /// Those of largest and of most negative curvature.
    Both,
}

/// A run as directions look at it.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    /// Seed of random directions.
    pub seed: u32,
    /// θ at step 0.
    pub start: &'a [f64],
    /// θ now.
    pub current: &'a [f64],
    /// Points between, oldest first; only the principal components need them.
    pub points: &'a [Vec<f64>],
    /// An optimum, where one is known.
    pub optimum: Option<&'a [f64]>,
    /// Points of other runs, by name.
    pub named: &'a [(String, Vec<f64>)],
}

impl Path<'_> {
    fn point(&self, name: &str) -> Result<&[f64]> {
        match name {
            "start" => Ok(self.start),
            "iterate" => Ok(self.current),
            "optimum" => self.optimum.ok_or_else(no_optimum),
            other => self
                .named
                .iter()
                .find_map(|(name, point)| (name == other).then_some(point.as_slice()))
                .ok_or_else(|| plane_error(format!("there is no point called {other} here"))),
        }
    }
}

fn plane_error(message: impl Into<String>) -> LabError {
    LabError::field("plane", message)
}

fn no_optimum() -> LabError {
    plane_error("no optimum near the identity is known for this target")
}

/// How much a plane shows of what it was chosen by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Captured {
    /// Share of the trajectory's variance.
    Variance {
        /// From 0 to 1.
        share: f64,
    },
    /// Share of ‖H‖²_F, and the two curvatures.
    Curvature {
        /// From 0 to 1.
        share: f64,
        /// Eigenvalue along the first direction.
        first: f64,
        /// Eigenvalue along the second direction.
        second: f64,
        /// Whether the whole Hessian was made; otherwise the share is an estimate.
        exact: bool,
        /// Largest ‖H v − λ v‖ / |λ₁| of the two.
        residual: f64,
    },
}

fn around(half: f64) -> Option<Extent> {
    Some(Extent { middle: 0.0, half })
}

/// An origin and two directions.
#[derive(Debug, Clone, PartialEq)]
pub struct Directions {
    /// θ₀.
    pub origin: Vec<f64>,
    /// First direction.
    pub u: Vec<f64>,
    /// Second direction.
    pub v: Vec<f64>,
    /// What the two axes are called.
    pub labels: [String; 2],
    /// What part shows something, where the path itself does not say: its middle along u, and half its extent.
    pub extent: Option<Extent>,
    /// What the plane captures.
    pub captured: Option<Captured>,
    /// Places worth a mark: name, a and b.
    pub marks: Vec<(String, [f64; 2])>,
}

impl Directions {
    /// The coordinates (a, b) of a point's nearest place on the plane, and its distance from there.
    pub fn project(&self, point: &[f64]) -> [f64; 3] {
        let offset = difference(point, &self.origin);
        let (uu, uv, vv) = (dot(&self.u, &self.u), dot(&self.u, &self.v), dot(&self.v, &self.v));
        let [du, dv] = [&self.u, &self.v].map(|axis| dot(&offset, axis));
        let (a, b) = coordinates(du, dv, uu, uv, vv);
        [a, b, (dot(&offset, &offset) - a * du - b * dv).max(0.0).sqrt()]
    }
}

/// Products with the Hessian that the search for eigenvectors may take.
const PRODUCTS: usize = 96;

/// The directions that a spec asks for.
pub fn directions(spec: PlaneSpec, objective: &dyn Objective, path: Path<'_>) -> Result<Directions> {
    let n = objective.count();
    let mut random = Random::new(path.seed, Stream::Direction);
    let mut gaussian = || -> Vec<f64> { (0..n).map(|_| random.normal()).collect() };
    let current = path.current.to_vec();
    let reach = distance(path.start, path.current);
    match spec {
        PlaneSpec::StartCurrent => {
            let mut u = difference(path.current, path.start);
            if normalize(&mut u) == 0.0 {
                u = gaussian();
                normalize(&mut u);
            }
            let v = beside(&u, gaussian());
            let labels = labels("start → iterate", "random direction");
            Ok(Directions {
                origin: path.start.to_vec(),
                u,
                v,
                labels,
                extent: None,
                captured: None,
                marks: Vec::new(),
            })
        }
        PlaneSpec::Random { normalization } => {
            let [mut u, mut v] = [gaussian(), gaussian()];
            let radius = match normalization {
                Normalization::None => {
                    normalize(&mut u);
                    v = beside(&u, v);
                    reach.max(1.0)
                }
                Normalization::Filter | Normalization::Layer => {
                    let groups = groups_of(objective.groups(), normalization);
                    for direction in [&mut u, &mut v] {
                        rescale(direction, path.current, &groups);
                    }
                    1.0
                }
            };
            let labels = labels("random direction 1", "random direction 2");
            Ok(Directions {
                origin: current,
                u,
                v,
                labels,
                extent: around(radius),
                captured: None,
                marks: Vec::new(),
            })
        }
        PlaneSpec::Trajectory => {
            let (u, v, share) = principal(path, &mut gaussian)?;
            let labels = labels("first principal component", "second principal component");
            let captured = Some(Captured::Variance { share });
            Ok(Directions { origin: current, u, v, labels, extent: None, captured, marks: Vec::new() })
        }
        PlaneSpec::Hessian { ends } => hessian(objective, path, ends, gaussian),
        PlaneSpec::Gradient => {
            let mut u = objective.gradient(path.current);
            scale(&mut u, -1.0);
            if normalize(&mut u) == 0.0 {
                return Err(plane_error("the gradient is zero here; choose another plane"));
            }
            let v = beside(&u, gaussian());
            let labels = labels("negative gradient", "random direction");
            Ok(Directions {
                origin: current,
                u,
                v,
                labels,
                extent: around(reach.max(0.5)),
                captured: None,
                marks: Vec::new(),
            })
        }
        PlaneSpec::Optimum => {
            let optimum = path.optimum.ok_or_else(no_optimum)?;
            let mut u = difference(optimum, path.start);
            let reach = normalize(&mut u);
            if reach == 0.0 {
                return Err(plane_error("the run starts at the optimum; choose another plane"));
            }
            let mut v = difference(path.current, path.start);
            orthogonalize(&mut v, std::slice::from_ref(&u));
            // Before the run has left the line, any second direction will do.
            if normalize(&mut v) < 1e-9 * reach {
                v = beside(&u, gaussian());
            }
            let labels = labels("start → constructed optimum", "towards the iterate");
            let extent = Some(Extent { middle: reach / 2.0, half: 0.8 * reach });
            Ok(Directions {
                origin: path.start.to_vec(),
                u,
                v,
                labels,
                extent,
                captured: None,
                marks: Vec::new(),
            })
        }
        PlaneSpec::Points { points } => through(&points, path),
        PlaneSpec::Coordinates { first, second } => {
            for (field, index) in [("plane.first", first), ("plane.second", second)] {
                if index >= n {
                    let message = format!("allowed is a whole number from 0 to {}; got {index}", n - 1);
                    return Err(LabError::field(field, message));
                }
            }
            if first == second {
                return Err(LabError::field("plane.second", "allowed is another coordinate than the first"));
            }
            let unit = |index: usize| (0..n).map(|i| f64::from(u8::from(i == index))).collect();
            let labels = [first, second].map(|index| format!("parameter {index}"));
            // The range must hold still while the iterate moves: it grows by doubling only.
            let reach = 1.25 * current[first].abs().max(current[second].abs());
            let mut half = 1.0;
            while half < reach && half < 1e30 {
                half *= 2.0;
            }
            let mut origin = current;
            origin[first] = 0.0;
            origin[second] = 0.0;
            Ok(Directions {
                origin,
                u: unit(first),
                v: unit(second),
                labels,
                extent: around(half),
                captured: None,
                marks: Vec::new(),
            })
        }
    }
}

/// The plane through three points.
fn through(names: &[String; 3], path: Path<'_>) -> Result<Directions> {
    let [first, second, third] = names;
    let [p, q, r] = [path.point(first)?, path.point(second)?, path.point(third)?];
    let mut u = difference(q, p);
    let mut v = difference(r, p);
    let reach = norm(&v);
    let along = normalize(&mut u);
    // Below this two points differ only by rounding.
    let small = 1e-6 * along.max(reach);
    for (name, other, distance) in
        [(first, second, along), (first, third, reach), (second, third, distance(q, r))]
    {
        if distance <= small {
            return Err(plane_error(format!("{name} and {other} are the same point; choose another")));
        }
    }
    let shift = dot(&u, &v);
    orthogonalize(&mut v, std::slice::from_ref(&u));
    let height = normalize(&mut v);
    if height <= small {
        return Err(plane_error(format!("{first}, {second} and {third} lie on one line; choose another")));
    }
    let (low, high) = (shift.min(0.0), shift.max(along));
    let extent = Some(Extent { middle: (low + high) / 2.0, half: 1.3 * ((high - low) / 2.0).max(height) });
    Ok(Directions {
        origin: p.to_vec(),
        u,
        v,
        labels: [format!("{first} → {second}"), format!("towards {third}")],
        extent,
        captured: None,
        marks: names.iter().cloned().zip([[0.0; 2], [along, 0.0], [shift, height]]).collect(),
    })
}

fn labels(first: &str, second: &str) -> [String; 2] {
    [first.to_owned(), second.to_owned()]
}

fn difference(x: &[f64], y: &[f64]) -> Vec<f64> {
    x.iter().zip(y).map(|(x, y)| x - y).collect()
}

fn distance(x: &[f64], y: &[f64]) -> f64 {
    norm(&difference(x, y))
}

/// The part of `other` orthogonal to the unit vector `u`, of length 1; zero where a single parameter leaves
/// no second direction.
fn beside(u: &[f64], mut other: Vec<f64>) -> Vec<f64> {
    if u.len() < 2 {
        return vec![0.0; u.len()];
    }
    orthogonalize(&mut other, std::slice::from_ref(&u.to_vec()));
    normalize(&mut other);
    other
}

fn groups_of(groups: Groups, normalization: Normalization) -> Vec<std::ops::Range<usize>> {
    match normalization {
        Normalization::Filter => groups.filters,
        _ => groups.layers,
    }
}

/// Rescales each group of a direction to the norm of the same group of the parameters.
pub fn rescale(direction: &mut [f64], parameters: &[f64], groups: &[std::ops::Range<usize>]) {
    for group in groups {
        let wanted = norm(&parameters[group.clone()]);
        let part = &mut direction[group.clone()];
        let length = norm(part);
        if length > 0.0 {
            scale(part, wanted / length);
        }
    }
}

/// Two principal components of the points around the current parameters, and the share of their squares
/// that the two hold.
fn principal(path: Path<'_>, gaussian: &mut impl FnMut() -> Vec<f64>) -> Result<(Vec<f64>, Vec<f64>, f64)> {
    let offsets: Vec<Vec<f64>> = path.points.iter().map(|point| difference(point, path.current)).collect();
    // The iterate itself is one of the points, at distance zero.
    let moved = offsets.iter().filter(|offset| norm(offset) > 0.0).count();
    if moved < 2 {
        return Err(plane_error(format!(
            "principal components need at least three points of the run; it has {} so far",
            moved + 1
        )));
    }
    let count = offsets.len();
    // The Gram matrix of the points is small; its eigenvectors give the components.
    let gram = nalgebra::DMatrix::from_fn(count, count, |i, j| dot(&offsets[i], &offsets[j]));
    let total = gram.trace();
    let eigen = gram.symmetric_eigen();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|x, y| eigen.eigenvalues[*y].total_cmp(&eigen.eigenvalues[*x]));
    let component = |place: usize| {
        let column = order.get(place).copied()?;
        let mut vector = vec![0.0; path.current.len()];
        for (i, offset) in offsets.iter().enumerate() {
            add_scaled(&mut vector, eigen.eigenvectors[(i, column)], offset);
        }
        (normalize(&mut vector) > 1e-12 * total.sqrt()).then_some((vector, eigen.eigenvalues[column]))
    };
    let (u, first) = component(0).unwrap_or_else(|| (gaussian(), 0.0));
    let (v, second) = match component(1) {
        Some((vector, value)) => (beside(&u, vector), value.max(0.0)),
        None => (beside(&u, gaussian()), 0.0),
    };
    Ok((u, v, ((first + second) / total).min(1.0)))
}

fn hessian(
    objective: &dyn Objective,
    path: Path<'_>,
    ends: Ends,
    mut gaussian: impl FnMut() -> Vec<f64>,
) -> Result<Directions> {
    let spectrum = spectrum(objective, path.current, 2, PRODUCTS, path.seed);
    let [name, other] = match ends {
        Ends::Top => ["largest curvature", "second largest"],
        Ends::Both => ["largest curvature", "most negative curvature"],
    };
    let pairs = &spectrum.pairs;
    let none = Eigenpair { value: 0.0, vector: Vec::new(), residual: 0.0 };
    let first = pairs.first().unwrap_or(&none);
    let second = match ends {
        Ends::Top => pairs.get(1),
        Ends::Both => pairs.last().filter(|_| pairs.len() > 1),
    };
    let second = second.unwrap_or(&none);
    let u = first.vector.clone();
    let v = if second.vector.is_empty() { beside(&u, gaussian()) } else { beside(&u, second.vector.clone()) };
    let squares = first.value.powi(2) + second.value.powi(2);
    let steepest = first.value.abs().max(second.value.abs());
    let captured = Captured::Curvature {
        share: if spectrum.squared_norm > 0.0 { (squares / spectrum.squared_norm).min(1.0) } else { 1.0 },
        first: first.value,
        second: second.value,
        exact: spectrum.exact,
        residual: if steepest > 0.0 { first.residual.max(second.residual) / steepest } else { 0.0 },
    };
    // Where the quadratic model has risen to a few times the present height.
    let height = objective.value(path.current).max(1e-6);
    let radius = if steepest > 0.0 { (8.0 * height / steepest).sqrt() } else { 1.0 };
    let labels = labels(name, other);
    Ok(Directions {
        origin: path.current.to_vec(),
        u,
        v,
        labels,
        extent: around(radius.clamp(1e-3, 1e3)),
        captured: Some(captured),
        marks: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::problem::Problem;
    use crate::experiment::{Experiment, Network, Parametrization};
    use crate::network::linear::LinearObjective;

    fn objective(width: usize, layers: usize) -> LinearObjective {
        let network = Network::linear(width, layers);
        let problem = Problem::new(&Experiment { network, ..Experiment::default() });
        LinearObjective::new(&problem, Parametrization::Identity)
    }

    fn numbers(count: usize, seed: u32, size: f64) -> Vec<f64> {
        let mut random = Random::new(seed, Stream::Start);
        (0..count).map(|_| size * random.normal()).collect()
    }

    fn all() -> Vec<PlaneSpec> {
        vec![
            PlaneSpec::StartCurrent,
            PlaneSpec::Random { normalization: Normalization::None },
            PlaneSpec::Trajectory,
            PlaneSpec::Hessian { ends: Ends::Top },
            PlaneSpec::Hessian { ends: Ends::Both },
            PlaneSpec::Gradient,
            PlaneSpec::Optimum,
            PlaneSpec::Points { points: ["start", "iterate", "optimum"].map(str::to_owned) },
            PlaneSpec::Points { points: ["other", "optimum", "iterate"].map(str::to_owned) },
            PlaneSpec::Coordinates { first: 3, second: 17 },
        ]
    }

    #[test]
    fn axes_are_orthonormal_and_repeat_with_the_seed() {
        let objective = objective(4, 5);
        let n = objective.count();
        let [start, current, optimum] = [1, 2, 3].map(|seed| numbers(n, seed, 0.1));
        let points: Vec<Vec<f64>> = (4..9).map(|seed| numbers(n, seed, 0.1)).collect();
        let named = [("other".to_owned(), numbers(n, 9, 0.1))];
        let optimum = Some(optimum.as_slice());
        let path =
            Path { seed: 5, start: &start, current: &current, points: &points, optimum, named: &named };
        for spec in all() {
            let found = directions(spec.clone(), &objective, path).unwrap();
            assert!((norm(&found.u) - 1.0).abs() < 1e-9 && (norm(&found.v) - 1.0).abs() < 1e-9, "{spec:?}");
            assert!(dot(&found.u, &found.v).abs() < 1e-9, "{spec:?}");
            assert_eq!(directions(spec.clone(), &objective, path).unwrap(), found, "{spec:?}");
        }
    }

    #[test]
    fn a_run_that_has_not_moved_and_a_single_parameter_have_planes_or_a_sentence() {
        for (width, layers) in [(1, 1), (3, 2)] {
            let objective = objective(width, layers);
            let start = vec![0.0; objective.count()];
            let points = vec![start.clone()];
            let path =
                Path { seed: 5, start: &start, current: &start, points: &points, optimum: None, named: &[] };
            for spec in all() {
                match directions(spec.clone(), &objective, path) {
                    Ok(found) => {
                        assert!(found.u.iter().chain(&found.v).all(|x| x.is_finite()), "{spec:?}");
                    }
                    Err(error) => assert!(error.to_string().len() > 20, "{spec:?}: {error}"),
                }
            }
        }
    }

    #[test]
    fn along_two_parameters_a_place_is_their_values() {
        let objective = objective(2, 2);
        let current = numbers(objective.count(), 3, 1.5);
        let path =
            Path { seed: 5, start: &current, current: &current, points: &[], optimum: None, named: &[] };
        let found = directions(PlaneSpec::Coordinates { first: 1, second: 6 }, &objective, path).unwrap();
        let [a, b, off] = found.project(&current);
        assert!((a - current[1]).abs() < 1e-12 && (b - current[6]).abs() < 1e-12);
        // A difference of squares, whose rounding a root makes visible.
        assert!(off < 1e-6, "{off}");
        let half = found.extent.unwrap().half;
        assert!(half.log2().fract() == 0.0 && half >= 1.25 * a.abs().max(b.abs()), "{half}");
    }

    #[test]
    fn a_plane_through_three_points_holds_them_and_refuses_what_spans_none() {
        let objective = objective(3, 4);
        let n = objective.count();
        let [start, current, other] = [1, 2, 3].map(|seed| numbers(n, seed, 0.3));
        let middle: Vec<f64> = start.iter().zip(&current).map(|(x, y)| (x + y) / 2.0).collect();
        let named =
            [("other", &other), ("middle", &middle)].map(|(name, point)| (name.to_owned(), point.clone()));
        let path =
            Path { seed: 5, start: &start, current: &current, points: &[], optimum: None, named: &named };
        let lay = |points: [&str; 3]| {
            directions(PlaneSpec::Points { points: points.map(str::to_owned) }, &objective, path)
        };
        let found = lay(["start", "iterate", "other"]).unwrap();
        for point in [&start, &current, &other] {
            assert!(found.project(point)[2] < 1e-7);
        }
        let [a, b, _] = found.project(&other);
        let Some(Extent { middle: centre, half }) = found.extent else { panic!() };
        assert!((a - centre).abs() < half && b.abs() < half && b > 0.0);
        for (points, reason) in [
            (["start", "iterate", "start"], "the same point"),
            (["start", "iterate", "middle"], "one line"),
            (["start", "iterate", "optimum"], "no optimum"),
            (["start", "iterate", "kept 4"], "no point called kept 4"),
        ] {
            let error = lay(points).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn the_eigenvectors_are_eigenvectors_and_their_share_is_right() {
        // Dense below 600 parameters, Lanczos above: the same kind of answer.
        for (width, layers) in [(4, 5), (8, 12)] {
            let objective = objective(width, layers);
            let current = numbers(objective.count(), 2, 0.05);
            let start = vec![0.0; current.len()];
            let path =
                Path { seed: 1, start: &start, current: &current, points: &[], optimum: None, named: &[] };
            let found = directions(PlaneSpec::Hessian { ends: Ends::Both }, &objective, path).unwrap();
            let Some(Captured::Curvature { first, second, share, .. }) = found.captured else { panic!() };
            assert!(first > 0.0 && second < 0.0 && share > 0.0 && share <= 1.0);
            for (vector, value) in [(&found.u, first), (&found.v, second)] {
                let product = objective.hessian_vector(&current, vector);
                let error: Vec<f64> = product.iter().zip(vector).map(|(p, x)| p - value * x).collect();
                assert!(norm(&error) < 1e-4 * first, "{width} {layers}: {}", norm(&error) / first);
            }
        }
    }

    #[test]
    fn principal_components_capture_a_path_in_a_plane() {
        let n = 30;
        let [p, q] = [1, 2].map(|seed| numbers(n, seed, 1.0));
        let point = |s: f64, t: f64| -> Vec<f64> { p.iter().zip(&q).map(|(p, q)| s * p + t * q).collect() };
        let points: Vec<Vec<f64>> = (0..9).map(|i| point(f64::from(i), f64::from(i * i))).collect();
        let current = point(9.0, 81.0);
        let path = Path {
            seed: 1,
            start: &points[0],
            current: &current,
            points: &points,
            optimum: None,
            named: &[],
        };
        let (_, _, share) = principal(path, &mut || numbers(n, 7, 1.0)).unwrap();
        assert!((share - 1.0).abs() < 1e-9, "{share}");
    }
}
