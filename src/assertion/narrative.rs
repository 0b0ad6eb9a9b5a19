//! A history as a timeline that people can read, from its events alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::history::{Place, Role, Visit, VisitEnd, VisitId, Visits};
use super::style::{Colour, Cut, Style};
use super::{telling, wording};
use crate::model::map_run_record::MapRunRecord;
use crate::model::{EventDetails, ExecutionRecord, ExecutionStatus, HistoryEvent, fold};

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The events it tells of: one, or the entry and the exit of a state in one.
    pub(crate) events: Vec<u64>,
    /// Since the start: `+1m30s`.
    pub(crate) offset: String,
    /// How many branches and iterations lie around it, and whether it is a detail of a state.
    pub(crate) depth: usize,
    pub(crate) text: String,
    /// The branches and iterations around it, from the outermost to the innermost: `item 2 > branch 0`.
    pub(crate) place: String,
}

/// The whole timeline, one line per thing worth telling.
/// Those that tell of a guilty event show more of their payloads.
pub(crate) fn narrate(
    record: &ExecutionRecord,
    visits: &Visits,
    cut: Cut,
    guilty: &BTreeSet<u64>,
) -> Vec<Line> {
    let map_runs = record.map_runs.iter().map(|run| (&run.arn, run)).collect();
    let mut narrator = Narrator {
        record,
        visits,
        cut,
        guilty,
        map_runs,
        started: BTreeMap::new(),
        told: BTreeSet::new(),
        speaking_of: None,
    };
    let nexts = record.events.iter().skip(1).map(Some).chain([None]);
    let mut lines: Vec<_> =
        record.events.iter().zip(nexts).filter_map(|(event, next)| narrator.tell(event, next)).collect();
    if record.status == ExecutionStatus::Running {
        let last = record.events.last().map_or(record.start_date, |event| event.timestamp);
        let offset = format!("+{}", wording::span(last.since(record.start_date)));
        lines.push(Line {
            events: vec![],
            offset,
            depth: 0,
            text: "still RUNNING".to_owned(),
            place: String::new(),
        });
    }
    lines
}

/// The lines as text, with `>` before those that tell of a guilty event.
pub(crate) fn render(lines: &[Line], guilty: &BTreeSet<u64>, style: Style) -> String {
    let width = lines.iter().map(|line| line.offset.len()).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let is_guilty = line.events.iter().any(|event| guilty.contains(event));
        let mark = if is_guilty { '>' } else { ' ' };
        let indent = "  ".repeat(line.depth);
        let told = format!("{mark} {:<width$}  {indent}{}", line.offset, line.text);
        let told = match style.columns {
            Some(columns) if !style.full => cut_to(&told, columns),
            Some(_) | None => told,
        };
        let told = told.trim_end();
        text.push_str(&if is_guilty { style.paint(Colour::Wrong, told) } else { told.to_owned() });
        text.push('\n');
    }
    text
}

/// At most so many characters, without a change to the blanks before the text.
fn cut_to(line: &str, columns: usize) -> String {
    let blanks = line.chars().take_while(|c| *c == ' ').count();
    let (before, text) = line.split_at_checked(blanks).unwrap_or(("", line));
    format!("{before}{}", fold(text, columns.saturating_sub(blanks).max(1)))
}

struct Narrator<'r> {
    record: &'r ExecutionRecord,
    visits: &'r Visits,
    /// By ARN.
    map_runs: BTreeMap<&'r Arc<str>, &'r MapRunRecord>,
    /// The Map Run that was started last in each visit, so far.
    started: BTreeMap<VisitId, &'r MapRunRecord>,
    cut: Cut,
    guilty: &'r BTreeSet<u64>,
    /// Exits that the line of their entry told of.
    told: BTreeSet<u64>,
    /// The visit of the last line: details of another one say its name.
    speaking_of: Option<VisitId>,
}

