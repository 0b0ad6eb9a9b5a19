//! How an execution ended.

use super::difference::{Difference, Kind, NOTHING};
use super::sameness::{Found, Sameness};
use crate::mock::text::inline_payload;
use crate::model::{ExecutionRecord, ExecutionStatus, Json};

/// The end as it differs from that of the recording; nothing if the recording has none.
pub(super) fn compare(
    recorded: &ExecutionRecord,
    now: &ExecutionRecord,
    sameness: &Sameness<'_>,
) -> Option<Difference> {
    if recorded.status == ExecutionStatus::Running {
        return None;
    }
    if (recorded.status, error_of(recorded)) != (now.status, error_of(now)) {
        return Some(difference(Kind::End, None, told(recorded), told(now)));
    }
    if let (Some(before), Some(after)) = (&recorded.output, &now.output) {
        let Found { at, recorded, now } = sameness.compare(before, after)?;
        return Some(difference(Kind::Output, Some(at), shown(recorded.as_ref()), shown(now.as_ref())));
    }
    let (before, after) = (cause_of(recorded), cause_of(now));
    sameness.compare(&before, &after)?;
    Some(difference(Kind::Cause, None, inline_payload(&before), inline_payload(&after)))
}

/// After every event.
const LAST: u64 = u64::MAX;

const fn difference(kind: Kind, at: Option<String>, recorded: String, now: String) -> Difference {
    Difference { kind, place: String::new(), state: None, at, recorded, now, event: LAST }
}

fn error_of(record: &ExecutionRecord) -> Option<&str> {
    record.failure.as_ref()?.error.as_deref()
}

fn cause_of(record: &ExecutionRecord) -> Json {
    let cause = record.failure.as_ref().and_then(|failure| failure.cause.clone());
    cause.map_or(Json::Null, Json::String)
}

/// `FAILED with Boom: it broke`
fn told(record: &ExecutionRecord) -> String {
    let cause = record
        .failure
        .as_ref()
        .and_then(|failure| failure.cause.as_deref())
        .filter(|cause| !cause.is_empty());
    match (error_of(record), cause) {
        (Some(error), Some(cause)) => format!("{} with {error}: {cause}", record.status),
        (Some(error), None) => format!("{} with {error}", record.status),
        (None, _) => record.status.to_string(),
    }
}

pub(super) fn shown(value: Option<&Json>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), inline_payload)
}
