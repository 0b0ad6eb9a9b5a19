//! Map Runs that failed and go on when their execution is redriven.

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionRedriveFilter;
use sfn_testkit::prelude::*;

use super::describe;

/// A machine `orders` with the Distributed Map `Each`, whose fields are `more`, over executions of this kind that have
/// these states.
fn orders(sfn: &MockSfn, kind: &str, more: &str, states: &str) -> StateMachineArn {
    let definition = format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","End":true,"Label":"L",{more}"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{kind}"}},"StartAt":"Do","States":{states}}}}}}}}}"#
    );
    sfn.state_machine("orders").definition(definition).create()
}

const TASK: &str =
    r#"{"Do":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}"#;
const TWO_STEPS: &str = r#"{"Do":{"Type":"Pass","Next":"Pay"},"Pay":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","End":true}}"#;
const WAIT: &str = r#"{"Do":{"Type":"Wait","Seconds":60,"End":true}}"#;

async fn redrive(sfn: &MockSfn, arn: &str) {
    sfn.client().redrive_execution().execution_arn(arn).send().await.unwrap();
}

async fn events(sfn: &MockSfn, arn: &str) -> Vec<String> {
    let history = sfn.client().get_execution_history().execution_arn(arn).send().await.unwrap();
    let line = |event: &aws_sdk_sfn::types::HistoryEvent| {
        format!("{}<{} {}", event.id(), event.previous_event_id(), event.r#type().as_str())
    };
    history.events().iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn the_same_map_run_goes_on_and_only_unsuccessful_executions_run_again() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, "STANDARD", "", TWO_STEPS);
    sfn.on_state("Pay").answers(|call| call.input.clone());
    sfn.on_state("Pay").in_iteration(1).fails("Boom", "").times(1);
    sfn.on_state("Pay").in_iteration(2).never_answers().times(1);
    let arn = sfn.start_execution(&machine, json!([10, 20, 30]));
    sfn.execution(&arn).finished().await.assert().failed_with("States.ExceedToleratedFailureThreshold");
    let before = sfn.execution(&arn).map_runs();
    tokio::time::advance(Duration::from_secs(3600)).await;

    redrive(&sfn, &arn).await;
    let execution = sfn.execution(&arn).finished().await;
    execution.assert().succeeded().output(json!([10, 20, 30]));
    assert_eq!(
        events(&sfn, &arn).await[3..],
        [
            "4<3 MapRunStarted",
            "5<4 MapRunFailed",
            "6<5 MapStateFailed",
            "7<6 ExecutionFailed",
            "8<7 ExecutionRedriven",
            "9<8 MapRunRedriven",
            "10<9 MapRunSucceeded",
            "11<10 MapStateSucceeded",
            "12<9 MapStateExited",
            "13<12 ExecutionSucceeded",
        ]
    );
    let runs = sfn.execution(&arn).map_runs();
    let [run] = &*runs else { panic!("{runs:?}") };
    assert_eq!((run.arn(), run.redrive_count()), (before[0].arn(), 1));
    assert_eq!((run.status(), run.items().succeeded, run.items().failed), (MapRunStatus::Succeeded, 3, 0));
    let counts: Vec<_> = run.children().iter().map(|child| child.now().redrive_count()).collect();
    assert_eq!(counts, [0, 1, 1]);
    let child = &run.children()[1];
    assert_eq!(child.arn(), before[0].children()[1].arn());
    child.now().assert().succeeded().visited_exactly(["Do", "Pay"]).state("Pay", |pay| pay.attempts(2));
    let described = describe(&sfn, child.arn()).await;
    assert_eq!((described.redrive_count(), described.redrive_date().is_some()), (Some(1), true));
    let narrative = execution.narrative();
    assert!(narrative.contains("map run `L` redriven"), "{narrative}");
}

