//! What the machine must have before anything can be built: parts of the Rust toolchain, and Node.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::shell::{ask, command, run};

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: [u32; 2] = [20, 19];

/// Adds the wasm target to the toolchain where it is missing.
pub fn ensure_wasm_target() -> Result<()> {
    let sysroot = ask(command("rustc").args(["--print", "sysroot"]))
        .context("`rustc` was not found; install Rust from https://rustup.rs")?;
    if Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    run(command("rustup").args(["target", "add", WASM_TARGET])).with_context(|| {
        format!("the WebAssembly target is missing; install it with `rustup target add {WASM_TARGET}`")
    })
}

/// Adds rustfmt and Clippy where they are missing (rustup's minimal profile leaves them out).
pub fn ensure_rust_components() -> Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if ask(command("cargo").args([subcommand, "--version"])).is_none() {
            run(command("rustup").args(["component", "add", component])).with_context(|| {
                format!("{component} is missing; install it with `rustup component add {component}`")
            })?;
        }
    }
    Ok(())
}

/// The version of the compiler, as far as it decides what is built.
pub fn rustc_version() -> Result<String> {
    ask(command("rustc").arg("-vV")).context("`rustc` was not found; install Rust from https://rustup.rs")
}

/// Refuses a missing or too old Node.
pub fn require_node() -> Result<String> {
    let [major, minor] = OLDEST_NODE;
    let install = format!("install Node {major}.{minor} or newer from https://nodejs.org");
    let version =
        ask(command("node").arg("--version")).with_context(|| format!("`node` was not found; {install}"))?;
    let found = node_version(&version).ok_or_else(|| anyhow!("could not read Node's version `{version}`"))?;
    if found < OLDEST_NODE {
        bail!("Node {version} is too old; {install}");
    }
    Ok(version)
}

fn node_version(text: &str) -> Option<[u32; 2]> {
    let mut parts = text.strip_prefix('v')?.split('.');
    Some([parts.next()?.parse().ok()?, parts.next()?.parse().ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_by_number() {
        assert_eq!(node_version("v20.20.2"), Some([20, 20]));
        assert!(node_version("v20.9.0").unwrap() < OLDEST_NODE);
        assert!(node_version("v22.0.0").unwrap() > OLDEST_NODE);
        assert_eq!(node_version("20"), None);
    }
}
