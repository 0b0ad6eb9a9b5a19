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

#[cfg(test)]
mod tests {
    use crate::assertion::matcher::check;
    use crate::assertion::path::NeverVisited;
    use crate::assertion::state::Attempted;
    use crate::assertion::test_history::History;

    #[test]
    fn a_report_tells_the_whole_story() {
        let execution = History::started_with(r#"{"userId":"u-1"}"#)
            .passes("Validate", r#"{"userId":"u-1"}"#, r#"{"userId":"u-1"}"#)
            .enters_task("SaveUser", r#"{"userId":"u-1"}"#)
            .calls(r#"{"TableName":"users"}"#)
            .fails("DynamoDB.ThrottlingException", "slow down")
            .after("1s")
            .calls(r#"{"TableName":"users"}"#)
            .after("500ms")
            .fails("DynamoDB.ResourceNotFoundException", "no such table")
            .failed("DynamoDB.ResourceNotFoundException", "no such table");
        let report = check(&execution, &Attempted { state: "SaveUser".into(), times: 3 }).unwrap_err();
        assert_eq!(
            report.to_string(),
            r#"expected execution `e-1` of state machine `orders` to attempt `SaveUser` 3 times
  actual: `SaveUser` was attempted twice

timeline from 2025-01-01T00:00:00Z:
  +0s    started with {"userId":"u-1"}
  +0s    Validate (Pass) {"userId":"u-1"}
  +0s    SaveUser (Task) {"userId":"u-1"}
> +0s      attempt 1: calls dynamodb:putItem with {"TableName":"users"}
  +0s      attempt 1 failed: DynamoDB.ThrottlingException: slow down
> +1s      attempt 2, 1s later: calls dynamodb:putItem with {"TableName":"users"}
  +1.5s    attempt 2 failed: DynamoDB.ResourceNotFoundException: no such table
  +1.5s  FAILED: DynamoDB.ResourceNotFoundException: no such table

hint: `SaveUser` was not retried after `DynamoDB.ResourceNotFoundException`: does a Retry have this very name in ErrorEquals, with MaxAttempts of 2 or more?"#
        );
    }

    #[test]
    fn a_long_timeline_is_cut_but_not_where_it_matters() {
        let mut history = History::started_with("0");
        for number in 0..100 {
            history = history.passes(&format!("S{number}"), "0", "0");
        }
        let execution = history.succeeded("0");
        let report = check(&execution, &NeverVisited("S50".into())).unwrap_err().to_string();
        let lines: Vec<_> = report.lines().skip_while(|line| !line.starts_with("timeline")).skip(1).collect();
        assert_eq!(lines.len(), 10 + 1 + 13 + 1 + 15, "{report}");
        assert_eq!(lines[10], "       … 35 more lines: `Execution::narrative()` has them all");
        assert_eq!(lines[17], "> +0s  S50 (Pass) 0");
        assert_eq!(lines[24], "       … 29 more lines: `Execution::narrative()` has them all");
        assert_eq!(lines[39], "  +0s  SUCCEEDED with 0");
    }
}
