//! The forms that a report is written in.

use super::summary::Report;
use super::{json, junit, tap, text};

/// A form that a report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// For people: broken clauses with diff and source, those that could not run, and a summary.
    #[default]
    Text,
    /// For programs: one JSON document.
    Json,
    /// For CI servers: XML, as `JUnit` writes it.
    Junit,
    /// The Test Anything Protocol, version 14.
    Tap,
}

impl Format {
    pub(crate) const ALL: [Self; 4] = [Self::Text, Self::Json, Self::Junit, Self::Tap];

    /// As it stands on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Tap => "tap",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl Report {
    /// The whole report in one of its forms; it ends with a line break.
    #[must_use]
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => text::render(self),
            Format::Json => json::render(self),
            Format::Junit => junit::render(self),
            Format::Tap => tap::render(self),
        }
    }
}
