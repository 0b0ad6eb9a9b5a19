//! Executions that ran on AWS: what their histories say of the definitions.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sources::Source;
use crate::model::read_history::RecordedHistory;
use crate::report::coverage::counts::Collected;
use crate::report::coverage::from_history::{derived, states_of};

/// Counts them, each for the definition that has all its states. Gives warnings.
pub(super) fn add(
    files: &[PathBuf],
    sources: &[Source],
    collected: &mut Collected,
) -> Result<Vec<String>, String> {
    let mut warnings = Vec::new();
    for file in files {
        let history = read(file)?;
        let source = source_of(file, &history, sources)?;
        let mut found = derived(&source.definition, &history.events);
        let machine = history.execution_arn.as_deref().and_then(|arn| arn.split(':').nth(6));
        found.counts.machines.extend(machine.map(str::to_owned));
        collected.definitions.entry(source.hash.clone()).or_default().merge(found.counts);
        let ambiguous: BTreeSet<String> = found.ambiguous.into_iter().collect();
        warnings.extend(ambiguous.into_iter().map(|why| format!("{}: {why}", file.display())));
    }
    Ok(warnings)
}

fn read(file: &Path) -> Result<RecordedHistory, String> {
    let cannot_read = |why: String| format!("cannot read {}: {why}", file.display());
    let text = fs::read_to_string(file).map_err(|error| cannot_read(error.to_string()))?;
    RecordedHistory::read(&text).map_err(|why| cannot_read(why.to_string()))
}

fn source_of<'s>(
    file: &Path,
    history: &RecordedHistory,
    sources: &'s [Source],
) -> Result<&'s Source, String> {
    let visited: BTreeSet<&Arc<str>> = states_of(&history.events).collect();
    let has_all = |source: &&Source| {
        let states: BTreeSet<_> =
            source.definition.scope.all_states().iter().map(|state| &state.name).collect();
        visited.is_subset(&states)
    };
    let fitting: Vec<&Source> = sources.iter().filter(has_all).collect();
    match fitting.as_slice() {
        [only] => Ok(only),
        [] => {
            let names: Vec<String> = visited.iter().map(|name| format!("`{name}`")).collect();
            Err(format!(
                "no definition has all the states that {} visits: {}; give its definition to --definitions",
                file.display(),
                names.join(", ")
            ))
        }
        several => {
            let titles: Vec<&str> = several.iter().map(|source| source.title.as_str()).collect();
            Err(format!(
                "{} may be an execution of {}: give only the definition that it ran to --definitions",
                file.display(),
                titles.join(" or of ")
            ))
        }
    }
}
