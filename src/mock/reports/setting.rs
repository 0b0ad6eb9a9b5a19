//! When pages about executions are written, and where.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Which executions of a mock have a page written about them without being asked: see [`Execution::to_html`].
///
/// Unless [`MockSfnBuilder::reports`] says otherwise, the environment variable `SFN_TESTKIT_REPORT` does: `off`, `always`,
/// or anything else for failures. Pages are in `target/sfn-testkit`, and stderr names each.
///
/// [`Execution::to_html`]: crate::Execution::to_html
/// [`MockSfnBuilder::reports`]: crate::MockSfnBuilder::reports
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    pub(super) when: When,
    /// `None`: where the tests' target folder is.
    pub(super) folder: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Never,
    Failed,
    Always,
}

pub(super) const VARIABLE: &str = "SFN_TESTKIT_REPORT";

impl Reports {
    /// No pages.
    #[must_use]
    pub const fn off() -> Self {
        Self { when: When::Never, folder: None }
    }

    /// A page about an execution when an assertion on it does not hold, and about all executions of a mock that is
    /// dropped by a test that panics.
    #[must_use]
    pub const fn of_failures() -> Self {
        Self { when: When::Failed, folder: None }
    }

    /// A page about every execution, when the mock is dropped.
    #[must_use]
    pub const fn always() -> Self {
        Self { when: When::Always, folder: None }
    }

    /// The same, in this folder.
    #[must_use]
    pub fn within(self, folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..self }
    }

    pub(super) fn read(variable: Option<&OsStr>) -> Self {
        match variable.and_then(OsStr::to_str) {
            Some("off" | "0") => Self::off(),
            Some("always") => Self::always(),
            Some(_) | None => Self::of_failures(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_says_when() {
        for (value, expected) in [
            (None, Reports::of_failures()),
            (Some(""), Reports::of_failures()),
            (Some("on"), Reports::of_failures()),
            (Some("off"), Reports::off()),
            (Some("0"), Reports::off()),
            (Some("always"), Reports::always()),
        ] {
            assert_eq!(Reports::read(value.map(OsStr::new)), expected, "{value:?}");
        }
    }
}
