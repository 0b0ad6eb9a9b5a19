//! The definitions that the report shall be about: what they are, and on which lines.

use std::path::PathBuf;

use super::lines;
use crate::asl::definition::Definition;
use crate::asl::read_definition;
use crate::cli::lint::{Candidate, candidates};
use crate::report::coverage::definition_hash;
use crate::report::coverage::lcov::SourceLines;

/// A definition in a file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) hash: String,
    pub(super) definition: Definition,
    pub(super) lines: SourceLines,
    /// A deployment fills something in, so that what is run has another content.
    pub(super) is_template: bool,
}

/// All that can be read, and a sentence for each definition that cannot.
pub(super) fn read(paths: &[PathBuf]) -> Result<(Vec<Source>, Vec<String>), String> {
    let (mut sources, mut warnings) = (Vec::new(), Vec::new());
    for candidate in candidates(paths)? {
        match source(&candidate) {
            Ok(source) => sources.push(source),
            Err(warning) => warnings.push(warning),
        }
    }
    Ok((sources, warnings))
}

fn source(candidate: &Candidate) -> Result<Source, String> {
    let title = candidate.title();
    let (text, tree) = candidate.read();
    match (read_definition(&text, candidate.kind()), tree) {
        (Ok(definition), Some(tree)) => Ok(Source {
            hash: definition_hash(&text),
            definition,
            lines: lines::of(candidate.file(), &tree),
            is_template: candidate.is_template(),
            title,
            text,
        }),
        _ => Err(format!(
            "{title} is left out, since it is no valid definition: see `sfn-testkit lint {}`",
            candidate.file().name
        )),
    }
}
