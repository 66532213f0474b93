//! `identity-lab images` is killed in the middle of a run and goes on as if it had not been.
#![cfg(all(feature = "images", feature = "cli"))]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const DIGITS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/public/digits");

fn images(folder: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_identity-lab"));
    let path = |name: &str| folder.join(name).display().to_string();
    command.args([
        "images",
        "--data",
        DIGITS,
        "--steps",
        "40",
        "--test-every",
        "10",
        "--checkpoint-every",
        "0",
    ]);
    command.args(["--checkpoint", &path("run.safetensors"), "--record", &path("run.csv")]).args(more);
    command.stderr(Stdio::null()).stdout(Stdio::null());
    command
}

/// The rows of a record without the speed, which differs from run to run.
fn rows(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("run.csv")).unwrap_or_default();
    text.lines().skip(1).filter_map(|line| Some(line.rsplit_once(',')?.0.to_owned())).collect()
}

#[test]
fn a_run_that_was_killed_goes_on_with_nothing_lost() {
    let scratch = std::env::temp_dir().join(format!("identity-lab-images-{}", std::process::id()));
    let (whole, killed) = (scratch.join("whole"), scratch.join("killed"));
    for folder in [&whole, &killed] {
        fs::create_dir_all(folder).unwrap();
    }
    assert!(images(&whole, &[]).status().unwrap().success());

    let mut child = images(&killed, &[]).spawn().unwrap();
    let patience = Instant::now();
    while rows(&killed).len() < 2 && child.try_wait().unwrap().is_none() {
        assert!(patience.elapsed() < Duration::from_secs(300), "no row came");
        sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = rows(&killed);
    assert!((2..4).contains(&before.len()), "it was killed too late: {before:?}");
    // Without being asked to go on, it does not write over what there is.
    assert!(!images(&killed, &[]).status().unwrap().success());
    assert_eq!(rows(&killed), before);

    assert!(images(&killed, &["--resume"]).status().unwrap().success());
    assert_eq!(rows(&killed), rows(&whole));
    assert_eq!(rows(&whole).len(), 4);
    let checkpoint = |folder: &Path| fs::read(folder.join("run.safetensors")).unwrap();
    assert!(checkpoint(&killed) == checkpoint(&whole), "the two checkpoints differ");
    fs::remove_dir_all(&scratch).unwrap();
}
