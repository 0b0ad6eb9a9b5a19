//! The step that reads the history of an execution.

use std::time::Duration;

use super::hook::Observed;
use super::steps::{At, Run};
use crate::contract::expectation::{Mismatch, compare};
use crate::contract::step::{EventPattern, HistoryStep};
use crate::model::human_duration::format_duration;
use crate::model::json::Map;
use crate::model::{Json, Operation};
use crate::pattern::Pattern;

/// An event pattern whose placeholders are filled in.
struct Wanted<'w> {
    pattern: &'w EventPattern,
    details: Pattern,
}

impl Run<'_> {
    pub(super) async fn history(&self, step: &HistoryStep, at: &At) -> Result<(), Mismatch> {
        let arn = self.filled(&Json::from(step.history.as_str()), at)?;
        let with = Json::from_members([("executionArn", arn), ("maxResults", Json::Int(1000))]);
        let pages = self.read_pages(Operation::GetExecutionHistory, &with, "events", at).await?;
        let events: Vec<Json> = pages.into_iter().flatten().collect();
        for (patterns, is_whole) in [(&step.events, true), (&step.includes, false)] {
            let Some(patterns) = patterns else { continue };
            let wanted =
                patterns.iter().map(|pattern| self.wanted(pattern, at)).collect::<Result<Vec<_>, _>>()?;
            self.hook.note(&at.pointer, || Observed::History {
                events: Json::array(events.clone()),
                wanted: patterns.clone(),
                details: wanted.iter().map(|wanted| wanted.details.clone()).collect(),
                is_whole,
            });
            if is_whole { check_all(&wanted, &events)? } else { check_some(&wanted, &events)? }
        }
        check_lacking(&step.lacks, &events)?;
        self.names.save(&step.save, &to_save(&events))
    }

    fn wanted<'w>(&self, pattern: &'w EventPattern, at: &At) -> Result<Wanted<'w>, Mismatch> {
        let details = match pattern.details() {
            Some(details) => self.pattern(details, at)?.included(),
            None => Pattern::Any(crate::pattern::Kind::Value),
        };
        Ok(Wanted { pattern, details })
    }
}

fn check_all(wanted: &[Wanted<'_>], events: &[Json]) -> Result<(), Mismatch> {
    for position in 0..wanted.len().max(events.len()) {
        let explained = match (wanted.get(position), events.get(position)) {
            (Some(wanted), Some(event)) => check_one(wanted, event, events),
            (Some(wanted), None) => {
                Err(Mismatch::new(format!("the event `{}` is missing", wanted.pattern.line())))
            }
            (None, Some(event)) => {
                Err(Mismatch::new(format!("there is one more event, `{}`", line_of(event))))
            }
            (None, None) => Ok(()),
        };
        if let Err(mismatch) = explained {
            let lines = |lines: Vec<&str>| lines.iter().map(|line| Json::from(*line)).collect::<Vec<_>>();
            let actual: Vec<String> = events.iter().map(line_of).collect();
            let actual = lines(actual.iter().map(String::as_str).collect());
            let expected = lines(wanted.iter().map(|wanted| wanted.pattern.line()).collect());
            let diff = mismatch
                .diff
                .or_else(|| crate::assertion::diff::of_json(&Json::array(expected), &Json::array(actual)));
            return Err(Mismatch { explanation: mismatch.explanation, diff });
        }
    }
    Ok(())
}

fn check_some(wanted: &[Wanted<'_>], events: &[Json]) -> Result<(), Mismatch> {
    let mut rest = events.iter();
    for wanted in wanted {
        let mut nearest = None;
        let found = rest.any(|event| match check_one(wanted, event, events) {
            Ok(()) => true,
            Err(mismatch) => {
                if mismatch.diff.is_some() || line_of(event).ends_with(wanted.pattern.line()) {
                    nearest = Some(mismatch);
                }
                false
            }
        });
        if !found {
            let line = wanted.pattern.line();
            let lines: Vec<_> = events.iter().map(line_of).collect();
            let near =
                nearest.map(|mismatch| format!("; nearest: {}", mismatch.explanation)).unwrap_or_default();
            let explanation = format!("no such event in this place: `{line}`{near}\n{}", lines.join("\n"));
            return Err(Mismatch::new(explanation));
        }
    }
    Ok(())
}

fn check_one(wanted: &Wanted<'_>, event: &Json, events: &[Json]) -> Result<(), Mismatch> {
    let (expected, actual) = (wanted.pattern.line(), line_of(event));
    let is_same = match expected.contains(' ') {
        true => actual == expected,
        false => actual.rsplit(' ').next() == Some(expected),
    };
    if !is_same {
        return Err(Mismatch::new(format!("the event must be `{expected}`, not `{actual}`")));
    }
    if let Some(at) = wanted.pattern.at() {
        let passed = Duration::try_from_secs_f64(seconds(event) - events.first().map_or(0.0, seconds));
        let passed = passed.unwrap_or_default();
        if passed.as_millis().abs_diff(at.as_millis()) > 0 {
            let (expected_at, passed) = (format_duration(at), format_duration(passed));
            return Err(Mismatch::new(format!(
                "`{actual}` must come after {expected_at}, not after {passed}"
            )));
        }
    }
    let details = details_of(event).cloned().unwrap_or_else(Json::empty_object);
    compare(&wanted.details, &details).map_err(|mismatch| Mismatch {
        explanation: format!("the details of `{actual}`: {}", mismatch.explanation),
        diff: mismatch.diff,
    })
}

fn seconds(event: &Json) -> f64 {
    // To the millisecond: differences of floats have more digits.
    event.get("timestamp").and_then(Json::as_f64).map_or(0.0, |seconds| (seconds * 1000.0).round() / 1000.0)
}

fn check_lacking(types: &[String], events: &[Json]) -> Result<(), Mismatch> {
    for kind in types {
        if let Some(event) = events.iter().find(|event| type_of(event) == kind) {
            return Err(Mismatch::new(format!("there must be no {kind}, but there is `{}`", line_of(event))));
        }
    }
    Ok(())
}

/// `4<3 TaskScheduled`.
pub(super) fn line_of(event: &Json) -> String {
    let number = |key: &str| event.get(key).and_then(Json::as_i64).unwrap_or_default();
    format!("{}<{} {}", number("id"), number("previousEventId"), type_of(event))
}

fn type_of(event: &Json) -> &str {
    event.get("type").and_then(Json::as_str).unwrap_or_default()
}

fn details_of(event: &Json) -> Option<&Json> {
    let members = event.as_object()?;
    members.iter().find(|(key, _)| key.ends_with("EventDetails")).map(|(_, details)| details)
}

/// Events, and the details of the first and last one of each type.
fn to_save(events: &[Json]) -> Json {
    let (mut first, mut last) = (Map::new(), Map::new());
    for event in events {
        let details = details_of(event).cloned().unwrap_or_else(Json::empty_object);
        first.entry(type_of(event).into()).or_insert_with(|| details.clone());
        last.insert(type_of(event).into(), details);
    }
    Json::from_members([
        ("events", Json::array(events.to_vec())),
        ("first", Json::object(first)),
        ("last", Json::object(last)),
    ])
}