impl<'r> Narrator<'r> {
    fn tell(&mut self, event: &HistoryEvent, next: Option<&HistoryEvent>) -> Option<Line> {
        if self.told.contains(&event.id) {
            return None;
        }
        let role = Role::from(event.event_type);
        let cut = if self.guilty.contains(&event.id) { self.cut.wider() } else { self.cut };
        let owner = self.visits.owner(event).and_then(|id| Some((id, self.visits.get(id)?)));
        let mut events = vec![event.id];
        let (depth, text) = match (role, owner) {
            (Role::ExecutionStarted | Role::ExecutionEnded | Role::ExecutionRedriven, _) | (_, None) => {
                self.speaking_of = None;
                (0, telling::of_execution(event, cut))
            }
            (Role::StateEntered(_), Some((id, visit))) => {
                self.speaking_of = Some(id);
                let exit = next.filter(|next| is_exit_at_once(event, next, visit)).map(|next| next.id);
                events.extend(exit);
                self.told.extend(exit);
                let text = telling::of_entry(visit, exit.is_some(), cut);
                (self.visits.depth(id), format!("{}{text}", self.label(id)))
            }
            (Role::StateExited, Some((id, visit))) => {
                self.speaking_of = Some(id);
                let text = telling::of_exit(event, visit, cut);
                (self.visits.depth(id), format!("{}{text}", self.label(id)))
            }
            (_, Some((id, visit))) => {
                let of_map_run = telling::of_map_run(event, self.map_run(event, id), cut);
                let mut text = of_map_run.or_else(|| telling::of_visit(event, role, visit, cut))?;
                if self.speaking_of.replace(id) != Some(id) {
                    text = format!("{}{} {text}", self.label(id), visit.name);
                }
                (self.visits.depth(id) + 1, text)
            }
        };
        let offset = format!("+{}", wording::span(event.timestamp.since(self.record.start_date)));
        let place = owner.map_or(String::new(), |(id, _)| self.places(id));
        Some(Line { events, offset, depth, text, place })
    }

    /// The Map Run that an event of a visit tells of: the last that was started there.
    fn map_run(&mut self, event: &HistoryEvent, visit: VisitId) -> Option<&'r MapRunRecord> {
        if let EventDetails::MapRunStarted { map_run_arn } = &event.details {
            let run = self.map_runs.get(map_run_arn).copied();
            self.started.extend(run.map(|run| (visit, run)));
        }
        self.started.get(&visit).copied()
    }

    /// `branch 0: `, from the outermost to the innermost: `item 2 > branch 0: `; nothing at the top.
    fn label(&self, id: VisitId) -> String {
        let places = self.places(id);
        if places.is_empty() { places } else { format!("{places}: ") }
    }

    fn places(&self, id: VisitId) -> String {
        let mut places: Vec<_> = self.visits.upwards(id).filter_map(|id| self.place(id)).collect();
        places.reverse();
        places.join(" > ")
    }

    fn place(&self, id: VisitId) -> Option<String> {
        match self.visits.get(id)?.place {
            Place::Top => None,
            Place::Branch { index, .. } => Some(format!("branch {index}")),
            Place::Item { index, .. } => Some(format!("item {index}")),
        }
    }
}

/// Whether nothing happened in the state, so that one line tells of its entry and its exit.
fn is_exit_at_once(entry: &HistoryEvent, next: &HistoryEvent, visit: &Visit) -> bool {
    matches!(visit.end, VisitEnd::Exited { event, .. } if event == next.id)
        && next.timestamp == entry.timestamp
}

#[cfg(test)]
mod tests {
    use crate::assertion::Execution;
    use crate::assertion::test_history::History;
    use crate::model::history_event::TaskResource;
    use crate::model::{EventDetails, ExecutionStatus, Failure, HistoryEventType as Type};

