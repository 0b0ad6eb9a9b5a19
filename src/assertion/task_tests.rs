//! What tasks are expected to have done, and what failures tell.

use serde_json::{Value, json};

use super::Execution;
use super::payload::ExpectedJson;
use super::task::{
    CalledResource, CalledTimes, Calls, Received, Returned, TaskCalled, TaskCalledNth, TaskFailedBecause,
    TaskFailedWith,
};
use super::test_history::{History, guilty, holds, why};

fn notify() -> Calls {
    Calls { task: "Notify".into(), nth: None }
}

/// Fails once, then returns.
fn notified() -> Execution {
    History::started_with("{}")
        .passes("Prepare", "{}", "{}") // 2, 3
        .enters_task("Notify", "{}") // 4
        .calls(r#"{"QueueUrl":"q","MessageBody":"a"}"#) // 5, 6
        .fails("Busy", "try later") // 7
        .after("1s")
        .calls(r#"{"QueueUrl":"q","MessageBody":"a"}"#) // 8, 9
        .returns(r#"{"MessageId":"m-1"}"#) // 10
        .exits_task("Notify", "{}")
        .succeeded("{}")
}

fn received(value: &Value) -> Received {
    Received { calls: notify(), payload: ExpectedJson::whole(value).unwrap() }
}

#[test]
fn payloads_are_expected_whole_or_in_part() {
    holds(&notified(), &received(&json!({"QueueUrl": "q", "MessageBody": "a"})));
    let part = ExpectedJson::part(&json!({"QueueUrl": "q"})).unwrap();
    holds(&notified(), &Received { calls: notify(), payload: part });
    assert_eq!(
        why(&notified(), &received(&json!({"QueueUrl": "q"}))),
        r#"expected execution `e-1` of state machine `orders` to call `Notify` with {"QueueUrl":"q"}
  actual: the payload of `Notify` was another one both times; the nearest was {"QueueUrl":"q","MessageBody":"a"}
  first difference (actual != expected): $.MessageBody: unexpected "a"

--- expected
+++ actual
@@ -1,3 +1,4 @@
 {
+  "MessageBody": "a",
   "QueueUrl": "q"
 }"#
    );
    assert_eq!(guilty(&notified(), &received(&json!(1))), [5]);
}

#[test]
fn every_attempt_is_a_call() {
    holds(&notified(), &CalledTimes { calls: notify(), times: 2 });
    assert_eq!(
        why(&notified(), &CalledTimes { calls: notify(), times: 1 }),
        "expected execution `e-1` of state machine `orders` to call `Notify` once\n  \
         actual: `Notify` was called twice"
    );
    assert_eq!(guilty(&notified(), &CalledTimes { calls: notify(), times: 1 }), [5, 8]);
}

#[test]
fn answers_and_errors_are_those_of_any_call() {
    let returned = |value: &Value| Returned { calls: notify(), output: ExpectedJson::whole(value).unwrap() };
    let failed = |error: &str| TaskFailedWith { calls: notify(), error: error.to_owned() };
    holds(&notified(), &returned(&json!({"MessageId": "m-1"})));
    holds(&notified(), &failed("Busy"));
    assert_eq!(
        why(&notified(), &returned(&json!("m-1"))),
        r#"expected execution `e-1` of state machine `orders` to get "m-1" from `Notify`
  actual: the answer to `Notify` was {"MessageId":"m-1"}
  first difference (actual != expected): $: {"MessageId":"m-1"} != "m-1"

--- expected
+++ actual
@@ -1 +1,3 @@
-"m-1"
+{
+  "MessageId": "m-1"
+}

hint: the value expected at `$` is at `$.MessageId`"#
    );
    assert_eq!(
        why(&notified(), &failed("Boom")),
        "expected execution `e-1` of state machine `orders` to see `Notify` fail with `Boom`\n  \
         actual: `Notify` failed with `Busy`"
    );
}

#[test]
fn one_call_is_picked_by_its_number() {
    let nth = |nth| Calls { task: "Notify".into(), nth: Some(nth) };
    holds(&notified(), &TaskCalledNth(nth(2)));
    holds(&notified(), &TaskFailedWith { calls: nth(1), error: "Busy".to_owned() });
    let output = ExpectedJson::whole(&json!({"MessageId": "m-1"})).unwrap();
    holds(&notified(), &Returned { calls: nth(2), output });
    assert_eq!(
        why(&notified(), &TaskFailedWith { calls: nth(2), error: "Busy".to_owned() }),
        "expected execution `e-1` of state machine `orders` to see call 2 of `Notify` fail with `Busy`\n  \
         actual: call 2 of `Notify` never failed"
    );
    assert_eq!(
        why(&notified(), &TaskCalledNth(nth(3))),
        "expected execution `e-1` of state machine `orders` to make call 3 of `Notify`\n  \
         actual: `Notify` was called twice"
    );
    assert!(why(&notified(), &TaskCalledNth(nth(0))).ends_with("twice (calls are counted from 1)"));
}

#[test]
fn the_resource_is_that_of_every_call() {
    let resource = |name: &str| CalledResource { calls: notify(), resource: name.to_owned() };
    holds(&notified(), &resource("dynamodb:putItem"));
    assert_eq!(
        why(&notified(), &resource("sqs:sendMessage")),
        "expected execution `e-1` of state machine `orders` to call `sqs:sendMessage` from `Notify`\n  \
         actual: `Notify` called `dynamodb:putItem`"
    );
    assert_eq!(guilty(&notified(), &resource("sqs:sendMessage")), [5, 8]);
}

#[test]
fn causes_are_found_by_a_part_of_them() {
    let because = |part: &str| TaskFailedBecause { calls: notify(), part: part.to_owned() };
    holds(&notified(), &because("later"));
    assert_eq!(
        why(&notified(), &because("sooner")),
        "expected execution `e-1` of state machine `orders` to see `Notify` fail with a cause that contains \
         \"sooner\"\n  \
         actual: `Notify` failed because of \"try later\""
    );
    assert_eq!(guilty(&notified(), &because("sooner")), [7, 10]);
}

#[test]
fn a_task_that_was_never_answered_returned_nothing() {
    let execution = History::started_with("{}").enters_task("Notify", "{}").calls("{}").running();
    let output = ExpectedJson::whole(&json!(1)).unwrap();
    assert_eq!(
        why(&execution, &Returned { calls: notify(), output }),
        "expected execution `e-1` of state machine `orders` to get 1 from `Notify`\n  \
         actual: `Notify` returned nothing: it failed, or has not been answered\n\n\
         hint: `Notify` waits for the answer to dynamodb:putItem: its mock answers later, or never; no TimeoutSeconds \
         or HeartbeatSeconds ends that\n\
         hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
    );
    assert_eq!(
        why(&execution, &TaskFailedWith { calls: notify(), error: "Boom".to_owned() }),
        "expected execution `e-1` of state machine `orders` to see `Notify` fail with `Boom`\n  \
         actual: `Notify` never failed\n\n\
         hint: `Notify` waits for the answer to dynamodb:putItem: its mock answers later, or never; no TimeoutSeconds \
         or HeartbeatSeconds ends that\n\
         hint: the execution is still RUNNING: take it with `.finished().await` to assert on its end"
    );
}

#[test]
fn a_state_that_is_no_task_calls_nothing() {
    holds(&notified(), &TaskCalled("Notify".into()));
    assert_eq!(
        why(&notified(), &TaskCalled("Prepare".into())),
        "expected execution `e-1` of state machine `orders` to call task `Prepare`\n  \
         actual: `Prepare` was entered, but called nothing: it is a Pass state"
    );
    assert_eq!(
        why(&notified(), &TaskCalled("notfy".into())),
        "expected execution `e-1` of state machine `orders` to call task `notfy`\n  \
         actual: it entered `Prepare`, `Notify`\n\n\
         hint: there is a state of a similar name: did you mean `Notify`?"
    );
}
