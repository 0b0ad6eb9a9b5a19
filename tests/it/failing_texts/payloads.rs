//! Payloads that are not what the next state, or the test, expects.

use sfn_testkit::prelude::*;

use super::{check, mock};

const BOOKING: &str = r#"{
    "StartAt": "Check dates",
    "States": {
        "Check dates": {"Type": "Pass", "Next": "Find room"},
        "Find room": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "find-room", "Payload": {"from.$": "$.stay.from", "to.$": "$.stay.to"}},
            "ResultSelector": {"number.$": "$.Payload.room", "rate.$": "$.Payload.rate"},
            "ResultPath": "$.room", "Next": "Price"
        },
        "Price": {
            "Type": "Pass",
            "Parameters": {"currency": "EUR", "perNight.$": "$.room.rate"}, "ResultPath": "$.price", "Next": "Hold room"
        },
        "Hold room": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem",
            "Parameters": {"TableName": "rooms", "Key": {"number": {"S.$": "$.room.number"}}},
            "Next": "Has voucher?"
        },
        "Has voucher?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.voucher", "IsPresent": true, "Next": "Apply voucher"}],
            "Default": "Wait for housekeeping"
        },
        "Apply voucher": {"Type": "Pass", "Next": "Wait for housekeeping"},
        "Wait for housekeeping": {"Type": "Wait", "Seconds": 60, "Next": "Confirm"},
        "Confirm": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {
                "TopicArn": "arn:aws:sns:us-east-1:123456789012:bookings",
                "Message.$": "States.Format('Room {} is yours', $.room.number)"
            },
            "ResultPath": null, "Next": "Invoice"
        },
        "Invoice": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "invoice", "Payload": {"guest": "$.guest.email", "amount.$": "$.price.perNight"}},
            "ResultPath": null, "End": true
        }
    }
}"#;

async fn book(hold_room: &str) -> Execution {
    let sfn = mock();
    sfn.on_state("Find room").returns(json!({"StatusCode": 200, "Payload": {"room": "204", "rate": 89}}));
    sfn.on_state("Hold room")
        .returns(json!({"ConsumedCapacity": {"TableName": "rooms", "CapacityUnits": 1.0}}));
    sfn.on_state("Confirm").returns(json!({"MessageId": "m-1"}));
    sfn.on_state("Invoice").returns(json!({"StatusCode": 200, "Payload": {}}));
    let definition =
        BOOKING.replace(r#""Next": "Has voucher?""#, &format!(r#"{hold_room}"Next": "Has voucher?""#));
    let machine = sfn.state_machine("hotel-booking").definition(definition).create();
    let input = json!({
        "guest": {"name": "Grace", "email": "grace@example.com"},
        "stay": {"from": "2024-05-01", "to": "2024-05-03"}
    });
    let arn = sfn.start_execution(&machine, input);
    sfn.execution(arn).finished().await
}

#[tokio::test(start_paused = true)]
async fn a_result_that_replaced_the_input() {
    let execution = book("").await;
    check("result_that_replaced_the_input", || execution.assert().succeeded());
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_not_read_as_a_path() {
    let execution = book(r#""ResultPath": null, "#).await;
    check("parameter_that_is_no_path", || {
        execution.assert().succeeded().task("Invoice", |invoice| {
            invoice.received_includes(json!({"Payload": {"guest": "grace@example.com", "amount": 89}}))
        })
    });
}

/// The output of a whole workflow, of which the last state hands on a part.
const SIGNUP: &str = r#"{
    "StartAt": "Create account",
    "States": {
        "Create account": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "create-account", "Payload.$": "$"},
            "ResultPath": "$.account", "Next": "Welcome"
        },
        "Welcome": {
            "Type": "Task", "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:welcome", "Message.$": "$.email"},
            "ResultPath": "$.welcome", "OutputPath": "$.welcome", "Next": "Mark active"
        },
        "Mark active": {"Type": "Pass", "Result": true, "ResultPath": "$.active", "End": true}
    }
}"#;

#[tokio::test(start_paused = true)]
async fn an_output_path_that_keeps_too_little() {
    let sfn = mock();
    sfn.on_state("Create account").returns(json!({"StatusCode": 200, "Payload": {"id": "u-1"}}));
    sfn.on_state("Welcome").returns(json!({"MessageId": "m-1"}));
    let machine = sfn.state_machine("signup").definition(SIGNUP).create();
    let arn = sfn.start_execution(&machine, json!({"email": "alan@example.com"}));
    let execution = sfn.execution(arn).finished().await;
    check("output_path_that_keeps_too_little", || {
        execution.assert().output_includes(json!({"active": true, "account": {"Payload": {"id": "u-1"}}}))
    });
}

/// JSONata throughout.
const TRIP: &str = r#"{
    "QueryLanguage": "JSONata",
    "StartAt": "Read request",
    "States": {
        "Read request": {
            "Type": "Pass",
            "Assign": {"currency": "{% $states.input.preferences.currency %}"},
            "Output": {"traveller": "{% $states.input.traveller %}", "legs": "{% $states.input.legs %}"},
            "Next": "Quote flight"
        },
        "Quote flight": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "quote-flight", "Payload": {"legs": "{% $states.input.legs %}"}},
            "Output": "{% $merge([$states.input, {'flight': $states.result.Payload}]) %}",
            "Next": "Quote hotel"
        },
        "Quote hotel": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "quote-hotel", "Payload": {"city": "{% $states.input.legs[-1].to %}"}},
            "Output": "{% $merge([$states.input, {'hotel': $states.result.Payload}]) %}",
            "Next": "Too expensive?"
        },
        "Too expensive?": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.flight.price + $states.input.hotel.price > 2000 %}", "Next": "Ask manager"}],
            "Default": "Sum up"
        },
        "Ask manager": {"Type": "Pass", "Next": "Sum up"},
        "Sum up": {
            "Type": "Pass",
            "Output": {
                "total": "{% $states.input.flight.price + $states.input.hotel.price %}",
                "currency": "{% $currency %}", "traveller": "{% $states.input.traveler.name %}"
            },
            "Next": "Book"
        },
        "Book": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "book", "Payload": "{% $states.input %}"}, "End": true
        }
    }
}"#;

#[tokio::test(start_paused = true)]
async fn an_expression_with_a_typing_error() {
    let sfn = mock();
    sfn.on_state("Quote flight")
        .returns(json!({"StatusCode": 200, "Payload": {"price": 420, "airline": "LH"}}));
    sfn.on_state("Quote hotel")
        .returns(json!({"StatusCode": 200, "Payload": {"price": 310, "name": "Adlon"}}));
    sfn.on_state("Book").returns(json!({"StatusCode": 200, "Payload": {"booking": "b-9"}}));
    let machine = sfn.state_machine("business-trip").definition(TRIP).create();
    let input = json!({
        "traveller": {"name": "Edsger", "level": 3}, "preferences": {"currency": "EUR"},
        "legs": [{"from": "AMS", "to": "BER"}]
    });
    let arn = sfn.start_execution(&machine, input);
    let execution = sfn.execution(arn).finished().await;
    check("expression_with_a_typing_error", || execution.assert().task("Book", |book| book.times(1)));
}
