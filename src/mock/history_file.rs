//! Executions from files: histories that somebody saved.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::assertion::{Execution, Style};
use crate::model::InvalidHistory;

impl Execution {
    /// The execution of a history in a file, such as one from AWS:
    ///
    /// ```sh
    /// aws stepfunctions get-execution-history --execution-arn arn:aws:states:… > tests/history.json
    /// ```
    ///
    /// See [`from_history_json`](Self::from_history_json) for what the file may hold.
    ///
    /// # Errors
    /// If the file cannot be read, or holds no such history.
    pub fn from_history_file(path: impl AsRef<Path>) -> Result<Self, HistoryFileError> {
        let path = path.as_ref();
        let failed = |why| HistoryFileError { path: path.to_owned(), why };
        let text = std::fs::read_to_string(path).map_err(|error| failed(Why::Unreadable(error)))?;
        let execution = Self::from_history_json(&text).map_err(|invalid| failed(Why::Invalid(invalid)))?;
        Ok(execution.with_style(Style::of_terminal()))
    }
}

/// Why a file gives no history, in a sentence that names the file.
#[derive(Debug)]
pub struct HistoryFileError {
    path: PathBuf,
    why: Why,
}

#[derive(Debug)]
enum Why {
    Unreadable(std::io::Error),
    Invalid(InvalidHistory),
}

impl fmt::Display for HistoryFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.why {
            Why::Unreadable(error) => write!(f, "{path} cannot be read: {error}"),
            Why::Invalid(invalid) => write!(f, "{path} holds no history of an execution: {invalid}"),
        }
    }
}

impl std::error::Error for HistoryFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.why {
            Why::Unreadable(error) => Some(error),
            Why::Invalid(invalid) => Some(invalid),
        }
    }
}
