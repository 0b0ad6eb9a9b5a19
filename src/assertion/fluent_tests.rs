//! The assertions as a test writes them: chained, narrowed, turned around, collected.

use std::fmt::Debug;
use std::panic::{self, UnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use super::Execution;
use super::test_history::History;
use super::{Matcher, Mismatch};
use crate::model::HistoryEventType as Type;
use crate::pattern::{any, includes, matching};

fn order() -> Execution {
    History::started_with(r#"{"id":"o-1"}"#)
        .passes("Check", r#"{"id":"o-1"}"#, r#"{"id":"o-1"}"#)
        .enters_task("Save", r#"{"id":"o-1"}"#)
        .calls(r#"{"Item":"o-1","At":1}"#)
        .fails("Busy", "try later")
        .after("1s")
        .calls(r#"{"Item":"o-1","At":2}"#)
        .returns(r#"{"saved":true}"#)
        .exits_task("Save", r#"{"saved":true}"#)
        .succeeded(r#"{"saved":true}"#)
}

#[track_caller]
fn message<T: Debug>(assertion: impl FnOnce() -> T + UnwindSafe) -> String {
    let panic = catch_unwind(assertion).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn assertions_are_chained() {
    order()
        .assert()
        .succeeded()
        .output(json!({"saved": any::boolean()}))
        .output_includes(json!({}))
        .visited(["Check", "Save"])
        .visited_exactly(vec!["Check".to_owned(), "Save".to_owned()])
        .never_visited("Refund")
        .state("Check", |state| {
            state.entered(1).input(json!({"id": matching("^o-")})).output(includes(json!({"id": "o-1"})))
        })
        .state("Save", |state| state.attempts(2).retried_after(["1s"]))
        .task("Save", |task| {
            task.received(json!({"Item": "o-1", "At": 2}))
                .received_includes(json!({"At": 1}))
                .times(2)
                .returned(json!({"saved": true}))
                .failed_with("Busy")
        })
        .lasted("1s")
        .finished_within(std::time::Duration::from_secs(5));
}

#[test]
fn failures_and_running_executions_are_asserted_on_as_well() {
    let order = order();
    let failed = History::started_with("1").failed("Boom", "it broke");
    failed.assert().failed().failed_with("Boom").failed_because("broke");
    History::started_with("1").running().assert().running();
    assert!(message(|| failed.assert().timed_out()).contains("to time out\n"));
    assert!(message(|| order.assert().aborted()).contains("to be aborted\n"));
    assert!(message(|| order.assert().state("Save", |state| state.caught("Busy"))).contains("to catch"));
}

/// Where the assertion panics. Other tests may panic meanwhile, in threads of their own: those go on as before.
fn line_of_panic<T>(assertion: impl FnOnce() -> T + UnwindSafe) -> Option<(String, u32)> {
    let seen = Arc::new(Mutex::new(None));
    let (place, this_thread) = (Arc::clone(&seen), thread::current().id());
    let before = Arc::new(panic::take_hook());
    let others = Arc::clone(&before);
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == this_thread {
            *place.lock().unwrap() = info.location().map(|at| (at.file().to_owned(), at.line()));
        } else {
            others(info);
        }
    }));
    let panicked = catch_unwind(assertion).is_err();
    panic::set_hook(Box::new(move |info| before(info)));
    assert!(panicked);
    seen.lock().unwrap().take()
}

#[test]
fn a_panic_names_the_line_of_the_test() {
    let here = |line: u32| Some((file!().to_owned(), line));
    let order = order();
    let asserted = order.assert();
    let on_execution = || asserted.failed();
    assert_eq!(line_of_panic(on_execution), here(line!() - 1));
    let on_state = || asserted.state("Save", |state| state.attempts(9));
    assert_eq!(line_of_panic(on_state), here(line!() - 1));
    let on_unknown_state = || asserted.state("Sav", |state| state);
    assert_eq!(line_of_panic(on_unknown_state), here(line!() - 1));
    let on_task = || asserted.task("Save", |task| task.times(9));
    assert_eq!(line_of_panic(on_task), here(line!() - 1));
    let on_branch = || asserted.state("Save", |state| state.branch(0, |branch| branch));
    assert_eq!(line_of_panic(on_branch), here(line!() - 1));
    let on_call = || asserted.task("Save", |task| task.call(2, |call| call.failed_with("Busy")));
    assert_eq!(line_of_panic(on_call), here(line!() - 1));
    let on_opposite = || asserted.does_not(|it| it.succeeded());
    assert_eq!(line_of_panic(on_opposite), here(line!() - 1));
    let on_opposite_of_state = || asserted.state("Save", |state| state.does_not(|it| it.entered(1)));
    assert_eq!(line_of_panic(on_opposite_of_state), here(line!() - 1));
    let all_at_once = || order.assert_softly(|it| it.failed().aborted());
    assert_eq!(line_of_panic(all_at_once), here(line!() - 1));
    let as_a_type = || order.output_as::<u64>();
    assert_eq!(line_of_panic(as_a_type), here(line!() - 1));
    let on_argument = || asserted.state("Save", |state| state.retried_after(["soon"]));
    assert_eq!(line_of_panic(on_argument), here(line!() - 1));
}

#[test]
fn every_assertion_has_its_place_in_a_chain() {
    order()
        .assert()
        .started_with(json!({"id": "o-1"}))
        .started_with_at_least(json!({}))
        .output_at("$.saved", true)
        .visited_in_any_order(["Save", "Check"])
        .visited_set(["Save", "Check"])
        .went("Check", "Save")
        .tasks_called_in_order(["Save", "Save"])
        .never_called("Check")
        .events(["ExecutionStarted", "..", "TaskFailed Save", "..", "ExecutionSucceeded"])
        .state("Check", |check| check.input_includes(json!({})).input_at("$.id", "o-1").took("0s"))
        .state("Save", |save| {
            save.output_includes(json!({}))
                .output_at("$.saved", true)
                .took("1s")
                .took_at_most("1s")
                .visit(1, |first| first.entered(1).attempts(2))
        })
        .task("Save", |save| {
            save.received_at("$.Item", "o-1")
                .called_resource("dynamodb:putItem")
                .returned_includes(json!({}))
                .returned_at("$.saved", true)
                .failed_because("later")
                .call(1, |first| first.received_at("$.At", 1).failed_with("Busy").times(1))
                .call(2, |second| second.received_at("$.At", 2).returned(json!({"saved": true})))
        });
}

#[test]
fn branches_and_iterations_are_looked_into() {
    let branch = |history: History, name: &str| history.following(3).passes(name, "1", "1");
    let history = History::started_with("1").enters(Type::ParallelStateEntered, "Both", "1");
    let history = branch(branch(history.bare(Type::ParallelStateStarted), "A"), "B");
    let execution = history
        .bare(Type::ParallelStateSucceeded)
        .exits(Type::ParallelStateExited, "Both", "[1,1]")
        .enters(Type::MapStateEntered, "Each", "[1]") // 10
        .map_started(1)
        .iteration(Type::MapIterationStarted, "Each", 0)
        .assigns("Note", &[("n", "1")])
        .enters_task("Call", "1")
        .calls("1")
        .returns("1")
        .exits_task("Call", "1")
        .iteration(Type::MapIterationSucceeded, "Each", 0)
        .bare(Type::MapStateSucceeded)
        .exits(Type::MapStateExited, "Each", "[1]")
        .succeeded("1");
    execution
        .assert()
        .state("Both", |both| {
            both.branch(0, |first| first.visited_exactly(["A"]).never_visited("B"))
                .branch(1, |second| second.visited(["B"]).does_not(|it| it.visited(["A"])).never_called("B"))
        })
        .state("Each", |each| {
            each.iterations(1).iteration(0, |first| {
                first
                    .visited_set(["Call", "Note"])
                    .visited_in_any_order(["Call"])
                    .went("Note", "Call")
                    .state("Note", |note| note.assigned("n", 1))
                    .state("Call", |call| call.variable("n", 1))
                    .task("Call", |call| call.received(1).does_not(|it| it.failed_with("Busy")))
            })
        });
    let text =
        message(|| execution.assert().state("Both", |both| both.branch(2, |third| third.visited(["A"]))));
    assert!(text.starts_with(
        "expected execution `e-1` of state machine `orders` to run branch 2 of `Both`\n  \
         actual: `Both` ran branches 0 to 1\n"
    ));
}

/// The text up to the timeline.
fn verdict(text: &str) -> &str {
    text.split_once("\n\ntimeline ").unwrap().0
}

#[test]
fn an_assertion_can_be_turned_around() {
    let order = order();
    order
        .assert()
        .does_not(|it| it.visited(["Refund"]))
        .does_not(|it| it.succeeded().visited(["Refund"]))
        .does_not(|it| it.state("Refund", |refund| refund.attempts(1)))
        .does_not(|it| it.does_not(|it| it.succeeded()))
        .state("Save", |save| save.does_not(|it| it.caught("Busy")));
    let visited = message(|| order.assert().does_not(|it| it.visited(["Check", "Save"])));
    assert_eq!(
        verdict(&visited),
        "expected execution `e-1` of state machine `orders` to not visit `Check`, `Save` in this order\n  \
         actual: it did"
    );
    assert!(
        visited.contains("\n> +0s  Check (Pass)") && visited.contains("\n> +0s  Save (Task)"),
        "{visited}"
    );
    let state =
        message(|| order.assert().state("Save", |save| save.does_not(|it| it.attempts(2).entered(1))));
    assert_eq!(
        verdict(&state),
        "expected execution `e-1` of state machine `orders` to not do all of this: attempt `Save` twice; enter `Save` \
         once\n  \
         actual: it did all of it"
    );
    let nested = message(|| order.assert().does_not(|it| it.state("Save", |save| save.entered(1))));
    assert!(
        nested.starts_with("expected execution `e-1` of state machine `orders` to not enter `Save` once\n")
    );
    let premise = message(|| order.assert().does_not(|it| it.state("Save", |save| save)));
    assert!(premise.starts_with("expected execution `e-1` of state machine `orders` to not visit `Save`\n"));
    let task = message(|| order.assert().task("Save", |save| save.does_not(|it| it.failed_with("Busy"))));
    assert!(task.contains("to not see `Save` fail with `Busy`\n"));
    assert_eq!(
        message(|| order.assert().does_not(|it| it)),
        "`does_not` was given no assertion: write one, such as `.does_not(|it| it.visited([\"Refund\"]))`"
    );
}

#[test]
fn soft_assertions_tell_all_that_is_wrong_at_once() {
    let order = order();
    order.assert_softly(|it| it.succeeded().visited(["Save"]));
    let text = message(|| {
        order.assert_softly(|it| {
            it.failed()
                .visited(["Check"])
                .output(json!({"saved": false}))
                .state("Refund", |refund| refund.attempts(2))
                .state("Save", |save| save.attempts(3))
        });
    });
    assert_eq!(
        verdict(&text),
        r#"expected execution `e-1` of state machine `orders` to be as 5 assertions say
  actual: 4 of the 5 do not hold

  1. to fail
     actual: it SUCCEEDED

  2. to output {"saved":false}
     actual: the output was {"saved":true}
     first difference (actual != expected): $.saved: true != false
     --- expected
     +++ actual
     @@ -1,3 +1,3 @@
      {
     -  "saved": false
     +  "saved": true
      }

  3. to visit `Refund`
     actual: it entered `Check`, `Save`

  4. to attempt `Save` 3 times
     actual: `Save` was attempted twice"#
    );
    assert!(
        text.contains("\n> +1s  SUCCEEDED with") && text.contains("\n> +0s    attempt 1: calls"),
        "{text}"
    );
}

#[test]
fn one_that_does_not_hold_is_told_as_if_it_were_alone() {
    let order = order();
    let failure = order.check(|it| it.succeeded().failed()).unwrap_err();
    assert_eq!(failure.to_string(), message(|| order.assert().failed()));
    assert_eq!(format!("{failure:?}"), failure.to_string());
    assert_eq!(order.check(|it| it.succeeded()), Ok(()));
    let none = order.check(|it| it.failed().aborted()).unwrap_err().to_string();
    assert!(none.contains("actual: none of the 2 holds\n"), "{none}");
}

#[test]
fn matchers_of_ones_own_are_as_good_as_ours() {
    struct OfMachine(&'static str);
    impl Matcher for OfMachine {
        fn describes(&self) -> String {
            format!("be of `{}`", self.0)
        }

        fn explains(&self, execution: &Execution) -> Option<Mismatch> {
            let machine = execution.state_machine_name();
            (machine != self.0).then(|| {
                Mismatch::new(format!("it is of `{machine}`"))
                    .guilty([1])
                    .hint(["start another".to_owned()])
                    .diff_of(&json!([self.0]), &json!([machine]))
            })
        }
    }
    let order = order();
    order.assert().has(&OfMachine("orders")).does_not(|it| it.has(&OfMachine("bills")));
    assert!(OfMachine("orders").matches(&order) && !OfMachine("bills").matches(&order));
    let text = message(|| order.assert().has(&OfMachine("bills")));
    assert_eq!(
        verdict(&text),
        r#"expected execution `e-1` of state machine `orders` to be of `bills`
  actual: it is of `orders`

--- expected
+++ actual
@@ -1,3 +1,3 @@
 [
-  "bills"
+  "orders"
 ]"#
    );
    assert!(text.contains("\n> +0s  started with") && text.ends_with("hint: start another"));
}

#[test]
fn an_argument_that_means_nothing_is_told_at_once() {
    let order = order();
    assert_eq!(
        message(|| order.assert().output(json!({"id": {"$any": "uid"}}))),
        "the expected JSON is no valid pattern at $.id: `$any` takes one of `value`, `string`, `number`, `integer`, \
         `boolean`, `array`, `object`, `uuid`, `timestamp`, `epoch-seconds`, not \"uid\""
    );
    assert_eq!(
        message(|| order.assert().output_at("saved", true)),
        "`saved` is no path into a payload, such as `$.order.items[0].sku`: `saved` does not start with `$`"
    );
    assert!(
        message(|| order.assert().output_at("$.saved", json!({"$any": "uid"})))
            .starts_with("the expected JSON is no valid pattern at $: `$any` takes one of")
    );
    assert_eq!(
        message(|| order.assert().events(["TaskFail"])),
        "there is no type of history event `TaskFail`: did you mean `TaskFailed`?"
    );
    assert_eq!(
        message(|| order.assert().finished_within("5 minutes")),
        "`5 minutes` is no duration: write numbers with their units, such as `90s`, `5m`, `1h30m` or `250ms`"
    );
}
