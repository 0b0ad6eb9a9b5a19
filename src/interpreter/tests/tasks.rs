//! Task: its events, retriers, catchers, timeouts and payloads.

use super::harness::{Answer, Ran, START, about, run};
use crate::asl;
use crate::interpreter::command::{Command, Outcome, Resume, TaskId};
use crate::interpreter::interpret::Interpreter;
use crate::model::{EventDetails, Failure, StateMachineType};

const LAMBDA: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";
const SQS: &str = "arn:aws:states:::sqs:sendMessage";

/// One Task with more fields, and a Pass called Caught to catch into.
fn task(resource: &str, fields: &str) -> String {
    format!(
        r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"{resource}"{fields},"Next":"Done"}},
        "Done":{{"Type":"Succeed"}}}}}}"#
    )
}

fn caught(resource: &str, fields: &str) -> String {
    format!(
        r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"{resource}"{fields},"End":true}},
        "Caught":{{"Type":"Pass","End":true}}}}}}"#
    )
}

#[test]
fn a_function_has_lambda_events() {
    let ran = run(&task(LAMBDA, ""), r#"{"a":1}"#, |_| Answer::Gives("[1, 2]"));
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 TaskStateEntered
        3<2 LambdaFunctionScheduled
        4<3 LambdaFunctionStarted
        5<4 LambdaFunctionSucceeded
        6<5 TaskStateExited
        7<6 SucceedStateEntered
        8<7 SucceedStateExited
        9<8 ExecutionSucceeded",
    );
}

