//! The native command: the same sessions as in the page, without a browser.

#[cfg(feature = "images")]
mod images;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use identity_lab::engine::EngineKind;
use identity_lab::error::{LabError, Result};
use identity_lab::experiment::Experiment;
use identity_lab::recompute::{Kind, LandscapeFile, MapFile};
use identity_lab::session::Session;
use identity_lab::verify::{Subject, concerns, verify};

/// Trains small linear residual networks and checks the engines that do it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs an experiment, or computes a landscape or a map again; the result goes to standard output as JSON,
    /// progress to standard error.
    Run {
        /// The experiment, the landscape or the map, as the page saves it.
        file: PathBuf,
        /// Steps of an experiment to make.
        #[arg(long, default_value_t = 1000)]
        steps: u32,
        /// cpu, webgpu or burn.
        #[arg(long, default_value = "cpu")]
        engine: EngineKind,
    },
    /// Trains a convolutional residual network on images; the numbers go to a file, progress to standard error.
    #[cfg(feature = "images")]
    Images(images::Arguments),
    /// Checks the engines against files of reference values.
    Verify {
        /// Folder with the files.
        folder: PathBuf,
        /// cpu (with the f64 mathematics), webgpu, burn, or all.
        #[arg(long, default_value = "all")]
        engine: String,
        /// Only the file of that name, such as linear_risk.
        #[arg(long)]
        only: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run { file, steps, engine } => pollster::block_on(run(&file, steps, engine)).map(|()| true),
        #[cfg(feature = "images")]
        Command::Images(arguments) => pollster::block_on(images::train(&arguments)).map(|()| true),
        Command::Verify { folder, engine, only } => pollster::block_on(check(&folder, &engine, &only)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("identity-lab: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .map_err(|error| LabError::file(path.display().to_string(), error.to_string()))
}

async fn run(path: &Path, steps: u32, engine: EngineKind) -> Result<()> {
    let text = read(path)?;
    match Kind::of(&text) {
        Some(Kind::Landscape) => return landscape(&text, engine).await,
        Some(Kind::Map) => return map(&text, engine),
        None => {}
    }
    let experiment = Experiment::from_json(&text)?;
    let mut session = Session::new(experiment).await?;
    if session.engine() != engine && session.experiment().batch.is_none() {
        session.set_engine(engine).await?;
    }
    let mut done = 0;
    while done < steps {
        let chunk = (steps - done).min((steps / 20).max(1));
        session.step(chunk).await?;
        done += chunk;
        let frame = session.frame();
        if let Some(notice) = &frame.notice {
            eprintln!("{notice}");
        }
        let values: Vec<String> = frame.twins.iter().map(|twin| format!("{:.6e}", twin.excess)).collect();
        eprintln!("step {done} of {steps}: excess risk {}", values.join(" and "));
    }
    let frame = session.frame();
    let mut twins = Vec::new();
    for (index, twin) in frame.twins.iter().enumerate() {
        let spectra = session.spectra(index)?;
        twins.push(serde_json::json!({
            "parametrization": session.experiment().twins[index].parametrization,
            "divergedAt": twin.diverged_at,
            "excess": twin.excess,
            "gradientNorm": twin.gradient_norm,
            "largestResidualNorm": spectra.largest_residual_norm,
            "history": {
                "steps": twin.history.steps,
                "excess": twin.history.excess,
                "gradientNorm": twin.history.gradient_norm,
            },
            "parameters": session.parameters(index)?,
        }));
    }
    let result = serde_json::json!({
        "experiment": session.experiment(),
        "engine": session.engine().name(),
        "step": frame.step,
        "floor": session.task().linear("the floor").ok().map(|problem| problem.floor),
        "twins": twins,
    });
    println!("{result}");
    Ok(())
}

async fn landscape(text: &str, engine: EngineKind) -> Result<()> {
    let found = LandscapeFile::from_json(text)?.recompute(engine).await?;
    report(found.identical, found.cells, found.largest_relative_difference, &found);
    Ok(())
}

fn map(text: &str, engine: EngineKind) -> Result<()> {
    let mut tenths = 0;
    let found = MapFile::from_json(text)?.recompute(engine, |done, cells| {
        if 10 * done / cells > tenths {
            tenths = 10 * done / cells;
            eprintln!("{done} of {cells} cells trained");
        }
    })?;
    report(found.identical, found.cells, found.largest_relative_difference, &found);
    Ok(())
}

fn report(identical: usize, cells: usize, difference: f64, found: &impl serde::Serialize) {
    eprintln!(
        "{identical} of {cells} cells are the same bits as in the file; largest relative difference {difference:.2e}"
    );
    println!("{}", serde_json::to_string(found).expect("numbers and lists can be written as JSON"));
}

async fn check(folder: &Path, engine: &str, only: &[String]) -> Result<bool> {
    let subjects: Vec<Subject> = match engine {
        "all" => {
            std::iter::once(Subject::Double).chain(EngineKind::ALL.into_iter().map(Subject::Single)).collect()
        }
        "cpu" => vec![Subject::Double, Subject::Single(EngineKind::Cpu)],
        name => vec![Subject::Single(name.parse()?)],
    };
    let entries = std::fs::read_dir(folder)
        .map_err(|error| LabError::file(folder.display().to_string(), error.to_string()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.retain(|path| only.is_empty() || only.iter().any(|name| path.file_stem() == Some(name.as_ref())));
    files.sort();
    if files.is_empty() {
        return Err(LabError::file(folder.display().to_string(), "no file of reference values found there"));
    }
    let mut all_passed = true;
    println!(
        "{:<24} {:<8} {:>6} {:>9} {:>7} {:>14} {:>10}",
        "file", "engine", "cases", "left out", "passed", "largest error", "allowed"
    );
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = read(&path)?;
        for subject in subjects.iter().filter(|subject| concerns(&name, **subject)) {
            match verify(&name, &text, *subject).await {
                Ok(report) => {
                    all_passed &= report.passed();
                    println!(
                        "{:<24} {:<8} {:>6} {:>9} {:>7} {:>14.2e} {:>10.0e}",
                        name,
                        report.engine,
                        report.cases,
                        report.left_out,
                        report.passes,
                        report.largest_error,
                        report.tolerance
                    );
                }
                Err(error) => {
                    all_passed = false;
                    println!("{name:<24} {:<8} failed: {error}", subject.name());
                }
            }
        }
    }
    Ok(all_passed)
}
