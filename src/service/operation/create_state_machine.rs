//! `CreateStateMachine`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::asl;
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json, Quota, SeededRandom, StateMachineType, Timestamp, name};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::configuration::{Encryption, Logging, Tracing};
use crate::service::state_machine::{Content, Publication, Revision, StateMachine};
use crate::service::{error, tags};

struct Input<'c> {
    name: &'c str,
    machine_type: StateMachineType,
    content: Content,
    publication: Publication,
}

impl<'c> Input<'c> {
    fn read(call: &Call<'c>) -> Result<Self, ApiError> {
        let name = call.required("name");
        if !name::is_valid(name) {
            return Err(error::invalid_name(name));
        }
        let machine_type = match call.text("type") {
            Some("EXPRESS") => StateMachineType::Express,
            Some(_) | None => StateMachineType::Standard,
        };
        let publication = read_publication(call)?;
        let content = Content {
            role_arn: read_role(call.required("roleArn"))?,
            logging: call.member("loggingConfiguration").map(Logging::read).transpose()?.unwrap_or_default(),
            tracing: call.member("tracingConfiguration").map(Tracing::read).transpose()?.unwrap_or_default(),
            encryption: call
                .member("encryptionConfiguration")
                .map(Encryption::read)
                .transpose()?
                .unwrap_or_default(),
            definition: read_definition(call.required("definition"), machine_type)?,
            definition_text: call.required("definition").into(),
        };
        Ok(Self { name, machine_type, content, publication })
    }
}

/// `publish` and `versionDescription`, of this operation and `UpdateStateMachine`.
pub(super) fn read_publication(call: &Call<'_>) -> Result<Publication, ApiError> {
    let publication = Publication {
        publish: call.flag("publish"),
        description: call.text("versionDescription").map(Arc::from),
    };
    if publication.description.is_some() && !publication.publish {
        return Err(error::validation("Version description can only be set when publish is true"));
    }
    Ok(publication)
}

pub(super) fn read_role(arn: &str) -> Result<Arc<str>, ApiError> {
    let mut parts = arn.splitn(6, ':');
    let is_role = parts.next() == Some("arn")
        && parts.nth(1) == Some("iam")
        && parts
            .nth(2)
            .and_then(|resource| resource.strip_prefix("role/"))
            .is_some_and(|role| !role.is_empty());
    if is_role {
        Ok(arn.into())
    } else {
        Err(ApiError::new(ApiErrorKind::InvalidArn, format!("Invalid Role Arn: '{arn}'")))
    }
}

pub(super) fn read_definition(
    text: &str,
    machine_type: StateMachineType,
) -> Result<Arc<asl::definition::Definition>, ApiError> {
    asl::read_definition(text, machine_type).map(Arc::new).map_err(|error| error::definition(&error))
}

struct Output {
    state_machine_arn: Arc<str>,
    creation_date: Timestamp,
    state_machine_version_arn: Option<String>,
}

impl Output {
    fn of(machine: &StateMachine, version: Option<u64>) -> Self {
        Self {
            state_machine_arn: Arc::clone(&machine.arn),
            creation_date: machine.creation_date,
            state_machine_version_arn: version.map(|number| machine.version_arn(number)),
        }
    }

    fn answer(self) -> Result<Json, ApiError> {
        Answer::default()
            .with("stateMachineArn", self.state_machine_arn)
            .with_date("creationDate", self.creation_date)
            .with_optional("stateMachineVersionArn", self.state_machine_version_arn)
            .done()
    }
}

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let input = Input::read(call)?;
    let arn: Arc<str> = call.caller.place.state_machine(input.name).into();
    let tags = tags::read(call.member("tags"), &arn, account.quota(Quota::Tags))?;
    if let Some(machine) = account.machines.get(&arn) {
        return repeated(machine, &input);
    }
    let in_region = account.machines.values().filter(|machine| machine.place == call.caller.place).count();
    if in_region >= account.quota(Quota::StateMachines) {
        return Err(error::state_machine_limit_exceeded(account.quota(Quota::StateMachines)));
    }
    account.machines_created += 1;
    let generation = account.machines_created;
    let mut machine = StateMachine {
        name: input.name.into(),
        place: call.caller.place.clone(),
        machine_type: input.machine_type,
        creation_date: call.now,
        current: Arc::new(Revision { id: None, content: input.content, date: call.now }),
        versions: BTreeMap::new(),
        last_version: 0,
        aliases: BTreeMap::new(),
        tags,
        deleting: false,
        generation,
        running_executions: 0,
        ids: SeededRandom::new(account.config.seed, &format!("{arn} {generation}")),
        publication: input.publication,
        arn: Arc::clone(&arn),
    };
    let publication = machine.publication.clone();
    let version = publication.publish.then(|| machine.publish(publication.description, call.now));
    let output = Output::of(&machine, version);
    account.machines.insert(arn, machine);
    output.answer()
}

