//! A mock config file that was read: who is answered what, and when it has nothing to say.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::invocations::Invocations;
use super::pointer::Pointer;
use crate::model::{Failure, Json};
use crate::service::task_call::{TaskAnswer, TaskJob, TaskOutcome};

/// The answers of a mock config file.
#[derive(Debug, Clone)]
pub(crate) struct MockConfig {
    /// As error texts call it.
    pub(super) file: Arc<str>,
    pub(super) state_machines: BTreeMap<Arc<str>, TestCases>,
}

pub(super) type TestCases = BTreeMap<Arc<str>, TestCase>;

/// The mocked states of a test case.
pub(super) type TestCase = BTreeMap<Arc<str>, Arc<MockedResponse>>;

/// The answers to the invocations of a state, in the order of the file.
#[derive(Debug)]
pub(super) struct MockedResponse {
    pub(super) name: Arc<str>,
    pub(super) answers: Vec<(Invocations, MockedAnswer)>,
}

/// What one invocation is answered with.
#[derive(Debug, Clone)]
pub(super) struct MockedAnswer {
    /// `None`: it waits for whoever sends its token back.
    pub(super) end: Option<Result<Json, Failure>>,
    pub(super) after: Duration,
    /// What the called service says when it takes a job on.
    pub(super) submits: Option<Json>,
}

impl MockedAnswer {
    /// `Return` or `Throw`, at once.
    pub(super) const fn at_once(end: Result<Json, Failure>) -> Self {
        Self { end: Some(end), after: Duration::ZERO, submits: None }
    }

    fn to_task_answer(&self) -> TaskAnswer {
        let end = self.end.clone().map(|end| match end {
            Ok(result) => TaskOutcome::Succeeded(result),
            Err(failure) => TaskOutcome::Failed(failure),
        });
        match (end, &self.submits) {
            (Some(outcome), None) => TaskAnswer::Outcome { after: self.after, outcome },
            (end, submits) => {
                let submitted = submits.clone().unwrap_or_else(Json::empty_object);
                let end = end.map(|outcome| (self.after, outcome));
                TaskAnswer::Job(Box::new(TaskJob { submitted, heartbeats: None, end }))
            }
        }
    }
}

/// Which attempt of which state of which execution asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'t> {
    pub(crate) state_machine: &'t str,
    pub(crate) test_case: &'t str,
    pub(crate) state: &'t str,
    /// How often the execution has run this state before, retries and Map iterations included.
    pub(crate) invocation: u64,
    /// Whether the task has a token.
    pub(crate) has_token: bool,
}

impl MockConfig {
    /// The answer to one attempt; `None` for a state that the test case does not mock.
    ///
    /// A test case or an invocation that the file lacks ends the execution: a gap in a mock is a mistake in the test,
    /// which no retrier or catcher of the definition may hide.
    pub(crate) fn answer(&self, asking: Asking<'_>) -> Option<TaskAnswer> {
        let test_case = match self.test_case(asking) {
            Ok(test_case) => test_case,
            Err((at, why)) => return Some(self.unanswerable(&at, &why)),
        };
        let response = test_case.get(asking.state)?;
        let at = Pointer::default().child("MockedResponses").child(&response.name);
        Some(match response.answers.iter().find(|(invocations, _)| invocations.contain(asking.invocation)) {
            Some((invocations, MockedAnswer { end: None, .. } | MockedAnswer { submits: Some(_), .. }))
                if !asking.has_token =>
            {
                let why = format!(
                    "only a task that waits for its token or a job can be submitted, and state `{}` does neither",
                    asking.state
                );
                self.unanswerable(&at.child(&invocations.to_string()), &why)
            }
            Some((_, answer)) => answer.to_task_answer(),
            None => self.unanswerable(
                &at,
                &format!(
                    "no answer to invocation {} of state `{}`, only to {}",
                    asking.invocation,
                    asking.state,
                    listed(response.answers.iter().map(|(invocations, _)| invocations))
                ),
            ),
        })
    }

    /// The names of the state machines, in alphabetical order.
    #[cfg(feature = "cli")]
    pub(crate) fn state_machines(&self) -> impl Iterator<Item = &str> {
        self.state_machines.keys().map(|name| &**name)
    }

    /// The names of a state machine's test cases, in alphabetical order; `None` if the file lacks the machine.
    #[cfg(feature = "cli")]
    pub(crate) fn test_cases_of(&self, state_machine: &str) -> Option<Vec<&str>> {
        self.state_machines.get(state_machine).map(|cases| cases.keys().map(|name| &**name).collect())
    }

    /// Whether a test case has an answer for a state.
    #[cfg(feature = "cli")]
    pub(crate) fn mocks(&self, state_machine: &str, test_case: &str, state: &str) -> bool {
        let test_case = self.state_machines.get(state_machine).and_then(|cases| cases.get(test_case));
        test_case.is_some_and(|states| states.contains_key(state))
    }

    fn test_case(&self, asking: Asking<'_>) -> Result<&TestCase, (Pointer, String)> {
        let Asking { state_machine, test_case, .. } = asking;
        let at = Pointer::default().child("StateMachines");
        let test_cases = self.state_machines.get(state_machine).ok_or_else(|| {
            let known = listed(self.state_machines.keys());
            (at.clone(), format!("no state machine `{state_machine}`, only {known}"))
        })?;
        test_cases.get(test_case).ok_or_else(|| {
            let at = at.child(state_machine).child("TestCases");
            (at, format!("no test case `{test_case}`, only {}", listed(test_cases.keys())))
        })
    }

