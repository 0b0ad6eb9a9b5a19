//! What a history says of the ways that were taken agrees with what was counted while the execution ran.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::asl::definition::Definition;
use crate::asl::read_definition;
use crate::assertion::Execution;
use crate::cli::coverage::counts_folder::CountsFolder;
use crate::mock::{ExecutionHandle, MockSfn};
use crate::model::read_history::RecordedHistory;
use crate::model::{Json, StateMachineType};
use crate::report::coverage::counts::Counts;
use crate::report::coverage::definition_coverage::DefinitionCoverage;
use crate::report::coverage::from_history::derived;
use crate::report::coverage::point::{Category, Point};

/// AWS lets an execution run for a year.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

fn points(definition: &Definition, counts: Counts) -> Vec<Point> {
    DefinitionCoverage::new((String::new(), String::new()), definition, counts).points
}

/// An execution, and those that its Map Runs started.
fn family(handle: &ExecutionHandle) -> Vec<Execution> {
    let runs = handle.map_runs();
    let children = runs.iter().flat_map(|run| run.children().iter().flat_map(family).collect::<Vec<_>>());
    std::iter::once(handle.now()).chain(children).collect()
}

/// Runs the definition on a mock, and compares. How many ambiguous things the histories hold; `None` if nothing runs.
async fn disagreement(
    text: &str,
    input: serde_json::Value,
    prepare: impl Fn(&MockSfn),
) -> Option<Result<usize, String>> {
    let definition = read_definition(text, StateMachineType::Standard).ok()?;
    let folder = tempfile::tempdir().unwrap();
    let sfn = MockSfn::builder().coverage(folder.path()).auto_answers().unverified().build();
    prepare(&sfn);
    let machine = sfn.state_machine("m").definition(text).create();
    let arn = sfn.start_execution(&machine, input);
    let handle = sfn.execution(&arn);
    tokio::time::timeout(LONGEST, handle.finished()).await.ok()?;
    let mut from_histories = Counts::default();
    let mut ambiguous = Vec::new();
    for execution in family(&handle) {
        let events = serde_json::Value::Array(execution.history());
        let history = RecordedHistory::read(&Json::from(events).to_text()).unwrap();
        let found = derived(&definition, &history.events);
        from_histories.merge(found.counts);
        ambiguous.extend(found.ambiguous);
    }
    drop(sfn);
    let collected = CountsFolder { path: folder.path().to_owned() }.read().unwrap();
    let counted = collected.definitions.into_values().next().unwrap();
    let judged = |points: Vec<Point>| {
        let is_told = |category| !matches!(category, Category::Choices | Category::Retriers);
        let is_judged = |point: &Point| ambiguous.is_empty() || is_told(point.category());
        points.into_iter().filter(is_judged).collect::<Vec<_>>()
    };
    let (counted, derived) =
        (judged(points(&definition, counted)), judged(points(&definition, from_histories)));
    let differing = counted.iter().zip(&derived).find(|(counted, derived)| counted != derived);
    Some(match differing {
        None => Ok(ambiguous.len()),
        Some((counted, derived)) => Err(format!("counted {counted:?}\nbut the history says {derived:?}")),
    })
}

#[track_caller]
fn check(text: &str, input: serde_json::Value, ambiguous: usize, prepare: impl Fn(&MockSfn)) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    assert_eq!(runtime.block_on(disagreement(text, input, prepare)), Some(Ok(ambiguous)), "{text}");
}

#[test]
fn a_choice_is_told_by_where_it_led_unless_several_rules_lead_there() {
    let choice = |second: &str| {
        format!(
            r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Default":"D","Choices":[
                {{"Variable":"$.n","NumericEquals":1,"Next":"A"}},{{"Variable":"$.n","NumericEquals":2,"Next":"{second}"}}]}},
                "A":{{"Type":"Succeed"}},"B":{{"Type":"Succeed"}},"D":{{"Type":"Wait","Seconds":1,"Next":"B"}}}}}}"#
        )
    };
    for n in 1..=3 {
        check(&choice("B"), serde_json::json!({ "n": n }), 0, |_| {});
    }
    let several = choice("A");
    check(&several, serde_json::json!({"n": 2}), 1, |_| {});
    let definition = read_definition(&several, StateMachineType::Standard).unwrap();
    let history = r#"[{"id":1,"previousEventId":0,"timestamp":1,"type":"ExecutionStarted","executionStartedEventDetails":{"input":"{}","roleArn":"r"}},
        {"id":2,"previousEventId":0,"timestamp":1,"type":"ChoiceStateEntered","stateEnteredEventDetails":{"name":"C","input":"{}"}},
        {"id":3,"previousEventId":2,"timestamp":1,"type":"ChoiceStateExited","stateExitedEventDetails":{"name":"C","output":"{}"}},
        {"id":4,"previousEventId":3,"timestamp":1,"type":"SucceedStateEntered","stateEnteredEventDetails":{"name":"A","input":"{}"}}]"#;
    let events = RecordedHistory::read(history).unwrap().events;
    assert_eq!(
        derived(&definition, &events).ambiguous,
        [
            "the history does not tell whether Choices[0] or Choices[1] of `C` led to `A`: none of them is counted"
        ]
    );
}

