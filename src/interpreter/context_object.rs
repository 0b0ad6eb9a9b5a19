//! The context object, `$$`: what a state can learn of its execution.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html>

use std::sync::Arc;

use super::frame::Frame;
use super::interpret::About;
use super::map_run::MapItem;
use crate::asl::definition::{State, StateKind};
use crate::model::Json;
use crate::model::json::Map;

/// `$$` for the current state of a frame. `token` is there while a task that waits for it is being prepared.
pub(super) fn build(about: &About, frame: &Frame, state: &State, token: Option<&Arc<str>>) -> Json {
    let mut context = Map::new();
    context.insert("Execution".into(), execution(about));
    context.insert("StateMachine".into(), state_machine(about));
    context.insert("State".into(), entered_state(frame, state));
    if let Some(token) = token {
        context.insert("Task".into(), Json::from_members([("Token", Json::String(Arc::clone(token)))]));
    }
    if let Some(item) = &frame.item {
        context.insert("Map".into(), map(item));
    }
    Json::object(context)
}

fn execution(about: &About) -> Json {
    let redrives = about.redriven.map_or(0, |redriven| redriven.count);
    let redrive_count = (!about.synchronous).then(|| ("RedriveCount", redrives.into()));
    let redrive_time = about.redriven.map(|redriven| ("RedriveTime", redriven.time.to_string().into()));
    let members = [
        ("Id", Json::String(Arc::clone(&about.execution_arn))),
        ("Input", about.input.compacted()),
        ("StartTime", about.start_time.to_string().into()),
        ("Name", Json::String(Arc::clone(&about.execution_name))),
        ("RoleArn", Json::String(Arc::clone(&about.role_arn))),
    ];
    Json::from_members(members.into_iter().chain(redrive_count).chain(redrive_time))
}

fn state_machine(about: &About) -> Json {
    Json::from_members([
        ("Id", Json::String(Arc::clone(&about.state_machine_arn))),
        ("Name", name_of_machine(about).into()),
    ])
}

/// In the child executions of a Distributed Map, with the label.
fn name_of_machine(about: &About) -> &str {
    about.state_machine_arn.rsplit_once(':').map_or(&*about.state_machine_name, |(_, name)| name)
}

/// Only states that can be retried have a `RetryCount`.
fn entered_state(frame: &Frame, state: &State) -> Json {
    let mut members = Map::new();
    members.insert("Name".into(), Json::String(Arc::clone(&state.name)));
    members.insert("EnteredTime".into(), frame.entered_time.to_string().into());
    if matches!(state.kind, StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) {
        members.insert("RetryCount".into(), frame.retries.total.into());
    }
    Json::object(members)
}

fn map(item: &MapItem) -> Json {
    let mut members = Map::new();
    members.insert("Index".into(), Json::from(item.index));
    members.insert("Value".into(), item.value.compacted());
    for (name, text) in [("Key", &item.key), ("Source", &item.source)] {
        if let Some(text) = text {
            members.insert(name.into(), Json::String(Arc::clone(text)));
        }
    }
    Json::from_members([("Item", Json::object(members))])
}
