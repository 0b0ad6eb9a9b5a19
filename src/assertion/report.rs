//! The text of a failed assertion: expected, actual, where they differ, the story, and what to do next.

use std::collections::BTreeSet;
use std::fmt;

use super::Execution;
use super::matcher::Mismatch;
use super::narrative::{self, Line};

/// A timeline of at most this many lines is shown whole.
const WHOLE_TIMELINE: usize = 60;
/// Of a longer one: so many lines from the start, before and after each guilty line, and from the end.
const HEAD: usize = 10;
const AROUND: usize = 6;
const TAIL: usize = 15;

/// Why an execution is not as a test expects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    expected: String,
    mismatch: Mismatch,
    timeline: String,
}

impl Report {
    pub(super) fn new(execution: &Execution, description: &str, mismatch: Mismatch) -> Self {
        let record = &execution.record;
        let expected = format!(
            "expected execution `{}` of state machine `{}` to {description}",
            record.name, record.state_machine_name
        );
        let lines = narrative::narrate(record, &execution.visits);
        let timeline =
            format!("timeline from {}:\n{}", record.start_date, shortened(lines, &mismatch.guilty));
        Self { expected, mismatch, timeline }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { actual, difference, diff, hints, .. } = &self.mismatch;
        writeln!(f, "{}\n  actual: {actual}", self.expected)?;
        if let Some(difference) = difference {
            writeln!(f, "  first difference (actual != expected): {difference}")?;
        }
        if let Some(diff) = diff {
            write!(f, "\n{diff}")?;
        }
        write!(f, "\n{}", self.timeline.trim_end())?;
        for (position, hint) in hints.iter().enumerate() {
            write!(f, "{}\nhint: {hint}", if position == 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

/// The lines as text; the middle of a long timeline is left out, but never a guilty line.
fn shortened(lines: Vec<Line>, guilty: &BTreeSet<u64>) -> String {
    let n = lines.len();
    if n <= WHOLE_TIMELINE {
        return narrative::render(&lines, guilty);
    }
    let is_guilty = |line: &Line| line.events.iter().any(|event| guilty.contains(event));
    let marked: Vec<_> =
        lines.iter().enumerate().filter(|(_, line)| is_guilty(line)).map(|(at, _)| at).take(3).collect();
    let kept =
        |at: usize| at < HEAD || at + TAIL >= n || marked.iter().any(|mark| mark.abs_diff(at) <= AROUND);
    let mut shown: Vec<Line> = Vec::new();
    let mut left_out = 0;
    for (at, line) in lines.into_iter().enumerate() {
        if !kept(at) {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            shown.push(gap(left_out));
            left_out = 0;
        }
        shown.push(line);
    }
    narrative::render(&shown, guilty)
}

fn gap(left_out: usize) -> Line {
    let text = format!("… {left_out} more lines: `Execution::narrative()` has them all");
    Line { events: vec![], offset: String::new(), depth: 0, text }
}
