//! How a result differs from the shape of what the service answers, in AWS's words.

use std::fmt;

/// The first thing that the service would never answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mismatch {
    /// The result itself is no object.
    NoObject,
    Missing {
        field: String,
    },
    Wrong {
        field: String,
        why: Fault,
    },
    /// AWS says nothing of unknown fields; but this one is meant to be known.
    Misspelled {
        field: String,
        name: String,
    },
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NoObject,
    NoArray,
    NoText,
    NoNumber,
    NoBoolean,
    TooShort,
    TooLong,
    TooSmall,
    TooLarge,
    Unexpected,
}

impl Fault {
    const fn words(self) -> &'static str {
        match self {
            Self::NoObject => "must be an object",
            Self::NoArray => "must be an array",
            Self::NoText => "must be a string",
            Self::NoNumber => "must be a number",
            Self::NoBoolean => "must be a boolean",
            Self::TooShort => "is smaller than the minimum length",
            Self::TooLong => "exceeds the maximum length",
            Self::TooSmall => "is less than the minimum value",
            Self::TooLarge => "exceeds the maximum value",
            Self::Unexpected => "is not an expected value",
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObject => f.write_str("The result must be an object"),
            Self::Missing { field } => write!(f, "Required field '{field}' is missing"),
            Self::Wrong { field, why } => write!(f, "Field '{field}' {}", why.words()),
            Self::Misspelled { field, name } => write!(f, "Field '{field}' is spelled '{name}'"),
        }
    }
}