#[test]
fn an_integration_has_task_events_with_resource_and_type() {
    let fields = r#","Parameters":{"QueueUrl":"q","MessageBody.$":"$.m"},"TimeoutSeconds":9"#;
    let ran = run(&task(SQS, fields), r#"{"m":"hi"}"#, |_| Answer::Gives("{}"));
    let scheduled = ran.event(3).to_wire(true);
    assert_eq!(
        scheduled.get("taskScheduledEventDetails").unwrap().to_text(),
        r#"{"resourceType":"sqs","resource":"sendMessage","region":"us-east-1","parameters":"{\"QueueUrl\":\"q\",\"MessageBody\":\"hi\"}","timeoutInSeconds":9}"#
    );
    assert!(ran.transcript().contains("5<4 TaskSucceeded"));
}

#[test]
fn retries_schedule_again_without_entering_again() {
    let fields = r#","Retry":[{"ErrorEquals":["E"],"MaxAttempts":2,"IntervalSeconds":3}]"#;
    let ran = run(&task(SQS, fields), "{}", |_| Answer::Fails("E", "c"));
    ran.check_events(
        "1<0 ExecutionStarted
        2<0 TaskStateEntered
        3<2 TaskScheduled
        4<3 TaskStarted
        5<4 TaskFailed
        6<5 TaskScheduled
        7<6 TaskStarted
        8<7 TaskFailed
        9<8 TaskScheduled
        10<9 TaskStarted
        11<10 TaskFailed
        12<11 ExecutionFailed",
    );
    ran.check_failure("E", "c");
    assert_eq!(ran.elapsed_seconds(), 3 + 6);
}

#[test]
fn the_retry_count_is_in_the_context_object_of_each_attempt() {
    let fields = r#","Parameters":{"n.$":"$$.State.RetryCount"},"Retry":[{"ErrorEquals":["States.ALL"]}]"#;
    let mut seen = Vec::new();
    run(&task(LAMBDA, fields), "{}", |call| {
        seen.push(call.input.to_text());
        if call.retry_count < 2 { Answer::Fails("E", "") } else { Answer::Gives("1") }
    });
    assert_eq!(seen, [r#"{"n":0}"#, r#"{"n":1}"#, r#"{"n":2}"#]);
}

#[test]
fn a_catcher_puts_the_error_output_into_the_raw_input_past_output_path() {
    let fields = r#","OutputPath":"$.Payload","Catch":[{"ErrorEquals":["Other"],"Next":"Caught"},{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.e","Next":"Caught"}]"#;
    let ran = run(&caught(SQS, fields), r#"{"a":1}"#, |_| Answer::Fails("E", "c"));
    ran.check_output(r#"{"a":1,"e":{"Error":"E","Cause":"c"}}"#);
    assert!(ran.transcript().contains("5<4 TaskFailed\n6<5 TaskStateExited\n7<6 PassStateEntered"));
}

#[test]
fn a_timeout_has_no_cause_and_is_not_a_task_failure() {
    let fields = r#","TimeoutSeconds":5,"Catch":[{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.wrong","Next":"Caught"},{"ErrorEquals":["States.Timeout"],"Next":"Caught"}]"#;
    let ran = run(&caught(LAMBDA, fields), "{}", |_| Answer::Never);
    ran.check_output(r#"{"Error":"States.Timeout","Cause":""}"#);
    assert_eq!(ran.elapsed_seconds(), 5);
    assert!(ran.transcript().contains("5<4 LambdaFunctionTimedOut"));
}

#[test]
fn a_missed_heartbeat_is_recorded_as_a_timeout_and_caught_under_either_name() {
    let resource = format!("{SQS}.waitForTaskToken");
    let fields = r#","TimeoutSeconds":600,"HeartbeatSecondsPath":"$.h","Parameters":{"MessageBody.$":"$$.Task.Token"},"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"Caught"}]"#;
    let ran = run(&caught(&resource, fields), r#"{"h":5}"#, |_| Answer::Never);
    assert_eq!(ran.elapsed_seconds(), 5);
    ran.check_output(r#"{"Error":"States.Timeout","Cause":""}"#);
    let EventDetails::TaskScheduled { parameters, heartbeat_in_seconds, .. } = &ran.event(3).details else {
        panic!("{:?}", ran.event(3));
    };
    assert!(parameters.len() > 60, "{parameters}");
    assert_eq!(*heartbeat_in_seconds, Some(5));
}

#[test]
fn a_callback_is_submitted_before_it_succeeds() {
    let ran = run(&task(&format!("{SQS}.waitForTaskToken"), ""), "{}", |_| Answer::Gives("1"));
    assert!(ran.transcript().contains("4<3 TaskStarted\n5<4 TaskSubmitted\n6<5 TaskSucceeded"));
}

#[test]
fn a_callback_that_the_service_refuses_is_never_submitted() {
    let ran = run(&task(&format!("{SQS}.waitForTaskToken"), ""), "{}", |_| {
        Answer::Fails("SQS.SdkClientException", "x")
    });
    assert!(ran.transcript().contains("4<3 TaskStarted\n5<4 TaskFailed"));
}

#[test]
fn an_activity_has_activity_events() {
    let ran = run(&task(ACTIVITY, ""), "{}", |_| Answer::Gives("1"));
    assert!(ran.transcript().contains("3<2 ActivityScheduled\n4<3 ActivityStarted\n5<4 ActivitySucceeded"));
}

const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

/// The task of an activity, before anybody has said anything.
fn activity(fields: &str) -> (Interpreter, TaskId) {
    let definition = asl::read_definition(&task(ACTIVITY, fields), StateMachineType::Standard).unwrap();
    let mut interpreter = Interpreter::start(&definition, about(StateMachineType::Standard, "{}"), START);
    let asked = interpreter.run(START).into_iter().find_map(|command| match command {
        Command::Schedule(request) => Some(request.task),
        Command::CancelTask(_)
        | Command::SetTimer { .. }
        | Command::ClearTimer(_)
        | Command::StartMapRun(_)
        | Command::RedriveMapRun(_)
        | Command::AbortMapRun(_) => None,
    });
    (interpreter, asked.unwrap())
}

fn types(interpreter: &Interpreter) -> Vec<&'static str> {
    interpreter.events().iter().skip(2).map(|event| event.event_type.as_str()).collect()
}

#[test]
fn the_clocks_of_an_activity_start_with_its_worker() {
    let (mut interpreter, task) = activity(r#","TimeoutSeconds":9,"HeartbeatSeconds":5"#);
    assert_eq!(types(&interpreter), [""; 0]);
    interpreter.resume(Resume::TaskQueued { task }, START);
    assert_eq!(interpreter.run(START).len(), 0);
    let now = START.plus(std::time::Duration::from_secs(100));
    for _ in 0..2 {
        interpreter.resume(Resume::TaskStarted { task, worker_name: Some("w".into()) }, now);
    }
    assert_eq!(types(&interpreter), ["ActivityScheduled", "ActivityStarted"]);
    let deadlines: Vec<u64> = interpreter
        .run(now)
        .iter()
        .filter_map(|command| match command {
            Command::SetTimer { deadline, .. } => Some(deadline.since(now).as_secs()),
            Command::Schedule(_)
            | Command::CancelTask(_)
            | Command::ClearTimer(_)
            | Command::StartMapRun(_)
            | Command::RedriveMapRun(_)
            | Command::AbortMapRun(_) => None,
        })
        .collect();
    assert_eq!(deadlines, [9, 5]);
}

#[test]
fn an_activity_that_does_not_exist_is_never_scheduled() {
    let (mut interpreter, task) = activity(r#","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Done"}]"#);
    interpreter.resume(Resume::ActivityMissing { task }, START);
    interpreter.run(START);
    assert_eq!(types(&interpreter), ["ExecutionFailed"]);
    let cause = format!(
        "An error occurred while executing the state 'T' (entered at the event id #2). The activity {ACTIVITY} does not exist."
    );
    assert_eq!(interpreter.outcome(), Some(&Outcome::Failed(Failure::runtime(cause))));
}

#[test]
fn a_bad_output_path_fails_after_the_task_has_succeeded_and_cannot_be_caught() {
    let fields = r#","OutputPath":"$.no.such","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}]"#;
    let ran = run(&caught(LAMBDA, fields), "{}", |_| Answer::Gives("{}"));
    ran.check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'T' (entered at the event id #2). Invalid path '$.no.such' : Missing property in path $['no']",
    );
    assert!(ran.transcript().contains("5<4 LambdaFunctionSucceeded\n6<5 ExecutionFailed"));
}

#[test]
fn the_whole_data_flow_of_a_task() {
    let fields = r#","InputPath":"$.in","Parameters":{"p.$":"$.x"},"ResultSelector":{"sel.$":"$.out"},"ResultPath":"$.r","OutputPath":"$.r""#;
    let mut inputs = Vec::new();
    let ran: Ran = run(&task(LAMBDA, fields), r#"{"in":{"x":7},"keep":1}"#, |call| {
        inputs.push(call.input.to_text());
        Answer::Gives(r#"{"out":8,"noise":9}"#)
    });
    assert_eq!(inputs, [r#"{"p":7}"#]);
    ran.check_output(r#"{"sel":8}"#);
}

#[test]
fn headers_of_the_wrong_shape_stop_the_task_before_it_is_scheduled() {
    let fields = r#","Parameters":{"Headers":{"a":"b"}}"#;
    let ran = run(&task("arn:aws:states:::apigateway:invoke", fields), "{}", |_| Answer::Never);
    ran.check_events("1<0 ExecutionStarted\n2<0 TaskStateEntered\n3<2 ExecutionFailed");
}
