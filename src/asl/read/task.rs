//! Task states: a resource, and how long to wait for it.

use super::cursor::Cursor;
use super::field::{self, SECONDS};
use super::jsonata;
use super::report::Language;
use super::state::StateReader;
use super::work;
use crate::asl::definition::{Number, StateKind, Task};
use crate::asl::resource::{IntegrationPattern, Resource, ResourceKind};
use crate::model::StateMachineType;
use crate::query::PayloadTemplate;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    state.fields.require(&["Resource"]);
    let resource = state.fields.take("Resource").and_then(|resource| {
        let arn = resource.text()?;
        read_resource(&resource, arn, state.scope.machine_type)
    });
    let timeout = seconds(state, ["TimeoutSeconds", "TimeoutSecondsPath"]);
    let heartbeat = seconds(state, ["HeartbeatSeconds", "HeartbeatSecondsPath"]);
    if let (Some(Number::Fixed(timeout)), Some(Number::Fixed(heartbeat))) = (&timeout, &heartbeat)
        && heartbeat >= timeout
    {
        state.fields.cursor().invalid("HeartbeatSeconds must be less than TimeoutSeconds");
    }
    let credentials =
        state.fields.take("Credentials").and_then(|cursor| credentials(&cursor, state.language));
    let parameters = work::arguments(state);
    let work = work::read(state, parameters);
    Some(StateKind::Task(Box::new(Task {
        resource: resource?,
        timeout,
        heartbeat,
        credentials,
        work: work?,
    })))
}

