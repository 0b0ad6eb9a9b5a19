//! Retriers, catchers and choices that lead elsewhere than their author thinks.

use sfn_testkit::prelude::*;

use super::{check, mock};

/// Fulfils an order in a dozen states.
const FULFILMENT: &str = r#"{
    "StartAt": "Validate order",
    "States": {
        "Validate order": {"Type": "Pass", "ResultPath": "$.validated", "Result": true, "Next": "Load customer"},
        "Load customer": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": "customers", "Key": {"id": {"S.$": "$.customerId"}}},
            "ResultSelector": {"email.$": "$.Item.email.S"}, "ResultPath": "$.customer",
            "Retry": [{"ErrorEquals": ["DynamoDB.ProvisionedThroughputExceededException"], "MaxAttempts": 5}],
            "Next": "Is gift?"
        },
        "Is gift?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.gift", "BooleanEquals": true, "Next": "Add wrapping"}],
            "Default": "Reserve stock"
        },
        "Add wrapping": {"Type": "Pass", "Result": "paper", "ResultPath": "$.wrapping", "Next": "Reserve stock"},
        "Reserve stock": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "reserve-stock", "Payload": {"items.$": "$.items"}},
            "ResultSelector": {"id.$": "$.Payload.reservation"}, "ResultPath": "$.reservation",
            "Retry": [
                {"ErrorEquals": ["Lambda.TooManyRequestsException", "Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 6},
                {"ErrorEquals": ["WarehouseBusyError"], "IntervalSeconds": 10, "MaxAttempts": 4}
            ],
            "Catch": [{"ErrorEquals": ["OutOfStock"], "ResultPath": "$.error", "Next": "Offer voucher"}],
            "Next": "Charge card"
        },
        "Charge card": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "charge-card", "Payload": {"amount.$": "$.total"}},
            "ResultSelector": {"receipt.$": "$.Payload.receipt"}, "ResultPath": "$.payment",
            "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 1, "MaxAttempts": 2}],
            "Catch": [
                {"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Open ticket"},
                {"ErrorEquals": ["CardDeclined"], "ResultPath": "$.error", "Next": "Ask for another card"}
            ],
            "Next": "Ship"
        },
        "Ask for another card": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:cards", "Message.$": "$.customer.email"},
            "ResultPath": null, "Next": "Order on hold"
        },
        "Open ticket": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/tickets", "MessageBody.$": "$.error"},
            "ResultPath": null, "Next": "Order on hold"
        },
        "Order on hold": {"Type": "Pass", "Result": "ON_HOLD", "ResultPath": "$.status", "End": true},
        "Offer voucher": {"Type": "Pass", "Result": "VOUCHER", "ResultPath": "$.status", "End": true},
        "Ship": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "ship", "Payload": {"reservation.$": "$.reservation.id"}},
            "ResultPath": null, "Next": "Done"
        },
        "Done": {"Type": "Pass", "Result": "SHIPPED", "ResultPath": "$.status", "End": true}
    }
}"#;

/// The execution of an order, of which everything goes well unless a mock says otherwise.
async fn fulfil(sfn: &MockSfn) -> Execution {
    let machine = sfn.state_machine("order-fulfilment").definition(FULFILMENT).create();
    sfn.on_state("Ask for another card").returns(json!({"MessageId": "m-1"}));
    sfn.on_state("Open ticket").returns(json!({"MessageId": "m-2", "MD5OfMessageBody": "0"}));
    let input = json!({
        "orderId": "o-4711", "customerId": "c-7", "gift": false, "total": 129.9,
        "items": [{"sku": "LAMP-3", "quantity": 1}, {"sku": "BULB-E27", "quantity": 4}]
    });
    let arn = sfn.start_execution(&machine, input);
    sfn.execution(arn).finished().await
}

