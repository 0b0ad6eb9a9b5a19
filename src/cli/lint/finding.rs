//! Something to say about a definition, and where in which file.

use std::rc::Rc;

use crate::cli::source::{SourceFile, Span};

/// Errors refuse a definition; warnings do not; notes say what was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

#[derive(Debug, Clone)]
pub(in crate::cli) struct Finding {
    pub(in crate::cli) severity: Severity,
    /// AWS's, or one of [`Rule`].
    pub(in crate::cli) code: &'static str,
    pub(in crate::cli) message: String,
    pub(in crate::cli) file: Rc<SourceFile>,
    pub(in crate::cli) span: Span,
    /// The logical id of the state machine in a template.
    pub(in crate::cli) machine: Option<String>,
    /// Within the definition: `/States/Pay/Next`.
    pub(in crate::cli) location: Option<String>,
}

impl Finding {
    /// `Orders /States/Pay/Next`: the machine, the location or both; `None` for a finding about a whole file.
    pub(super) fn whereabouts(&self) -> Option<String> {
        let parts: Vec<_> =
            [&self.machine, &self.location].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// The findings that are ours and not AWS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    InvalidYaml,
    NoDefinition,
    UnreadableDefinition,
    UndefinedSubstitution,
    NotChecked,
}

impl Rule {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::InvalidYaml => "INVALID_YAML",
            Self::NoDefinition => "NO_DEFINITION",
            Self::UnreadableDefinition => "UNREADABLE_DEFINITION",
            Self::UndefinedSubstitution => "UNDEFINED_SUBSTITUTION",
            Self::NotChecked => "NOT_CHECKED",
        }
    }

    pub(super) const fn severity(self) -> Severity {
        match self {
            Self::InvalidYaml | Self::NoDefinition | Self::UnreadableDefinition => Severity::Error,
            Self::UndefinedSubstitution => Severity::Warning,
            Self::NotChecked => Severity::Note,
        }
    }

    pub(super) fn finding(self, message: String, file: &Rc<SourceFile>, span: Span) -> Finding {
        Finding {
            severity: self.severity(),
            code: self.code(),
            message,
            file: Rc::clone(file),
            span,
            machine: None,
            location: None,
        }
    }
}
