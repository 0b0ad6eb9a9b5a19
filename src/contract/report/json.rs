//! A report for programs.

use super::summary::Report;
use crate::contract::verdict::{Outcome, Verdict};
use crate::model::Json;

pub(super) fn render(report: &Report) -> String {
    let (upheld, broken, not_runnable) = report.counts();
    let count = |count: usize| Json::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let json = Json::from_members([
        ("target", Json::from(report.target())),
        ("upheld", count(upheld)),
        ("broken", count(broken)),
        ("notRunnable", count(not_runnable)),
        ("clauses", Json::array(report.verdicts().map(clause).collect())),
    ]);
    format!("{}\n", json.to_pretty_text())
}

fn clause(verdict: &Verdict) -> Json {
    let clause = verdict.clause();
    let mut members = vec![
        ("id", Json::from(clause.id())),
        ("topic", Json::from(clause.topic())),
        ("claim", Json::from(clause.claim())),
        ("source", Json::array(clause.source().map(Json::from).collect())),
        ("evidence", Json::from(clause.evidence().name())),
    ];
    match verdict.outcome() {
        Outcome::Upheld => members.push(("outcome", Json::from("upheld"))),
        Outcome::NotRunnable(reason) => {
            members.extend([("outcome", Json::from("notRunnable")), ("reason", Json::from(reason.as_str()))]);
        }
        Outcome::Broken(breach) => {
            members.extend([
                ("outcome", Json::from("broken")),
                ("step", Json::from(breach.step())),
                ("explanation", Json::from(breach.explanation())),
            ]);
            members.extend(breach.diff().map(|diff| ("diff", Json::from(diff))));
        }
    }
    Json::from_members(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::report::sample::sample;

    #[test]
    fn every_clause_has_its_outcome() {
        let expected = r#"{
  "target": "localhost:4566",
  "upheld": 1,
  "broken": 1,
  "notRunnable": 1,
  "clauses": [
    {
      "id": "exec-a",
      "topic": "Samples",
      "claim": "The first claim.",
      "source": [
        "https://example.com/a"
      ],
      "evidence": "recorded",
      "outcome": "upheld"
    },
    {
      "id": "exec-b",
      "topic": "Samples",
      "claim": "The second\nclaim.",
      "source": [
        "https://example.com/b"
      ],
      "evidence": "documented",
      "outcome": "broken",
      "step": "/steps/1: StartExecution",
      "explanation": "$.a: 2 != 1",
      "diff": "--- expected\n+++ actual <&\">\n"
    },
    {
      "id": "exec-c",
      "topic": "Samples",
      "claim": "The third claim.",
      "source": [
        "https://example.com/c"
      ],
      "evidence": "recorded",
      "outcome": "notRunnable",
      "reason": "the clause needs a clock that can be moved"
    }
  ]
}
"#;
        assert_eq!(render(&sample()), expected);
    }
}
