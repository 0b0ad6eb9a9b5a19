//! Assertions in tables of `rstest`: they panic at the line of the case, or give a `Result`.

use rstest::rstest;
use sfn_testkit::prelude::*;
use sfn_testkit::{Assert, AssertionFailure};

const GREET: &str = r#"{
    "StartAt": "IsKnown",
    "States": {
        "IsKnown": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.name", "IsPresent": true, "Next": "Greet"}],
            "Default": "Ask"
        },
        "Greet": {"Type": "Pass", "End": true},
        "Ask": {"Type": "Fail", "Error": "Nameless"}
    }
}"#;

fn run(input: &serde_json::Value) -> Execution {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let machine = sfn.state_machine("greet").definition(GREET).create();
    let arn = sfn.start_execution(&machine, input.clone());
    sfn.execution(&arn).now()
}

fn succeeded(it: Assert<'_>) -> Assert<'_> {
    it.succeeded()
}

fn nameless(it: Assert<'_>) -> Assert<'_> {
    it.failed_with("Nameless")
}

#[rstest]
#[case::known(json!({"name": "Ada"}), &["IsKnown", "Greet"], succeeded)]
#[case::unknown(json!({}), &["IsKnown", "Ask"], nameless)]
fn each_input_has_its_way(
    #[case] input: serde_json::Value,
    #[case] path: &[&str],
    #[case] end: fn(Assert<'_>) -> Assert<'_>,
) -> Result<(), AssertionFailure> {
    let execution = run(&input);
    execution.assert().visited_exactly(path.iter().copied());
    execution.check(end)
}

#[rstest]
fn negations_are_as_good(#[values("Refund", "Ask")] state: &str) {
    run(&json!({"name": "Ada"})).assert().does_not(|it| it.visited([state]));
}
