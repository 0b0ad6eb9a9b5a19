//! The wiremock door: a server of the user's, with the service behind their own mocks.

use ::wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};
use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sfn::types::{ExecutionStatus, SyncExecutionStatus};
use sfn_testkit::prelude::*;
use sfn_testkit::wiremock::{
    CallMatcher, action, any_action, aws_answer, aws_error, execution_arn, execution_name, input_json,
    input_json_partial, state_machine_arn, throttled, while_alive,
};

const APPROVE: &str = r#"{
    "StartAt": "Approve",
    "States": {
        "Approve": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message.$": "$"},
            "Next": "Cool off"
        },
        "Cool off": {"Type": "Wait", "Seconds": 2592000, "End": true}
    }
}"#;

struct Setup {
    server: MockServer,
    sfn: MockSfn,
    client: Client,
}

/// A server of its own per test: those that wiremock keeps for reuse would be shared.
async fn set_up(time: Time) -> Setup {
    let server = MockServer::builder().start().await;
    let sfn = MockSfn::builder().time(time).build();
    sfn.mount_on(&server).await;
    let client = Client::from_conf(sfn.client_config(&server).build());
    Setup { server, sfn, client }
}

impl Setup {
    fn approve(&self) -> StateMachineArn {
        self.sfn
            .on_state("Approve")
            .answers(|call| json!({"approved": call.input.pointer("/Message/order")}));
        self.sfn.state_machine("approve").definition(APPROVE).create()
    }

    async fn start(&self, machine: &StateMachineArn, name: &str) -> Result<String, Option<String>> {
        let started = self.client.start_execution().state_machine_arn(machine).name(name).input("{}");
        match started.send().await {
            Ok(started) => Ok(started.execution_arn),
            Err(error) => Err(error.code().map(str::to_owned)),
        }
    }
}

/// A request as a server would hand it on.
fn request(target: &str, body: &str) -> Request {
    let mut headers = ::wiremock::http::HeaderMap::new();
    headers.insert("x-amz-target", target.parse().unwrap());
    Request {
        url: "http://localhost/".parse().unwrap(),
        method: ::wiremock::http::Method::POST,
        headers,
        body: body.as_bytes().to_vec(),
    }
}

#[track_caller]
fn check(matcher: &CallMatcher, target: &str, body: &str, expected: bool) {
    assert_eq!(matcher.matches(&request(target, body)), expected, "{matcher:?}: {target} {body}");
}

const START: &str = "AWSStepFunctions.StartExecution";

