//! Histories are read back: those of AWS, and every one of ours without a loss.

use serde_json::{Value, json};
use sfn_testkit::RecordedTasks;
use sfn_testkit::prelude::*;
use sfn_testkit::replay::Replayer;

use super::oracle::recorded;
use crate::determinism::{recorded_definitions, start};

#[test]
fn every_history_that_aws_gave_is_read() {
    let recorded = recorded();
    for case in &recorded {
        let read = Execution::from_history_json(&case.history.to_string());
        let execution = read.unwrap_or_else(|why| panic!("{}: {why}", case.id));
        let events = case.history["events"].as_array().unwrap();
        assert_eq!(execution.history().len(), events.len(), "{}", case.id);
        assert!(execution.narrative().contains("started with"), "{}", case.id);
    }
    assert!(recorded.len() > 250 || recorded.is_empty(), "only {} histories", recorded.len());
}

#[tokio::test(start_paused = true)]
async fn every_history_of_ours_is_read_back_without_a_loss() {
    let definitions = recorded_definitions();
    let mut compared = 0;
    for (definition, input, express) in &definitions {
        let sfn = MockSfn::builder().auto_answers().unverified().build();
        let Some(arn) = start(&sfn, definition, input, *express).await else { continue };
        let execution = sfn.execution(&arn).finished().await;
        let text = json!({"executionArn": arn, "events": execution.history()}).to_string();
        let read = Execution::from_history_json(&text).unwrap();
        assert_eq!(read.history(), execution.history(), "{definition}");
        let tasks = with_children(RecordedTasks::from(&read), &sfn.execution(&arn));
        goes_the_same_way(&read, &tasks, definition, *express);
        assert_eq!(read.status(), execution.status());
        assert_eq!(
            (read.output(), read.error(), read.cause()),
            (execution.output(), execution.error(), execution.cause())
        );
        assert_eq!(Value::from(read.path()), Value::from(execution.path()));
        assert_eq!(read.duration(), execution.duration());
        assert_eq!((read.arn(), read.name()), (execution.arn(), execution.name()));
        compared += 1;
    }
    assert!(compared > 250 || definitions.is_empty(), "only {compared} executions");
}

/// Child executions of Map Runs, and theirs, have histories of their own.
fn with_children(tasks: RecordedTasks, execution: &ExecutionHandle) -> RecordedTasks {
    let children = execution.map_runs().into_iter().flat_map(|run| run.children());
    children.fold(tasks, |tasks, child| with_children(tasks.with(&child.now()), &child))
}

/// With its own tasks, ids, names and instants an execution of ours is the very same.
fn goes_the_same_way(execution: &Execution, tasks: &RecordedTasks, definition: &str, express: bool) {
    let replayer = if express { Replayer::express(definition) } else { Replayer::new(definition) };
    let replayed = replayer.unwrap().replay_with(execution, tasks);
    assert!(replayed.is_same(), "{replayed}\n{definition}\n{}", replayed.execution().narrative());
    if !express {
        assert_eq!(replayed.execution().history(), execution.history(), "{definition}");
    }
}
