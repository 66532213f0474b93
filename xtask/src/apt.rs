//! Installing packages on Debian and its kin, where that needs no password.

use std::path::Path;

use anyhow::{Result, bail};

use crate::shell::{ask, command, run};

/// Installs packages with apt-get, or says why that cannot be done from here.
pub fn install(packages: &[&str]) -> Result<()> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("there is no apt-get on this machine");
    }
    let sudo = !is_root();
    if sudo && ask(command("sudo").args(["-n", "true"])).is_none() {
        bail!("this user may not install packages without a password");
    }
    let apt = |arguments: &[&str]| {
        let mut apt = command(if sudo { "sudo" } else { "apt-get" });
        if sudo {
            apt.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-y"]).args(arguments);
        apt
    };
    run(&mut apt(&["update"]))?;
    run(apt(&["install", "--no-install-recommends"]).args(packages))
}

/// Whether this process may install packages and must start Chromium without its sandbox.
pub fn is_root() -> bool {
    ask(command("id").arg("-u")).is_some_and(|id| id == "0")
}
