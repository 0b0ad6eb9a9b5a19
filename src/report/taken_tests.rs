//! Which way an execution went, from its history.

use super::graph::{Graph, StateId};
use super::taken::{Look, Taken};
use crate::assertion::Execution;
use crate::assertion::test_history::History;
use crate::model::HistoryEventType as Type;

const DEFINITION: &str = r#"{
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel", "Next": "Which?",
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
                {"StartAt": "B", "States": {
                    "B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "C"},
                    "C": {"Type": "Wait", "Seconds": 5, "End": true}
                }}
            ],
            "Catch": [
                {"ErrorEquals": ["Busy"], "Next": "Which?"},
                {"ErrorEquals": ["States.TaskFailed"], "Next": "Which?"},
                {"ErrorEquals": ["States.ALL"], "Next": "Which?"}
            ]
        },
        "Which?": {
            "Type": "Choice", "Default": "Stop",
            "Choices": [{"Variable": "$.n", "IsPresent": true, "Next": "Go"}]
        },
        "Go": {"Type": "Succeed"},
        "Stop": {"Type": "Fail"}
    }
}"#;

/// The transitions that were taken, with their counts, and the states with how they look.
fn told(execution: &Execution) -> (Vec<String>, Vec<String>) {
    let graph = Graph::of_text(DEFINITION).unwrap();
    let taken = Taken::of(&graph, execution.record(), execution.visits());
    let name = |id: Option<StateId>| id.and_then(|id| graph.state(id)).map_or("-", |state| &*state.name);
    let ways = graph.transitions().iter().enumerate().filter(|(position, _)| taken.transition(*position) > 0);
    let ways = ways.map(|(position, way)| {
        format!("{} {} {} {}", name(way.from), way.kind, name(way.to), taken.transition(position))
    });
    let looks = graph
        .states()
        .iter()
        .map(|state| format!("{} {:?}", state.name, taken.look(&graph, state).unwrap_or(Look::Untaken)));
    (ways.collect(), looks.collect())
}

/// Up to the events inside Both: its own event is 2, the start of its branches 3.
fn both() -> History {
    History::started_with("{}")
        .enters(Type::ParallelStateEntered, "Both", "{}")
        .bare(Type::ParallelStateStarted)
}

#[test]
fn branches_begin_and_end_on_their_own() {
    let execution = both()
        .passes("A", "{}", "{}")
        .following(3)
        .enters_task("B", "{}")
        .calls("{}")
        .returns("{}")
        .exits_task("B", "{}")
        .enters(Type::WaitStateEntered, "C", "{}")
        .exits(Type::WaitStateExited, "C", "{}")
        .bare(Type::ParallelStateSucceeded)
        .exits(Type::ParallelStateExited, "Both", "{}")
        .enters(Type::ChoiceStateEntered, "Which?", "{}")
        .exits(Type::ChoiceStateExited, "Which?", "{}")
        .enters(Type::SucceedStateEntered, "Go", "{}")
        .exits(Type::SucceedStateExited, "Go", "{}")
        .succeeded("{}");
    let (ways, looks) = told(&execution);
    assert_eq!(
        ways,
        [
            "- Start A 1",
            "A End - 1",
            "- Start B 1",
            "B Next C 1",
            "C End - 1",
            "- Start Both 1",
            "Both Next Which? 1",
            "Which? Choices[0] Go 1",
        ]
    );
    assert_eq!(
        looks,
        ["Both Taken", "A Taken", "B Taken", "C Taken", "Which? Taken", "Go Taken", "Stop Untaken"]
    );
}

#[test]
fn of_catchers_to_one_state_the_first_that_handles_the_error_was_taken() {
    let execution = both()
        .following(3)
        .passes("A", "{}", "{}")
        .following(3)
        .enters_task("B", "{}")
        .calls("{}")
        .fails("Other", "x")
        .bare(Type::ParallelStateFailed)
        .exits(Type::ParallelStateExited, "Both", "{}")
        .enters(Type::ChoiceStateEntered, "Which?", "{}")
        .exits(Type::ChoiceStateExited, "Which?", "{}")
        .enters(Type::FailStateEntered, "Stop", "{}")
        .failed("Stop", "x");
    let (ways, looks) = told(&execution);
    assert!(ways.contains(&"Both Catch[1] Which? 1".to_owned()), "{ways:?}");
    assert!(ways.contains(&"Which? Default Stop 1".to_owned()), "{ways:?}");
    assert_eq!((&*looks[0], &*looks[6]), ("Both Caught", "Stop Failed"));
}

#[test]
fn what_goes_on_and_what_was_never_reached_look_different() {
    let (ways, looks) = told(&both().enters_task("B", "{}").calls("{}").running());
    assert_eq!(ways, ["- Start B 1", "- Start Both 1"]);
    assert_eq!(looks[..3], ["Both Open", "A Untaken", "B Open"]);
}

#[test]
fn what_runs_in_executions_of_its_own_is_neither_taken_nor_not() {
    let definition = r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Do", "States": {"Do": {"Type": "Pass", "End": true}}}}}}"#;
    let graph = Graph::of_text(definition).unwrap();
    let look = |execution: &Execution, name: &str| {
        let taken = Taken::of(&graph, execution.record(), execution.visits());
        taken.look(&graph, graph.named(name).unwrap())
    };
    let entered = History::started_with("[]").enters(Type::MapStateEntered, "Each", "[]").running();
    assert_eq!(look(&entered, "Do"), None);
    let before = History::started_with("[]").running();
    assert_eq!(look(&before, "Do"), Some(Look::Untaken));
}