#[tokio::test(start_paused = true)]
async fn a_map_run_is_described_with_its_redrives() {
    let sfn = MockSfn::new();
    let more = r#""MaxConcurrency":1,"ToleratedFailureCount":1,"#;
    let machine = orders(&sfn, "STANDARD", more, TASK);
    sfn.on_state("Do").fails("Boom", "").times(2).then().returns("fine").after("1m");
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn).finished().await.assert().failed();
    let client = sfn.client();
    let run = sfn.execution(&arn).map_runs()[0].arn().to_owned();
    tokio::time::advance(Duration::from_secs(10)).await;
    redrive(&sfn, &arn).await;

    let described = client.describe_map_run().map_run_arn(&run).send().await.unwrap();
    assert_eq!((described.status().as_str(), described.redrive_count()), ("RUNNING", Some(1)));
    let execution = describe(&sfn, &arn).await;
    assert_eq!(described.redrive_date(), execution.redrive_date());
    assert_eq!(described.stop_date(), None);
    let counts = described.item_counts().unwrap();
    assert_eq!((counts.running(), counts.pending_redrive(), counts.pending()), (1, Some(1), 1));
    assert_eq!((counts.failed(), counts.total(), counts.failures_not_redrivable()), (0, 3, Some(0)));
    let listed = client.list_executions().map_run_arn(&run).status_filter("PENDING_REDRIVE".into());
    let listed = listed.send().await.unwrap();
    let [pending] = listed.executions() else { panic!("{listed:?}") };
    assert_eq!(pending.status().as_str(), "PENDING_REDRIVE");
    assert_eq!(describe(&sfn, pending.execution_arn()).await.status().as_str(), "PENDING_REDRIVE");
    let redriven =
        client.list_executions().map_run_arn(&run).redrive_filter(ExecutionRedriveFilter::Redriven);
    assert_eq!(redriven.send().await.unwrap().executions()[0].status().as_str(), "RUNNING");

    sfn.execution(&arn).finished().await.assert().succeeded().output(json!(["fine", "fine", "fine"]));
    let all = client.list_executions().map_run_arn(&run);
    let others = all.redrive_filter(ExecutionRedriveFilter::NotRedriven).send().await.unwrap();
    assert_eq!(others.executions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn express_executions_start_anew_under_the_same_name() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, "EXPRESS", "", TWO_STEPS);
    sfn.on_state("Pay").fails("Boom", "").times(1).then().answers(|call| call.input.clone());
    let arn = sfn.start_execution(&machine, json!([10, 20]));
    sfn.execution(&arn).finished().await.assert().failed();
    let before = sfn.execution(&arn).map_runs()[0].children();
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([10, 20]));
    let run = &sfn.execution(&arn).map_runs()[0];
    let after = run.children();
    assert_ne!(before[0].arn(), after[0].arn());
    let name = |arn: &str| arn.split(':').nth(7).unwrap().to_owned();
    assert_eq!(name(before[0].arn()), name(after[0].arn()));
    after[0].now().assert().succeeded().visited_exactly(["Do", "Pay"]);
    assert_eq!((after[0].now().redrive_count(), run.redrive_count(), run.executions().total), (0, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_map_run_that_was_aborted_goes_on_too() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, "STANDARD", r#""MaxConcurrency":2,"#, WAIT);
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    tokio::time::advance(Duration::from_secs(30)).await;
    sfn.client().stop_execution().execution_arn(&arn).send().await.unwrap();
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!((run.status(), run.items().aborted, run.items().pending), (MapRunStatus::Aborted, 2, 1));
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([1, 2, 3])).lasted("2m30s");
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!((run.status(), run.items().succeeded, run.items().aborted), (MapRunStatus::Succeeded, 3, 0));
}

