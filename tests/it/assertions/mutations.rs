//! A table with a row for every assertion: a history that it holds of, and one that it must not hold of, which differs in
//! a single thing. An assertion that looks at nothing, or at the wrong thing, has a row that fails.

use std::collections::BTreeSet;

use serde_json::json;
use sfn_testkit::prelude::*;
use sfn_testkit::{Assert, BranchAssert, Matcher, Mismatch, StateAssert, TaskAssert};

use super::history::{Events, ordered, right};

struct Row {
    /// `file of src/assertion/fluent . name of the method`.
    name: &'static str,
    holds: Events,
    fails: Events,
    assertion: Box<dyn Fn(Assert<'_>) -> Assert<'_>>,
}

/// The history of the order holds; the second one differs.
fn row(name: &'static str, fails: Events, assertion: impl Fn(Assert<'_>) -> Assert<'_> + 'static) -> Row {
    Row { name, holds: right(), fails, assertion: Box::new(assertion) }
}

fn of_state(
    name: &'static str,
    fails: Events,
    state: &'static str,
    assertion: impl for<'e> Fn(StateAssert<'e>) -> StateAssert<'e> + 'static,
) -> Row {
    row(name, fails, move |it| it.state(state, &assertion))
}

fn of_task(
    name: &'static str,
    fails: Events,
    task: &'static str,
    assertion: impl for<'e> Fn(TaskAssert<'e>) -> TaskAssert<'e> + 'static,
) -> Row {
    row(name, fails, move |it| it.task(task, &assertion))
}

/// In the second iteration of the Map.
fn of_branch(
    name: &'static str,
    fails: Events,
    assertion: impl for<'e> Fn(BranchAssert<'e>) -> BranchAssert<'e> + 'static,
) -> Row {
    row(name, fails, move |it| it.state("Each", |each| each.iteration(1, &assertion)))
}

