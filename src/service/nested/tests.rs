//! Executions that start others without end.

use crate::model::Operation::{CreateStateMachine, ListExecutions};
use crate::model::{ExecutionStatus, Json};
use crate::service::fixture::{Fixture, MACHINE, create_input};
use crate::service::task_call::TaskAnswer;

/// Starts the machine `m`, which starts itself as often as it has branches, and answers every task by the account.
fn run_away(pattern: &str, branches: usize) -> Fixture {
    let mut fixture = Fixture::skipping(Some(std::time::Duration::ZERO));
    fixture.account.limits.nested_executions = 50;
    fixture.account.limits.nesting = 20;
    let branch = |number: usize| {
        format!(
            r#"{{"StartAt":"S{number}","States":{{"S{number}":{{"Type":"Task","End":true,
                "Resource":"arn:aws:states:::states:startExecution{pattern}",
                "Parameters":{{"StateMachineArn":"{MACHINE}"}}}}}}}}"#
        )
    };
    let branches: Vec<String> = (0..branches).map(branch).collect();
    let definition = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,"Branches":[{}]}}}}}}"#,
        branches.join(",")
    );
    fixture.ok(CreateStateMachine, &create_input("m", &definition, ""));
    fixture.start(MACHINE, "first");
    loop {
        let tasks = fixture.account.take_tasks();
        if tasks.is_empty() {
            return fixture;
        }
        let answer = |request| TaskAnswer::ForAccount(Box::new(request));
        let answers = tasks.into_iter().map(|task| (task.key, answer(task.request))).collect();
        fixture.account.answer_tasks(answers, fixture.now);
    }
}

/// How many executions there were, and what the last one that failed says.
fn outcome(mut fixture: Fixture) -> (usize, String) {
    let listed =
        fixture.ok(ListExecutions, &format!(r#"{{"stateMachineArn":"{MACHINE}","maxResults":1000}}"#));
    let arns = listed.get("executions").and_then(Json::as_array).unwrap().iter();
    let records: Vec<_> = arns
        .map(|execution| execution.get("executionArn").and_then(Json::as_str).unwrap())
        .map(|arn| fixture.account.execution(arn).unwrap())
        .collect();
    assert!(records.iter().all(|record| record.status != ExecutionStatus::Running));
    let mut failures = records.iter().filter_map(|record| record.failure.clone());
    let runaway = failures.rfind(|failure| failure.is("SfnTestkit.RunawayExecution")).unwrap();
    (records.len(), runaway.cause.unwrap().to_string())
}

#[test]
fn a_machine_that_starts_itself_is_stopped_after_so_many_executions() {
    let expected = "sfn-testkit starts no more executions: one execution and those that it and they have started are 50. \
                    Does a state machine start itself?";
    assert_eq!(outcome(run_away("", 1)), (50, expected.to_owned()));
    assert_eq!(outcome(run_away(".sync", 2)), (50, expected.to_owned()));
}

#[test]
fn a_machine_that_waits_for_itself_is_stopped_at_some_depth() {
    let expected = "sfn-testkit starts no more executions: 20 executions wait for each other. Does a state machine start itself?";
    assert_eq!(outcome(run_away(".sync", 1)), (20, expected.to_owned()));
}
