//! Small histories for tests: `History::new().task("Save").calls("{}").fails("E", "c").retries("1s")…`.

use std::sync::Arc;

use super::Execution;
use super::matcher::{Matcher, check};
use crate::model::history_event::TaskResource;
use crate::model::{
    EventDetails, ExecutionRecord, ExecutionStatus, Failure, HistoryEvent, HistoryEventType as Type,
    IntoDuration, Json, Timestamp,
};

const ARN: &str = "arn:aws:states:us-east-1:123456789012:execution:orders:e-1";

/// An execution of the state machine `orders` under construction, begun at 2025-01-01T00:00:00Z.
pub(crate) struct History {
    record: ExecutionRecord,
    now: Timestamp,
    /// The event that the next one follows.
    tip: u64,
}

impl History {
    pub(crate) fn started_with(input: &str) -> Self {
        let now = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
        let record = ExecutionRecord {
            arn: ARN.into(),
            name: "e-1".into(),
            state_machine_name: "orders".into(),
            status: ExecutionStatus::Running,
            start_date: now,
            stop_date: None,
            input: Json::parse(input).unwrap(),
            output: None,
            failure: None,
            events: vec![],
            map_runs: vec![],
            definition: None,
        };
        let details = EventDetails::ExecutionStarted {
            input: input.into(),
            role_arn: "arn:aws:iam::123456789012:role/r".into(),
            state_machine_version_arn: None,
            state_machine_alias_arn: None,
        };
        let mut history = Self { record, now, tip: 0 }.event(Type::ExecutionStarted, details);
        history.tip = 0;
        history
    }

    /// The definition that it runs.
    pub(crate) fn of_definition(mut self, text: &str) -> Self {
        self.record.definition = Some(text.into());
        self
    }

    /// Time passes.
    pub(crate) fn after(mut self, span: &str) -> Self {
        self.now = self.now.plus(span.into_duration().unwrap());
        self
    }

    /// The next event follows that one, not the last.
    pub(crate) fn following(mut self, event: u64) -> Self {
        self.tip = event;
        self
    }

    pub(crate) fn event(mut self, event_type: Type, details: EventDetails) -> Self {
        let id = self.record.events.len() as u64 + 1;
        let event =
            HistoryEvent { id, previous_event_id: self.tip, timestamp: self.now, event_type, details };
        self.record.events.push(event);
        self.tip = id;
        self
    }

    pub(crate) fn bare(self, event_type: Type) -> Self {
        self.event(event_type, EventDetails::None)
    }

    pub(crate) fn enters(self, event_type: Type, name: &str, input: &str) -> Self {
        self.event(event_type, EventDetails::StateEntered { name: name.into(), input: input.into() })
    }

    pub(crate) fn exits(self, event_type: Type, name: &str, output: &str) -> Self {
        let details = EventDetails::StateExited {
            name: name.into(),
            output: output.into(),
            assigned_variables: vec![],
        };
        self.event(event_type, details)
    }

    /// A whole Pass state.
    pub(crate) fn passes(self, name: &str, input: &str, output: &str) -> Self {
        self.enters(Type::PassStateEntered, name, input).exits(Type::PassStateExited, name, output)
    }

    /// A whole Pass state that assigns variables, given by name and JSON text.
    pub(crate) fn assigns(self, name: &str, variables: &[(&str, &str)]) -> Self {
        let details = EventDetails::StateExited {
            name: name.into(),
            output: "1".into(),
            assigned_variables: variables
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
        };
        self.enters(Type::PassStateEntered, name, "1").event(Type::PassStateExited, details)
    }

    pub(crate) fn enters_task(self, name: &str, input: &str) -> Self {
        self.enters(Type::TaskStateEntered, name, input)
    }

    pub(crate) fn exits_task(self, name: &str, output: &str) -> Self {
        self.exits(Type::TaskStateExited, name, output)
    }

    /// The task at hand calls `dynamodb:putItem`.
    pub(crate) fn calls(self, parameters: &str) -> Self {
        let details = EventDetails::TaskScheduled {
            task: put_item(),
            region: "us-east-1".into(),
            parameters: parameters.into(),
            timeout_in_seconds: None,
            heartbeat_in_seconds: None,
            credentials_role_arn: None,
        };
        self.event(Type::TaskScheduled, details)
            .event(Type::TaskStarted, EventDetails::TaskStarted(put_item()))
    }

    pub(crate) fn returns(self, output: &str) -> Self {
        let details = EventDetails::TaskOutput { task: put_item(), output: output.into() };
        self.event(Type::TaskSucceeded, details)
    }

    pub(crate) fn fails(self, error: &str, cause: &str) -> Self {
        let details = EventDetails::TaskFailed { task: put_item(), failure: Failure::new(error, cause) };
        self.event(Type::TaskFailed, details)
    }

    pub(crate) fn iteration(self, event_type: Type, name: &str, index: usize) -> Self {
        self.event(event_type, EventDetails::MapIteration { name: name.into(), index })
    }

    pub(crate) fn map_started(self, length: usize) -> Self {
        self.event(Type::MapStateStarted, EventDetails::MapStateStarted { length })
    }

    pub(crate) fn succeeded(mut self, output: &str) -> Execution {
        self.record.output = Some(Json::parse(output).unwrap());
        let details = EventDetails::Output { output: output.into() };
        self.event(Type::ExecutionSucceeded, details).ended(ExecutionStatus::Succeeded)
    }

    pub(crate) fn failed(self, error: &str, cause: &str) -> Execution {
        self.ended_by(Failure::new(error, cause), Type::ExecutionFailed, ExecutionStatus::Failed)
    }

    pub(crate) fn ended_by(
        mut self,
        failure: Failure,
        event_type: Type,
        status: ExecutionStatus,
    ) -> Execution {
        self.record.failure = Some(failure.clone());
        self.event(event_type, EventDetails::Failed(failure)).ended(status)
    }

    fn ended(mut self, status: ExecutionStatus) -> Execution {
        self.record.status = status;
        self.record.stop_date = Some(self.now);
        self.running()
    }

    /// As it is, without an end.
    pub(crate) fn running(self) -> Execution {
        Execution::new(self.record)
    }

    pub(crate) fn events(self) -> Vec<HistoryEvent> {
        self.record.events
    }
}

fn put_item() -> TaskResource {
    TaskResource { resource_type: Arc::from("dynamodb"), resource: Arc::from("putItem") }
}

/// Why the execution is not as the matcher says: the whole report but for its timeline.
#[track_caller]
pub(crate) fn why(execution: &Execution, matcher: &dyn Matcher) -> String {
    let report = check(execution, matcher).expect_err("the matcher holds").to_string();
    let (verdict, rest) = report.split_once("\n\ntimeline from 2025-01-01T00:00:00Z:\n").unwrap();
    rest.split_once("\n\nhint: ")
        .map_or(verdict.to_owned(), |(_, hints)| format!("{verdict}\n\nhint: {hints}"))
}

#[track_caller]
pub(crate) fn holds(execution: &Execution, matcher: &dyn Matcher) {
    check(execution, matcher).unwrap_or_else(|report| panic!("{report}"));
}

/// The numbers of the events that the report marks.
#[track_caller]
pub(crate) fn guilty(execution: &Execution, matcher: &dyn Matcher) -> Vec<u64> {
    matcher.explains(execution).expect("the matcher holds").guilty.into_iter().collect()
}
