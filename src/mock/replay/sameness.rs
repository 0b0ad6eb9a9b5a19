//! Whether two payloads are the same, but for what no two executions have in common: task tokens, names of executions,
//! fresh UUIDs and the present time.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::known::Known;
use crate::model::json::Map;
use crate::model::{Json, Timestamp};

/// So many bytes of JSON are told at once.
const SMALL: usize = 100;

/// What is needed to tell a difference from chance.
pub(super) struct Sameness<'r> {
    pub(super) known: Known<'r>,
    pub(super) tokens: &'r BTreeSet<Arc<str>>,
    pub(super) ignored_members: &'r BTreeSet<String>,
    /// From the start to the end of the recorded execution, and of this one.
    pub(super) recorded_span: (Timestamp, Timestamp),
    pub(super) span: (Timestamp, Timestamp),
}

/// The first place at which two payloads differ.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    /// `$.items[2].id`
    pub(super) at: String,
    pub(super) recorded: Option<Json>,
    pub(super) now: Option<Json>,
}

impl Sameness<'_> {
    /// The first difference of two JSON texts.
    pub(super) fn compare_texts(&self, recorded: &str, now: &str) -> Option<Found> {
        if recorded == now {
            return None;
        }
        self.compare(&value_of(recorded), &value_of(now))
    }

    pub(super) fn compare(&self, recorded: &Json, now: &Json) -> Option<Found> {
        self.find("$", recorded, now)
    }

    fn find(&self, at: &str, recorded: &Json, now: &Json) -> Option<Found> {
        if let (Some(one), Some(other)) = (recorded.as_object(), now.as_object()) {
            let mut keys: Vec<_> =
                one.keys().chain(other.keys().filter(|key| !one.contains_key(*key))).collect();
            keys.retain(|key| !self.ignored_members.contains(&***key));
            // Another key instead of one: two small objects tell more than either key.
            let is_small = |value: &Json| value.to_text().len() <= SMALL;
            let lacks = |object: &Map| keys.iter().any(|key| !object.contains_key(*key));
            if lacks(one) && lacks(other) && is_small(recorded) && is_small(now) {
                let (recorded, now) = (Some(recorded.clone()), Some(now.clone()));
                return Some(Found { at: at.to_owned(), recorded, now });
            }
            return keys
                .into_iter()
                .find_map(|key| self.both(&member(at, key), one.get(key), other.get(key)));
        }
        if let (Some(one), Some(other)) = (recorded.as_array(), now.as_array()) {
            let mut indexes = 0..one.len().max(other.len());
            return indexes
                .find_map(|index| self.both(&format!("{at}[{index}]"), one.get(index), other.get(index)));
        }
        if recorded == now {
            return None;
        }
        if let (Json::String(one), Json::String(other)) = (recorded, now) {
            return self.find_in_texts(at, one, other);
        }
        if self.are_instants(recorded, now) {
            return None;
        }
        Some(Found { at: at.to_owned(), recorded: Some(recorded.clone()), now: Some(now.clone()) })
    }

    fn both(&self, at: &str, recorded: Option<&Json>, now: Option<&Json>) -> Option<Found> {
        match (recorded, now) {
            (Some(recorded), Some(now)) => self.find(at, recorded, now),
            (None, None) => None,
            _ => Some(Found { at: at.to_owned(), recorded: recorded.cloned(), now: now.cloned() }),
        }
    }

    /// Texts that hold JSON, such as the body of a message, are compared as JSON.
    fn find_in_texts(&self, at: &str, recorded: &Arc<str>, now: &Arc<str>) -> Option<Found> {
        let opened = |text: &str| text.starts_with(['{', '[']).then(|| Json::parse(text).ok()).flatten();
        if let (Some(one), Some(other)) = (opened(recorded), opened(now)) {
            return self.find(at, &one, &other);
        }
        if self.matches(recorded, now) {
            return None;
        }
        let text = |text: &Arc<str>| Some(Json::String(Arc::clone(text)));
        Some(Found { at: at.to_owned(), recorded: text(recorded), now: text(now) })
    }

    /// Milliseconds or seconds since 1970 that lie within the two executions.
    fn are_instants(&self, recorded: &Json, now: &Json) -> bool {
        let within = |value: &Json, (from, to): (Timestamp, Timestamp)| {
            let is_between = |scale: f64| {
                let millis = value.as_f64().map(|number| number * scale);
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "milliseconds of this millennium fit a double"
                )]
                millis.is_some_and(|millis| {
                    millis >= from.as_millis() as f64 && millis <= to.as_millis() as f64
                })
            };
            is_between(1.0) || is_between(1000.0)
        };
        within(recorded, self.recorded_span) && within(now, self.span)
    }

    /// Whether a text is the recorded one, whatever stands there where this one has something fresh.
    fn matches(&self, recorded: &str, now: &str) -> bool {
        let fixed = self.fixed_parts(now);
        let [first, middle @ .., last] = fixed.as_slice() else { return recorded == now };
        let Some(rest) = recorded.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
            return false;
        };
        let mut rest = rest;
        for part in middle {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        true
    }

    /// What is left of a text without its fresh parts; one part if it has none.
    fn fixed_parts<'t>(&self, now: &'t str) -> Vec<&'t str> {
        let mut parts = Vec::new();
        let mut start = 0;
        let mut at = 0;
        while let Some(rest) = now.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(length) = self.fresh(rest) {
                parts.push(now.get(start..at).unwrap_or_default());
                at += length;
                start = at;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
        parts.push(now.get(start..).unwrap_or_default());
        parts
    }

    /// The length of something fresh at the beginning of a text.
    fn fresh(&self, text: &str) -> Option<usize> {
        let token = || self.tokens.iter().find(|token| text.starts_with(&***token)).map(|token| token.len());
        let own = || self.known.own_names(text);
        let uuid = || self.known.fresh_uuid(text);
        let instant = || self.instant(text);
        token().or_else(own).or_else(uuid).or_else(instant)
    }

    /// An ISO 8601 date within the execution.
    fn instant(&self, text: &str) -> Option<usize> {
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let end = text.find(|c: char| !(c.is_ascii_digit() || "-:.TZ+".contains(c))).unwrap_or(text.len());
        let instant = Timestamp::parse(text.get(..end)?)?;
        let (from, to) = self.span;
        (instant >= from && instant <= to).then_some(end)
    }
}

/// `$.items`, or `$["two words"]`.
fn member(at: &str, key: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    if !key.is_empty() && key.chars().all(is_plain) {
        format!("{at}.{key}")
    } else {
        format!("{at}[{key:?}]")
    }
}

fn value_of(text: &str) -> Json {
    Json::parse(text).unwrap_or_else(|_| Json::from(text))
}
