//! A thousand random requests of each operation, and long sequences of all.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use serde_json::Value;

use super::door::{Answer, Door, shown};
use super::generate::{Request, request, sound};
use super::histories::check_histories;
use super::model::{Model, Operation};
use super::well_formed::breach;
use super::{SERIALIZATION, VALIDATION};

/// So many requests meet one account, which they change.
const REQUESTS: usize = 40;
const ACCOUNTS: u32 = 25;

/// The same cases in every run.
pub(super) fn runner(cases: u32) -> TestRunner {
    let config =
        Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() };
    TestRunner::new(config)
}

/// Sends a request and checks what is said.
fn check(door: &mut Door, operation: &Operation, request: &Request) {
    let (shown_request, answer) = match request {
        Request::Sound(input) | Request::Violating(input, _) | Request::Misfit(input, _) => {
            (shown(input.to_string().as_bytes()), door.call(operation.name, input))
        }
        Request::Hostile(bytes) => (shown(&bytes.0), door.send(operation.name, &bytes.0)),
    };
    let context = || {
        format!(
            "{} {shown_request}\n{} {}",
            operation.name,
            answer.status,
            shown(answer.body.to_string().as_bytes())
        )
    };
    if let Some(breach) = breach(operation, &answer) {
        panic!("{breach}: {}", context());
    }
    match request {
        Request::Sound(_) => {
            let refused = [VALIDATION, SERIALIZATION].into_iter().find(|kind| is(&answer, kind));
            assert_eq!(refused, None, "{}", context());
        }
        Request::Violating(_, message) => assert_refused(&answer, VALIDATION, message, &context),
        Request::Misfit(_, message) => assert_refused(&answer, SERIALIZATION, message, &context),
        Request::Hostile(_) => {}
    }
}

fn is(answer: &Answer, kind: &str) -> bool {
    answer.body.get("__type").is_some_and(|found| found == kind)
}

fn assert_refused(answer: &Answer, kind: &str, message: &str, context: &dyn Fn() -> String) {
    assert!(answer.status == 400 && is(answer, kind), "{}\nexpected {message}", context());
    let told = answer.body.get("message").and_then(Value::as_str);
    assert_eq!(told, Some(message), "{}", context());
}

fn check_operation(name: &str) {
    let operation = Model::operation(name);
    let requests = vec(request(operation), REQUESTS);
    runner(ACCOUNTS)
        .run(&requests, |requests| {
            let mut door = Door::to_something();
            requests.iter().for_each(|request| check(&mut door, operation, request));
            Ok(())
        })
        .unwrap_or_else(|why| panic!("{why}"));
}

/// One test for each operation, so that they run at the same time.
macro_rules! a_thousand_requests_of {
    ($($test:ident: $operation:literal;)*) => {
        $(#[test] fn $test() { check_operation($operation); })*

        #[test]
        fn no_operation_is_left_out() {
            let tested = [$($operation),*];
            let left_out = Model::get().operations.iter().find(|operation| !tested.contains(&operation.name));
            assert_eq!(left_out.map(|operation| operation.name), None);
        }
    };
}

a_thousand_requests_of! {
    create_activity: "CreateActivity";
    create_state_machine: "CreateStateMachine";
    create_state_machine_alias: "CreateStateMachineAlias";
    delete_activity: "DeleteActivity";
    delete_state_machine: "DeleteStateMachine";
    delete_state_machine_alias: "DeleteStateMachineAlias";
    delete_state_machine_version: "DeleteStateMachineVersion";
    describe_activity: "DescribeActivity";
    describe_execution: "DescribeExecution";
    describe_map_run: "DescribeMapRun";
    describe_state_machine: "DescribeStateMachine";
    describe_state_machine_alias: "DescribeStateMachineAlias";
    describe_state_machine_for_execution: "DescribeStateMachineForExecution";
    get_activity_task: "GetActivityTask";
    get_execution_history: "GetExecutionHistory";
    list_activities: "ListActivities";
    list_executions: "ListExecutions";
    list_map_runs: "ListMapRuns";
    list_state_machine_aliases: "ListStateMachineAliases";
    list_state_machine_versions: "ListStateMachineVersions";
    list_state_machines: "ListStateMachines";
    list_tags_for_resource: "ListTagsForResource";
    publish_state_machine_version: "PublishStateMachineVersion";
    redrive_execution: "RedriveExecution";
    send_task_failure: "SendTaskFailure";
    send_task_heartbeat: "SendTaskHeartbeat";
    send_task_success: "SendTaskSuccess";
    start_execution: "StartExecution";
    start_sync_execution: "StartSyncExecution";
    stop_execution: "StopExecution";
    tag_resource: "TagResource";
    test_state: "TestState";
    untag_resource: "UntagResource";
    update_map_run: "UpdateMapRun";
    update_state_machine: "UpdateStateMachine";
    update_state_machine_alias: "UpdateStateMachineAlias";
    validate_state_machine_definition: "ValidateStateMachineDefinition";
}

#[derive(Debug, Clone)]
enum Step {
    Call(&'static str, Request),
    Advance(Duration),
}

#[test]
fn sequences_of_all_operations_are_answered_as_the_model_says() {
    let operations = Model::get().operations.iter();
    let calls = operations.map(|operation| {
        // Sound ones go deeper, and change something.
        let requests = prop_oneof![9 => sound(operation).prop_map(Request::Sound), 1 => request(operation)];
        requests.prop_map(|request| Step::Call(operation.name, request)).boxed()
    });
    let call = proptest::strategy::Union::new(calls);
    let pause = select(&[1_u64, 30, 300, 3600, 90_000][..])
        .prop_map(|seconds| Step::Advance(Duration::from_secs(seconds)));
    let steps = vec(prop_oneof![12 => call, 1 => pause], 1..150);
    runner(60)
        .run(&steps, |steps| {
            let mut door = Door::to_something();
            for step in &steps {
                match step {
                    Step::Call(name, request) => check(&mut door, Model::operation(name), request),
                    Step::Advance(duration) => door.advance(*duration),
                }
            }
            check_histories(&mut door);
            Ok(())
        })
        .unwrap_or_else(|why| panic!("{why}"));
}
