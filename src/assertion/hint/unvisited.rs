//! Why a state was never entered: where the path last could have led there, and why it led elsewhere.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::assertion::Execution;
use crate::assertion::history::{Place, Visit, VisitEnd};
use crate::assertion::wording::listed;

use super::choosing::Decision;
use super::handling;
use super::similar::closest;
use super::written::{By, Way, Written, error_names, items};

/// Of a state that was expected and never entered; at most one hint.
pub(super) fn of(execution: &Execution, written: Option<&Written>, name: &str) -> Option<String> {
    let Some(written) = written else { return similar_to(execution, name) };
    if written.state(name).is_none() {
        let names = written.names().map(|known| &**known);
        let similar = closest(name, names).map(|similar| format!(": did you mean `{similar}`?"));
        let known: Vec<_> = written.names().collect();
        let what = similar.unwrap_or_else(|| format!("; it has {}", listed(&known)));
        return Some(format!("the definition has no state `{name}`{what}"));
    }
    let (visit, way, steps) = branch_point(execution, written, name)?;
    let why = why_elsewhere(execution, written, visit, &way)?;
    let through = if steps > 0 { format!(" through `{}`", way.to) } else { String::new() };
    Some(format!("the way to `{name}` leads from `{}`{through}; {why}", visit.name))
}

/// Without a definition: a visited state of nearly that name.
fn similar_to(execution: &Execution, name: &str) -> Option<String> {
    let names = execution.state_names();
    let known = closest(name, names.iter().map(|known| &**known))?;
    Some(format!("there is a state of a similar name: did you mean `{known}`?"))
}

/// The visited state that is nearest to the missing one, the way it should have taken, and how many steps lie between.
fn branch_point<'e>(
    execution: &'e Execution,
    written: &Written,
    name: &str,
) -> Option<(&'e Visit, Way, usize)> {
    let steps = steps_to(written, name);
    let away = |visit: &'e Visit| {
        let ways = written.ways_from(&visit.name).into_iter();
        let nearest =
            ways.filter_map(|way| Some((*steps.get(&way.to)?, way))).min_by_key(|(steps, _)| *steps)?;
        Some((visit, nearest.1, nearest.0))
    };
    let candidates: Vec<_> = execution.visits.iter().filter_map(away).collect();
    let least = candidates.iter().map(|(.., steps)| *steps).min()?;
    candidates.into_iter().rev().find(|(.., steps)| *steps == least)
}

/// How many steps each state is away from one, along the ways of the definition.
fn steps_to(written: &Written, name: &str) -> BTreeMap<Arc<str>, usize> {
    let mut sources: BTreeMap<Arc<str>, Vec<Arc<str>>> = BTreeMap::new();
    for from in written.names() {
        for way in written.ways_from(from) {
            sources.entry(way.to).or_default().push(Arc::clone(from));
        }
    }
    let mut steps: BTreeMap<Arc<str>, usize> = BTreeMap::from([(Arc::from(name), 0)]);
    let mut reached: VecDeque<Arc<str>> = VecDeque::from([Arc::from(name)]);
    while let Some(state) = reached.pop_front() {
        let next = steps.get(&state).copied().unwrap_or_default() + 1;
        for source in sources.get(&state).into_iter().flatten() {
            if !steps.contains_key(source) {
                steps.insert(Arc::clone(source), next);
                reached.push_back(Arc::clone(source));
            }
        }
    }
    steps
}

/// Why a visit did not take a way.
fn why_elsewhere(execution: &Execution, written: &Written, visit: &Visit, way: &Way) -> Option<String> {
    if let Some(decision) = Decision::of(execution, written, visit) {
        return Some(decision.told(next_state(execution, visit).as_deref()));
    }
    let name = &visit.name;
    let failed = visit.failure.as_ref();
    match (way.by, &visit.end) {
        (By::Catcher(at), _) => {
            let state = &written.state(name)?.json;
            let names = items(state, "Catch").get(at).map(error_names).unwrap_or_default();
            let named = listed(&names);
            Some(match failed {
                None => format!("only Catch[{at}] ({named}) leads there, and `{name}` did not fail"),
                Some(failure) => {
                    let error = failure.error.as_deref().unwrap_or("an error without a name");
                    match handling::handler(state, "Catch", failure) {
                        Some(taken) if taken.at != at => format!(
                            "only Catch[{at}] ({named}) leads there, but Catch[{}] ({}) comes first and caught `{error}`",
                            taken.at,
                            listed(&error_names(taken.json))
                        ),
                        _ => format!(
                            "only Catch[{at}] ({named}) leads there, and `{name}` failed with `{error}`"
                        ),
                    }
                }
            })
        }
        (By::Next | By::Start | By::Rule(_) | By::Default, VisitEnd::Exited { .. }) => {
            let caught = visit.caught()?.error.as_deref().unwrap_or("an error without a name");
            let to = next_state(execution, visit).unwrap_or_default();
            Some(format!("`{name}` failed with `{caught}`, and its Catch led to `{to}` instead"))
        }
        (By::Next | By::Start | By::Rule(_) | By::Default, VisitEnd::Aborted) => {
            Some(why_aborted(execution, visit))
        }
        // The hints on the failure, or on what the execution waits for, say it.
        (By::Next | By::Start | By::Rule(_) | By::Default, VisitEnd::Open) => None,
    }
}

/// Why a state inside a Parallel or Map was given up: another branch or item failed.
fn why_aborted(execution: &Execution, visit: &Visit) -> String {
    let name = &visit.name;
    let around = visit.place.container().and_then(|id| Some((id, execution.visits.get(id)?)));
    let culprit = around.and_then(|(container, outer)| {
        let inside = |other: &&Visit| other.place.container() == Some(container) && other.failure.is_some();
        Some((outer, execution.visits.iter().find(inside)?))
    });
    let Some((outer, culprit)) = culprit else { return format!("`{name}` was aborted before") };
    let which = match culprit.place {
        Place::Branch { index, .. } => format!("branch {index}"),
        Place::Item { index, .. } => format!("item {index}"),
        Place::Top => String::new(),
    };
    let error = culprit.failure.as_ref().and_then(|failure| failure.error.as_deref());
    format!(
        "`{name}` was aborted before, because {which} of `{}` failed: `{}` with `{}`. One failure ends all branches and \
         items",
        outer.name,
        culprit.name,
        error.unwrap_or("an error without a name")
    )
}

/// The state that was entered when a visit was left.
pub(super) fn next_state(execution: &Execution, visit: &Visit) -> Option<Arc<str>> {
    let VisitEnd::Exited { event, .. } = visit.end else { return None };
    let mut later = execution.record.events.iter().filter(|later| later.previous_event_id == event);
    later
        .find_map(|later| execution.visits.iter().find(|visit| visit.entered == later.id))
        .map(|visit| Arc::clone(&visit.name))
}
