//! `identity-lab images`: trains a network of the paper's §4 without a browser.

mod device;
mod files;
mod progress;
mod record;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use identity_lab::data::images::{ImageOptions, Images, read_path};
use identity_lab::engine::burn::Place;
use identity_lab::error::{LabError, Result};
use identity_lab::images::{ImageExperiment, ImagePreset, Subset, Tally, Trainer};

use self::device::DeviceName;
use self::progress::Progress;
use self::record::{Record, Row};

/// What is asked for.
#[derive(clap::Args)]
pub struct Arguments {
    /// Folder or file with the images: MNIST and what else is in its format (IDX), CIFAR-10 or CIFAR-100 (binary version),
    /// or pictures (PNG, JPEG) in a folder for each class; loose, as .gz or as .tar.gz.
    #[arg(long)]
    data: PathBuf,
    /// Pixels a side that pictures of a folder are resized to, 8 to 64.
    #[arg(long, default_value_t = 32)]
    side: usize,
    /// digits, middle, paper-cifar10 or paper-cifar100.
    #[arg(long, default_value = "digits")]
    preset: ImagePreset,
    /// A file with an experiment as JSON, or a figure of one as the page saves it, in place of a preset.
    #[arg(long, conflicts_with = "preset")]
    experiment: Option<PathBuf>,
    /// Steps after which the run is over, in place of the preset's.
    #[arg(long)]
    steps: Option<u64>,
    /// Seed of all random numbers, in place of the preset's.
    #[arg(long)]
    seed: Option<u32>,
    /// cpu (the processor), flex (the same by burn, slower: the reference), wgpu, cuda or metal; the last three where the
    /// program was built with them.
    #[arg(long, default_value = "cpu")]
    device: DeviceName,
    /// File that everything is kept in, to go on from.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Go on from the checkpoint.
    #[arg(long, requires = "checkpoint")]
    resume: bool,
    /// Table of losses and errors by step, as .json or .csv.
    #[arg(long)]
    record: Option<PathBuf>,
    /// Steps between two tests, each of which adds a row to the record.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    test_every: u64,
    /// Seconds between two checkpoints, each of which comes after a test.
    #[arg(long, default_value_t = 60)]
    checkpoint_every: u64,
}

/// How long the device may be busy before progress is shown again.
const GLIMPSE: Duration = Duration::from_millis(500);

