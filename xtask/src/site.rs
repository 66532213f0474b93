//! `cargo xtask build`: the static files of the page, for any web host.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{page, repo, tools, wasm};

/// Builds what has changed, into dist/.
pub fn build() -> Result<()> {
    tools::require_node()?;
    tools::ensure_wasm_target()?;
    page::install("the page", &repo::www())?;
    wasm::build()?;
    page::build()
}

/// Builds, and copies the files to a folder of the person's choice if one is given.
pub fn run(out: Option<&Path>) -> Result<()> {
    let dist = repo::dist();
    let out = out.filter(|out| *out != dist);
    if let Some(out) = out {
        require_ours(out)?;
    }
    build()?;
    let folder = match out {
        Some(out) => {
            copy(&dist, out).with_context(|| format!("could not copy the page to {}", out.display()))?;
            out
        }
        None => &dist,
    };
    println!("\nThe page is in {}: put its files anywhere on any web host.", folder.display());
    Ok(())
}

/// Refuses a folder that holds something else than an earlier build: files mixed into someone's folder
/// are hard to take out again.
fn require_ours(out: &Path) -> Result<()> {
    let occupied = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !out.join("index.html").is_file() {
        bail!("{} holds other files; name an empty or new folder", out.display());
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
