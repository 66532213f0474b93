//! The page: its packages and Vite's build of it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::fingerprint::{Fingerprint, unless_unchanged};
use crate::repo;
use crate::shell::{ask, npm, run, step};

/// Installs a package's dependencies, exactly those of its lock file, unless they are installed already.
pub fn install(name: &str, folder: &Path) -> Result<()> {
    let mut inputs = Fingerprint::default();
    inputs.path(&folder.join("package.json"))?.path(&folder.join("package-lock.json"))?;
    // npm writes this file last, and describes in it what it installed.
    let installed = folder.join("node_modules/.package-lock.json");
    let worked = unless_unchanged(&format!("npm-{name}"), &inputs, &[installed], || {
        step(&format!("Packages of {name}"), || {
            ask(npm(folder).arg("--version"))
                .context("`npm` was not found; it comes with Node, https://nodejs.org")?;
            run(npm(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
                .context("npm could not install the packages (its own words are above)")
        })
    })?;
    if !worked {
        println!("    packages of {name}: unchanged");
    }
    Ok(())
}

/// Builds the page into dist/ unless nothing changed. Core wasm and the packages must be there.
pub fn build() -> Result<()> {
    let www = repo::www();
    let mut inputs = Fingerprint::default();
    for path in page_files(&www)? {
        inputs.text(&path).path(&www.join(&path))?;
    }
    // The page offers the reference vectors as files to check a browser with.
    inputs.path(&repo::root().join("tests/vectors"))?;
    let dist = repo::dist();
    let worked = unless_unchanged("page", &inputs, std::slice::from_ref(&dist), || {
        step("Page: vite build", || run(npm(&www).args(["run", "--silent", "build"])))?;
        if !dist.join("index.html").is_file() {
            bail!("the build of the page left no dist/index.html");
        }
        Ok(())
    })?;
    if !worked {
        println!("    page: unchanged");
    }
    Ok(())
}

/// What the build of the page can depend on: everything but its tests, the benchmark, the library's package and
/// the packages it needs (which the lock file stands for).
fn page_files(www: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(www).with_context(|| format!("could not read {}", www.display()))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !["node_modules", "test", "bench", "dist"].contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
