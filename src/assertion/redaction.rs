//! A history without what differs from run to run: for snapshots that stay the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex_lite::{Captures, Regex};

use super::wording::span;
use crate::model::{EventDetails, ExecutionRecord, Failure, HistoryEvent, Json, Timestamp};

/// An ARN of Step Functions with its last part apart, a UUID, a task token, a moment. In this order: the first that fits.
const CHANGING: &str = concat!(
    r"(arn:[a-z-]+:states:[a-z0-9-]*:[0-9]{12}:(execution|express|mapRun):[A-Za-z0-9_./-]+:)([A-Za-z0-9_.:-]+)",
    r"|([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    r"|((?:AQ|AAAA)[A-Za-z0-9+/=_-]{80,})",
    r"|([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z)",
);

/// Puts placeholders for what changes, the same one for the same text: `[execution-1]`, `[uuid-2]`, `[timestamp +1s]`.
pub(super) struct Redaction {
    changing: Regex,
    started_at: Timestamp,
    /// The last moment of the execution: later ones, and earlier ones, are data.
    ended_at: Timestamp,
    known: BTreeMap<String, String>,
    counted: BTreeMap<&'static str, usize>,
}

impl Redaction {
    /// `None` never happens: the pattern is ours.
    fn of(record: &ExecutionRecord) -> Option<Self> {
        let last = record.events.last().map_or(record.start_date, |event| event.timestamp);
        let mut redaction = Self {
            changing: Regex::new(CHANGING).ok()?,
            started_at: record.start_date,
            ended_at: record.stop_date.unwrap_or(last),
            known: BTreeMap::new(),
            counted: BTreeMap::new(),
        };
        redaction.placeholder("execution", &record.name);
        Some(redaction)
    }

    /// The record with placeholders in all texts and payloads.
    pub(super) fn record(record: &ExecutionRecord) -> ExecutionRecord {
        let Some(mut redaction) = Self::of(record) else { return record.clone() };
        let events = record
            .events
            .iter()
            .map(|event| HistoryEvent { details: redaction.details(event.details.clone()), ..event.clone() });
        let events = events.collect();
        let failure = record.failure.clone().map(|failure| redaction.failure(failure));
        ExecutionRecord { events, failure, ..record.clone() }
    }

    /// The events as they are on the wire, with placeholders.
    pub(super) fn events(record: &ExecutionRecord) -> Vec<Json> {
        let redacted = Self::record(record);
        let wire = |event: &HistoryEvent| {
            let mut members = event.to_wire(true).as_object().cloned().unwrap_or_default();
            let moment = moment(record.start_date, event.timestamp);
            members.insert("timestamp".into(), Json::string(moment));
            Json::object(members)
        };
        redacted.events.iter().map(wire).collect()
    }

