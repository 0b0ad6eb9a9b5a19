//! What reading a definition brings to light: findings, and what we do not emulate, in the order of the definition.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cursor::Place;
pub(super) use crate::asl::definition::Language;
use crate::asl::diagnostic::{DefinitionError, Diagnostic, DiagnosticCode};

/// One for each definition that is read. Cursors report to it, so it takes notes behind a shared reference.
#[derive(Debug)]
pub(super) struct Report {
    /// `QueryLanguage` of the whole machine.
    pub(super) language: Language,
    findings: RefCell<Vec<(Position, Diagnostic)>>,
    not_emulated: RefCell<Vec<(Position, DefinitionError)>>,
    state_names: RefCell<BTreeSet<String>>,
    states: Cell<usize>,
    labels: RefCell<BTreeSet<String>>,
    /// The states that are being read, the innermost last.
    open_states: RefCell<Vec<Arc<str>>>,
    variable_references: RefCell<BTreeMap<Arc<str>, BTreeSet<Arc<str>>>>,
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
            states: Cell::default(),
            labels: RefCell::default(),
            open_states: RefCell::default(),
            variable_references: RefCell::default(),
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

    /// Something valid that this build cannot run.
    pub(super) fn needs_feature(&self, place: &Place<'_>, feature: &'static str) {
        let error = DefinitionError::NeedsFeature { feature, location: place.pointer() };
        self.not_emulated.borrow_mut().push((place.position(), error));
    }

    /// Runs `read`; the variables noted meanwhile are read by the state `name`, unless one within it reads them.
    pub(super) fn within_state<T>(&self, name: &str, read: impl FnOnce() -> T) -> T {
        self.open_states.borrow_mut().push(name.into());
        let result = read();
        self.open_states.borrow_mut().pop();
        result
    }

    pub(super) fn note_variables(&self, names: impl IntoIterator<Item = Arc<str>>) {
        let open_states = self.open_states.borrow();
        let Some(state) = open_states.last() else { return };
        for name in names {
            self.variable_references.borrow_mut().entry(Arc::clone(state)).or_default().insert(name);
        }
    }

    pub(super) fn take_variable_references(&self) -> BTreeMap<Arc<str>, BTreeSet<Arc<str>>> {
        self.variable_references.take()
    }

    /// States are counted as they begin: one before those within it.
    pub(super) fn next_state_number(&self) -> usize {
        self.states.replace(self.states.get() + 1)
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
