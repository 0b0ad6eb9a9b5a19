//! Branches, items, tokens and limits of time.

use sfn_testkit::prelude::*;

use super::{check, mock};

const IMPORT: &str = r#"{
    "StartAt": "Parse file",
    "States": {
        "Parse file": {"Type": "Pass", "Next": "Each row"},
        "Each row": {
            "Type": "Map", "ItemsPath": "$.rows", "MaxConcurrency": 4, "ResultPath": "$.imported",
            "ItemProcessor": {
                "StartAt": "Trim",
                "States": {
                    "Trim": {"Type": "Pass", "Next": "Is active?"},
                    "Is active?": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$.status", "StringEquals": "active", "Next": "Convert"}],
                        "Default": "Skip"
                    },
                    "Convert": {
                        "Type": "Pass",
                        "Parameters": {"sku.$": "$.sku", "cents.$": "States.MathAdd($.price.cents, 0)"},
                        "Next": "Store"
                    },
                    "Store": {
                        "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
                        "Parameters": {"TableName": "products", "Item": {"sku": {"S.$": "$.sku"}}},
                        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 2}],
                        "ResultPath": null, "End": true
                    },
                    "Skip": {"Type": "Succeed"}
                }
            },
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Report failure"}],
            "Next": "Count"
        },
        "Count": {"Type": "Pass", "Parameters": {"count.$": "States.ArrayLength($.imported)"}, "Next": "Notify"},
        "Report failure": {"Type": "Fail", "Error": "ImportFailed"},
        "Notify": {"Type": "Succeed"}
    }
}"#;

#[tokio::test(start_paused = true)]
async fn a_bad_item_of_a_map() {
    let sfn = mock();
    sfn.on_state("Store").returns(json!({})).after("1s");
    let machine = sfn.state_machine("product-import").definition(IMPORT).create();
    let row = |number: u32| match number {
        7 => json!({"sku": "SKU-7", "status": "active", "price": {"euros": 12}}),
        3 | 5 => json!({"sku": format!("SKU-{number}"), "status": "retired", "price": {"cents": 1}}),
        _ => json!({"sku": format!("SKU-{number}"), "status": "active", "price": {"cents": 100 * number}}),
    };
    let rows: Vec<_> = (0..12).map(row).collect();
    let arn = sfn.start_execution(&machine, json!({"rows": rows}));
    let execution = sfn.execution(arn).finished().await;
    check("bad_item_of_a_map", || execution.assert().succeeded());
}

const VIDEO: &str = r#"{
    "StartAt": "Probe",
    "States": {
        "Probe": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "probe", "Payload.$": "$"},
            "ResultSelector": {"codec.$": "$.Payload.codec", "minutes.$": "$.Payload.minutes"},
            "ResultPath": "$.probe", "Next": "Prepare"
        },
        "Prepare": {
            "Type": "Parallel", "ResultPath": "$.prepared", "Next": "Publish",
            "Branches": [
                {"StartAt": "Extract frames", "States": {
                    "Extract frames": {
                        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                        "Parameters": {"FunctionName": "frames", "Payload.$": "$"}, "Next": "Store thumbnails"
                    },
                    "Store thumbnails": {
                        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
                        "Parameters": {"Bucket": "thumbnails", "Key.$": "$.StatusCode", "Body": "…"}, "End": true
                    }
                }},
                {"StartAt": "Transcode", "States": {
                    "Transcode": {
                        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                        "Parameters": {"FunctionName": "transcode", "Payload.$": "$"}, "TimeoutSeconds": 900,
                        "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"]}], "End": true
                    }
                }},
                {"StartAt": "Transcribe", "States": {
                    "Transcribe": {
                        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                        "Parameters": {"FunctionName": "transcribe", "Payload.$": "$"}, "Next": "Translate"
                    },
                    "Translate": {"Type": "Pass", "End": true}
                }}
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Quarantine"}]
        },
        "Quarantine": {"Type": "Pass", "Result": "QUARANTINED", "ResultPath": "$.state", "End": true},
        "Publish": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 30,
            "Parameters": {"FunctionName": "publish", "Payload.$": "$"},
            "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 5, "MaxAttempts": 2}],
            "ResultPath": "$.published",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Unpublished"}],
            "Next": "Announce"
        },
        "Unpublished": {"Type": "Pass", "Result": "UNPUBLISHED", "ResultPath": "$.state", "End": true},
        "Announce": {"Type": "Pass", "Result": "PUBLISHED", "ResultPath": "$.state", "End": true}
    }
}"#;

