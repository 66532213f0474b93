//! How many bytes a visitor downloads, compressed, before the page works; and the limits on that.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};

const CORE_WASM: u64 = 370_000;
const FIRST_LOAD: u64 = 600_000;
/// Core wasm and its bindings, by how their file names begin.
const ENGINE: &str = "core";
/// Where people arrive: the first chapter, and the lab.
const PAGES: [&str; 2] = ["index.html", "lab.html"];

/// Prints the sizes of the built pages and fails when one is over its limit.
pub fn check(dist: &Path) -> Result<()> {
    PAGES.iter().try_for_each(|page| check_page(dist, page))
}

fn check_page(dist: &Path, page: &str) -> Result<()> {
    let files = first_load(dist, page)?;
    println!("    {page}:");
    let mut total = 0;
    let mut core = 0;
    for file in &files {
        let size = gzip_size(&fs::read(file)?)?;
        println!("    {size:>9}  {}", file.strip_prefix(dist).unwrap_or(file).display());
        total += size;
        if is_wasm(file) {
            core += size;
        }
    }
    if core == 0 {
        bail!("the built page loads no core wasm");
    }
    println!("    core wasm  {core} of {CORE_WASM} bytes, gzip");
    println!("    first load {total} of {FIRST_LOAD} bytes, gzip");
    if core > CORE_WASM {
        bail!("core wasm is {core} bytes compressed, more than its budget of {CORE_WASM}");
    }
    if total > FIRST_LOAD {
        bail!("the first load is {total} bytes compressed, more than its budget of {FIRST_LOAD}");
    }
    Ok(())
}

/// Bytes of a file as a web host that compresses sends it.
pub fn gzip_size(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// A page, what it names, and from there what scripts and styles need at once: static imports,
/// workers, core wasm with its bindings, fonts. What is imported only on demand does not count.
fn first_load(dist: &Path, page: &str) -> Result<BTreeSet<PathBuf>> {
    let mut all = Vec::new();
    list(dist, &mut all).with_context(|| format!("could not read {}", dist.display()))?;
    let page = dist.join(page);
    let mut found = BTreeSet::from([page.clone()]);
    let mut open = vec![page];
    while let Some(file) = open.pop() {
        let kind = extension(&file);
        if !["html", "js", "css"].contains(&kind) {
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        for other in &all {
            if !found.contains(other) && needs(kind, &text, other) {
                found.insert(other.clone());
                open.push(other.clone());
            }
        }
    }
    Ok(found)
}

/// Whether a file of the given kind loads the other file without being asked. Names in a build carry
/// hashes, so a name found in a text means that file.
fn needs(kind: &str, text: &str, other: &Path) -> bool {
    // Other pages are only links.
    if extension(other) == "html" {
        return false;
    }
    let name = other.file_name().unwrap_or_default().to_string_lossy();
    text.match_indices(name.as_ref()).any(|(at, _)| {
        if kind != "js" {
            return true;
        }
        if name.starts_with(ENGINE) {
            return true;
        }
        let Some(quote) = text[..at].rfind(['"', '\'', '`']) else { return false };
        let before = text[..quote].trim_end();
        let is_import = before.ends_with("from") || before.ends_with("import");
        let is_worker = before.ends_with("new URL(") && extension(other) == "js";
        is_import || is_worker
    })
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn is_wasm(path: &Path) -> bool {
    extension(path) == "wasm"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_what_is_loaded_at_once_and_nothing_else() {
        let dist = std::env::temp_dir().join(format!("identity-lab-{}-budget", std::process::id()));
        let assets = dist.join("assets");
        let _ = fs::remove_dir_all(&dist);
        fs::create_dir_all(&assets).unwrap();
        let write = |name: &str, text: &str| fs::write(assets.join(name), text).unwrap();
        for page in PAGES {
            let text = r#"<script type="module" src="./assets/index-a1.js"></script>
                <link rel="stylesheet" href="./assets/index-b2.css"><a href="./lab.html">the lab</a>"#;
            fs::write(dist.join(page), text).unwrap();
        }
        write(
            "index-a1.js",
            r#"import{a}from"./shared-c3.js";import"./side-d4.js";const d=["./lazy-e5.js"];
               const l=()=>import("./lazy-e5.js"),w=new Worker(new URL("worker-f6.js",import.meta.url)),
               v=""+new URL("vectors-g7.json",import.meta.url).href"#,
        );
        write("index-b2.css", "@font-face{src:url(./font-h8.woff2)}");
        write("worker-f6.js", r#"const u="core_bg-i9.wasm";import("./core-j0.js")"#);
        for name in ["shared-c3.js", "side-d4.js", "lazy-e5.js", "vectors-g7.json", "font-h8.woff2"] {
            write(name, "");
        }
        write("core_bg-i9.wasm", "");
        write("core-j0.js", "");
        let found: Vec<String> = first_load(&dist, "index.html")
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            found,
            [
                "core-j0.js",
                "core_bg-i9.wasm",
                "font-h8.woff2",
                "index-a1.js",
                "index-b2.css",
                "shared-c3.js",
                "side-d4.js",
                "worker-f6.js",
                "index.html"
            ]
        );
        assert!(check(&dist).is_ok());
        // Noise does not compress: over the budget of core wasm, then over that of the first load.
        let mut state = 1_u64;
        let mut noise = |count: u64| -> Vec<u8> {
            (0..count)
                .map(|_| {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 56) as u8
                })
                .collect()
        };
        fs::write(assets.join("core_bg-i9.wasm"), noise(CORE_WASM + 1)).unwrap();
        assert!(check(&dist).unwrap_err().to_string().contains("core wasm"));
        fs::write(assets.join("core_bg-i9.wasm"), noise(CORE_WASM - 9_000)).unwrap();
        assert!(check(&dist).is_ok());
        fs::write(assets.join("font-h8.woff2"), noise(FIRST_LOAD - CORE_WASM)).unwrap();
        assert!(check(&dist).is_ok());
        fs::write(assets.join("font-h8.woff2"), noise(FIRST_LOAD - CORE_WASM + 12_000)).unwrap();
        assert!(check(&dist).unwrap_err().to_string().contains("first load"));
        fs::remove_dir_all(dist).unwrap();
    }
}
