//! Coverage as it is collected: which files there are, and that nothing is lost or told twice.

use std::fs;
use std::path::Path;

use sfn_testkit::prelude::*;

const CHOICE: &str = r#"{"StartAt":"C","States":{
    "C":{"Type":"Choice","Default":"B","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"A"}]},
    "A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#;

/// The lines of all coverage files, and the texts of the definitions.
fn collected(folder: &Path) -> (Vec<String>, Vec<String>) {
    let texts = |folder: &Path, extension: &str| {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|found| found == extension));
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let files: Vec<String> = texts(folder, "jsonl");
    let lines = files.iter().flat_map(|file| file.lines().skip(1).map(str::to_owned));
    (lines.collect(), texts(&folder.join("definitions"), "json"))
}

fn counted(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.split_once("\"executions\"").unwrap().1).collect()
}

#[tokio::test(start_paused = true)]
async fn each_ended_execution_is_told_at_once_and_the_others_when_the_mock_ends() {
    let folder = tempfile::tempdir().unwrap();
    let sfn = MockSfn::builder().coverage(folder.path()).build();
    let machine = sfn.state_machine("m").definition(CHOICE).create();
    let slow = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#;
    let waiting = sfn.state_machine("w").definition(slow).create();
    let arn = sfn.start_execution(&machine, json!({"a": 1}));
    sfn.execution(&arn).finished().await;
    let first = r#":1,"timedOut":0,"taken":{"C":[1,0,0,0,0,1],"A":[1,1]}}"#;
    let (lines, definitions) = collected(folder.path());
    assert_eq!(counted(&lines), [first]);
    assert!(lines[0].contains(r#""machine":"m","definition":""#), "{lines:?}");
    let test = "it::mock::coverage::each_ended_execution_is_told_at_once_and_the_others_when_the_mock_ends";
    assert!(lines[0].contains(&format!(r#""test":"{test}""#)), "{lines:?}");
    assert_eq!(definitions, [CHOICE]);

    sfn.start_execution(&waiting, json!({}));
    drop(sfn);
    let (lines, definitions) = collected(folder.path());
    assert_eq!(counted(&lines), [first, r#":1,"timedOut":0,"taken":{"W":[1]}}"#]);
    assert_eq!(definitions.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_definition_that_nobody_ran_is_told_and_a_stub_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let sfn = MockSfn::builder().coverage(folder.path()).build();
    sfn.state_machine("idle").definition(CHOICE).create();
    let stub = sfn.state_machine("stub").returns(json!(1)).create();
    let arn = sfn.start_execution(&stub, json!({}));
    sfn.execution(&arn).finished().await;
    drop(sfn);
    let (lines, definitions) = collected(folder.path());
    assert_eq!(counted(&lines), [r#":0,"timedOut":0,"taken":{}}"#]);
    assert_eq!(definitions, [CHOICE]);
}

#[tokio::test(start_paused = true)]
async fn child_executions_of_a_distributed_map_count_for_the_states_of_their_parent() {
    let folder = tempfile::tempdir().unwrap();
    let sfn = MockSfn::builder().coverage(folder.path()).build();
    let definition = r#"{"StartAt":"Each","States":{"Each":{"Type":"Map","End":true,"ItemProcessor":{
        "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}}}"#;
    let machine = sfn.state_machine("m").definition(definition).create();
    let arn = sfn.start_execution(&machine, json!([1, 2, 3]));
    sfn.execution(&arn).finished().await.assert().succeeded();
    let (lines, definitions) = collected(folder.path());
    assert_eq!(counted(&lines), [r#":1,"timedOut":0,"taken":{"Each":[1,1],"I":[3,3]}}"#]);
    assert_eq!(definitions, [definition]);
}

#[tokio::test(start_paused = true)]
async fn versions_of_a_definition_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let sfn = MockSfn::builder().coverage(folder.path()).build();
    let machine = sfn.state_machine("m").definition(CHOICE).create();
    sfn.start_execution(&machine, json!({}));
    let other = CHOICE.replace("$.a", "$.b");
    sfn.client().update_state_machine().state_machine_arn(&machine).definition(&other).send().await.unwrap();
    sfn.start_execution(&machine, json!({}));
    drop(sfn);
    let (lines, definitions) = collected(folder.path());
    let one = r#":1,"timedOut":0,"taken":{"C":[1,1],"B":[1,1]}}"#;
    assert_eq!(counted(&lines), [one, one]);
    assert_eq!(definitions.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_test_that_fails_has_been_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let failed = tokio::spawn(async move {
        let sfn = MockSfn::builder().coverage(path).build();
        let slow = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#;
        let machine = sfn.state_machine("m").definition(slow).create();
        sfn.start_execution(&machine, json!({}));
        panic!("the test fails here");
    });
    assert!(failed.await.is_err());
    assert_eq!(counted(&collected(folder.path()).0), [r#":1,"timedOut":0,"taken":{"W":[1]}}"#]);
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_cannot_be_written_fails_no_test() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let sfn = MockSfn::builder().coverage(&file).build();
    let machine = sfn.state_machine("m").definition(CHOICE).create();
    let arn = sfn.start_execution(&machine, json!({}));
    sfn.execution(&arn).finished().await.assert().succeeded();
}
