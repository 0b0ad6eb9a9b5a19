//! The text of a failed assertion: expected, actual, where they differ, the story, and what to do next.

use std::collections::BTreeSet;
use std::fmt;

use super::Execution;
use super::matcher::Mismatch;
use super::narrative::{self, Line};
use super::style::{Colour, Style, wrapped};
use crate::model::Timestamp;

/// A timeline of at most this many lines is shown whole.
const WHOLE_TIMELINE: usize = 60;
/// Of a longer one: so many lines from the start, before and after each guilty line, and from the end.
const HEAD: usize = 10;
const AROUND: usize = 6;
const TAIL: usize = 15;
/// A diff of at most this many lines is shown whole; of a longer one so many.
const WHOLE_DIFF: usize = 60;

/// Why an execution is not as a test expects it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    expected: String,
    mismatch: Mismatch,
    started_at: Timestamp,
    timeline: Vec<Line>,
    style: Style,
}

impl Report {
    pub(super) fn new(execution: &Execution, description: &str, mismatch: Mismatch) -> Self {
        let record = &execution.record;
        let expected = format!(
            "expected execution `{}` of state machine `{}` to {description}",
            record.name, record.state_machine_name
        );
        let style = execution.style;
        let timeline = narrative::narrate(record, &execution.visits, style.cut(), &mismatch.guilty);
        Self { expected, mismatch, started_at: record.start_date, timeline, style }
    }

    fn diff(&self) -> Option<String> {
        let diff = self.mismatch.diff.as_ref()?;
        let lines: Vec<_> = diff.lines().collect();
        let shown = if self.style.full { lines.len() } else { WHOLE_DIFF };
        let painted = lines.iter().take(shown).map(|line| match line.chars().next() {
            Some('-') => self.style.paint(Colour::Removed, line),
            Some('+') => self.style.paint(Colour::Added, line),
            Some('@') => self.style.paint(Colour::Place, line),
            Some(_) | None => (*line).to_owned(),
        });
        let hidden = lines.len().saturating_sub(shown);
        let rest =
            (hidden > 0).then(|| format!("… {hidden} more lines of the diff: SFN_TESTKIT_FULL=1 shows them"));
        Some(painted.chain(rest).map(|line| format!("{line}\n")).collect())
    }

    fn timeline(&self) -> String {
        let lines = if self.style.full {
            self.timeline.clone()
        } else {
            shortened(self.timeline.clone(), &self.mismatch.guilty)
        };
        let text = narrative::render(&lines, &self.mismatch.guilty, self.style);
        let is_cut =
            |line: &&str| line.replace("{…, ", "").contains('…') && !line.trim_start().starts_with('…');
        match text.lines().filter(is_cut).count() {
            0 => text,
            1 => format!(
                "{text}(1 line is cut: SFN_TESTKIT_FULL=1 or `Execution::narrative_in_full()` shows it whole)\n"
            ),
            cut => format!(
                "{text}({cut} lines are cut: SFN_TESTKIT_FULL=1 or `Execution::narrative_in_full()` shows them whole)\n"
            ),
        }
    }

    fn hint(&self, hint: &str) -> String {
        let text = format!("hint: {}", hint.replace('\n', "\n    "));
        let text = match self.style.columns {
            Some(columns) => wrapped(&text, columns, "      "),
            None => text,
        };
        self.style.paint(Colour::Hint, &text)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { actual, difference, hints, .. } = &self.mismatch;
        writeln!(f, "{}", self.style.paint(Colour::Title, &self.expected))?;
        writeln!(f, "{}", self.style.paint(Colour::Wrong, &format!("  actual: {actual}")))?;
        if let Some(difference) = difference {
            writeln!(f, "  first difference (actual != expected): {difference}")?;
        }
        if let Some(diff) = self.diff() {
            write!(f, "\n{diff}")?;
        }
        let title = self.style.paint(Colour::Title, &format!("timeline from {}:", self.started_at));
        write!(f, "\n{title}\n{}", self.timeline().trim_end())?;
        for (position, hint) in hints.iter().enumerate() {
            write!(f, "{}\n{}", if position == 0 { "\n" } else { "" }, self.hint(hint))?;
        }
        Ok(())
    }
}

