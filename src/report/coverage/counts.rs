//! Reads coverage files and adds up what they say.

use std::collections::{BTreeMap, BTreeSet};

use super::line::HEADER;
use crate::model::Json;

/// What is known of all definitions, by hash.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) definitions: BTreeMap<String, Counts>,
    /// Lines that are none, as a process leaves that is killed while it writes.
    pub(crate) broken_lines: usize,
}

/// How often a definition was run, and what of it was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) executions: u64,
    /// Executions that took longer than the definition allows.
    pub(crate) timed_out: u64,
    /// The state machines that had this definition.
    pub(crate) machines: BTreeSet<String>,
    pub(crate) states: BTreeMap<String, StateCounts>,
}

/// What was taken of one state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StateCounts {
    /// By `State::place_of`; what is missing at the end is zero.
    counts: Vec<u64>,
    /// The tests that entered it.
    pub(crate) tests: BTreeSet<String>,
}

impl StateCounts {
    pub(crate) fn at(&self, place: usize) -> u64 {
        self.counts.get(place).copied().unwrap_or_default()
    }

    pub(crate) fn note(&mut self, place: usize) {
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(place) {
            *count += 1;
        }
    }

    fn add(&mut self, counts: &[u64]) {
        if self.counts.len() < counts.len() {
            self.counts.resize(counts.len(), 0);
        }
        for (sum, count) in self.counts.iter_mut().zip(counts) {
            *sum = sum.saturating_add(*count);
        }
    }
}

impl Counts {
    /// Takes in what was counted of the same definition elsewhere.
    pub(crate) fn merge(&mut self, other: Self) {
        self.executions = self.executions.saturating_add(other.executions);
        self.timed_out = self.timed_out.saturating_add(other.timed_out);
        self.machines.extend(other.machines);
        for (name, counts) in other.states {
            let state = self.states.entry(name).or_default();
            state.add(&counts.counts);
            state.tests.extend(counts.tests);
        }
    }
}

impl Collected {
    /// Adds one file.
    ///
    /// # Errors
    /// It was written by another version, whose counts mean something else.
    pub(crate) fn add(&mut self, file: &str) -> Result<(), String> {
        let mut lines = file.lines();
        match lines.next() {
            None => return Ok(()),
            Some(HEADER) => {}
            Some(other) => {
                return Err(format!(
                    "it begins with `{}` instead of `{HEADER}`: it was written by another version of sfn-testkit; run \
                     `sfn-testkit coverage --clean`, and the tests again",
                    other.chars().take(60).collect::<String>()
                ));
            }
        }
        for line in lines {
            if self.add_line(line).is_none() {
                self.broken_lines += 1;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str) -> Option<()> {
        let line = Json::parse(line).ok()?;
        let text = |member: &str| line.get(member).and_then(Json::as_str);
        let number = |member: &str| line.get(member).and_then(count);
        let (definition, machine, test) = (text("definition")?, text("machine")?, text("test")?);
        let mut counts = Counts {
            executions: number("executions")?,
            timed_out: number("timedOut")?,
            machines: BTreeSet::from([machine.to_owned()]),
            states: BTreeMap::new(),
        };
        for (name, taken) in line.get("taken")?.as_object()? {
            let taken: Vec<u64> = taken.as_array()?.iter().map(count).collect::<Option<_>>()?;
            counts.states.insert(
                (**name).to_owned(),
                StateCounts { counts: taken, tests: BTreeSet::from([test.to_owned()]) },
            );
        }
        self.definitions.entry(definition.to_owned()).or_default().merge(counts);
        Some(())
    }
}

fn count(json: &Json) -> Option<u64> {
    json.as_i64().and_then(|count| u64::try_from(count).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpreter::tally::Taken;
    use crate::report::coverage::line::{Whose, line};

    fn file(lines: &[(&str, &str, &[u64])]) -> String {
        let lines = lines.iter().map(|(machine, test, counts)| {
            let taken = Taken { executions: 1, timed_out: 0, states: vec![("A".into(), counts.to_vec())] };
            line(&Whose { machine, definition: "d", test }, &taken)
        });
        format!("{HEADER}\n{}", lines.collect::<String>())
    }

    #[test]
    fn the_lines_of_all_files_add_up() {
        let mut collected = Collected::default();
        collected.add(&file(&[("m", "t1", &[1, 1]), ("n", "t2", &[2, 0, 0, 1])])).unwrap();
        collected.add(&file(&[("m", "t1", &[5])])).unwrap();
        collected.add("").unwrap();
        let counts = &collected.definitions["d"];
        assert_eq!(counts.executions, 3);
        assert_eq!(counts.machines, BTreeSet::from(["m".to_owned(), "n".to_owned()]));
        let state = &counts.states["A"];
        assert_eq!((0..5).map(|place| state.at(place)).collect::<Vec<_>>(), [8, 1, 0, 1, 0]);
        assert_eq!(state.tests, BTreeSet::from(["t1".to_owned(), "t2".to_owned()]));
    }

    #[test]
    fn a_line_that_was_not_finished_is_counted_and_left_out() {
        let mut collected = Collected::default();
        let whole = file(&[("m", "t", &[1]), ("m", "t", &[1])]);
        collected.add(whole.strip_suffix("1]}}\n").unwrap()).unwrap();
        assert_eq!(collected.broken_lines, 1);
        assert_eq!(collected.definitions["d"].executions, 1);
    }

    #[test]
    fn files_of_other_versions_are_refused() {
        assert_eq!(
            Collected::default().add("{\"sfnTestkitCoverage\":2}\n").unwrap_err(),
            "it begins with `{\"sfnTestkitCoverage\":2}` instead of `{\"sfnTestkitCoverage\":1}`: it was written by \
             another version of sfn-testkit; run `sfn-testkit coverage --clean`, and the tests again"
        );
    }
}