/// Trains to the end of the experiment, or until the loss is no number any more.
pub async fn train(arguments: &Arguments) -> Result<()> {
    let mut record = arguments.record.as_deref().map(Record::new).transpose()?;
    let images = Arc::new(read_path(&arguments.data, ImageOptions { side: arguments.side })?);
    let mut trainer = trainer(arguments, &images)?;
    if let Some(record) = &mut record {
        record.begin(&trainer, arguments.device.name(), arguments.resume)?;
    }
    let progress = Progress::new(&trainer);
    progress.say(&format!(
        "{} images to train on, {} to test on, {} classes; {} convolutions with {} weights; device {}",
        images.train.len(),
        images.test.len(),
        images.classes.len(),
        trainer.shape().convolutions(),
        trainer.shape().convolution_weights(),
        arguments.device.name(),
    ));
    let mut kept_at = Instant::now();
    let mut chunk = 1;
    while !trainer.is_over() {
        let first = trainer.steps_made();
        let (mut busy, mut loss, mut error) = (Duration::ZERO, 0.0, 0.0);
        // Up to the next step that is a multiple of `test_every`, so that a resumed run tests where the other did.
        let until = (first / arguments.test_every + 1) * arguments.test_every;
        while trainer.steps_made() < until && !trainer.is_over() {
            let began = Instant::now();
            let left = u32::try_from(until - trainer.steps_made()).unwrap_or(u32::MAX);
            let records = trainer.step(chunk.min(left)).await?;
            let took = began.elapsed();
            busy += took;
            chunk = if took < GLIMPSE / 2 { chunk.saturating_mul(2).min(256) } else { chunk };
            chunk = if took > GLIMPSE { (chunk / 2).max(1) } else { chunk };
            // One by one: the sum must not depend on how many steps came back together.
            for record in &records {
                loss += record.loss;
                error += record.error;
            }
            if let Some(last) = records.last() {
                progress.show(trainer.steps_made(), last.loss);
            }
            if let Some(step) = trainer.diverged_at() {
                progress.finish();
                let message =
                    format!("the loss of step {step} is no finite number: a lower learning rate may help");
                return Err(LabError::field("training.learningRate", message));
            }
        }
        let steps = (trainer.steps_made() - first) as f64;
        let test = evaluate(&trainer, Subset::Test).await?;
        let row = Row {
            step: trainer.steps_made(),
            loss: loss / steps,
            train_error: error / steps,
            test_loss: test.mean_loss(),
            test_error: test.error(),
            learning_rate: trainer.learning_rate_at(trainer.steps_made() - 1),
            images_per_second: steps * trainer.experiment().training.batch as f64 / busy.as_secs_f64(),
        };
        progress.say(&row.sentence());
        if let Some(record) = &mut record {
            record.push(row)?;
        }
        // Only here, where a row has been written: one that is resumed from then misses no step of the next row's means.
        if kept_at.elapsed() >= Duration::from_secs(arguments.checkpoint_every) {
            keep(arguments, &trainer).await?;
            kept_at = Instant::now();
        }
    }
    keep(arguments, &trainer).await?;
    progress.finish();
    let train = evaluate(&trainer, Subset::Train).await?;
    let test = evaluate(&trainer, Subset::Test).await?;
    eprintln!(
        "after {} steps, images as they are: training error {:.2} %, test error {:.2} % ({} of {})",
        trainer.steps_made(),
        100.0 * train.error(),
        100.0 * test.error(),
        test.wrong(),
        test.images()
    );
    Ok(())
}

/// A new run, or the one that the checkpoint holds.
fn trainer(arguments: &Arguments, images: &Arc<Images>) -> Result<Trainer> {
    let device = arguments.device.open()?;
    if let Some(path) = arguments.checkpoint.as_deref() {
        match (path.exists(), arguments.resume) {
            (true, true) => return resumed(arguments, path, images, device),
            (true, false) => {
                let message =
                    "there is a checkpoint already: go on from it with --resume, or name another file";
                return Err(LabError::file(path.display().to_string(), message));
            }
            (false, true) => eprintln!("{}: no checkpoint yet, so this begins at step 0", path.display()),
            (false, false) => {}
        }
    }
    let mut experiment = match &arguments.experiment {
        Some(path) => ImageExperiment::from_file(&files::text(path)?)?,
        None => arguments.preset.experiment(),
    };
    experiment.training.steps = arguments.steps.unwrap_or(experiment.training.steps);
    experiment.seed = arguments.seed.unwrap_or(experiment.seed);
    Trainer::new(experiment, images.clone(), device)
}

fn resumed(arguments: &Arguments, path: &Path, images: &Arc<Images>, device: Place) -> Result<Trainer> {
    let named = |error: LabError| match error {
        LabError::File { message, .. } => LabError::file(path.display().to_string(), message),
        other => other,
    };
    let mut trainer = Trainer::load(&files::bytes(path)?, images.clone(), device).map_err(named)?;
    if let Some(steps) = arguments.steps {
        trainer.set_steps(steps)?;
    }
    eprintln!(
        "{}: goes on after step {}; steps that were made after that are made again",
        path.display(),
        trainer.steps_made()
    );
    Ok(trainer)
}

async fn keep(arguments: &Arguments, trainer: &Trainer) -> Result<()> {
    match &arguments.checkpoint {
        Some(path) => files::replace(path, &trainer.save().await?),
        None => Ok(()),
    }
}

/// How the network does on a whole set.
async fn evaluate(trainer: &Trainer, subset: Subset) -> Result<Tally> {
    let mut tally = Tally::new(trainer.shape().classes);
    let count = trainer.set(subset).len();
    for first in (0..count).step_by(1024) {
        tally.add(&trainer.evaluate(subset, first, 1024).await?);
    }
    Ok(tally)
}
