//! What a history alone says of the ways that an execution took: of one on AWS nobody has counted anything.
//!
//! Which rule of a Choice held is not in it. Where only one leads to where the execution went on, that was it; where
//! several do, none is counted and that is told. Which retrier or catcher took an error follows from the rules for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counts::{Counts, StateCounts};
use crate::asl::definition::{Choice, Definition, FailText, Scope, State, StateKind};
use crate::asl::retrier::first_named;
use crate::asl::way::Way;
use crate::assertion::history::{Attempt, Visit, VisitEnd, VisitId, Visits};
use crate::model::{EventDetails, Failure, HistoryEvent, HistoryEventType};

/// What was taken, as far as the history says it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) counts: Counts,
    /// A sentence for each thing that happened and cannot be told from others.
    pub(crate) ambiguous: Vec<String>,
}

/// Reads one history of an execution of a definition, or of a child execution of a Distributed Map in it.
pub(crate) fn derived(definition: &Definition, events: &[HistoryEvent]) -> Derived {
    let history = History::new(definition, events);
    let mut derived = Derived::default();
    derived.counts.executions = 1;
    let timed_out = |event: &&HistoryEvent| event.event_type == HistoryEventType::ExecutionTimedOut;
    derived.counts.timed_out = events.iter().filter(timed_out).count() as u64;
    history.read_scope(&definition.scope, &mut derived);
    derived
}

/// The names of the states that a history enters.
pub(crate) fn states_of(events: &[HistoryEvent]) -> impl Iterator<Item = &Arc<str>> {
    events.iter().filter_map(entered)
}

fn entered(event: &HistoryEvent) -> Option<&Arc<str>> {
    if let EventDetails::StateEntered { name, .. } = &event.details { Some(name) } else { None }
}

struct History<'h> {
    visits: Visits,
    events: BTreeMap<u64, &'h HistoryEvent>,
    /// The state that was entered from each event.
    entered_from: BTreeMap<u64, &'h Arc<str>>,
    states: BTreeMap<&'h str, &'h State>,
}

impl<'h> History<'h> {
    fn new(definition: &'h Definition, events: &'h [HistoryEvent]) -> Self {
        let entered = events.iter().filter_map(|event| Some((event.previous_event_id, entered(event)?)));
        Self {
            visits: Visits::of(events),
            events: events.iter().map(|event| (event.id, event)).collect(),
            entered_from: entered.collect(),
            states: definition.scope.all_states().into_iter().map(|state| (&*state.name, state)).collect(),
        }
    }

    /// What an attempt failed with. No event says what a Fail state inside it failed with, but the definition does.
    fn failure_of(&self, attempt: &Attempt) -> Option<Failure> {
        if let Some(failure) = attempt.failure() {
            return Some(failure.clone());
        }
        let inside = |outer: &VisitId| self.visits.get(*outer)?.attempts.last()?.failed_by();
        let guilty = std::iter::successors(attempt.failed_by(), inside).last()?;
        let StateKind::Fail(fail) = &self.states.get(&*self.visits.get(guilty)?.name)?.kind else {
            return None;
        };
        let error = match &fail.error {
            None => None,
            Some(FailText::Literal(error)) => Some(Arc::clone(error)),
            Some(FailText::At(_) | FailText::Computed(_)) => return None,
        };
        Some(Failure { error, cause: None })
    }

    fn read_scope(&self, scope: &Scope, derived: &mut Derived) {
        for state in &scope.states {
            let mut reader = StateReader {
                history: self,
                scope,
                state,
                counts: StateCounts::default(),
                ambiguous: Vec::new(),
            };
            for visit in self.visits.of_state(&state.name) {
                reader.read(visit);
            }
            derived.ambiguous.append(&mut reader.ambiguous);
            if reader.counts != StateCounts::default() {
                derived.counts.states.insert(state.name.to_string(), reader.counts);
            }
            for inner in state.inner_scopes() {
                self.read_scope(inner, derived);
            }
        }
    }
}

/// A state, and what its visits add up to.
struct StateReader<'h> {
    history: &'h History<'h>,
    scope: &'h Scope,
    state: &'h State,
    counts: StateCounts,
    ambiguous: Vec<String>,
}

