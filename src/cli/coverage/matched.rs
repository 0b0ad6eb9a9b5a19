//! Brings together what was counted and the definitions that it was counted of.

use std::collections::{BTreeMap, BTreeSet};

use super::counts_folder::CountsFolder;
use super::sources::Source;
use crate::asl::definition::Definition;
use crate::asl::read_definition;
use crate::model::StateMachineType;
use crate::report::coverage::counts::{Collected, Counts};
use crate::report::coverage::definition_coverage::DefinitionCoverage;
use crate::report::coverage::lcov::SourceLines;

/// What a report is made of.
#[derive(Debug, Default)]
pub(super) struct Matched {
    pub(super) definitions: Vec<DefinitionCoverage>,
    /// For each of them, if it is in a file.
    pub(super) lines: Vec<Option<SourceLines>>,
    pub(super) warnings: Vec<String>,
}

/// A definition that was run, with its hash.
struct Run {
    hash: String,
    text: String,
    definition: Definition,
    counts: Counts,
}

/// The definitions in files, if any are given; or else those that were run.
pub(super) fn matched(folder: &CountsFolder, collected: Collected, sources: Vec<Source>) -> Matched {
    let mut matched = Matched::default();
    if collected.broken_lines > 0 {
        let lines = match collected.broken_lines {
            1 => "1 line of the counts was".to_owned(),
            n => format!("{n} lines of the counts were"),
        };
        matched.warnings.push(format!("{lines} left out: the process that wrote there was killed"));
    }
    let mut runs = Vec::new();
    for (hash, counts) in collected.definitions {
        match run(folder, hash, counts) {
            Ok(run) => runs.push(run),
            Err(warning) => matched.warnings.push(warning),
        }
    }
    if sources.is_empty() {
        matched.by_machine(runs);
    } else {
        matched.by_source(sources, runs);
    }
    matched
}

fn run(folder: &CountsFolder, hash: String, counts: Counts) -> Result<Run, String> {
    let text = folder.definition(&hash)?;
    // A STANDARD machine may do all that an EXPRESS one may.
    match read_definition(&text, StateMachineType::Standard) {
        Ok(definition) => Ok(Run { hash, text, definition, counts }),
        Err(_) => Err(format!(
            "a definition of {} is left out: this version of sfn-testkit does not read it; run the tests with the same",
            listed(&counts.machines)
        )),
    }
}

impl Matched {
    fn add(&mut self, coverage: DefinitionCoverage, lines: Option<SourceLines>) {
        self.definitions.push(coverage);
        self.lines.push(lines);
    }

    /// Titles are the names of the machines; where several definitions have one, a piece of the hash tells them apart.
    fn by_machine(&mut self, runs: Vec<Run>) {
        let mut titles: BTreeMap<String, usize> = BTreeMap::new();
        for run in &runs {
            *titles.entry(listed(&run.counts.machines)).or_default() += 1;
        }
        let mut definitions: Vec<_> = runs
            .into_iter()
            .map(|Run { hash, text, definition, counts }| {
                let mut title = listed(&counts.machines);
                if titles.get(&title).is_some_and(|count| *count > 1) {
                    let short: String = hash.chars().take(8).collect();
                    title = format!("{title} (definition {short})");
                }
                let coverage = DefinitionCoverage::new((title, text), &definition, counts);
                DefinitionCoverage { hashes: vec![hash], ..coverage }
            })
            .collect();
        definitions.sort_by(|left, right| left.title.cmp(&right.title));
        for definition in definitions {
            self.add(definition, None);
        }
    }

    fn by_source(&mut self, sources: Vec<Source>, runs: Vec<Run>) {
        let mut counted: Vec<(Vec<String>, Counts)> =
            sources.iter().map(|_| (Vec::new(), Counts::default())).collect();
        let mut elsewhere = BTreeSet::new();
        for run in runs {
            match place(&sources, &run).and_then(|place| counted.get_mut(place)) {
                Some((hashes, counts)) => {
                    hashes.push(run.hash);
                    counts.merge(run.counts);
                }
                None => elsewhere.extend(run.counts.machines),
            }
        }
        for (source, (hashes, counts)) in sources.into_iter().zip(counted) {
            let named = (source.title, source.text);
            let coverage = DefinitionCoverage::new(named, &source.definition, counts);
            self.add(DefinitionCoverage { hashes, ..coverage }, Some(source.lines));
        }
        if !elsewhere.is_empty() {
            self.warnings.push(format!(
                "tests also ran definitions that are in none of the files: those of {}",
                listed(&elsewhere)
            ));
        }
    }
}

/// The file of a definition: the one of the same content, or the only template that it can have been made from.
fn place(sources: &[Source], run: &Run) -> Option<usize> {
    if let Some(place) = sources.iter().position(|source| source.hash == run.hash) {
        return Some(place);
    }
    let shape = |definition| {
        let unnamed = (String::new(), String::new());
        DefinitionCoverage::new(unnamed, definition, Counts::default()).shape()
    };
    let wanted = shape(&run.definition);
    let mut fitting = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| source.is_template && shape(&source.definition) == wanted);
    match (fitting.next(), fitting.next()) {
        (Some((place, _)), None) => Some(place),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
