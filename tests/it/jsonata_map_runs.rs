//! Distributed Maps in JSONata: the fields that take expressions, and what becomes of those that fail.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

/// A machine whose Distributed Map has these fields, and hands its items on.
fn machine(sfn: &MockSfn, more: &str) -> StateMachineArn {
    static MACHINES: AtomicUsize = AtomicUsize::new(0);
    let definition = format!(
        r#"{{"QueryLanguage":"JSONata","StartAt":"Set","States":{{
            "Set":{{"Type":"Pass","Assign":{{"two":2,"none":0}},"Next":"Each"}},
            "Each":{{"Type":"Map","End":true,{more},"ItemProcessor":{{
                "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"Do",
                "States":{{"Do":{{"Type":"Pass","End":true}}}}}}}}}}}}"#
    );
    let name = format!("each{}", MACHINES.fetch_add(1, Ordering::Relaxed));
    sfn.state_machine(name).definition(definition).create()
}

async fn run(sfn: &MockSfn, more: &str, input: Value) -> Execution {
    let machine = machine(sfn, more);
    let arn = sfn.start_execution(&machine, input);
    sfn.execution(&arn).finished().await
}

/// Those of the events from the fifth on.
async fn types(sfn: &MockSfn, execution: &Execution) -> Vec<String> {
    let history = sfn.client().get_execution_history().execution_arn(execution.arn()).send().await.unwrap();
    history.events().iter().skip(4).map(|event| event.r#type().as_str().to_owned()).collect()
}

#[track_caller]
fn failed(execution: &Execution, cause: &str) {
    let cause =
        format!("An error occurred while executing the state 'Each' (entered at the event id #4). {cause}");
    execution.assert().failed_with("States.QueryEvaluationError").failed_because(cause.as_str());
}

#[tokio::test(start_paused = true)]
async fn items_and_their_selector_are_computed() {
    let sfn = MockSfn::new();
    let more = r#""Items":"{% $states.input.orders[total > $two] %}","ItemSelector":{
        "index":"{% $states.context.Map.Item.Index %}","id":"{% $states.context.Map.Item.Value.id %}","two":"{% $two %}"}"#;
    let input =
        json!({"orders": [{"id": "a", "total": 1}, {"id": "b", "total": 3}, {"id": "c", "total": 4}]});
    let expected = json!([{"index": 0, "id": "b", "two": 2}, {"index": 1, "id": "c", "two": 2}]);
    run(&sfn, more, input).await.assert().succeeded().output(expected);
}

