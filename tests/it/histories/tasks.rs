//! Recorded executions answer the tasks of a mock.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use sfn_testkit::prelude::*;
use sfn_testkit::{OnTask, RecordedTasks, TaskMock};

pub(super) const LAMBDA: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";

/// A definition of one task state `T`, with these further fields.
pub(super) fn task(resource: &str, fields: &str) -> String {
    format!(
        r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"{resource}"{fields},"End":true}}}}}}"#
    )
}

fn map(fields: &str) -> String {
    format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","End":true,"ItemProcessor":{{"StartAt":"T","States":{{
        "T":{{"Type":"Task","Resource":"{LAMBDA}"{fields},"End":true}}}}}}}}}}}}"#
    )
}

/// An execution with task mocks as a test writes them.
pub(super) async fn record(
    definition: &str,
    input: Value,
    answer: impl FnOnce(OnTask) -> TaskMock,
) -> Execution {
    let sfn = MockSfn::builder().unverified().build();
    let _mock = answer(sfn.on_resource("*")).unchecked();
    run(&sfn, definition, input).await
}

async fn run(sfn: &MockSfn, definition: &str, input: Value) -> Execution {
    let machine = sfn.state_machine("orders").definition(definition).create();
    let arn = sfn.start_execution(&machine, input);
    sfn.execution(&arn).finished().await
}

/// The same with recorded tasks.
async fn rerun(recorded: &RecordedTasks, definition: &str, input: Value) -> Execution {
    let sfn = MockSfn::new();
    sfn.mock_tasks(recorded);
    run(&sfn, definition, input).await
}

