//! A Vulkan adapter for the native WebGPU tests. Only Linux needs looking after: macOS has Metal and
//! Windows has DirectX 12.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::apt;
use crate::shell::{ask, command};

const INSTALL: &str = "apt-get install mesa-vulkan-drivers libvulkan1";

/// Names the adapter's driver, after having tried to install a software one where there is none.
pub fn ensure() -> Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok("the system's own graphics driver".into());
    }
    if let Some(driver) = find() {
        return Ok(driver);
    }
    println!("    no Vulkan driver found, installing Mesa's software driver");
    apt::install(&["mesa-vulkan-drivers", "libvulkan1"]).with_context(|| {
        format!("the WebGPU tests need a Vulkan driver and there is none; install one with `{INSTALL}`")
    })?;
    match find() {
        Some(driver) => Ok(driver),
        None => bail!("no Vulkan driver was found even after `{INSTALL}`"),
    }
}

fn find() -> Option<String> {
    if !has_loader() {
        return None;
    }
    let drivers = drivers();
    // A driver file says nothing about the hardware it is for: Mesa installs one for every vendor.
    let has_hardware = has_hardware();
    drivers
        .iter()
        .find(|path| is_software(path))
        .or_else(|| drivers.first().filter(|_| has_hardware))
        .map(|path| path.display().to_string())
}

fn has_loader() -> bool {
    ["/sbin/ldconfig", "/usr/sbin/ldconfig", "ldconfig"]
        .iter()
        .find_map(|program| ask(command(program).arg("-p")))
        .is_some_and(|libraries| libraries.contains("libvulkan.so.1"))
}

fn has_hardware() -> bool {
    Path::new("/dev/nvidia0").exists()
        || fs::read_dir("/dev/dri").is_ok_and(|entries| {
            entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
        })
}

fn is_software(driver: &Path) -> bool {
    let name = driver.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.contains("lvp") || name.contains("lavapipe") || name.contains("swiftshader")
}

fn drivers() -> Vec<PathBuf> {
    for variable in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        // Set, it replaces the search, as it does for the Vulkan loader.
        if let Some(paths) = env::var_os(variable) {
            return env::split_paths(&paths).filter(|path| path.exists()).collect();
        }
    }
    let mut folders: Vec<PathBuf> =
        ["/etc", "/usr/local/share", "/usr/share"].iter().map(PathBuf::from).collect();
    if let Some(home) = env::var_os("HOME") {
        folders.push(Path::new(&home).join(".local/share"));
    }
    let mut found: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder.join("vulkan/icd.d")).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_software_drivers_by_name() {
        assert!(is_software(Path::new("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json")));
        assert!(!is_software(Path::new("/usr/share/vulkan/icd.d/radeon_icd.x86_64.json")));
    }
}