fn shop() -> MockSfn {
    let sfn = mock();
    sfn.on_state("Load customer").returns(json!({"Item": {"email": {"S": "ada@example.com"}}}));
    sfn.on_state("Reserve stock").returns(json!({"StatusCode": 200, "Payload": {"reservation": "r-1"}}));
    sfn.on_state("Charge card").returns(json!({"StatusCode": 200, "Payload": {"receipt": "p-1"}}));
    sfn.on_state("Ship").returns(json!({"StatusCode": 200, "Payload": {}}));
    sfn
}

#[tokio::test(start_paused = true)]
async fn a_retrier_for_another_error_name() {
    let sfn = shop();
    sfn.on_state("Reserve stock").fails("WarehouseBusy", "the warehouse takes no orders right now").times(1);
    let execution = fulfil(&sfn).await;
    check("retrier_for_another_error_name", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn a_catcher_that_comes_too_late() {
    let sfn = shop();
    sfn.on_state("Charge card").fails("CardDeclined", "insufficient funds").times(1);
    let execution = fulfil(&sfn).await;
    check("catcher_that_comes_too_late", || {
        execution.assert().visited(["Reserve stock", "Charge card", "Ask for another card"])
    });
}

const LOAN: &str = r#"{
    "StartAt": "Normalise",
    "States": {
        "Normalise": {"Type": "Pass", "Next": "Fetch score"},
        "Fetch score": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "credit-score", "Payload": {"ssn.$": "$.applicant.ssn"}},
            "ResultSelector": {"value.$": "$.Payload.score", "agency.$": "$.Payload.agency"},
            "ResultPath": "$.score", "Next": "Fetch income"
        },
        "Fetch income": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "income", "Payload": {"ssn.$": "$.applicant.ssn"}},
            "ResultSelector": {"yearly.$": "$.Payload.yearly"}, "ResultPath": "$.income", "Next": "Assess"
        },
        "Assess": {
            "Type": "Choice",
            "Choices": [
                {"And": [
                    {"Variable": "$.score.value", "NumericGreaterThanEquals": 700},
                    {"Variable": "$.income.yearly", "NumericGreaterThan": 40000}
                ], "Next": "Approve"},
                {"Variable": "$.score.value", "NumericGreaterThanEquals": 600, "Next": "Ask a human"}
            ],
            "Default": "Decline"
        },
        "Approve": {"Type": "Pass", "Result": "APPROVED", "ResultPath": "$.decision", "Next": "Write contract"},
        "Write contract": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "contract", "Payload.$": "$"}, "ResultPath": null, "Next": "Send contract"
        },
        "Send contract": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "send", "Payload.$": "$"}, "ResultPath": null, "Next": "Archive"
        },
        "Ask a human": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
            "ResultPath": "$.decision", "Next": "Archive"
        },
        "Decline": {"Type": "Pass", "Result": "DECLINED", "ResultPath": "$.decision", "Next": "Archive"},
        "Archive": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": "loans", "Item": {"id": {"S.$": "$.applicationId"}}},
            "ResultPath": null, "End": true
        }
    }
}"#;

#[tokio::test(start_paused = true)]
async fn a_choice_that_compares_a_text_with_a_number() {
    let sfn = mock();
    sfn.on_state("Fetch score")
        .returns(json!({"StatusCode": 200, "Payload": {"score": "742", "agency": "Experian"}}));
    sfn.on_state("Fetch income").returns(json!({"StatusCode": 200, "Payload": {"yearly": 61000}}));
    sfn.on_state("Archive").returns(json!({}));
    let machine = sfn.state_machine("loan-application").definition(LOAN).create();
    let input = json!({"applicationId": "a-1", "applicant": {"name": "Ada", "ssn": "078-05-1120"}});
    let arn = sfn.start_execution(&machine, input);
    let execution = sfn.execution(arn).finished().await;
    check("choice_between_text_and_number", || {
        execution.assert().succeeded().visited(["Assess", "Send contract"])
    });
}
