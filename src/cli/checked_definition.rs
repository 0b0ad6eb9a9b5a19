//! A definition from a file, read and found good.

use std::path::Path;
use std::rc::Rc;

use super::definition_files;
use super::lint::{Candidate, Severity, check, rendered};
use super::source::SourceFile;
use crate::model::StateMachineType;

#[derive(Debug)]
pub(super) struct CheckedDefinition {
    /// Of the state machine, after the file.
    pub(super) name: String,
    pub(super) kind: StateMachineType,
    pub(super) json: String,
    /// What may be wrong with it, for people.
    pub(super) warnings: Vec<String>,
}

impl CheckedDefinition {
    /// The error is for people, and whole.
    pub(super) fn read(path: &Path, kind: Option<StateMachineType>) -> Result<Self, String> {
        let file = Rc::new(SourceFile::read(path)?);
        let (name, said) = definition_files::name_and_type(path);
        let kind = kind.unwrap_or(said);
        let candidate = Candidate::verbatim(&file, kind).map_err(|finding| rendered(&finding))?;
        let findings = check(&candidate);
        let of = |severity| findings.iter().filter(move |finding| finding.severity == severity).map(rendered);
        let errors: Vec<_> = of(Severity::Error).collect();
        if !errors.is_empty() {
            let refused = format!("{} is not a valid definition", file.name);
            return Err([vec![refused], errors].concat().join("\n\n"));
        }
        Ok(Self { name, kind, json: candidate.json_text(), warnings: of(Severity::Warning).collect() })
    }
}
