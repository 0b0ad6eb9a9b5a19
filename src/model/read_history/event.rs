//! One event: the inverse of `HistoryEvent::to_wire`.

use std::sync::Arc;

use super::invalid::InvalidHistory;
use super::timestamps::instant;
use crate::model::history_event::TaskResource;
use crate::model::json::Map;
use crate::model::{EventDetails, Failure, HistoryEvent, HistoryEventType as Type, Json};

impl HistoryEvent {
    /// Reads one event of an answer of `GetExecutionHistory`. Members that nobody knows are skipped: AWS adds some.
    pub(crate) fn from_wire(event: &Json) -> Result<Self, InvalidHistory> {
        let Some(id) = event.get("id").and_then(whole) else {
            return Err(InvalidHistory::new(format!(
                "an event has no `id`: {}; give events as `aws stepfunctions get-execution-history` prints them",
                shortened(event)
            )));
        };
        let name = event.get("type").and_then(Json::as_str).unwrap_or_default();
        let Some(event_type) = Type::from_name(name) else {
            return Err(InvalidHistory::new(format!("event {id} has the unknown type `{name}`")));
        };
        let Some(timestamp) = event.get("timestamp").and_then(instant) else {
            return Err(InvalidHistory::new(format!(
                "event {id} ({event_type}) has no `timestamp` that is an ISO 8601 date or a number of seconds"
            )));
        };
        let member = event_type.details_member();
        let members =
            Members { id, event_type, map: member.and_then(|key| event.get(key)).and_then(Json::as_object) };
        Ok(Self {
            id,
            previous_event_id: event.get("previousEventId").and_then(whole).unwrap_or_default(),
            timestamp,
            event_type,
            details: members.details()?,
        })
    }
}

/// The details member of an event; one that is absent has no members.
struct Members<'e> {
    id: u64,
    event_type: Type,
    map: Option<&'e Map>,
}

