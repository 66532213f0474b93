use proptest::prelude::*;

use super::lanes::{LANES, Real, relu, shift};
use super::*;
use crate::data::sets::PointSet;
use crate::rng::{Random, Stream};

fn sphere(count: usize, classes: usize, dimension: usize) -> Points {
    PointSet::Sphere.points(count, classes, dimension, 0.0, 5)
}

fn build(points: &Points, width: usize) -> Construction {
    let mut construction = Construction::new(points, width, 1).unwrap();
    while !construction.advance(7) {}
    construction
}

fn measure<T: Real>(construction: &Construction) -> Fit {
    let network = construction.network().rounded::<T>();
    let mut check = Check::new(&network);
    let movers = construction.movers();
    loop {
        if let Some(fit) = check.advance(&network, construction.distinct(), &movers, 100) {
            return fit;
        }
    }
}

/// The reference numbers: 184 blocks beside A₀ and the last, 46 816 parameters, exact, 2.4e-5 in f32.
#[test]
fn the_reference_case_has_the_reference_numbers() {
    let points = sphere(2000, 10, 50);
    let width = default_width(2000);
    let construction = build(&points, width);
    assert_eq!((width, depth(2000, width)), (11, 184));
    assert_eq!(construction.network().parameters.len(), 46_816);
    assert_eq!(parameters(2000, 50, 10, width), 46_816);
    let double = measure::<f64>(&construction);
    assert_eq!((double.fitted, double.strays, double.moved), (2000, 0, 2000));
    assert!(double.error < 1e-9 && double.margin > 1.0 - 1e-9, "{double:?}");
    let single = measure::<f32>(&construction);
    assert_eq!((single.fitted, single.strays), (2000, 0));
    assert!(single.error > 1e-7 && single.error < 1e-3, "{single:?}");
}

/// Every block is applied to every point: those it is not for keep all their bits, the others are on surrogates.
#[test]
fn a_block_moves_its_points_to_surrogates_and_no_bit_of_others() {
    for (points, width) in [
        (PointSet::Spirals.points(200, 2, 2, 0.0, 1), 8),
        (sphere(61, 3, 7), 5),
        (sphere(30, 4, 9), 2),
        (sphere(5, 2, 3), 16),
    ] {
        let construction = build(&points, width);
        let network = construction.network();
        let movers = construction.movers();
        let surrogates = construction.surrogates();
        let shape = network.shape;
        let mut h = vec![[0.0f64; LANES]; width];
        let mut a = h.clone();
        for index in 0..points.len() {
            network.project(points.point(index), &mut h);
            for block in 0..shape.blocks {
                let before: Vec<u64> = h.iter().map(|h| h[0].to_bits()).collect();
                let ranges = shape.block(block);
                f64::products(&network.parameters[ranges.u], &h, &mut a);
                let active = relu(&mut a, &network.parameters[ranges.s]);
                shift(&network.parameters[ranges.v], &a, active, &mut h);
                let after: Vec<u64> = h.iter().map(|h| h[0].to_bits()).collect();
                assert_eq!(before != after, block == movers[index], "point {index}, block {block}");
            }
            let q = &surrogates[usize::from(points.labels[index]) * width..][..width];
            let far = h.iter().zip(q).map(|(h, q)| (h[0] - q).abs()).fold(0.0, f64::max);
            assert!(far < 1e-10, "point {index}: {far}");
        }
        for block in 0..shape.blocks {
            let count = movers.iter().filter(|mover| **mover == block).count();
            assert_eq!(count, if block + 1 < shape.blocks { width } else { points.len() - block * width });
        }
    }
}

