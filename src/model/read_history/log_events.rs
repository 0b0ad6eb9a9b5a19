//! Histories of EXPRESS executions: their events are in CloudWatch Logs, one JSON text each.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::json::Map;
use crate::model::{HistoryEventType, Json};

/// Whether this is an event as Step Functions writes it into a log.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html>
pub(super) fn is_log_event(document: &Json) -> bool {
    document.get("execution_arn").is_some() && document.get("type").is_some()
}

/// The log events of some executions as a page of `GetExecutionHistory` for each, in the order of their first events.
pub(super) fn pages(events: Vec<Json>) -> Vec<Json> {
    let mut executions: IndexMap<String, Vec<Json>> = IndexMap::new();
    for event in events {
        let arn = event.get("execution_arn").and_then(Json::as_str).unwrap_or_default().to_owned();
        executions.entry(arn).or_default().push(converted(&event));
    }
    let page = |(arn, events)| {
        Json::from_members([("executionArn", Json::from(arn)), ("events", Json::array(events))])
    };
    executions.into_iter().map(|(arn, events): (String, Vec<Json>)| page((arn, events))).collect()
}

/// Numbers are texts in logs, the instant is in milliseconds, and the details always have the same name.
fn converted(event: &Json) -> Json {
    let mut members = Map::new();
    let mut number = |key: &str, from: &str, scale: i64| {
        let value = event.get(from);
        let whole = value.and_then(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()));
        if let Some(whole) = whole {
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of this millennium fit a double")]
            let value = if scale == 1 { Json::Int(whole) } else { Json::Float(whole as f64 / scale as f64) };
            members.insert(key.into(), value);
        }
    };
    number("id", "id", 1);
    number("previousEventId", "previous_event_id", 1);
    number("timestamp", "event_timestamp", 1000);
    let name = event.get("type").cloned().unwrap_or(Json::Null);
    let member =
        name.as_str().and_then(HistoryEventType::from_name).and_then(HistoryEventType::details_member);
    if let (Some(member), Some(details)) = (member, event.get("details")) {
        members.insert(Arc::from(member), details.clone());
    }
    members.insert("type".into(), name);
    Json::object(members)
}
