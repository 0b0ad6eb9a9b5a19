//! Why a mock config file is refused: every finding with its place in the file.

use std::error::Error;
use std::fmt;

/// A mock config file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MockConfigError {
    pub(super) file: String,
    pub(super) findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) place: Place,
    pub(super) message: String,
}

/// Where in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The text is not JSON from here on.
    Text { line: usize, column: usize },
    /// A JSON pointer; empty for the whole document.
    Pointer(String),
}

/// One line per finding: `mocks.json: /MockedResponses/Pay/0: has both …`.
impl fmt::Display for MockConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, Finding { place, message }) in self.findings.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            match place {
                Place::Text { line, column } => write!(f, "{}:{line}:{column}: {message}", self.file)?,
                Place::Pointer(pointer) if pointer.is_empty() => write!(f, "{}: {message}", self.file)?,
                Place::Pointer(pointer) => write!(f, "{}: {pointer}: {message}", self.file)?,
            }
        }
        Ok(())
    }
}

impl Error for MockConfigError {}