    #[track_caller]
    fn check(execution: &Execution, expected: &str) {
        let narrative = execution.narrative();
        let lines: Vec<_> = narrative.lines().map(|line| line.strip_prefix("  ").unwrap()).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn retries_show_their_waits_and_a_catcher_what_it_caught() {
        let execution = History::started_with(r#"{"n":1}"#)
            .passes("Same", r#"{"n":1}"#, r#"{"n":1}"#)
            .passes("Other", r#"{"n":1}"#, "2")
            .enters_task("Save", "2")
            .calls(r#"{"Item":2}"#)
            .after("250ms")
            .fails("Busy", "try\nlater")
            .after("1s")
            .calls(r#"{"Item":2}"#)
            .fails("Boom", "")
            .exits_task("Save", r#"{"Error":"Boom","Cause":""}"#)
            .after("30d")
            .succeeded("null");
        check(
            &execution,
            r#"+0s        started with {"n":1}
+0s        Same (Pass) {"n":1}
+0s        Other (Pass) {"n":1} -> 2
+0s        Save (Task) 2
+0s          attempt 1: calls dynamodb:putItem with {"Item":2}
+0.25s       attempt 1 failed: Busy: try later
+1.25s       attempt 2, 1s later: calls dynamodb:putItem with {"Item":2}
+1.25s       attempt 2 failed: Boom
+1.25s     Save caught Boom, left with {"Error":"Boom","Cause":""}
+30d1.25s  SUCCEEDED with null"#,
        );
    }

    /// A Map over two items, whose tasks are both called: up to event 11.
    fn two_items_called() -> History {
        History::started_with("[1,2]")
            .enters(Type::MapStateEntered, "Each", "[1,2]") // 2
            .map_started(2) // 3
            .iteration(Type::MapIterationStarted, "Each", 0) // 4
            .enters_task("Call", "1") // 5
            .calls("1") // 6, 7
            .following(3)
            .iteration(Type::MapIterationStarted, "Each", 1) // 8
            .enters_task("Call", "2") // 9
            .calls("2") // 10, 11
    }

    #[test]
    fn iterations_are_indented_and_told_apart() {
        let execution = two_items_called()
            .after("5s")
            .following(7)
            .returns("10") // 12
            .exits_task("Call", "10")
            .iteration(Type::MapIterationSucceeded, "Each", 0) // 14
            .following(11)
            .returns("20") // 15
            .exits_task("Call", "20")
            .iteration(Type::MapIterationSucceeded, "Each", 1) // 17
            .bare(Type::MapStateSucceeded)
            .following(17)
            .exits(Type::MapStateExited, "Each", "[10,20]")
            .succeeded("[10,20]");
        check(
            &execution,
            "\
+0s  started with [1,2]
+0s  Each (Map) [1,2]
+0s    2 items
+0s    item 0: Call (Task) 1
+0s      calls dynamodb:putItem with 1
+0s    item 1: Call (Task) 2
+0s      calls dynamodb:putItem with 2
+5s      item 0: Call returned 10
+5s    item 0: Call left with 10
+5s      item 1: Call returned 20
+5s    item 1: Call left with 20
+5s  Each left with [10,20]
+5s  SUCCEEDED with [10,20]",
        );
    }

    #[test]
    fn a_failed_iteration_aborts_its_siblings() {
        let execution = two_items_called()
            .following(7)
            .fails("Boom", "broke") // 12
            .iteration(Type::MapIterationFailed, "Each", 0) // 13
            .following(12)
            .bare(Type::TaskStateAborted) // 14
            .following(12)
            .iteration(Type::MapIterationAborted, "Each", 1) // 15
            .following(12)
            .bare(Type::TaskStateAborted) // 16
            .following(12)
            .bare(Type::MapStateFailed) // 17
            .failed("Boom", "broke");
        check(
            &execution,
            "\
+0s  started with [1,2]
+0s  Each (Map) [1,2]
+0s    2 items
+0s    item 0: Call (Task) 1
+0s      calls dynamodb:putItem with 1
+0s    item 1: Call (Task) 2
+0s      calls dynamodb:putItem with 2
+0s      item 0: Call failed: Boom: broke
+0s    Each item 0 failed
+0s    item 1 aborted
+0s      item 1: Call aborted
+0s    Each failed: Boom: broke
+0s  FAILED: Boom: broke",
        );
    }

    #[test]
    fn a_retried_parallel_state_starts_all_branches_again() {
        let execution = History::started_with("{}")
            .enters(Type::ParallelStateEntered, "Both", "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .enters(Type::FailStateEntered, "No", "{}") // 4
            .after("3s")
            .bare(Type::ParallelStateStarted) // 5
            .passes("A", "{}", "1") // 6, 7
            .following(5)
            .enters(Type::FailStateEntered, "No", "{}") // 8
            .bare(Type::ParallelStateFailed)
            .failed("Refused", "never");
        check(
            &execution,
            "\
+0s  started with {}
+0s  Both (Parallel) {}
+0s    branch 0: No (Fail) {}
+3s    Both attempt 2, 3s later: all branches again
+3s    branch 0: A (Pass) {} -> 1
+3s    branch 1: No (Fail) {} fails: Refused: never
+3s    Both failed: Refused: never
+3s  FAILED: Refused: never",
        );
    }

    #[test]
    fn nested_branches_are_named_from_the_outside_in() {
        let execution = History::started_with("{}")
            .enters(Type::ParallelStateEntered, "Outer", "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .passes("First", "{}", "{}") // 4, 5
            .enters(Type::MapStateEntered, "Inner", "{}") // 6
            .map_started(1) // 7
            .iteration(Type::MapIterationStarted, "Inner", 0) // 8
            .passes("Leaf", "{}", "{}") // 9, 10
            .iteration(Type::MapIterationSucceeded, "Inner", 0) // 11
            .bare(Type::MapStateSucceeded) // 12
            .following(11)
            .exits(Type::MapStateExited, "Inner", "[{}]") // 13
            .bare(Type::ParallelStateSucceeded) // 14
            .following(13)
            .exits(Type::ParallelStateExited, "Outer", "[[{}]]")
            .succeeded("[[{}]]");
        check(
            &execution,
            "\
+0s  started with {}
+0s  Outer (Parallel) {}
+0s    branch 0: First (Pass) {}
+0s    branch 0: Inner (Map) {}
+0s      1 item
+0s      branch 0 > item 0: Leaf (Pass) {}
+0s    branch 0: Inner left with [{}]
+0s  Outer left with [[{}]]
+0s  SUCCEEDED with [[{}]]",
        );
    }

    #[test]
    fn a_failed_query_names_its_field() {
        let failure = Failure::new("States.QueryEvaluationError", "undefined");
        let details =
            EventDetails::EvaluationFailed { failure, location: Some("Output/id".into()), state: "P".into() };
        let execution = History::started_with("{}")
            .enters(Type::PassStateEntered, "P", "{}")
            .event(Type::EvaluationFailed, details)
            .failed("States.QueryEvaluationError", "undefined");
        check(
            &execution,
            "\
+0s  started with {}
+0s  P (Pass) {}
+0s    evaluation of Output/id failed: undefined
+0s  FAILED: States.QueryEvaluationError: undefined",
        );
    }

    #[test]
    fn activities_callbacks_and_assignments_are_told() {
        let activity = "arn:aws:states:us-east-1:123456789012:activity:approve";
        let scheduled = EventDetails::ActivityScheduled {
            resource: activity.into(),
            input: "1".into(),
            timeout_in_seconds: None,
            heartbeat_in_seconds: None,
        };
        let send =
            TaskResource { resource_type: "sqs".into(), resource: "sendMessage.waitForTaskToken".into() };
        let exited = EventDetails::StateExited {
            name: "Approve".into(),
            output: "1".into(),
            assigned_variables: vec![("by".into(), "\"me\"".into())],
        };
        let execution = History::started_with("1")
            .enters_task("Approve", "1")
            .event(Type::ActivityScheduled, scheduled)
            .after("1h")
            .event(Type::ActivityStarted, EventDetails::ActivityStarted { worker_name: Some("w-1".into()) })
            .event(Type::ActivitySucceeded, EventDetails::Output { output: "1".into() })
            .event(Type::TaskStateExited, exited)
            .enters_task("Ask", "1")
            .event(Type::TaskSubmitted, EventDetails::TaskOutput { task: send, output: "{}".into() })
            .running();
        check(
            &execution,
            "\
+0s  started with 1
+0s  Approve (Task) 1
+0s    calls arn:aws:states:us-east-1:123456789012:activity:approve with 1
+1h    taken by worker `w-1`
+1h    returned 1
+1h  Approve left, $by = \"me\"
+1h  Ask (Task) 1
+1h    submitted, answered {}
+1h  still RUNNING",
        );
    }

    #[test]
    fn a_stopped_execution_ends_where_it_waits() {
        let execution = History::started_with("{}")
            .enters(Type::WaitStateEntered, "Pause", "{}")
            .after("2h")
            .following(0)
            .ended_by(Failure { error: None, cause: None }, Type::ExecutionAborted, ExecutionStatus::Aborted);
        check(&execution, "+0s  started with {}\n+0s  Pause (Wait) {}\n+2h  ABORTED");
    }

    #[test]
    fn a_redriven_execution_goes_on_with_the_failed_task() {
        let execution = History::started_with("{}")
            .enters_task("Save", "{}") // 2
            .calls("{}")
            .fails("Boom", "broke")
            .event(Type::ExecutionFailed, EventDetails::Failed(Failure::new("Boom", "broke")))
            .after("1d")
            .bare(Type::ExecutionRedriven)
            .calls("{}")
            .returns("1")
            .exits_task("Save", "1")
            .succeeded("1");
        check(
            &execution,
            "\
+0s  started with {}
+0s  Save (Task) {}
+0s    attempt 1: calls dynamodb:putItem with {}
+0s    attempt 1 failed: Boom: broke
+0s  FAILED: Boom: broke
+1d  redriven
+1d    Save attempt 2: calls dynamodb:putItem with {}
+1d    attempt 2 returned 1
+1d  Save left with 1
+1d  SUCCEEDED with 1",
        );
    }

    #[test]
    fn long_payloads_are_folded() {
        let long = format!("\"{}\"", "x".repeat(100));
        let execution = History::started_with(&long).running();
        check(&execution, &format!("+0s  started with \"{}…\n+0s  still RUNNING", "x".repeat(58)));
    }
}
