//! Executions from a client of the SDK and from files.

use sfn_testkit::prelude::*;

use super::history::{ARN, right};

/// More events than a page has.
fn long(sfn: &MockSfn) -> StateMachineArn {
    sfn.state_machine("long")
        .definition(
            r#"{
        "StartAt": "Each",
        "States": {
            "Each": {"Type": "Map", "Next": "Wait", "ItemProcessor": {
                "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}
            }},
            "Wait": {"Type": "Wait", "Seconds": 60, "End": true}
        }
    }"#,
        )
        .create()
}

#[tokio::test(start_paused = true)]
async fn an_execution_is_fetched_with_all_its_pages() {
    let sfn = MockSfn::new();
    let items: Vec<_> = (0..600).collect();
    let arn = sfn.start_execution(long(&sfn), json!(items));
    let running = Execution::fetch(&sfn.client(), &arn).await.unwrap();
    running.assert().running().state("Each", |each| each.iterations(600));
    sfn.execution(&arn).finished().await;
    let fetched = Execution::fetch(&sfn.client(), &arn).await.unwrap();
    fetched.assert().succeeded().output_at("$[599]", 599).waited("Wait", "60s");
    assert_eq!(fetched.history(), sfn.execution(&arn).now().history());
    assert_eq!((fetched.arn(), fetched.state_machine_name()), (arn.as_str(), "long"));
    assert_eq!(fetched.definition(), sfn.execution(&arn).now().definition());
    let pages = sfn.calls().of(Operation::GetExecutionHistory).len();
    assert!(pages >= 6, "{pages}");
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_does_not_exist_is_told() {
    let sfn = MockSfn::new();
    let error = Execution::fetch(&sfn.client(), ARN).await.unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("GetExecutionHistory of `{ARN}` failed: "))
            && error.contains("ExecutionDoesNotExist"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_end_between_two_calls_is_not_missed() {
    let sfn = MockSfn::new();
    sfn.fault(Operation::GetExecutionHistory).stale_reads("30s").times(1);
    let arn = sfn.start_execution(long(&sfn), json!([]));
    sfn.execution(&arn).finished().await;
    // The first history has no end, and the description says that there is one.
    Execution::fetch(&sfn.client(), &arn).await.unwrap().assert().succeeded();
    sfn.calls().exactly([
        Operation::GetExecutionHistory,
        Operation::DescribeExecution,
        Operation::GetExecutionHistory,
        Operation::DescribeStateMachineForExecution,
    ]);
}

#[test]
fn a_history_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.json");
    std::fs::write(&path, right().text()).unwrap();
    Execution::from_history_file(&path).unwrap().assert().succeeded().visited(["Check", "Pay"]);

    std::fs::write(&path, "[]").unwrap();
    let invalid = Execution::from_history_file(&path).unwrap_err().to_string();
    assert!(
        invalid.starts_with(&format!(
            "{} holds no history of an execution: there are no events",
            path.display()
        ))
    );
    let missing = Execution::from_history_file(folder.path().join("none.json")).unwrap_err().to_string();
    assert!(missing.contains("none.json cannot be read: "), "{missing}");
}
