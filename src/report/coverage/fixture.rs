//! Coverage for the tests of what shows it.

use std::collections::BTreeSet;

use super::counts::Collected;
use super::definition_coverage::DefinitionCoverage;
use super::line::HEADER;
use crate::asl::read_definition;
use crate::model::StateMachineType;

/// Has a point of every kind.
pub(crate) const ORDERS: &str = r#"{"StartAt": "Check", "TimeoutSeconds": 600, "States": {
  "Check": {"Type": "Choice", "Default": "Refuse", "Choices": [
    {"Variable": "$.a", "IsPresent": true, "Next": "Pay"},
    {"Variable": "$.b", "IsPresent": true, "Next": "Pay"}]},
  "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Note",
    "TimeoutSeconds": 60, "HeartbeatSeconds": 5,
    "Retry": [{"ErrorEquals": ["A", "B"]}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]},
  "Note": {"Type": "Pass", "End": true},
  "Refuse": {"Type": "Succeed"},
  "Failed": {"Type": "Fail"}}}"#;

/// As it is when its only execution stops within `Note`.
pub(crate) const ORDERS_LINE: &str = r#"{"machine":"orders","definition":"0123456789abcdef0123456789abcdef","test":"it::pays","executions":1,"timedOut":0,"taken":{"Check":[1,0,0,0,0,1],"Pay":[1,1,0,0,0,2],"Note":[1]}}"#;

const SUCCEED: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;

fn coverage(title: &str, definition: &str, line: &str) -> DefinitionCoverage {
    let read = read_definition(definition, StateMachineType::Standard).expect("a definition");
    let mut collected = Collected::default();
    collected.add(&format!("{HEADER}\n{line}\n")).expect("lines of this version");
    let (hashes, counts): (Vec<_>, Vec<_>) = collected.definitions.into_iter().unzip();
    let counts = counts.into_iter().next().unwrap_or_default();
    let coverage = DefinitionCoverage::new((title.to_owned(), definition.to_owned()), &read, counts);
    DefinitionCoverage { hashes, ..coverage }
}

pub(crate) fn partly() -> DefinitionCoverage {
    coverage("orders", ORDERS, ORDERS_LINE)
}

pub(crate) fn whole() -> DefinitionCoverage {
    let line =
        r#"{"machine":"whole","definition":"d","test":"t","executions":3,"timedOut":0,"taken":{"A":[3,3]}}"#;
    coverage("whole", SUCCEED, line)
}

pub(crate) fn unrun() -> DefinitionCoverage {
    DefinitionCoverage { machines: BTreeSet::new(), ..coverage("unrun", SUCCEED, "") }
}
