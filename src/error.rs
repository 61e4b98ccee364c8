//! The one error type. Bad *data* is never an error: it becomes a counted reject with its reason.

use std::fmt;
use std::path::PathBuf;

use crate::lang::fasttext::Flaw;

/// What keeps a run from going on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A setting that can't be used.
    Config {
        /// What is wrong and what would be right.
        detail: String,
    },
    /// An input that can't be opened or read.
    Source {
        /// Path as the user gave it.
        input: String,
        /// Bytes read before it failed.
        offset: u64,
        /// What the system said.
        source: std::io::Error,
    },
    /// A model of an engine that can't be used.
    Model {
        /// The file.
        model: PathBuf,
        /// Where in the file, in bytes from its start.
        offset: u64,
        /// What is wrong there.
        detail: String,
    },
    /// An output that can't be written.
    Sink {
        /// The file or folder.
        output: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An output folder that is not what its ledger says.
    Ledger {
        /// What differs.
        detail: String,
    },
    /// Stopped by the caller.
    Interrupted,
}

/// Short for results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A configuration error.
    pub fn config(detail: impl Into<String>) -> Self {
        Self::Config { detail: detail.into() }
    }

    /// An input error at an offset.
    pub fn source(input: impl Into<String>, offset: u64, source: std::io::Error) -> Self {
        Self::Source { input: input.into(), offset, source }
    }

    /// A model that can't be used.
    pub fn model(model: impl Into<PathBuf>, flaw: Flaw) -> Self {
        Self::Model { model: model.into(), offset: flaw.offset, detail: flaw.detail }
    }

    /// An output error.
    pub fn sink(output: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Sink { output: output.into(), source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config { detail } => f.write_str(detail),
            Self::Source { input, offset: 0, source } => write!(f, "could not read {input}: {source}"),
            Self::Source { input, offset, source } => {
                write!(f, "could not read {input} after {offset} bytes: {source}")
            }
            Self::Model { model, offset, detail } => {
                write!(f, "could not use the model {}: at byte {offset}: {detail}", model.display())
            }
            Self::Sink { output, source } => write!(f, "could not write {}: {source}", output.display()),
            Self::Ledger { detail } => write!(f, "the sums do not close: {detail}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// The message tells the cause, so there is no `source` to tell it again.
impl std::error::Error for Error {}
