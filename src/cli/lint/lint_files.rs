//! `sfn-testkit lint`.

use std::rc::Rc;

use super::arguments::{Format, LintArguments};
use super::candidate::Candidate;
use super::check::check;
use super::finding::{Finding, Severity};
use super::template::Found;
use super::{collect, json_report, sarif, text_report};
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
#[cfg(feature = "fuzzing")]
use crate::cli::source::{Notation, SourceFile};

/// What was looked at, and what was found.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) candidates: Vec<Candidate>,
    /// File by file, in the order of the text.
    pub(super) findings: Vec<Finding>,
}

impl Outcome {
    fn of(found: Found) -> Self {
        let mut findings = found.findings;
        findings.extend(found.candidates.iter().flat_map(check));
        Self { candidates: found.candidates, findings: in_order(findings) }
    }

    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// The exit code.
pub(in crate::cli) fn lint(arguments: &LintArguments, console: &Console) -> u8 {
    let found = match collect::collect(&arguments.files, arguments.kind.map(Into::into)) {
        Ok(found) => found,
        Err(why) => {
            console.fail(why);
            return MISUSED;
        }
    };
    let outcome = Outcome::of(found);
    match arguments.format {
        Format::Text => console.say(text_report::of(&outcome)),
        Format::Json => console.say(json_report::of(&outcome).to_pretty_text()),
        Format::Sarif => console.say(sarif::of(&outcome).to_pretty_text()),
    }
    let counted = outcome.count(Severity::Error)
        + if arguments.deny_warnings { outcome.count(Severity::Warning) } else { 0 };
    if counted == 0 { DONE } else { FAILED }
}

/// All that `lint` would write of a file with this text.
#[cfg(feature = "fuzzing")]
pub(crate) fn lint_text(text: &str, is_yaml: bool) -> String {
    let notation = if is_yaml { Notation::Yaml } else { Notation::Json };
    let file = SourceFile::new("a.asl.json".to_owned(), text.to_owned(), notation);
    let mut found = Found::default();
    collect::add(&mut found, &Rc::new(file), None);
    let outcome = Outcome::of(found);
    [text_report::of(&outcome), json_report::of(&outcome).to_text(), sarif::of(&outcome).to_text()].concat()
}

/// The files stay in the order in which they were looked at.
fn in_order(findings: Vec<Finding>) -> Vec<Finding> {
    let mut by_file: Vec<(Rc<_>, Vec<Finding>)> = Vec::new();
    for finding in findings {
        match by_file.iter_mut().find(|(file, _)| Rc::ptr_eq(file, &finding.file)) {
            Some((_, findings)) => findings.push(finding),
            None => by_file.push((Rc::clone(&finding.file), vec![finding])),
        }
    }
    by_file
        .into_iter()
        .flat_map(|(_, mut findings)| {
            findings.sort_by_key(|finding| finding.span.start);
            findings
        })
        .collect()
}