/// What the test is told at the end if a recorded answer is missing.
async fn complaint(recorded: &RecordedTasks, definition: &str, input: Value) -> String {
    let sfn = MockSfn::builder().unverified().build();
    sfn.mock_tasks(recorded);
    let execution = run(&sfn, definition, input).await;
    assert_eq!(execution.error(), Some("SfnTestkit.TaskNotMocked"));
    let panic = catch_unwind(AssertUnwindSafe(|| sfn.verify())).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn an_execution_with_its_own_tasks_has_the_same_history_to_the_millisecond() {
    let retry = r#","Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":3}]"#;
    let definition = task(LAMBDA, retry);
    let recorded = record(&definition, json!({}), |on| {
        on.fails("Busy", "wait").after("1500ms").times(2).then().returns(json!({"n": 1.50})).after("7s")
    })
    .await;
    let tasks = RecordedTasks::from(&recorded);
    assert_eq!(tasks.n_calls(), 3);
    assert_eq!(rerun(&tasks, &definition, json!({})).await.history(), recorded.history());
}

#[tokio::test(start_paused = true)]
async fn a_history_as_the_cli_prints_it_answers_and_takes_its_time() {
    let sfn = MockSfn::new();
    sfn.tasks_from_history(include_str!("../../goldens/paid.history.json"));
    let execution = run(&sfn, &task(LAMBDA, "").replace("\"T\"", "\"Pay\""), json!({"order": 7})).await;
    execution.assert().succeeded().output(json!({"paid": 7})).lasted("1374ms");
}

#[test]
#[should_panic(expected = "the history is not JSON: ")]
fn a_text_that_is_no_history_fails_the_test() {
    MockSfn::new().tasks_from_history("nothing");
}

#[tokio::test(start_paused = true)]
async fn iterations_are_answered_by_what_they_were_called_with_whatever_their_order() {
    let definition = map("");
    let recorded = record(&definition, json!([1, 2, 3]), |on| on.answers(|call| json!([call.input]))).await;
    let tasks = RecordedTasks::from(&recorded);
    let reversed = rerun(&tasks, &definition, json!([3, 1])).await;
    reversed.assert().succeeded().output(json!([[3], [1]]));
}

#[tokio::test(start_paused = true)]
async fn of_equal_inputs_the_place_and_the_attempt_decide() {
    let definition = map(r#","Retry":[{"ErrorEquals":["Busy"]}]"#);
    let recorded = record(&definition, json!(["same", "same"]), |on| {
        on.answers(|call| match (call.iteration, call.attempt()) {
            (Some(1), 1) => Err(TaskError::new("Busy", "")),
            (iteration, attempt) => Ok(json!([iteration, attempt])),
        })
    })
    .await;
    recorded.assert().output(json!([[0, 1], [1, 2]]));
    let again = rerun(&RecordedTasks::from(&recorded), &definition, json!(["same", "same"])).await;
    assert_eq!(again.history(), recorded.history());
}

#[tokio::test(start_paused = true)]
async fn an_other_input_at_the_same_place_has_the_same_answer() {
    let recorded = record(&task(LAMBDA, ""), json!({"id": 1}), |on| on.returns(json!("yes"))).await;
    let definition = task(LAMBDA, r#","Parameters":{"order.$":"$.id"}"#);
    let again = rerun(&RecordedTasks::from(&recorded), &definition, json!({"id": 1})).await;
    again.assert().succeeded().output(json!("yes"));
}

#[tokio::test(start_paused = true)]
async fn a_renamed_state_that_calls_the_same_has_the_same_answer() {
    let definition =
        task("arn:aws:states:::sqs:sendMessage", r#","Parameters":{"QueueUrl":"q","MessageBody":"m"}"#);
    let recorded = record(&definition, json!({}), |on| on.returns(json!({"MessageId": "1"}))).await;
    let renamed = definition.replace("\"T\"", "\"Tell\"");
    let tasks = RecordedTasks::from(&recorded);
    rerun(&tasks, &renamed, json!({})).await.assert().succeeded().output(json!({"MessageId": "1"}));
    let other = renamed.replace("\"m\"", "\"n\"");
    let told = complaint(&tasks, &other, json!({})).await;
    assert!(told.contains(" has no answer: no call of state `Tell` is recorded, only of `T`\n"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_call_too_many_is_told_with_what_is_recorded_nearest() {
    let recorded = record(&map(""), json!([7]), |on| on.fails("Busy", "wait")).await;
    let tasks = RecordedTasks::from(&recorded);
    let retried = map(r#","Retry":[{"ErrorEquals":["Busy"]}]"#);
    let told = complaint(&tasks, &retried, json!([7])).await;
    let expected = " has no answer: 1 call of state `T` is recorded, and it has given its answer; this is attempt 2 in \
                    item 0 of `Each`; recorded nearest is attempt 1 in item 0 of `Each`, called with 7, which failed \
                    with Busy\n";
    assert!(told.contains(expected), "{told}");
    let told = complaint(&RecordedTasks::default(), &retried, json!([7])).await;
    assert!(told.contains(" has no answer: no execution is recorded\n"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_comes_again_but_not_for_a_task_that_has_more_time() {
    let definition = task(LAMBDA, r#","TimeoutSeconds":5"#);
    let recorded = record(&definition, json!({}), |on| on.never_answers()).await;
    let tasks = RecordedTasks::from(&recorded);
    assert_eq!(rerun(&tasks, &definition, json!({})).await.history(), recorded.history());
    let patient = task(LAMBDA, r#","TimeoutSeconds":900"#);
    let execution = rerun(&tasks, &patient, json!({})).await;
    execution.assert().failed_with("SfnTestkit.TaskNotMocked").failed_because(
        "the recording has no answer to the task of state `T`: it timed out after 5 s, and here it is still open after \
         65 s; write: sfn.on_state(\"T\").returns(json!({…}));",
    );
}

const WAITS: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

#[tokio::test(start_paused = true)]
async fn a_callback_has_its_response_its_heartbeats_and_its_result_again() {
    let fields =
        r#","HeartbeatSeconds":10,"Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}}"#;
    let definition = task(WAITS, fields);
    let recorded = record(&definition, json!({}), |on| {
        on.returns(json!("approved")).after("2m").submits(json!({"MessageId": "m-1"})).heartbeats(30, "4s")
    })
    .await;
    recorded.assert().succeeded();
    let again = rerun(&RecordedTasks::from(&recorded), &definition, json!({})).await;
    assert_eq!(again.history(), recorded.history());
    again.assert().lasted("2m");
}

#[tokio::test(start_paused = true)]
async fn a_missed_heartbeat_is_missed_again() {
    let definition = task(WAITS, r#","HeartbeatSeconds":10,"Parameters":{"QueueUrl":"q","MessageBody":"m"}"#);
    let recorded = record(&definition, json!({}), |on| on.never_answers().heartbeats(6, "5s")).await;
    recorded.assert().failed_with("States.Timeout").lasted("40s");
    let again = rerun(&RecordedTasks::from(&recorded), &definition, json!({})).await;
    again.assert().failed_with("States.Timeout").lasted("40s");
}

#[tokio::test(start_paused = true)]
async fn each_execution_goes_along_with_the_recorded_one_of_its_input() {
    let definition = task(LAMBDA, "");
    let mut tasks = RecordedTasks::default();
    for n in 1..=3 {
        tasks = tasks.with(
            &record(&definition, json!({"n": n}), |on| on.answers(|call| json!([call.input["n"]]))).await,
        );
    }
    let sfn = MockSfn::new();
    sfn.mock_tasks(&tasks.of("orders"));
    let constant = task(LAMBDA, r#","Parameters":{"constant":true}"#);
    let machine = sfn.state_machine("orders").definition(constant).create();
    for n in [2, 3, 1, 2] {
        let arn = sfn.start_execution(&machine, json!({"n": n}));
        sfn.execution(&arn).finished().await.assert().succeeded().output(json!([n]));
    }
}

#[tokio::test(start_paused = true)]
async fn recorded_tasks_of_one_state_machine_leave_others_to_other_mocks() {
    let definition = task(LAMBDA, "");
    let recorded = record(&definition, json!({}), |on| on.returns(json!("recorded"))).await;
    let sfn = MockSfn::new();
    sfn.on_state("T").returns(json!("mocked"));
    sfn.mock_tasks(&RecordedTasks::from(&recorded).of("refunds"));
    run(&sfn, &definition, json!({})).await.assert().output(json!("mocked"));
}

#[tokio::test(start_paused = true)]
async fn child_executions_of_a_map_run_have_histories_of_their_own() {
    let definition = map("").replace(
        r#""StartAt":"T""#,
        r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T""#,
    );
    let recording = MockSfn::new();
    recording.on_state("T").answers(|call| json!([call.input, call.iteration]));
    let machine = recording.state_machine("orders").definition(definition.as_str()).create();
    let arn = recording.start_execution(&machine, json!(["a", "b"]));
    let parent = recording.execution(&arn).finished().await;
    let mut tasks = RecordedTasks::from(&parent);
    assert_eq!(tasks.n_calls(), 0);
    for child in recording.execution(&arn).map_runs()[0].children() {
        let text = json!({"executionArn": child.arn(), "events": child.now().history()}).to_string();
        tasks = tasks.and(&text).unwrap();
    }
    rerun(&tasks, &definition, json!(["b", "a"])).await.assert().output(json!([["b", 1], ["a", 0]]));
}

#[tokio::test(start_paused = true)]
async fn several_executions_in_one_text_are_told_apart() {
    let definition = task(LAMBDA, "");
    let one = record(&definition, json!(1), |on| on.returns(json!(1))).await;
    let two = record(&definition, json!(2), |on| on.returns(json!(2))).await;
    let bare = |execution: &Execution| json!({"events": execution.history()}).to_string();
    let tasks = RecordedTasks::read(&format!("{}\n{}", bare(&one), bare(&two))).unwrap();
    assert_eq!(format!("{tasks:?}"), "RecordedTasks { executions: 2, calls: 2 }");
    let named = |arn: &str, events: &[Value]| json!({"executionArn": arn, "events": events}).to_string();
    let events = one.history();
    let (first, rest) = events.split_at(3);
    let pages = [named("a", first), named("a", rest), named("b", &two.history())].concat();
    assert_eq!(RecordedTasks::read(&pages).unwrap().n_calls(), 2);
    assert_eq!(
        RecordedTasks::read("").unwrap_err().to_string(),
        "there are no events; give what `aws stepfunctions get-execution-history` prints"
    );
}
