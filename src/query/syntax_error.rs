//! Why a text of a definition is no path, reference path or intrinsic call.

/// A text that is no path, template or intrinsic call of the language we run.
///
/// The field says what is wrong, for people; AWS shows its own general sentence in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError(pub(crate) String);

impl SyntaxError {
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
