//! Why a value is not as expected: where it is instead, and which state lost or changed it.

use crate::assertion::Execution;
use crate::assertion::history::{Place, StateKind, Visit};
use crate::assertion::matcher::Compared;
use crate::model::{Json, fold};

use super::lookup::{Segment, places, segments, value_at};
use super::tracing;
use super::written::Written;

const VALUE_WIDTH: usize = 60;

/// Of the first difference between an expected and an actual value. `at` is the event that holds the value.
pub(super) fn of(
    execution: &Execution,
    written: Option<&Written>,
    (compared, at): (&Compared, u64),
) -> Vec<String> {
    let Compared { path, expected, actual } = compared;
    let (wanted, found) = (value_at(expected, path), value_at(actual, path));
    let mut hints: Vec<String> = Vec::new();
    hints.extend(of_type(path, wanted, found));
    hints.extend(misplaced(compared));
    let owner = visit_at(execution, at);
    match owner.filter(|visit| is_call(visit, at)) {
        Some(visit) => hints.extend(of_payload(written, visit, path, found)),
        None => {
            let place = owner.map_or(Place::Top, |visit| visit.place);
            let entry = owner.filter(|visit| visit.entered == at);
            let before = entry.map_or(at + 1, |visit| visit.entered);
            hints.extend(match found {
                None => tracing::of_lost(execution, written, (path, place, before)),
                Some(_) => tracing::of_changed(execution, (path, place, before)),
            });
        }
    }
    hints
}

fn visit_at(execution: &Execution, event: u64) -> Option<&Visit> {
    let event = execution.record.events.iter().find(|other| other.id == event)?;
    let is_end = execution.end_event().is_some_and(|end| end.id == event.id);
    execution.visits.owner(event).filter(|_| !is_end).and_then(|id| execution.visits.get(id))
}

/// Whether the event is a call of the visit: then its payload was made by `Parameters` or `Arguments`.
fn is_call(visit: &Visit, event: u64) -> bool {
    visit.kind == StateKind::Task
        && visit.attempts.iter().any(|attempt| attempt.event == event && attempt.call.is_some())
}

/// A number that is a text, or the other way round.
fn of_type(path: &str, wanted: Option<&Json>, found: Option<&Json>) -> Option<String> {
    let (wanted, found) = (wanted?, found?);
    let (number, string) = match (wanted.as_str(), found.as_str()) {
        (None, Some(string)) => (wanted, string),
        (Some(string), None) => (found, string),
        (None, None) | (Some(_), Some(_)) => return None,
    };
    let is_same = number.to_text() == string && number.as_object().is_none() && number.as_array().is_none();
    is_same.then(|| {
        format!(
            "`{path}` is the {} {}, and the {} {} is expected",
            found.type_name(),
            found.to_text(),
            wanted.type_name(),
            wanted.to_text()
        )
    })
}

/// The first expected value that lies elsewhere: that of the first difference, if it does.
fn misplaced(compared: &Compared) -> Option<String> {
    let Compared { path, expected, actual } = compared;
    let expected_at = places(expected).into_iter();
    let single = expected_at.filter(|(_, value)| value.as_object().is_none() && value.as_array().is_none());
    let first = value_at(expected, path).map(|wanted| (path.clone(), wanted));
    // An item of a list may well equal another one.
    let mut wanted = first.into_iter().chain(single).filter(|(path, _)| !path.contains('['));
    wanted.find_map(|(path, wanted)| {
        let is_there = value_at(actual, &path) == Some(wanted);
        if is_there { None } else { elsewhere(wanted, actual, &path) }
    })
}

/// Where the expected value lies instead.
fn elsewhere(wanted: &Json, actual: &Json, path: &str) -> Option<String> {
    let says_little = ["null", "true", "false", "0", "1", "\"\"", "[]", "{}"];
    if says_little.contains(&wanted.to_text().as_str()) {
        return None;
    }
    let all = places(actual);
    let there: Vec<_> = all.iter().filter(|(_, value)| *value == wanted).map(|(place, _)| place).collect();
    let key = path.rsplit(['.', '[']).next().unwrap_or_default();
    let is_namesake = |place: &&&String| place.rsplit(['.', '[']).next() == Some(key);
    let place = there.iter().find(is_namesake).or_else(|| there.first().filter(|_| there.len() == 1))?;
    (**place != path).then(|| format!("the value expected at `{path}` is at `{place}`"))
}

/// How the definition made this part of a task's payload.
fn of_payload(written: Option<&Written>, visit: &Visit, path: &str, found: Option<&Json>) -> Option<String> {
    let name = &visit.name;
    let unread = found
        .and_then(Json::as_str)
        .filter(|text| text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("States."));
    if let Some(text) = unread {
        return Some(format!(
            "`{path}` is the text `{text}` itself: `{name}` reads a path only under a key that ends in `.$`"
        ));
    }
    let state = written?.state(name)?;
    let field = if state.in_jsonata { "Arguments" } else { "Parameters" };
    let Some(template) = state.json.get(field) else {
        return Some(format!("`{name}` has no {field}, so the payload is its whole input"));
    };
    let (at, source) = source_of(template, path)?;
    if source.as_object().is_some() || source.as_array().is_some() {
        return found.is_none().then(|| format!("{field} of `{name}` has nothing for `{path}`"));
    }
    let source = source.as_str().map_or_else(|| source.to_text(), str::to_owned);
    let value = found.map_or("nothing".to_owned(), |found| fold(&found.compacted().to_text(), VALUE_WIDTH));
    Some(format!(
        "{field} of `{name}` has `\"{at}\": \"{}\"` there, which gave {value}",
        fold(&source, VALUE_WIDTH)
    ))
}

/// The part of a template that makes what lies at a path, and its key as it is written.
fn source_of<'j>(template: &'j Json, path: &str) -> Option<(String, &'j Json)> {
    let mut at = template;
    let mut written = String::new();
    for segment in segments(path)? {
        let (key, next) = match segment {
            Segment::Key(key) => {
                let dynamic = format!("{key}.$");
                match (at.get(&dynamic), at.get(&key)) {
                    (Some(next), _) => (dynamic, Some(next)),
                    (None, next) => (key, next),
                }
            }
            Segment::Index(index) => (format!("[{index}]"), at.as_array().and_then(|items| items.get(index))),
        };
        let Some(next) = next else { break };
        written = key;
        at = next;
    }
    Some((written, at))
}
