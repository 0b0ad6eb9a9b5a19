//! Task states: a resource, and how long to wait for it.

use super::cursor::Cursor;
use super::field::{self, SECONDS};
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
    if let (Some(Number::Fixed(timeout)), Some(Number::Fixed(heartbeat))) = (&timeout, &heartbeat) {
        if heartbeat >= timeout {
            state.fields.cursor().invalid("HeartbeatSeconds must be less than TimeoutSeconds");
        }
    }
    let credentials = state.fields.take("Credentials").and_then(|cursor| credentials(&cursor, state.language));
    let parameters = work::arguments(state);
    let work = work::read(state, parameters);
    Some(StateKind::Task(Box::new(Task { resource: resource?, timeout, heartbeat, credentials, work: work? })))
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
                cursor.invalid(format!("Express state machine does not support '{suffix}' service integration"));
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
            fields.at_most_one(&["RoleArn", "RoleArn.$"]);
            if role.is_none() && fields.take("RoleArn.$").is_none() {
                missing_role(cursor);
            }
            field::template(cursor)
        }
        Language::Jsonata => {
            if role.is_none() {
                missing_role(cursor);
            }
            None
        }
    }
}

fn missing_role(cursor: &Cursor<'_>) {
    cursor.invalid("The field 'RoleArn' is required but was missing");
}
