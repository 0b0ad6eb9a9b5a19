//! Where the items of a Distributed Map come from, how they are put together, and where their results go.

use sfn_testkit::prelude::*;

/// Runs the Distributed Map `Each` with these fields, whose executions hand their input on.
async fn run(sfn: &MockSfn, fields: &str, input: serde_json::Value) -> Execution {
    let definition = format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","Label":"L","End":true,{fields},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},
            "StartAt":"Do","States":{{"Do":{{"Type":"Pass","End":true}}}}}}}}}}}}"#
    );
    let machine = sfn.state_machine("m").definition(definition).create();
    let arn = sfn.start_execution(&machine, input);
    sfn.execution(&arn).finished().await
}

fn reader(action: &str, config: &str, parameters: &str) -> String {
    format!(
        r#""ItemReader":{{"Resource":"arn:aws:states:::s3:{action}","ReaderConfig":{{{config}}},"Parameters":{{{parameters}}}}}"#
    )
}

const FILE: &str = r#""Bucket":"b","Key.$":"$.key""#;

/// Reads the file `f` with this text.
async fn read(config: &str, text: &str) -> Execution {
    let sfn = MockSfn::new();
    sfn.objects().put("b", "f", text);
    run(&sfn, &reader("getObject", config, FILE), json!({"key": "f"})).await
}

