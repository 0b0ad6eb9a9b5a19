//! What the page knows of an execution.

use super::event_data::events;
use super::texts::Texts;
use super::visit_data::visits;
use crate::assertion::Execution;
use crate::model::{Json, Timestamp};
use crate::report::graph::Graph;
use crate::report::taken::{Look, Taken};

/// All that the script reads. Times are milliseconds since the start; payloads are numbers in `texts`.
pub(super) fn data(
    execution: &Execution,
    graph: Option<(&Graph, &Taken)>,
    failed_assertion: Option<&str>,
) -> Json {
    let record = execution.record();
    let mut texts = Texts::default();
    let failure = record.failure.as_ref();
    let visits = visits(execution, graph.map(|(graph, _)| graph), &mut texts);
    let events = events(execution, &mut texts);
    let output = record.output.as_ref().map(|output| output.to_text().into());
    Json::from_members([
        ("name", Json::from(&*record.name)),
        ("stateMachine", Json::from(&*record.state_machine_name)),
        ("arn", Json::from(&*record.arn)),
        ("status", Json::from(record.status.as_str())),
        ("startDate", Json::from(record.start_date.to_string())),
        ("stopDate", record.stop_date.map_or(Json::Null, |at| Json::from(at.to_string()))),
        ("duration", record.stop_date.map_or(Json::Null, |at| offset(record.start_date, at))),
        ("input", texts.number(&record.input.to_text().into())),
        ("output", texts.optional(output.as_ref())),
        ("error", texts.optional(failure.and_then(|failure| failure.error.as_ref()))),
        ("cause", texts.optional(failure.and_then(|failure| failure.cause.as_ref()))),
        ("redriveCount", Json::from(execution.redrive_count())),
        ("failedAssertion", failed_assertion.map_or(Json::Null, Json::from)),
        ("states", graph.map_or(Json::Null, |(graph, taken)| states(graph, taken))),
        ("visits", visits),
        ("events", events),
        ("texts", texts.into_json()),
    ])
}

/// Those of the picture, by their numbers there.
fn states(graph: &Graph, taken: &Taken) -> Json {
    let states = graph.states().iter().map(|state| {
        let retriers: Vec<Json> = state.retriers.iter().map(|errors| Json::from(errors.join(", "))).collect();
        let ways = graph.leaving(state.id).map(|(position, way)| {
            let target = way.to.and_then(|id| graph.state(id)).map(|state| &*state.name);
            Json::from_members([
                ("kind", Json::from(way.kind.to_string())),
                ("label", Json::from(way.label.as_str())),
                ("to", target.map_or(Json::Null, Json::from)),
                ("count", Json::from(taken.transition(position))),
            ])
        });
        let look = taken.look(graph, state).map_or("elsewhere", Look::classes);
        Json::from_members([
            ("name", Json::from(&*state.name)),
            ("type", Json::from(state.kind.as_str())),
            ("detail", Json::from(state.detail.as_str())),
            ("look", Json::from(look)),
            ("retriers", Json::array(retriers)),
            ("ways", Json::array(ways.collect())),
        ])
    });
    Json::array(states.collect())
}

/// Milliseconds from the start. Clocks of recorded histories may have gone back.
pub(super) fn offset(start: Timestamp, at: Timestamp) -> Json {
    Json::from(at.as_millis() - start.as_millis())
}