const TASK: &str = r#"{"StartAt":"T","States":{
    "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":10,
        "Parameters":{"QueueUrl":"q","MessageBody":{"t.$":"$$.Task.Token"}},"HeartbeatSecondsPath":"$.beat",
        "Retry":[{"ErrorEquals":["Never"],"MaxAttempts":0},{"ErrorEquals":["A","B"],"MaxAttempts":2},
                 {"ErrorEquals":["States.Timeout"],"MaxAttempts":1}],
        "Catch":[{"ErrorEquals":["A"],"Next":"F"},{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"G"},
                 {"ErrorEquals":["States.ALL"],"Next":"F"}],"End":true},
    "F":{"Type":"Fail","Error":"E"},"G":{"Type":"Succeed"}}}"#;

#[test]
fn retriers_catchers_timeouts_and_heartbeats_follow_from_the_events() {
    let beat = |seconds: u64| serde_json::json!({ "beat": seconds });
    for error in ["A", "B", "C", "Never", "States.Runtime"] {
        check(TASK, beat(5), 0, |sfn| drop(sfn.on_state("T").fails(error, "why")));
        check(TASK, beat(5), 0, |sfn| {
            drop(sfn.on_state("T").fails(error, "why").times(1).then().returns(serde_json::json!({})));
        });
    }
    check(TASK, beat(5), 0, |sfn| drop(sfn.on_state("T").waits_for_token()));
    check(TASK, beat(50), 0, |sfn| drop(sfn.on_state("T").waits_for_token()));
}

#[test]
fn what_is_nested_agrees_too() {
    let nested = |inner: &str, kind: &str| {
        format!(
            r#"{{"StartAt":"P","TimeoutSeconds":100,"States":{{
                "P":{{"Type":"Parallel","Next":"W","Retry":[{{"ErrorEquals":["Boom"],"MaxAttempts":1}}],
                    "Catch":[{{"ErrorEquals":["States.ALL"],"Next":"W"}}],"Branches":[
                    {{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,"ItemsPath":"$.items","ItemProcessor":{{
                        {kind}"StartAt":"I","States":{{"I":{inner}}}}}}}}}}},
                    {{"StartAt":"B","States":{{"B":{{"Type":"Wait","Seconds":5,"End":true}}}}}}]}},
                "W":{{"Type":"Wait","SecondsPath":"$.wait","End":true}}}}}}"#
        )
    };
    let task = r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,"Parameters":{"FunctionName":"f"}}"#;
    let distributed = r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#;
    let input = serde_json::json!({"items": [1, 2, 3], "wait": 200});
    for kind in ["", distributed] {
        let definition = nested(task, kind);
        check(&definition, input.clone(), 0, |_| {});
        check(&definition, input.clone(), 0, |sfn| drop(sfn.on_state("I").fails("Boom", "")));
        check(&definition, input.clone(), 0, |sfn| drop(sfn.on_state("I").fails("Other", "")));
    }
    check(&nested(r#"{"Type":"Fail","Error":"Boom"}"#, ""), input, 0, |_| {});
}

/// Where the definitions lie beside the repository that other people wrote, these agree as well.
#[tokio::test(start_paused = true)]
async fn real_definitions_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/definitions");
    let Ok(index) = fs::read_to_string(folder.join("index.json")) else { return };
    let index: serde_json::Value = serde_json::from_str(&index).unwrap();
    let mut complaints = Vec::new();
    let mut compared = 0;
    for (number, entry) in index["valid"].as_array().unwrap().iter().enumerate() {
        let file = entry["file"].as_str().unwrap();
        if entry["confidence"] != "high" || entry["split"] != "open" {
            continue;
        }
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let fails = number % 2 == 1; // Each takes its time.
        let prepare = |sfn: &MockSfn| {
            if fails {
                drop(sfn.on_resource("arn:*").fails("Lambda.TooManyRequestsException", "slow down"));
            }
        };
        match disagreement(&text, serde_json::json!({}), prepare).await {
            None => {}
            Some(Ok(_)) => compared += 1,
            Some(Err(why)) => complaints.push(format!("{file}, tasks fail: {fails}: {why}")),
        }
    }
    assert!(complaints.is_empty(), "{} of {compared}:\n{}", complaints.len(), complaints.join("\n"));
    assert!(compared > 100, "only {compared} were compared");
}