#[tokio::test(start_paused = true)]
async fn files_of_each_type_are_read() {
    let items = json!([{"a": "1"}, {"a": "2"}]);
    let csv = r#""InputType":"CSV","CSVHeaderLocation":"FIRST_ROW""#;
    read(csv, "a\n1\n2\n").await.assert().succeeded().output(items.clone());
    let given = r#""InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"],"CSVDelimiter":"PIPE""#;
    read(given, "1|x\n2|y").await.assert().succeeded().output(items.clone());
    read(r#""InputType":"JSON""#, r#"[{"a":"1"},{"a":"2"}]"#)
        .await
        .assert()
        .succeeded()
        .output(items.clone());
    read(r#""InputType":"JSONL""#, "{\"a\":\"1\"}\n{\"a\":\"2\"}\n").await.assert().output(items.clone());
    let pointer = r#""InputType":"JSON","ItemsPointer":"/rows""#;
    read(pointer, r#"{"rows":[{"a":"1"},{"a":"2"}]}"#).await.assert().succeeded().output(items);
    read(pointer, r#"{"rows":{"k":1}}"#).await.assert().output(json!([{"Key": "k", "Value": 1}]));
    read(r#""InputType":"JSON","MaxItems":1"#, "[1,2,3]").await.assert().succeeded().output(json!([1]));
    read(r#""InputType":"JSON","MaxItems":0"#, "[1,2,3]").await.assert().succeeded().output(json!([1, 2, 3]));
}

#[tokio::test(start_paused = true)]
async fn compressed_files_are_read_as_what_they_hold() {
    // printf '[1,2]' | gzip -n
    let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 139, 54, 212, 49, 138, 5, 0, 191, 80, 139, 8, 5, 0, 0, 0_u8];
    let sfn = MockSfn::new();
    sfn.objects().put("b", "f", gzip);
    let read = reader("getObject", r#""InputType":"JSON""#, FILE);
    run(&sfn, &read, json!({"key": "f"})).await.assert().succeeded().output(json!([1, 2]));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_fails_the_map_run() {
    let failed = |execution: Execution, cause: &str| {
        execution.assert().failed_with("States.ItemReaderFailed").failed_because(cause);
    };
    failed(read(r#""InputType":"JSON""#, r#"{"a":1}"#).await, "Attempting to map over non-iterable node.");
    failed(read(r#""InputType":"JSON","MaxItems":-1"#, "[1]").await, "field MaxItems must be positive");
    let csv = r#""InputType":"CSV","CSVHeaderLocation":"FIRST_ROW""#;
    failed(read(csv, "a,a\n1,2").await, "CSV headers cannot contain duplicates.");
    let sfn = MockSfn::new();
    let execution = run(&sfn, &reader("getObject", "", FILE), json!({"key": "f"})).await;
    failed(
        execution,
        "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket). sfn-testkit reads objects from its own store: put it there with sfn.objects().put(\"b\", \"f\", …)",
    );
    sfn.objects().put("b", "g", "");
    let gone = run(&MockSfn::new(), &reader("getObject", "", r#""Key":"f""#), json!({})).await;
    failed(gone, "The parameters of the ItemReader name no Bucket.");
}

#[tokio::test(start_paused = true)]
async fn a_bucket_is_listed_with_what_s3_says_of_its_objects() {
    let sfn = MockSfn::new();
    sfn.objects().put("b", "in/1", "one");
    sfn.objects().put("b", "in/2", "[7]");
    sfn.objects().put("b", "out/3", "three");
    let listing = reader("listObjectsV2", "", r#""Bucket":"b","Prefix":"in/""#);
    run(&sfn, &listing, json!({})).await.assert().succeeded().output(json!([
        {"Etag": "\"f97c5d29941bfb1b2fdab0874906ab82\"", "Key": "in/1", "LastModified": 1_704_067_200,
            "Size": 3, "StorageClass": "STANDARD"},
        includes(json!({"Key": "in/2", "Size": 3})),
    ]));
}

#[tokio::test(start_paused = true)]
async fn the_files_of_a_listing_can_be_read_as_one() {
    let sfn = MockSfn::new();
    sfn.objects().put("b", "in/1", "[1,2]");
    sfn.objects().put("b", "in/2", "[3]");
    let config = r#""InputType":"JSON","Transformation":"LOAD_AND_FLATTEN""#;
    let listing = reader("listObjectsV2", config, r#""Bucket":"b","Prefix":"in/""#);
    run(&sfn, &listing, json!({})).await.assert().succeeded().output(json!([1, 2, 3]));
}

#[tokio::test(start_paused = true)]
async fn manifests_lead_to_the_files_with_the_items() {
    let sfn = MockSfn::new();
    let inventory = json!({
        "destinationBucket": "arn:aws:s3:::b", "fileSchema": "Bucket, Key, Size",
        "files": [{"key": "data/1.csv"}, {"key": "data/2.csv"}],
    });
    sfn.objects().put("b", "f", inventory.to_string());
    sfn.objects().put("b", "data/1.csv", "\"x\",\"k1\",\"5\"\n");
    sfn.objects().put("b", "data/2.csv", "\"x\",\"k2\",\"6\"\n");
    let config = r#""InputType":"MANIFEST""#;
    run(&sfn, &reader("getObject", config, FILE), json!({"key": "f"})).await.assert().succeeded().output(
        json!([
            {"Bucket": "x", "Key": "k1", "Size": "5"},
            {"Bucket": "x", "Key": "k2", "Size": "6"},
        ]),
    );

    let sfn = MockSfn::new();
    sfn.objects().put("b", "f", "s3://b/rows/1\ns3://b/rows/2\n");
    sfn.objects().put("b", "rows/1", "{\"a\":1}\n");
    sfn.objects().put("b", "rows/2", "{\"a\":2}\n");
    let config = r#""InputType":"JSONL","ManifestType":"ATHENA_DATA""#;
    run(&sfn, &reader("getObject", config, FILE), json!({"key": "f"}))
        .await
        .assert()
        .succeeded()
        .output(json!([{"a": 1}, {"a": 2}]));
}

#[tokio::test(start_paused = true)]
async fn the_context_object_says_where_an_item_comes_from() {
    let selector = r#""ItemSelector":{"item.$":"$$.Map.Item","all.$":"$.key"}"#;
    let sfn = MockSfn::new();
    sfn.objects().put("b", "f", "[8]");
    let fields = format!("{selector},{}", reader("getObject", "", FILE));
    run(&sfn, &fields, json!({"key": "f"})).await.assert().output(json!([
        {"item": {"Index": 0, "Value": 8, "Source": "S3://b/f"}, "all": "f"}
    ]));
    let input = json!({"key": "k", "of": {"x": 9}});
    run(&MockSfn::new(), &format!(r#"{selector},"ItemsPath":"$.of""#), input).await.assert().output(json!([
        {"item": {"Index": 0, "Value": 9, "Key": "x", "Source": "STATE_DATA"}, "all": "k"}
    ]));
}

#[tokio::test(start_paused = true)]
async fn items_are_batched_by_number_and_by_size_behind_what_every_batch_has() {
    let fields = r#""ItemsPath":"$.items","ItemBatcher":{"MaxItemsPerBatchPath":"$.most","BatchInput":{"of.$":"$.of"}}"#;
    let input = json!({"items": [1, 2, 3], "most": 2, "of": "x"});
    run(&MockSfn::new(), fields, input).await.assert().succeeded().output(json!([
        {"BatchInput": {"of": "x"}, "Items": [1, 2]},
        {"BatchInput": {"of": "x"}, "Items": [3]},
    ]));
    let by_size = r#""ItemBatcher":{"MaxInputBytesPerBatch":15}"#;
    let output = json!([{"Items": [10]}, {"Items": [20]}]);
    run(&MockSfn::new(), by_size, json!([10, 20])).await.assert().output(output);
    run(&MockSfn::new(), by_size, json!(["a long text"]))
        .await
        .assert()
        .failed_with("States.DataLimitExceeded");
}

const EXPORT: &str = r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"p"}"#;

#[tokio::test(start_paused = true)]
async fn results_are_written_with_a_manifest() {
    let sfn = MockSfn::new();
    let execution = run(&sfn, &format!("{EXPORT}}}"), json!([1, 2])).await;
    let output = execution.output().unwrap();
    let details = &output["ResultWriterDetails"];
    let key = details["Key"].as_str().unwrap();
    let uuid = output["MapRunArn"].as_str().unwrap().rsplit(':').next().unwrap();
    assert_eq!((details["Bucket"].as_str(), key), (Some("out"), &*format!("p/{uuid}/manifest.json")));
    let manifest = sfn.objects().get_json("out", key).unwrap();
    assert_eq!(manifest["DestinationBucket"], "out");
    assert_eq!(manifest["ResultFiles"]["FAILED"], json!([]));
    let file = &manifest["ResultFiles"]["SUCCEEDED"][0];
    assert_eq!(file["Key"], format!("p/{uuid}/SUCCEEDED_0.json"));
    let rows = sfn.objects().get("out", file["Key"].as_str().unwrap()).unwrap();
    assert_eq!(file["Size"], rows.len());
    let rows: serde_json::Value = serde_json::from_slice(&rows).unwrap();
    let row = &rows[1];
    assert_eq!(
        (&row["Input"], &row["Output"], &row["Status"]),
        (&json!("2"), &json!("2"), &json!("SUCCEEDED"))
    );
    assert_eq!(row["RedriveStatusReason"], "Execution is SUCCEEDED and cannot be redriven");
    assert_eq!(row["StateMachineArn"], "arn:aws:states:us-east-1:123456789012:stateMachine:m/L");
    assert_eq!(row["StartDate"], "2024-01-01T00:00:00Z");
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_leaves_what_failed_and_what_was_not_started() {
    let sfn = MockSfn::new();
    let definition = format!(
        r#"{{"StartAt":"Each","States":{{"Each":{{"Type":"Map","End":true,"MaxConcurrency":1,{EXPORT}}},"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},
            "StartAt":"Do","States":{{"Do":{{"Type":"Fail","Error":"Boom","Cause":"broke"}}}}}}}}}}}}"#
    );
    let machine = sfn.state_machine("m").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn).finished().await.assert().failed_with("States.ExceedToleratedFailureThreshold");
    let keys = sfn.objects().list("out");
    let file = |name: &str| {
        let key = keys.iter().find(|key| key.contains(name)).unwrap();
        sfn.objects().get_json("out", key).unwrap()
    };
    let failed = file("FAILED_0");
    assert_eq!((&failed[0]["Error"], &failed[0]["Cause"]), (&json!("Boom"), &json!("broke")));
    assert_eq!(failed[0]["RedriveStatus"], "REDRIVABLE_BY_MAP_RUN");
    let pending = file("PENDING_0");
    assert_eq!((pending.as_array().unwrap().len(), &pending[1]["Input"]), (2, &json!("3")));
    assert_eq!(keys.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn results_can_be_flattened_compacted_and_written_as_lines() {
    let sfn = MockSfn::new();
    let written = |config: &str| format!(r#"{EXPORT},"WriterConfig":{{{config}}}}}"#);
    let config = written(r#""Transformation":"FLATTEN","OutputType":"JSONL""#);
    run(&sfn, &config, json!([[1, 2], 3])).await.assert().succeeded();
    let keys = sfn.objects().list("out");
    let key = keys.iter().find(|key| key.ends_with("SUCCEEDED_0.jsonl")).unwrap();
    assert_eq!(sfn.objects().get("out", key).unwrap(), b"1\n2\n3");
    let alone = r#""ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN"}}"#;
    run(&MockSfn::new(), alone, json!([[1, 2], 3])).await.assert().output(json!([1, 2, 3]));
    let whole = r#""ResultWriter":{"WriterConfig":{"Transformation":"NONE"}}"#;
    run(&MockSfn::new(), whole, json!([5]))
        .await
        .assert()
        .output(json!([includes(json!({"Input": "5", "Status": "SUCCEEDED"}))]));
}

#[tokio::test(start_paused = true)]
async fn an_output_that_is_too_large_for_a_state_fails_the_map_run() {
    let sfn = MockSfn::new();
    let text = "x".repeat(100_000);
    let lines = format!("\"{text}\"\n").repeat(3);
    sfn.objects().put("b", "f", lines);
    let execution =
        run(&sfn, &reader("getObject", r#""InputType":"JSONL""#, FILE), json!({"key": "f"})).await;
    execution.assert().failed_with("States.DataLimitExceeded").failed_because(
        "The state/task 'Each' returned a result with a size exceeding the maximum number of bytes service limit.",
    );
}

#[tokio::test(start_paused = true)]
async fn the_timeline_tells_of_a_map_run_and_of_its_items() {
    let sfn = MockSfn::new();
    let execution = run(&sfn, r#""MaxConcurrency":1"#, json!([1, 2])).await;
    let told = execution.narrative();
    let expected =
        "    2 items\n  +0s    map run `L` started\n  +0s    map run `L` succeeded, 2 items: 2 succeeded\n";
    assert!(told.contains(expected), "{told}");
}

#[tokio::test(start_paused = true)]
async fn the_timeline_tells_what_failed_first() {
    let sfn = MockSfn::new();
    let definition = r#"{"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"L","End":true,"MaxConcurrency":1,
        "ToleratedFailureCount":1,"ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Do","States":{"Do":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}}}}"#;
    let machine = sfn.state_machine("m").definition(definition).create();
    sfn.on_state("Do").returns(1).times(1).then().fails("Boom", "broke");
    let arn = sfn.start_execution(&machine, json!([1, 2, 3, 4]));
    let told = sfn.execution(&arn).finished().await.narrative();
    let expected = "map run `L` failed, 4 items: 1 succeeded, 2 failed, 1 not started: \
        States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded; \
        the first that failed is execution 1: Boom: broke\n";
    assert!(told.contains(expected), "{told}");
}

#[tokio::test(start_paused = true)]
async fn bad_numbers_are_told_as_recorded() {
    let cause = |execution: Execution| execution.cause().unwrap_or_default().to_owned();
    for (fields, input, expected) in [
        (
            r#""ToleratedFailureCountPath":"$.n","ItemsPath":"$.i""#,
            json!({"i": [1], "n": "x"}),
            "The ToleratedFailureCountPath field refers to value \"x\" which is not a valid integer: $.n",
        ),
        (
            r#""ToleratedFailureCountPath":"$.n","ItemsPath":"$.i""#,
            json!({"i": [1], "n": -1}),
            "ToleratedFailureCount cannot be negative.",
        ),
        (
            r#""ToleratedFailurePercentagePath":"$.n","ItemsPath":"$.i""#,
            json!({"i": [1], "n": 100.1}),
            "ToleratedFailurePercentage must be between 0 and 100.",
        ),
        (
            r#""MaxConcurrencyPath":"$.n","ItemsPath":"$.i""#,
            json!({"i": [1], "n": {}}),
            "The MaxConcurrencyPath field refers to value \"{}\" which is not a valid integer: $.n",
        ),
        (r#""ItemsPath":"$.i""#, json!({"i": 1}), "Reference path \"$.i\" must point to array."),
    ] {
        let execution = run(&MockSfn::new(), fields, input).await;
        execution.assert().failed_with("States.Runtime").failed_because(expected);
        assert!(cause(execution).starts_with("An error occurred while executing the state 'Each'"));
    }
}