#[tokio::test]
async fn the_whole_service_answers_behind_a_wiremock_server() {
    let setup = set_up(Time::skip()).await;
    let machine = setup.approve();
    let started = setup.client.start_execution().state_machine_arn(&machine).input(r#"{"order":7}"#);
    let arn = started.send().await.unwrap().execution_arn;
    let described = setup.client.describe_execution().execution_arn(&arn).send().await.unwrap();
    assert_eq!(described.status(), &ExecutionStatus::Running);
    // The thirty days pass without a call.
    setup.sfn.execution(&arn).finished().await.assert().succeeded().output(json!({"approved": 7}));
    let described = setup.client.describe_execution().execution_arn(&arn).send().await.unwrap();
    assert_eq!(described.output(), Some(r#"{"approved":7}"#));
    let listed = setup.client.list_executions().state_machine_arn(&machine).send().await.unwrap();
    assert_eq!(listed.executions.len(), 1);
}

#[tokio::test]
async fn a_mock_mounted_before_or_after_comes_first_as_often_as_it_says() {
    let server = MockServer::builder().start().await;
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let machine = sfn.state_machine("m").returns(json!(1)).create();
    let refuse = |operation: &str, code: &str| {
        Mock::given(action(operation)).respond_with(aws_error(code, "not now")).up_to_n_times(1)
    };
    refuse("StartExecution", "ExecutionLimitExceeded").mount(&server).await;
    sfn.mount_on(&server).await;
    refuse("ListExecutions", "InvalidToken").with_priority(200).mount(&server).await;

    let client = Client::from_conf(sfn.client_config(&server).build());
    let start = || client.start_execution().state_machine_arn(&machine).send();
    assert!(start().await.unwrap_err().into_service_error().is_execution_limit_exceeded());
    start().await.unwrap();
    let list = || client.list_executions().state_machine_arn(&machine).send();
    assert!(list().await.unwrap_err().into_service_error().is_invalid_token());
    assert_eq!(list().await.unwrap().executions.len(), 1);
}

#[tokio::test]
async fn the_sdk_retries_what_is_throttled_until_the_service_answers() {
    let setup = set_up(Time::skip()).await;
    let machine = setup.sfn.state_machine("m").returns(json!(1)).create();
    let throttle = Mock::given(action("StartExecution")).respond_with(throttled());
    throttle.up_to_n_times(2).expect(2).mount(&setup.server).await;
    assert!(setup.start(&machine, "one").await.unwrap().ends_with(":execution:m:one"));
    setup.server.verify().await;
}

#[tokio::test]
async fn a_mock_of_ones_own_counts_the_calls_that_the_service_answers() {
    let setup = set_up(Time::skip()).await;
    let machine = setup.sfn.state_machine("m").returns(json!(1)).create();
    let counted = Mock::given(action("StartExecution")).and(execution_name("one"));
    counted.respond_with(setup.sfn.responder()).expect(1).mount(&setup.server).await;
    setup.start(&machine, "one").await.unwrap();
    setup.start(&machine, "two").await.unwrap();
    setup.server.verify().await;
}

#[tokio::test]
#[should_panic(
    expected = "Expected range of matching incoming requests: == 1\n\tNumber of matched incoming requests: 0"
)]
async fn a_call_that_was_expected_and_did_not_come_fails_the_test() {
    let setup = set_up(Time::skip()).await;
    Mock::given(action("StopExecution"))
        .respond_with(aws_answer(json!({})))
        .expect(1)
        .mount(&setup.server)
        .await;
    setup.server.verify().await;
}

#[tokio::test]
async fn a_mock_that_is_alive_for_a_while_ends_and_leaves_the_service_in_place() {
    let setup = set_up(Time::skip()).await;
    let machine = setup.sfn.state_machine("m").returns(json!(1)).create();
    let (in_outage, outage) = while_alive();
    let refusal = aws_error("ExecutionLimitExceeded", "full");
    Mock::given(action("StartExecution")).and(in_outage).respond_with(refusal).mount(&setup.server).await;
    assert_eq!(setup.start(&machine, "one").await, Err(Some("ExecutionLimitExceeded".to_owned())));
    drop(outage);
    setup.start(&machine, "one").await.unwrap();
    assert_eq!(setup.client.list_state_machines().send().await.unwrap().state_machines.len(), 1);
}

#[tokio::test]
async fn errors_are_those_of_the_sdk() {
    let setup = set_up(Time::skip()).await;
    let missing = "arn:aws:states:us-east-1:123456789012:execution:m:none";
    let error = setup.client.describe_execution().execution_arn(missing).send().await.unwrap_err();
    assert!(error.into_service_error().is_execution_does_not_exist());
    let error = setup.client.list_executions().state_machine_arn("none").send().await.unwrap_err();
    assert_eq!(error.message(), Some("Invalid Arn: 'Invalid ARN prefix: none'"));
}

#[tokio::test]
async fn answers_made_by_hand_are_read_by_the_sdk() {
    let setup = set_up(Time::skip()).await;
    let answer = aws_answer(json!({"executionArn": "arn:x", "startDate": 1_704_067_200.5}));
    Mock::given(action("StartExecution")).respond_with(answer).mount(&setup.server).await;
    let started = setup.client.start_execution().state_machine_arn("arn:m").send().await.unwrap();
    assert_eq!((started.execution_arn(), started.start_date().as_secs_f64()), ("arn:x", 1_704_067_200.5));
    // The answers of the service have request ids; so have these.
    assert!(aws_sdk_sfn::operation::RequestId::request_id(&started).is_some());
}

#[tokio::test]
async fn errors_made_by_hand_have_the_status_that_aws_gives_them() {
    let setup = set_up(Time::skip()).await;
    for (code, status) in [
        ("ExecutionDoesNotExist", 400),
        ("AccessDeniedException", 400),
        ("UnknownOperationException", 404),
        ("InternalFailure", 500),
        ("ServiceUnavailable", 503),
    ] {
        setup.server.reset().await;
        Mock::given(any_action()).respond_with(aws_error(code, "so")).mount(&setup.server).await;
        let error = setup.client.describe_execution().execution_arn("a").send().await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some(code), Some("so")));
        let SdkError::ServiceError(error) = error else { panic!("{code}: {error:?}") };
        assert_eq!(error.raw().status().as_u16(), status, "{code}");
    }
}

#[tokio::test]
async fn start_sync_execution_is_answered_past_its_host_prefix() {
    let setup = set_up(Time::skip()).await;
    setup
        .sfn
        .on_state("Approve")
        .answers_async(|call| async move { call.input["Message"].clone() })
        .unchecked();
    let machine =
        setup.sfn.state_machine("quick").express().definition(APPROVE.replace("2592000", "299")).create();
    let call = setup.client.start_sync_execution().state_machine_arn(&machine).input("[1]");
    let answer = call.send().await.unwrap();
    assert_eq!((answer.status(), answer.output()), (&SyncExecutionStatus::Succeeded, Some("[1]")));
}

#[tokio::test]
#[should_panic(
    expected = "- a wiremock server cannot wait, and the execution that StartSyncExecution started is not over: answer \
                its tasks with `.answers(…)` instead of `.answers_async(…)`, build the mock with `Time::skip()`, or \
                serve it with `sfn.serve()`, which can wait"
)]
async fn start_sync_execution_that_had_to_wait_is_refused_and_fails_the_test() {
    let setup = set_up(Time::Manual).await;
    setup.sfn.on_state("Approve").returns(json!({}));
    let machine = setup.sfn.state_machine("slow").express().definition(APPROVE).create();
    let call = setup.client.start_sync_execution().state_machine_arn(&machine);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotEmulated"));
    assert!(error.message().unwrap().starts_with("a wiremock server cannot wait, and"), "{error:?}");
    setup.sfn.verify();
}

