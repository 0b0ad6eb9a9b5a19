//! Reads a history once, event by event, and tells what happened in each visit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::attempt::{Answer, Attempt, AttemptOutcome};
use super::details;
use super::role::{Role, StateKind};
use super::visit::{Visit, VisitEnd, VisitId, Visits};
use crate::model::{EventDetails, Failure, HistoryEvent, HistoryEventType, Json};

impl Visits {
    /// Of a whole history in the order of its events.
    pub(crate) fn of(events: &[HistoryEvent]) -> Self {
        let by_id: BTreeMap<u64, &HistoryEvent> = events.iter().map(|event| (event.id, event)).collect();
        let mut visits = Self::default();
        for event in events {
            let previous = by_id.get(&event.previous_event_id).copied();
            match (Role::from(event.event_type), &event.details) {
                (Role::StateEntered(kind), EventDetails::StateEntered { name, input }) => {
                    visits.enter(event, kind, (name, input), previous);
                }
                (Role::ExecutionRedriven, _) => visits.redriven(event),
                (role, _) => visits.follow(event, role, previous),
            }
        }
        visits
    }

    fn enter(
        &mut self,
        event: &HistoryEvent,
        kind: StateKind,
        (name, input): (&Arc<str>, &Arc<str>),
        previous: Option<&HistoryEvent>,
    ) {
        let place = self.place_of(name, previous);
        self.owners.insert(event.id, VisitId(self.all.len()));
        self.all.push(Visit {
            name: Arc::clone(name),
            kind,
            place,
            entered: event.id,
            input: Arc::clone(input),
            attempts: Vec::new(),
            failure: None,
            gave_up: false,
            redriven_since: false,
            end: VisitEnd::Open,
        });
    }

    /// An event of a visit that has begun before.
    fn follow(&mut self, event: &HistoryEvent, role: Role, previous: Option<&HistoryEvent>) {
        let previous_owner = previous.and_then(|event| self.owner(event));
        let Some(owner) = self.find_owner(event, previous_owner, previous) else { return };
        self.owners.insert(event.id, owner);
        match role {
            Role::ContainerStarted(_) => {
                self.failed_inside(owner, previous);
                self.begin_attempt(owner, event);
            }
            Role::ContainerFailed(_) => {
                self.failed_inside(owner, previous);
                self.update(owner, |visit| visit.gave_up = true);
            }
            Role::StateExited => self.exited(event, owner),
            Role::ExecutionEnded if event.event_type == HistoryEventType::ExecutionFailed => {
                self.name_failure(owner, details::failure(event));
            }
            Role::IterationFailed | Role::IterationAborted => {
                self.ended_items.extend(details::iteration(event).map(|index| (event.id, index)));
            }
            Role::StateAborted(_) => self.update(owner, |visit| visit.end = VisitEnd::Aborted),
            Role::WorkScheduled => self.begin_attempt(owner, event),
            Role::WorkSucceeded | Role::ContainerSucceeded(_) => {
                self.update(owner, |visit| visit.returned(event));
            }
            Role::WorkFailed | Role::EvaluationFailed => self.update(owner, |visit| visit.went_wrong(event)),
            Role::ExecutionStarted
            | Role::ExecutionRedriven
            | Role::ExecutionEnded
            | Role::StateEntered(_)
            | Role::WorkStarted
            | Role::WorkSubmitted
            | Role::IterationStarted
            | Role::IterationSucceeded
            | Role::MapRunStarted
            | Role::MapRunRedriven
            | Role::MapRunSucceeded
            | Role::MapRunAborted => {}
        }
    }

    /// A Parallel or Map state starts all over, or gives up: the attempt at hand failed with the event before.
    fn failed_inside(&mut self, owner: VisitId, failed: Option<&HistoryEvent>) {
        let Some(failed) = failed else { return };
        let inside = self.owner(failed).filter(|inside| *inside != owner);
        let failure = inside.and_then(|id| self.get(id)).and_then(|visit| visit.failure.clone());
        self.update(owner, |visit| {
            if visit.attempts.last().is_some_and(Attempt::is_open) {
                visit.fail_attempt(failed, failure, inside);
            }
        });
    }

