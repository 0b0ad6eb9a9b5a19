//! What one state did: how often it was entered and tried, with what, and what it caught.

use std::sync::Arc;
use std::time::Duration;

use super::Execution;
use super::hint;
use super::history::{Visit, VisitEnd};
use super::matcher::{Matcher, Mismatch};
use super::path::entered;
use super::payload::{ExpectedJson, Payload};
use super::wording::{listed, spans, times};

/// Was entered at all. The other matchers of states take this as given.
pub(crate) struct StateVisited(pub(crate) String);

/// Was entered so many times.
pub(crate) struct Entered {
    pub(crate) state: String,
    pub(crate) times: usize,
}

/// Was tried so many times, over all visits.
pub(crate) struct Attempted {
    pub(crate) state: String,
    pub(crate) times: usize,
}

/// Had this input in one of its visits.
pub(crate) struct StateInput {
    pub(crate) state: String,
    pub(crate) input: ExpectedJson,
}

/// Was left with this output in one of its visits.
pub(crate) struct StateOutput {
    pub(crate) state: String,
    pub(crate) output: ExpectedJson,
}

/// Was left through a catcher because of this error, in one of its visits.
pub(crate) struct Caught {
    pub(crate) state: String,
    pub(crate) error: String,
}

/// Was tried again after exactly these waits, over all visits.
pub(crate) struct RetriedAfter {
    pub(crate) state: String,
    pub(crate) delays: Vec<Duration>,
}

impl Matcher for StateVisited {
    fn describes(&self) -> String {
        format!("visit `{}`", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let missing = execution.visits.of_state(&self.0).is_empty();
        missing.then(|| {
            Mismatch::new(entered(&execution.path())).hint(hint::of_unknown_state(execution, &self.0))
        })
    }
}

impl Matcher for Entered {
    fn describes(&self) -> String {
        format!("enter `{}` {}", self.state, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        (visits.len() != self.times).then(|| {
            let actual = format!("`{}` was entered {}", self.state, times(visits.len()));
            Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered))
        })
    }
}

impl Matcher for Attempted {
    fn describes(&self) -> String {
        format!("attempt `{}` {}", self.state, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        let count: usize = visits.iter().map(|visit| visit.n_attempts()).sum();
        if count == self.times {
            return None;
        }
        let actual = format!("`{}` was attempted {}{}", self.state, times(count), in_visits(&visits));
        let not_retried = visits.iter().rev().find(|_| count < self.times);
        let hint = not_retried.and_then(|visit| hint::of_missing_retry(visit, self.times));
        Some(Mismatch::new(actual).guilty(attempts(&visits)).hint(hint))
    }
}

impl Matcher for StateInput {
    fn describes(&self) -> String {
        format!("enter `{}` with {}", self.state, self.input.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        let payload = |visit: &&Visit| Payload { text: Arc::clone(&visit.input), event: visit.entered };
        let inputs: Vec<_> = visits.iter().map(payload).collect();
        self.input.explain(&format!("input of `{}`", self.state), &inputs)
    }
}

impl Matcher for StateOutput {
    fn describes(&self) -> String {
        format!("leave `{}` with {}", self.state, self.output.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        let payload = |visit: &&Visit| match &visit.end {
            VisitEnd::Exited { event, output } => Some(Payload { text: Arc::clone(output), event: *event }),
            VisitEnd::Open | VisitEnd::Aborted => None,
        };
        let outputs: Vec<_> = visits.iter().filter_map(payload).collect();
        if outputs.is_empty() {
            let actual = format!("`{}` was entered and never left", self.state);
            return Some(Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered)));
        }
        self.output.explain(&format!("output of `{}`", self.state), &outputs)
    }
}

impl Matcher for Caught {
    fn describes(&self) -> String {
        format!("catch `{}` in `{}`", self.error, self.state)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        let caught: Vec<Arc<str>> =
            visits.iter().filter_map(|visit| visit.caught()?.error.as_ref().map(Arc::clone)).collect();
        if caught.iter().any(|error| **error == *self.error) {
            return None;
        }
        let actual = format!("`{}` caught {}", self.state, listed(&caught));
        let ends = visits.iter().map(|visit| match visit.end {
            VisitEnd::Exited { event, .. } => event,
            VisitEnd::Open | VisitEnd::Aborted => visit.entered,
        });
        Some(Mismatch::new(actual).guilty(ends).hint(hint::of_errors_seen(&visits)))
    }
}

impl Matcher for RetriedAfter {
    fn describes(&self) -> String {
        format!("retry `{}` after {}", self.state, spans(&self.delays))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let visits = execution.visits.of_state(&self.state);
        let delays: Vec<_> = visits.iter().flat_map(|visit| visit.retry_delays()).collect();
        if delays == self.delays {
            return None;
        }
        let actual = match delays.as_slice() {
            [] => format!("`{}` was not retried", self.state),
            delays => format!("`{}` was retried after {}", self.state, spans(delays)),
        };
        let fewer = visits.last().filter(|_| delays.len() < self.delays.len());
        let hint = fewer.and_then(|visit| hint::of_missing_retry(visit, self.delays.len() + 1));
        Some(Mismatch::new(actual).guilty(attempts(&visits)).hint(hint))
    }
}

/// The events that begin the attempts; of a state that does no work, those that enter it.
fn attempts(visits: &[&Visit]) -> Vec<u64> {
    let attempts: Vec<_> =
        visits.iter().flat_map(|visit| &visit.attempts).map(|attempt| attempt.event).collect();
    if attempts.is_empty() { visits.iter().map(|visit| visit.entered).collect() } else { attempts }
}

fn in_visits(visits: &[&Visit]) -> String {
    if visits.len() > 1 { format!(" in {} visits", visits.len()) } else { String::new() }
}