fn seconds(state: &mut StateReader<'_, '_>, names: [&'static str; 2]) -> Option<Number> {
    field::number_or_path(&mut state.fields, names, SECONDS, state.language)
}

fn read_resource(cursor: &Cursor<'_>, arn: &str, machine_type: StateMachineType) -> Option<Resource> {
    let Some(resource) = Resource::parse(arn) else {
        not_recognized(cursor, arn);
        return None;
    };
    if machine_type == StateMachineType::Express {
        check_express(cursor, &resource);
    }
    Some(resource)
}

pub(super) fn not_recognized(cursor: &Cursor<'_>, arn: &str) {
    cursor.invalid(format!(
        "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
    ));
}

/// What EXPRESS state machines cannot wait for.
fn check_express(cursor: &Cursor<'_>, resource: &Resource) {
    match &resource.kind {
        ResourceKind::LambdaFunction => {}
        ResourceKind::Activity => cursor.invalid("Express state machine does not support Activity ARN"),
        ResourceKind::Integration { pattern, .. } => match pattern {
            IntegrationPattern::RequestResponse => {}
            IntegrationPattern::Sync | IntegrationPattern::Sync2 => {
                let suffix = pattern.suffix();
                cursor.invalid(format!(
                    "Express state machine does not support '{suffix}' service integration"
                ));
            }
            // AWS ends this text with a blank.
            IntegrationPattern::WaitForTaskToken => cursor
                .invalid("Express state machine does not support '.waitForTaskToken' service integration "),
        },
    }
}

/// `{"RoleArn": "…"}` or `{"RoleArn.$": "…"}`.
fn credentials(cursor: &Cursor<'_>, language: Language) -> Option<PayloadTemplate> {
    let mut fields = cursor.fields()?;
    let role = fields.take("RoleArn");
    if let Some(role) = &role {
        role.text();
    }
    match language {
        Language::JsonPath => {
            if role.is_none() && fields.take("RoleArn.$").is_none() {
                missing_role(cursor);
            }
            field::template(cursor)
        }
        Language::Jsonata => {
            if role.is_none() {
                missing_role(cursor);
            }
            jsonata::template(cursor, "Credentials", &[])
        }
    }
}

fn missing_role(cursor: &Cursor<'_>) {
    cursor.invalid("The field 'RoleArn' is required but was missing");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check_as, check_schema, check_state, machine_of, read};

    fn task(fields: &str) -> String {
        format!(r#"{{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,{fields}}}"#)
    }

    #[test]
    fn a_task_needs_a_resource_that_is_known() {
        check_schema(r#"{"Type":"Task","End":true}"#, &["These fields are required: [Resource] at ~"]);
        check_schema(
            r#"{"Type":"Task","End":true,"Resource":"arn:aws:states:::dynamodb:query"}"#,
            &[
                "The resource provided arn:aws:states:::dynamodb:query is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at ~/Resource",
            ],
        );
        check_schema(
            r#"{"Type":"Task","End":true,"Resource":{}}"#,
            &["Expected value of type String at ~/Resource"],
        );
    }

    #[test]
    fn express_machines_do_not_wait_for_services() {
        for (arn, message) in [
            (
                "arn:aws:states:::states:startExecution.sync",
                "Express state machine does not support '.sync' service integration at",
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                "Express state machine does not support '.sync:2' service integration at",
            ),
            (
                "arn:aws:states:::sns:publish.waitForTaskToken",
                "Express state machine does not support '.waitForTaskToken' service integration  at",
            ),
            (
                "arn:aws:states:us-east-1:123456789012:activity:a",
                "Express state machine does not support Activity ARN at",
            ),
        ] {
            let state = format!(r#"{{"Type":"Task","End":true,"Resource":"{arn}"}}"#);
            let expected = format!("SCHEMA_VALIDATION_FAILED: {message} /States/S/Resource");
            check_as(StateMachineType::Express, &machine_of(&state), &[&expected]);
            check_state(&state, &[]);
        }
        let call = r#"{"Type":"Task","End":true,"Resource":"arn:aws:states:::sns:publish"}"#;
        check_as(StateMachineType::Express, &machine_of(call), &[]);
    }

    #[test]
    fn timeouts_are_seconds_or_paths_to_them() {
        for (fields, message) in [
            (r#""TimeoutSeconds":0"#, "Value must be between 1 and 99999999 at ~/TimeoutSeconds"),
            (r#""TimeoutSeconds":"{% 1 %}""#, "Expected value of type Integer at ~/TimeoutSeconds"),
            (
                r#""TimeoutSeconds":9,"TimeoutSecondsPath":"$.t""#,
                "Only one of these fields is allowed: [TimeoutSeconds, TimeoutSecondsPath] at ~",
            ),
            (
                r#""HeartbeatSeconds":9,"HeartbeatSecondsPath":"$.t""#,
                "Only one of these fields is allowed: [HeartbeatSeconds, HeartbeatSecondsPath] at ~",
            ),
            (r#""HeartbeatSecondsPath":"t""#, "Value is not a valid JSONPath at ~/HeartbeatSecondsPath"),
            (
                r#""TimeoutSeconds":9,"HeartbeatSeconds":9"#,
                "HeartbeatSeconds must be less than TimeoutSeconds at ~",
            ),
        ] {
            check_schema(&task(fields), &[message]);
        }
        check_state(&task(r#""TimeoutSeconds":9,"HeartbeatSeconds":8"#), &[]);
        check_state(&task(r#""TimeoutSecondsPath":"$.t","HeartbeatSeconds":8"#), &[]);
    }

    #[test]
    fn credentials_name_a_role() {
        let missing = "The field 'RoleArn' is required but was missing at ~/Credentials";
        check_schema(&task(r#""Credentials":{}"#), &[missing]);
        check_schema(&task(r#""Credentials":"role""#), &["Expected value of type Object at ~/Credentials"]);
        check_schema(
            &task(r#""Credentials":{"RoleArn":1}"#),
            &["Expected value of type String at ~/Credentials/RoleArn"],
        );
        check_state(&task(r#""Credentials":{"RoleArn.$":"$.role"}"#), &[]);
        check_schema(&task(r#""QueryLanguage":"JSONata","Credentials":{}"#), &[missing]);
    }

    #[test]
    fn a_task_in_jsonata_takes_expressions_for_numbers() {
        check_state(
            &task(r#""QueryLanguage":"JSONata","TimeoutSeconds":"{% 1 %}","Arguments":"{% $x %}""#),
            &[],
        );
        check_schema(
            &task(r#""QueryLanguage":"JSONata","TimeoutSeconds":"1""#),
            &["Expected value of type Integer at ~/TimeoutSeconds"],
        );
    }

    #[test]
    fn a_task_is_read() {
        let definition = read(&machine_of(&task(
            r#""TimeoutSeconds":9,"HeartbeatSecondsPath":"$.h","Credentials":{"RoleArn":"r"},"Parameters":{},"ResultSelector":{}"#,
        )));
        let StateKind::Task(task) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        assert!(matches!(task.timeout, Some(Number::Fixed(9))));
        assert!(matches!(&task.heartbeat, Some(Number::At(path)) if &**path.text() == "$.h"));
        assert!(task.credentials.is_some());
        assert!(task.work.parameters.is_some() && task.work.result_selector.is_some());
        assert_eq!(&*task.resource.arn, "arn:aws:states:::sqs:sendMessage");
    }
}