#[test]
fn many_classes_few_dimensions_and_few_points_are_fitted() {
    for (points, width) in [
        (sphere(1200, 1000, 20), 11),
        (Points { dimension: 1, classes: 2, inputs: vec![0.5, -0.25], labels: vec![0, 1] }, 2),
        (sphere(40, 40, 3), 2),
        (PointSet::Circles.points(300, 4, 2, 0.0, 2), 9),
        (PointSet::Moons.points(300, 2, 2, 0.1, 2), 9),
        (on_sphere(&PointSet::Gaussians.points(300, 5, 2, 0.0, 2)), 9),
    ] {
        let construction = build(&points, width);
        let fit = measure::<f64>(&construction);
        assert_eq!(fit.fitted, points.len(), "{fit:?}");
        assert_eq!(fit.strays, 0);
        assert!(fit.error < 1e-6, "{fit:?}");
        let network = construction.network();
        let promised = parameters(points.len(), points.dimension, points.classes, width);
        assert_eq!(network.parameters.len(), promised);
    }
}

/// However its blocks are asked for, a seed is one network; another seed is another.
#[test]
fn a_seed_is_a_network() {
    let points = sphere(100, 3, 6);
    let whole = build(&points, 7);
    let mut slow = Construction::new(&points, 7, 1).unwrap();
    let mut calls = 1;
    while !slow.advance(1) {
        calls += 1;
        assert_eq!(slow.built(), calls - 1);
    }
    assert_eq!(calls, 15);
    assert_eq!(slow.network(), whole.network());
    assert_ne!(
        Construction::new(&points, 7, 2).unwrap().network().parameters[0],
        whole.network().parameters[0]
    );
}

/// The paper's single threshold needs a far greater width; where it separates, it fits as the theorem says.
#[test]
fn one_threshold_a_block_needs_a_greater_width() {
    let points = sphere(300, 4, 50);
    let fitted = |width| {
        let mut printed = Printed::new(&points, width, 1).unwrap();
        while !printed.advance(3) {}
        let network = printed.network();
        let mut check = Check::new(network);
        let fit = loop {
            if let Some(fit) = check.advance(network, printed.distinct(), &[], 50) {
                break fit;
            }
        };
        (printed.separated(), network.shape.blocks, fit)
    };
    let (separated, blocks, fit) = fitted(9);
    assert!(separated < blocks && fit.fitted < 300, "{separated} of {blocks}, {fit:?}");
    let (separated, blocks, fit) = fitted(300);
    assert_eq!((separated, blocks, fit.fitted), (1, 1, 300));
    assert!(fit.error < 1e-9);
    assert_eq!(measure::<f64>(&build(&points, 9)).fitted, 300);
}

#[test]
fn copies_are_fitted_once_and_counted_each() {
    let mut points = sphere(50, 3, 4);
    let copies = points.select([3, 7, 3]);
    points.inputs.extend(&copies.inputs);
    points.labels.extend(&copies.labels);
    let construction = build(&points, 6);
    assert_eq!(construction.distinct().0.len(), 50);
    assert_eq!(construction.network().shape.blocks, 9);
    assert_eq!(construction.places()[50..], [3, 7, 3]);
    assert_eq!(measure::<f64>(&construction).fitted, 53);
}

#[test]
fn what_cannot_be_fitted_is_refused_with_a_reason() {
    let good = sphere(10, 2, 3);
    let with = |change: &dyn Fn(&mut Points)| {
        let mut points = good.clone();
        change(&mut points);
        points
    };
    let copy = |points: &mut Points| {
        let x = points.point(1).to_vec();
        points.inputs[24..27].copy_from_slice(&x);
        (points.labels[1], points.labels[8]) = (0, 1);
    };
    let cases = [
        (with(&copy), 4, "points 2 and 9 are equal and have the labels 0 and 1"),
        (with(&|points| points.labels.fill(1)), 4, "two classes or more"),
        (with(&|points| points.inputs[4] = f32::INFINITY), 4, "point 2 has inf"),
        (with(&|points| points.inputs[3..6].fill(0.0)), 4, "point 2 is the origin"),
        (with(&|points| points.classes = 11), 4, "as many as there are points, 10; got 11"),
        (good.clone(), 1, "width: allowed is a whole number from 2 to 512; got 1"),
        (good.clone(), 513, "from 2 to 512; got 513"),
    ];
    for (points, width, message) in cases {
        for error in [Construction::new(&points, width, 1).err(), Printed::new(&points, width, 1).err()] {
            let text = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(text.contains(message), "{message}: {text}");
        }
    }
    // On the sphere the origin is a point like others.
    let origin = with(&|points| points.inputs[3..6].fill(0.0));
    assert_eq!(measure::<f64>(&build(&on_sphere(&origin), 4)).fitted, 10);
}

