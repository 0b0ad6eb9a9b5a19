//! Coverage in the format of lcov, over the lines of the files that definitions are written in.
//!
//! Each state is a line that was hit or not, and so is each entry of Choices, Retry and Catch. On the line of the state
//! all its ways out are branches, so that a state that was entered but not seen whole is partly covered.
//!
//! Source: <https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1>

use std::collections::BTreeMap;
use std::fmt::Write;

use super::definition_coverage::DefinitionCoverage;
use super::point::{Point, PointKind};

/// The lines of a definition in its file, counted from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SourceLines {
    /// As `lcov` and editors shall find it.
    pub(crate) file: String,
    pub(crate) states: BTreeMap<String, StateLines>,
}

/// The lines of one state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StateLines {
    /// Of its name.
    pub(crate) state: usize,
    /// Of the entries of `Choices`, `Retry` and `Catch`.
    pub(crate) rules: Vec<usize>,
    pub(crate) retriers: Vec<usize>,
    pub(crate) catchers: Vec<usize>,
    /// Of `Default`, `TimeoutSeconds`, `HeartbeatSeconds`, if they are there.
    pub(crate) default: Option<usize>,
    pub(crate) timeout: Option<usize>,
    pub(crate) heartbeat: Option<usize>,
}

/// One record per file, whichever definitions are in it.
pub(crate) fn lcov(definitions: &[(&DefinitionCoverage, &SourceLines)]) -> String {
    let mut files: BTreeMap<&str, FileRecord> = BTreeMap::new();
    for (definition, lines) in definitions {
        files.entry(&lines.file).or_default().add(definition, lines);
    }
    files.iter().map(|(file, record)| record.text(file)).collect()
}

#[derive(Default)]
struct FileRecord {
    /// Where several things stand on one line, the one that was taken most often counts.
    hits: BTreeMap<usize, u64>,
    /// By line: how often each branch was taken, `None` where its state was never entered.
    branches: BTreeMap<usize, Vec<Option<u64>>>,
}

impl FileRecord {
    fn add(&mut self, definition: &DefinitionCoverage, lines: &SourceLines) {
        for point in &definition.points {
            let Some(state) = point.state.as_ref().and_then(|state| lines.states.get(&**state)) else {
                continue;
            };
            if let Some(line) = state.line_of(point) {
                let hits = self.hits.entry(line).or_default();
                *hits = point.hits.max(*hits);
            }
            if point.kind != PointKind::State {
                let is_entered = definition
                    .states
                    .iter()
                    .any(|one| Some(&one.name) == point.state.as_ref() && one.entered > 0);
                let branches = self.branches.entry(state.state).or_default();
                branches.push(is_entered.then_some(point.hits));
            }
        }
    }

    fn text(&self, file: &str) -> String {
        let mut text = format!("TN:\nSF:{file}\n");
        for (line, branches) in &self.branches {
            for (number, hits) in branches.iter().enumerate() {
                let hits = hits.map_or_else(|| "-".to_owned(), |hits| hits.to_string());
                // A string takes everything.
                _ = writeln!(text, "BRDA:{line},0,{number},{hits}");
            }
        }
        let branches = || self.branches.values().flatten();
        let taken = branches().filter(|hits| hits.is_some_and(|hits| hits > 0)).count();
        _ = writeln!(text, "BRF:{}\nBRH:{taken}", branches().count());
        for (line, hits) in &self.hits {
            _ = writeln!(text, "DA:{line},{hits}");
        }
        let hit = self.hits.values().filter(|hits| **hits > 0).count();
        _ = writeln!(text, "LF:{}\nLH:{hit}\nend_of_record", self.hits.len());
        text
    }
}

impl StateLines {
    /// `None` for what has no line of its own: `Next` and `End` are left with their state.
    fn line_of(&self, point: &Point) -> Option<usize> {
        match &point.kind {
            PointKind::State => Some(self.state),
            PointKind::Rule { index, .. } => self.rules.get(*index).copied(),
            PointKind::Retrier { index, .. } => self.retriers.get(*index).copied(),
            PointKind::Catcher { index, .. } => self.catchers.get(*index).copied(),
            PointKind::Default { .. } => self.default,
            PointKind::Timeout => self.timeout,
            PointKind::Heartbeat => self.heartbeat,
            PointKind::Next { .. } | PointKind::End => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::coverage::fixture::partly;

    #[test]
    fn states_and_entries_are_lines_and_ways_out_are_branches() {
        let state = |line| StateLines { state: line, ..StateLines::default() };
        let check = StateLines { rules: vec![3, 4], default: Some(2), ..state(2) };
        let pay = StateLines {
            timeout: Some(6),
            heartbeat: Some(6),
            retriers: vec![7],
            catchers: vec![8],
            ..state(5)
        };
        let states = [
            ("Check", check),
            ("Pay", pay),
            ("Note", state(9)),
            ("Refuse", state(10)),
            ("Failed", state(11)),
        ];
        let states = states.map(|(name, lines)| (name.to_owned(), lines)).into();
        let lines = SourceLines { file: "orders.asl.json".to_owned(), states };
        assert_eq!(
            lcov(&[(&partly(), &lines)]),
            "\
TN:
SF:orders.asl.json
BRDA:2,0,0,1
BRDA:2,0,1,0
BRDA:2,0,2,0
BRDA:5,0,0,2
BRDA:5,0,1,0
BRDA:5,0,2,0
BRDA:5,0,3,0
BRDA:5,0,4,1
BRDA:9,0,0,0
BRF:9
BRH:3
DA:2,1
DA:3,1
DA:4,0
DA:5,1
DA:6,0
DA:7,2
DA:8,0
DA:9,1
DA:10,0
DA:11,0
LF:10
LH:5
end_of_record
"
        );
    }
}