impl Members<'_> {
    /// By the name of the member: types that share it have the same details.
    fn details(&self) -> Result<EventDetails, InvalidHistory> {
        let Some(member) = self.event_type.details_member() else {
            return Ok(EventDetails::None);
        };
        Ok(match member {
            "executionStartedEventDetails" => EventDetails::ExecutionStarted {
                input: self.payload("input")?,
                role_arn: self.optional("roleArn").unwrap_or_default(),
                state_machine_version_arn: self.optional("stateMachineVersionArn"),
                state_machine_alias_arn: self.optional("stateMachineAliasArn"),
            },
            "executionRedrivenEventDetails" => {
                EventDetails::ExecutionRedriven { redrive_count: self.number("redriveCount")? }
            }
            "stateEnteredEventDetails" => {
                EventDetails::StateEntered { name: self.text("name")?, input: self.payload("input")? }
            }
            "stateExitedEventDetails" => EventDetails::StateExited {
                name: self.text("name")?,
                output: self.payload("output")?,
                assigned_variables: self.variables(),
            },
            "executionSucceededEventDetails"
            | "lambdaFunctionSucceededEventDetails"
            | "activitySucceededEventDetails" => EventDetails::Output { output: self.payload("output")? },
            "evaluationFailedEventDetails" => EventDetails::EvaluationFailed {
                failure: self.failure(),
                location: self.optional("location"),
                state: self.text("state")?,
            },
            "mapStateStartedEventDetails" => EventDetails::MapStateStarted { length: self.size("length")? },
            "mapRunStartedEventDetails" => {
                EventDetails::MapRunStarted { map_run_arn: self.text("mapRunArn")? }
            }
            "mapRunRedrivenEventDetails" => EventDetails::MapRunRedriven {
                map_run_arn: self.text("mapRunArn")?,
                redrive_count: self.number("redriveCount")?,
            },
            _ if member.starts_with("mapIteration") => {
                EventDetails::MapIteration { name: self.text("name")?, index: self.size("index")? }
            }
            _ => self.task_details(member)?,
        })
    }

    fn task_details(&self, member: &str) -> Result<EventDetails, InvalidHistory> {
        Ok(match member {
            "activityScheduledEventDetails" => EventDetails::ActivityScheduled {
                resource: self.text("resource")?,
                input: self.payload("input")?,
                timeout_in_seconds: self.optional_number("timeoutInSeconds"),
                heartbeat_in_seconds: self.optional_number("heartbeatInSeconds"),
            },
            "activityStartedEventDetails" => {
                EventDetails::ActivityStarted { worker_name: self.optional("workerName") }
            }
            "lambdaFunctionScheduledEventDetails" => EventDetails::LambdaScheduled {
                resource: self.text("resource")?,
                input: self.payload("input")?,
                timeout_in_seconds: self.optional_number("timeoutInSeconds"),
                credentials_role_arn: self.credentials(),
            },
            "taskScheduledEventDetails" => EventDetails::TaskScheduled {
                task: self.task()?,
                region: self.optional("region").unwrap_or_default(),
                parameters: self.payload("parameters")?,
                timeout_in_seconds: self.optional_number("timeoutInSeconds"),
                heartbeat_in_seconds: self.optional_number("heartbeatInSeconds"),
                credentials_role_arn: self.credentials(),
            },
            "taskStartedEventDetails" => EventDetails::TaskStarted(self.task()?),
            "taskSubmittedEventDetails" | "taskSucceededEventDetails" => {
                EventDetails::TaskOutput { task: self.task()?, output: self.payload("output")? }
            }
            _ if member.starts_with("task") => {
                EventDetails::TaskFailed { task: self.task()?, failure: self.failure() }
            }
            // All that is left tells of a failure and says nothing else.
            _ => EventDetails::Failed(self.failure()),
        })
    }

    fn get(&self, key: &str) -> Option<&Json> {
        self.map?.get(key).filter(|value| !value.is_null())
    }

    fn optional(&self, key: &str) -> Option<Arc<str>> {
        self.get(key).and_then(Json::as_str).map(Arc::from)
    }

    fn optional_number(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(whole)
    }

    fn text(&self, key: &str) -> Result<Arc<str>, InvalidHistory> {
        self.optional(key).ok_or_else(|| self.lacks(key))
    }

    fn number(&self, key: &str) -> Result<u64, InvalidHistory> {
        self.optional_number(key).ok_or_else(|| self.lacks(key))
    }

    fn size(&self, key: &str) -> Result<usize, InvalidHistory> {
        // The API leaves a zero out now and then.
        Ok(usize::try_from(self.optional_number(key).unwrap_or_default()).unwrap_or_default())
    }

    /// A JSON text; tools that open texts for reading leave the value itself here.
    fn payload(&self, key: &str) -> Result<Arc<str>, InvalidHistory> {
        match self.get(key) {
            Some(value) => Ok(text_of(value)),
            None => Err(InvalidHistory::new(format!(
                "event {} ({}) has no `{key}`; fetch the history with `--include-execution-data`",
                self.id, self.event_type
            ))),
        }
    }

    fn failure(&self) -> Failure {
        Failure { error: self.optional("error"), cause: self.get("cause").map(text_of) }
    }

    fn task(&self) -> Result<TaskResource, InvalidHistory> {
        Ok(TaskResource { resource_type: self.text("resourceType")?, resource: self.text("resource")? })
    }

    fn credentials(&self) -> Option<Arc<str>> {
        self.get("taskCredentials")?.get("roleArn")?.as_str().map(Arc::from)
    }

    fn variables(&self) -> Vec<(Arc<str>, Arc<str>)> {
        let assigned = self.get("assignedVariables").and_then(Json::as_object);
        assigned.into_iter().flatten().map(|(name, value)| (Arc::clone(name), text_of(value))).collect()
    }

    fn lacks(&self, key: &str) -> InvalidHistory {
        InvalidHistory::new(format!("event {} ({}) has no `{key}`", self.id, self.event_type))
    }
}

fn text_of(value: &Json) -> Arc<str> {
    value.as_str().map_or_else(|| value.to_text().into(), Arc::from)
}

fn whole(value: &Json) -> Option<u64> {
    value.as_i64().and_then(|number| u64::try_from(number).ok())
}

/// The beginning of a value, for an error text.
pub(super) fn shortened(value: &Json) -> String {
    const LONGEST: usize = 80;
    let text = value.to_text();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
