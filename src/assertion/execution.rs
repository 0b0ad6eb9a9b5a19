//! An execution as a test looks at it: its end, its path, its story.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::history::{Role, Visits};
use super::narrative;
use super::redaction::Redaction;
use super::style::{Cut, Style};
use super::{Assert, Onlooker};
use crate::model::read_history::RecordedHistory;
use crate::model::{ExecutionRecord, ExecutionStatus, Failure, HistoryEvent, InvalidHistory};

/// A snapshot of one execution and its history.
///
/// [`assert`](Self::assert) says what it must show; the other methods hand out what it did show, for what
/// no assertion covers. A snapshot does not change: take a new one to see how a running execution goes on.
#[derive(Debug, Clone)]
pub struct Execution {
    pub(super) record: ExecutionRecord,
    pub(super) visits: Visits,
    pub(super) style: Style,
    /// Told of assertions that do not hold.
    pub(super) onlooker: Option<Arc<dyn Onlooker>>,
}

impl Execution {
    pub(crate) fn new(record: ExecutionRecord) -> Self {
        let visits = Visits::of(&record.events);
        Self { record, visits, style: Style::plain(), onlooker: None }
    }

    /// The same, with failure texts in this style.
    #[must_use]
    pub fn with_style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    pub(crate) fn with_onlooker(self, onlooker: Arc<dyn Onlooker>) -> Self {
        Self { onlooker: Some(onlooker), ..self }
    }

    /// To be called with the text of every assertion that does not hold, before it panics.
    pub(super) fn tell_onlooker(&self, text: &str) {
        if let Some(onlooker) = &self.onlooker {
            onlooker.assertion_failed(self, text);
        }
    }

    /// The execution of a recorded history, such as one from AWS: what `aws stepfunctions get-execution-history` prints,
    /// or the answer of `GetExecutionHistory` in any client, oldest events first or last.
    ///
    /// The text is an object with `events` or the bare array of events. The pages of a long history may stand one after
    /// another. An `executionArn` beside `events` gives the execution its names, which are empty without one. Dates are
    /// seconds since 1970 or ISO 8601; payloads are the JSON texts of the API, or the values themselves. The events that
    /// an EXPRESS execution has written into CloudWatch Logs, one after another, are read as well.
    ///
    /// # Errors
    /// If the text is no such history, if events are missing, or if it was fetched without execution data.
    ///
    /// ```
    /// use sfn_testkit::Execution;
    ///
    /// let text = r#"{"events": [
    ///     {"id": 1, "previousEventId": 0, "timestamp": "2025-08-27T12:04:42.001000+02:00", "type": "ExecutionStarted",
    ///      "executionStartedEventDetails": {"input": "{}", "roleArn": "arn:aws:iam::123456789012:role/r"}},
    ///     {"id": 2, "previousEventId": 0, "timestamp": "2025-08-27T12:04:42.055000+02:00", "type": "SucceedStateEntered",
    ///      "stateEnteredEventDetails": {"name": "Done", "input": "{}"}},
    ///     {"id": 3, "previousEventId": 2, "timestamp": "2025-08-27T12:04:42.055000+02:00", "type": "SucceedStateExited",
    ///      "stateExitedEventDetails": {"name": "Done", "output": "{}"}},
    ///     {"id": 4, "previousEventId": 3, "timestamp": "2025-08-27T12:04:42.078000+02:00", "type": "ExecutionSucceeded",
    ///      "executionSucceededEventDetails": {"output": "{}"}}
    /// ]}"#;
    /// Execution::from_history_json(text)?.assert().succeeded().visited_exactly(["Done"]);
    /// # Ok::<(), sfn_testkit::InvalidHistory>(())
    /// ```
    pub fn from_history_json(text: &str) -> Result<Self, InvalidHistory> {
        RecordedHistory::read(text).map(|history| Self::new(history.into_record()))
    }

    pub(crate) const fn record(&self) -> &ExecutionRecord {
        &self.record
    }

    pub(crate) const fn visits(&self) -> &Visits {
        &self.visits
    }

