//! From the files and folders on the command line to the definitions in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::candidate::Candidate;
use super::finding::Finding;
use super::template::{self, Found};
use crate::cli::source::{Node, Notation, SourceFile, read_json, read_yaml};
use crate::model::StateMachineType;

/// Folders that hold what others wrote.
const FOREIGN: [&str; 2] = ["node_modules", "target"];

/// The definitions in all of them that can be read as such.
pub(in crate::cli) fn candidates(paths: &[PathBuf]) -> Result<Vec<Candidate>, String> {
    collect(paths, None).map(|found| found.candidates)
}

/// The definitions in all of them. The error is for what cannot be read.
pub(super) fn collect(paths: &[PathBuf], kind: Option<StateMachineType>) -> Result<Found, String> {
    let mut all = Found::default();
    for path in paths {
        if path.is_dir() {
            let mut files = Vec::new();
            search(path, &mut files)?;
            for file in files {
                let file = Rc::new(SourceFile::read(&file)?);
                if is_wanted(&file) {
                    add(&mut all, &file, kind);
                }
            }
        } else {
            add(&mut all, &Rc::new(SourceFile::read(path)?), kind);
        }
    }
    Ok(all)
}

/// JSON and YAML files below a folder, by name.
fn search(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let cannot_read = |error| format!("cannot read {}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(cannot_read)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(cannot_read)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = entry.path();
        // Links are not followed: they may lead in circles.
        if entry.file_type().map_err(cannot_read)?.is_dir() {
            if !name.starts_with('.') && !FOREIGN.contains(&&*name) {
                search(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| {
            ["json", "yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        }) {
            files.push(path);
        }
    }
    Ok(())
}

/// Of the files of a folder: those called definitions, and those that look like one or like a template.
fn is_wanted(file: &SourceFile) -> bool {
    let is_definition =
        |document: &Node| document.get("StartAt").is_some() && document.get("States").is_some();
    file.name.contains(".asl.")
        || document(file).is_some_and(|document| is_definition(&document) || template::is_template(&document))
}

fn document(file: &SourceFile) -> Option<Node> {
    match file.notation {
        Notation::Json => read_json(&file.text),
        Notation::Yaml => read_yaml(file).ok(),
    }
}

/// The definitions in one file.
pub(super) fn add(all: &mut Found, file: &Rc<SourceFile>, kind: Option<StateMachineType>) {
    let document = document(file);
    if let Some(document) = document.filter(template::is_template) {
        let found = template::state_machines(file, &document, kind);
        all.candidates.extend(found.candidates);
        all.findings.extend(found.findings);
        return;
    }
    let is_express = file.name.contains(".express.asl.");
    let said = if is_express { StateMachineType::Express } else { StateMachineType::Standard };
    match Candidate::of_file(file, kind.unwrap_or(said)) {
        Ok(candidate) => all.candidates.push(candidate),
        Err(finding) => all.findings.push(Finding { machine: None, ..finding }),
    }
}
