//! One event of an execution's history, and its form on the wire.

use std::sync::Arc;

use super::json::Map;
use super::{Failure, HistoryEventType, Json, Timestamp};

/// One event of an execution's history.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HistoryEvent {
    /// Counted from 1.
    pub(crate) id: u64,
    /// The event that this one follows from; 0 for the first ones.
    pub(crate) previous_event_id: u64,
    pub(crate) timestamp: Timestamp,
    pub(crate) event_type: HistoryEventType,
    pub(crate) details: EventDetails,
}

/// What an event says beside its type. Payloads are JSON texts, as on the wire.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum EventDetails {
    /// No details member, or an empty one.
    None,
    /// `ExecutionStarted`.
    ExecutionStarted {
        input: Arc<str>,
        role_arn: Arc<str>,
        state_machine_version_arn: Option<Arc<str>>,
        state_machine_alias_arn: Option<Arc<str>>,
    },
    /// `…StateEntered`.
    StateEntered { name: Arc<str>, input: Arc<str> },
    /// `…StateExited`.
    StateExited { name: Arc<str>, output: Arc<str>, assigned_variables: Vec<(Arc<str>, Arc<str>)> },
    /// `ExecutionRedriven`: how often the execution was redriven, with this time.
    ExecutionRedriven { redrive_count: u64 },
    /// `ExecutionSucceeded`, `LambdaFunctionSucceeded`, `ActivitySucceeded`.
    Output { output: Arc<str> },
    /// `ExecutionFailed`, `ExecutionAborted`, `ExecutionTimedOut`, `LambdaFunctionFailed`, `ActivityFailed`, `MapRunFailed`, …
    Failed(Failure),
    /// `LambdaFunctionScheduled`.
    LambdaScheduled {
        resource: Arc<str>,
        input: Arc<str>,
        timeout_in_seconds: Option<u64>,
        credentials_role_arn: Option<Arc<str>>,
    },
    /// `ActivityScheduled`.
    ActivityScheduled {
        resource: Arc<str>,
        input: Arc<str>,
        timeout_in_seconds: Option<u64>,
        heartbeat_in_seconds: Option<u64>,
    },
    /// `ActivityStarted`.
    ActivityStarted { worker_name: Option<Arc<str>> },
    /// `TaskScheduled`.
    TaskScheduled {
        task: TaskResource,
        region: Arc<str>,
        parameters: Arc<str>,
        timeout_in_seconds: Option<u64>,
        heartbeat_in_seconds: Option<u64>,
        credentials_role_arn: Option<Arc<str>>,
    },
    /// `TaskStarted`.
    TaskStarted(TaskResource),
    /// `TaskSubmitted`, `TaskSucceeded`.
    TaskOutput { task: TaskResource, output: Arc<str> },
    /// `TaskFailed`, `TaskTimedOut`, `TaskStartFailed`, `TaskSubmitFailed`.
    TaskFailed { task: TaskResource, failure: Failure },
    /// `MapStateStarted`.
    MapStateStarted { length: usize },
    /// `MapRunStarted`.
    MapRunStarted { map_run_arn: Arc<str> },
    /// `MapRunRedriven`: how often the Map Run was redriven, with this time.
    MapRunRedriven { map_run_arn: Arc<str>, redrive_count: u64 },
    /// `MapIterationStarted`, …Succeeded, …Failed, …Aborted.
    MapIteration { name: Arc<str>, index: usize },
    /// `EvaluationFailed`.
    EvaluationFailed { failure: Failure, location: Option<Arc<str>>, state: Arc<str> },
}

/// `resourceType` and `resource` of a Task event: `sqs` and `sendMessage.waitForTaskToken`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskResource {
    pub(crate) resource_type: Arc<str>,
    pub(crate) resource: Arc<str>,
}

impl HistoryEvent {
    /// The event as `GetExecutionHistory` answers it. Without execution data, inputs and outputs are left out.
    pub(crate) fn to_wire(&self, include_execution_data: bool) -> Json {
        let mut event = Map::new();
        event.insert("timestamp".into(), self.timestamp.to_epoch_seconds());
        event.insert("type".into(), self.event_type.as_str().into());
        event.insert("id".into(), self.id.into());
        event.insert("previousEventId".into(), self.previous_event_id.into());
        if let Some(member) = self.event_type.details_member() {
            event.insert(member.into(), self.details.to_wire(include_execution_data));
        }
        Json::object(event)
    }
}