#[tokio::test(start_paused = true)]
async fn items_that_could_not_be_read_are_read_again() {
    let sfn = MockSfn::new();
    let reader = r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},
        "Parameters":{"Bucket":"b","Key":"k"}},"#;
    let machine = orders(&sfn, "STANDARD", reader, TASK);
    sfn.on_state("Do").answers(|call| call.input.clone());
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().failed_with("States.ItemReaderFailed");
    sfn.objects().put("b", "k", "[1,2]");
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([1, 2]));
    assert_eq!(sfn.execution(&arn).map_runs().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_map_run_starts_where_inputs_could_not_be_made() {
    let sfn = MockSfn::new();
    let more = r#""ItemSelector":{"a.$":"$$.Map.Item.Value.a","t.$":"$$.Execution.RedriveTime"},"#;
    let machine = orders(&sfn, "STANDARD", more, TASK);
    sfn.on_state("Do").answers(|call| call.input["a"].clone());
    let arn = sfn.start_execution(&machine, json!([{"a": 1}]));
    sfn.execution(&arn).finished().await.assert().failed_with("States.Runtime");
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([1]));
    let statuses: Vec<_> = sfn.execution(&arn).map_runs().iter().map(sfn_testkit::MapRun::status).collect();
    assert_eq!(statuses, [MapRunStatus::Failed, MapRunStatus::Succeeded]);
    let events = events(&sfn, &arn).await;
    assert!(!events.iter().any(|event| event.ends_with("MapRunRedriven")), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn map_runs_within_executions_of_map_runs_go_on() {
    let sfn = MockSfn::new();
    let inner = format!(
        r#"{{"Do":{{"Type":"Map","End":true,"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"In","States":{}}}}}}}"#,
        TASK.replace("Do", "In")
    );
    let machine = orders(&sfn, "STANDARD", "", &inner);
    sfn.on_state("In").answers(|call| call.input.clone());
    sfn.on_state("In").when(|call| call.input == json!(2)).fails("Boom", "").times(1);
    let arn = sfn.start_execution(&machine, json!([[1, 2], [3]]));
    sfn.execution(&arn).finished().await.assert().failed();
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([[1, 2], [3]]));
    let outer = &sfn.execution(&arn).map_runs()[0];
    let inner = &outer.children()[0].map_runs()[0];
    assert_eq!((outer.redrive_count(), inner.redrive_count(), inner.items().succeeded), (1, 1, 2));
}

#[tokio::test(start_paused = true)]
async fn results_are_written_again_with_what_has_succeeded_since() {
    let sfn = MockSfn::new();
    let writer =
        r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out"}},"#;
    let machine = orders(&sfn, "STANDARD", writer, TASK);
    sfn.on_state("Do").fails("Boom", "").times(1).then().returns("fine");
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().failed();
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded();
    let succeeded =
        sfn.objects().list("out").into_iter().find(|key| key.ends_with("SUCCEEDED_0.json")).unwrap();
    let rows = String::from_utf8(sfn.objects().get("out", &succeeded).unwrap()).unwrap();
    assert!(rows.contains(r#""RedriveCount":1"#), "{rows}");
}

#[tokio::test(start_paused = true)]
async fn a_child_alone_is_not_redriven() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, "STANDARD", "", TASK);
    sfn.on_state("Do").fails("Boom", "");
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().failed();
    let run = &sfn.execution(&arn).map_runs()[0];
    let child = run.children()[0].arn().to_owned();
    let refusal = sfn.client().redrive_execution().execution_arn(child).send().await.unwrap_err();
    let expected = format!("Execution can only be redriven with its Map Run '{}'", run.arn());
    assert_eq!(refusal.into_service_error().meta().message(), Some(&*expected));
}

#[tokio::test(start_paused = true)]
async fn skipped_time_is_shared_after_a_redrive_too() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let states = r#"{"Do":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:work","Next":"Rest"},
        "Rest":{"Type":"Wait","Seconds":600,"End":true}}"#;
    let machine = orders(&sfn, "STANDARD", r#""MaxConcurrency":1,"#, states);
    sfn.on_state("Do").returns(1);
    sfn.on_state("Do").in_iteration(1).fails("Boom", "").times(1);
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn).finished().await.assert().failed().lasted("10m");
    redrive(&sfn, &arn).await;
    sfn.execution(&arn).finished().await.assert().succeeded();
    let children = sfn.execution(&arn).map_runs()[0].children();
    children[1].now().assert().lasted("10m");
    children[2].now().assert().lasted("10m");
}
