//! `cargo xtask test`: every test there is, in an order that finds the cheap mistakes first.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, cargo_for_wasm, cargo_messages, command, npm, run as sh, step};
use crate::{browser, budget, package, page, repo, tools, vulkan, wasm};

/// A step: what `--only` calls it, its headline, its work.
type Step = (&'static str, &'static str, fn() -> Result<()>);

/// The features of all modules but those of burn's GPU kernels, which have little code here and a third of all
/// dependencies: these would be checked for five minutes.
const LINTED: [&str; 2] = ["webgpu,images", "points"];

const STEPS: [Step; 12] = [
    ("fmt", "Rust formatting", || sh(cargo().args(["fmt", "--all", "--check"]))),
    ("prettier", "TypeScript formatting", prettier),
    ("clippy", "Clippy, native", || native("clippy", &["--all-targets", "--", "-D", "warnings"])),
    ("clippy-wasm", "Clippy, wasm32", || {
        LINTED.iter().try_for_each(|features| {
            sh(cargo_for_wasm()
                .arg("clippy")
                .args(wasm::cargo_arguments(features))
                .args(["--", "-D", "warnings"]))
        })
    }),
    ("rust", "Rust tests, shaders and kernels against their CPU twins", rust),
    // As shipped: a faster profile would test, and weigh, another module than people get.
    ("wasm", "WebAssembly modules", wasm::build),
    ("types", "TypeScript types", || script("typecheck")),
    ("unit", "TypeScript unit tests", || script("test")),
    ("page", "Page", built),
    ("sizes", "Download sizes", || built().and_then(|()| budget::check(&repo::dist()))),
    ("package", "The npm package of the library", packed),
    ("e2e", "The page in a real Chromium", e2e),
];

/// Runs the named steps, or all of them, up to the first failure.
pub fn run(only: &[String]) -> Result<()> {
    if let Some(name) = only.iter().find(|name| STEPS.iter().all(|step| step.0 != name.as_str())) {
        bail!("there is no test step `{name}`; the steps are {}", STEPS.map(|step| step.0).join(", "));
    }
    let start = Instant::now();
    step("Tools", prepare)?;
    let mut done = Vec::new();
    for (name, title, work) in STEPS {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            step(&format!("{title} [{name}]"), work)?;
            done.push(name);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    if done.len() == STEPS.len() {
        println!("\nAll {} steps passed in {seconds:.0} s.", done.len());
    } else {
        println!("\nPassed in {seconds:.0} s, but only: {}. The other steps were not run.", done.join(", "));
    }
    Ok(())
}

fn prepare() -> Result<()> {
    println!("    Node {}", tools::require_node()?);
    tools::ensure_rust_components()?;
    tools::ensure_wasm_target()?;
    page::install("the page", &repo::www())
}

fn script(name: &str) -> Result<()> {
    sh(npm(&repo::www()).args(["run", "--silent", name]))
}

fn prettier() -> Result<()> {
    script("format:check")?;
    let prettier = repo::www().join("node_modules/prettier/bin/prettier.cjs");
    sh(command("node").arg(prettier).args(["--config=www/.prettierrc.json", "--check", "tests/e2e"]))
}

/// The page as it stands in the sources: a step asked for by name must not look at an older build.
fn built() -> Result<()> {
    wasm::build()?;
    page::build()
}

/// The package as it stands in the sources.
fn packed() -> Result<()> {
    wasm::build()?;
    package::build()
}

fn rust() -> Result<()> {
    println!("    Vulkan: {}", vulkan::ensure()?);
    native("test", &[])
}

/// Runs cargo on the whole workspace, on this task runner apart: together they would ask their common
/// dependencies for more features than `cargo xtask` alone did, and all of them would be built again.
fn native(subcommand: &str, arguments: &[&str]) -> Result<()> {
    sh(cargo().args([subcommand, "--workspace", "--exclude=xtask"]).args(arguments))?;
    sh(cargo().args([subcommand, "--package=xtask"]).args(arguments))
}

fn e2e() -> Result<()> {
    built()?;
    package::build()?;
    let native = native_command()?;
    let chrome = browser::ensure()?;
    println!("    browser: {}", chrome.display());
    let folder = repo::root().join("tests/e2e");
    let mut files: Vec<OsString> = fs::read_dir(&folder)
        .with_context(|| format!("could not read {}", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .map(OsString::from)
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("there are no end-to-end tests in {}", folder.display());
    }
    // One browser at a time: the tests measure how the page responds.
    sh(command("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files)
        .env("CHROME_PATH", chrome)
        .env("IDENTITY_LAB", native))
}

/// The native command, as the Rust tests built it: `cargo run` would build it once more, since tests have further
/// dependencies and with them further features.
fn native_command() -> Result<PathBuf> {
    let mut cargo = cargo();
    cargo.args([
        "test",
        "--workspace",
        "--exclude=xtask",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    let is_command = |message: &serde_json::Value| {
        message["target"]["name"] == "identity-lab"
            && message["target"]["kind"][0] == "bin"
            && message["profile"]["test"] == false
    };
    cargo_messages(&mut cargo)?
        .into_iter()
        .filter(is_command)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo built no command `identity-lab`")
}