impl EventDetails {
    /// The payload of the event, or the cause of its failure.
    pub(crate) const fn payload(&self) -> Option<&Arc<str>> {
        match self {
            Self::ExecutionStarted { input: payload, .. }
            | Self::StateEntered { input: payload, .. }
            | Self::StateExited { output: payload, .. }
            | Self::Output { output: payload }
            | Self::LambdaScheduled { input: payload, .. }
            | Self::ActivityScheduled { input: payload, .. }
            | Self::TaskScheduled { parameters: payload, .. }
            | Self::TaskOutput { output: payload, .. } => Some(payload),
            Self::Failed(failure)
            | Self::TaskFailed { failure, .. }
            | Self::EvaluationFailed { failure, .. } => failure.cause.as_ref(),
            Self::None
            | Self::ExecutionRedriven { .. }
            | Self::ActivityStarted { .. }
            | Self::TaskStarted(_)
            | Self::MapStateStarted { .. }
            | Self::MapRunStarted { .. }
            | Self::MapRunRedriven { .. }
            | Self::MapIteration { .. } => None,
        }
    }

    fn to_wire(&self, include_execution_data: bool) -> Json {
        let mut members = Members { map: Map::new(), include_execution_data };
        self.write(&mut members);
        Json::object(members.map)
    }

    fn write(&self, to: &mut Members) {
        match self {
            Self::None => {}
            Self::ExecutionStarted {
                input,
                role_arn,
                state_machine_version_arn,
                state_machine_alias_arn,
            } => {
                to.payload("input", input);
                to.text("roleArn", role_arn);
                to.optional("stateMachineAliasArn", state_machine_alias_arn.as_ref());
                to.optional("stateMachineVersionArn", state_machine_version_arn.as_ref());
            }
            Self::StateEntered { name, input } => {
                to.text("name", name);
                to.payload("input", input);
            }
            Self::StateExited { name, output, assigned_variables } => {
                to.text("name", name);
                to.payload("output", output);
                to.variables(assigned_variables);
            }
            Self::ExecutionRedriven { redrive_count } => to.number("redriveCount", *redrive_count),
            Self::Output { output } => to.payload("output", output),
            Self::Failed(failure) => to.failure(failure),
            Self::MapRunStarted { map_run_arn } => to.text("mapRunArn", map_run_arn),
            Self::MapRunRedriven { map_run_arn, redrive_count } => {
                to.text("mapRunArn", map_run_arn);
                to.number("redriveCount", *redrive_count);
            }
            Self::MapStateStarted { length } => to.number("length", *length as u64),
            Self::MapIteration { name, index } => {
                to.text("name", name);
                to.number("index", *index as u64);
            }
            Self::EvaluationFailed { failure, location, state } => {
                to.failure(failure);
                to.optional("location", location.as_ref());
                to.text("state", state);
            }
            Self::LambdaScheduled { .. }
            | Self::ActivityScheduled { .. }
            | Self::ActivityStarted { .. }
            | Self::TaskScheduled { .. }
            | Self::TaskStarted(_)
            | Self::TaskOutput { .. }
            | Self::TaskFailed { .. } => self.write_task(to),
        }
    }

    fn write_task(&self, to: &mut Members) {
        match self {
            Self::LambdaScheduled { resource, input, timeout_in_seconds, credentials_role_arn } => {
                to.text("resource", resource);
                to.payload("input", input);
                to.optional_number("timeoutInSeconds", *timeout_in_seconds);
                to.credentials(credentials_role_arn.as_ref());
            }
            Self::ActivityScheduled { resource, input, timeout_in_seconds, heartbeat_in_seconds } => {
                to.text("resource", resource);
                to.payload("input", input);
                to.optional_number("timeoutInSeconds", *timeout_in_seconds);
                to.optional_number("heartbeatInSeconds", *heartbeat_in_seconds);
            }
            Self::ActivityStarted { worker_name } => to.optional("workerName", worker_name.as_ref()),
            Self::TaskScheduled {
                task,
                region,
                parameters,
                timeout_in_seconds,
                heartbeat_in_seconds,
                credentials_role_arn,
            } => {
                to.task(task);
                to.text("region", region);
                to.text("parameters", parameters);
                to.optional_number("timeoutInSeconds", *timeout_in_seconds);
                to.optional_number("heartbeatInSeconds", *heartbeat_in_seconds);
                to.credentials(credentials_role_arn.as_ref());
            }
            Self::TaskStarted(task) => to.task(task),
            Self::TaskOutput { task, output } => {
                to.task(task);
                to.payload("output", output);
            }
            Self::TaskFailed { task, failure } => {
                to.task(task);
                to.failure(failure);
            }
            Self::None
            | Self::ExecutionStarted { .. }
            | Self::ExecutionRedriven { .. }
            | Self::StateEntered { .. }
            | Self::StateExited { .. }
            | Self::Output { .. }
            | Self::Failed(_)
            | Self::MapStateStarted { .. }
            | Self::MapRunStarted { .. }
            | Self::MapRunRedriven { .. }
            | Self::MapIteration { .. }
            | Self::EvaluationFailed { .. } => {}
        }
    }
}