#[tokio::test(start_paused = true)]
async fn the_members_of_an_object_are_items() {
    let sfn = MockSfn::new();
    let expected = json!([{"Key": "a", "Value": 1}, {"Key": "b", "Value": 2}]);
    run(&sfn, r#""Items":{"a":1,"b":"{% $two %}"}"#, json!(0))
        .await
        .assert()
        .succeeded()
        .output(expected.clone());
    let computed = r#""Items":"{% {'a': 1, 'b': $two} %}""#;
    run(&sfn, computed, json!(0)).await.assert().succeeded().output(expected.clone());
    run(&sfn, r#""MaxConcurrency":1"#, json!({"a": 1, "b": 2})).await.assert().succeeded().output(expected);
}

#[tokio::test(start_paused = true)]
async fn items_that_are_none_fail_the_map() {
    let sfn = MockSfn::new();
    let execution = run(&sfn, r#""Items":"{% $two %}""#, json!({})).await;
    failed(
        &execution,
        "The JSONata expression '$two' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 2",
    );
    failed(
        &run(&sfn, r#""MaxConcurrency":1"#, json!("x")).await,
        r#"Map state input must be an array but was: "x""#,
    );
}

#[tokio::test(start_paused = true)]
async fn numbers_and_batches_are_computed() {
    let sfn = MockSfn::new();
    let more = r#""MaxConcurrency":"{% $two %}","ToleratedFailureCount":"{% $two + 1 %}",
        "ToleratedFailurePercentage":"{% $two * 12.5 %}","ItemBatcher":{"MaxItemsPerBatch":"{% $two %}",
        "MaxInputBytesPerBatch":"{% $two * 1000 %}","BatchInput":{"of":"{% $states.input[0] %}"}}"#;
    let execution = run(&sfn, more, json!([1, 2, 3])).await;
    let expected =
        json!([{"BatchInput": {"of": 1}, "Items": [1, 2]}, {"BatchInput": {"of": 1}, "Items": [3]}]);
    execution.assert().succeeded().output(expected);
    let runs = sfn.execution(execution.arn()).map_runs();
    let client = sfn.client();
    let described = client.describe_map_run().map_run_arn(runs[0].arn()).send().await.unwrap();
    assert_eq!((described.max_concurrency(), described.tolerated_failure_count()), (2, 3));
    assert!((described.tolerated_failure_percentage() - 25.0).abs() < f32::EPSILON);
}

#[tokio::test(start_paused = true)]
async fn readers_and_writers_take_expressions() {
    let sfn = MockSfn::new();
    sfn.objects().put("in", "rows", "1,2\n3,4\n5,6\n");
    let more = r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
            "Arguments":{"Bucket":"{% $states.input.bucket %}","Key":"rows"},
            "ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":"{% $states.input.columns %}","MaxItems":"{% $two %}"}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"{% 'o' & 'ut' %}","Prefix":"p"},
            "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}}"#;
    let execution = run(&sfn, more, json!({"bucket": "in", "columns": ["a", "b"]})).await;
    execution.assert().succeeded();
    let written =
        sfn.objects().list("out").into_iter().find(|key| key.ends_with("SUCCEEDED_0.json")).unwrap();
    let rows = String::from_utf8(sfn.objects().get("out", &written).unwrap()).unwrap();
    let rows: Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows, json!([{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]));
}

#[tokio::test(start_paused = true)]
async fn expressions_that_fail_are_named_with_their_fields() {
    let sfn = MockSfn::new();
    let reader = |config: &str| {
        format!(
            r#""ItemReader":{{"Resource":"arn:aws:states:::s3:getObject","Arguments":{{"Bucket":"b","Key":"k"}},"ReaderConfig":{{"InputType":"JSON",{config}}}}}"#
        )
    };
    for (more, cause) in [
        (
            r#""MaxConcurrency":"{% 'x' %}""#.to_owned(),
            r#"The JSONata expression ''x'' specified for the field 'MaxConcurrency' returned an unexpected result type. Expected 'number', but was 'string' for value: "x""#,
        ),
        (
            r#""ToleratedFailureCount":"{% -1 %}""#.to_owned(),
            "The JSONata expression '-1' specified for the field 'ToleratedFailureCount' returned an unexpected result type. Expected 'non-negative integer', but was 'number' for value: -1",
        ),
        (
            r#""ToleratedFailurePercentage":"{% $gone %}""#.to_owned(),
            "The JSONata expression '$gone' specified for the field 'ToleratedFailurePercentage' returned nothing (undefined).",
        ),
        (
            r#""ItemBatcher":{"MaxItemsPerBatch":"{% true %}"}"#.to_owned(),
            "The JSONata expression 'true' specified for the field 'ItemBatcher/MaxItemsPerBatch' returned an unexpected result type. Expected 'number', but was 'boolean' for value: true",
        ),
        (
            reader(r#""MaxItems":"{% 1.5 %}""#),
            "The JSONata expression '1.5' specified for the field 'ItemReader/ReaderConfig/MaxItems' returned an unexpected result type. Expected 'integer', but was 'number' for value: 1.5",
        ),
        (
            r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"{% $gone %}"}}"#.to_owned(),
            "The JSONata expression '$gone' specified for the field 'ResultWriter/Arguments/Bucket' returned nothing (undefined).",
        ),
    ] {
        failed(&run(&sfn, &more, json!([1])).await, cause);
    }
}

#[tokio::test(start_paused = true)]
async fn a_percentage_beyond_100_and_a_negative_limit_fail_as_written_ones_do() {
    let sfn = MockSfn::new();
    let execution = run(&sfn, r#""ToleratedFailurePercentage":"{% 101 %}""#, json!([1])).await;
    execution.assert().failed_with("States.Runtime");
    sfn.objects().put("b", "k", "[1]");
    let reader = r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"b","Key":"k"},
        "ReaderConfig":{"InputType":"JSON","MaxItems":"{% -1 %}"}}"#;
    let execution = run(&sfn, reader, json!({})).await;
    execution
        .assert()
        .failed_with("States.ItemReaderFailed")
        .failed_because("field MaxItems must be positive");
}

#[tokio::test(start_paused = true)]
async fn a_failed_field_is_recorded_before_the_map_fails_and_a_selector_fails_its_run() {
    let sfn = MockSfn::new();
    let execution = run(&sfn, r#""ToleratedFailureCount":"{% $gone %}""#, json!([1])).await;
    assert_eq!(
        types(&sfn, &execution).await,
        ["MapStateStarted", "EvaluationFailed", "MapStateFailed", "ExecutionFailed"]
    );
    let execution = run(&sfn, r#""ItemSelector":{"a":"{% $gone %}"}"#, json!([1])).await;
    assert_eq!(
        types(&sfn, &execution).await,
        ["MapStateStarted", "MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]
    );
    failed(
        &execution,
        "The JSONata expression '$gone' specified for the field 'ItemSelector/a' returned nothing (undefined).",
    );
}

#[tokio::test(start_paused = true)]
async fn the_variables_of_all_fields_are_referenced() {
    let sfn = MockSfn::new();
    let machine = machine(
        &sfn,
        r#""MaxConcurrency":"{% $a %}","ToleratedFailureCount":"{% $b %}","ToleratedFailurePercentage":"{% $c %}",
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Arguments":{"Bucket":"{% $d %}","Key":"k"},
            "ReaderConfig":{"InputType":"CSV","MaxItems":"{% $e %}","CSVHeaders":"{% $f %}"}},
        "ItemBatcher":{"MaxItemsPerBatch":"{% $g %}","MaxInputBytesPerBatch":"{% $h %}","BatchInput":"{% $i %}"},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"{% $j %}"}}"#,
    );
    let described =
        sfn.client().describe_state_machine().state_machine_arn(machine.as_str()).send().await.unwrap();
    let mut names = described.variable_references.unwrap()["Each"].clone();
    names.sort();
    assert_eq!(names.concat(), "abcdefghij");
}
