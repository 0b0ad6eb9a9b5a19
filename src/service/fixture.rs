//! An account for tests, with short words for what the tests of the operations do again and again.

use std::sync::Arc;
use std::time::Duration;

use super::account::{Account, AccountConfig, Caller, Reply};
use super::activity_tasks::PollId;
use crate::interpreter::command::Outcome;
use crate::model::arn::Place;
use crate::model::{ApiError, Json, Operation, Quota, Timestamp};

/// A definition whose execution runs until somebody ends it.
pub(super) const WAITING: &str =
    r#"{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":3600,"End":true}}}"#;

pub(super) const ROLE: &str = "arn:aws:iam::123456789012:role/r";

pub(super) const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

/// The moment at which every test begins.
pub(super) const START_SECONDS: i64 = 1_700_000_000;

pub(super) struct Fixture {
    pub(super) account: Account,
    pub(super) caller: Caller,
    pub(super) now: Timestamp,
    /// The last `GetActivityTask` that had to wait.
    pub(super) poll: Option<PollId>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::skipping(None)
    }

    pub(super) fn skipping(skip_after: Option<Duration>) -> Self {
        let config = AccountConfig { seed: 1, skip_after, quotas: Arc::default(), coverage: false };
        let mut fixture = Self {
            account: Account::new(config),
            caller: Caller { place: Place::of_region("us-east-1", "123456789012") },
            now: Timestamp::from_millis(0),
            poll: None,
        };
        fixture.advance(Duration::from_secs(START_SECONDS.unsigned_abs()));
        fixture
    }

    /// With the STANDARD machine `m` and the EXPRESS machine `e`, whose executions wait.
    pub(super) fn with_machines() -> Self {
        let mut fixture = Self::new();
        fixture.create("m", "");
        fixture.create("e", r#","type":"EXPRESS""#);
        fixture
    }

    /// With the machine `m`, whose versions 1 and 2 differ in their role: `r` and `new`.
    pub(super) fn with_versions() -> Self {
        let mut fixture = Self::new();
        fixture.create("m", r#","publish":true"#);
        let update = format!(
            r#"{{"stateMachineArn":"{MACHINE}","publish":true,"roleArn":"arn:aws:iam::123456789012:role/new"}}"#
        );
        fixture.ok(Operation::UpdateStateMachine, &update);
        fixture
    }

    /// Creates an alias of `m` for versions and their weights.
    #[track_caller]
    pub(super) fn create_alias(&mut self, name: &str, routes: &[(u64, u64)]) -> String {
        let route = |(version, weight): &(u64, u64)| {
            format!(r#"{{"stateMachineVersionArn":"{MACHINE}:{version}","weight":{weight}}}"#)
        };
        let routes: Vec<String> = routes.iter().map(route).collect();
        let input = format!(r#"{{"name":"{name}","routingConfiguration":[{}]}}"#, routes.join(","));
        self.text(Operation::CreateStateMachineAlias, &input, "stateMachineAliasArn")
    }

    #[track_caller]
    pub(super) fn lower(&mut self, quota: Quota, value: u64) {
        Arc::make_mut(&mut self.account.config.quotas).lower(quota, value).unwrap();
    }

    pub(super) fn advance(&mut self, duration: Duration) {
        self.now = self.now.plus(duration);
    }

    pub(super) fn advance_days(&mut self, days: u64) {
        self.advance(Duration::from_secs(days * 24 * 60 * 60));
    }

    pub(super) fn call(&mut self, operation: Operation, input: &str) -> Result<Json, ApiError> {
        let input = Json::parse(input).unwrap();
        match self.account.call(&self.caller, operation, &input, self.now) {
            Reply::Answered(answer) => answer,
            Reply::AwaitingActivityTask(poll) => {
                self.poll = Some(poll);
                Ok(Json::from_members([("awaiting", Json::from("a task"))]))
            }
            Reply::AwaitingExecution(arn) => Ok(Json::from_members([("awaiting", Json::String(arn))])),
        }
    }

    #[track_caller]
    pub(super) fn ok(&mut self, operation: Operation, input: &str) -> Json {
        self.call(operation, input).unwrap()
    }

    /// The member of a successful answer.
    #[track_caller]
    pub(super) fn text(&mut self, operation: Operation, input: &str, member: &str) -> String {
        self.ok(operation, input).get(member).and_then(Json::as_str).unwrap().to_owned()
    }

    /// Compares the answer's text, or `Kind: message` of the refusal.
    #[track_caller]
    pub(super) fn check(&mut self, operation: Operation, input: &str, expected: &str) {
        let found = match self.call(operation, input) {
            Ok(answer) => answer.to_text(),
            Err(error) => format!("{}: {}", error.kind.name(), error.message),
        };
        assert_eq!(found, expected);
    }

    /// Creates a machine of waiting executions; `more` is put behind the required members.
    #[track_caller]
    pub(super) fn create(&mut self, name: &str, more: &str) -> String {
        let input = create_input(name, WAITING, more);
        self.text(Operation::CreateStateMachine, &input, "stateMachineArn")
    }

    #[track_caller]
    pub(super) fn start(&mut self, machine_arn: &str, name: &str) -> String {
        let input = format!(r#"{{"stateMachineArn":"{machine_arn}","name":"{name}"}}"#);
        self.text(Operation::StartExecution, &input, "executionArn")
    }

    /// Ends an execution, whatever it is doing.
    pub(super) fn end(&mut self, execution_arn: &str, outcome: Outcome) {
        let arn = Arc::from(execution_arn);
        let execution = self.account.executions.get_mut(&arn).unwrap();
        execution.interpreter.end(outcome.clone());
        execution.close(outcome, self.now, self.now);
        self.account.execution_closed(&arn);
        self.account.settle(self.now);
    }
}

/// The input of `CreateStateMachine`; `more` is put behind the required members.
pub(super) fn create_input(name: &str, definition: &str, more: &str) -> String {
    let definition = Json::string(definition).to_text();
    format!(r#"{{"name":"{name}","roleArn":"{ROLE}","definition":{definition}{more}}}"#)
}