impl StateReader<'_> {
    fn note(&mut self, way: Way) {
        self.counts.note(self.state.place_of(way));
    }

    fn read(&mut self, visit: &Visit) {
        self.note(Way::Entered);
        self.read_attempts(visit);
        match (&visit.end, visit.caught()) {
            (VisitEnd::Exited { event, .. }, Some(failure)) => {
                let next = self.history.entered_from.get(event).copied();
                self.read_catcher(failure, next, visit.attempts.last());
            }
            (VisitEnd::Exited { event, .. }, None) => {
                let next = self.history.entered_from.get(event).copied();
                if let StateKind::Choice(choice) = &self.state.kind {
                    self.read_choice(choice, next);
                } else {
                    self.note(Way::Left);
                }
            }
            (VisitEnd::Open | VisitEnd::Aborted, _) => {
                if visit.failure.is_some() {
                    self.note(Way::Failed);
                }
            }
        }
    }

    fn read_choice(&mut self, choice: &Choice, next: Option<&Arc<str>>) {
        let Some(next) = next else { return };
        let leads_there = |index| self.scope.state(index).is_some_and(|state| state.name == *next);
        let rules = choice.rules.iter().enumerate().filter(|(_, rule)| leads_there(rule.next));
        let mut ways: Vec<(Way, String)> =
            rules.map(|(index, _)| (Way::Rule(index), format!("Choices[{index}]"))).collect();
        if choice.default.is_some_and(leads_there) {
            ways.push((Way::Left, "Default".to_owned()));
        }
        match ways.as_slice() {
            [(way, _)] => self.note(*way),
            [] => {}
            [first, rest @ ..] => {
                let names =
                    rest.iter().fold(first.1.clone(), |names, (_, name)| format!("{names} or {name}"));
                self.ambiguous.push(format!(
                    "the history does not tell whether {names} of `{}` led to `{next}`: none of them is counted",
                    self.state.name
                ));
            }
        }
    }

    fn read_attempts(&mut self, visit: &Visit) {
        let mut attempts = visit.attempts.iter().peekable();
        while let Some(attempt) = attempts.next() {
            if let Some(missed) = self.timeout_of(attempt) {
                self.note(if missed { Way::MissedHeartbeat } else { Way::TimedOut });
            }
            let retried = attempts.peek().is_some_and(|next| next.delay_after(attempt).is_some());
            if attempt.has_failed() {
                self.read_retrier(attempt, retried);
            }
        }
    }

    /// Whether an attempt that took too long had missed a heartbeat.
    fn timeout_of(&self, attempt: &Attempt) -> Option<bool> {
        let failed = self.history.events.get(&attempt.failed_event()?)?;
        let timed_out = matches!(
            failed.event_type,
            HistoryEventType::TaskTimedOut
                | HistoryEventType::LambdaFunctionTimedOut
                | HistoryEventType::ActivityTimedOut
        );
        if !timed_out {
            return None;
        }
        let scheduled = self.history.events.get(&attempt.event)?;
        let (timeout, heartbeat) = limits(&scheduled.details);
        let elapsed = failed.timestamp.since(scheduled.timestamp).as_secs();
        Some(heartbeat.is_some() && timeout.is_none_or(|timeout| elapsed < timeout))
    }

    /// The first retrier that names the error is the only one asked. One without attempts takes it in its way.
    fn read_retrier(&mut self, attempt: &Attempt, retried: bool) {
        let Some(work) = self.state.work() else { return };
        let missed = self.timeout_of(attempt) == Some(true);
        let failure = self.history.failure_of(attempt);
        let named = work.retry.iter().enumerate().find_map(|(index, retrier)| {
            let error = named(&retrier.error_equals, failure.as_ref(), missed)?;
            Some((Way::Retrier { index, error }, retrier.max_attempts))
        });
        match (named, work.retry.as_slice()) {
            (Some((way, max_attempts)), _) if retried || max_attempts == 0 => self.note(way),
            (Some(_), _) => {}
            (None, [only]) if retried && only.error_equals.len() == 1 => {
                self.note(Way::Retrier { index: 0, error: 0 });
            }
            (None, _) if retried => self.ambiguous.push(format!(
                "the history does not tell which retrier of `{}` made it try again: none of them is counted",
                self.state.name
            )),
            (None, _) => {}
        }
    }

    fn read_catcher(&mut self, failure: &Failure, next: Option<&Arc<str>>, attempt: Option<&Attempt>) {
        let Some(work) = self.state.work() else { return };
        let missed = attempt.and_then(|attempt| self.timeout_of(attempt)) == Some(true);
        let caught = work.catch.iter().enumerate().find_map(|(index, catcher)| {
            let error = named(&catcher.error_equals, Some(failure), missed)?;
            Some((Way::Catcher { index, error }, catcher.next))
        });
        if let Some((way, target)) = caught
            && next.is_none_or(|next| self.scope.state(target).is_some_and(|state| state.name == *next))
        {
            self.note(way);
        }
    }
}

fn named(error_equals: &[Arc<str>], failure: Option<&Failure>, missed_heartbeat: bool) -> Option<usize> {
    first_named(error_equals, failure?.error.as_deref(), missed_heartbeat)
}

/// `timeoutInSeconds` and `heartbeatInSeconds` of a task.
const fn limits(details: &EventDetails) -> (Option<u64>, Option<u64>) {
    if let EventDetails::TaskScheduled { timeout_in_seconds, heartbeat_in_seconds, .. }
    | EventDetails::ActivityScheduled { timeout_in_seconds, heartbeat_in_seconds, .. } = details
    {
        return (*timeout_in_seconds, *heartbeat_in_seconds);
    }
    if let EventDetails::LambdaScheduled { timeout_in_seconds, .. } = details {
        return (*timeout_in_seconds, None);
    }
    (None, None)
}
