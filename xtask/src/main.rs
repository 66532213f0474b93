//! The only task runner of the project: `cargo xtask serve | test | bench | build`.

mod apt;
mod bench;
mod browser;
mod budget;
mod fingerprint;
mod http;
mod package;
mod page;
mod repo;
mod serve;
mod shell;
mod site;
mod test;
mod tools;
mod vulkan;
mod wasm;

use std::num::NonZeroU16;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

const HELP: &str = "\
cargo xtask serve [--port 8080] [--no-open]   build the page and serve it on this machine
cargo xtask test [--only STEP[,STEP...]]      every test there is, or only the named steps
cargo xtask bench                             build the page and run the benchmark in a browser
cargo xtask build [--out DIR]                 static files for any web host, in dist/ or DIR";

enum Task {
    Help,
    Serve { port: u16, open: bool },
    Test { only: Vec<String> },
    Bench,
    Build { out: Option<PathBuf> },
}

fn main() -> ExitCode {
    match parse(lexopt::Parser::from_env()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Help => {
            println!("{HELP}");
            Ok(())
        }
        Task::Serve { port, open } => serve::run(port, open),
        Task::Test { only } => test::run(&only),
        Task::Bench => bench::run(),
        Task::Build { out } => site::run(out.as_deref()),
    }
}

fn parse(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut task = None;
    while let Some(argument) = arguments.next()? {
        match (argument, &mut task) {
            (Short('h') | Long("help"), _) => return Ok(Task::Help),
            (Value(name), None) => {
                task = Some(match name.to_string_lossy().as_ref() {
                    "help" => Task::Help,
                    "serve" => Task::Serve { port: 8080, open: true },
                    "test" => Task::Test { only: Vec::new() },
                    "bench" => Task::Bench,
                    "build" => Task::Build { out: None },
                    other => bail!("there is no task `{other}`\n\n{HELP}"),
                });
            }
            (Long("port"), Some(Task::Serve { port, .. })) => {
                // Port 0 would mean any port, and then the next call would be somewhere else.
                let number: Option<NonZeroU16> = arguments.value()?.parse().ok();
                *port = number.context("--port takes a number from 1 to 65535")?.get();
            }
            (Long("no-open"), Some(Task::Serve { open, .. })) => *open = false,
            (Long("only"), Some(Task::Test { only })) => {
                let names = arguments.value()?.string()?;
                only.extend(names.split(',').map(str::to_owned));
            }
            // Relative to where the person stands, not to the repository.
            (Long("out"), Some(Task::Build { out })) => {
                *out = Some(std::path::absolute(PathBuf::from(arguments.value()?))?);
            }
            (argument, _) => bail!("{}\n\n{HELP}", argument.unexpected()),
        }
    }
    Ok(task.unwrap_or(Task::Help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(arguments: &[&str]) -> Result<Task> {
        parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn options_belong_to_their_task() {
        assert!(matches!(
            task(&["serve", "--port", "9000", "--no-open"]),
            Ok(Task::Serve { port: 9000, open: false })
        ));
        assert!(matches!(task(&[]), Ok(Task::Help)));
        assert!(task(&["build", "--port", "9000"]).is_err());
        assert!(task(&["serve", "--port", "70000"]).is_err());
        assert!(task(&["serve", "--port", "0"]).is_err());
        assert!(task(&["deploy"]).is_err());
    }
}
