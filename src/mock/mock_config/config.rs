//! A mock config file that was read: who is answered what, and when it has nothing to say.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::invocations::Invocations;
use crate::model::{Failure, Json};
use crate::service::task_call::TaskOutcome;

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
    pub(super) answers: Vec<(Invocations, Result<Json, Failure>)>,
}

/// Which attempt of which state of which execution asks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'t> {
    pub(crate) state_machine: &'t str,
    pub(crate) test_case: &'t str,
    pub(crate) state: &'t str,
    /// How often the execution has run this state before, retries and Map iterations included.
    pub(crate) invocation: u64,
}

impl MockConfig {
    /// The answer to one attempt; `None` for a state that the test case does not mock.
    ///
    /// A test case or an invocation that the file lacks ends the execution: a gap in a mock is a mistake in the test,
    /// which no retrier or catcher of the definition may hide.
    pub(crate) fn answer(&self, asking: Asking<'_>) -> Option<TaskOutcome> {
        let test_case = match self.test_case(asking) {
            Ok(test_case) => test_case,
            Err(why) => return Some(self.unanswerable(&why)),
        };
        let response = test_case.get(asking.state)?;
        Some(match response.answers.iter().find(|(invocations, _)| invocations.contain(asking.invocation)) {
            Some((_, Ok(result))) => TaskOutcome::Succeeded(result.clone()),
            Some((_, Err(failure))) => TaskOutcome::Failed(failure.clone()),
            None => self.unanswerable(&format!(
                "mocked response `{}` has no answer to invocation {} of state `{}`, only to {}",
                response.name,
                asking.invocation,
                asking.state,
                listed(response.answers.iter().map(|(invocations, _)| invocations))
            )),
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

    fn test_case(&self, asking: Asking<'_>) -> Result<&TestCase, String> {
        let Asking { state_machine, test_case, .. } = asking;
        let test_cases = self.state_machines.get(state_machine).ok_or_else(|| {
            format!("no state machine `{state_machine}`, only {}", listed(self.state_machines.keys()))
        })?;
        test_cases.get(test_case).ok_or_else(|| {
            format!(
                "no test case `{test_case}` of state machine `{state_machine}`, only {}",
                listed(test_cases.keys())
            )
        })
    }

    fn unanswerable(&self, why: &str) -> TaskOutcome {
        TaskOutcome::Unanswerable(Failure::runtime(format!("{}: {why}", self.file)))
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

    fn answer(test_case: &str, state: &str, invocation: u64) -> Option<TaskOutcome> {
        let config = MockConfig::read(FILE, "mocks.json").unwrap();
        config.answer(Asking { state_machine: "orders", test_case, state, invocation })
    }

    #[track_caller]
    fn check_failure(found: Option<TaskOutcome>, expected: &Failure) {
        match found {
            Some(TaskOutcome::Failed(failure)) => assert_eq!(&failure, expected),
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check_unanswerable(found: Option<TaskOutcome>, cause: &str) {
        match found {
            Some(TaskOutcome::Unanswerable(failure)) => assert_eq!(failure, Failure::runtime(cause)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_invocation_gets_the_answer_of_its_number_or_range() {
        check_failure(answer("Happy", "Pay", 0), &Failure::new("Busy", ""));
        check_failure(answer("Happy", "Pay", 1), &Failure::new("Busy", ""));
        let Some(TaskOutcome::Succeeded(result)) = answer("Happy", "Pay", 2) else { panic!() };
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
            "mocks.json: mocked response `PayAnswers` has no answer to invocation 3 of state `Pay`, only to `0-1`, `2`",
        );
    }

    #[test]
    fn an_unknown_test_case_or_state_machine_is_said_to_be_missing() {
        check_unanswerable(
            answer("Sad", "Pay", 0),
            "mocks.json: no test case `Sad` of state machine `orders`, only `Happy`, `Slow`",
        );
        let config = MockConfig::read(FILE, "mocks.json").unwrap();
        check_unanswerable(
            config.answer(Asking { state_machine: "bills", test_case: "Happy", state: "Pay", invocation: 0 }),
            "mocks.json: no state machine `bills`, only `orders`",
        );
    }
}
