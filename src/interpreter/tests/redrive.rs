//! Executions that are taken up again where they failed.

use super::harness::{Answer, Ran, run};
use crate::interpreter::command::{Outcome, TaskRequest};
use crate::model::Timestamp;

fn task(name: &str, next: &str) -> String {
    format!(
        r#""{name}":{{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:{name}",{next}}}"#
    )
}

/// Answers every task but those named, which fail; and writes down what was asked.
fn failing(names: &'static [&'static str], asked: &mut Vec<String>) -> impl FnMut(&TaskRequest) -> Answer {
    move |request| {
        asked.push(format!("{}:{}", request.state, request.input));
        if names.contains(&&*request.state) { Answer::Fails("Boom", "broke") } else { Answer::Gives("1") }
    }
}

#[track_caller]
fn succeeded(ran: &Ran, output: &str) {
    match ran.interpreter.outcome() {
        Some(Outcome::Succeeded(found)) => assert_eq!(found.to_text(), output),
        other => panic!("{other:?}\n{}", ran.transcript()),
    }
}

/// The part of the transcript from `ExecutionRedriven` on.
fn since_redrive(ran: &Ran) -> String {
    let transcript = ran.transcript();
    let lines: Vec<&str> = transcript.lines().collect();
    let at = lines.iter().rposition(|line| line.ends_with("ExecutionRedriven")).expect("a redrive");
    lines[at..].iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_failed_task_is_scheduled_again_and_states_before_it_are_not() {
    let definition = format!(
        r#"{{"StartAt":"A","States":{{{},{}}}}}"#,
        task("A", r#""Next":"B""#),
        task("B", r#""End":true"#)
    );
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let ran = run(&definition, "{}", failing(&["B"], &mut first));
    let ran = ran.redrive(failing(&[], &mut second));
    assert_eq!((first, second), (vec!["A:{}".to_owned(), "B:1".to_owned()], vec!["B:1".to_owned()]));
    succeeded(&ran, "1");
    assert_eq!(
        since_redrive(&ran),
        "\
12<11 ExecutionRedriven
13<12 LambdaFunctionScheduled
14<13 LambdaFunctionStarted
15<14 LambdaFunctionSucceeded
16<15 TaskStateExited
17<16 ExecutionSucceeded
"
    );
}

#[test]
fn retriers_count_anew() {
    let retry = r#""Retry":[{"ErrorEquals":["Boom"],"MaxAttempts":1}],"End":true"#;
    let definition = format!(r#"{{"StartAt":"A","States":{{{}}}}}"#, task("A", retry));
    let mut counts = Vec::new();
    let mut note = |request: &TaskRequest| {
        counts.push(request.retry_count);
        Answer::Fails("Boom", "broke")
    };
    run(&definition, "{}", &mut note).redrive(&mut note);
    assert_eq!(counts, [0, 1, 0, 1]);
}

#[test]
fn only_the_branches_that_failed_or_were_aborted_run_again() {
    let branch =
        |name: &str| format!(r#"{{"StartAt":"{name}","States":{{{}}}}}"#, task(name, r#""End":true"#));
    let definition = format!(
        r#"{{"StartAt":"Both","States":{{"Both":{{"Type":"Parallel","End":true,"Branches":[{},{},{}]}}}}}}"#,
        branch("Good"),
        branch("Bad"),
        branch("Slow")
    );
    let ran = run(&definition, "{}", |request| match &*request.state {
        "Bad" => Answer::Fails("Boom", "broke"),
        "Slow" => Answer::Never,
        _ => Answer::Gives("\"first\""),
    });
    let mut asked = Vec::new();
    let ran = ran.redrive(failing(&[], &mut asked));
    assert_eq!(asked, ["Bad:{}", "Slow:{}"]);
    succeeded(&ran, r#"["first",1,1]"#);
    let end = since_redrive(&ran);
    assert!(!end.contains("ParallelStateStarted") && end.contains("ParallelStateSucceeded"), "{end}");
}

#[test]
fn only_unsuccessful_iterations_run_again_and_those_that_had_to_wait_start() {
    let processor = format!(r#"{{"StartAt":"Do","States":{{{}}}}}"#, task("Do", r#""End":true"#));
    let definition = format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{processor},"End":true}}}}}}"#
    );
    let mut asked = Vec::new();
    let ran = run(&definition, "[10,20,30]", |request| {
        if request.input.to_text() == "20" { Answer::Fails("Boom", "broke") } else { Answer::Gives("1") }
    });
    let ran = ran.redrive(failing(&[], &mut asked));
    assert_eq!(asked, ["Do:20", "Do:30"]);
    succeeded(&ran, "[1,1,1]");
    let end = since_redrive(&ran);
    assert_eq!(end.matches("MapIterationStarted").count(), 1, "{end}");
    assert_eq!(end.matches("MapIterationSucceeded").count(), 2, "{end}");
}

