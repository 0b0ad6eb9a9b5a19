//! One recorded execution, put together from all answers that tell of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::model::arn::StatesArn;
use crate::model::read_history::RecordedHistory;
use crate::model::{ExecutionRecord, ExecutionStatus, Json, Timestamp};

/// What a cassette tells of an execution.
#[derive(Debug, Clone, Default)]
pub(super) struct Ran {
    pub(super) arn: String,
    pub(super) input: Option<Json>,
    status: Option<String>,
    output: Option<Json>,
    error: Option<String>,
    cause: Option<String>,
    start_date: Option<Timestamp>,
    stop_date: Option<Timestamp>,
    /// By their numbers: a history that was asked for several times has each event once.
    events: BTreeMap<i64, Json>,
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ending {
    Succeeded(Json),
    Failed {
        error: String,
        cause: String,
    },
    TimedOut,
    /// It was stopped by the client, or is running in the recording.
    Open,
}

impl Ran {
    pub(super) fn new(arn: &str) -> Self {
        Self { arn: arn.to_owned(), ..Self::default() }
    }

    /// The answer of `DescribeExecution` or `StartSyncExecution`. Members that it lacks stay as they are.
    pub(super) fn describe(&mut self, answer: &Json) {
        let text = |key: &str| answer.get(key).and_then(Json::as_str).map(str::to_owned);
        let payload = |key: &str| answer.get(key).and_then(Json::as_str).map(value_of);
        let date = |key: &str| answer.get(key).and_then(Timestamp::from_epoch_seconds);
        self.input = payload("input").or_else(|| self.input.take());
        self.status = text("status").or_else(|| self.status.take());
        self.output = payload("output").or_else(|| self.output.take());
        self.error = text("error").or_else(|| self.error.take());
        self.cause = text("cause").or_else(|| self.cause.take());
        self.start_date = date("startDate").or(self.start_date);
        self.stop_date = date("stopDate").or(self.stop_date);
    }

    /// The answer of `GetExecutionHistory`, or one page of it.
    pub(super) fn add_events(&mut self, answer: &Json) {
        for event in answer.get("events").and_then(Json::as_array).unwrap_or_default() {
            if let Some(id) = event.get("id").and_then(Json::as_i64) {
                self.events.insert(id, event.clone());
            }
        }
    }

    /// The name of the state machine, as it stands in the ARN.
    pub(super) fn state_machine_name(&self) -> Option<&str> {
        StatesArn::parse(&self.arn).ok().map(|arn| arn.name())
    }

    /// Its whole history; `None` if the cassette has none, or one without payloads.
    pub(super) fn record(&self) -> Option<ExecutionRecord> {
        let page = Json::from_members([
            ("executionArn", Json::from(self.arn.as_str())),
            ("events", Json::array(self.events.values().cloned().collect())),
        ]);
        let history = RecordedHistory::of_pages(&[page]).ok()?;
        history.end()?;
        Some(history.into_record())
    }

    pub(super) fn ending(&self) -> Ending {
        if let Some(record) = self.record() {
            return ending_of(&record);
        }
        match self.status.as_deref() {
            Some("SUCCEEDED") => Ending::Succeeded(self.output.clone().unwrap_or(Json::Null)),
            Some("FAILED") => Ending::Failed {
                error: self.error.clone().unwrap_or_default(),
                cause: self.cause.clone().unwrap_or_default(),
            },
            Some("TIMED_OUT") => Ending::TimedOut,
            Some(_) | None => Ending::Open,
        }
    }

    /// Whether the cassette tells how it ended, if only by a call that stopped it.
    pub(super) fn has_ended(&self) -> bool {
        self.record().is_some() || self.status.as_deref().is_some_and(|status| status != "RUNNING")
    }

    pub(super) fn took(&self) -> Duration {
        match (self.start_date, self.stop_date, self.record()) {
            (Some(start), Some(stop), _) => stop.since(start),
            (_, _, Some(record)) => {
                record.stop_date.map_or(Duration::ZERO, |stop| stop.since(record.start_date))
            }
            (_, _, None) => Duration::ZERO,
        }
    }
}

fn ending_of(record: &ExecutionRecord) -> Ending {
    let text = |text: Option<&Arc<str>>| text.map(|text| text.to_string()).unwrap_or_default();
    let failure = record.failure.as_ref();
    match record.status {
        ExecutionStatus::Succeeded => Ending::Succeeded(record.output.clone().unwrap_or(Json::Null)),
        ExecutionStatus::Failed => Ending::Failed {
            error: text(failure.and_then(|failure| failure.error.as_ref())),
            cause: text(failure.and_then(|failure| failure.cause.as_ref())),
        },
        ExecutionStatus::TimedOut => Ending::TimedOut,
        ExecutionStatus::Running | ExecutionStatus::Aborted => Ending::Open,
    }
}

pub(super) fn value_of(text: &str) -> Json {
    Json::parse(text).unwrap_or_else(|_| Json::from(text))
}
