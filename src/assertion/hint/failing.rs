//! Why an execution failed: where the failure began, what did not handle it, and what it was about.

use crate::assertion::Execution;
use crate::assertion::history::{Place, StateKind, Visit, VisitEnd, VisitId};
use crate::assertion::wording::listed;
use crate::model::failure::error_name;
use crate::model::{EventDetails, ExecutionStatus, Failure, Json, fold};

use super::choosing::Decision;
use super::lookup::{Found, follow, whats_missing};
use super::references;
use super::written::Written;
use super::{handling, timing, tracing};

/// How many characters of an item's input are shown.
const INPUT_WIDTH: usize = 100;

/// Of an execution that FAILED.
pub(super) fn of(execution: &Execution, written: Option<&Written>) -> Vec<String> {
    if execution.status() != ExecutionStatus::Failed {
        return Vec::new();
    }
    let chain = chain(execution);
    let visits: Vec<_> = chain.iter().filter_map(|id| Some((*id, execution.visits.get(*id)?))).collect();
    let Some((id, source)) = visits.last().copied() else { return Vec::new() };
    let failure = source.failure.clone().or_else(|| execution.record.failure.clone());
    let Some(failure) = failure else { return Vec::new() };
    let mut hints = Vec::new();
    hints.extend(of_place(execution, id, source));
    hints.extend(about(execution, written, source, &failure));
    hints.extend(timing::of_visit(execution, source));
    hints.extend(unhandled(written, &visits, &failure));
    hints
}

/// The visits that the failure of the execution came through, from the outermost to where it began.
fn chain(execution: &Execution) -> Vec<VisitId> {
    let owner = execution.end_event().and_then(|end| execution.visits.owner(end));
    let inside = |outer: &VisitId| execution.visits.get(*outer)?.attempts.last()?.failed_by();
    std::iter::successors(owner, inside).collect()
}

/// Which branch or item failed first, and what became of the others.
fn of_place(execution: &Execution, id: VisitId, source: &Visit) -> Option<String> {
    let container = source.place.container()?;
    let around = execution.visits.get(container)?;
    let (name, outer) = (&source.name, &around.name);
    let aborted: Vec<String> = execution
        .visits
        .iter()
        .filter(|visit| visit.place.container() == Some(container) && matches!(visit.end, VisitEnd::Aborted))
        .filter(|visit| !is_same_place(visit.place, source.place))
        .map(|visit| visit.name.to_string())
        .collect();
    let aborted = match aborted.as_slice() {
        [] => String::new(),
        names => format!("; that aborted the others, which were in {}", listed(names)),
    };
    Some(match source.place {
        Place::Top => return None,
        Place::Branch { index, .. } => format!("branch {index} of `{outer}` failed in `{name}`{aborted}"),
        Place::Item { index, .. } => {
            let input = first_in_place(execution, id).unwrap_or(source);
            format!(
                "item {index} of `{outer}` failed in `{name}`; it was {}{aborted}",
                fold(&input.input, INPUT_WIDTH)
            )
        }
    })
}

fn is_same_place(one: Place, other: Place) -> bool {
    match (one, other) {
        (Place::Branch { index: one, .. }, Place::Branch { index: other, .. })
        | (Place::Item { index: one, .. }, Place::Item { index: other, .. }) => one == other,
        _ => false,
    }
}

/// The first state of the same iteration: its input is the item.
fn first_in_place(execution: &Execution, id: VisitId) -> Option<&Visit> {
    let place = execution.visits.get(id)?.place;
    execution.visits.iter().find(|visit| visit.place == place)
}

/// What the failure was about: a Choice without a way out, a path that leads nowhere.
fn about(execution: &Execution, written: Option<&Written>, source: &Visit, failure: &Failure) -> Vec<String> {
    if source.kind == StateKind::Choice && failure.cause.as_deref().is_some_and(is_no_way_out) {
        return written
            .and_then(|written| Decision::of(execution, written, source))
            .map(|decision| decision.told(None))
            .into_iter()
            .collect();
    }
    if failure.is(error_name::QUERY_EVALUATION_ERROR) {
        return in_jsonata(execution, written, source);
    }
    in_path(execution, written, source, failure)
}

fn is_no_way_out(cause: &str) -> bool {
    cause.contains("Failed to transition out of the state")
}

