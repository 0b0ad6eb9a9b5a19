//! Recorded executions are run against another definition, and the differences are told in words.

use serde_json::Value;
use sfn_testkit::prelude::*;
use sfn_testkit::replay::{Kind, Replayer};

use super::tasks::{LAMBDA, record, task};

/// The differences of an execution that was recorded with one definition from another.
fn differences(recorded: &Execution, definition: &str) -> Vec<String> {
    let replayed = Replayer::new(definition).unwrap().replay(recorded);
    replayed.differences().iter().map(ToString::to_string).collect()
}

const CHECK: &str = r#"{"StartAt":"Check","States":{
    "Check":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Next":"Big?"},
    "Big?":{"Type":"Choice","Choices":[{"Variable":"$.sum","NumericGreaterThan":100,"Next":"Review"}],"Default":"Ship"},
    "Review":{"Type":"Pass","End":true},
    "Ship":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}"#;

async fn checked() -> Execution {
    record(CHECK, json!({"order": 7}), |on| {
        on.returns(json!({"sum": 90})).times(1).then().returns(json!("done"))
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn the_same_definition_goes_the_same_way() {
    let recorded = checked().await;
    let replayed = Replayer::new(CHECK).unwrap().replay(&recorded);
    replayed.assert_same();
    assert_eq!(replayed.to_string(), "it goes as recorded");
    assert_eq!(replayed.execution().history(), recorded.history());
}

#[tokio::test(start_paused = true)]
async fn another_path_is_told_with_the_state_where_it_parts() {
    let told = differences(&checked().await, &CHECK.replace("100", "80"));
    assert_eq!(
        told,
        [
            "after `Big?` comes `Review` instead of `Ship`",
            r#"its output has {"sum":90} instead of "done" at $"#,
        ]
    );
}

#[tokio::test(start_paused = true)]
#[should_panic(
    expected = "it goes otherwise than recorded:\n- after `Big?` comes `Review` instead of `Ship`\n"
)]
async fn an_assertion_tells_all_differences() {
    let recorded = checked().await;
    Replayer::new(CHECK.replace("100", "80")).unwrap().replay(&recorded).assert_same();
}

#[tokio::test(start_paused = true)]
async fn another_beginning_and_another_end_of_the_path_are_told() {
    let recorded = checked().await;
    assert_eq!(differences(&recorded, &task(LAMBDA, ""))[0], "it begins with `T` instead of `Check`");
    let shorter = task(LAMBDA, "").replace("\"T\"", "\"Check\"");
    assert_eq!(differences(&recorded, &shorter)[0], "after `Check` comes the end instead of `Big?`");
}

#[tokio::test(start_paused = true)]
async fn another_input_of_a_task_is_told_with_its_place() {
    let recorded = checked().await;
    let changed = CHECK.replace(r#"f","End""#, r#"f","Parameters":{"sum.$":"$.sum","note":"x"},"End""#);
    assert_eq!(
        differences(&recorded, &changed),
        [r#"`Ship` calls its task with "x" at $.note, where nothing was recorded"#]
    );
    let changed = CHECK.replace(r#"f","End""#, r#"f","Parameters":{},"End""#);
    assert_eq!(differences(&recorded, &changed), ["`Ship` calls its task without $.sum, which was 90"]);
    let changed = CHECK.replace(r#"f","End""#, r#"g","End""#);
    let other = LAMBDA.replace("function:f", "function:g");
    assert_eq!(differences(&recorded, &changed), [format!("`Ship` calls {other} instead of {LAMBDA}")]);
}

#[tokio::test(start_paused = true)]
async fn more_attempts_than_recorded_have_no_answer() {
    let recorded = record(&task(LAMBDA, ""), json!({}), |on| on.fails("Busy", "wait")).await;
    let told =
        differences(&recorded, &task(LAMBDA, r#","Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":1}]"#));
    assert_eq!(told[0], "`T` calls its task 2 times instead of once");
    assert_eq!(
        told[1],
        "the task of `T` has no recorded answer: 1 call of state `T` is recorded, and it has given its answer; this is \
         attempt 2; recorded nearest is attempt 1, called with {}, which failed with Busy"
    );
    assert!(told[2].starts_with("it ends FAILED with SfnTestkit.TaskNotMocked: "), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn another_end_and_another_cause_are_told() {
    let definition = task(LAMBDA, r#","Catch":[{"ErrorEquals":["Busy"],"Next":"No"}]"#);
    let definition = definition
        .replace(r#""End":true}"#, r#""End":true},"No":{"Type":"Fail","Error":"Refused","Cause":"c"}"#);
    let recorded = record(&definition, json!({}), |on| on.fails("Busy", "wait")).await;
    assert_eq!(
        differences(&recorded, &definition.replace("\"c\"", "\"d\"")),
        [r#"the cause of its error is "d" instead of "c""#]
    );
    assert_eq!(
        differences(&recorded, &definition.replace("Refused", "Denied")),
        ["it ends FAILED with Denied: c instead of FAILED with Refused: c"]
    );
}

#[tokio::test(start_paused = true)]
async fn kinds_and_members_can_be_ignored() {
    let recorded =
        record(&task(LAMBDA, r#","Parameters":{"dice":1,"id":2}"#), json!({}), |on| on.returns(json!(1)))
            .await;
    let other = task(LAMBDA, r#","Parameters":{"dice":6,"id":2}"#);
    let replayer = Replayer::new(other.as_str()).unwrap();
    assert_eq!(replayer.replay(&recorded).differences()[0].kind(), Kind::TaskInput);
    assert!(replayer.ignoring(Kind::TaskInput).replay(&recorded).is_same());
    assert!(Replayer::new(other).unwrap().ignoring_member("dice").replay(&recorded).is_same());
}

#[tokio::test(start_paused = true)]
async fn what_is_fresh_in_every_execution_is_no_difference() {
    let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
    let fields = r#","Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token","n.$":"$$.Execution.Name",
        "at.$":"$$.State.EnteredTime","key.$":"States.Format('job-{}', States.UUID())"}}"#;
    let definition = task(resource, fields);
    let recorded = record(&definition, json!({}), |on| on.returns(json!(1)).after("5s")).await;
    // Of another execution, in another account.
    let text = json!({"events": recorded.history()}).to_string();
    let elsewhere = Execution::from_history_json(&text).unwrap();
    let replayed = Replayer::new(definition.as_str()).unwrap().replay(&elsewhere);
    assert_ne!(replayed.execution().history(), elsewhere.history());
    replayed.assert_same();
    let other = definition.replace("job-{}", "work-{}");
    assert_eq!(differences(&elsewhere, &other).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_uuid_that_the_execution_was_given_is_none_of_chance() {
    let given = json!({"customer": "6f1f2a6e-7a0b-4c1d-9e55-0123456789ab", "other": "11111111-7a0b-4c1d-9e55-0123456789ab"});
    let definition = task(LAMBDA, r#","Parameters":{"id.$":"$.customer"}"#);
    let recorded = record(&definition, given, |on| on.returns(json!(1))).await;
    let told = differences(&recorded, &definition.replace("$.customer", "$.other"));
    assert_eq!(
        told,
        [
            r#"`T` calls its task with "11111111-7a0b-4c1d-9e55-0123456789ab" instead of "6f1f2a6e-7a0b-4c1d-9e55-0123456789ab" at $.id"#
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn branches_and_iterations_are_compared_each_by_itself() {
    let definition = r#"{"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"Both","States":{
        "Both":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"R","End":true}}},
            {"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}]}}}}}}"#
        .replace("\"R\"", &format!("{LAMBDA:?}"));
    let recorded = record(&definition, json!([1, 2]), |on| on.answers(|call| call.input.clone())).await;
    Replayer::new(definition.as_str()).unwrap().replay(&recorded).assert_same();
    let changed = definition
        .replace(r#""Type":"Pass","End":true"#, r#""Type":"Pass","Next":"C"},"C":{"Type":"Pass","End":true"#);
    assert_eq!(
        differences(&recorded, &changed),
        [
            "after `B` comes `C` instead of the end in item 0 of `Each` > branch `B` of `Both`",
            "after `B` comes `C` instead of the end in item 1 of `Each` > branch `B` of `Both`",
        ]
    );
    let changed = definition.replace(r#""Type":"Map""#, r#""Type":"Map","ItemsPath":"$[0:1]""#);
    assert_eq!(
        differences(&recorded, &changed)[0],
        "it begins with nothing instead of `Both` in item 1 of `Each`"
    );
}

#[tokio::test(start_paused = true)]
async fn executions_are_stopped_and_redriven_as_they_were() {
    let definition = task(LAMBDA, r#","TimeoutSeconds":600"#);
    let sfn = MockSfn::builder().time(Time::Manual).build();
    sfn.on_state("T").never_answers().times(1).then().returns(json!("late")).after("20s");
    let machine = sfn.state_machine("orders").definition(definition.as_str()).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.advance("30s");
    sfn.client().stop_execution().execution_arn(&arn).error("Enough").cause("c").send().await.unwrap();
    let stopped = sfn.execution(&arn).now();
    Replayer::new(definition.as_str()).unwrap().replay(&stopped).assert_same();
    sfn.advance("1h");
    sfn.client().redrive_execution().execution_arn(&arn).send().await.unwrap();
    sfn.advance("20s");
    let recorded = sfn.execution(&arn).now();
    recorded.assert().succeeded().output(json!("late")).lasted("1h50s");
    let replayed = Replayer::new(definition.as_str()).unwrap().replay(&recorded);
    replayed.assert_same();
    assert_eq!(replayed.execution().history(), recorded.history());
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_still_runs_is_compared_as_far_as_it_has_come() {
    let recorded = checked().await;
    let events: Vec<Value> = recorded.history().into_iter().take(6).collect();
    let running = Execution::from_history_json(&json!({ "events": events }).to_string()).unwrap();
    assert_eq!(running.status(), ExecutionStatus::Running);
    let told = differences(&running, CHECK);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("the task of `Ship` has no recorded answer: "), "{told:?}");
}

#[test]
fn a_definition_that_is_none_is_refused_in_words() {
    let refused = Replayer::new("{}").unwrap_err().to_string();
    assert!(refused.starts_with("Invalid State Machine Definition: "), "{refused}");
}