fn studio() -> MockSfn {
    let sfn = mock();
    let done = json!({"StatusCode": 200, "Payload": {"ok": true}});
    sfn.on_state("Probe").returns(json!({"StatusCode": 200, "Payload": {"codec": "prores", "minutes": 12}}));
    sfn.on_state("Extract frames").returns(done.clone()).after("20s");
    sfn.on_state("Store thumbnails").returns(json!({"ETag": "e"}));
    sfn.on_state("Transcode").returns(done.clone()).after("10s");
    sfn.on_state("Transcribe").returns(done.clone()).after("40s");
    sfn.on_state("Publish").returns(done);
    sfn
}

async fn upload(sfn: &MockSfn) -> Execution {
    let machine = sfn.state_machine("video-upload").definition(VIDEO).create();
    let arn = sfn.start_execution(&machine, json!({"videoId": "v-1", "key": "raw/v-1.mov"}));
    sfn.execution(arn).finished().await
}

#[tokio::test(start_paused = true)]
async fn a_branch_that_aborts_the_others() {
    let sfn = studio();
    sfn.on_state("Transcode").fails("UnsupportedCodec", "prores is not supported").after("15s");
    let execution = upload(&sfn).await;
    check("branch_that_aborts_the_others", || {
        execution.assert().state("Store thumbnails", |state| state.entered(1))
    });
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_too_short() {
    let sfn = studio();
    sfn.on_state("Publish")
        .returns(json!({"StatusCode": 200, "Payload": {"url": "https://example.com/v-1"}}))
        .after("45s");
    let execution = upload(&sfn).await;
    check("limit_that_is_too_short", || execution.assert().output_includes(json!({"state": "PUBLISHED"})));
}

const LEAVE: &str = r#"{
    "StartAt": "Check balance",
    "States": {
        "Check balance": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "balances", "Key": {"id": {"S.$": "$.employee"}}},
            "ResultPath": "$.balance", "Next": "Ask manager"
        },
        "Ask manager": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/approvals",
                           "MessageBody": {"employee.$": "$.employee", "days.$": "$.days", "token.$": "$$.Task.Token"}},
            "ResultPath": "$.approval", "Next": "Approved?"
        },
        "Approved?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.approval.approved", "BooleanEquals": true, "Next": "Book leave"}],
            "Default": "Refuse"
        },
        "Book leave": {"Type": "Pass", "Next": "Tell team"},
        "Tell team": {"Type": "Pass", "Next": "Update calendar"},
        "Update calendar": {"Type": "Pass", "End": true},
        "Refuse": {"Type": "Fail", "Error": "Refused"}
    }
}"#;

#[tokio::test(start_paused = true)]
async fn a_token_that_nobody_sends_back() {
    let sfn = mock();
    sfn.on_state("Check balance").returns(json!({"Item": {"days": {"N": "12"}}}));
    sfn.on_state("Ask manager").waits_for_token();
    let machine = sfn.state_machine("leave-request").definition(LEAVE).create();
    let arn = sfn.start_execution(&machine, json!({"employee": "e-5", "days": 3}));
    let execution = sfn.execution(arn).now();
    check("token_that_nobody_sends_back", || {
        execution.assert().visited(["Check balance", "Ask manager", "Approved?", "Book leave"])
    });
}
