//! What one task called: with which payload, how often, and what came back.

use std::fmt;
use std::sync::Arc;

use super::Execution;
use super::hint;
use super::history::{Attempt, AttemptOutcome};
use super::matcher::{Matcher, Mismatch};
use super::path::{entered, unknown};
use super::payload::{ExpectedJson, Payload};
use super::status::failure_events;
use super::subject::Subject;
use super::wording::{listed, times};
use crate::model::fold;

/// How many characters of a cause a sentence shows.
const CAUSE_WIDTH: usize = 100;

/// The calls of a task: all of them, or one.
#[derive(Debug, Clone)]
pub(crate) struct Calls {
    pub(crate) task: Subject,
    /// Counted from 1, over all visits and attempts.
    pub(crate) nth: Option<usize>,
}

/// Called something. The other matchers of tasks take this as given.
pub(crate) struct TaskCalled(pub(crate) Subject);

/// Called with this payload at least once.
pub(crate) struct Received {
    pub(crate) calls: Calls,
    pub(crate) payload: ExpectedJson,
}

/// Called so many times, over all visits and attempts.
pub(crate) struct CalledTimes {
    pub(crate) calls: Calls,
    pub(crate) times: usize,
}

/// Was answered with this at least once.
pub(crate) struct Returned {
    pub(crate) calls: Calls,
    pub(crate) output: ExpectedJson,
}

/// Was answered with this error at least once.
pub(crate) struct TaskFailedWith {
    pub(crate) calls: Calls,
    pub(crate) error: String,
}

/// There was a call of this number.
pub(crate) struct TaskCalledNth(pub(crate) Calls);

/// Every call was one of this resource.
pub(crate) struct CalledResource {
    pub(crate) calls: Calls,
    pub(crate) resource: String,
}

/// Was answered with an error with such a cause at least once.
pub(crate) struct TaskFailedBecause {
    pub(crate) calls: Calls,
    pub(crate) part: String,
}

impl Calls {
    fn made<'e>(&self, execution: &'e Execution) -> Vec<&'e Attempt> {
        let calls = calls(execution, &self.task);
        match self.nth {
            Some(nth) => calls.into_iter().skip(nth.wrapping_sub(1)).take(1).collect(),
            None => calls,
        }
    }
}

/// `` `Pay` ``, or ``call 2 of `Pay` ``.
impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "call {nth} of ")?;
        }
        write!(f, "{}", self.task)
    }
}

impl Matcher for TaskCalled {
    fn describes(&self) -> String {
        format!("call task {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        if !calls(execution, &self.0).is_empty() {
            return None;
        }
        let visits = self.0.visits(execution);
        let Some(visit) = visits.first() else {
            let hints = unknown(execution, &self.0.name);
            return Some(
                Mismatch::new(entered(execution, &self.0.scope))
                    .guilty(failure_events(execution))
                    .hint(hints),
            );
        };
        let why = match visit.kind.as_str() {
            "Task" => "it has yet to, or it failed before".to_owned(),
            other => format!("it is a {other} state"),
        };
        let actual = format!("{} was entered, but called nothing: {why}", self.0);
        Some(Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered)))
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        calls(execution, &self.0).iter().map(|call| call.event).collect()
    }
}

