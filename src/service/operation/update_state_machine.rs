//! `UpdateStateMachine`.

use std::sync::Arc;

use super::create_state_machine::{read_definition, read_publication, read_role};
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json, Quota, Timestamp};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::configuration::{Encryption, Logging, Tracing};
use crate::service::error;
use crate::service::state_machine::{Content, Publication, StateMachine};

struct Input {
    content: Content,
    publication: Publication,
}

const CHANGEABLE: [&str; 5] =
    ["definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"];

impl Input {
    /// What the machine shall be: what is not given stays as it is.
    fn read(call: &Call<'_>, machine: &StateMachine) -> Result<Self, ApiError> {
        let publication = read_publication(call)?;
        if CHANGEABLE.iter().all(|member| call.member(member).is_none()) {
            return Err(ApiError::new(
                ApiErrorKind::MissingRequiredParameter,
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
            ));
        }
        let mut content = machine.current.content.clone();
        if let Some(role_arn) = call.text("roleArn") {
            content.role_arn = read_role(role_arn)?;
        }
        if let Some(given) = call.member("loggingConfiguration") {
            content.logging = Logging::read(given)?;
        }
        if let Some(given) = call.member("tracingConfiguration") {
            content.tracing = Tracing::read(given)?;
        }
        if let Some(given) = call.member("encryptionConfiguration") {
            content.encryption = Encryption::read(given)?;
        }
        if let Some(text) = call.text("definition") {
            content.definition = read_definition(text, machine.machine_type)?;
            content.definition_text = text.into();
        }
        Ok(Self { content, publication })
    }
}

struct Output {
    update_date: Timestamp,
    revision_id: Option<Arc<str>>,
    state_machine_version_arn: Option<String>,
}

impl Output {
    fn answer(self) -> Result<Json, ApiError> {
        Answer::default()
            .with_date("updateDate", self.update_date)
            .with_optional("revisionId", self.revision_id)
            .with_optional("stateMachineVersionArn", self.state_machine_version_arn)
            .done()
    }
}

