//! Findings for people.

use clap::builder::styling::{AnsiColor, Style};

use super::candidate::Candidate;
use super::finding::{Finding, Severity};
use super::lint_files::Outcome;
use crate::cli::source::excerpt;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();
const BOLD: Style = Style::new().bold();

/// All findings, the placeholders, and how many there are of each.
pub(super) fn of(outcome: &Outcome) -> String {
    let mut paragraphs: Vec<_> = outcome.findings.iter().map(rendered).collect();
    let placeholders: Vec<_> = outcome.candidates.iter().filter_map(placeholders).collect();
    if !placeholders.is_empty() {
        paragraphs.push(placeholders.join("\n"));
    }
    paragraphs.push(summary(outcome));
    paragraphs.join("\n\n")
}

/// One finding: what, where, and the line of the file.
///
/// ```text
/// error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
///  --> pay.asl.json:4:15
///   |
/// 4 |       "Next": "Gone"
///   |               ^^^^^^
///   = /States/Pay/Next
/// ```
pub(in crate::cli) fn rendered(finding: &Finding) -> String {
    let Finding { severity, code, message, file, span, .. } = finding;
    let style = match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    };
    let severity = severity.as_str();
    let excerpt = excerpt(file, span, style);
    let margin = " ".repeat(file.position(span.start).line.to_string().len());
    let whereabouts =
        finding.whereabouts().map_or(String::new(), |whereabouts| format!("\n{margin} = {whereabouts}"));
    format!("{style}{severity}[{code}]{style:#}{BOLD}: {message}{BOLD:#}\n{excerpt}{whereabouts}")
}

/// Which names had no value: each once, in the order of the text.
fn placeholders(candidate: &Candidate) -> Option<String> {
    let names = names(candidate);
    if names.is_empty() {
        return None;
    }
    let names: Vec<_> = names.iter().map(|name| format!("${{{name}}}")).collect();
    let machine = candidate.machine.as_ref().map_or(String::new(), |machine| format!(" ({machine})"));
    Some(format!(
        "{NOTE}note{NOTE:#}: in {}{machine}, placeholders stand for {}",
        candidate.file.name,
        names.join(", ")
    ))
}

pub(super) fn names(candidate: &Candidate) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for substitution in &candidate.substitutions {
        if !names.contains(&substitution.name.as_str()) {
            names.push(&substitution.name);
        }
    }
    names
}

fn summary(outcome: &Outcome) -> String {
    let (errors, warnings) = (outcome.count(Severity::Error), outcome.count(Severity::Warning));
    let definitions = counted(outcome.candidates.len(), "definition");
    if errors + warnings == 0 {
        return format!("{definitions} checked, nothing found");
    }
    format!("{definitions} checked, {} and {}", counted(errors, "error"), counted(warnings, "warning"))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
