//! Running other programs, and saying what is being done and how long it took.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repo;

/// Prints a headline, does the work, prints the seconds it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n==> {title}");
    let start = Instant::now();
    let result = work().with_context(|| title.to_owned());
    let verdict = if result.is_ok() { "done" } else { "FAILED" };
    println!("    {verdict} in {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// A program that runs in the repository root, free of what `cargo run` put into the environment:
/// build scripts of a nested cargo would see those variables change and run again.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(repo::root());
    for (key, _) in std::env::vars_os() {
        let name = key.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&key);
        }
    }
    command
}

/// The cargo that runs this task.
pub fn cargo() -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

/// A cargo that builds for wasm32: `RUSTFLAGS` would replace the target features of .cargo/config.toml.
pub fn cargo_for_wasm() -> Command {
    let mut command = cargo();
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

/// Runs a cargo that prints messages for machines, `--message-format=json-render-diagnostics`, and returns these.
pub fn cargo_messages(cargo: &mut Command) -> Result<Vec<Value>> {
    let output =
        cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("could not start cargo")?;
    if !output.status.success() {
        bail!("`{}` ended with {}", line(cargo), output.status);
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// npm, in the folder of the package it is to work on.
pub fn npm(folder: &Path) -> Command {
    let mut command = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// Runs a program with its output on the terminal; failing is an error that shows the command line.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line(command);
    println!("    $ {line}");
    // No terminal input: nothing may stop to ask in an unattended run.
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a program silently and returns what it printed, or None when it could not start or failed.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or_default().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    // Short enough to read, and to be typed by hand in the repository root.
    let root = format!("{}{}", repo::root().display(), std::path::MAIN_SEPARATOR);
    words.join(" ").replace(&root, "")
}
