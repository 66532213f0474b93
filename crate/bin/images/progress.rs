//! How far a run is: a bar on a terminal, and lines only where there is none.

use std::io::IsTerminal;

use identity_lab::images::Trainer;
use indicatif::{ProgressBar, ProgressStyle};

/// Says how far a run is, on standard error.
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// The progress of a run from where it stands.
    pub fn new(trainer: &Trainer) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let template = "{bar:30} step {pos} of {len}, {eta} left, {msg}";
            let style = ProgressStyle::with_template(template);
            let bar = ProgressBar::new(trainer.experiment().training.steps)
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                .with_position(trainer.steps_made());
            bar.reset_eta();
            bar
        });
        Self { bar }
    }

    /// Moves the bar.
    pub fn show(&self, step: u64, loss: f64) {
        if let Some(bar) = &self.bar {
            bar.set_position(step);
            bar.set_message(format!("loss {loss:.4}"));
        }
    }

    /// A line that stays.
    pub fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => eprintln!("{line}"),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
