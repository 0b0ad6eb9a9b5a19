//! A report for the tests of its forms.

use super::summary::Report;
use crate::contract::collection::Contracts;
use crate::contract::verdict::{Breach, Outcome, Verdict};

/// One clause upheld, one broken, one not runnable.
pub(super) fn sample() -> Report {
    let clause = |id: &str, claim: &str, evidence: &str| {
        format!(
            r#"{{"id":"exec-{id}","claim":"The {claim}claim.","source":["https://example.com/{id}"],
                "evidence":"{evidence}","steps":[{{"call":"ListActivities"}}]}}"#
        )
    };
    let clauses = [
        clause("a", "first ", "recorded"),
        clause("b", "second\\n", "documented"),
        clause("c", "third ", "recorded"),
    ];
    let text = format!(r#"{{"topic":"Samples","clauses":[{}]}}"#, clauses.join(","));
    let contracts = Contracts::read("sample.json", &text).unwrap();
    let outcomes = [
        Outcome::Upheld,
        Outcome::Broken(Breach {
            step: "/steps/1: StartExecution".to_owned(),
            explanation: "$.a: 2 != 1".to_owned(),
            diff: Some("--- expected\n+++ actual <&\">\n".to_owned()),
        }),
        Outcome::NotRunnable("the clause needs a clock that can be moved".to_owned()),
    ];
    let verdicts = contracts.clauses().zip(outcomes);
    let verdicts = verdicts.map(|(clause, outcome)| Verdict { clause: clause.clone(), outcome }).collect();
    Report::new("localhost:4566".to_owned(), verdicts)
}