impl Matcher for TaskCalledNth {
    fn describes(&self) -> String {
        format!("make {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let all = calls(execution, &self.0.task);
        self.0.made(execution).is_empty().then(|| {
            let numbers = if self.0.nth == Some(0) { " (calls are counted from 1)" } else { "" };
            let actual = format!("{} was called {}{numbers}", self.0.task, times(all.len()));
            Mismatch::new(actual).guilty(all.iter().map(|call| call.event))
        })
    }
}

impl Matcher for CalledResource {
    fn describes(&self) -> String {
        format!("call `{}` from {}", self.resource, self.calls)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        let resource =
            |attempt: &&Attempt| attempt.call.as_ref().map(|call| (call.resource.clone(), attempt.event));
        let others: Vec<_> =
            calls.iter().filter_map(resource).filter(|(resource, _)| *resource != self.resource).collect();
        let mut names: Vec<_> = others.iter().map(|(resource, _)| resource).collect();
        names.dedup();
        (!others.is_empty()).then(|| {
            Mismatch::new(format!("{} called {}", self.calls, listed(&names)))
                .guilty(others.iter().map(|(_, event)| *event))
        })
    }
}

impl Matcher for TaskFailedBecause {
    fn describes(&self) -> String {
        format!("see {} fail with a cause that contains \"{}\"", self.calls, self.part)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        let causes: Vec<&str> = calls
            .iter()
            .filter_map(|call| call.failure())
            .map(|failure| failure.cause.as_deref().unwrap_or(""))
            .collect();
        if causes.iter().any(|cause| cause.contains(&self.part)) {
            return None;
        }
        let shown: Vec<_> = causes.iter().map(|cause| format!("\"{}\"", fold(cause, CAUSE_WIDTH))).collect();
        let actual = match shown.as_slice() {
            [] => format!("{} never failed", self.calls),
            causes => format!("{} failed because of {}", self.calls, causes.join(", then ")),
        };
        Some(Mismatch::new(actual).guilty(ends(&calls)))
    }
}

impl Matcher for Received {
    fn describes(&self) -> String {
        format!("call {} with {}", self.calls, self.payload.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        let payload = |attempt: &&Attempt| {
            attempt
                .call
                .as_ref()
                .map(|call| Payload { text: Arc::clone(&call.payload), event: attempt.event })
        };
        let payloads: Vec<_> = calls.iter().filter_map(payload).collect();
        self.payload.explain(&format!("payload of {}", self.calls), &payloads)
    }
}

impl Matcher for CalledTimes {
    fn describes(&self) -> String {
        format!("call {} {}", self.calls, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        (calls.len() != self.times).then(|| {
            let visit = self.calls.task.visits(execution).into_iter().last();
            let fewer = visit.filter(|_| calls.len() < self.times);
            Mismatch::new(format!("{} was called {}", self.calls, times(calls.len())))
                .guilty(calls.iter().map(|call| call.event))
                .hint(fewer.and_then(|visit| hint::of_missing_retry(execution, visit, self.times)))
        })
    }
}

impl Matcher for Returned {
    fn describes(&self) -> String {
        format!("get {} from {}", self.output.words(), self.calls)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        let payload = |attempt: &&Attempt| {
            attempt
                .answer
                .as_ref()
                .map(|answer| Payload { text: Arc::clone(&answer.output), event: answer.event })
        };
        let payloads: Vec<_> = calls.iter().filter_map(payload).collect();
        if payloads.is_empty() {
            let actual = format!("{} returned nothing: it failed, or has not been answered", self.calls);
            return Some(Mismatch::new(actual).guilty(ends(&calls)));
        }
        self.output.explain(&format!("answer to {}", self.calls), &payloads)
    }
}

impl Matcher for TaskFailedWith {
    fn describes(&self) -> String {
        format!("see {} fail with `{}`", self.calls, self.error)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = self.calls.made(execution);
        let errors: Vec<_> = calls.iter().filter_map(|call| call.failure()?.error.clone()).collect();
        if errors.iter().any(|error| **error == *self.error) {
            return None;
        }
        let actual = match errors.as_slice() {
            [] => format!("{} never failed", self.calls),
            errors => format!("{} failed with {}", self.calls, listed(errors)),
        };
        Some(Mismatch::new(actual).guilty(ends(&calls)))
    }
}

/// All attempts of the task that called something.
pub(super) fn calls<'e>(execution: &'e Execution, task: &Subject) -> Vec<&'e Attempt> {
    let visits = task.visits(execution).into_iter();
    visits.flat_map(|visit| &visit.attempts).filter(|attempt| attempt.call.is_some()).collect()
}

fn ends(calls: &[&Attempt]) -> Vec<u64> {
    let end = |call: &&Attempt| match call.outcome {
        AttemptOutcome::Returned { event } | AttemptOutcome::Failed { event, .. } => event,
        AttemptOutcome::Open => call.event,
    };
    calls.iter().map(end).collect()
}