#[test]
fn an_item_selector_that_failed_is_asked_again_for_the_same_item() {
    let processor = r#"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#;
    let definition = format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","ItemProcessor":{processor},"ItemSelector":{{"v.$":"$$.Map.Item.Value.v","n.$":"$$.Execution.RedriveTime"}},"End":true}}}}}}"#
    );
    let ran = run(&definition, r#"[{"v":1},{"v":2}]"#, |_| Answer::Never).redrive(|_| Answer::Never);
    let time = ran.now.to_string();
    succeeded(&ran, &format!(r#"[{{"v":1,"n":"{time}"}},{{"v":2,"n":"{time}"}}]"#));
}

#[test]
fn a_parallel_that_failed_over_too_much_data_runs_again_as_a_whole() {
    let branch =
        |name: &str| format!(r#"{{"StartAt":"{name}","States":{{{}}}}}"#, task(name, r#""End":true"#));
    let definition = format!(
        r#"{{"StartAt":"Both","States":{{"Both":{{"Type":"Parallel","End":true,"Branches":[{},{}]}}}}}}"#,
        branch("Good"),
        branch("Bad")
    );
    let ran = run(&definition, "{}", |request| match &*request.state {
        "Bad" => Answer::Fails("States.DataLimitExceeded", "too large"),
        _ => Answer::Gives("1"),
    });
    let mut asked = Vec::new();
    let ran = ran.redrive(failing(&[], &mut asked));
    assert_eq!(asked, ["Good:{}", "Bad:{}"]);
    assert!(since_redrive(&ran).contains("ParallelStateStarted"));
}

#[test]
fn nested_branches_keep_what_has_succeeded() {
    let inner = format!(
        r#"{{"StartAt":"Inner","States":{{"Inner":{{"Type":"Map","ItemProcessor":{{"StartAt":"Do","States":{{{}}}}},"End":true}}}}}}"#,
        task("Do", r#""End":true"#)
    );
    let other = r#"{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"p","End":true}}}"#;
    let definition = format!(
        r#"{{"StartAt":"Outer","States":{{"Outer":{{"Type":"Parallel","Branches":[{inner},{other}],"End":true}}}}}}"#
    );
    let ran = run(&definition, "[1,2]", |request| {
        if request.input.to_text() == "2" { Answer::Fails("Boom", "") } else { Answer::Gives("\"one\"") }
    });
    let mut asked = Vec::new();
    let ran = ran.redrive(failing(&[], &mut asked));
    assert_eq!(asked, ["Do:2"]);
    succeeded(&ran, r#"[["one",1],"p"]"#);
}

#[test]
fn a_fail_state_is_entered_again_and_fails_again() {
    let definition = r#"{"StartAt":"No","States":{"No":{"Type":"Fail","Error":"E"}}}"#;
    let ran = run(definition, "{}", |_| Answer::Never).redrive(|_| Answer::Never);
    assert_eq!(since_redrive(&ran), "4<3 ExecutionRedriven\n5<4 FailStateEntered\n6<5 ExecutionFailed\n");
}

#[test]
fn the_timeout_of_the_execution_counts_anew_and_a_wait_begins_again() {
    let definition =
        r#"{"TimeoutSeconds":60,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":90,"End":true}}}"#;
    let ran = run(definition, "{}", |_| Answer::Never);
    assert_eq!(ran.interpreter.outcome(), Some(&Outcome::TimedOut));
    let timed_out = ran.now;
    let ran = ran.redrive(|_| Answer::Never);
    assert_eq!(ran.interpreter.outcome(), Some(&Outcome::TimedOut));
    assert_eq!(ran.now.since(timed_out).as_secs(), 60 + Ran::REDRIVEN_AFTER.as_secs());
    assert_eq!(since_redrive(&ran), "4<3 ExecutionRedriven\n5<0 ExecutionTimedOut\n");
}

#[test]
fn the_context_object_counts_redrives_and_tells_when() {
    let pass = r#""P":{"Type":"Pass","Parameters":{"n.$":"$$.Execution.RedriveCount","at.$":"$$.Execution.RedriveTime"},"End":true}"#;
    let definition = format!(r#"{{"StartAt":"A","States":{{{},{pass}}}}}"#, task("A", r#""Next":"P""#));
    let fails = |_: &TaskRequest| Answer::Fails("Boom", "");
    let ran = run(&definition, "{}", fails).redrive(fails).redrive(|_| Answer::Gives("1"));
    let at: Timestamp = ran.now;
    succeeded(&ran, &format!(r#"{{"n":2,"at":"{at}"}}"#));
}

#[test]
fn what_has_succeeded_cannot_be_redriven() {
    let definition = r#"{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}"#;
    let ran = run(definition, "{}", |_| Answer::Never);
    assert!(!ran.interpreter.can_be_redriven());
}