/// The lines of which some are left out if they are many: first those of other branches and iterations than the guilty
/// ones, then the middle; but never a guilty line.
fn shortened(lines: Vec<Line>, guilty: &BTreeSet<u64>) -> Vec<Line> {
    let is_guilty = |line: &Line| line.events.iter().any(|event| guilty.contains(event));
    let lines = if lines.len() > WHOLE_TIMELINE { without_others(lines, is_guilty) } else { lines };
    let n = lines.len();
    if n <= WHOLE_TIMELINE {
        return lines;
    }
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
    shown
}

/// Without the branches and iterations in which nothing guilty happened, if there is one in which it did.
fn without_others(lines: Vec<Line>, is_guilty: impl Fn(&Line) -> bool) -> Vec<Line> {
    let blamed: BTreeSet<String> = lines
        .iter()
        .filter(|line| is_guilty(line) && !line.place.is_empty())
        .map(|line| line.place.clone())
        .collect();
    if blamed.is_empty() {
        return lines;
    }
    let inside = |inner: &str, outer: &str| inner == outer || inner.starts_with(&format!("{outer} > "));
    let around = |place: &str| {
        place.is_empty() || blamed.iter().any(|blamed| inside(blamed, place) || inside(place, blamed))
    };
    let (kept, others): (Vec<_>, Vec<_>) =
        lines.into_iter().enumerate().partition(|(_, line)| around(&line.place));
    let first = others.first().map(|(at, _)| *at);
    let mut shown = Vec::new();
    let mut told = false;
    for (at, line) in kept {
        if !told && first.is_some_and(|first| first < at) {
            let text = format!(
                "… {} lines about other branches and items: `Execution::narrative()` has them",
                others.len()
            );
            shown.push(Line { text, ..gap(0) });
            told = true;
        }
        shown.push(line);
    }
    shown
}