struct Named(&'static str);

impl Matcher for Named {
    fn describes(&self) -> String {
        format!("enter {}", self.0)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        (!execution.path().iter().any(|state| state == self.0)).then(|| Mismatch::new("it did not"))
    }
}

fn rows() -> Vec<Row> {
    [outcomes(), ways(), states(), branches(), tasks()].into_iter().flatten().collect()
}

fn outcomes() -> Vec<Row> {
    let aborted = || right().ended("ExecutionAborted", None);
    let timed_out = || right().ended("ExecutionTimedOut", None);
    let input =
        || right().with("ExecutionStarted", 0, "input", r#"{"id":"o-2","items":[{"sku":"a"},{"sku":"b"}]}"#);
    let output = r#"{"id":"o-1","items":[{"sku":"a"},{"sku":"b"}],"paid":{"receipt":7},"shipped":[{"sent":"a"},{"sent":"b"}]}"#;
    let other_output = || right().with("ExecutionSucceeded", 0, "output", output.replace("7", "8"));
    let late = || right().late("ExecutionSucceeded", 0);
    vec![
        row("outcome.succeeded", right().failed(), |it| it.succeeded()),
        Row { holds: right().failed(), ..row("outcome.failed", right(), |it| it.failed()) },
        Row {
            holds: right().failed(),
            ..row(
                "outcome.failed_with",
                right().failed().with("ExecutionFailed", 0, "error", "Decline"),
                |it| it.failed_with("Declined"),
            )
        },
        Row {
            holds: right().failed(),
            ..row(
                "outcome.failed_because",
                right().failed().with("ExecutionFailed", 0, "cause", "no fund"),
                |it| it.failed_because("funds"),
            )
        },
        Row { holds: timed_out(), ..row("outcome.timed_out", aborted(), |it| it.timed_out()) },
        Row { holds: aborted(), ..row("outcome.aborted", timed_out(), |it| it.aborted()) },
        Row { holds: right().running(), ..row("outcome.running", right(), |it| it.running()) },
        row("outcome.started_with", input(), |it| {
            it.started_with(json!({"id": "o-1", "items": [{"sku": "a"}, {"sku": "b"}]}))
        }),
        row("outcome.started_with_at_least", input(), |it| it.started_with_at_least(json!({"id": "o-1"}))),
        row("outcome.output", other_output(), move |it| {
            it.output(serde_json::from_str::<serde_json::Value>(output).unwrap())
        }),
        row("outcome.output_includes", other_output(), |it| {
            it.output_includes(json!({"paid": {"receipt": 7}}))
        }),
        row("outcome.output_at", other_output(), |it| it.output_at("$.paid.receipt", 7)),
        row("outcome.finished_within", late(), |it| it.finished_within("6s")),
        row("outcome.lasted", late(), |it| it.lasted("6s")),
    ]
}

fn ways() -> Vec<Row> {
    let all = [
        "Check",
        "Pay",
        "Cool off",
        "Both",
        "Reserve",
        "Bill",
        "Apologise",
        "Each",
        "Pack",
        "Ship",
        "Pack",
        "Ship",
    ];
    let renamed = || right().renamed("Pay", "Pray");
    vec![
        row("path.visited", renamed(), |it| it.visited(["Check", "Pay", "Each"])),
        row("path.visited_exactly", renamed(), move |it| it.visited_exactly(all)),
        row("path.visited_in_any_order", renamed(), |it| it.visited_in_any_order(["Each", "Pay"])),
        row("path.visited_in_any_order", right().second_renamed("Ship", "Sail"), |it| {
            it.visited_in_any_order(["Ship", "Ship"])
        }),
        row("path.visited_set", renamed(), move |it| it.visited_set(all)),
        row("path.visited_set", right().second_renamed("Ship", "Sail"), move |it| it.visited_set(all)),
        row("path.never_visited", right().renamed("Pay", "Refund"), |it| it.never_visited("Refund")),
        row("path.went", renamed(), |it| it.went("Check", "Pay")),
        row("path.state", renamed(), |it| it.state("Pay", |pay| pay)),
        row("path.task", renamed(), |it| it.task("Pay", |pay| pay)),
        row(
            "path.tasks_called_in_order",
            right().renamed("Pay", "x").renamed("Bill", "Pay").renamed("x", "Bill"),
            |it| it.tasks_called_in_order(["Pay", "Bill", "Ship"]),
        ),
        row("path.never_called", right().renamed("Pay", "Refund"), |it| it.never_called("Refund")),
        row("path.waited", right().late("WaitStateExited", 0), |it| it.waited("Cool off", "5s")),
        row("events.events", right().renamed("Apologise", "x"), |it| {
            it.events([
                "ExecutionStarted",
                "..",
                "LambdaFunctionFailed Bill",
                "TaskStateExited",
                "PassStateEntered Apologise",
                "..",
            ])
        }),
        row("events.events", right().with("LambdaFunctionFailed", 1, "error", "Busy"), |it| {
            let declined = event("LambdaFunctionFailed").details(json!({"error": "Declined"}));
            it.events(["..".into(), declined, "..".into()])
        }),
        row("assert.has", renamed(), |it| it.has(&Named("Pay"))),
        row("assert.does_not", right().renamed("Pay", "Refund"), |it| {
            it.does_not(|it| it.visited(["Refund"]))
        }),
    ]
}

fn states() -> Vec<Row> {
    let once = || right().retyped("LambdaFunctionScheduled", 1, "LambdaFunctionStarted");
    let entered = || right().with("TaskStateEntered", 0, "input", r#"{"id":"o-2"}"#);
    let left = || right().with("PassStateExited", 0, "output", r#"{"id":"o-2"}"#);
    let assigned = || right().with("PassStateExited", 0, "assignedVariables", json!({"total": "41"}));
    vec![
        of_state("state.entered", right().second_renamed("Ship", "Sail"), "Ship", |it| it.entered(2)),
        of_state("state.attempts", once(), "Pay", |it| it.attempts(2)),
        of_state("state.input", entered(), "Pay", |it| {
            it.input(json!({"id": "o-1", "items": [{"sku": "a"}, {"sku": "b"}]}))
        }),
        of_state("state.input_includes", entered(), "Pay", |it| it.input_includes(json!({"id": "o-1"}))),
        of_state("state.input_at", entered(), "Pay", |it| it.input_at("$.id", "o-1")),
        of_state("state.output", left(), "Check", |it| {
            it.output(json!({"id": "o-1", "items": [{"sku": "a"}, {"sku": "b"}]}))
        }),
        of_state("state.output_includes", left(), "Check", |it| it.output_includes(json!({"id": "o-1"}))),
        of_state("state.output_at", left(), "Check", |it| it.output_at("$.id", "o-1")),
        of_state("state.caught", right().with("LambdaFunctionFailed", 1, "error", "Decline"), "Bill", |it| {
            it.caught("Declined")
        }),
        of_state(
            "state.caught_because",
            right().with("LambdaFunctionFailed", 1, "cause", "no fund"),
            "Bill",
            |it| it.caught_because("funds"),
        ),
        of_state("state.retried_after", right().late("LambdaFunctionScheduled", 1), "Pay", |it| {
            it.retried_after(["1s"])
        }),
        of_state("state.took", right().late("WaitStateExited", 0), "Cool off", |it| it.took("5s")),
        of_state("state.took_at_most", right().late("WaitStateExited", 0), "Cool off", |it| {
            it.took_at_most("5s")
        }),
        of_state("state.variable", assigned(), "Pay", |it| it.variable("total", 42)),
        of_state("state.assigned", assigned(), "Check", |it| it.assigned("total", 42)),
        of_state("state.visit", ordered(&["b", "a"]), "Ship", |it| {
            it.visit(2, |second| second.input_at("$.sku", "b"))
        }),
        of_state("state.iterations", ordered(&["a"]), "Each", |it| it.iterations(2)),
        of_state("state.iteration", ordered(&["a"]), "Each", |it| it.iteration(1, |second| second)),
        of_state("state.branch", right().renamed("Bill", "x"), "Both", |it| {
            it.branch(1, |it| it.visited(["Bill"]))
        }),
        of_state("state.does_not", right().renamed("Pay", "Ship").renamed("Bill", "Ship"), "Ship", |it| {
            it.does_not(|it| it.caught("Declined"))
        }),
    ]
}

fn branches() -> Vec<Row> {
    let renamed = || right().second_renamed("Ship", "Sail");
    vec![
        of_branch("branch.visited", renamed(), |it| it.visited(["Pack", "Ship"])),
        of_branch("branch.visited_exactly", renamed(), |it| it.visited_exactly(["Pack", "Ship"])),
        of_branch("branch.visited_in_any_order", renamed(), |it| it.visited_in_any_order(["Ship"])),
        of_branch("branch.visited_set", renamed(), |it| it.visited_set(["Ship", "Pack"])),
        of_branch("branch.never_visited", renamed(), |it| it.never_visited("Sail")),
        of_branch("branch.went", renamed(), |it| it.went("Pack", "Ship")),
        of_branch("branch.state", ordered(&["b", "a"]), |it| {
            it.state("Ship", |ship| ship.input_at("$.sku", "b"))
        }),
        of_branch("branch.task", ordered(&["b", "a"]), |it| {
            it.task("Ship", |ship| ship.received_at("$.sku", "b"))
        }),
        of_branch("branch.never_called", renamed(), |it| it.never_called("Sail")),
        of_branch("branch.does_not", renamed(), |it| it.does_not(|it| it.visited(["Sail"]))),
    ]
}

fn tasks() -> Vec<Row> {
    let both = |value: &str| {
        let payload = |events: Events, nth| events.with("LambdaFunctionScheduled", nth, "input", value);
        payload(payload(right(), 0), 1)
    };
    let received = || both(r#"{"order":"o-1","amount":41}"#);
    let returned = || right().with("LambdaFunctionSucceeded", 0, "output", r#"{"receipt":8}"#);
    let swapped = || right().renamed("Pay", "x").renamed("Bill", "Pay").renamed("x", "Bill");
    let pay = "arn:aws:lambda:us-east-1:123456789012:function:pay";
    vec![
        of_task("task.received", received(), "Pay", |it| it.received(json!({"order": "o-1", "amount": 42}))),
        of_task("task.received_includes", received(), "Pay", |it| {
            it.received_includes(json!({"amount": 42}))
        }),
        of_task("task.received_at", received(), "Pay", |it| it.received_at("$.amount", 42)),
        of_task(
            "task.times",
            right().retyped("LambdaFunctionScheduled", 1, "LambdaFunctionStarted"),
            "Pay",
            |it| it.times(2),
        ),
        of_task(
            "task.called_resource",
            right().with("LambdaFunctionScheduled", 1, "resource", "x"),
            "Pay",
            move |it| it.called_resource(pay),
        ),
        of_task("task.returned", returned(), "Pay", |it| it.returned(json!({"receipt": 7}))),
        of_task("task.returned_includes", returned(), "Pay", |it| {
            it.returned_includes(json!({"receipt": 7}))
        }),
        of_task("task.returned_at", returned(), "Pay", |it| it.returned_at("$.receipt", 7)),
        of_task("task.failed_with", right().with("LambdaFunctionFailed", 0, "error", "Bus"), "Pay", |it| {
            it.failed_with("Busy")
        }),
        of_task(
            "task.failed_because",
            right().with("LambdaFunctionFailed", 0, "cause", "soon"),
            "Pay",
            |it| it.failed_because("later"),
        ),
        of_task("task.called_before", swapped(), "Pay", |it| it.called_before("Bill")),
        of_task("task.called_after", swapped(), "Bill", |it| it.called_after("Pay")),
        of_task("task.call", ordered(&["b", "a"]), "Ship", |it| {
            it.call(2, |second| second.received_at("$.sku", "b"))
        }),
        of_task("task.does_not", right().with("LambdaFunctionFailed", 0, "error", "Declined"), "Pay", |it| {
            it.does_not(|it| it.failed_with("Declined"))
        }),
    ]
}

#[test]
fn every_assertion_holds_of_one_history_and_not_of_another_that_differs_in_one_thing() {
    let mut broken = Vec::new();
    for row in rows() {
        if let Err(failure) = row.holds.execution().check(&row.assertion) {
            broken.push(format!("{} does not hold:\n{failure}", row.name));
        }
        match row.fails.execution().check(&row.assertion) {
            Ok(()) => broken.push(format!("{} holds of the changed history too", row.name)),
            Err(failure) => {
                let text = failure.to_string();
                let told = text.starts_with("expected execution `o-1` of state machine `orders` to ")
                    && text.contains("\n  actual: ")
                    && text.contains("\n\ntimeline from ");
                if !told {
                    broken.push(format!("{} fails without its story:\n{text}", row.name));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// What is no assertion by itself.
const OTHERS: &[&str] = &["assert.assert_softly", "assert.check"];

#[test]
fn every_assertion_has_a_row() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/assertion/fluent");
    let mut methods = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if let Some(rest) = line.strip_prefix("    pub fn ") {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                methods.insert(format!("{stem}.{name}"));
            }
        }
    }
    let rows: BTreeSet<_> = rows().iter().map(|row| row.name.to_owned()).collect();
    let others: BTreeSet<_> = OTHERS.iter().map(|name| (*name).to_owned()).collect();
    let missing: Vec<_> =
        methods.iter().filter(|name| !rows.contains(*name) && !others.contains(*name)).collect();
    let unknown: Vec<_> = rows.union(&others).filter(|name| !methods.contains(*name)).collect();
    assert!(missing.is_empty(), "these have no row: {missing:?}");
    assert!(unknown.is_empty(), "these rows are of no assertion: {unknown:?}");
}
