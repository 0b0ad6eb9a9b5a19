//! Why an assertion does not hold, as a value.

use std::error::Error;
use std::fmt;

/// Why an assertion does not hold: the text that it would have panicked with.
///
/// `Debug` gives the same text, so that a test which returns it with `?` prints it as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct AssertionFailure {
    text: String,
}

impl AssertionFailure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

impl fmt::Display for AssertionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for AssertionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for AssertionFailure {}

/// Fails the test that made an assertion which does not hold.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion that does not hold fails its test")]
pub(crate) fn fail(message: &str) -> ! {
    panic!("{message}");
}