    /// Starts a chain of assertions, each of which panics with the execution's story if it does not hold.
    #[must_use = "only the assertions that follow check something, such as `.succeeded()`"]
    pub fn assert(&self) -> Assert<'_> {
        Assert::new(self)
    }

    /// `RUNNING` until it has ended.
    #[must_use]
    pub fn status(&self) -> ExecutionStatus {
        self.record.status
    }

    /// What it was started with.
    #[must_use]
    pub fn input(&self) -> serde_json::Value {
        (&self.record.input).into()
    }

    /// What a succeeded execution returned; `None` of all others.
    #[must_use]
    pub fn output(&self) -> Option<serde_json::Value> {
        self.record.output.as_ref().map(Into::into)
    }

    /// The error name of an execution that failed, timed out or was stopped, if it has one.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.failure()?.error.as_deref()
    }

    /// The cause that goes with the [`error`](Self::error), if there is one.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.failure()?.cause.as_deref()
    }

    fn failure(&self) -> Option<&Failure> {
        self.record.failure.as_ref()
    }

    /// The ARN of the execution.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.record.arn
    }

    /// The name of the execution.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// The name of the state machine it belongs to.
    #[must_use]
    pub fn state_machine_name(&self) -> &str {
        &self.record.state_machine_name
    }

    /// The definition that it ran, as it was given, and of a child of a Map Run the `ItemProcessor`; `None` where only
    /// a history is known.
    #[must_use]
    pub fn definition(&self) -> Option<&str> {
        self.record.definition.as_deref()
    }

    /// The same execution, with the definition that it ran: for histories that come without one.
    #[must_use]
    pub fn with_definition(mut self, definition: &str) -> Self {
        self.record.definition = Some(definition.into());
        self
    }

    /// How long it took, on its own clock; `None` while it is running.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        Some(self.record.stop_date?.since(self.record.start_date))
    }

    /// How often it was redriven.
    #[must_use]
    pub fn redrive_count(&self) -> u64 {
        let redriven = |event: &&HistoryEvent| Role::from(event.event_type) == Role::ExecutionRedriven;
        self.record.events.iter().filter(redriven).count() as u64
    }

    /// The names of all states in the order in which they were entered, inside branches and iterations too.
    /// A state that is entered twice is there twice; a retry does not enter it anew.
    #[must_use]
    pub fn path(&self) -> Vec<String> {
        self.visits.iter().map(|visit| visit.name.to_string()).collect()
    }

    /// The history as `GetExecutionHistory` answers it, one JSON object per event.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>
    #[must_use]
    pub fn history(&self) -> Vec<serde_json::Value> {
        self.record.events.iter().map(|event| (&event.to_wire(true)).into()).collect()
    }

    /// The history as a timeline for people, with offsets from the start:
    ///
    /// ```text
    ///   +0s  started with {"userId":"u-1"}
    ///   +0s  SaveUser (Task) {"userId":"u-1"}
    ///   +0s    attempt 1: calls dynamodb:putItem with {"TableName":"users"}
    ///   +0s    attempt 1 failed: DynamoDB.ThrottlingException: slow down
    ///   +1s    attempt 2, 1s later: calls dynamodb:putItem with {"TableName":"users"}
    ///   +1s    attempt 2 returned {}
    ///   +1s  SaveUser left with {}
    ///   +1s  SUCCEEDED with {}
    /// ```
    ///
    /// Long payloads are cut: a state that changed only a part of a long input is told with that part, after `…`.
    /// The same execution has the same narrative on every machine and terminal. The wording may change between
    /// versions; [`history`](Self::history) is for programs.
    #[must_use]
    pub fn narrative(&self) -> String {
        self.narrative_cut(Cut::USUAL)
    }

    /// The [`narrative`](Self::narrative) with whole payloads, however long.
    #[must_use]
    pub fn narrative_in_full(&self) -> String {
        self.narrative_cut(Cut::NOTHING)
    }

    /// The [`narrative`](Self::narrative) with placeholders for what differs from run to run, as in
    /// [`redacted_history`](Self::redacted_history): for snapshots.
    #[must_use]
    pub fn redacted_narrative(&self) -> String {
        let record = Redaction::record(&self.record);
        let lines = narrative::narrate(&record, &Visits::of(&record.events), Cut::USUAL, &BTreeSet::new());
        narrative::render(&lines, &BTreeSet::new(), Style::plain())
    }

    /// The [`history`](Self::history) with placeholders for what differs from run to run, the same one for the same
    /// value: `[execution-1]` in ARNs (the execution itself is the first), `[map-run-1]`, `[uuid-1]`, `[token-1]`, and
    /// `[timestamp +1m30s]` for moments between start and end, as offsets from the start. Other dates are data and stay.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::new();
    ///     let report = sfn.state_machine("report").runs_for("90s").returns(json!({"rows": 3})).create();
    ///     let arn = sfn.start_execution(&report, json!({}));
    ///     let history = sfn.execution(arn).finished().await.redacted_history();
    ///     assert_eq!(history.last().unwrap()["timestamp"], "[timestamp +1m30s]");
    /// }
    /// ```
    #[must_use]
    pub fn redacted_history(&self) -> Vec<serde_json::Value> {
        Redaction::events(&self.record).iter().map(Into::into).collect()
    }

    fn narrative_cut(&self, cut: Cut) -> String {
        let lines = narrative::narrate(&self.record, &self.visits, cut, &BTreeSet::new());
        narrative::render(&lines, &BTreeSet::new(), Style::plain())
    }

    /// Ids are in ascending order, mostly without gaps.
    pub(super) fn event(&self, id: u64) -> Option<&HistoryEvent> {
        let events = &self.record.events;
        let at = events.binary_search_by_key(&id, |event| event.id).ok()?;
        events.get(at)
    }

    /// The event that ended it; the last one, if it was redriven.
    pub(super) fn end_event(&self) -> Option<&HistoryEvent> {
        self.record.events.iter().rev().find(|event| Role::from(event.event_type) == Role::ExecutionEnded)
    }

    pub(super) fn state_names(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        for visit in self.visits.iter() {
            if !names.contains(&visit.name) {
                names.push(Arc::clone(&visit.name));
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::test_history::History;

    #[test]
    fn what_no_assertion_covers_can_be_read() {
        let execution = History::started_with("1").passes("A", "1", "2").after("90s").succeeded("2");
        assert_eq!(execution.status(), ExecutionStatus::Succeeded);
        assert_eq!((execution.input(), execution.output()), (json!(1), Some(json!(2))));
        assert_eq!((execution.error(), execution.cause()), (None, None));
        assert_eq!((execution.name(), execution.state_machine_name()), ("e-1", "orders"));
        assert!(execution.arn().ends_with(":execution:orders:e-1"));
        assert_eq!(execution.duration(), Some(Duration::from_secs(90)));
        assert_eq!(execution.path(), ["A"]);
        assert_eq!(execution.definition(), None);
        assert_eq!(execution.history().len(), 4);
        assert_eq!(execution.history().first().unwrap()["type"], "ExecutionStarted");
    }

    #[test]
    fn a_failure_has_an_error_and_a_cause_and_no_output() {
        let execution = History::started_with("1").failed("Boom", "it broke");
        assert_eq!((execution.error(), execution.cause()), (Some("Boom"), Some("it broke")));
        assert_eq!(execution.output(), None);
        assert_eq!(History::started_with("1").running().duration(), None);
    }
}
