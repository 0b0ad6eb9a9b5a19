//! `Retry` and `Catch`.

use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::field;
use super::report::Language;
use super::state::StateReader;
use crate::asl::retrier::{Catcher, JitterStrategy, Retrier};

const LARGEST: u64 = 99_999_999;
/// A year and a day: what the longest delay stays under.
const LONGEST_DELAY: u64 = 31_622_400;

pub(super) fn retriers(state: &mut StateReader<'_, '_>) -> Vec<Retrier> {
    let Some(items) = state.fields.take("Retry").and_then(|retry| retry.items()) else { return Vec::new() };
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().filter_map(|(index, item)| retrier(item, index == last)).collect()
}

fn retrier(cursor: &Cursor<'_>, is_last: bool) -> Option<Retrier> {
    let mut fields = cursor.fields()?;
    fields.require(&["ErrorEquals"]);
    let retrier = Retrier {
        error_equals: error_equals(&mut fields, is_last),
        interval_seconds: integer(&mut fields, "IntervalSeconds", 1).unwrap_or(1),
        max_attempts: integer(&mut fields, "MaxAttempts", 0).unwrap_or(3),
        backoff_rate: backoff_rate(&mut fields).unwrap_or(2.0),
        max_delay_seconds: fields
            .take("MaxDelaySeconds")
            .and_then(|seconds| seconds.integer(1..=LONGEST_DELAY)),
        jitter: jitter(&mut fields),
    };
    fields.finish();
    Some(retrier)
}

fn integer(fields: &mut Fields<'_>, name: &'static str, least: u64) -> Option<u64> {
    fields.take(name)?.integer(least..=LARGEST)
}

fn backoff_rate(fields: &mut Fields<'_>) -> Option<f64> {
    let cursor = fields.take("BackoffRate")?;
    let rate = cursor.number()?;
    if rate < 1.0 {
        cursor.invalid("Value must be greater than or equal to 1.0");
    }
    Some(rate)
}

fn jitter(fields: &mut Fields<'_>) -> JitterStrategy {
    match fields.take("JitterStrategy").and_then(|word| word.one_of("JitterStrategy", &["NONE", "FULL"])) {
        Some("FULL") => JitterStrategy::Full,
        Some(_) | None => JitterStrategy::None,
    }
}

pub(super) fn catchers(state: &mut StateReader<'_, '_>) -> Vec<Catcher> {
    let Some(items) = state.fields.take("Catch").and_then(|catch| catch.items()) else { return Vec::new() };
    let last = items.len().saturating_sub(1);
    items.iter().enumerate().filter_map(|(index, item)| catcher(state, item, index == last)).collect()
}

fn catcher<'j>(state: &StateReader<'j, '_>, cursor: &Cursor<'j>, is_last: bool) -> Option<Catcher> {
    let mut fields = cursor.fields()?;
    fields.require(&["ErrorEquals", "Next"]);
    let error_equals = error_equals(&mut fields, is_last);
    let next = fields.take("Next").and_then(|next| state.target(&next, "Next"));
    field::assign(&mut fields);
    let result_path = match state.language {
        Language::JsonPath => field::result_path(fields.take("ResultPath")),
        Language::Jsonata => {
            fields.take("Output");
            field::result_path(None)
        }
    };
    fields.finish();
    Some(Catcher { error_equals, next: next?, result_path })
}

fn error_equals(fields: &mut Fields<'_>, is_last: bool) -> Vec<Arc<str>> {
    let Some(cursor) = fields.take("ErrorEquals") else { return Vec::new() };
    let items = cursor.nonempty_items().unwrap_or_default();
    let names: Vec<Arc<str>> = items.iter().filter_map(|item| item.text()).map(Into::into).collect();
    if names.iter().any(|name| &**name == "States.ALL") {
        if names.len() > 1 {
            cursor.invalid("States.ALL must appear alone");
        }
        if !is_last {
            cursor.invalid("States.ALL is allowed only in the last element");
        }
    }
    names
}
