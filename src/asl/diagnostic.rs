//! What is wrong with a definition, where, in AWS's words.

use std::fmt;

/// Why a definition is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DefinitionError {
    /// It breaks the rules of the language.
    Invalid(Vec<Diagnostic>),
    /// It is fine, but uses something we do not emulate yet: `feature`, at a place such as `/States/Pay`.
    NotEmulated { feature: String, location: String },
    /// It is fine, but needs a part of the crate that this build leaves out, for something at a place.
    NeedsFeature { feature: &'static str, location: String },
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(crate) code: DiagnosticCode,
    pub(crate) message: String,
    /// A place such as `/States/Pay/Retry[0]`, or Jackson's `[Source: …]`; `None` for an empty definition.
    pub(crate) location: Option<String>,
}

/// The codes that AWS gives its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DiagnosticCode {
    InvalidJsonDescription,
    SchemaValidationFailed,
    MissingTransitionTarget,
    MissingEndState,
    DuplicateStateName,
    InvalidStateName,
    DuplicateLabelName,
    InvalidLabelName,
    TooDeeplyNested,
    // These only warn.
    NoDollar,
    NoPath,
    PassResultIsStatic,
}

impl DiagnosticCode {
    /// Those that refuse a definition.
    pub(crate) const ERRORS: &'static [Self] = &[
        Self::InvalidJsonDescription,
        Self::SchemaValidationFailed,
        Self::MissingTransitionTarget,
        Self::MissingEndState,
        Self::DuplicateStateName,
        Self::InvalidStateName,
        Self::DuplicateLabelName,
        Self::InvalidLabelName,
        Self::TooDeeplyNested,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Self::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Self::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Self::MissingEndState => "MISSING_END_STATE",
            Self::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Self::InvalidStateName => "INVALID_STATE_NAME",
            Self::DuplicateLabelName => "DUPLICATE_LABEL_NAME",
            Self::InvalidLabelName => "INVALID_LABEL_NAME",
            Self::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Self::NoDollar => "NO_DOLLAR",
            Self::NoPath => "NO_PATH",
            Self::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
        }
    }
}

/// `SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)?;
        match &self.location {
            Some(location) if self.code != DiagnosticCode::InvalidJsonDescription => {
                write!(f, " at {location}")
            }
            Some(_) | None => Ok(()),
        }
    }
}
