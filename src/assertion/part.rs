//! The branches and iterations that there were.

use super::Execution;
use super::history::{Place, Role, Visit};
use super::matcher::{Matcher, Mismatch};
use super::status::failure_events;
use super::subject::{Part, Scope, Subject};
use super::wording::times;

/// There was this branch or iteration. What is asserted inside takes it as given.
pub(crate) struct PartEntered(pub(crate) Scope);

/// So many iterations of a Map state began.
pub(crate) struct IterationCount {
    pub(crate) map: Subject,
    pub(crate) count: usize,
}

impl Matcher for PartEntered {
    fn describes(&self) -> String {
        format!("run{}", self.0.suffix().replacen(" in", "", 1))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        if !self.0.ids(execution).is_empty() {
            return None;
        }
        let (container, part) = self.0.container()?;
        let visits = container.visits(execution);
        let kind = visits.first().map_or("", |visit| visit.kind.as_str());
        let actual = match (part, kind) {
            (Part::Iteration(_), "Map") => began(execution, container, "iteration"),
            (Part::Branch(_), "Parallel") => began(execution, container, "branch"),
            (Part::Iteration(_), kind) => {
                format!("{container} is a {kind} state, and only a Map state has iterations")
            }
            (Part::Branch(_), kind) => {
                format!("{container} is a {kind} state, and only a Parallel state has branches")
            }
        };
        let distributed = part.is_iteration() && visits.iter().any(|visit| is_distributed(execution, visit));
        let hint = distributed.then(|| {
            "a Distributed Map runs its items in executions of their own: `sfn.execution(&arn).map_runs()`".to_owned()
        });
        let entries = visits.iter().map(|visit| visit.entered);
        Some(Mismatch::new(actual).guilty(entries).guilty(failure_events(execution)).hint(hint))
    }
}

impl Matcher for IterationCount {
    fn describes(&self) -> String {
        format!("run {} iterations of {}", self.count, self.map)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let begun = begun(execution, &self.map);
        (begun.len() != self.count).then(|| {
            let visits = self.map.visits(execution);
            let actual = format!("{} ran an iteration {}", self.map, times(begun.len()));
            let kind = visits.first().filter(|visit| visit.kind.as_str() != "Map");
            let hint = kind.map(|visit| format!("{} is a {} state", self.map, visit.kind.as_str()));
            Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered)).hint(hint)
        })
    }
}

impl Part {
    const fn is_iteration(self) -> bool {
        matches!(self, Self::Iteration(_))
    }
}

/// The indexes of the branches or iterations of a state, each as often as it began.
fn begun(execution: &Execution, container: &Subject) -> Vec<usize> {
    let containers = container.ids(execution);
    let visits = execution.visits.iter().filter(|visit| {
        // The first state there: what it follows is not a state beside it.
        visit.place.container().is_some_and(|of| containers.contains(&of)) && is_first(execution, visit)
    });
    let index = |visit: &Visit| match visit.place {
        Place::Branch { index, .. } | Place::Item { index, .. } => Some(index),
        Place::Top => None,
    };
    visits.filter_map(index).collect()
}

fn is_first(execution: &Execution, visit: &Visit) -> bool {
    let previous = execution.event(visit.entered).and_then(|event| execution.event(event.previous_event_id));
    let owner = previous.and_then(|event| execution.visits.owner(event));
    owner.and_then(|owner| execution.visits.get(owner)).is_none_or(|before| before.place != visit.place)
}

fn began(execution: &Execution, container: &Subject, noun: &str) -> String {
    let mut indexes = begun(execution, container);
    indexes.sort_unstable();
    indexes.dedup();
    let plural = if noun == "branch" { "branches" } else { "iterations" };
    match (indexes.as_slice(), indexes.last()) {
        ([], _) | (_, None) => format!("{container} ran no {noun}"),
        ([only], _) => format!("{container} ran {noun} {only} only"),
        (several, Some(last)) if several.len() == last + 1 => format!("{container} ran {plural} 0 to {last}"),
        (several, Some(_)) => {
            let several: Vec<_> = several.iter().map(ToString::to_string).collect();
            format!("{container} ran {plural} {}", several.join(", "))
        }
    }
}

fn is_distributed(execution: &Execution, visit: &Visit) -> bool {
    execution.record.events.iter().any(|event| {
        Role::from(event.event_type) == Role::MapRunStarted
            && execution
                .visits
                .owner(event)
                .and_then(|id| execution.visits.get(id))
                .map(|owner| owner.entered)
                == Some(visit.entered)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::model::HistoryEventType as Type;

    fn iteration(index: usize) -> PartEntered {
        PartEntered(Subject::from("Each").part(Part::Iteration(index)))
    }

    fn mapped(items: usize) -> Execution {
        let mut history =
            History::started_with("1").enters(Type::MapStateEntered, "Each", "[]").map_started(items);
        for index in 0..items {
            history = history.following(3).iteration(Type::MapIterationStarted, "Each", index);
            history = history.passes("A", "1", "1").passes("B", "1", "1");
            history = history.iteration(Type::MapIterationSucceeded, "Each", index);
        }
        history.bare(Type::MapStateSucceeded).exits(Type::MapStateExited, "Each", "[]").succeeded("[]")
    }

    #[test]
    fn an_iteration_that_was_not_is_told_with_those_that_were() {
        holds(&mapped(2), &iteration(1));
        assert_eq!(
            why(&mapped(2), &iteration(2)),
            "expected execution `e-1` of state machine `orders` to run iteration 2 of `Each`\n  \
             actual: `Each` ran iterations 0 to 1"
        );
        assert_eq!(guilty(&mapped(2), &iteration(2)), [2]);
        assert!(why(&mapped(1), &iteration(2)).ends_with("actual: `Each` ran iteration 0 only"));
        assert!(why(&mapped(0), &iteration(0)).ends_with("actual: `Each` ran no iteration"));
        let branch = PartEntered(Subject::from("Each").part(Part::Branch(0)));
        assert_eq!(
            why(&mapped(2), &branch),
            "expected execution `e-1` of state machine `orders` to run branch 0 of `Each`\n  \
             actual: `Each` is a Map state, and only a Parallel state has branches"
        );
        let inside = PartEntered(Subject::from("A").part(Part::Iteration(0)));
        assert!(
            why(&mapped(2), &inside).ends_with("`A` is a Pass state, and only a Map state has iterations")
        );
    }

    #[test]
    fn iterations_are_counted() {
        let count = |count| IterationCount { map: "Each".into(), count };
        holds(&mapped(3), &count(3));
        holds(&mapped(0), &count(0));
        assert_eq!(
            why(&mapped(2), &count(3)),
            "expected execution `e-1` of state machine `orders` to run 3 iterations of `Each`\n  \
             actual: `Each` ran an iteration twice"
        );
    }

    #[test]
    fn a_distributed_map_is_hinted_at() {
        let execution = History::started_with("1")
            .enters(Type::MapStateEntered, "Each", "[]")
            .map_started(2)
            .event(
                Type::MapRunStarted,
                crate::model::EventDetails::MapRunStarted { map_run_arn: "arn".into() },
            )
            .bare(Type::MapRunSucceeded)
            .exits(Type::MapStateExited, "Each", "[]")
            .succeeded("[]");
        assert!(why(&execution, &iteration(0)).ends_with(
            "hint: a Distributed Map runs its items in executions of their own: `sfn.execution(&arn).map_runs()`"
        ));
    }
}
