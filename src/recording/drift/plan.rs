//! Which of the recorded calls are made again, and in which order.

use std::collections::BTreeSet;

use crate::model::Operation;
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
    let mut steps = Vec::new();
    for interaction in interactions.iter().rev() {
        let request = interaction.request.to_text();
        let looks = interaction.operation.only_looks();
        steps.push(if !looks && !allow_writes {
            Step::Skip(WRITES)
        } else if interaction.is_retryable() {
            Step::Skip(MOMENTARY)
        } else if request.contains(REDACTED) {
            Step::Skip(SECRET)
        } else if looks && !later.insert((interaction.operation, request)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Json;

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
