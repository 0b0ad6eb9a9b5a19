//! How an execution ended, for people and for programs.

use super::prepared::Prepared;
use crate::assertion::Execution;
use crate::model::{ExecutionRecord, Json};

/// The timeline, and then what came out of it in full.
pub(super) fn as_text(prepared: &Prepared, record: &ExecutionRecord) -> String {
    let head = format!("{} ({}) from {}", prepared.name, prepared.kind.as_str(), record.start_date);
    let timeline = Execution::new(record.clone()).narrative();
    let mut text = format!("{head}\n{}\n", timeline.trim_end());
    if let Some(output) = &record.output {
        text.extend(["\noutput:\n", &output.to_pretty_text()]);
    }
    let failure = record.failure.as_ref();
    if let Some(error) = failure.and_then(|failure| failure.error.as_deref()) {
        text.extend(["\nerror: ", error]);
    }
    if let Some(cause) = failure.and_then(|failure| failure.cause.as_deref()) {
        text.extend(["\ncause: ", cause]);
    }
    text
}

/// `output` is JSON itself, `history` as `GetExecutionHistory` answers it. What there is not is `null`.
pub(super) fn as_json(record: &ExecutionRecord) -> Json {
    let failure = record.failure.as_ref();
    let optional = |text: Option<&str>| text.map_or(Json::Null, Json::from);
    Json::from_members([
        ("status", Json::from(record.status.as_str())),
        ("output", record.output.as_ref().map_or(Json::Null, Json::compacted)),
        ("error", optional(failure.and_then(|failure| failure.error.as_deref()))),
        ("cause", optional(failure.and_then(|failure| failure.cause.as_deref()))),
        ("history", Json::array(record.events.iter().map(|event| event.to_wire(true)).collect())),
    ])
}
