//! The table that a run leaves behind.

use std::path::{Path, PathBuf};

use identity_lab::error::{LabError, Result};
use identity_lab::images::{ImageExperiment, Trainer};
use serde::{Deserialize, Serialize};

use super::files;

/// What was found when the network was tested.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// Steps made.
    pub step: u64,
    /// Mean cross-entropy of the minibatches since the row before, in nats.
    pub loss: f64,
    /// Share of their images that were classified wrongly, cropped and mirrored as they were trained on.
    pub train_error: f64,
    /// Mean cross-entropy of all test images, in nats.
    pub test_loss: f64,
    /// Share of all test images that were classified wrongly.
    pub test_error: f64,
    /// η of the last step.
    pub learning_rate: f64,
    /// Images trained on by second, tests not counted.
    pub images_per_second: f64,
}

const COLUMNS: &str = "step,loss,trainError,testLoss,testError,learningRate,imagesPerSecond";

impl Row {
    /// The row in words.
    pub fn sentence(&self) -> String {
        format!(
            "step {}: loss {:.4}, training error {:.2} %, test error {:.2} %, {:.0} images/s",
            self.step,
            self.loss,
            100.0 * self.train_error,
            100.0 * self.test_error,
            self.images_per_second
        )
    }

    fn to_csv(&self) -> String {
        let Self { step, loss, train_error, test_loss, test_error, learning_rate, images_per_second } = self;
        format!("{step},{loss},{train_error},{test_loss},{test_error},{learning_rate},{images_per_second}\n")
    }

    fn from_csv(line: &str) -> Option<Self> {
        let mut cells = line.split(',');
        let step = cells.next()?.parse().ok()?;
        let mut next = || cells.next()?.parse().ok();
        Some(Self {
            step,
            loss: next()?,
            train_error: next()?,
            test_loss: next()?,
            test_error: next()?,
            learning_rate: next()?,
            images_per_second: next()?,
        })
    }
}

/// All that a JSON record holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Table {
    experiment: ImageExperiment,
    images: String,
    device: String,
    rows: Vec<Row>,
}

/// A record being kept; the file is whole after every row.
pub struct Record {
    path: PathBuf,
    csv: bool,
    table: Option<Table>,
}

impl Record {
    /// A record in that file, whose name says its format.
    pub fn new(path: &Path) -> Result<Self> {
        let csv = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => true,
            Some("json") => false,
            _ => {
                let message = "a record's name ends in .json or .csv";
                return Err(LabError::file(path.display().to_string(), message));
            }
        };
        Ok(Self { path: path.to_owned(), csv, table: None })
    }

    /// Begins the table; a resumed run keeps the rows up to where it goes on.
    pub fn begin(&mut self, trainer: &Trainer, device: &str, resume: bool) -> Result<()> {
        let mut rows = if resume && self.path.exists() { self.read()? } else { Vec::new() };
        rows.retain(|row| row.step <= trainer.steps_made());
        self.table = Some(Table {
            experiment: trainer.experiment().clone(),
            images: trainer.images().name.clone(),
            device: device.to_owned(),
            rows,
        });
        self.write()
    }

    /// One more row.
    pub fn push(&mut self, row: Row) -> Result<()> {
        if let Some(table) = &mut self.table {
            table.rows.push(row);
        }
        self.write()
    }

    fn read(&self) -> Result<Vec<Row>> {
        let damaged = || {
            let message =
                "it is no record of this program, so the rows before cannot be kept: name another file";
            LabError::file(self.path.display().to_string(), message)
        };
        let text = files::text(&self.path)?;
        if !self.csv {
            return serde_json::from_str(&text).map(|table: Table| table.rows).map_err(|_| damaged());
        }
        let lines = text.strip_prefix(COLUMNS).ok_or_else(damaged)?;
        let lines = lines.lines().filter(|line| !line.is_empty());
        lines.map(|line| Row::from_csv(line).ok_or_else(damaged)).collect()
    }

    fn write(&self) -> Result<()> {
        let Some(table) = &self.table else { return Ok(()) };
        let text = if self.csv {
            let rows = table.rows.iter().map(Row::to_csv);
            std::iter::once(format!("{COLUMNS}\n")).chain(rows).collect()
        } else {
            serde_json::to_string_pretty(table)
                .map_err(|error| LabError::file(self.path.display().to_string(), error.to_string()))?
        };
        files::replace(&self.path, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_both_formats() {
        let row = Row {
            step: 100,
            loss: 0.1,
            train_error: 0.25,
            test_loss: 1.0 / 3.0,
            test_error: 0.125,
            learning_rate: 0.05,
            images_per_second: 1234.5,
        };
        assert_eq!(Row::from_csv(row.to_csv().trim_end()), Some(row.clone()));
        assert_eq!(COLUMNS.split(',').count(), row.to_csv().split(',').count());
        let json = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&json).unwrap(), row);
        assert!(COLUMNS.split(',').all(|column| json.contains(&format!("\"{column}\":"))));
        assert_eq!(Row::from_csv("1,2,3"), None);
    }
}
