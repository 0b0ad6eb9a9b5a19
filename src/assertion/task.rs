//! What one task called: with which payload, how often, and what came back.

use std::sync::Arc;

use super::Execution;
use super::hint;
use super::history::{Attempt, AttemptOutcome};
use super::matcher::{Matcher, Mismatch};
use super::path::entered;
use super::payload::{ExpectedJson, Payload};
use super::status::failure_events;
use super::wording::{listed, times};

/// Called something. The other matchers of tasks take this as given.
pub(crate) struct TaskCalled(pub(crate) String);

/// Called with this payload at least once.
pub(crate) struct Received {
    pub(crate) task: String,
    pub(crate) payload: ExpectedJson,
}

/// Called so many times, over all visits and attempts.
pub(crate) struct CalledTimes {
    pub(crate) task: String,
    pub(crate) times: usize,
}

/// Was answered with this at least once.
pub(crate) struct Returned {
    pub(crate) task: String,
    pub(crate) output: ExpectedJson,
}

/// Was answered with this error at least once.
pub(crate) struct TaskFailedWith {
    pub(crate) task: String,
    pub(crate) error: String,
}

impl Matcher for TaskCalled {
    fn describes(&self) -> String {
        format!("call task `{}`", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        if !calls(execution, &self.0).is_empty() {
            return None;
        }
        let visits = execution.visits.of_state(&self.0);
        let Some(visit) = visits.first() else {
            let unknown = hint::of_unknown_state(execution, &self.0);
            return Some(Mismatch::new(entered(execution)).guilty(failure_events(execution)).hint(unknown));
        };
        let why = match visit.kind.as_str() {
            "Task" => "it has yet to, or it failed before".to_owned(),
            other => format!("it is a {other} state"),
        };
        let actual = format!("`{}` was entered, but called nothing: {why}", self.0);
        Some(Mismatch::new(actual).guilty(visits.iter().map(|visit| visit.entered)))
    }
}

impl Matcher for Received {
    fn describes(&self) -> String {
        format!("call `{}` with {}", self.task, self.payload.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = calls(execution, &self.task);
        let payload = |attempt: &&Attempt| {
            attempt
                .call
                .as_ref()
                .map(|call| Payload { text: Arc::clone(&call.payload), event: attempt.event })
        };
        let payloads: Vec<_> = calls.iter().filter_map(payload).collect();
        self.payload.explain(&format!("payload of `{}`", self.task), &payloads)
    }
}

impl Matcher for CalledTimes {
    fn describes(&self) -> String {
        format!("call `{}` {}", self.task, times(self.times))
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = calls(execution, &self.task);
        (calls.len() != self.times).then(|| {
            let visit = execution.visits.of_state(&self.task).into_iter().last();
            let fewer = visit.filter(|_| calls.len() < self.times);
            Mismatch::new(format!("`{}` was called {}", self.task, times(calls.len())))
                .guilty(calls.iter().map(|call| call.event))
                .hint(fewer.and_then(|visit| hint::of_missing_retry(execution, visit, self.times)))
        })
    }
}

impl Matcher for Returned {
    fn describes(&self) -> String {
        format!("get {} from `{}`", self.output.words(), self.task)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = calls(execution, &self.task);
        let payload = |attempt: &&Attempt| {
            attempt
                .answer
                .as_ref()
                .map(|answer| Payload { text: Arc::clone(&answer.output), event: answer.event })
        };
        let payloads: Vec<_> = calls.iter().filter_map(payload).collect();
        if payloads.is_empty() {
            let actual = format!("`{}` returned nothing: it failed, or has not been answered", self.task);
            return Some(Mismatch::new(actual).guilty(ends(&calls)));
        }
        self.output.explain(&format!("answer to `{}`", self.task), &payloads)
    }
}

impl Matcher for TaskFailedWith {
    fn describes(&self) -> String {
        format!("see `{}` fail with `{}`", self.task, self.error)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let calls = calls(execution, &self.task);
        let errors: Vec<_> = calls.iter().filter_map(|call| call.failure()?.error.clone()).collect();
        if errors.iter().any(|error| **error == *self.error) {
            return None;
        }
        let actual = match errors.as_slice() {
            [] => format!("`{}` never failed", self.task),
            errors => format!("`{}` failed with {}", self.task, listed(errors)),
        };
        Some(Mismatch::new(actual).guilty(ends(&calls)))
    }
}

/// All attempts of the task that called something.
fn calls<'e>(execution: &'e Execution, task: &str) -> Vec<&'e Attempt> {
    let visits = execution.visits.of_state(task).into_iter();
    visits.flat_map(|visit| &visit.attempts).filter(|attempt| attempt.call.is_some()).collect()
}

