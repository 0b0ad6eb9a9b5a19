//! Findings for programs.

use super::finding::{Finding, Severity};
use super::lint_files::Outcome;
use super::text_report::names;
use crate::model::Json;

/// `{"definitions": […], "findings": […], "errors": 1, "warnings": 0}`; lines and columns count from 1, columns in
/// characters, and the end is the place behind the last character.
pub(super) fn of(outcome: &Outcome) -> Json {
    let definitions = outcome.candidates.iter().map(|candidate| {
        let names = names(candidate).into_iter().map(Json::from).collect();
        Json::from_members([
            ("file", Json::from(candidate.file.name.as_str())),
            ("stateMachine", optional(candidate.machine.as_deref())),
            ("type", Json::from(candidate.kind.as_str())),
            ("placeholders", Json::array(names)),
        ])
    });
    Json::from_members([
        ("definitions", Json::array(definitions.collect())),
        ("findings", Json::array(outcome.findings.iter().map(finding).collect())),
        ("errors", Json::from(outcome.count(Severity::Error) as u64)),
        ("warnings", Json::from(outcome.count(Severity::Warning) as u64)),
    ])
}

fn finding(finding: &Finding) -> Json {
    let (start, end) = (finding.file.position(finding.span.start), finding.file.position(finding.span.end));
    Json::from_members([
        ("severity", Json::from(finding.severity.as_str())),
        ("code", Json::from(finding.code)),
        ("message", Json::from(finding.message.as_str())),
        ("file", Json::from(finding.file.name.as_str())),
        ("line", Json::from(start.line as u64)),
        ("column", Json::from(start.column as u64)),
        ("endLine", Json::from(end.line as u64)),
        ("endColumn", Json::from(end.column as u64)),
        ("stateMachine", optional(finding.machine.as_deref())),
        ("location", optional(finding.location.as_deref())),
    ])
}

pub(super) fn optional(text: Option<&str>) -> Json {
    text.map_or(Json::Null, Json::from)
}
