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
    if sources.is_empty() {
        let runs = matched.runs(folder, collected.definitions);
        matched.by_machine(runs);
    } else {
        matched.by_source(folder, sources, collected.definitions);
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

    /// Those that can be read; a warning for each of the others.
    fn runs(&mut self, folder: &CountsFolder, counted: BTreeMap<String, Counts>) -> Vec<Run> {
        let mut runs = Vec::new();
        for (hash, counts) in counted {
            match run(folder, hash, counts) {
                Ok(run) => runs.push(run),
                Err(warning) => self.warnings.push(warning),
            }
        }
        runs
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

    /// A definition belongs to the file of the same content, or to the only template that it can have been made from.
    fn by_source(&mut self, folder: &CountsFolder, sources: Vec<Source>, counted: BTreeMap<String, Counts>) {
        let mut found: Vec<(Vec<String>, Counts)> = sources.iter().map(|_| <_>::default()).collect();
        let mut add = |place: usize, hash: String, counts: Counts| {
            if let Some((hashes, sum)) = found.get_mut(place) {
                hashes.push(hash);
                sum.merge(counts);
            }
        };
        let mut others = BTreeMap::new();
        for (hash, counts) in counted {
            match sources.iter().position(|source| source.hash == hash) {
                Some(place) => add(place, hash, counts),
                None => drop(others.insert(hash, counts)),
            }
        }
        let mut elsewhere = BTreeSet::new();
        for run in self.runs(folder, others) {
            match template_of(&sources, &run) {
                Some(place) => add(place, run.hash, run.counts),
                None => elsewhere.extend(run.counts.machines),
            }
        }
        for (source, (hashes, counts)) in sources.into_iter().zip(found) {
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

fn template_of(sources: &[Source], run: &Run) -> Option<usize> {
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
