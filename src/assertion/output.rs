//! What the execution returned.

use super::Execution;
use super::matcher::{Matcher, Mismatch};
use super::payload::{ExpectedJson, Payload};
use super::status::at_the_end;
use crate::model::ExecutionStatus;

/// SUCCEEDED with this output.
pub(crate) struct Outputs(pub(crate) ExpectedJson);

impl Matcher for Outputs {
    fn describes(&self) -> String {
        format!("output {}", self.0.words())
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let Some(output) = &execution.record.output else {
            return Some(at_the_end(execution).hint(hint(execution)));
        };
        let event = execution.end_event().map_or(0, |event| event.id);
        self.0.explain("output", &[Payload { text: output.to_text().into(), event }])
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.end_event().map(|end| end.id).into_iter().collect()
    }
}

/// Why there is no output.
pub(super) fn hint(execution: &Execution) -> Option<String> {
    let assertion = match (execution.status(), execution.error()) {
        (ExecutionStatus::Failed, Some(error)) => format!("failed_with(\"{error}\")"),
        (ExecutionStatus::Failed, None) => "failed()".to_owned(),
        (ExecutionStatus::TimedOut, _) => "timed_out()".to_owned(),
        (ExecutionStatus::Aborted, _) => "aborted()".to_owned(),
        (ExecutionStatus::Running | ExecutionStatus::Succeeded, _) => return None,
    };
    Some(format!(
        "only a SUCCEEDED execution has an output; if this end is the right one, assert `.{assertion}`"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};
    use crate::pattern::{any, includes};

    fn whole(value: &Value) -> Outputs {
        Outputs(ExpectedJson::whole(value).unwrap())
    }

    fn part(value: &Value) -> Outputs {
        Outputs(ExpectedJson::part(value).unwrap())
    }

    fn order() -> Execution {
        let output =
            r#"{"total": 12, "items": [{"qty": 1, "sku": "a"}, {"qty": 3, "sku": "b"}], "id": "o-1"}"#;
        History::started_with("{}").succeeded(output)
    }

    #[test]
    fn the_whole_output_or_a_part_of_it_can_be_expected() {
        let items = json!([{"sku": "a", "qty": 1}, {"sku": "b", "qty": 3}]);
        holds(&order(), &whole(&json!({"id": any::string(), "items": items, "total": 12.0})));
        holds(&order(), &part(&json!({"items": [{"sku": "a"}, {"sku": "b"}]})));
        holds(&order(), &whole(&json!({"id": "o-1", "items": includes(json!([{}, {}])), "total": 12})));
    }

    #[test]
    fn a_difference_shows_its_path_and_a_diff() {
        let matcher = whole(
            &json!({"id": any::string(), "items": [{"qty": 1, "sku": "a"}, {"qty": 2, "sku": "b"}], "total": 12}),
        );
        assert_eq!(
            why(&order(), &matcher),
            r#"expected execution `e-1` of state machine `orders` to output {"id":{"$any":"string"},"items":[{"qty":1,"sku":"a"},{"qty":2,"sku":"b"}],"total":12}
  actual: the output was {"total":12,"items":[{"qty":1,"sku":"a"},{"qty":3,"sku":"b"}],"id":"o-1"}
  first difference (actual != expected): $.items[1].qty: 3 != 2

--- expected
+++ actual
@@ -6,7 +6,7 @@
       "sku": "a"
     },
     {
-      "qty": 2,
+      "qty": 3,
       "sku": "b"
     }
   ],"#
        );
        assert_eq!(guilty(&order(), &matcher), [2]);
    }

    #[test]
    fn a_part_differs_only_in_what_it_names() {
        assert_eq!(
            why(&order(), &part(&json!({"id": any::uuid()}))),
            r#"expected execution `e-1` of state machine `orders` to output at least {"id":{"$any":"uuid"}}
  actual: the output was {"total":12,"items":[{"qty":1,"sku":"a"},{"qty":3,"sku":"b"}],"id":"o-1"}
  first difference (actual != expected): $.id: "o-1" is not a UUID

--- expected
+++ actual
@@ -1,5 +1,5 @@
 {
-  "id": "<any uuid>",
+  "id": "o-1",
   "items": [
     {
       "qty": 1,"#
        );
    }

    #[test]
    fn an_execution_without_output_is_told_by_its_end() {
        assert_eq!(
            why(&History::started_with("{}").failed("Boom", "it broke"), &whole(&json!({}))),
            "expected execution `e-1` of state machine `orders` to output {}\n  \
             actual: it FAILED: Boom: it broke\n\n\
             hint: only a SUCCEEDED execution has an output; if this end is the right one, assert `.failed_with(\"Boom\")`"
        );
        assert_eq!(
            why(&History::started_with("{}").running(), &whole(&json!({}))),
            "expected execution `e-1` of state machine `orders` to output {}\n  \
             actual: it is still RUNNING\n\n\
             hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
        );
    }
}