/// The same call again answers the same; any other call for that name is refused.
fn repeated(machine: &StateMachine, input: &Input<'_>) -> Result<Json, ApiError> {
    if machine.deleting {
        return Err(error::state_machine_deleting(&machine.arn));
    }
    let same = machine.machine_type == input.machine_type
        && machine.publication == input.publication
        && machine.current.content.is_same_creation(&input.content);
    if same {
        Output::of(machine, input.publication.publish.then_some(1)).answer()
    } else {
        Err(error::state_machine_already_exists(&machine.arn))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{CreateStateMachine, DescribeStateMachine};
    use crate::service::fixture::{Fixture, MACHINE, WAITING, create_input};

    #[track_caller]
    fn check(fixture: &mut Fixture, more: &str, expected: &str) {
        fixture.check(CreateStateMachine, &create_input("m", WAITING, more), expected);
    }

    const CREATED: &str = r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","creationDate":1700000000}"#;
    const EXISTS: &str = "StateMachineAlreadyExists: State Machine Already Exists: 'arn:aws:states:us-east-1:123456789012:stateMachine:m'";

    #[test]
    fn the_same_call_again_answers_the_same() {
        let mut fixture = Fixture::new();
        check(&mut fixture, "", CREATED);
        fixture.advance_days(1);
        check(&mut fixture, "", CREATED);
        check(&mut fixture, r#","type":"STANDARD","publish":false"#, CREATED);
        check(&mut fixture, r#","loggingConfiguration":{"level":"OFF"}"#, CREATED);
    }

    #[test]
    fn every_compared_member_makes_a_difference() {
        let group = r#"{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}"#;
        for more in [
            r#","type":"EXPRESS""#,
            &format!(r#","loggingConfiguration":{{"level":"ALL","destinations":[{group}]}}"#),
            r#","tracingConfiguration":{"enabled":true}"#,
            r#","encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}"#,
            r#","publish":true"#,
            r#","publish":true,"versionDescription":"d""#,
        ] {
            let mut fixture = Fixture::with_machines();
            check(&mut fixture, more, EXISTS);
        }
    }

    #[test]
    fn the_definition_is_compared_as_text() {
        let mut fixture = Fixture::with_machines();
        let spaced = WAITING.replace(':', ": ");
        fixture.check(CreateStateMachine, &create_input("m", &spaced, ""), EXISTS);
    }

    #[test]
    fn role_and_tags_are_not_compared_and_not_updated() {
        let mut fixture = Fixture::with_machines();
        let other_role =
            create_input("m", WAITING, r#","tags":[{"key":"a"}]"#).replace("role/r", "role/other");
        fixture.check(CreateStateMachine, &other_role, CREATED);
        let described =
            fixture.text(DescribeStateMachine, &format!(r#"{{"stateMachineArn":"{MACHINE}"}}"#), "roleArn");
        assert_eq!(described, "arn:aws:iam::123456789012:role/r");
        assert!(fixture.account.machines[MACHINE].tags.is_empty());
    }

    #[test]
    fn tags_are_kept() {
        let mut fixture = Fixture::new();
        check(&mut fixture, r#","tags":[{"key":"team","value":"a"}]"#, CREATED);
        assert_eq!(&*fixture.account.machines[MACHINE].tags["team"], "a");
    }

    #[test]
    fn a_published_machine_has_version_1() {
        let mut fixture = Fixture::new();
        let expected = r#"{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","creationDate":1700000000,"stateMachineVersionArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m:1"}"#;
        check(&mut fixture, r#","publish":true,"versionDescription":"first""#, expected);
        check(&mut fixture, r#","publish":true,"versionDescription":"first""#, expected);
        check(&mut fixture, r#","publish":true,"versionDescription":"other""#, EXISTS);
    }

    #[test]
    fn a_version_description_needs_publish() {
        check(
            &mut Fixture::new(),
            r#","versionDescription":"d""#,
            "ValidationException: Version description can only be set when publish is true",
        );
    }

    #[test]
    fn names_have_forbidden_characters() {
        Fixture::new().check(
            CreateStateMachine,
            &create_input("a b", WAITING, ""),
            "InvalidName: Invalid Name: 'a b'",
        );
    }

    #[test]
    fn the_role_is_the_arn_of_a_role() {
        for role in
            ["role", "arn:aws:iam::123456789012:user/u", "arn:aws:iam::123456789012:role/", "arn:aws:s3:::b"]
        {
            Fixture::new().check(
                CreateStateMachine,
                &create_input("m", WAITING, "").replace("arn:aws:iam::123456789012:role/r", role),
                &format!("InvalidArn: Invalid Role Arn: '{role}'"),
            );
        }
    }

    #[test]
    fn a_bad_definition_is_refused_with_its_diagnostics() {
        Fixture::new().check(
            CreateStateMachine,
            &create_input("m", "{}", ""),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
        );
    }

    #[test]
    fn an_account_has_a_limit_of_machines_per_region() {
        let mut fixture = Fixture::with_machines();
        fixture.lower(crate::model::Quota::StateMachines, 2);
        fixture.check(
            CreateStateMachine,
            &create_input("third", WAITING, ""),
            "StateMachineLimitExceeded: State Machine Limit Exceeded: '2'",
        );
        check(&mut fixture, "", CREATED);
    }

    #[test]
    fn another_region_has_machines_of_its_own() {
        let mut fixture = Fixture::with_machines();
        fixture.caller.place = crate::model::arn::Place::of_region("cn-north-1", "123456789012");
        assert_eq!(fixture.create("m", ""), "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:m");
    }
}