#[tokio::test]
async fn a_poll_is_answered_at_once_with_a_task_or_without() {
    let setup = set_up(Time::skip()).await;
    let activity = setup.client.create_activity().name("a").send().await.unwrap().activity_arn;
    let poll = || setup.client.get_activity_task().activity_arn(&activity).send();
    assert_eq!(poll().await.unwrap().task_token(), None);

    let definition =
        json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": activity, "End": true}}});
    let machine = setup.sfn.state_machine("m").definition(definition.to_string()).create();
    let arn = setup.sfn.start_execution(&machine, json!([7]));
    let task = poll().await.unwrap();
    assert_eq!(task.input(), Some("[7]"));
    let token = task.task_token().unwrap();
    setup.client.send_task_success().task_token(token).output("8").send().await.unwrap();
    setup.sfn.execution(&arn).finished().await.assert().succeeded().output(8);
    assert_eq!(poll().await.unwrap().task_token(), None);
}

#[tokio::test]
async fn requests_to_others_are_left_to_the_server() {
    let setup = set_up(Time::skip()).await;
    check(&any_action(), "AWSStepFunctions.MakeCoffee", "{}", true);
    check(&any_action(), "DynamoDB_20120810.GetItem", "{}", false);
    let other = setup.client.describe_execution().execution_arn("a").customize().mutate_request(|request| {
        request.headers_mut().insert("x-amz-target", "DynamoDB_20120810.GetItem");
    });
    let error = other.send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 404);
    assert_eq!(error.code(), None);
}

#[test]
#[should_panic(expected = "a mock on Tokio's clock cannot answer for a wiremock server")]
fn a_mock_on_the_clock_of_tokio_does_not_answer_for_a_server() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let server = MockServer::builder().start().await;
        MockSfn::new().mount_on(&server).await;
    });
}

#[tokio::test]
async fn a_responder_answers_without_a_server_too() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let _answer: ResponseTemplate = sfn.responder().respond(&request(START, "{}"));
}

#[test]
fn an_action_is_the_whole_name() {
    check(&action("StartExecution"), START, "{}", true);
    check(&action("StartExecution"), "AWSStepFunctions.StartSyncExecution", "{}", false);
    check(&action("StartExecution"), "StartExecution", "{}", false);
}

#[test]
#[should_panic(
    expected = "`startExecution` is no operation of Step Functions: write its name as `StartExecution`, with a capital"
)]
fn an_unknown_action_is_refused() {
    let _matcher = action("startExecution");
}

#[test]
fn arns_and_names_are_compared_whole() {
    let body = r#"{"stateMachineArn":"arn:m","executionArn":"arn:e","name":"n"}"#;
    for (matcher, expected) in [
        (state_machine_arn("arn:m"), true),
        (state_machine_arn("arn:m:1"), false),
        (execution_arn("arn:e"), true),
        (execution_arn("arn:m"), false),
        (execution_name("n"), true),
        (execution_name(""), false),
    ] {
        check(&matcher, START, body, expected);
        check(&matcher, "Other.StartExecution", body, false);
        check(&matcher, START, "{}", false);
        check(&matcher, START, "{", false);
        check(&matcher, START, r#"{"stateMachineArn":1,"executionArn":null,"name":["n"]}"#, false);
    }
}

#[test]
fn an_input_is_compared_as_json_and_may_hold_patterns() {
    let exact = input_json(json!({"order": {"id": matching("^o-")}, "request": any::uuid()}));
    let partial = input_json_partial(json!({"order": {"id": "o-7"}}));
    let call = |input: &str| json!({"input": input}).to_string();
    let uuid = r#""request":"3e7f1b2a-0c4d-4e5f-8a9b-0123456789ab""#;
    let whole = call(&format!(r#"{{ {uuid}, "order": {{"id": "o-7"}} }}"#));
    check(&exact, START, &whole, true);
    check(&partial, START, &whole, true);
    let more = call(&format!(r#"{{{uuid},"order":{{"id":"o-7","n":1}}}}"#));
    check(&exact, START, &more, false);
    check(&partial, START, &more, true);
    let other = call(r#"{"order":{"id":"p-7"},"request":1}"#);
    for body in [other.as_str(), "{}", r#"{"input":7}"#, r#"{"input":"{"}"#, "[]", "{", ""] {
        check(&exact, START, body, false);
        check(&partial, START, body, false);
    }
}

#[test]
fn a_start_without_an_input_has_the_empty_object() {
    for body in ["{}", r#"{"input":null}"#, r#"{"input":"{}"}"#] {
        check(&input_json(json!({})), START, body, true);
        check(&input_json(json!([])), START, body, false);
    }
}

#[test]
#[should_panic(
    expected = "the expected input holds a pattern that cannot be read: $.id: `$any` takes one of"
)]
fn a_pattern_that_cannot_be_read_is_refused() {
    let _matcher = input_json(json!({"id": {"$any": "uid"}}));
}
