//! What the execution was started with.

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::payload::{ExpectedJson, Payload};

/// Started with this input.
pub(crate) struct StartedWith(pub(crate) ExpectedJson);

impl Matcher for StartedWith {
    fn describes(&self) -> String {
        format!("be started with {}", self.0.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let event = execution.record.events.first().map_or(0, |event| event.id);
        self.0.explain("input", &[Payload { text: execution.record.input.to_text().into(), event }])
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.record.events.first().map(|event| event.id).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    #[test]
    fn the_input_is_compared_whole_in_part_or_at_a_path() {
        let execution = History::started_with(r#"{"id":"o-1","qty":2}"#).running();
        holds(&execution, &StartedWith(ExpectedJson::whole(&json!({"qty": 2, "id": "o-1"})).unwrap()));
        holds(&execution, &StartedWith(ExpectedJson::part(&json!({"qty": 2})).unwrap()));
        let at = StartedWith(ExpectedJson::at("$.qty", &json!(3)).unwrap());
        assert_eq!(
            why(&execution, &at),
            "expected execution `e-1` of state machine `orders` to be started with 3 at `$.qty`\n  \
             actual: the input was 2 at `$.qty`\n  \
             first difference (actual != expected): $.qty: 2 != 3\n\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
        assert_eq!(guilty(&execution, &at), [1]);
    }
}
