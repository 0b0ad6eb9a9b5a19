//! `sfn-testkit lint`: what is wrong with definitions, wherever they are written.

mod arguments;
mod candidate;
mod check;
mod collect;
mod finding;
mod flatten;
mod json_report;
mod lint_files;
mod placeholder;
mod sarif;
mod template;
mod text_report;

pub(super) use arguments::{Kind, LintArguments};
pub(super) use candidate::Candidate;
pub(super) use check::check;
pub(super) use collect::candidates;
pub(super) use finding::Severity;
pub(super) use lint_files::lint;
#[cfg(feature = "fuzzing")]
pub(crate) use lint_files::lint_text;
pub(super) use text_report::rendered;
