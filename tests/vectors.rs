//! The engines against the float64 reference values.

use identity_lab::engine::EngineKind;
use identity_lab::verify::{Report, Subject, concerns, verify};

const RISK: &str = include_str!("vectors/linear_risk.json");
const FOLLOWUPS: &str = include_str!("vectors/linear_followups.json");
const EXPRESSIVITY: &str = include_str!("vectors/expressivity.json");

/// The files that this version knows, and how many cases each has.
const FILES: [(&str, &str, usize); 8] = [
    ("linear_risk", RISK, 24),
    ("linear_training", include_str!("vectors/linear_training.json"), 9),
    ("linear_curvature", include_str!("vectors/linear_curvature.json"), 6),
    ("linear_plane", include_str!("vectors/linear_plane.json"), 4),
    ("linear_factorization", include_str!("vectors/linear_factorization.json"), 16),
    ("linear_followups", FOLLOWUPS, 42),
    ("relu_loss", include_str!("vectors/relu_loss.json"), 8),
    ("expressivity", EXPRESSIVITY, 4),
];

fn check(subject: Subject) {
    let mut checked = 0;
    for (name, text, cases) in FILES.into_iter().filter(|(name, ..)| concerns(name, subject)) {
        let report: Report = pollster::block_on(verify(name, text, subject)).unwrap();
        assert_eq!(report.cases + report.left_out, cases, "{name}");
        // Only runs that are long may be left out, and not by the f64 mathematics or the cpu engine.
        let may_leave_out = name == "linear_followups"
            && ![Subject::Double, Subject::Single(EngineKind::Cpu)].contains(&subject);
        assert!(report.left_out == 0 || may_leave_out, "{report:?}");
        assert!(report.passed(), "{report:?}");
        checked += 1;
    }
    let files = match subject {
        Subject::Double => 8,
        Subject::Single(EngineKind::Cpu) => 6,
        Subject::Single(_) => 5,
    };
    assert_eq!(checked, files);
}

#[test]
fn double_precision_mathematics() {
    check(Subject::Double);
}

#[test]
fn cpu_engine() {
    check(Subject::Single(EngineKind::Cpu));
}

#[test]
#[cfg(feature = "burn")]
fn burn_engine() {
    check(Subject::Single(EngineKind::Burn));
}

#[test]
#[cfg(feature = "webgpu")]
fn webgpu_engine() {
    check(Subject::Single(EngineKind::WebGpu));
}

/// A check that could not fail would prove nothing: a wrong expected value must be found.
#[test]
fn a_planted_fault_is_found() {
    let mut file: serde_json::Value = serde_json::from_str(RISK).unwrap();
    let entry = &mut file["cases"][3]["gradient"][1][0][0];
    *entry = serde_json::json!(entry.as_f64().unwrap() + 1e-2 * file_scale());
    let report =
        pollster::block_on(verify("linear_risk", &file.to_string(), Subject::Single(EngineKind::Cpu)))
            .unwrap();
    assert_eq!((report.cases, report.passes), (24, 23));
}

/// Larger than every gradient entry in the file's fourth case.
fn file_scale() -> f64 {
    let file: serde_json::Value = serde_json::from_str(RISK).unwrap();
    file["cases"][3]["gradient_norm_squared"].as_f64().map_or(1e3, f64::sqrt).max(1.0)
}

/// The runs of the file at which a fault is planted: one that reaches its threshold and one that stalls.
fn followups(fault: impl Fn(&mut [serde_json::Value])) -> [usize; 2] {
    let mut file: serde_json::Value = serde_json::from_str(FOLLOWUPS).unwrap();
    let cases = file["cases"].as_array_mut().unwrap();
    let mut kept = vec![cases[5].clone(), cases[3].clone()];
    fault(&mut kept);
    *cases = kept;
    [Subject::Double, Subject::Single(EngineKind::Cpu)].map(|subject| {
        pollster::block_on(verify("linear_followups", &file.to_string(), subject)).unwrap().passes
    })
}

/// Each fault is seen where the file says it must be, and only there: f32 has slacks of its own.
#[test]
fn a_fault_planted_in_a_run_is_found() {
    let set = |case: &mut serde_json::Value, key: &str, change: f64| {
        case[key] = serde_json::json!(case[key].as_f64().unwrap() * change);
    };
    assert_eq!(followups(|_| {}), [2, 2]);
    assert_eq!(followups(|cases| cases[0]["steps"] = 48.into()), [1, 2]);
    assert_eq!(followups(|cases| cases[0]["single_precision"]["steps"] = 34.into()), [2, 1]);
    assert_eq!(followups(|cases| set(&mut cases[0], "learning_rate", 1.2)), [1, 1]);
    assert_eq!(followups(|cases| cases[0]["budget"] = 20.into()), [1, 1]);
    assert_eq!(followups(|cases| set(&mut cases[1], "final_excess", 1.0 + 1e-4)), [1, 2]);
    assert_eq!(followups(|cases| set(&mut cases[1], "final_excess", 1.0 + 1e-2)), [1, 1]);
    assert_eq!(followups(|cases| cases[1]["stop_below"] = 0.3.into()), [1, 1]);
}

/// A network of another size, or a point that no network fits, is no success.
#[test]
fn a_fault_planted_in_points_is_found() {
    let mut file: serde_json::Value = serde_json::from_str(EXPRESSIVITY).unwrap();
    file["cases"][1]["parameters"] = 3551.into();
    file["cases"][2]["blocks"] = 34.into();
    for subject in [Subject::Double, Subject::Single(EngineKind::Cpu)] {
        let report = pollster::block_on(verify("expressivity", &file.to_string(), subject)).unwrap();
        assert_eq!((report.cases, report.passes), (4, 2));
    }
    file["cases"][0]["x"][1] = file["cases"][0]["x"][0].clone();
    file["cases"][0]["labels"][1] = (1 - file["cases"][0]["labels"][0].as_i64().unwrap().min(1)).into();
    let refused = pollster::block_on(verify("expressivity", &file.to_string(), Subject::Double)).unwrap_err();
    assert!(refused.to_string().contains("points 1 and 2 are equal"), "{refused}");
}

#[test]
fn an_unknown_or_broken_file_is_named() {
    let subject = Subject::Single(EngineKind::Cpu);
    let unknown = pollster::block_on(verify("cubic_loss", "{}", subject)).unwrap_err();
    assert!(unknown.to_string().contains("cubic_loss") && unknown.to_string().contains("not supported"));
    let broken = pollster::block_on(verify("linear_risk", "{\"cases\": 3}", subject)).unwrap_err();
    assert!(broken.to_string().contains("linear_risk"));
    let start = FOLLOWUPS.replacen("\"identity\"", "\"random\"", 1);
    let unknown = pollster::block_on(verify("linear_followups", &start, subject)).unwrap_err();
    assert!(unknown.to_string().contains("\"random\" is not one of"), "{unknown}");
}
