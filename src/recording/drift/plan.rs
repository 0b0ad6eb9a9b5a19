//! Which of the recorded calls are made again, and in which order.

use std::collections::BTreeSet;

use crate::model::{Json, Operation};
use crate::recording::interaction::Interaction;
use crate::recording::redaction::REDACTED;

/// What becomes of an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Ask,
    /// A sentence that says why not, as a clause after a colon.
    Skip(&'static str),
    /// A later answer to the same question is compared: this one was on the way to it.
    Superseded,
}

const WRITES: &str = "it may change something, and only what changes nothing is asked";
const MOMENTARY: &str = "the recorded answer was a failure of the moment";
const SECRET: &str = "its request was redacted, so nobody knows what to ask";

/// A step for each interaction.
pub(super) fn plan(interactions: &[Interaction], allow_writes: bool) -> Vec<Step> {
    let mut later: BTreeSet<(Operation, String)> = BTreeSet::new();
    let mut asked_later = BTreeSet::new();
    let mut steps = Vec::new();
    for interaction in interactions.iter().rev() {
        let request = interaction.request.to_text();
        let looks = interaction.operation.only_looks();
        let is_asked_later = !asked_later.insert((interaction.operation, request.clone()));
        let is_on_its_way = is_running(&interaction.response) && looks && is_asked_later;
        steps.push(if !looks && !allow_writes {
            Step::Skip(WRITES)
        } else if interaction.is_retryable() {
            Step::Skip(MOMENTARY)
        } else if request.contains(REDACTED) {
            Step::Skip(SECRET)
        } else if is_on_its_way
            || is_empty_handed(interaction)
            || looks && !later.insert((interaction.operation, request))
        {
            Step::Superseded
        } else {
            if !looks {
                later.clear(); // What is asked before it may be answered otherwise.
            }
            Step::Ask
        });
    }
    steps.reverse();
    steps
}

/// Whether an answer tells of something that will soon be otherwise, for nobody's doing.
pub(super) fn is_running(response: &Json) -> bool {
    let status = response.get("status").and_then(Json::as_str);
    status.is_some_and(|status| ["RUNNING", "PENDING_REDRIVE", "DELETING"].contains(&status))
}

/// A worker that was told to ask again. How often that happens is a matter of time.
fn is_empty_handed(interaction: &Interaction) -> bool {
    let has_task = |response: &Json| response.get("taskToken").is_some_and(|token| !token.is_null());
    interaction.operation == Operation::GetActivityTask
        && interaction.is_success()
        && !has_task(&interaction.response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interaction(operation: Operation, request: &str, status: u16) -> Interaction {
        let request = Json::parse(request).unwrap();
        Interaction { operation, request, status, error: None, response: Json::Null, times: 1 }
    }

    #[test]
    fn the_last_answer_to_a_question_counts_until_something_is_changed() {
        let describe = || interaction(Operation::DescribeExecution, r#"{"executionArn":"${name-1}"}"#, 200);
        let stop = interaction(Operation::StopExecution, r#"{"executionArn":"${name-1}"}"#, 200);
        let other = interaction(Operation::DescribeExecution, r#"{"executionArn":"${name-2}"}"#, 200);
        let calls = [describe(), other, describe(), stop, describe()];
        assert_eq!(plan(&calls, true), [Step::Superseded, Step::Ask, Step::Ask, Step::Ask, Step::Ask]);
        assert_eq!(
            plan(&calls, false),
            [Step::Superseded, Step::Ask, Step::Superseded, Step::Skip(WRITES), Step::Ask]
        );
    }

    #[test]
    fn what_was_on_its_way_when_it_was_recorded_is_not_waited_for() {
        let describe = |response: &str| Interaction {
            response: Json::parse(response).unwrap(),
            ..interaction(Operation::DescribeExecution, r#"{"executionArn":"${name-1}"}"#, 200)
        };
        let poll = |response: &str| Interaction {
            response: Json::parse(response).unwrap(),
            ..interaction(Operation::GetActivityTask, "{}", 200)
        };
        let stop = interaction(Operation::StopExecution, r#"{"executionArn":"${name-2}"}"#, 200);
        let (running, done) = (describe(r#"{"status":"RUNNING"}"#), describe(r#"{"status":"SUCCEEDED"}"#));
        assert_eq!(
            plan(&[running.clone(), stop.clone(), done], true),
            [Step::Superseded, Step::Ask, Step::Ask]
        );
        assert_eq!(plan(&[stop, running], true), [Step::Ask, Step::Ask]);
        let polls = [poll(r#"{"taskToken":null}"#), poll("{}"), poll(r#"{"taskToken":"${token-1}"}"#)];
        assert_eq!(plan(&polls, true), [Step::Superseded, Step::Superseded, Step::Ask]);
    }

    #[test]
    fn what_cannot_be_asked_again_is_left_out() {
        let calls = [
            interaction(Operation::ListActivities, "{}", 503),
            interaction(Operation::StartExecution, r#"{"input":{"$json":{"card":"[redacted]"}}}"#, 200),
            interaction(Operation::TestState, "{}", 200),
        ];
        assert_eq!(plan(&calls, true), [Step::Skip(MOMENTARY), Step::Skip(SECRET), Step::Ask]);
        assert_eq!(plan(&calls, false), [Step::Skip(MOMENTARY), Step::Skip(WRITES), Step::Skip(WRITES)]);
    }
}
