//! The WebAssembly modules: cargo build, bindings, wasm-opt, into www/src/wasm/.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{Fingerprint, unless_unchanged};
use crate::shell::{cargo_for_wasm, cargo_messages, command, run, step};
use crate::{budget, repo, tools};

/// A WebAssembly module of the page: one build of the crate.
struct Module {
    /// Its file name, and its folder under `www/src/wasm`.
    name: &'static str,
    /// The crate's features in it.
    features: &'static str,
    /// How hard wasm-opt tries.
    optimize: &'static str,
}

/// What the page loads first, the same with what trains on a GPU (a third of its size, which the first figure would wait
/// for), what is fetched when burn or images are asked for (burn is most of a module that has it), the same with burn's
/// GPU kernels, and what tables of points and the network of Theorem 3.2 need. In a module with burn's kernels -Oz takes
/// 124 s where -O1 takes 30, and saves bytes that compress well: 3.06 MB are then sent, not 2.88.
const MODULES: [Module; 5] = [
    Module { name: "core", features: "", optimize: "-Oz" },
    Module { name: "webgpu", features: "webgpu", optimize: "-Oz" },
    Module { name: "burn", features: "images", optimize: "-Oz" },
    Module { name: "burn-webgpu", features: "burn-wgpu", optimize: "-O1" },
    Module { name: "points", features: "points", optimize: "-Oz" },
];

/// What tells cargo to build the crate for browsers, with these features.
pub fn cargo_arguments(features: &str) -> [&str; 7] {
    [
        "--package=identity-lab",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--no-default-features",
        "--features",
        features,
    ]
}

const PROFILE: &str = "wasm-release";
/// The crate's library, as cargo names its file.
const CRATE: &str = "identity_lab";

/// For wasm-opt: what the compiler was allowed to use.
const ALLOWED: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the modules and their bindings where something changed. wasm-opt comes from the page's packages,
/// so these must be installed.
pub fn build() -> Result<()> {
    thread::scope(|scope| {
        let modules = MODULES.each_ref().map(|module| scope.spawn(|| build_one(module)));
        // Whatever became of one, the others come to their end.
        let built =
            modules.map(|module| module.join().unwrap_or_else(|_| bail!("building a module panicked")));
        built.into_iter().collect()
    })
}

/// cargo builds one at a time, and every module under the same name, while wasm-opt, which takes one core, is at others.
static CARGO: Mutex<()> = Mutex::new(());

fn build_one(module: &Module) -> Result<()> {
    let root = repo::root();
    let name = module.name;
    let out = repo::www().join("src/wasm").join(name);
    let mut inputs = Fingerprint::default();
    inputs.text(&tools::rustc_version()?);
    for path in [
        "Cargo.toml",
        "Cargo.lock",
        ".cargo/config.toml",
        "crate",
        "shaders",
        "xtask/src/wasm.rs",
        "www/package-lock.json",
    ] {
        inputs.path(&root.join(path))?;
    }
    let worked = unless_unchanged(&format!("wasm-{name}"), &inputs, std::slice::from_ref(&out), || {
        let bound = {
            let _turn = CARGO.lock().unwrap_or_else(PoisonError::into_inner);
            let compiled = step(&format!("Module {name}: cargo build"), || compile(module))?;
            step(&format!("Module {name}: bindings"), || bind(&compiled, name))?
        };
        step(&format!("Module {name}: wasm-opt"), || {
            optimize(module, &bound.join(format!("{name}_bg.wasm")))
        })?;
        weigh(&bound, name)?;
        replace(&bound, &out)
    })?;
    if !worked {
        println!("    module {name}: unchanged");
    }
    Ok(())
}

/// Compiles the crate and returns where cargo put the module, which depends on the person's own settings.
fn compile(module: &Module) -> Result<PathBuf> {
    let mut cargo = cargo_for_wasm();
    cargo.arg("build").args(cargo_arguments(module.features)).args([
        "--profile",
        PROFILE,
        "--message-format=json-render-diagnostics",
    ]);
    cargo_messages(&mut cargo)?
        .into_iter()
        .filter(|message| message["target"]["name"] == CRATE)
        .filter_map(|message| Some(message["filenames"].as_array()?.clone()))
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
        .context("cargo built no .wasm file")
}

/// Writes the JavaScript bindings and the module they belong to into a folder of our own.
fn bind(compiled: &Path, name: &str) -> Result<PathBuf> {
    let out = repo::cache().join("bindings").join(name);
    let _ = fs::remove_dir_all(&out);
    Bindgen::new()
        .input_path(compiled)
        .out_name(name)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&out)?;
    Ok(out)
}

fn optimize(module: &Module, file: &Path) -> Result<()> {
    let tool = repo::www().join("node_modules/binaryen/bin/wasm-opt");
    let size = |path: &Path| fs::metadata(path).map(|data| data.len()).unwrap_or(0);
    let before = size(file);
    let mut command = command("node");
    command.arg(tool).arg(module.optimize).args(ALLOWED).arg(file).arg("-o").arg(file);
    run(&mut command)?;
    println!("    {before} -> {} bytes", size(file));
    Ok(())
}

/// Writes what the page says of a download before it begins: `{"bytes", "gzip"}` of the module.
fn weigh(bound: &Path, name: &str) -> Result<()> {
    let bytes = fs::read(bound.join(format!("{name}_bg.wasm")))?;
    let sizes = serde_json::json!({ "bytes": bytes.len(), "gzip": budget::gzip_size(&bytes)? });
    fs::write(bound.join("size.json"), sizes.to_string())?;
    Ok(())
}

/// Moves the finished files to where the page imports them, only now that all of them exist.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
