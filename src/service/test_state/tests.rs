//! `TestState` as its callers see it.

use crate::model::Json;
use crate::model::Operation::TestState;
use crate::service::fixture::{Fixture, ROLE};

/// The input of the call: a definition, and more members.
fn input(definition: &str, more: &str) -> String {
    format!(r#"{{"definition":{}{more}}}"#, Json::string(definition).to_text())
}

/// What is answered at once.
#[track_caller]
fn answered(definition: &str, more: &str) -> Json {
    let mut fixture = Fixture::new();
    let arn = fixture.text(TestState, &input(definition, more), "awaiting");
    let answer = fixture.account.sync_answer(&arn).expect("an answer");
    assert_eq!(fixture.account.sync_answer(&arn), None, "what was answered is forgotten");
    answer
}

#[track_caller]
fn check(definition: &str, more: &str, expected: &str) {
    assert_eq!(answered(definition, more).to_text(), expected);
}

#[track_caller]
fn check_refused(definition: &str, more: &str, expected: &str) {
    Fixture::new().check(TestState, &input(definition, more), expected);
}

/// A member of the call that is JSON text.
fn json(name: &str, value: &str) -> String {
    format!(r#","{name}":{}"#, Json::string(value).to_text())
}

fn mock(result: &str) -> String {
    format!(r#","mock":{{"result":{}}}"#, Json::string(result).to_text())
}

const ERROR: &str = r#","mock":{"errorOutput":{"error":"Boom","cause":"because"}}"#;
const DEBUG: &str = r#","inspectionLevel":"DEBUG""#;

#[test]
fn a_pass_state_answers_with_its_output_and_where_it_leads() {
    check(
        r#"{"Type":"Pass","Next":"B"}"#,
        &json("input", r#"{"a": 1}"#),
        r#"{"output":"{\"a\": 1}","nextState":"B","status":"SUCCEEDED"}"#,
    );
}

#[test]
fn the_stages_of_the_data_are_shown_as_the_state_type_has_them() {
    let input = json("input", r#"{"a":{"b":1}}"#);
    let shown = |definition: &str, more: &str| {
        let answer = answered(definition, &format!("{input}{DEBUG}{more}"));
        let data = answer.get("inspectionData").unwrap();
        data.as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                format!("{name}={}", value.as_str().map_or_else(|| value.to_text(), ToOwned::to_owned))
            })
            .skip(1)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shown(
            r#"{"Type":"Pass","InputPath":"$.a","Parameters":{"c.$":"$.b"},"ResultPath":"$.r","End":true}"#,
            ""
        ),
        [
            r#"afterInputPath={"b":1}"#,
            r#"afterParameters={"c":1}"#,
            r#"afterResultSelector={"c":1}"#,
            r#"afterResultPath={"a":{"b":1},"r":{"c":1}}"#
        ]
    );
    assert_eq!(
        shown(r#"{"Type":"Pass","Result":[1],"End":true}"#, ""),
        ["result=[1]", "afterResultSelector=[1]", "afterResultPath=[1]"]
    );
    assert_eq!(shown(r#"{"Type":"Succeed","InputPath":"$.a"}"#, ""), [r#"afterInputPath={"b":1}"#]);
    assert_eq!(shown(r#"{"Type":"Fail"}"#, ""), [r#"afterInputPath={"a":{"b":1}}"#]);
    assert_eq!(
        shown(
            r#"{"Type":"Parallel","InputPath":"$.a","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}"#,
            &mock("[1]")
        ),
        ["afterResultSelector=[1]", "afterResultPath=[1]"]
    );
    let map = r#"{"Type":"Map","ItemsPath":"$.a","ItemSelector":{"i.$":"$$.Map.Item.Value"},"MaxConcurrency":3,"End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}}"#;
    let answer = answered(map, &format!("{}{DEBUG}{}", json("input", r#"{"a":[1,2]}"#), mock("[5, 6]")));
    assert_eq!(
        answer.get("inspectionData").unwrap().to_text(),
        r#"{"input":"{\"a\":[1,2]}","afterInputPath":"{\"a\":[1,2]}","afterItemsPath":"[1, 2]","afterItemSelector":"[{\"i\":1}, {\"i\":2}]","afterResultSelector":"[5, 6]","afterResultPath":"[5, 6]","maxConcurrency":3}"#
    );
}

#[test]
fn the_request_and_response_of_an_http_task_are_shown_by_trace_alone() {
    let task = r#"{"Type":"Task","Resource":"arn:aws:states:::http:invoke","Parameters":{"ApiEndpoint":"https://a.b","Method":"GET"},"End":true}"#;
    let shown = |level: &str| {
        let more = format!(r#","inspectionLevel":"{level}"{}"#, mock(r#"{"StatusCode":204}"#));
        let data = answered(task, &more).get("inspectionData").cloned().unwrap();
        ["request", "response"].map(|name| data.get(name).map(Json::to_text))
    };
    assert_eq!(shown("DEBUG"), [None, None]);
    assert_eq!(
        shown("TRACE").map(Option::unwrap),
        [
            r#"{"protocol":"https","method":"GET","url":"https://a.b"}"#,
            r#"{"protocol":"https","statusCode":"204"}"#
        ]
    );
}

const TASK: &str = r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"ResultSelector":{"p.$":"$.Payload"},"End":true}"#;

#[test]
fn a_mocked_task_needs_no_role_and_shows_its_result() {
    check(
        TASK,
        &format!("{DEBUG}{}", mock(r#"{"Payload":1}"#)),
        r#"{"output":"{\"p\":1}","inspectionData":{"input":"{}","afterInputPath":"{}","afterParameters":"{\"FunctionName\":\"f\"}","result":"{\"Payload\":1}","afterResultSelector":"{\"p\":1}","afterResultPath":"{\"p\":1}"},"status":"SUCCEEDED"}"#,
    );
    let waiting =
        TASK.replace("invoke", "invoke.waitForTaskToken").replace(r#""f""#, r#""f","t.$":"$$.Task.Token""#);
    assert_eq!(
        answered(&waiting, &mock(r#"{"Payload":1}"#)).to_text(),
        r#"{"output":"{\"p\":1}","status":"SUCCEEDED"}"#
    );
}

/// With two retriers and a catcher.
const HANDLED: &str = r#"{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true,
    "Retry":[{"ErrorEquals":["Other"]},{"ErrorEquals":["Boom"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":2}],
    "Catch":[{"ErrorEquals":["Other"],"Next":"X"},{"ErrorEquals":["States.ALL"],"Next":"Y","ResultPath":"$.e"}]}"#;

fn retried(times: u64) -> String {
    format!(r#"{ERROR}{DEBUG},"stateConfiguration":{{"retrierRetryCount":{times}}}"#)
}

#[test]
fn an_error_that_a_retrier_takes_is_retriable_after_its_backoff() {
    let details = |times| {
        let answer = answered(HANDLED, &retried(times));
        let details = answer.get("inspectionData").unwrap().get("errorDetails").unwrap().to_text();
        (answer.get("status").unwrap().as_str().unwrap().to_owned(), details)
    };
    let retriable = |seconds| {
        ("RETRIABLE".to_owned(), format!(r#"{{"retryIndex":1,"retryBackoffIntervalSeconds":{seconds}}}"#))
    };
    assert_eq!(details(0), retriable(2));
    assert_eq!(details(1), retriable(6));
    assert_eq!(details(2), ("CAUGHT_ERROR".to_owned(), r#"{"catchIndex":1,"retryIndex":1}"#.to_owned()));
}

#[test]
fn a_caught_error_has_an_output_and_a_next_state() {
    check(
        HANDLED,
        &format!(r#"{ERROR},"stateConfiguration":{{"retrierRetryCount":2}}"#),
        r#"{"output":"{\"e\":{\"Error\":\"Boom\",\"Cause\":\"because\"}}","error":"Boom","cause":"because","nextState":"Y","status":"CAUGHT_ERROR"}"#,
    );
}

#[test]
fn an_error_that_nothing_takes_fails_the_state() {
    check(TASK, ERROR, r#"{"error":"Boom","cause":"because","status":"FAILED"}"#);
    check(
        r#"{"Type":"Pass","InputPath":"$.x","End":true}"#,
        "",
        r#"{"error":"States.Runtime","cause":"An error occurred while executing the state 'StateName' (entered at the event id #2). Invalid path '$.x' : No results for path: $['x']","status":"FAILED"}"#,
    );
}

#[test]
fn variables_are_read_set_and_shown() {
    check(
        r#"{"Type":"Pass","Parameters":{"a.$":"$v"},"Assign":{"w":[1]},"End":true}"#,
        &format!("{}{DEBUG}", json("variables", r#"{"v": 7}"#)),
        r#"{"output":"{\"a\":7}","inspectionData":{"input":"{}","afterInputPath":"{}","afterParameters":"{\"a\":7}","afterResultSelector":"{\"a\":7}","afterResultPath":"{\"a\":7}","variables":"{\"v\":7,\"w\":[1]}"},"status":"SUCCEEDED"}"#,
    );
    check_refused(
        r#"{"Type":"Succeed"}"#,
        &json("variables", "[1]"),
        "ValidationException: Variables must be a JSON object",
    );
}

#[test]
fn the_context_object_is_made_up_or_given() {
    let task = |path: &str| TASK.replace("$.Payload", path);
    let output = |path: &str, more: &str| {
        let answer = answered(&task(path), &format!("{}{more}", mock("{}")));
        answer.get("output").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(output("$$.State.Name", ""), r#"{"p":"StateName"}"#);
    assert_eq!(output("$$.Execution.RoleArn", ""), r#"{"p":null}"#);
    assert_eq!(
        output("$$.Execution.RoleArn", &format!(r#","roleArn":"{ROLE}""#)),
        format!(r#"{{"p":"{ROLE}"}}"#)
    );
    assert_eq!(output("$$.Execution", "").matches("RedriveCount").count(), 0);
    let given = json("context", r#"{"Execution":{"Input":{"x":[1]}}}"#);
    assert_eq!(output("$$.Execution.Input.x[0]", &given), r#"{"p":1}"#);
}

#[test]
fn a_wait_takes_virtual_time_and_five_minutes_at_most() {
    let mut fixture = Fixture::new();
    for (seconds, expected) in [
        (60, r#"{"output":"{}","nextState":"B","status":"SUCCEEDED"}"#),
        (3600, r#"{"error":"States.Timeout","status":"FAILED"}"#),
    ] {
        let wait = format!(r#"{{"Type":"Wait","Seconds":{seconds},"Next":"B"}}"#);
        let arn = fixture.text(TestState, &input(&wait, ""), "awaiting");
        assert_eq!(fixture.account.sync_answer(&arn), None);
        let due = fixture.account.next_deadline().unwrap();
        assert!(due <= fixture.now.plus(std::time::Duration::from_secs(300)));
        assert!(fixture.account.fire_due(due));
        fixture.now = due;
        assert_eq!(fixture.account.sync_answer(&arn).unwrap().to_text(), expected);
    }
}

const MAP: &str =
    r#"{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}}"#;

#[test]
fn an_error_within_a_map_comes_from_a_state_of_it() {
    let from = |state: &str| {
        format!(r#"{ERROR},"input":"[1]","stateConfiguration":{{"errorCausedByState":"{state}"}}"#)
    };
    check(MAP, &from("A"), r#"{"error":"Boom","cause":"because","status":"FAILED"}"#);
    check_refused(
        MAP,
        &from("B"),
        "ValidationException: The state 'B' of errorCausedByState is not found in the state under test",
    );
}

#[test]
fn mocks_that_do_not_fit_are_refused() {
    let parallel =
        r#"{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]}"#;
    let failed =
        |count| format!(r#"{},"stateConfiguration":{{"mapIterationFailureCount":{count}}}"#, mock("[1]"));
    for (definition, more, expected) in [
        (
            r#"{"Type":"Pass","End":true}"#,
            mock("1"),
            "State type 'Pass' is not supported when a mock is specified",
        ),
        (
            TASK,
            format!("{},\"revealSecrets\":true", mock("{}")),
            "TestState does not support RevealSecrets when a mock is specified.",
        ),
        (
            TASK,
            r#","mock":{"result":"{}","errorOutput":{}}"#.to_owned(),
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (
            TASK,
            r#","mock":{}"#.to_owned(),
            "A test mock should have one of the following fields: [result, errorOutput].",
        ),
        (TASK, mock("{'"), "Mocked result must be valid JSON"),
        (
            TASK,
            mock(r#"{"StatusCode":"1"}"#),
            "Mock result schema validation error: Field 'StatusCode' must be a number",
        ),
        (parallel, mock("{}"), "Mocked result must be an array."),
        (
            parallel,
            mock("[1,2]"),
            "Mocked result must contain the same number of items as number of Parallel branches.",
        ),
        (MAP, mock("{}"), "Mocked result must be an array."),
        (
            MAP,
            failed(2),
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ),
        (
            MAP,
            r#","stateConfiguration":{"mapIterationFailureCount":0}"#.to_owned(),
            "TestState does not support MapIterationFailureCount when a mock is not specified.",
        ),
        (TASK, json("context", "{}"), "TestState does not support Context when a mock is not specified."),
        (TASK, String::new(), "RoleArn must be specified when testing a Task state"),
    ] {
        check_refused(definition, &more, &format!("ValidationException: {expected}"));
    }
    assert_eq!(
        answered(MAP, &format!("{},\"input\":\"[1]\"", failed(1))).get("status").unwrap().as_str(),
        Some("SUCCEEDED")
    );
}

#[test]
fn the_mode_of_validation_says_how_closely_a_mock_is_looked_at() {
    let task = TASK.replace("lambda:invoke", "states:startExecution").replace("$.Payload", "$");
    let with = |result: &str, mode: &str| {
        format!(r#","mock":{{"result":{},"fieldValidationMode":"{mode}"}}"#, Json::string(result).to_text())
    };
    let refused = "ValidationException: Mock result schema validation error:";
    check_refused(
        &task,
        &with("{}", "STRICT"),
        &format!("{refused} Required field 'ExecutionArn' is missing"),
    );
    check(&task, &with("{}", "PRESENT"), r#"{"output":"{\"p\":{}}","status":"SUCCEEDED"}"#);
    let wrong = r#"{"StartDate":true}"#;
    check_refused(&task, &with(wrong, "PRESENT"), &format!("{refused} Field 'StartDate' must be a string"));
    check(&task, &with(wrong, "NONE"), r#"{"output":"{\"p\":{\"StartDate\":true}}","status":"SUCCEEDED"}"#);
}

#[test]
fn what_cannot_run_alone_needs_a_mock() {
    let role = format!(r#","roleArn":"{ROLE}""#);
    for (definition, expected) in [
        (
            MAP.to_owned(),
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        ),
        (
            TASK.replace("invoke", "invoke.waitForTaskToken"),
            "TestState API does not support '.sync' or '.waitForTaskToken' service integration patterns when a mock is not specified.",
        ),
        (
            TASK.replace(
                "arn:aws:states:::lambda:invoke",
                "arn:aws:states:us-east-1:123456789012:activity:a",
            ),
            "TestState API does not support Activity ARN when a mock is not specified.",
        ),
    ] {
        check_refused(&definition, &role, &format!("InvalidDefinition: {expected}"));
    }
    check_refused(
        r#"{"Type":"Pass","End":true}"#,
        &json("input", "{"),
        "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected end-of-input within/between Object entries'",
    );
}

#[test]
fn a_task_without_a_mock_is_handed_out_under_the_name_of_its_state() {
    let mut fixture = Fixture::new();
    let machine = format!(r#"{{"StartAt":"Pay","States":{{"Pay":{TASK}}}}}"#);
    let more = format!(r#","stateName":"Pay","roleArn":"{ROLE}""#);
    let arn = fixture.text(TestState, &input(&machine, &more), "awaiting");
    let tasks = fixture.account.take_tasks();
    let states: Vec<_> = tasks.iter().map(|task| &*task.request.state).collect();
    assert_eq!(states, ["Pay"]);
    assert_eq!(fixture.account.sync_answer(&arn), None);
}

#[test]
fn too_large_an_output_fails_the_state() {
    let definition = r#"{"Type":"Pass","ResultPath":"$.r","Parameters":{"x.$":"$.t"},"End":true}"#;
    let text = format!(r#"{{"t":"{}"}}"#, "x".repeat(200_000));
    let answer = answered(definition, &json("input", &text));
    assert_eq!(answer.get("error").unwrap().as_str(), Some("States.DataLimitExceeded"));
}

/// A Distributed Map with further fields.
fn distributed(fields: &str) -> String {
    format!(
        r#"{{"Type":"Map","End":true,{fields},"ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}}}}"#
    )
}

#[test]
fn a_distributed_map_fails_when_more_of_its_iterations_fail_than_it_tolerates() {
    let run = |tolerated: &str, failed: u64| {
        let more = format!(
            r#"{DEBUG}{}{},"stateConfiguration":{{"mapIterationFailureCount":{failed}}}"#,
            json("input", r#"{"i":[1,2,3,4],"n":1}"#),
            mock("[1,2,3,4]")
        );
        answered(&distributed(&format!(r#""ItemsPath":"$.i",{tolerated}"#)), &more)
    };
    let status = |answer: &Json| answer.get("status").unwrap().as_str().unwrap().to_owned();
    for (tolerated, most) in [
        (r#""ToleratedFailureCount":1"#, 1),
        (r#""ToleratedFailureCountPath":"$.n""#, 1),
        (r#""ToleratedFailurePercentage":50"#, 2),
        (r#""MaxConcurrency":2"#, 4),
    ] {
        assert_eq!(status(&run(tolerated, most)), "SUCCEEDED", "{tolerated}");
        if most < 4 {
            let failed = run(tolerated, most + 1);
            assert_eq!(failed.get("error").unwrap().as_str(), Some("States.ExceedToleratedFailureThreshold"));
        }
    }
    let data = run(r#""ToleratedFailureCountPath":"$.n","ToleratedFailurePercentage":60"#, 0);
    let data = data.get("inspectionData").unwrap();
    assert_eq!(data.get("toleratedFailureCount").unwrap().to_text(), "1");
    assert_eq!(data.get("toleratedFailurePercentage").unwrap().as_f64(), Some(60.0));
}

#[test]
fn the_data_of_an_item_reader_goes_through_selector_and_batcher() {
    let map = distributed(
        r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},"ItemSelector":{"v.$":"$$.Map.Item.Value.a"},"ItemBatcher":{"MaxItemsPerBatch":2}"#,
    );
    let data = |data: &str| {
        format!(r#","stateConfiguration":{{"mapItemReaderData":{}}}"#, Json::string(data).to_text())
    };
    let more = format!("{DEBUG}{}{}", mock("[]"), data("a,b\n1,2\n3,4\n5,6\n"));
    let shown = answered(&map, &more).get("inspectionData").cloned().unwrap();
    assert_eq!(
        shown.get("afterItemSelector").unwrap().as_str(),
        Some(r#"[{"v":"1"}, {"v":"3"}, {"v":"5"}]"#)
    );
    assert_eq!(
        shown.get("afterItemBatcher").unwrap().as_str(),
        Some(r#"[{"Items":[{"v":"1"},{"v":"3"}]}, {"Items":[{"v":"5"}]}]"#)
    );
    assert_eq!(shown.get("afterItemsPath"), None);
    check_refused(
        MAP,
        &format!("{}{}", mock("[]"), data("[]")),
        "ValidationException: MapItemReaderData is only for Map states with an ItemReader.",
    );
    let pointing = distributed(
        r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{"InputType":"JSON","ItemsPointer":"/x"}}"#,
    );
    let more = format!("{DEBUG}{}{}", mock("[]"), data(r#"{"x":[1,2]}"#));
    let shown = answered(&pointing, &more).get("inspectionData").cloned().unwrap();
    assert_eq!(shown.get("afterItemsPointer").unwrap().as_str(), Some("[1, 2]"));
}

#[cfg(feature = "jsonata")]
#[test]
fn states_in_jsonata_show_their_arguments_and_read_the_context_object() {
    let task = r#"{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"{% $states.input.f %}"},"Output":"{% $states.result.Payload %}","End":true}"#;
    check(
        task,
        &format!("{DEBUG}{}{}", json("input", r#"{"f":"x"}"#), mock(r#"{"Payload":1}"#)),
        r#"{"output":"1","inspectionData":{"input":"{\"f\":\"x\"}","afterArguments":"{\"FunctionName\":\"x\"}","result":"{\"Payload\":1}"},"status":"SUCCEEDED"}"#,
    );
    let pass = r#"{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.context.State.Name & $v %}","End":true}"#;
    check(
        pass,
        &format!("{DEBUG}{}", json("variables", r#"{"v":"!"}"#)),
        r#"{"output":"\"StateName!\"","inspectionData":{"input":"{}","variables":"{\"v\":\"!\"}"},"status":"SUCCEEDED"}"#,
    );
}
