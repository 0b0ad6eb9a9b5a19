//! The coverage of the example workflows, against numbers that were counted by hand.

use serde_json::Value;

use super::process::{self, ONBOARDING, WORKSHOP};
use super::{coverage, folder};

/// What the tests of the example run, each in a process of its own.
const ALL: [&str; 4] = ["happy", "throttled", "failing", "express"];

/// `[kind, state, index, to]` and the hits, in the order of the definition.
fn points(json: &str) -> Vec<(String, u64)> {
    let report: Value = serde_json::from_str(json).unwrap();
    let points = report.pointer("/definitions/0/points").and_then(Value::as_array).unwrap();
    let text = |point: &Value, member: &str| {
        let value = point.get(member);
        value.map_or_else(String::new, |value| format!(" {}", value.as_str().unwrap_or(&value.to_string())))
    };
    let label = |point: &Value| {
        ["state", "index", "to"]
            .iter()
            .fold(point.get("kind").and_then(Value::as_str).unwrap().to_owned(), |label, member| {
                label + &text(point, member)
            })
    };
    points.iter().map(|point| (label(point), point.get("hits").and_then(Value::as_u64).unwrap())).collect()
}

#[track_caller]
fn check_points(json: &str, expected: &[(&str, u64)]) {
    let found = points(json);
    let found: Vec<_> = found.iter().map(|(label, hits)| (label.as_str(), *hits)).collect();
    assert_eq!(found, expected);
}

/// By hand: the happy path and the second run of the Express twin go straight through; the throttled save is retried
/// twice and goes through; the failing profile and the first run of the twin are caught. Five executions.
#[test]
fn the_onboarding_example_is_counted_exactly_over_all_processes() {
    let folder = folder(&[("onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &ALL);
    let (code, json, err) = coverage(folder.path(), &["--format", "json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    check_points(
        &json,
        &[
            ("state SaveUser", 5),
            ("retrier SaveUser 0", 2),
            ("next SaveUser CreateProfile", 5),
            ("state CreateProfile", 5),
            ("catcher CreateProfile 0 ReportFailure", 2),
            ("next CreateProfile SendWelcome", 3),
            ("state SendWelcome", 3),
            ("end SendWelcome", 3),
            ("state ReportFailure", 2),
        ],
    );
    let report: Value = serde_json::from_str(&json).unwrap();
    let definition = &report["definitions"][0];
    assert_eq!(definition["executions"], 5);
    assert_eq!(definition["machines"], serde_json::json!(["user-onboarding", "user-onboarding-express"]));
    assert_eq!(definition["states"][3]["failed"], 2, "a Fail state fails");
    let (code, table, _) =
        coverage(folder.path(), &["--definitions", "onboarding.asl.json", "--fail-under", "100"]);
    assert_eq!(
        table,
        "\
Definition           States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
onboarding.asl.json     4/4          3/3        –       1/1       1/1         –    100 %

onboarding.asl.json, all taken; of its errors:
  - `SaveUser`: Retry[0] never sees DynamoDB.ProvisionedThroughputExceededException
"
    );
    assert_eq!(code, 0);
}

/// By hand: without the tests in which something fails, the retrier, the catcher and what it leads to are left.
#[test]
fn what_the_happy_path_leaves_out_is_listed() {
    let folder = folder(&[("onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &["happy", "happy", "happy"]);
    let (code, table, err) = coverage(folder.path(), &["--fail-under", "70"]);
    assert_eq!(
        table,
        "\
Definition       States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
user-onboarding     3/4          3/3        –       0/1       0/1         –   66.6 %

user-onboarding, never taken:
  - `SaveUser`: Retry[0], for DynamoDB.ProvisionedThroughputExceededException, DynamoDB.ThrottlingException, never retries
  - `CreateProfile`: Catch[0], for States.ALL, never catches, and never leads to `ReportFailure`
  - `ReportFailure` is never entered
"
    );
    assert_eq!(
        (code, err.as_str()),
        (1, "error: 6 of 9 are covered, 66.6 %: that is less than the 70 % that --fail-under asks for\n")
    );
}

/// The lines are those of the file: states on the lines of their names, the retrier on its `{`, the catcher on the line
/// of `Catch`, since it stands there.
#[test]
fn lcov_has_the_lines_of_the_source() {
    let folder = folder(&[("w/onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &["happy"]);
    let arguments = ["--definitions", "w", "--format", "lcov", "-o", "lcov.info"];
    assert_eq!(coverage(folder.path(), &arguments), (0, String::new(), String::new()));
    let lines: Vec<&str> = ONBOARDING.lines().collect();
    assert!(lines[4].contains("\"SaveUser\"") && lines[17].trim() == "{", "the example has changed");
    assert!(
        lines[26].contains("\"CreateProfile\"") && lines[35].contains("\"Catch\""),
        "the example has changed"
    );
    assert!(
        lines[38].contains("\"SendWelcome\"") && lines[49].contains("\"ReportFailure\""),
        "the example has changed"
    );
    assert_eq!(
        std::fs::read_to_string(folder.path().join("lcov.info")).unwrap(),
        "\
TN:
SF:w/onboarding.asl.json
BRDA:5,0,0,0
BRDA:5,0,1,1
BRDA:27,0,0,0
BRDA:27,0,1,1
BRDA:39,0,0,1
BRF:5
BRH:3
DA:5,1
DA:18,0
DA:27,1
DA:36,0
DA:39,1
DA:50,0
LF:6
LH:3
end_of_record
"
    );
}

/// By hand: one execution, one visit of each state, each leads to the end of its scope.
#[test]
fn the_parallel_workshop_is_counted_exactly() {
    let folder = folder(&[]);
    process::run(folder.path(), &["workshop"]);
    let (code, json, _) = coverage(folder.path(), &["--format", "json"]);
    assert_eq!(code, 0);
    check_points(
        &json,
        &[
            ("state Analyse", 1),
            ("end Analyse", 1),
            ("state SumValues", 1),
            ("end SumValues", 1),
            ("state AverageValues", 1),
            ("end AverageValues", 1),
            ("state MaxMinValues", 1),
            ("end MaxMinValues", 1),
        ],
    );
    assert!(WORKSHOP.contains("MaxMinValues"));
}

#[test]
fn processes_that_fail_or_abort_and_mocks_that_are_never_dropped_are_counted() {
    let folder = folder(&[]);
    process::run(folder.path(), &["failing test", "abort", "never dropped", "happy"]);
    let (_, json, _) = coverage(folder.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["definitions"][0]["executions"], 4);
    assert!(points(&json).contains(&("end SendWelcome".to_owned(), 4)));
}

#[test]
fn the_pages_show_what_the_command_writes() {
    let folder = folder(&[("workflows/onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &["happy"]);
    let (_, table, err) = coverage(folder.path(), &["--definitions", "workflows", "--fail-under", "90"]);
    assert!(
        include_str!("../../../docs/coverage.md").contains(&table),
        "docs/coverage.md does not show\n{table}"
    );
    assert!(
        include_str!("../../../README.md").contains(&(table + &err)),
        "README.md does not show this\n{err}"
    );
}