fn gap(left_out: usize) -> Line {
    let text = format!("… {left_out} more lines: `Execution::narrative()` has them all");
    Line { events: vec![], offset: String::new(), depth: 0, text, place: String::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::matcher::check;
    use crate::assertion::output::Outputs;
    use crate::assertion::path::NeverVisited;
    use crate::assertion::payload::ExpectedJson;
    use crate::assertion::state::Attempted;
    use crate::assertion::status::HasStatus;
    use crate::assertion::test_history::History;
    use crate::model::{ExecutionStatus, HistoryEventType as Type};

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

    /// An output that differs, and a long payload.
    fn declined() -> Execution {
        let long = format!(r#"{{"text":"{}"}}"#, "word ".repeat(30));
        History::started_with(&long)
            .passes("Check", &long, r#"{"ok":false}"#)
            .after("1s")
            .succeeded(r#"{"ok":false,"why":["too late"]}"#)
    }

    fn text(style: Style) -> String {
        let expected = ExpectedJson::whole(&json!({"ok": true, "why": ["too late"]})).unwrap();
        check(&declined().with_style(style), &Outputs(expected)).unwrap_err().to_string()
    }

    #[test]
    fn a_plain_text_has_no_colours_and_says_what_it_cuts() {
        assert_eq!(
            text(Style::plain()),
            r#"expected execution `e-1` of state machine `orders` to output {"ok":true,"why":["too late"]}
  actual: the output was {"ok":false,"why":["too late"]}
  first difference (actual != expected): $.ok: false != true

--- expected
+++ actual
@@ -1,5 +1,5 @@
 {
-  "ok": true,
+  "ok": false,
   "why": [
     "too late"
   ]

timeline from 2025-01-01T00:00:00Z:
  +0s  started with {"text":"word word word word word word word word word word …
  +0s  Check (Pass) {"text":"word word word word word word word word word word … -> {"ok":false}
> +1s  SUCCEEDED with {"ok":false,"why":["too late"]}
(2 lines are cut: SFN_TESTKIT_FULL=1 or `Execution::narrative_in_full()` shows them whole)

hint: `$.ok` came from `Check`, which set it to false"#
        );
    }

    #[test]
    fn colours_mark_what_is_expected_what_is_wrong_and_what_to_do() {
        let text = text(Style::plain().coloured(true)).replace('\u{1b}', "^");
        assert_eq!(
            text,
            r#"^[1mexpected execution `e-1` of state machine `orders` to output {"ok":true,"why":["too late"]}^[0m
^[1;31m  actual: the output was {"ok":false,"why":["too late"]}^[0m
  first difference (actual != expected): $.ok: false != true

^[31m--- expected^[0m
^[32m+++ actual^[0m
^[36m@@ -1,5 +1,5 @@^[0m
 {
^[31m-  "ok": true,^[0m
^[32m+  "ok": false,^[0m
   "why": [
     "too late"
   ]

^[1mtimeline from 2025-01-01T00:00:00Z:^[0m
  +0s  started with {"text":"word word word word word word word word word word …
  +0s  Check (Pass) {"text":"word word word word word word word word word word … -> {"ok":false}
^[1;31m> +1s  SUCCEEDED with {"ok":false,"why":["too late"]}^[0m
(2 lines are cut: SFN_TESTKIT_FULL=1 or `Execution::narrative_in_full()` shows them whole)

^[33mhint: `$.ok` came from `Check`, which set it to false^[0m"#
        );
    }

    #[test]
    fn a_narrow_terminal_has_narrow_timelines_and_wrapped_hints() {
        let text = text(Style::plain().width(Some(40)));
        let (_, story) = text.split_once("timeline from").unwrap();
        assert_eq!(
            story,
            r#" 2025-01-01T00:00:00Z:
  +0s  started with {"text":"word word …
  +0s  Check (Pass) {"text":"word word …
> +1s  SUCCEEDED with {"ok":false,"why"…
(3 lines are cut: SFN_TESTKIT_FULL=1 or `Execution::narrative_in_full()` shows them whole)

hint: `$.ok` came from `Check`, which
      set it to false"#
        );
    }

    #[test]
    fn a_full_text_cuts_nothing() {
        let text = text(Style::plain().width(Some(40)).full(true));
        let long = format!(r#"{{"text":"{}"}}"#, "word ".repeat(30));
        assert!(
            text.contains(&format!("started with {long}\n  +0s  Check (Pass) {long} -> {{\"ok\":false}}\n"))
        );
        assert!(!text.contains('…'), "{text}");
    }

    #[test]
    fn a_long_diff_is_cut_unless_everything_is_asked_for() {
        let list = |n: u64| serde_json::Value::from((0..n).collect::<Vec<_>>());
        let execution = History::started_with("1").succeeded(&list(100).to_string());
        let text = |style| {
            let nothing = ExpectedJson::whole(&list(0)).unwrap();
            check(&execution.clone().with_style(style), &Outputs(nothing)).unwrap_err().to_string()
        };
        let plain = text(Style::plain());
        let (_, rest) = plain.split_once("@@\n").unwrap();
        let (diff, _) = rest.split_once("\n\n").unwrap();
        assert!(
            diff.ends_with("+  54,\n… 46 more lines of the diff: SFN_TESTKIT_FULL=1 shows them"),
            "{diff}"
        );
        assert!(text(Style::plain().full(true)).contains("+  99\n"));
    }

    #[test]
    fn other_items_give_way_to_the_one_that_failed() {
        let mut history = History::started_with("[]")
            .enters(Type::MapStateEntered, "Each", "[]") // 2
            .map_started(40); // 3
        for index in 0..40 {
            history = history.following(3).iteration(Type::MapIterationStarted, "Each", index);
            history = history.passes("Look", &index.to_string(), &index.to_string());
            if index == 17 {
                history = history.enters(Type::FailStateEntered, "No", "17");
            } else {
                history = history.passes("Go", &index.to_string(), &index.to_string());
            }
        }
        let failed = 4 + 17 * 5 + 3;
        let execution = history.following(failed).bare(Type::MapStateFailed).failed("Odd", "17 is odd");
        let report = check(&execution, &HasStatus(ExecutionStatus::Succeeded)).unwrap_err().to_string();
        let (_, story) = report.split_once("timeline from 2025-01-01T00:00:00Z:\n").unwrap();
        assert_eq!(
            story,
            "  +0s  started with []
  +0s  Each (Map) []
  +0s    40 items
       … 78 lines about other branches and items: `Execution::narrative()` has them
  +0s    item 17: Look (Pass) 17
> +0s    item 17: No (Fail) 17 fails: Odd: 17 is odd
  +0s    Each failed: Odd: 17 is odd
> +0s  FAILED: Odd: 17 is odd

hint: item 17 of `Each` failed in `No`; it was 17"
        );
    }
}
