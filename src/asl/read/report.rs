//! What reading a definition brings to light: findings, and what we do not emulate, in the order of the definition.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::cursor::Place;
use crate::asl::diagnostic::{DefinitionError, Diagnostic, DiagnosticCode};

/// The two languages in which a definition selects and builds JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    JsonPath,
    Jsonata,
}

/// One for each definition that is read. Cursors report to it, so it takes notes behind a shared reference.
#[derive(Debug)]
pub(super) struct Report {
    /// `QueryLanguage` of the whole machine.
    pub(super) language: Language,
    findings: RefCell<Vec<(Position, Diagnostic)>>,
    not_emulated: RefCell<Vec<(Position, DefinitionError)>>,
    state_names: RefCell<BTreeSet<String>>,
    labels: RefCell<BTreeSet<String>>,
}

/// The indexes that lead to a place: sorting by them is the order of the definition.
type Position = Vec<usize>;

impl Report {
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            findings: RefCell::default(),
            not_emulated: RefCell::default(),
            state_names: RefCell::default(),
            labels: RefCell::default(),
        }
    }

    pub(super) fn finding(&self, place: &Place<'_>, code: DiagnosticCode, message: String) {
        let diagnostic = Diagnostic { code, message, location: Some(place.pointer()) };
        self.findings.borrow_mut().push((place.position(), diagnostic));
    }

    /// Something valid that would not be run as AWS runs it.
    pub(super) fn not_emulated(&self, place: &Place<'_>, feature: &str) {
        let error = DefinitionError::NotEmulated { feature: feature.to_owned(), location: place.pointer() };
        self.not_emulated.borrow_mut().push((place.position(), error));
    }

    /// `false` if the machine already has a state of this name.
    pub(super) fn is_new_state(&self, name: &str) -> bool {
        self.state_names.borrow_mut().insert(name.to_owned())
    }

    /// `false` if the machine already has a Map with this label.
    pub(super) fn is_new_label(&self, label: &str) -> bool {
        self.labels.borrow_mut().insert(label.to_owned())
    }

    /// Why the definition is refused, if it is. Findings come before what we do not emulate.
    pub(super) fn into_error(self) -> Option<DefinitionError> {
        let mut findings = self.findings.into_inner();
        if !findings.is_empty() {
            findings.sort_by(|(left, _), (right, _)| left.cmp(right));
            return Some(DefinitionError::Invalid(
                findings.into_iter().map(|(_, finding)| finding).collect(),
            ));
        }
        let not_emulated = self.not_emulated.into_inner();
        not_emulated.into_iter().min_by(|(left, _), (right, _)| left.cmp(right)).map(|(_, error)| error)
    }
}
