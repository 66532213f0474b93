//! Where things are.

use std::path::{Path, PathBuf};

/// The repository root.
pub fn root() -> PathBuf {
    // At run time first: a target folder shared by two clones would otherwise name the wrong one.
    let manifest = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The page's package.
pub fn www() -> PathBuf {
    root().join("www")
}

/// The built page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// What this task runner keeps from one call to the next.
pub fn cache() -> PathBuf {
    root().join("target").join("xtask")
}