/// The details member under construction.
struct Members {
    map: Map,
    include_execution_data: bool,
}

impl Members {
    fn text(&mut self, key: &str, value: &Arc<str>) {
        self.map.insert(key.into(), Json::String(Arc::clone(value)));
    }

    fn optional(&mut self, key: &str, value: Option<&Arc<str>>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn number(&mut self, key: &str, value: u64) {
        self.map.insert(key.into(), Json::from(value));
    }

    fn optional_number(&mut self, key: &str, value: Option<u64>) {
        if let Some(value) = value {
            self.number(key, value);
        }
    }

    /// An input or output, with the member that says it is whole.
    fn payload(&mut self, key: &str, value: &Arc<str>) {
        if self.include_execution_data {
            self.text(key, value);
            self.map.insert(format!("{key}Details").into(), not_truncated());
        }
    }

    fn failure(&mut self, failure: &Failure) {
        self.optional("error", failure.error.as_ref());
        self.optional("cause", failure.cause.as_ref());
    }

    fn task(&mut self, task: &TaskResource) {
        self.text("resourceType", &task.resource_type);
        self.text("resource", &task.resource);
    }

    fn credentials(&mut self, role_arn: Option<&Arc<str>>) {
        if let Some(role_arn) = role_arn {
            let credentials = Json::from_members([("roleArn", Json::String(Arc::clone(role_arn)))]);
            self.map.insert("taskCredentials".into(), credentials);
        }
    }

    fn variables(&mut self, variables: &[(Arc<str>, Arc<str>)]) {
        if variables.is_empty() || !self.include_execution_data {
            return;
        }
        let values = variables.iter().map(|(name, text)| (Arc::clone(name), Json::String(Arc::clone(text))));
        self.map.insert("assignedVariables".into(), Json::from_members(values));
        self.map.insert("assignedVariablesDetails".into(), not_truncated());
    }
}

fn not_truncated() -> Json {
    Json::from_members([("truncated", Json::Bool(false))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event_type: HistoryEventType, details: EventDetails) -> HistoryEvent {
        HistoryEvent {
            id: 3,
            previous_event_id: 2,
            timestamp: Timestamp::from_millis(1000),
            event_type,
            details,
        }
    }

    #[test]
    fn a_task_failure_without_cause_has_no_cause_member() {
        let task = TaskResource { resource_type: "sqs".into(), resource: "sendMessage".into() };
        let failed = event(
            HistoryEventType::TaskTimedOut,
            EventDetails::TaskFailed { task, failure: Failure::timeout() },
        );
        assert_eq!(
            failed.to_wire(true).to_text(),
            r#"{"timestamp":1,"type":"TaskTimedOut","id":3,"previousEventId":2,"taskTimedOutEventDetails":{"resourceType":"sqs","resource":"sendMessage","error":"States.Timeout"}}"#
        );
    }

    #[test]
    fn execution_data_can_be_left_out() {
        let exited = event(
            HistoryEventType::PassStateExited,
            EventDetails::StateExited { name: "P".into(), output: "1".into(), assigned_variables: vec![] },
        );
        let details = |wire: &Json| wire.get("stateExitedEventDetails").unwrap().to_text();
        assert_eq!(
            details(&exited.to_wire(true)),
            r#"{"name":"P","output":"1","outputDetails":{"truncated":false}}"#
        );
        assert_eq!(details(&exited.to_wire(false)), r#"{"name":"P"}"#);
    }

    #[test]
    fn an_event_without_details_has_no_member_but_an_empty_failure_has_one() {
        let started = event(HistoryEventType::LambdaFunctionStarted, EventDetails::None);
        assert_eq!(started.to_wire(true).as_object().unwrap().len(), 4);
        let failed = event(
            HistoryEventType::ExecutionFailed,
            EventDetails::Failed(Failure { error: None, cause: None }),
        );
        assert_eq!(failed.to_wire(true).get("executionFailedEventDetails").unwrap().to_text(), "{}");
    }
}
