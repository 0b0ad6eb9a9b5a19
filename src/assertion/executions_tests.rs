//! What is expected across executions, and what failures tell.

use std::panic::{UnwindSafe, catch_unwind};

use serde_json::json;

use super::test_history::History;
use super::{Execution, Executions};
use crate::model::ExecutionStatus;
use crate::pattern::{any, starts_with};

fn three() -> Executions {
    let named = |mut execution: Execution, name: &str| {
        execution.record.name = name.into();
        execution
    };
    [
        named(History::started_with(r#"{"id":1}"#).succeeded("1"), "day-1"),
        named(History::started_with(r#"{"id":2}"#).failed("Boom", "broke"), "day-2"),
        named(History::started_with(r#"{"id":3,"x":0}"#).running(), "night-1"),
    ]
    .into_iter()
    .collect()
}

#[track_caller]
fn message<T>(assertion: impl FnOnce() -> T + UnwindSafe) -> String {
    catch_unwind(assertion).err().unwrap().downcast_ref::<String>().unwrap().clone()
}

const ALL: &str = r#"all executions:
> `day-1` of `orders`, started with {"id":1}: SUCCEEDED
> `day-2` of `orders`, started with {"id":2}: FAILED: Boom: broke
> `night-1` of `orders`, started with {"id":3,"x":0}: RUNNING"#;

#[test]
fn executions_are_narrowed_down() {
    let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:orders:7";
    three().of("orders").count(3).at_least(3);
    three().of(arn).count(3);
    three().of("bills").none().count(0).at_least(0);
    three().named("day-1").count(1);
    three().named(starts_with("day-")).count(2);
    three().with_input(json!({"id": 2})).count(1);
    three().with_input_at("$.id", any::greater_than(1)).count(2);
    three().with_status(ExecutionStatus::Failed).count(1);
    three().where_it(|it| it.failed_with("Boom")).count(1);
    assert_eq!(
        three().named(starts_with("day-")).with_status(ExecutionStatus::Failed).only().name(),
        "day-2"
    );
    assert_eq!(three().iter().map(Execution::name).collect::<Vec<_>>(), ["day-1", "day-2", "night-1"]);
}

#[test]
fn a_wrong_count_is_told_with_all_there_are() {
    assert_eq!(
        message(|| {
            three().count(2);
        }),
        format!("expected 2 executions\n  actual: there were 3\n\n{ALL}")
    );
    let days = || three().of("orders").named(starts_with("day-"));
    assert_eq!(
        message(move || {
            days().at_least(3);
        }),
        r#"expected at least 3 executions of `orders` named {"$startsWith":"day-"}
  actual: there were 2

all executions:
> `day-1` of `orders`, started with {"id":1}: SUCCEEDED
> `day-2` of `orders`, started with {"id":2}: FAILED: Boom: broke
  `night-1` of `orders`, started with {"id":3,"x":0}: RUNNING"#
    );
    assert!(
        message(move || {
            days().none();
        })
        .starts_with("expected no execution of `orders` named")
    );
    assert!(
        message(move || days().only().name().len()).starts_with("expected 1 execution of `orders` named")
    );
    let none: Executions = [].into_iter().collect();
    assert_eq!(
        message(move || {
            none.at_least(1);
        }),
        "expected at least 1 execution\n  actual: there was none\n\nno execution was started"
    );
}

#[test]
fn inputs_are_compared_one_by_one_or_all_together() {
    let inputs = [json!({"id": 1}), json!({"id": 2}), json!({"id": 3, "x": any::number()})];
    let mut reversed = inputs.clone();
    reversed.reverse();
    three()
        .started_with(json!({"id": 2}))
        .started_with_each(inputs)
        .started_with_each_in_any_order(reversed.clone());
    assert_eq!(
        message(|| {
            three().started_with(json!({"id": 4}));
        }),
        format!(
            "expected one of the executions to be started with {{\"id\":4}}\n  actual: none was\n\n{ALL}"
        )
    );
    let text = message(move || {
        three().started_with_each(reversed);
    });
    assert!(text.starts_with(
        "expected the executions to be started with these inputs in this order\n  \
         actual: there were 3; first difference (actual != expected): $[0].id: 1 != 3\n\n--- expected"
    ));
    let text = message(|| {
        three().started_with_each_in_any_order([json!({"id": 9})]);
    });
    assert!(text.contains(r#"$: no item is {"id":9}"#) && text.ends_with(ALL), "{text}");
}

#[test]
fn each_must_be_as_asserted_and_there_must_be_one() {
    three().named("day-1").each(|it| it.succeeded());
    let text = message(|| {
        three().named(starts_with("day-")).each(|it| it.succeeded());
    });
    assert!(text.starts_with(
        "of each execution named {\"$startsWith\":\"day-\"}:\n\
         expected execution `day-2` of state machine `orders` to succeed\n"
    ));
    let text = message(|| {
        three().named("x").each(|it| it.succeeded());
    });
    assert!(text.starts_with("expected at least 1 execution named \"x\"\n  actual: there was none"));
}