    fn unanswerable(&self, at: &Pointer, why: &str) -> TaskAnswer {
        let failure = Failure::runtime(format!("{}: {at}: {why}", self.file));
        TaskAnswer::Outcome { after: Duration::ZERO, outcome: TaskOutcome::Unanswerable(failure) }
    }
}

fn listed<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<_> = items.map(|item| format!("`{}`", item.to_string())).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
        "StateMachines": {"orders": {"TestCases": {"Happy": {"Pay": "PayAnswers"}, "Slow": {"Pay": "TimesOut"}}}},
        "MockedResponses": {
            "PayAnswers": {
                "0-1": {"Throw": {"Error": "Busy", "Cause": ""}},
                "2": {"Return": {"paid": true}}
            },
            "TimesOut": {"0": {"Throw": {"Error": "States.Timeout", "Cause": ""}}}
        }
    }"#;

    fn answer(test_case: &str, state: &str, invocation: u64) -> Option<TaskAnswer> {
        let config = MockConfig::read(FILE, "mocks.json").unwrap();
        config.answer(Asking { state_machine: "orders", test_case, state, invocation, has_token: false })
    }

    fn at_once(answer: Option<TaskAnswer>) -> Option<TaskOutcome> {
        match answer {
            Some(TaskAnswer::Outcome { after: Duration::ZERO, outcome }) => Some(outcome),
            _ => None,
        }
    }

    #[track_caller]
    fn check_failure(found: Option<TaskAnswer>, expected: &Failure) {
        match at_once(found) {
            Some(TaskOutcome::Failed(failure)) => assert_eq!(&failure, expected),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check_unanswerable(found: Option<TaskAnswer>, cause: &str) {
        match at_once(found) {
            Some(TaskOutcome::Unanswerable(failure)) => assert_eq!(failure, Failure::runtime(cause)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_invocation_gets_the_answer_of_its_number_or_range() {
        check_failure(answer("Happy", "Pay", 0), &Failure::new("Busy", ""));
        check_failure(answer("Happy", "Pay", 1), &Failure::new("Busy", ""));
        let Some(TaskOutcome::Succeeded(result)) = at_once(answer("Happy", "Pay", 2)) else { panic!() };
        assert_eq!(result.to_text(), r#"{"paid":true}"#);
    }

    #[test]
    fn a_thrown_timeout_without_a_cause_is_a_timeout() {
        check_failure(answer("Slow", "Pay", 0), &Failure::timeout());
    }

    #[test]
    fn a_state_that_the_test_case_does_not_list_is_not_mocked_by_the_file() {
        assert!(answer("Happy", "Ship", 0).is_none());
    }

    #[test]
    fn an_invocation_beyond_the_answers_says_which_one_is_missing() {
        check_unanswerable(
            answer("Happy", "Pay", 3),
            "mocks.json: /MockedResponses/PayAnswers: no answer to invocation 3 of state `Pay`, only to `0-1`, `2`",
        );
    }

    #[test]
    fn an_unknown_test_case_or_state_machine_is_said_to_be_missing() {
        check_unanswerable(
            answer("Sad", "Pay", 0),
            "mocks.json: /StateMachines/orders/TestCases: no test case `Sad`, only `Happy`, `Slow`",
        );
        let config = MockConfig::read(FILE, "mocks.json").unwrap();
        check_unanswerable(
            config.answer(Asking {
                state_machine: "bills",
                test_case: "Happy",
                state: "Pay",
                invocation: 0,
                has_token: false,
            }),
            "mocks.json: /StateMachines: no state machine `bills`, only `orders`",
        );
    }

    #[test]
    fn what_is_submitted_needs_a_token() {
        let file = r#"{
            "StateMachines": {"m": {"TestCases": {"Case": {"Ask": "Open"}}}},
            "MockedResponses": {"Open": {
                "0": {"WaitForTaskToken": {"Return": {"MessageId": "1"}}},
                "1": {"WaitForTaskToken": {}},
                "2-3": {"Return": 7, "After": "90s", "Submits": {"JobId": "j"}}
            }}
        }"#;
        let config = MockConfig::read(file, "mocks.json").unwrap();
        let answer = |invocation, has_token| {
            let (state_machine, test_case, state) = ("m", "Case", "Ask");
            config.answer(Asking { state_machine, test_case, state, invocation, has_token })
        };
        let job = |invocation| match answer(invocation, true) {
            Some(TaskAnswer::Job(job)) => {
                (job.submitted.to_text(), job.end.map(|(after, _)| after.as_secs()))
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(job(0), (r#"{"MessageId":"1"}"#.to_owned(), None));
        assert_eq!(job(1), ("{}".to_owned(), None));
        assert_eq!(job(2), (r#"{"JobId":"j"}"#.to_owned(), Some(90)));
        check_unanswerable(
            answer(3, false),
            "mocks.json: /MockedResponses/Open/2-3: only a task that waits for its token or a job can be submitted, \
             and state `Ask` does neither",
        );
    }
}
