//! Where a value got lost or was changed on its way through the states.

use crate::assertion::Execution;
use crate::assertion::history::{Place, StateKind, Visit, VisitEnd};
use crate::model::{Json, fold};

use super::handling;
use super::lookup::value_at;
use super::written::{Written, text};

/// How many characters of a value are shown.
const VALUE_WIDTH: usize = 60;

/// A visit that was left, with its payloads.
struct Step<'e> {
    visit: &'e Visit,
    input: Json,
    output: Json,
}

/// The states that were left before an event, in one place: the top, or a branch or iteration.
fn steps(execution: &Execution, place: Place, before: u64) -> Vec<Step<'_>> {
    let read = |text: &str| Json::parse(text).unwrap_or(Json::Null);
    let left = execution.visits.iter().filter(|visit| visit.place == place);
    left.filter_map(|visit| match &visit.end {
        VisitEnd::Exited { event, output } if *event < before => {
            Some(Step { visit, input: read(&visit.input), output: read(output) })
        }
        VisitEnd::Exited { .. } | VisitEnd::Open | VisitEnd::Aborted => None,
    })
    .collect()
}

/// "`$.order.id` was there until `Save`, whose …", of a path that leads nowhere before an event.
pub(super) fn of_lost(
    execution: &Execution,
    written: Option<&Written>,
    (path, place, before): (&str, Place, u64),
) -> Option<String> {
    if path.starts_with("$[") {
        return None; // Items of one list and of another have nothing to do with each other.
    }
    let mut lost = None;
    for step in steps(execution, place, before) {
        match (value_at(&step.input, path), value_at(&step.output, path)) {
            (_, Some(_)) => lost = None,
            (Some(value), None) => lost = Some((step.visit, fold(&value.compacted().to_text(), VALUE_WIDTH))),
            (None, None) => {}
        }
    }
    let (visit, value) = lost?;
    Some(format!("`{path}` was {value} until `{}` lost it: {}", visit.name, why_lost(written, visit)))
}

/// "`$.total` became 3 in `Discount`; it was 12 before".
pub(super) fn of_changed(execution: &Execution, (path, place, before): (&str, Place, u64)) -> Option<String> {
    let steps = if path == "$" { Vec::new() } else { steps(execution, place, before) };
    let last = steps.last()?;
    let now = value_at(&last.output, path)?;
    let changed = steps.iter().rev().find(|step| value_at(&step.input, path) != Some(now))?;
    let shown = |value: &Json| fold(&value.compacted().to_text(), VALUE_WIDTH);
    let name = &changed.visit.name;
    Some(match value_at(&changed.input, path) {
        Some(earlier) => {
            format!("`{path}` became {} in `{name}`; it was {} before", shown(now), shown(earlier))
        }
        None => format!("`{path}` came from `{name}`, which set it to {}", shown(now)),
    })
}

/// Which field of a state made it hand on less than it was given.
fn why_lost(written: Option<&Written>, visit: &Visit) -> String {
    let state = written.and_then(|written| written.state(&visit.name));
    let Some(state) = state else {
        return match visit.caught() {
            Some(_) => "a catcher without ResultPath replaces the whole input by the error".to_owned(),
            None => "its output replaced its input; a ResultPath keeps both".to_owned(),
        };
    };
    if let Some(failure) = visit.caught() {
        return why_lost_by_catcher(&state.json, failure, state.in_jsonata);
    }
    if state.in_jsonata {
        return match state.json.get("Output") {
            Some(_) => "its Output is all that it hands on".to_owned(),
            None => {
                "in JSONata a state without Output hands on its result and nothing of its input".to_owned()
            }
        };
    }
    let field = |name| text(&state.json, name);
    let has_result = matches!(visit.kind, StateKind::Task | StateKind::Map | StateKind::Parallel)
        || state.json.get("Result").is_some()
        || state.json.get("Parameters").is_some();
    match (field("ResultPath"), field("OutputPath"), field("InputPath")) {
        (None, None, _) if has_result && state.json.get("ResultPath").is_none() => {
            let what = if visit.kind == StateKind::Pass && state.json.get("Result").is_none() {
                "what its Parameters made"
            } else {
                "its result"
            };
            format!(
                "it has no ResultPath, so {what} replaced the whole input; `\"ResultPath\": \"$.something\"` keeps both"
            )
        }
        (Some("$"), None, _) => "its ResultPath is `$`, so its result replaced the whole input".to_owned(),
        (_, Some(path), _) if path != "$" => format!("its OutputPath `{path}` hands on only that part"),
        (Some(path), ..) => format!("its ResultPath `{path}` put the result in that place"),
        (_, _, Some(path)) if path != "$" => format!("its InputPath `{path}` hands on only that part"),
        (..) => "what it handed on has it no more".to_owned(),
    }
}

fn why_lost_by_catcher(state: &Json, failure: &crate::model::Failure, in_jsonata: bool) -> String {
    let Some(catcher) = handling::handler(state, "Catch", failure) else {
        return "its catcher replaced the whole input by the error".to_owned();
    };
    let at = catcher.at;
    match text(catcher.json, "ResultPath") {
        _ if in_jsonata => {
            format!("Catch[{at}] hands on its Output, or else the error and nothing of the input")
        }
        Some(path) if path != "$" => {
            format!("the ResultPath `{path}` of Catch[{at}] put the error in that place")
        }
        Some(_) | None => format!(
            "Catch[{at}] has no ResultPath, so the error replaced the whole input; `\"ResultPath\": \"$.error\"` keeps both"
        ),
    }
}
