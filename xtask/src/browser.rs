//! A Chromium for the end-to-end tests and the benchmark.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::{ask, command, run};
use crate::{apt, repo};

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// The browser's executable: `CHROME_PATH`, an installed one, or one installed now. The page's packages
/// must be there, since Playwright is one of them.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROME_PATH").map(PathBuf::from) {
        if !starts(&path) {
            bail!("CHROME_PATH is set to {}, which does not start as a browser", path.display());
        }
        return Ok(path);
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    println!("    no Chrome or Chromium found, installing one");
    let mut reasons = Vec::new();
    for install in [download, install_package] {
        match install() {
            Ok(()) => match find() {
                Some(path) => return Ok(path),
                None => reasons.push("what was installed does not start".into()),
            },
            Err(error) => reasons.push(format!("{error:#}")),
        }
    }
    bail!(
        "the page is tested in a real Chromium and there is none ({}); install it with `apt-get install chromium` \
         or `node www/node_modules/playwright-core/cli.js install chromium`, or set CHROME_PATH to a Chrome or \
         Chromium executable",
        reasons.join("; ")
    )
}

fn find() -> Option<PathBuf> {
    on_path().into_iter().chain(usual_places()).chain(downloaded()).find(|path| starts(path))
}

fn on_path() -> Vec<PathBuf> {
    let Some(path) = env::var_os("PATH") else { return Vec::new() };
    env::split_paths(&path)
        .flat_map(|folder| NAMES.map(|name| folder.join(name).with_extension(env::consts::EXE_EXTENSION)))
        .collect()
}

fn usual_places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if cfg!(target_os = "macos") {
        for app in ["Google Chrome", "Chromium"] {
            let inside = format!("Applications/{app}.app/Contents/MacOS/{app}");
            places.push(Path::new("/").join(&inside));
            places.extend(env::var_os("HOME").map(|home| Path::new(&home).join(&inside)));
        }
    }
    if cfg!(windows) {
        for variable in ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"] {
            if let Some(folder) = env::var_os(variable) {
                places.push(Path::new(&folder).join(r"Google\Chrome\Application\chrome.exe"));
                places.push(Path::new(&folder).join(r"Chromium\Application\chrome.exe"));
            }
        }
    }
    places
}

/// Where Playwright keeps the browser it downloaded, if it has.
fn downloaded() -> Option<PathBuf> {
    let script = "console.log(require('playwright-core').chromium.executablePath())";
    ask(command("node").current_dir(repo::www()).args(["-e", script])).map(PathBuf::from)
}

/// Whether the file is a browser that this machine can run: Ubuntu's package is a stub without snap, and
/// a download may lack system libraries.
fn starts(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    // On Windows, Chrome answers --version by opening a window.
    cfg!(windows) || ask(command(&path.to_string_lossy()).arg("--version")).is_some()
}

fn download() -> Result<()> {
    let cli = repo::www().join("node_modules/playwright-core/cli.js");
    let playwright = |arguments: &[&str]| {
        let mut node = command("node");
        // Playwright tries several mirrors several times; a machine without a way out should know soon.
        node.env("PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT", "10000").arg(&cli).args(arguments);
        node
    };
    run(&mut playwright(&["install", "--no-shell", "chromium"])).context("Playwright's download failed")?;
    if find().is_none() && cfg!(target_os = "linux") && apt::is_root() {
        run(&mut playwright(&["install-deps", "chromium"])).context("its system libraries are missing")?;
    }
    Ok(())
}

/// With fonts, which the package only recommends: without any, text is drawn as empty boxes.
fn install_package() -> Result<()> {
    apt::install(&["chromium", "fonts-liberation"]).context("apt's package was not installed")
}
