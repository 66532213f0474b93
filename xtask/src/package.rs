//! The npm package of the library, for other people's bundlers and pages.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::fingerprint::{Fingerprint, unless_unchanged};
use crate::repo;
use crate::shell::{npm, run, step};

/// What is packed, or decides how.
const INPUTS: [&str; 8] = [
    "README.md",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.package.config.ts",
    "messages",
    "src",
    "story",
];

/// Packs it into target/package/ unless nothing changed. The WebAssembly modules and the packages must be there.
pub fn build() -> Result<()> {
    let www = repo::www();
    let mut inputs = Fingerprint::default();
    for path in INPUTS {
        inputs.path(&www.join(path))?;
    }
    let folder = repo::root().join("target").join("package");
    let worked = unless_unchanged("package", &inputs, std::slice::from_ref(&folder), || {
        // One of an earlier version would lie beside the new one.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
        step("Package: npm pack", || {
            run(npm(&www).args(["pack", "--silent", "--pack-destination"]).arg(&folder))
        })?;
        if fs::read_dir(&folder)?.next().is_none() {
            bail!("npm left no package in {}", folder.display());
        }
        Ok(())
    })?;
    if !worked {
        println!("    package: unchanged");
    }
    Ok(())
}
