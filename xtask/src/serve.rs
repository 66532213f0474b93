//! `cargo xtask serve`: build what has changed, serve it on this machine, open the browser.

use std::env;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::shell::{ask, command};
use crate::{http, repo, site};

pub fn run(port: u16, open: bool) -> Result<()> {
    let start = Instant::now();
    site::build()?;
    let (found, listeners) = http::listen(port).with_context(|| {
        format!("no free port from {port} on; name another with `cargo xtask serve --port PORT`")
    })?;
    if found != port {
        println!("\n    port {port} is taken, using {found}");
    }
    let address = format!("http://localhost:{found}");
    println!("\nIdentity Lab is on {address} after {:.1} s (Ctrl-C ends it)", start.elapsed().as_secs_f64());
    if open && !open_browser(&address) {
        println!("    no browser could be opened from here; open {address} yourself");
    }
    http::serve(listeners, &repo::dist());
    Ok(())
}

fn open_browser(address: &str) -> bool {
    if cfg!(target_os = "macos") {
        ask(command("open").arg(address)).is_some()
    } else if cfg!(windows) {
        ask(command("cmd").args(["/C", "start", "", address])).is_some()
    } else {
        // Without a display, xdg-open starts a text browser that takes the terminal over.
        let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some());
        has_display && ask(command("xdg-open").arg(address)).is_some()
    }
}
