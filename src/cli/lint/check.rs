//! Judges a definition, and finds the places of what is wrong.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::candidate::{Candidate, Content};
use super::finding::{Finding, Rule, Severity};
use crate::asl::diagnose;
use crate::asl::diagnostic::{DefinitionError, Diagnostic, DiagnosticCode};
use crate::cli::source::{Node, SourceFile, Span, locate};
use crate::model::Json;

/// All that there is to say, in the order of the file.
pub(in crate::cli) fn check(candidate: &Candidate) -> Vec<Finding> {
    let (text, tree) = candidate.read();
    let judge = Judge { candidate, text: &text, tree: tree.as_ref() };
    let mut findings = match diagnose(&text, candidate.kind) {
        Ok(diagnosis) => {
            let errors = diagnosis.errors.iter().map(|error| judge.finding(Severity::Error, error));
            let warnings = diagnosis.warnings.iter().map(|warning| judge.finding(Severity::Warning, warning));
            errors.chain(warnings).collect()
        }
        Err(DefinitionError::Invalid(errors)) => {
            errors.iter().map(|error| judge.finding(Severity::Error, error)).collect()
        }
        Err(DefinitionError::NotEmulated { feature, location }) => {
            vec![judge.not_checked(&feature, location)]
        }
        Err(DefinitionError::NeedsFeature { feature, location }) => {
            vec![judge.not_checked(feature, location)]
        }
    };
    findings.extend(judge.undefined_substitutions());
    findings.sort_by_key(|finding| (finding.span.start, finding.severity));
    findings
}

struct Judge<'c> {
    candidate: &'c Candidate,
    text: &'c str,
    tree: Option<&'c Node>,
}

impl Judge<'_> {
    fn not_checked(&self, feature: &str, location: String) -> Finding {
        let message = format!("sfn-testkit does not read {feature} yet, so this was not checked");
        let span = self.place(&location, "");
        self.of_rule(Rule::NotChecked, message, span, Some(location))
    }

    fn finding(&self, severity: Severity, diagnostic: &Diagnostic) -> Finding {
        let Diagnostic { code, message, location } = diagnostic;
        let is_text = *code == DiagnosticCode::InvalidJsonDescription;
        // Jackson's message goes on with the place, which is shown anyway.
        let message = if is_text { message.lines().next().unwrap_or_default() } else { message };
        let span = match location {
            _ if is_text => self.broken_at(),
            Some(location) => self.place(location, message),
            None => self.place("/", message),
        };
        Finding {
            severity,
            code: code.as_str(),
            message: message.to_owned(),
            file: Rc::clone(&self.candidate.file),
            span,
            machine: self.candidate.machine.clone(),
            location: location.clone().filter(|_| !is_text),
        }
    }

    /// Where the text stops being JSON.
    fn broken_at(&self) -> Span {
        let Err(error) = Json::parse(self.text) else { return 0..0 };
        let Content::Text(mapped) = &self.candidate.content else { return 0..0 };
        let decoded = SourceFile::new(String::new(), self.text.to_owned(), self.candidate.file.notation);
        let at = decoded.offset(error.position.line, error.position.column);
        let last = self.text.chars().next_back().map_or(0, char::len_utf8);
        let at = at.min(self.text.len().saturating_sub(last));
        let length = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        mapped.source_of(at..at + length)
    }

    /// The place of a location. A finding about an object that names a field of it, such as one that is not supported,
    /// is shown at the field.
    fn place(&self, location: &str, message: &str) -> Span {
        let Some(tree) = self.tree else { return self.start() };
        let located = locate(tree, location);
        let field = message.split('\'').nth(1);
        let member = field.and_then(|field| located.node.member(field));
        member.map_or(located.span, |member| member.key_span.clone())
    }

    fn start(&self) -> Span {
        match &self.candidate.content {
            Content::Text(mapped) => mapped.source_of(0..1.min(self.text.len())),
            Content::Tree(tree) => tree.span.start..tree.span.start + 1,
        }
    }

    /// What a deployment would leave in the definition as it is.
    fn undefined_substitutions(&self) -> Vec<Finding> {
        let Some(defined) = &self.candidate.defined else { return Vec::new() };
        let mut told = BTreeSet::new();
        let substitutions = self.candidate.substitutions.iter();
        let undefined = substitutions
            .filter(|one| !one.by_template && !defined.contains(&one.name) && told.insert(one.name.as_str()));
        undefined
            .map(|one| {
                let message = format!(
                    "`{}` is substituted here, but DefinitionSubstitutions does not define it",
                    one.name
                );
                self.of_rule(Rule::UndefinedSubstitution, message, one.span.clone(), None)
            })
            .collect()
    }

    fn of_rule(&self, rule: Rule, message: String, span: Span, location: Option<String>) -> Finding {
        let machine = self.candidate.machine.clone();
        Finding { machine, location, ..rule.finding(message, &self.candidate.file, span) }
    }
}
