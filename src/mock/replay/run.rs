//! Runs a recorded execution in a mock of its own, on a clock that goes from timer to timer.

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::Arc;

use crate::assertion::Execution;
use crate::assertion::Style;
use crate::mock::Reports;
use crate::mock::core::{Core, CoreConfig};
use crate::mock::recorded::RecordedTasks;
use crate::mock::task_registry::TaskMockEntry;
use crate::mock::time::Time;
use crate::model::arn::{Place, StatesArn};
use crate::model::{
    EventDetails, ExecutionRecord, Failure, HistoryEventType as Type, Json, Operation, Quotas,
    StateMachineType, Timestamp,
};
use crate::service::account::Account;

/// Where a state machine lives, what it is called, and whose rights it has: its definition may read all of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    place: Place,
    name: Arc<str>,
    role_arn: Arc<str>,
}

/// An execution that was run again.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) execution: Execution,
    /// Every task token there was.
    pub(super) tokens: BTreeSet<Arc<str>>,
    /// The tasks that no recorded call answered: state and reason.
    pub(super) unanswered: Vec<(String, String)>,
}

/// What somebody outside did to the execution.
enum Act {
    Stop(Timestamp, Failure),
    Redrive(Timestamp),
}

impl Default for Home {
    fn default() -> Self {
        Self {
            place: Place::of_region("us-east-1", "123456789012"),
            name: "recorded".into(),
            role_arn: "arn:aws:iam::123456789012:role/recorded".into(),
        }
    }
}

impl Home {
    /// As far as the recording tells.
    pub(super) fn of(record: &ExecutionRecord) -> Self {
        let home = Self::default();
        let role_arn = match record.events.first().map(|event| &event.details) {
            Some(EventDetails::ExecutionStarted { role_arn, .. }) if !role_arn.is_empty() => {
                Arc::clone(role_arn)
            }
            _ => Arc::clone(&home.role_arn),
        };
        match StatesArn::parse(&record.arn) {
            // The state machine of a child execution is named after its Map Run too.
            Ok(arn) => {
                let name = arn.name().split('/').next().unwrap_or_default();
                Self { place: arn.place.clone(), name: name.into(), role_arn }
            }
            Err(_) => Self { role_arn, ..home },
        }
    }

    pub(super) fn config(&self) -> CoreConfig {
        self.config_at(Timestamp::from_millis(0))
    }

    fn config_at(&self, starts_at: Timestamp) -> CoreConfig {
        CoreConfig {
            account_id: Arc::clone(&self.place.account),
            region: Arc::clone(&self.place.region),
            seed: 0,
            starts_at,
            time: Time::Manual,
            quotas: Quotas::default(),
            mock_validation: None,
            coverage: None,
            style: Style::plain(),
            reports: Some(Reports::off()),
            auto_answers: false,
        }
    }

    /// The input of `CreateStateMachine`.
    pub(super) fn machine(&self, definition: &str, kind: StateMachineType) -> Json {
        Json::from_members([
            ("name", Json::String(Arc::clone(&self.name))),
            ("definition", Json::from(definition)),
            ("roleArn", Json::String(Arc::clone(&self.role_arn))),
            ("type", Json::from(kind.as_str())),
        ])
    }
}

/// `account` has the state machine of that home.
pub(super) fn run(home: &Home, account: Account, record: &ExecutionRecord, tasks: &RecordedTasks) -> Run {
    let core = Core::with_account(&home.config_at(record.start_date), account);
    core.task_mocks().add(Arc::new(TaskMockEntry::recorded(tasks.clone(), Location::caller())));
    let arn = started(&core, home, record);
    for act in acts(record) {
        match act {
            Act::Stop(at, failure) => {
                core.run_until(&arn, Some(at));
                drop(core.call_at_once(Operation::StopExecution, &stop(&arn, &failure)));
            }
            Act::Redrive(at) => {
                core.run_until(&arn, None);
                let _moved = core.advance(at.since(core.now()));
                let redrive = Json::from_members([("executionArn", Json::from(&*arn))]);
                drop(core.call_at_once(Operation::RedriveExecution, &redrive));
            }
        }
    }
    core.run_until(&arn, None);
    let unanswered = core.unmocked_tasks();
    let state = core.lock();
    let record = state.account.execution(&arn).expect("what was started is kept");
    Run { execution: Execution::new(record), tokens: state.account.task_tokens(), unanswered }
}

/// Starts the execution and gives its ARN.
fn started(core: &Core, home: &Home, record: &ExecutionRecord) -> String {
    let machine = home.place.state_machine(&home.name);
    let input = match record.events.first().map(|event| &event.details) {
        Some(EventDetails::ExecutionStarted { input, .. }) => Arc::clone(input),
        _ => record.input.to_text().into(),
    };
    let start = |name: Option<&Arc<str>>| {
        let name = name.map(|name| ("name", Json::String(Arc::clone(name))));
        let members =
            [("stateMachineArn", Json::from(&*machine)), ("input", Json::String(Arc::clone(&input)))];
        core.call_at_once(Operation::StartExecution, &Json::from_members(members.into_iter().chain(name)))
    };
    let name = Some(&record.name).filter(|name| !name.is_empty());
    let started = start(name).or_else(|_| start(None)).unwrap_or(Json::Null);
    started.get("executionArn").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn stop(arn: &str, failure: &Failure) -> Json {
    let member =
        |key, text: &Option<Arc<str>>| text.as_ref().map(|text| (key, Json::String(Arc::clone(text))));
    let why = member("error", &failure.error).into_iter().chain(member("cause", &failure.cause));
    Json::from_members(std::iter::once(("executionArn", Json::from(arn))).chain(why))
}

fn acts(record: &ExecutionRecord) -> Vec<Act> {
    let mut acts = Vec::new();
    for event in &record.events {
        if event.event_type == Type::ExecutionRedriven {
            acts.push(Act::Redrive(event.timestamp));
        } else if event.event_type == Type::ExecutionAborted
            && let EventDetails::Failed(failure) = &event.details
        {
            acts.push(Act::Stop(event.timestamp, failure.clone()));
        }
    }
    acts
}
