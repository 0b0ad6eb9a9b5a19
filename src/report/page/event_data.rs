//! The history, event by event.

use super::data::offset;
use super::texts::Texts;
use super::visit_data::number;
use crate::assertion::Execution;
use crate::assertion::history::Role;
use crate::model::{EventDetails, HistoryEvent, Json};

/// Each is an array, since there may be many: id, previous id, milliseconds since the start, type, visit, payload,
/// other details, whether it tells of something that went wrong.
pub(super) fn events(execution: &Execution, texts: &mut Texts) -> Json {
    let start = execution.record().start_date;
    let all = execution.record().events.iter().map(|event| {
        Json::array(vec![
            Json::from(event.id),
            Json::from(event.previous_event_id),
            offset(start, event.timestamp),
            Json::from(event.event_type.as_str()),
            number(execution.visits().owner(event)),
            texts.optional(event.details.payload()),
            details(event, texts),
            Json::from(is_bad(event)),
        ])
    });
    Json::array(all.collect())
}

/// What the event says beside its payload or cause; variables are numbers of texts.
fn details(event: &HistoryEvent, texts: &mut Texts) -> Json {
    let wire = event.to_wire(false);
    let member = event.event_type.details_member().and_then(|member| wire.get(member));
    let mut details = member.and_then(Json::as_object).cloned().unwrap_or_default();
    details.shift_remove("cause");
    if event.details.payload().is_some() {
        // The payload of a task is no execution data to the API, but one to people.
        details.shift_remove("parameters");
    }
    if let EventDetails::StateExited { assigned_variables, .. } = &event.details
        && !assigned_variables.is_empty()
    {
        let variables = assigned_variables.iter().map(|(name, text)| (name.to_string(), texts.number(text)));
        details.insert("variables".into(), Json::from_members(variables));
    }
    Json::object(details)
}

fn is_bad(event: &HistoryEvent) -> bool {
    match Role::from(event.event_type) {
        Role::WorkFailed
        | Role::EvaluationFailed
        | Role::ContainerFailed(_)
        | Role::IterationFailed
        | Role::IterationAborted
        | Role::StateAborted(_)
        | Role::MapRunAborted => true,
        Role::ExecutionEnded => matches!(event.details, EventDetails::Failed(_)),
        Role::ExecutionStarted
        | Role::ExecutionRedriven
        | Role::StateEntered(_)
        | Role::StateExited
        | Role::WorkScheduled
        | Role::WorkStarted
        | Role::WorkSubmitted
        | Role::WorkSucceeded
        | Role::ContainerStarted(_)
        | Role::ContainerSucceeded(_)
        | Role::IterationStarted
        | Role::IterationSucceeded
        | Role::MapRunStarted
        | Role::MapRunRedriven
        | Role::MapRunSucceeded => false,
    }
}
