//! Sets of labelled points that people know.

use std::f64::consts::{PI, TAU};

use serde::{Deserialize, Serialize};

use super::points::Points;
use crate::rng::{Random, Stream};

/// A family of labelled points, all within about the unit disc (or on the unit sphere).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PointSet {
    /// Concentric circles, one a class.
    Circles,
    /// The square's quadrants, opposite ones alike.
    Xor,
    /// Arms of a spiral that turn one and a half times, one a class.
    Spirals,
    /// Two interleaved half circles.
    Moons,
    /// Round clouds around the corners of a polygon, one a class.
    Gaussians,
    /// Uniform on the unit sphere of any dimension, with random labels: nothing to generalize.
    Sphere,
}

impl PointSet {
    /// Every set.
    pub const ALL: [Self; 6] =
        [Self::Circles, Self::Xor, Self::Spirals, Self::Moons, Self::Gaussians, Self::Sphere];

    /// Whether it has two classes and no other number.
    pub fn has_two_classes(self) -> bool {
        matches!(self, Self::Xor | Self::Moons)
    }

    /// Whether its points lie in the plane and in no other dimension.
    pub fn is_planar(self) -> bool {
        self != Self::Sphere
    }

    /// `count` points of `classes` classes in turn, with Gaussian noise of that standard deviation added to
    /// every coordinate. Points, labels and noise are streams of their own: more noise moves the same points.
    pub fn points(self, count: usize, classes: usize, dimension: usize, noise: f64, seed: u32) -> Points {
        let dimension = if self.is_planar() { 2 } else { dimension };
        let mut random = Random::new(seed, Stream::Inputs);
        let mut labels = Random::new(seed, Stream::Labels);
        let mut noises = Random::new(seed, Stream::Noise);
        let mut points = Points { dimension, classes, ..Points::default() };
        for index in 0..count {
            let class = index % classes;
            let label = if self == Self::Sphere { labels.below(classes) } else { class };
            let place = match self {
                Self::Sphere => on_sphere(dimension, &mut random),
                _ => self.place(class, classes, &mut random).to_vec(),
            };
            points.inputs.extend(place.into_iter().map(|x| (x + noise * noises.normal()) as f32));
            points.labels.push(label as u16);
        }
        points
    }

    fn place(self, class: usize, classes: usize, random: &mut Random) -> [f64; 2] {
        let part = (class as f64 + 1.0) / classes as f64;
        match self {
            Self::Circles => polar(part, TAU * random.uniform()),
            Self::Xor => {
                // Clear of the axes, so that without noise the classes can be told apart.
                let mut side = || 0.05 + 0.95 * random.uniform();
                let (x, y) = (side(), side());
                let sign = if random.uniform() < 0.5 { -1.0 } else { 1.0 };
                let other = if class == 0 { sign } else { -sign };
                [sign * x, other * y]
            }
            Self::Spirals => {
                let t = random.uniform();
                polar(0.1 + 0.9 * t, 3.0 * PI * t + TAU * part)
            }
            Self::Moons => {
                let angle = PI * random.uniform();
                let [x, y] = polar(0.65, angle);
                if class == 0 { [x - 0.33, y - 0.16] } else { [0.33 - x, 0.16 - y] }
            }
            Self::Gaussians => {
                let [x, y] = polar(0.65, TAU * part);
                [x + 0.15 * random.normal(), y + 0.15 * random.normal()]
            }
            Self::Sphere => unreachable!("points of a sphere have no place of their class"),
        }
    }
}

fn polar(radius: f64, angle: f64) -> [f64; 2] {
    [radius * libm::cos(angle), radius * libm::sin(angle)]
}

fn on_sphere(dimension: usize, random: &mut Random) -> Vec<f64> {
    let place: Vec<f64> = (0..dimension).map(|_| random.normal()).collect();
    let norm = place.iter().map(|x| x * x).sum::<f64>().sqrt();
    place.into_iter().map(|x| x / norm).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_all_its_classes_within_reach() {
        for set in PointSet::ALL {
            let classes = if set.has_two_classes() { 2 } else { 3 };
            let points = set.points(300, classes, 5, 0.0, 4);
            assert!(points.check("data").is_ok(), "{set:?}");
            assert_eq!(points.len(), 300);
            let farthest = points.inputs.iter().fold(0.0f32, |far, x| far.max(x.abs()));
            assert!(farthest > 0.5 && farthest < 1.5, "{set:?}: {farthest}");
            for class in 0..classes as u16 {
                let count = points.labels.iter().filter(|label| **label == class).count();
                assert!((70..=160).contains(&count), "{set:?}: {count} of class {class}");
            }
        }
    }

    #[test]
    fn noise_moves_the_same_points() {
        for set in PointSet::ALL {
            let [still, moved] = [0.0, 0.01].map(|noise| set.points(50, 2, 3, noise, 1));
            assert_eq!(still.labels, moved.labels);
            let shifts: Vec<f32> =
                still.inputs.iter().zip(&moved.inputs).map(|(x, y)| (x - y).abs()).collect();
            assert!(shifts.iter().all(|shift| *shift < 0.06) && shifts.iter().any(|shift| *shift > 0.005));
        }
    }

    /// Points of known places: the circles' radii, and a spiral's radius that its angle gives.
    #[test]
    fn circles_and_spirals_are_where_they_should_be() {
        let circles = PointSet::Circles.points(40, 4, 2, 0.0, 9);
        for (index, label) in circles.labels.iter().enumerate() {
            let [x, y] = [circles.point(index)[0], circles.point(index)[1]];
            assert!((x.hypot(y) - (f32::from(*label) + 1.0) / 4.0).abs() < 1e-6);
        }
        let spirals = PointSet::Spirals.points(40, 2, 2, 0.0, 9);
        for (index, label) in spirals.labels.iter().enumerate() {
            let [x, y] = [spirals.point(index)[0], spirals.point(index)[1]].map(f64::from);
            let t = (x.hypot(y) - 0.1) / 0.9;
            let angle = 3.0 * PI * t + PI * (f64::from(*label) + 1.0);
            assert!((y.atan2(x) - angle).sin().abs() < 1e-5 && (y.atan2(x) - angle).cos() > 0.0);
        }
    }
}
