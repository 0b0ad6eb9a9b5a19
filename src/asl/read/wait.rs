//! Wait states.

use super::cursor::Cursor;
use super::field;
use super::report::Language;
use super::state::StateReader;
use crate::asl::definition::{StateKind, Wait, WaitUntil};
use crate::model::Timestamp;

const LONGEST: u64 = 99_999_999;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    let until = match state.language {
        Language::JsonPath => in_json_path(state),
        Language::Jsonata => in_jsonata(state),
    };
    let transition = state.transition();
    Some(StateKind::Wait(Wait { until: until?, transition: transition? }))
}

fn in_json_path(state: &mut StateReader<'_, '_>) -> Option<WaitUntil> {
    let fields = &mut state.fields;
    fields.exactly_one(&["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]);
    let seconds = fields.take("Seconds").and_then(|seconds| seconds.integer(0..=LONGEST));
    let timestamp = fields.take("Timestamp").and_then(|timestamp| read_timestamp(&timestamp));
    let seconds_path = fields.take("SecondsPath").and_then(|path| field::path(&path));
    let timestamp_path = fields.take("TimestampPath").and_then(|path| field::path(&path));
    seconds
        .map(WaitUntil::Seconds)
        .or(timestamp.map(WaitUntil::Timestamp))
        .or(seconds_path.map(WaitUntil::SecondsPath))
        .or(timestamp_path.map(WaitUntil::TimestampPath))
}

fn in_jsonata(state: &mut StateReader<'_, '_>) -> Option<WaitUntil> {
    state.fields.exactly_one(&["Seconds", "Timestamp"]);
    let literal = |cursor: &Cursor<'_>| !field::is_expression(cursor.value());
    if let Some(seconds) = state.fields.take("Seconds").filter(literal) {
        seconds.integer(0..=LONGEST);
    }
    if let Some(timestamp) = state.fields.take("Timestamp").filter(literal) {
        read_timestamp(&timestamp);
    }
    None
}

pub(super) fn read_timestamp(cursor: &Cursor<'_>) -> Option<Timestamp> {
    let timestamp = Timestamp::parse(cursor.text()?);
    if timestamp.is_none() {
        cursor.invalid("String does not match RFC3339 timestamp");
    }
    timestamp
}
