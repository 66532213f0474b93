//! `cargo xtask bench`: this lab and its peers at the same work, in one Chromium.

use anyhow::Result;

use crate::shell::{self, command, step};
use crate::{browser, page, repo, site};

pub fn run() -> Result<()> {
    site::build()?;
    let bench = repo::www().join("bench");
    page::install("the benchmark", &bench)?;
    let chrome = step("Browser", browser::ensure)?;
    step("Benchmark", || shell::run(command("node").arg(bench.join("run.mjs")).env("CHROME_PATH", chrome)))
}
