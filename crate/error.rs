//! The one error type: every message is a sentence that a student understands.

use thiserror::Error;

/// What went wrong, in words meant for the person who caused or met it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LabError {
    /// A value of an experiment is missing, of the wrong shape, or out of range.
    #[error("{field}: {message}")]
    Field {
        /// Path of the offending field in the experiment's JSON, such as `network.width`.
        field: String,
        /// What is wrong and what is allowed.
        message: String,
    },
    /// An engine cannot be used here, or stopped working.
    #[error("the {engine} engine cannot go on: {message}")]
    Engine {
        /// Name of the engine.
        engine: &'static str,
        /// What the engine reported.
        message: String,
    },
    /// A file could not be understood.
    #[error("{file}: {message}")]
    File {
        /// Name of the file.
        file: String,
        /// What is wrong with it.
        message: String,
    },
}

impl LabError {
    /// An error about one field of an experiment.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { field: field.into(), message: message.into() }
    }

    /// An error of an engine.
    pub fn engine(engine: &'static str, message: impl Into<String>) -> Self {
        Self::Engine { engine, message: message.into() }
    }

    /// An error in a file.
    pub fn file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::File { file: file.into(), message: message.into() }
    }

    /// The field that the error is about, if it is about one.
    pub fn field_name(&self) -> Option<&str> {
        match self {
            Self::Field { field, .. } => Some(field),
            _ => None,
        }
    }
}

/// A result whose error is a [`LabError`].
pub type Result<T> = std::result::Result<T, LabError>;