    fn exited(&mut self, event: &HistoryEvent, owner: VisitId) {
        let EventDetails::StateExited { output, .. } = &event.details else { return };
        let unnamed = self.get(owner).is_some_and(|visit| {
            visit.kind.can_catch() && visit.last_try_failed() && visit.failure.is_none()
        });
        if unnamed {
            self.name_failure(owner, error_output_in(output).as_ref());
        }
        self.update(owner, |visit| {
            visit.end = VisitEnd::Exited { event: event.id, output: Arc::clone(output) };
        });
    }

    /// A Fail state's error shows only where it is caught, or ends the execution: gives it to all it came through.
    fn name_failure(&mut self, from: VisitId, failure: Option<&Failure>) {
        let Some(known) = failure else { return };
        let mut next = Some(from);
        while let Some(visit) = next.and_then(|id| self.all.get_mut(id.0)) {
            if visit.failure.is_none() {
                visit.failure = Some(known.clone());
            }
            next = visit.name_last_failure(known);
        }
    }

    pub(super) fn update(&mut self, id: VisitId, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.all.get_mut(id.0) {
            change(visit);
        }
    }
}

impl Visit {
    fn returned(&mut self, event: &HistoryEvent) {
        if let Some(attempt) = self.attempts.last_mut() {
            let answer = |output: &Arc<str>| Answer { event: event.id, output: Arc::clone(output) };
            attempt.answer = details::output(event).map(answer);
            attempt.outcome = AttemptOutcome::Returned { event: event.id };
        }
    }

    fn went_wrong(&mut self, event: &HistoryEvent) {
        // Without an attempt that could have failed, the failure is one itself: nothing was called yet.
        if self.last_try_failed() && self.kind.can_catch() {
            self.attempts.push(Attempt::begun_by(event));
        }
        self.fail_attempt(event, details::failure(event).cloned(), None);
    }

    fn fail_attempt(&mut self, event: &HistoryEvent, failure: Option<Failure>, by: Option<VisitId>) {
        self.failure.clone_from(&failure);
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.outcome = AttemptOutcome::Failed { event: event.id, at: event.timestamp, failure, by };
        }
    }

    /// Names the failure of the last attempt if nothing named it yet; says which visit inside it came from.
    fn name_last_failure(&mut self, known: &Failure) -> Option<VisitId> {
        match &mut self.attempts.last_mut()?.outcome {
            AttemptOutcome::Failed { failure: failure @ None, by, .. } => {
                *failure = Some(known.clone());
                *by
            }
            AttemptOutcome::Failed { .. } | AttemptOutcome::Open | AttemptOutcome::Returned { .. } => None,
        }
    }
}

/// The `{"Error": …, "Cause": …}` that a catcher put somewhere into an output.
fn error_output_in(output: &str) -> Option<Failure> {
    find_error_output(&Json::parse(output).ok()?)
}