/// Executions that run keep what they were started from.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let limit = account.quota(Quota::Versions);
    let machine = account.changeable(call, call.required("stateMachineArn"))?;
    let input = Input::read(call, machine)?;
    let unchanged = machine.current.content.is_same(&input.content);
    if input.publication.publish && machine.versions.len() >= limit && !(unchanged && machine.is_published())
    {
        return Err(error::quota_exceeded("versions", limit));
    }
    machine.update(input.content, call.now);
    let version = input.publication.publish.then(|| machine.publish(input.publication.description, call.now));
    let output = Output {
        update_date: call.now,
        revision_id: machine.current.id.clone(),
        state_machine_version_arn: version.map(|number| machine.version_arn(number)),
    };
    output.answer()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::interpreter::command::Outcome;
    use crate::model::Json;
    use crate::model::Operation::{DeleteStateMachine, DescribeStateMachine, UpdateStateMachine};
    use crate::service::fixture::{Fixture, MACHINE, WAITING};

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}"{more}}}"#)
    }

    /// WAITING with other spacing, as a member.
    fn other_definition() -> String {
        format!(r#","definition":{}"#, Json::string(WAITING.replace(':', ": ")).to_text())
    }

    #[track_caller]
    fn check(more: &str, expected: &str) {
        Fixture::with_machines().check(UpdateStateMachine, &input(more), expected);
    }

    #[test]
    fn something_must_change() {
        let expected = "MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";
        check("", expected);
        check(r#","publish":true"#, expected);
    }

    #[test]
    fn the_same_content_keeps_the_initial_revision() {
        check(r#","roleArn":"arn:aws:iam::123456789012:role/r""#, r#"{"updateDate":1700000000}"#);
    }

    #[test]
    fn new_content_makes_a_new_revision() {
        let mut fixture = Fixture::with_machines();
        let first = fixture.text(UpdateStateMachine, &input(&other_definition()), "revisionId");
        let same = fixture.text(UpdateStateMachine, &input(&other_definition()), "revisionId");
        let second = fixture.text(
            UpdateStateMachine,
            &input(r#","tracingConfiguration":{"enabled":true}"#),
            "revisionId",
        );
        let described = fixture.text(DescribeStateMachine, &input(""), "revisionId");
        assert_eq!((&first, &second), (&same, &described));
        assert_ne!(first, second);
    }

    #[test]
    fn publishing_an_unchanged_revision_gives_the_version_it_has() {
        let mut fixture = Fixture::with_machines();
        let publish = |fixture: &mut Fixture, more: &str| {
            fixture.text(
                UpdateStateMachine,
                &input(&format!(r#","publish":true{more}"#)),
                "stateMachineVersionArn",
            )
        };
        let role = r#","roleArn":"arn:aws:iam::123456789012:role/r""#;
        assert_eq!(publish(&mut fixture, role), format!("{MACHINE}:1"));
        assert_eq!(publish(&mut fixture, role), format!("{MACHINE}:1"));
        assert_eq!(publish(&mut fixture, &other_definition()), format!("{MACHINE}:2"));
        fixture.lower(crate::model::Quota::Versions, 2);
        assert_eq!(publish(&mut fixture, role), format!("{MACHINE}:2"));
        fixture.check(
            UpdateStateMachine,
            &input(r#","publish":true,"tracingConfiguration":{"enabled":true}"#),
            "ServiceQuotaExceededException: The state machine has reached the maximum number of versions (2)",
        );
    }

    #[test]
    fn a_version_keeps_its_content() {
        let mut fixture = Fixture::with_machines();
        fixture.ok(
            UpdateStateMachine,
            &input(r#","publish":true,"roleArn":"arn:aws:iam::123456789012:role/r""#),
        );
        fixture.ok(UpdateStateMachine, &input(r#","roleArn":"arn:aws:iam::123456789012:role/new""#));
        let version = format!(r#"{{"stateMachineArn":"{MACHINE}:1"}}"#);
        assert_eq!(
            fixture.text(DescribeStateMachine, &version, "roleArn"),
            "arn:aws:iam::123456789012:role/r"
        );
    }

    #[test]
    fn versions_labels_and_strangers_are_not_updated() {
        let mut fixture = Fixture::with_machines();
        fixture.ok(
            UpdateStateMachine,
            &input(r#","publish":true,"roleArn":"arn:aws:iam::123456789012:role/r""#),
        );
        let update = |suffix: &str| {
            format!(
                r#"{{"stateMachineArn":"{MACHINE}{suffix}","roleArn":"arn:aws:iam::123456789012:role/r"}}"#
            )
        };
        for suffix in [":1", ":2", "2"] {
            let expected =
                format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}{suffix}'");
            fixture.check(UpdateStateMachine, &update(suffix), &expected);
        }
        let error = fixture.call(UpdateStateMachine, &update("/label")).unwrap_err();
        assert_eq!(error.members, [("reason", Json::string("API_DOES_NOT_SUPPORT_LABELED_ARNS"))]);
        fixture.check(
            UpdateStateMachine,
            r#"{"stateMachineArn":"m"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: m'",
        );
    }

    #[test]
    fn a_machine_that_is_being_deleted_is_not_updated() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.ok(DeleteStateMachine, &input(""));
        fixture.check(
            UpdateStateMachine,
            &input(&other_definition()),
            &format!("StateMachineDeleting: State Machine Deleting: '{MACHINE}'"),
        );
        fixture.advance(Duration::from_secs(1));
        fixture.end(&execution, Outcome::TimedOut);
        fixture.check(
            UpdateStateMachine,
            &input(&other_definition()),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}'"),
        );
    }

    #[test]
    fn bad_values_are_refused() {
        check(r#","roleArn":"r""#, "InvalidArn: Invalid Role Arn: 'r'");
        check(
            r#","loggingConfiguration":{"level":"ALL"}"#,
            "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.",
        );
        check(
            r#","definition":"{}""#,
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
        );
        check(
            r#","versionDescription":"d","roleArn":"arn:aws:iam::123456789012:role/r""#,
            "ValidationException: Version description can only be set when publish is true",
        );
    }
}
