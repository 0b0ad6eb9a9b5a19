//! Distributed Maps: their executions, their Map Runs, and the operations that show these.

use std::time::Duration;

use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sfn::operation::update_map_run::UpdateMapRunError;
use sfn_testkit::prelude::*;

/// A machine `orders` with the Distributed Map `Each`, whose fields are `more` and whose processor has these states.
fn orders(sfn: &MockSfn, more: &str, states: &str) -> StateMachineArn {
    sfn.state_machine("orders").definition(definition("STANDARD", more, states)).create()
}

fn definition(kind: &str, more: &str, states: &str) -> String {
    format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","End":true,{more}"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{kind}"}},"StartAt":"Do","States":{states}}}}}}}}}"#
    )
}

const PASS: &str = r#"{"Do":{"Type":"Pass","End":true}}"#;
const TASK: &str =
    r#"{"Do":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}"#;
const WAIT: &str = r#"{"Do":{"Type":"Wait","Seconds":60,"End":true}}"#;

async fn events(sfn: &MockSfn, arn: &str) -> Vec<String> {
    let history = sfn.client().get_execution_history().execution_arn(arn).send().await.unwrap();
    history
        .events()
        .iter()
        .map(|event| format!("{}<{} {}", event.id(), event.previous_event_id(), event.r#type().as_str()))
        .collect()
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    format!("{}: {}", error.code().unwrap_or_default(), error.message().unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn each_item_is_an_execution_and_the_outputs_come_in_their_order() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""Label":"L","#, TASK);
    sfn.on_state("Do").answers(|call| json!(call.input["n"].as_i64().unwrap() * 10));
    let arn = sfn.start_execution(&machine, json!([{"n": 1}, {"n": 2}]));
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([10, 20]));
    assert_eq!(
        events(&sfn, &arn).await,
        [
            "1<0 ExecutionStarted",
            "2<0 MapStateEntered",
            "3<2 MapStateStarted",
            "4<3 MapRunStarted",
            "5<4 MapRunSucceeded",
            "6<5 MapStateSucceeded",
            "7<4 MapStateExited",
            "8<7 ExecutionSucceeded",
        ]
    );
    let runs = sfn.execution(&arn).map_runs();
    let child = &runs[0].children()[1];
    let prefix = "arn:aws:states:us-east-1:123456789012:execution:orders/L:";
    assert!(child.arn().starts_with(prefix), "{}", child.arn());
    child.now().assert().succeeded().output(20).visited_exactly(["Do"]);

    let described = sfn.client().describe_execution().execution_arn(child.arn()).send().await.unwrap();
    assert_eq!(described.map_run_arn(), Some(runs[0].arn()));
    assert_eq!(described.state_machine_arn(), format!("{machine}/L"));
    assert_eq!(described.input(), Some(r#"{"n":2}"#));
    let history = sfn.client().get_execution_history().execution_arn(child.arn()).send().await.unwrap();
    let started = history.events()[0].execution_started_event_details().unwrap();
    assert_eq!(started.input(), Some(r#"{"n":2}"#));
    let machine_of_child =
        sfn.client().describe_state_machine_for_execution().execution_arn(child.arn()).send().await.unwrap();
    assert_eq!((machine_of_child.label(), machine_of_child.map_run_arn()), (Some("L"), Some(runs[0].arn())));
    assert!(machine_of_child.definition().starts_with(r#"{"ProcessorConfig":{"Mode":"DISTRIBUTED""#));
    assert_eq!(child.now().definition(), Some(machine_of_child.definition()));
    let whole = definition("STANDARD", r#""Label":"L","#, TASK);
    assert_eq!(sfn.execution(&arn).now().definition(), Some(&*whole));
}

#[tokio::test(start_paused = true)]
async fn a_map_run_is_listed_and_described_with_its_counts() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""Label":"L","MaxConcurrency":1,"ToleratedFailureCount":5,"#, WAIT);
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    let client = sfn.client();
    let listed = client.list_map_runs().execution_arn(&arn).send().await.unwrap();
    let [run] = listed.map_runs() else { panic!("{listed:?}") };
    assert_eq!((run.execution_arn(), run.state_machine_arn()), (&*arn, &*format!("{machine}/L")));
    let run_arn = run.map_run_arn();
    let described = client.describe_map_run().map_run_arn(run_arn).send().await.unwrap();
    let counts = described.item_counts().unwrap();
    assert_eq!((counts.pending(), counts.running(), counts.total()), (2, 1, 3));
    assert_eq!((described.status().as_str(), described.max_concurrency()), ("RUNNING", 1));
    assert_eq!(described.tolerated_failure_count(), 5);

    sfn.execution(&arn).finished().await.assert().succeeded().lasted("3m");
    let described = client.describe_map_run().map_run_arn(run_arn).send().await.unwrap();
    let (items, executions) = (described.item_counts().unwrap(), described.execution_counts().unwrap());
    assert_eq!((items.succeeded(), items.results_written(), items.running()), (3, 3, 0));
    assert_eq!((executions.succeeded(), executions.total()), (3, 3));
    assert_eq!(described.status().as_str(), "SUCCEEDED");
    assert_eq!(described.stop_date().unwrap().secs() - described.start_date().secs(), 180);
    let unknown = client.describe_map_run().map_run_arn(format!("{run_arn}x")).send().await.unwrap_err();
    assert_eq!(code(&unknown), format!("ResourceNotFound: Resource not found: '{run_arn}x'"));
}

#[tokio::test(start_paused = true)]
async fn the_executions_of_a_map_run_are_listed_by_its_arn_and_not_by_the_machine() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""ItemBatcher":{"MaxItemsPerBatch":2},"#, PASS);
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn)
        .finished()
        .await
        .assert()
        .succeeded()
        .output(json!([{"Items": [1, 2]}, {"Items": [3]}]));
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!((run.items().succeeded, run.executions().succeeded), (3, 2));
    let client = sfn.client();
    let listed = client.list_executions().map_run_arn(run.arn()).send().await.unwrap();
    let items: Vec<_> =
        listed.executions().iter().map(|item| (item.map_run_arn(), item.item_count())).collect();
    assert_eq!(items, [(Some(run.arn()), Some(1)), (Some(run.arn()), Some(2))]);
    let pending = client.list_executions().map_run_arn(run.arn()).status_filter("PENDING_REDRIVE".into());
    assert!(pending.send().await.unwrap().executions().is_empty());
    let of_machine = client.list_executions().state_machine_arn(machine.as_ref()).send().await.unwrap();
    assert_eq!(of_machine.executions().len(), 1);
    assert_eq!(of_machine.executions()[0].item_count(), None);
}

#[tokio::test(start_paused = true)]
async fn too_many_failures_fail_the_run_and_stop_the_others() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""MaxConcurrency":2,"#, TASK);
    sfn.on_state("Do").fails("Boom", "broke").times(1).then().returns(0).after("1h");
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn)
        .finished()
        .await
        .assert()
        .failed_with("States.ExceedToleratedFailureThreshold")
        .failed_because("The specified tolerated failure threshold was exceeded");
    let expected = ["4<3 MapRunStarted", "5<4 MapRunFailed", "6<5 MapStateFailed", "7<6 ExecutionFailed"];
    assert_eq!(events(&sfn, &arn).await[3..], expected);
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!(run.status(), MapRunStatus::Failed);
    let items = run.items();
    assert_eq!((items.failed, items.aborted, items.pending, items.total), (1, 1, 1, 3));
    run.children()[1].now().assert().aborted();
}

#[tokio::test(start_paused = true)]
async fn failures_are_tolerated_by_count_and_by_percentage() {
    for (tolerance, succeeds) in [
        (r#""ToleratedFailureCount":2,"#, true),
        (r#""ToleratedFailureCount":1,"#, false),
        (r#""ToleratedFailurePercentage":50,"#, true),
        (r#""ToleratedFailurePercentage":49.9,"#, false),
        (r#""ToleratedFailureCount":4,"ToleratedFailurePercentage":10,"#, false),
    ] {
        let sfn = MockSfn::new();
        let machine = orders(&sfn, tolerance, TASK);
        sfn.on_state("Do").fails("Boom", "").times(2).then().returns("fine");
        let arn = sfn.start_execution(&machine, json!([1, 2, 3, 4]));
        let execution = sfn.execution(&arn).finished().await;
        if succeeds {
            execution.assert().succeeded().output(json!(["fine", "fine"]));
        } else {
            execution.assert().failed_with("States.ExceedToleratedFailureThreshold");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_retried_map_makes_a_new_map_run() {
    let sfn = MockSfn::new();
    let retry = r#""Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":5}],"#;
    let machine = orders(&sfn, retry, TASK);
    sfn.on_state("Do").fails("Boom", "").times(1).then().returns("fine");
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().succeeded().lasted("5s").state("Each", |s| s.attempts(2));
    let statuses: Vec<_> = sfn.execution(&arn).map_runs().iter().map(sfn_testkit::MapRun::status).collect();
    assert_eq!(statuses, [MapRunStatus::Failed, MapRunStatus::Succeeded]);
    assert_eq!(
        events(&sfn, &arn).await[4..7],
        ["5<4 MapRunFailed", "6<5 MapStateStarted", "7<6 MapRunStarted"]
    );
}

#[tokio::test(start_paused = true)]
async fn stopping_the_execution_stops_its_children() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, "", WAIT);
    let arn = sfn.start_execution(&machine, json!([1, 2]));
    sfn.client().stop_execution().execution_arn(&arn).send().await.unwrap();
    let expected = ["4<3 MapRunStarted", "5<4 MapRunAborted", "6<0 ExecutionAborted"];
    assert_eq!(events(&sfn, &arn).await[3..], expected);
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!((run.status(), run.items().aborted), (MapRunStatus::Aborted, 2));
    run.children()[0].now().assert().aborted();
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_of_the_machine_holds_for_its_map_runs() {
    let sfn = MockSfn::new();
    let text = definition("STANDARD", "", WAIT).replacen('{', r#"{"TimeoutSeconds":30,"#, 1);
    let machine = sfn.state_machine("orders").definition(text).create();
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().timed_out().lasted("30s");
    assert_eq!(events(&sfn, &arn).await[4..], ["5<4 MapRunAborted", "6<0 ExecutionTimedOut"]);
    assert_eq!(sfn.execution(&arn).map_runs()[0].status(), MapRunStatus::Aborted);
}

#[tokio::test(start_paused = true)]
async fn a_running_map_run_can_be_updated_and_an_ended_one_cannot() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""MaxConcurrency":1,"#, WAIT);
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    let client = sfn.client();
    let run = sfn.execution(&arn).map_runs()[0].arn().to_owned();
    let nothing = client.update_map_run().map_run_arn(&run).send().await.unwrap_err();
    assert_eq!(
        nothing.into_service_error().to_string(),
        "ValidationException: At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage must be specified"
    );
    client.update_map_run().map_run_arn(&run).max_concurrency(0).send().await.unwrap();
    assert_eq!(sfn.execution(&arn).map_runs()[0].items().running, 3);
    sfn.execution(&arn).finished().await.assert().succeeded().lasted("1m");
    let ended = client.update_map_run().map_run_arn(&run).max_concurrency(1).send().await.unwrap_err();
    let UpdateMapRunError::ValidationException(ended) = ended.into_service_error() else { panic!() };
    assert_eq!(ended.reason().map(|reason| reason.as_str()), Some("CANNOT_UPDATE_COMPLETED_MAP_RUN"));
}

#[tokio::test(start_paused = true)]
async fn express_children_have_express_arns_and_can_be_described() {
    let sfn = MockSfn::new();
    let machine =
        sfn.state_machine("orders").definition(definition("EXPRESS", r#""Label":"L","#, PASS)).create();
    let arn = sfn.start_execution(&machine, json!({"a": 1}));
    let object = json!([{"Key": "a", "Value": 1}]);
    sfn.execution(&arn).finished().await.assert().succeeded().output(object);
    let run = &sfn.execution(&arn).map_runs()[0];
    let child = &run.children()[0];
    assert!(
        child.arn().starts_with("arn:aws:states:us-east-1:123456789012:express:orders/L:"),
        "{}",
        child.arn()
    );
    let described = sfn.client().describe_execution().execution_arn(child.arn()).send().await.unwrap();
    assert_eq!(described.output(), Some(r#"{"Key":"a","Value":1}"#));
    assert!(sfn.client().get_execution_history().execution_arn(child.arn()).send().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn distributed_maps_nest() {
    let sfn = MockSfn::new();
    let inner = format!(
        r#"{{"Do":{{"Type":"Map","End":true,"ItemSelector":{{"n.$":"$$.Map.Item.Value","of.$":"$$.Execution.Name"}},
            "ResultSelector":{{"n.$":"$[*].n"}},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}},"StartAt":"In","States":{}}}}}}}"#,
        PASS.replace("Do", "In")
    );
    let machine = orders(&sfn, "", &inner);
    let arn = sfn.start_execution(&machine, json!([[1, 2], [3]]));
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([{"n": [1, 2]}, {"n": [3]}]));
    let outer = &sfn.execution(&arn).map_runs()[0];
    let inner = &outer.children()[0].map_runs()[0];
    assert_eq!(inner.items().succeeded, 2);
    assert!(inner.arn().starts_with("arn:aws:states:us-east-1:123456789012:mapRun:orders/"));
}

#[tokio::test(start_paused = true)]
async fn a_labelled_arn_describes_the_processor() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""Label":"L","#, PASS);
    let client = sfn.client();
    let described =
        client.describe_state_machine().state_machine_arn(format!("{machine}/L")).send().await.unwrap();
    assert_eq!((described.label(), described.state_machine_arn()), (Some("L"), &*format!("{machine}/L")));
    assert!(described.definition().contains(r#""StartAt":"Do""#) && !described.definition().contains("Each"));
    let unknown =
        client.describe_state_machine().state_machine_arn(format!("{machine}/M")).send().await.unwrap_err();
    assert_eq!(
        code(&unknown),
        format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{machine}/M'")
    );
}

#[tokio::test(start_paused = true)]
async fn waits_of_children_take_the_time_of_their_parent_in_every_time_mode() {
    for time in [Time::Tokio, Time::skip()] {
        let sfn = MockSfn::builder().time(time).build();
        let text = r#"{"StartAt":"Before","States":{
            "Before":{"Type":"Wait","Seconds":3600,"Next":"Each"},
            "Each":{"Type":"Map","MaxConcurrency":1,"Next":"After","ItemProcessor":{
                "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Do",
                "States":{"Do":{"Type":"Wait","Seconds":60,"End":true}}}},
            "After":{"Type":"Wait","Seconds":3600,"End":true}}}"#;
        let machine = sfn.state_machine("orders").definition(text).create();
        let arn = sfn.start_execution(&machine, json!([1, 2]));
        sfn.execution(&arn).finished().await.assert().succeeded().lasted(Duration::from_secs(7320));
        let children = sfn.execution(&arn).map_runs()[0].children();
        children[1].now().assert().lasted("60s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_skipped_time_limit_comes_before_a_longer_wait_of_a_child() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let text = definition("STANDARD", "", WAIT).replacen('{', r#"{"TimeoutSeconds":30,"#, 1);
    let machine = sfn.state_machine("orders").definition(text).create();
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().timed_out().lasted("30s");
}

#[tokio::test(start_paused = true)]
async fn a_callback_in_a_child_is_not_skipped_past_by_the_parents_time_limit() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let states = r#"{"Do":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true,
        "Parameters":{"MessageBody.$":"$$.Task.Token"}}}"#;
    let machine = orders(&sfn, "", states);
    sfn.on_state("Do").waits_for_token();
    let arn = sfn.start_execution(&machine, json!([1]));
    let callback = sfn.callback("Do").await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(sfn.execution(&arn).is_running());
    sfn.client().send_task_success().task_token(callback.token()).output("7").send().await.unwrap();
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!([7]));
}

#[tokio::test(start_paused = true)]
async fn whoever_answers_a_child_holds_back_the_time_limit_of_its_parent() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let states = r#"{"Do":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Next":"Rest"},
        "Rest":{"Type":"Wait","Seconds":60,"End":true}}"#;
    let text = definition("STANDARD", "", states).replacen('{', r#"{"TimeoutSeconds":600,"#, 1);
    let machine = sfn.state_machine("orders").definition(text).create();
    sfn.on_state("Do").waits_for_token();
    let arn = sfn.start_execution(&machine, json!([1]));
    let callback = sfn.callback("Do").await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    sfn.client().send_task_success().task_token(callback.token()).output("7").send().await.unwrap();
    sfn.execution(&arn).finished().await.assert().succeeded().lasted("70s");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_given_up_as_it_is_asked_for_starts_nothing() {
    let sfn = MockSfn::new();
    let map = definition("STANDARD", "", PASS);
    let text = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,"Branches":[
            {map},{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Next":"F"}},"F":{{"Type":"Fail","Error":"No"}}}}}}]}}}}}}"#
    );
    let machine = sfn.state_machine("orders").definition(text).create();
    let arn = sfn.start_execution(&machine, json!([1]));
    sfn.execution(&arn).finished().await.assert().failed_with("No");
    let run = &sfn.execution(&arn).map_runs()[0];
    assert_eq!((run.status(), run.children().len()), (MapRunStatus::Aborted, 0));
}

#[tokio::test(start_paused = true)]
async fn mocks_see_which_child_execution_they_answer() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""ToleratedFailureCount":1,"#, TASK);
    sfn.on_state("Do").returns("fine");
    sfn.on_state("Do").in_iteration(1).fails("Boom", "");
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!(["fine", "fine"]));
    sfn.execution(&arn).map_runs()[0].children()[1].now().assert().failed_with("Boom");
}

#[tokio::test(start_paused = true)]
async fn a_mock_config_file_answers_children_and_counts_on() {
    let sfn = MockSfn::new();
    let machine = orders(&sfn, r#""MaxConcurrency":1,"#, TASK);
    sfn.mock_config_text(
        r#"{"StateMachines":{"orders":{"TestCases":{"Case":{"Do":"Answers"}}}},
            "MockedResponses":{"Answers":{"0":{"Return":"first"},"1":{"Return":"second"}}}}"#,
    );
    let arn = sfn.start_execution(format!("{machine}#Case"), json!([1, 2]));
    sfn.execution(&arn).finished().await.assert().succeeded().output(json!(["first", "second"]));
}