fn find_error_output(value: &Json) -> Option<Failure> {
    let members = value.as_object()?;
    let text = |key| value.get(key).and_then(Json::as_str).map(Arc::from);
    if members.len() == 2 && members.contains_key("Error") && members.contains_key("Cause") {
        return Some(Failure { error: text("Error"), cause: text("Cause") });
    }
    members.values().find_map(find_error_output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::history::Place;
    use crate::assertion::test_history::History;
    use crate::model::HistoryEventType as Type;

    fn only_visit(history: History, state: &str) -> Visit {
        let events = history.events();
        let visits = Visits::of(&events);
        let [visit] = visits.of_state(state)[..] else { panic!("not visited once") };
        visit.clone()
    }

    fn evaluation_failed(state: &str) -> EventDetails {
        let failure = Failure::new("States.QueryEvaluationError", "undefined");
        EventDetails::EvaluationFailed { failure, location: None, state: state.into() }
    }

    #[test]
    fn an_attempt_whose_output_query_fails_keeps_its_answer() {
        let history = History::started_with("{}").enters_task("Save", "{}").calls("{}").returns("1");
        let visit = only_visit(history.event(Type::EvaluationFailed, evaluation_failed("Save")), "Save");
        let [attempt] = &visit.attempts[..] else { panic!("one attempt") };
        assert_eq!(&*attempt.answer.as_ref().unwrap().output, "1");
        assert_eq!(attempt.failure().unwrap().error.as_deref(), Some("States.QueryEvaluationError"));
    }

    #[test]
    fn an_evaluation_that_fails_before_the_call_is_an_attempt() {
        let history = History::started_with("{}")
            .enters_task("Save", "{}")
            .event(Type::EvaluationFailed, evaluation_failed("Save"))
            .after("1s")
            .calls("{}")
            .returns("1")
            .exits_task("Save", "1");
        let visit = only_visit(history, "Save");
        assert_eq!(visit.n_attempts(), 2);
        assert_eq!(visit.retry_delays(), [std::time::Duration::from_secs(1)]);
        assert_eq!(visit.caught(), None);
    }

    #[test]
    fn a_map_whose_items_cannot_be_evaluated_failed_although_its_event_follows_another() {
        let history = History::started_with("{}")
            .enters(Type::MapStateEntered, "Each", "{}")
            .following(0)
            .event(Type::EvaluationFailed, evaluation_failed("Each"))
            .bare(Type::MapStateFailed)
            .exits(Type::MapStateExited, "Each", "{}");
        let visit = only_visit(history, "Each");
        assert_eq!(visit.n_attempts(), 1);
        assert_eq!(visit.caught().unwrap().error.as_deref(), Some("States.QueryEvaluationError"));
    }

    #[test]
    fn an_inner_failure_is_the_failure_of_all_states_around_it() {
        let history = History::started_with("{}")
            .enters(Type::ParallelStateEntered, "Outer", "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .enters(Type::MapStateEntered, "Inner", "{}") // 4
            .map_started(1) // 5
            .iteration(Type::MapIterationStarted, "Inner", 0) // 6
            .enters(Type::FailStateEntered, "No", "{}") // 7
            .iteration(Type::MapIterationFailed, "Inner", 0) // 8
            .following(7)
            .bare(Type::MapStateFailed) // 9
            .bare(Type::ParallelStateFailed) // 10
            .event(Type::ExecutionFailed, EventDetails::Failed(Failure::new("Refused", "never")));
        let events = history.events();
        let visits = Visits::of(&events);
        for state in ["Outer", "Inner", "No"] {
            let visit = visits.of_state(state)[0];
            assert_eq!(visit.failure.as_ref().unwrap().error.as_deref(), Some("Refused"), "{state}");
        }
        let outer = visits.owner(&events[1]).unwrap();
        assert_eq!(visits.source_of_failure(outer), Some(7));
        assert_eq!(visits.owner(&events[9]), Some(outer));
    }

    #[test]
    fn a_later_iteration_follows_the_end_of_an_earlier_one() {
        let history = History::started_with("[1,2]")
            .enters(Type::MapStateEntered, "Each", "[1,2]") // 2
            .map_started(2) // 3
            .iteration(Type::MapIterationStarted, "Each", 0) // 4
            .passes("P", "1", "1") // 5, 6
            .iteration(Type::MapIterationSucceeded, "Each", 0) // 7
            .following(6)
            .iteration(Type::MapIterationStarted, "Each", 1) // 8
            .passes("P", "2", "2"); // 9, 10
        let events = history.events();
        let visits = Visits::of(&events);
        let map = visits.owner(&events[1]).unwrap();
        let places: Vec<_> = visits.of_state("P").iter().map(|visit| visit.place).collect();
        assert_eq!(places, [Place::Item { of: map, index: 0 }, Place::Item { of: map, index: 1 }]);
    }

    #[test]
    fn an_abort_ends_the_open_state_of_the_sibling_branch() {
        let history = History::started_with("{}")
            .enters(Type::ParallelStateEntered, "Both", "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .enters(Type::WaitStateEntered, "Pause", "{}") // 4
            .following(3)
            .enters(Type::FailStateEntered, "No", "{}") // 5
            .bare(Type::WaitStateAborted) // 6
            .following(5)
            .bare(Type::ParallelStateFailed); // 7
        let visit = only_visit(history, "Pause");
        assert!(matches!(visit.end, VisitEnd::Aborted));
    }

    #[test]
    fn events_that_follow_nothing_known_are_left_alone() {
        let history = History::started_with("{}").following(99).bare(Type::MapStateFailed).returns("1");
        assert_eq!(Visits::of(&history.events()).iter().count(), 0);
    }
}
