//! `sfn.state_machine("orders").definition(…).create()`, and state machines of which only the outcome matters.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::core::Core;
use super::stub_definition::{Ending, Stub};
use crate::asl::diagnostic::DiagnosticCode;
use crate::model::IntoDuration;
use crate::model::api_error::{ApiError, ApiErrorKind};
use crate::model::{Json, Operation, StateMachineType};
use crate::service::account::Reply;

/// A state machine to be created; made by [`MockSfn::state_machine`](crate::MockSfn::state_machine).
///
/// It has either a [`definition`](Self::definition), or, where the definition does not matter, what its executions
/// shall do.
///
/// ```
/// # use sfn_testkit::prelude::*;
/// # let sfn = MockSfn::new();
/// let report = sfn.state_machine("report").runs_for("90s").returns(json!({"rows": 3})).create();
/// let billing = sfn.state_machine("billing").express().always_fails("Billing.CardDeclined", "no funds").create();
/// assert!(billing.ends_with(":stateMachine:billing"));
/// ```
#[derive(Debug)]
#[must_use = "there is no state machine before `.create()`"]
pub struct StateMachineBuilder {
    core: Core,
    name: String,
    definition: Option<String>,
    stub: Option<Stub>,
    kind: StateMachineType,
    role_arn: Option<String>,
    tags: Vec<(String, String)>,
}

impl StateMachineBuilder {
    pub(super) const fn new(core: Core, name: String) -> Self {
        let kind = StateMachineType::Standard;
        Self { core, name, definition: None, stub: None, kind, role_arn: None, tags: Vec::new() }
    }

    /// The definition, in the States Language.
    pub fn definition(mut self, text: impl Into<String>) -> Self {
        self.definition = Some(text.into());
        self
    }

    /// Of the type STANDARD, as it is unless you say otherwise.
    pub const fn standard(mut self) -> Self {
        self.kind = StateMachineType::Standard;
        self
    }

    /// Of the type EXPRESS.
    pub const fn express(mut self) -> Self {
        self.kind = StateMachineType::Express;
        self
    }

    /// The role that executions run as: `$$.Execution.RoleArn`.
    pub fn role_arn(mut self, role_arn: impl Into<String>) -> Self {
        self.role_arn = Some(role_arn.into());
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.push((key.into(), value.into()));
        self
    }

    /// Every execution succeeds with this output.
    pub fn returns(mut self, output: impl Into<Value>) -> Self {
        self.stub().ending = Some(Ending::Returns(Json::from(output.into())));
        self
    }

    /// Every execution fails with this error and cause.
    pub fn always_fails(mut self, error: impl Into<String>, cause: impl Into<String>) -> Self {
        self.stub().ending = Some(Ending::Fails { error: error.into(), cause: cause.into() });
        self
    }

    /// Every execution takes so long: whole seconds, such as `"90s"` or `"2h"`. Unless you say how it ends, it
    /// returns its input.
    ///
    /// # Panics
    /// If the text is no duration, or not of whole seconds: a Wait state knows no others.
    #[track_caller]
    #[expect(clippy::panic, reason = "a duration that nobody can read is a mistake in the test")]
    pub fn runs_for(mut self, duration: impl IntoDuration) -> Self {
        let duration = duration.into_duration().unwrap_or_else(|why| panic!("{why}"));
        assert!(
            duration == Duration::from_secs(duration.as_secs()),
            "an execution runs for whole seconds, not for {duration:?}"
        );
        self.stub().seconds = Some(duration.as_secs());
        self
    }

    fn stub(&mut self) -> &mut Stub {
        self.stub.get_or_insert_default()
    }

    /// Creates the state machine, as `CreateStateMachine` does.
    ///
    /// # Panics
    /// If the service refuses it: with all that is wrong with the definition, or with the service's words. If there
    /// is neither a definition nor an outcome, or both.
    #[track_caller]
    #[expect(clippy::panic, reason = "a state machine that cannot be created is a failed test")]
    pub fn create(self) -> StateMachineArn {
        let request = self.request().unwrap_or_else(|why| panic!("{why}"));
        if self.stub.is_some() {
            self.core.leave_out_of_coverage(&request);
        }
        match self.core.call_now(&self.core.caller(), Operation::CreateStateMachine, &request) {
            Reply::Answered(Ok(output)) => {
                let arn = output.get("stateMachineArn").and_then(Json::as_str).unwrap_or_default();
                StateMachineArn(arn.into())
            }
            Reply::Answered(Err(error)) => panic!("{}", refusal(&self.name, &error)),
            Reply::AwaitingExecution(arn) => StateMachineArn(arn),
            Reply::AwaitingActivityTask(_) => StateMachineArn("".into()),
        }
    }