    fn text(&mut self, text: &str) -> String {
        let changing = self.changing.clone();
        changing.replace_all(text, |found: &Captures<'_>| self.replacement(found)).into_owned()
    }

    fn replacement(&mut self, found: &Captures<'_>) -> String {
        let part = |at: usize| found.get(at).map(|found| found.as_str());
        match (part(1), part(3), part(4), part(5), part(6)) {
            (Some(start), Some(name), ..) => {
                let kind = if part(2) == Some("mapRun") { "map-run" } else { "execution" };
                format!("{start}{}", self.placeholder(kind, name))
            }
            (.., Some(uuid), _, _) => self.placeholder("uuid", uuid),
            (.., Some(token), _) => self.placeholder("token", token),
            (.., Some(written)) => match Timestamp::parse(written) {
                Some(at) if at >= self.started_at && at <= self.ended_at => moment(self.started_at, at),
                Some(_) | None => written.to_owned(),
            },
            (..) => String::new(),
        }
    }

    /// The placeholder of a text, counted per kind from 1.
    fn placeholder(&mut self, kind: &'static str, text: &str) -> String {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let count = self.counted.entry(kind).or_default();
        *count += 1;
        let placeholder = format!("[{kind}-{count}]");
        self.known.insert(text.to_owned(), placeholder.clone());
        placeholder
    }

    fn shared(&mut self, text: &Arc<str>) -> Arc<str> {
        self.text(text).into()
    }

    fn failure(&mut self, failure: Failure) -> Failure {
        let cause = failure.cause.map(|cause| self.shared(&cause));
        Failure { cause, ..failure }
    }

    fn details(&mut self, mut details: EventDetails) -> EventDetails {
        match &mut details {
            EventDetails::ExecutionStarted { input: text, .. }
            | EventDetails::StateEntered { input: text, .. }
            | EventDetails::Output { output: text }
            | EventDetails::LambdaScheduled { input: text, .. }
            | EventDetails::ActivityScheduled { input: text, .. }
            | EventDetails::TaskScheduled { parameters: text, .. }
            | EventDetails::TaskOutput { output: text, .. }
            | EventDetails::MapRunStarted { map_run_arn: text }
            | EventDetails::MapRunRedriven { map_run_arn: text, .. } => *text = self.shared(text),
            EventDetails::StateExited { output, assigned_variables, .. } => {
                *output = self.shared(output);
                for (_, value) in assigned_variables {
                    *value = self.shared(value);
                }
            }
            EventDetails::Failed(failure)
            | EventDetails::TaskFailed { failure, .. }
            | EventDetails::EvaluationFailed { failure, .. } => *failure = self.failure(failure.clone()),
            EventDetails::None
            | EventDetails::ExecutionRedriven { .. }
            | EventDetails::ActivityStarted { .. }
            | EventDetails::TaskStarted(_)
            | EventDetails::MapStateStarted { .. }
            | EventDetails::MapIteration { .. } => {}
        }
        details
    }
}

/// `[timestamp +1m30s]`
fn moment(start: Timestamp, at: Timestamp) -> String {
    format!("[timestamp +{}]", span(at.since(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::History;

    const OWN: &str = "arn:aws:states:us-east-1:123456789012:execution:orders:e-1";

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let execution = History::started_with("{}").after("90s").succeeded("{}");
        let mut redaction = Redaction::of(&execution.record).unwrap();
        assert_eq!(redaction.text(text), expected);
    }

    #[test]
    fn names_in_arns_are_counted_and_the_execution_itself_is_the_first() {
        let child = "arn:aws:states:us-east-1:123456789012:execution:orders/Each:5bdf5de8-ca51-4c07-9f8f-9b6b3f1f2a11";
        check(
            &format!("{child} of {OWN}, {child}"),
            "arn:aws:states:us-east-1:123456789012:execution:orders/Each:[execution-2] of \
             arn:aws:states:us-east-1:123456789012:execution:orders:[execution-1], \
             arn:aws:states:us-east-1:123456789012:execution:orders/Each:[execution-2]",
        );
        check(
            "arn:aws:states:eu-west-1:123456789012:mapRun:orders/Each:5bdf5de8-ca51-4c07-9f8f-9b6b3f1f2a11",
            "arn:aws:states:eu-west-1:123456789012:mapRun:orders/Each:[map-run-1]",
        );
    }

    #[test]
    fn uuids_and_tokens_have_a_placeholder_each() {
        let token = format!("AQCEAAAAKg{}", "a0".repeat(60));
        let (one, other) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
        check(
            &format!(r#"{{"a":"{one}","b":"{other}","c":"{one}","t":"{token}"}}"#),
            r#"{"a":"[uuid-1]","b":"[uuid-2]","c":"[uuid-1]","t":"[token-1]"}"#,
        );
    }

    #[test]
    fn moments_of_the_execution_are_offsets_and_others_are_data() {
        check(
            "2025-01-01T00:00:01.500Z 2025-01-01T00:01:30Z 2024-12-24T18:00:00Z 2025-01-02T00:00:00Z",
            "[timestamp +1.5s] [timestamp +1m30s] 2024-12-24T18:00:00Z 2025-01-02T00:00:00Z",
        );
    }

    #[test]
    fn events_keep_their_form() {
        let execution = History::started_with(&format!(r#"{{"by":"{OWN}"}}"#)).after("2s").failed("E", OWN);
        let texts: Vec<_> = Redaction::events(&execution.record).iter().map(Json::to_text).collect();
        assert_eq!(
            texts,
            [
                r#"{"timestamp":"[timestamp +0s]","type":"ExecutionStarted","id":1,"previousEventId":0,"executionStartedEventDetails":{"input":"{\"by\":\"arn:aws:states:us-east-1:123456789012:execution:orders:[execution-1]\"}","inputDetails":{"truncated":false},"roleArn":"arn:aws:iam::123456789012:role/r"}}"#,
                r#"{"timestamp":"[timestamp +2s]","type":"ExecutionFailed","id":2,"previousEventId":0,"executionFailedEventDetails":{"error":"E","cause":"arn:aws:states:us-east-1:123456789012:execution:orders:[execution-1]"}}"#,
            ]
        );
    }
}