fn ends(calls: &[&Attempt]) -> Vec<u64> {
    let end = |call: &&Attempt| match call.outcome {
        AttemptOutcome::Returned { event } | AttemptOutcome::Failed { event, .. } => event,
        AttemptOutcome::Open => call.event,
    };
    calls.iter().map(end).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    fn notify() -> String {
        "Notify".to_owned()
    }

    /// Fails once, then returns.
    fn notified() -> Execution {
        History::started_with("{}")
            .passes("Prepare", "{}", "{}") // 2, 3
            .enters_task("Notify", "{}") // 4
            .calls(r#"{"QueueUrl":"q","MessageBody":"a"}"#) // 5, 6
            .fails("Busy", "try later") // 7
            .after("1s")
            .calls(r#"{"QueueUrl":"q","MessageBody":"a"}"#) // 8, 9
            .returns(r#"{"MessageId":"m-1"}"#) // 10
            .exits_task("Notify", "{}")
            .succeeded("{}")
    }

    fn received(value: &Value) -> Received {
        Received { task: notify(), payload: ExpectedJson::whole(value).unwrap() }
    }

    #[test]
    fn payloads_are_expected_whole_or_in_part() {
        holds(&notified(), &received(&json!({"QueueUrl": "q", "MessageBody": "a"})));
        let part = ExpectedJson::part(&json!({"QueueUrl": "q"})).unwrap();
        holds(&notified(), &Received { task: notify(), payload: part });
        assert_eq!(
            why(&notified(), &received(&json!({"QueueUrl": "q"}))),
            r#"expected execution `e-1` of state machine `orders` to call `Notify` with {"QueueUrl":"q"}
  actual: the payload of `Notify` was another one both times; the nearest was {"QueueUrl":"q","MessageBody":"a"}
  first difference (actual != expected): $.MessageBody: unexpected "a"

--- expected
+++ actual
@@ -1,3 +1,4 @@
 {
+  "MessageBody": "a",
   "QueueUrl": "q"
 }"#
        );
        assert_eq!(guilty(&notified(), &received(&json!(1))), [5]);
    }

    #[test]
    fn every_attempt_is_a_call() {
        holds(&notified(), &CalledTimes { task: notify(), times: 2 });
        assert_eq!(
            why(&notified(), &CalledTimes { task: notify(), times: 1 }),
            "expected execution `e-1` of state machine `orders` to call `Notify` once\n  \
             actual: `Notify` was called twice"
        );
        assert_eq!(guilty(&notified(), &CalledTimes { task: notify(), times: 1 }), [5, 8]);
    }

    #[test]
    fn answers_and_errors_are_those_of_any_call() {
        let returned =
            |value: &Value| Returned { task: notify(), output: ExpectedJson::whole(value).unwrap() };
        let failed = |error: &str| TaskFailedWith { task: notify(), error: error.to_owned() };
        holds(&notified(), &returned(&json!({"MessageId": "m-1"})));
        holds(&notified(), &failed("Busy"));
        assert_eq!(
            why(&notified(), &returned(&json!("m-1"))),
            r#"expected execution `e-1` of state machine `orders` to get "m-1" from `Notify`
  actual: the answer to `Notify` was {"MessageId":"m-1"}
  first difference (actual != expected): $: {"MessageId":"m-1"} != "m-1"

--- expected
+++ actual
@@ -1 +1,3 @@
-"m-1"
+{
+  "MessageId": "m-1"
+}

hint: the value expected at `$` is at `$.MessageId`"#
        );
        assert_eq!(
            why(&notified(), &failed("Boom")),
            "expected execution `e-1` of state machine `orders` to see `Notify` fail with `Boom`\n  \
             actual: `Notify` failed with `Busy`"
        );
    }

    #[test]
    fn a_task_that_was_never_answered_returned_nothing() {
        let execution = History::started_with("{}").enters_task("Notify", "{}").calls("{}").running();
        let output = ExpectedJson::whole(&json!(1)).unwrap();
        assert_eq!(
            why(&execution, &Returned { task: notify(), output }),
            "expected execution `e-1` of state machine `orders` to get 1 from `Notify`\n  \
             actual: `Notify` returned nothing: it failed, or has not been answered\n\n\
             hint: `Notify` waits for the answer to dynamodb:putItem: its mock answers later, or never; no TimeoutSeconds \
             or HeartbeatSeconds ends that\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
        assert_eq!(
            why(&execution, &TaskFailedWith { task: notify(), error: "Boom".to_owned() }),
            "expected execution `e-1` of state machine `orders` to see `Notify` fail with `Boom`\n  \
             actual: `Notify` never failed\n\n\
             hint: `Notify` waits for the answer to dynamodb:putItem: its mock answers later, or never; no TimeoutSeconds \
             or HeartbeatSeconds ends that\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
    }

    #[test]
    fn a_state_that_is_no_task_calls_nothing() {
        holds(&notified(), &TaskCalled(notify()));
        assert_eq!(
            why(&notified(), &TaskCalled("Prepare".to_owned())),
            "expected execution `e-1` of state machine `orders` to call task `Prepare`\n  \
             actual: `Prepare` was entered, but called nothing: it is a Pass state"
        );
        assert_eq!(
            why(&notified(), &TaskCalled("notfy".to_owned())),
            "expected execution `e-1` of state machine `orders` to call task `notfy`\n  \
             actual: it entered `Prepare`, `Notify`\n\n\
             hint: there is a state of a similar name: did you mean `Notify`?"
        );
    }
}
