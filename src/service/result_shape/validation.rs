//! How closely the result of a mocked task is looked at.

/// How closely the result of a mocked task is compared with what the service really answers.
///
/// The names and their meaning are those of `TestState`, whose `mock` has a `fieldValidationMode`; only there the
/// default is `STRICT`.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html>
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldValidation {
    /// What is there must be right, and what the service always answers must be there.
    Strict,
    /// What is there must be right.
    #[default]
    Present,
    /// Anything goes.
    None,
}
