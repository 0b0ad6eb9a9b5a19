//! Histories of executions on AWS as a source of coverage.

use super::{coverage, folder};

const CHOICE: &str = r#"{"StartAt":"C","States":{
    "C":{"Type":"Choice","Default":"A","Choices":[
        {"Variable":"$.n","IsPresent":true,"Next":"A"},{"Variable":"$.b","IsPresent":true,"Next":"B"}]},
    "A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#;

/// As `aws stepfunctions get-execution-history` prints it: of an execution that goes from `C` to this state.
fn history(next: &str) -> String {
    let event = |id: u64, previous: u64, name: &str, details: &str| {
        format!(r#"{{"id":{id},"previousEventId":{previous},"timestamp":1,"type":"{name}",{details}}}"#)
    };
    let entered = |name: &str| format!(r#""stateEnteredEventDetails":{{"name":"{name}","input":"{{}}"}}"#);
    let events = [
        event(1, 0, "ExecutionStarted", r#""executionStartedEventDetails":{"input":"{}","roleArn":"r"}"#),
        event(2, 0, "ChoiceStateEntered", &entered("C")),
        event(3, 2, "ChoiceStateExited", r#""stateExitedEventDetails":{"name":"C","output":"{}"}"#),
        event(4, 3, "SucceedStateEntered", &entered(next)),
    ];
    format!(r#"{{"events":[{}]}}"#, events.join(","))
}

#[test]
fn histories_count_and_what_they_do_not_tell_is_named() {
    let folder = folder(&[("c.asl.json", CHOICE), ("a.json", &history("A")), ("b.json", &history("B"))]);
    let (code, table, err) =
        coverage(folder.path(), &["--definitions", "c.asl.json", "--history", "a.json", "b.json"]);
    assert_eq!(
        table,
        "\
Definition  States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
c.asl.json     3/3            –      1/3         –         –         –   66.6 %

c.asl.json, never taken:
  - `C`: Choices[0], which leads to `A`, never holds
  - `C`: Default, which leads to `A`, is never taken
"
    );
    assert_eq!(
        (code, err.as_str()),
        (
            0,
            "warning: a.json: the history does not tell whether Choices[0] or Default of `C` led to `A`: none of them \
             is counted\n"
        )
    );
}

#[test]
fn a_history_belongs_to_the_one_definition_that_has_its_states() {
    let other = CHOICE.replace("$.b", "$.z");
    let folder = folder(&[
        ("c.asl.json", CHOICE),
        ("d.asl.json", &other),
        ("b.json", &history("B")),
        ("x.json", &history("X")),
        ("broken.json", "[]"),
    ]);
    let failed = |definitions: &[&str], file: &str| {
        let arguments = [&["--definitions"], definitions, &["--history", file]].concat();
        let (code, out, err) = coverage(folder.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""));
        err
    };
    assert_eq!(
        failed(&["c.asl.json"], "x.json"),
        "error: no definition has all the states that x.json visits: `C`, `X`; give its definition to --definitions\n"
    );
    assert_eq!(
        failed(&["c.asl.json", "d.asl.json"], "b.json"),
        "error: b.json may be an execution of c.asl.json or of d.asl.json: give only the definition that it ran to \
         --definitions\n"
    );
    assert!(
        failed(&["c.asl.json"], "broken.json")
            .starts_with("error: cannot read broken.json: there are no events")
    );
}
