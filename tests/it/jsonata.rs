//! Machines in JSONata through the client: what they say of themselves, and how a failed expression is told.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::json;
use sfn_testkit::prelude::*;

const TOTAL: &str = r#"{"QueryLanguage":"JSONata","StartAt":"Total","States":{"Total":{"Type":"Pass","Output":{"sum":"{% $sum($states.input.prices) + $extra %}"},"End":true}}}"#;

#[tokio::test(start_paused = true)]
async fn a_failed_expression_is_told_with_its_field_in_the_timeline() {
    let sfn = MockSfn::new();
    let totals = sfn.state_machine("totals").definition(TOTAL).create();
    let arn = sfn.start_execution(&totals, json!({ "prices": [1, 2] }));
    let finished = sfn.execution(&arn).finished().await;
    let failed = catch_unwind(AssertUnwindSafe(|| {
        finished.assert().succeeded();
    }));
    let text = *failed.unwrap_err().downcast::<String>().unwrap();
    let line = "  +0s    evaluation of Output/sum failed: '$sum($states.input.prices) + $extra' returned nothing (undefined).\n";
    assert!(text.contains(line), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_api_shows_the_variables_and_judges_the_expressions() {
    let sfn = MockSfn::new();
    let totals = sfn.state_machine("totals").definition(TOTAL).create();
    let client = sfn.client();
    let described = client.describe_state_machine().state_machine_arn(totals.as_str()).send().await.unwrap();
    let references = described.variable_references.unwrap();
    assert_eq!(references["Total"], ["extra"]);

    let judged =
        |definition: String| client.validate_state_machine_definition().definition(definition).send();
    let fine = judged(TOTAL.to_owned()).await.unwrap();
    assert_eq!(fine.result.as_str(), "OK");
    let faulty = judged(TOTAL.replace("$extra", "(")).await.unwrap();
    assert_eq!(faulty.result.as_str(), "FAIL");
    let diagnostic = &faulty.diagnostics[0];
    assert_eq!(diagnostic.location.as_deref(), Some("/States/Total/Output/sum"));
    assert_eq!(
        diagnostic.message,
        "The JSONata expression '$sum($states.input.prices) + (' specified for the field 'Output/sum' is not valid. S0207: Unexpected end of expression"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_expression_is_an_event_that_names_state_and_field() {
    let sfn = MockSfn::new();
    let totals = sfn.state_machine("totals").definition(TOTAL).create();
    let arn = sfn.start_execution(&totals, json!({ "prices": [] }));
    sfn.execution(&arn).finished().await;
    let history = sfn.client().get_execution_history().execution_arn(&arn).send().await.unwrap();
    let event =
        history.events.iter().find_map(|event| event.evaluation_failed_event_details.as_ref()).unwrap();
    assert_eq!(event.state, "Total");
    assert_eq!(event.location.as_deref(), Some("Output/sum"));
    assert_eq!(event.error.as_deref(), Some("States.QueryEvaluationError"));
}

#[tokio::test(start_paused = true)]
async fn how_many_items_a_distributed_map_reads_and_how_many_may_fail_is_computed() {
    let sfn = MockSfn::new();
    let definition = r#"{"QueryLanguage":"JSONata","StartAt":"Each","States":{"Each":{"Type":"Map","End":true,
        "ToleratedFailurePercentage":"{% $states.input.percent %}",
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
            "ReaderConfig":{"InputType":"JSON","MaxItems":"{% $most := 4 %}"},
            "Arguments":{"Bucket":"{% $states.input.bucket %}","Key":"f"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Do",
            "States":{"Do":{"Type":"Choice","Choices":[{"Condition":"{% $states.input > 1 %}","Next":"Fine"}],
                "Default":"Bad"},"Fine":{"Type":"Succeed"},"Bad":{"Type":"Fail"}}}}}}"#;
    let machine = sfn.state_machine("m").definition(definition).create();
    sfn.objects().put("b", "f", "[1,2,3,4,5]");
    let finished = async |percent: f64| {
        let arn = sfn.start_execution(&machine, json!({"bucket": "b", "percent": percent}));
        sfn.execution(&arn).finished().await
    };
    finished(25.0).await.assert().succeeded().output(json!([2, 3, 4]));
    finished(24.9).await.assert().failed_with("States.ExceedToleratedFailureThreshold");
    finished(101.0).await.assert().failed_because("ToleratedFailurePercentage must be between 0 and 100.");
}