    fn request(&self) -> Result<Json, String> {
        let name = &self.name;
        let definition = match (&self.definition, &self.stub) {
            (Some(definition), None) => definition.clone(),
            (None, Some(stub)) => stub.to_definition(),
            (None, None) => {
                return Err(format!(
                    "state machine `{name}` has nothing to do: give it a `.definition(…)`, or an outcome with \
                     `.returns(…)`, `.always_fails(…)` or `.runs_for(…)`"
                ));
            }
            (Some(_), Some(_)) => {
                return Err(format!(
                    "state machine `{name}` has a `.definition(…)`, which alone says what its executions do: \
                     mock its tasks with `sfn.on_state(…)` instead of `.returns(…)`, `.always_fails(…)` or \
                     `.runs_for(…)`"
                ));
            }
        };
        let place = self.core.caller().place;
        let role_arn = self
            .role_arn
            .clone()
            .unwrap_or_else(|| format!("arn:{}:iam::{}:role/sfn-testkit", place.partition, place.account));
        let mut members = vec![
            ("name", Json::from(name.as_str())),
            ("definition", Json::from(definition)),
            ("roleArn", Json::from(role_arn)),
            ("type", Json::from(self.kind.as_str())),
        ];
        if !self.tags.is_empty() {
            members.push(("tags", Json::array(self.tags.iter().map(tag).collect())));
        }
        Ok(Json::from_members(members))
    }
}

fn tag((key, value): &(String, String)) -> Json {
    Json::from_members([("key", Json::from(key.as_str())), ("value", Json::from(value.as_str()))])
}

/// Why the service refused to create the state machine; all findings on its definition, one per line.
fn refusal(name: &str, error: &ApiError) -> String {
    let ApiError { kind, message, .. } = error;
    if *kind == ApiErrorKind::InvalidDefinition {
        return format!("the definition of state machine `{name}` is invalid:{}", findings(message));
    }
    format!("state machine `{name}` was not created: {}: {message}", kind.name())
}

/// Parts `Invalid State Machine Definition: 'CODE: text, CODE: text'` at the codes.
fn findings(message: &str) -> String {
    let inner = message.strip_prefix("Invalid State Machine Definition: '");
    let mut text = inner.and_then(|inner| inner.strip_suffix('\'')).unwrap_or(message).to_owned();
    for code in DiagnosticCode::ERRORS {
        text = text.replace(&format!(", {}: ", code.as_str()), &format!("\n- {}: ", code.as_str()));
    }
    format!("\n- {text}")
}

/// The ARN of a state machine. Passes as text wherever one is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateMachineArn(Arc<str>);

impl StateMachineArn {
    /// The ARN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for StateMachineArn {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for StateMachineArn {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StateMachineArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StateMachineArn> for String {
    fn from(arn: StateMachineArn) -> Self {
        arn.to_string()
    }
}

impl From<&StateMachineArn> for String {
    fn from(arn: &StateMachineArn) -> Self {
        arn.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mock::MockSfn;

    fn refused(build: impl FnOnce(StateMachineBuilder) -> StateMachineBuilder) -> String {
        let sfn = MockSfn::new();
        build(sfn.state_machine("orders")).request().unwrap_err()
    }

    #[test]
    fn a_state_machine_has_a_definition_or_an_outcome() {
        assert_eq!(
            refused(|builder| builder),
            "state machine `orders` has nothing to do: give it a `.definition(…)`, or an outcome with \
             `.returns(…)`, `.always_fails(…)` or `.runs_for(…)`"
        );
        assert!(
            refused(|builder| builder.definition("{}").returns(json!(1)))
                .starts_with("state machine `orders` has a `.definition(…)`, which alone says")
        );
    }

    #[test]
    fn the_request_is_that_of_create_state_machine() {
        let sfn = MockSfn::builder().region("cn-north-1").build();
        let builder = sfn.state_machine("orders").definition("{}").express().tag("team", "a");
        assert_eq!(
            builder.request().unwrap().to_text(),
            r#"{"name":"orders","definition":"{}","roleArn":"arn:aws-cn:iam::123456789012:role/sfn-testkit","type":"EXPRESS","tags":[{"key":"team","value":"a"}]}"#
        );
    }

    #[test]
    fn all_findings_stand_one_below_the_other() {
        let error = ApiError::new(
            ApiErrorKind::InvalidDefinition,
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /, \
             MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A'",
        );
        assert_eq!(
            refusal("orders", &error),
            "the definition of state machine `orders` is invalid:\n\
             - SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /\n\
             - MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A"
        );
    }

    #[test]
    fn other_refusals_keep_the_words_of_the_service() {
        let error = ApiError::new(ApiErrorKind::InvalidName, "Invalid Name: 'a b'");
        assert_eq!(
            refusal("a b", &error),
            "state machine `a b` was not created: InvalidName: Invalid Name: 'a b'"
        );
    }

    #[test]
    #[should_panic(expected = "an execution runs for whole seconds, not for 250ms")]
    fn a_run_is_of_whole_seconds() {
        drop(MockSfn::new().state_machine("m").runs_for("250ms"));
    }
}