/// In steps of any size the same network and the same numbers, with a progress that grows to 1.
#[test]
fn a_build_can_be_made_in_pieces() {
    let points = sphere(90, 3, 5);
    let finish = |steps: usize, method, single| {
        let mut build = Build::new(&points, 6, 1, method, single).unwrap();
        let mut shown = vec![build.progress()];
        while !build.advance(steps) {
            shown.push(build.progress());
            assert!(shown.len() < 1000);
        }
        shown.push(build.progress());
        assert!(shown.windows(2).all(|pair| pair[0] <= pair[1]) && shown[0] == 0.0, "{shown:?}");
        assert!((shown[shown.len() - 1] - 1.0).abs() < 1e-12);
        build
    };
    let (slow, fast) = (finish(1, Method::Corrected, true), finish(1000, Method::Corrected, true));
    assert_eq!((slow.report(), slow.network()), (fast.report(), fast.network()));
    let report = slow.report();
    assert_eq!((report.points, report.blocks, report.layers, report.promised_layers), (90, 15, 17, 17));
    assert_eq!((report.parameters, report.separated), (report.promised, None));
    let [double, single] = [report.double, report.single].map(|fit| fit.unwrap());
    assert_eq!((double.fitted, single.fitted, double.moved), (90, 90, 90));
    assert!(double.error < 1e-9 && single.error > double.error && single.error < 1e-2);
    let found = classify(slow.network(), &points.inputs);
    assert!(found.iter().zip(&points.labels).all(|(found, label)| *found == Some(usize::from(*label))));
    // Where no unit of the last block is active, no class is ahead.
    assert_eq!(classify(slow.network(), &[0.0; 5]), [None]);
    let printed = finish(2, Method::Printed, false).report();
    assert!(printed.separated.is_some() && printed.single.is_none() && printed.least_gap.is_nan());
    assert!(printed.double.unwrap().fitted < 90);
}

#[test]
fn widths_and_counts_follow_their_formulas() {
    assert_eq!([1, 2, 4, 5, 8, 9, 2000, 20_000].map(default_width), [2, 2, 2, 3, 3, 4, 11, 15]);
    assert_eq!(parameters(300, 4, 50, 9), 8850);
    assert_eq!((depth(20_000, 15), depth(3, 15)), (1336, 3));
}

#[test]
fn principal_axes_hold_a_plane() {
    let construction = build(&PointSet::Spirals.points(100, 2, 2, 0.0, 1), 7);
    let ([first, second], share) = principal_axes(&construction.hidden(), 7);
    assert!((share - 1.0).abs() < 1e-12);
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    assert!((dot(&first, &first) - 1.0).abs() < 1e-12 && dot(&first, &second).abs() < 1e-12);
    assert!(principal_axes(&build(&sphere(100, 3, 20), 7).hidden(), 7).1 < 0.6);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    /// Any distinct points with any labels.
    #[test]
    fn any_points_are_fitted(
        (n, d, r, k) in (2usize..120, 1usize..9, 2usize..8, 2usize..14),
        spread in -2.0f64..3.0,
        seed in 0u32..1000,
    ) {
        let r = r.min(n);
        let mut random = Random::new(seed, Stream::Inputs);
        let scale = libm::pow(10.0, spread);
        let shift: Vec<f64> = (0..d).map(|_| random.normal()).collect();
        let inputs = (0..n * d).map(|at| (scale * (random.normal() + shift[at % d])) as f32).collect();
        let labels = (0..n).map(|index| if index < r { index } else { random.below(r) } as u16).collect();
        let points = Points { dimension: d, classes: r, inputs, labels };
        let construction = build(&points, k);
        let fit = measure::<f64>(&construction);
        prop_assert_eq!((fit.fitted, fit.strays, fit.moved), (n, 0, n));
        prop_assert_eq!(construction.network().parameters.len(), parameters(n, d, r, k));
    }
}