/// The JSONPath that a cause quotes, and where it stopped leading anywhere.
fn in_path(
    execution: &Execution,
    written: Option<&Written>,
    source: &Visit,
    failure: &Failure,
) -> Vec<String> {
    let Some(cause) = failure.cause.as_deref() else { return Vec::new() };
    let quoted = ["Invalid path '", "The JSONPath '"].iter().find_map(|start| cause.split_once(start));
    let Some(path) = quoted.and_then(|(_, rest)| path_at_start(rest)) else { return Vec::new() };
    let looked_in =
        cause.split_once("could not be found in the input '").and_then(|(_, rest)| rest.rsplit_once('\''));
    let looked_in = looked_in.and_then(|(json, _)| Json::parse(json).ok());
    let is_input = looked_in.is_none();
    let Some(root) = looked_in.or_else(|| Json::parse(&source.input).ok()) else { return Vec::new() };
    let Some(Found::Missing { reached, key, at }) = follow(&root, path) else { return Vec::new() };
    let name = &source.name;
    let whose = if is_input || root == Json::parse(&source.input).unwrap_or(Json::Null) {
        format!("in the input of `{name}`")
    } else {
        format!("in what `{name}` looks at")
    };
    let mut hints = vec![format!("`{path}` leads nowhere {whose}: {}", whats_missing(&reached, &key, at))];
    hints.extend(tracing::of_lost(execution, written, (path, source.place, source.entered)));
    hints
}

/// The path up to its closing quote; quotes inside brackets belong to it.
fn path_at_start(rest: &str) -> Option<&str> {
    let mut in_brackets = false;
    for (at, c) in rest.char_indices() {
        match c {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            '\'' if !in_brackets => return rest.get(..at).filter(|path| path.starts_with('$')),
            _ => {}
        }
    }
    None
}

/// The plain paths of a failed expression that lead nowhere.
fn in_jsonata(execution: &Execution, written: Option<&Written>, source: &Visit) -> Vec<String> {
    let events = execution.record.events.iter().rev();
    let Some((cause, location)) =
        events.filter(|event| owner_is(execution, event.id, source)).find_map(|event| {
            let EventDetails::EvaluationFailed { failure, location, .. } = &event.details else {
                return None;
            };
            Some((failure.cause.clone().unwrap_or_default(), location.clone()))
        })
    else {
        return Vec::new();
    };
    let Some(expression) = cause.split_once("JSONata expression '").and_then(|(_, rest)| {
        let end = rest.find("' specified for").or_else(|| rest.rfind('\''))?;
        rest.get(..end)
    }) else {
        return Vec::new();
    };
    let input = Json::parse(&source.input).unwrap_or(Json::Null);
    let answer = source.attempts.last().and_then(|attempt| attempt.answer.as_ref());
    let answer = answer.and_then(|answer| Json::parse(&answer.output).ok());
    let of_input = references::in_expression(expression).into_iter().filter(|path| path.variable.is_none());
    let of_input = of_input.map(|reference| (reference, Some(&input), "$states.input"));
    let of_result = references::of_result(expression).into_iter();
    let of_result = of_result.map(|reference| (reference, answer.as_ref(), "$states.result"));
    let field = location.map_or(String::new(), |field| format!(" in the field {field}"));
    let mut hints = Vec::new();
    for (reference, root, start) in of_input.chain(of_result) {
        let Some(Found::Missing { reached, key, at }) = root.and_then(|root| follow(root, &reference.path))
        else {
            continue;
        };
        let reached = reached.replacen('$', start, 1);
        let missing = whats_missing(&reached, &key, at);
        hints.push(format!("`{}`{field} of `{}` is undefined: {missing}", reference.text, source.name));
        if start == "$states.input" {
            let place = (&*reference.path, source.place, source.entered);
            hints.extend(tracing::of_lost(execution, written, place));
        }
    }
    hints
}

fn owner_is(execution: &Execution, event: u64, visit: &Visit) -> bool {
    let event = execution.record.events.iter().find(|other| other.id == event);
    let owner = event.and_then(|event| execution.visits.owner(event)).and_then(|id| execution.visits.get(id));
    owner.is_some_and(|owner| owner.entered == visit.entered)
}

/// Why nothing handled it, in the state where it began and in those around it.
fn unhandled(written: Option<&Written>, visits: &[(VisitId, &Visit)], failure: &Failure) -> Option<String> {
    let written = written?;
    let error = failure.error.as_deref().unwrap_or("an error without a name");
    if error == error_name::NOT_MOCKED {
        return None;
    }
    let has_handlers = |visit: &Visit| {
        let state = written.state(&visit.name).map(|state| &state.json);
        state.is_some_and(|state| state.get("Retry").is_some() || state.get("Catch").is_some())
    };
    if handling::is_fatal(failure) {
        let (_, with) = visits.iter().rev().find(|(_, visit)| has_handlers(visit))?;
        return Some(format!(
            "the handlers of `{}` do not help: nothing retries or catches {error}, not even States.ALL",
            with.name
        ));
    }
    let reasons: Vec<String> = visits
        .iter()
        .rev()
        .filter(|(_, visit)| visit.kind.can_catch())
        .filter_map(|(_, visit)| {
            let state = &written.state(&visit.name)?.json;
            let why = handling::why_unhandled(state, visit, failure);
            Some((visit, why))
        })
        .map(|(visit, why)| format!("in `{}`, {why}", visit.name))
        .collect();
    match reasons.as_slice() {
        [] => None,
        reasons => Some(format!("nothing handles `{error}`: {}", reasons.join("; and "))),
    }
}
