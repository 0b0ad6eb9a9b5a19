//! One execution that goes through everything an assertion looks at, and ways to change its history.

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

pub(super) const ARN: &str = "arn:aws:states:us-east-1:123456789012:execution:orders:o-1";

const DEFINITION: &str = r#"{
    "StartAt": "Check",
    "States": {
        "Check": {"Type": "Pass", "Assign": {"total": 42}, "Next": "Pay"},
        "Pay": {
            "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay",
            "Parameters": {"order.$": "$.id", "amount.$": "$total"}, "ResultPath": "$.paid",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}], "Next": "Cool off"
        },
        "Cool off": {"Type": "Wait", "Seconds": 5, "Next": "Both"},
        "Both": {
            "Type": "Parallel", "ResultPath": null, "Next": "Each",
            "Branches": [
                {"StartAt": "Reserve", "States": {"Reserve": {"Type": "Pass", "End": true}}},
                {"StartAt": "Bill", "States": {
                    "Bill": {
                        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:bill",
                        "Catch": [{"ErrorEquals": ["Declined"], "ResultPath": "$.why", "Next": "Apologise"}], "End": true
                    },
                    "Apologise": {"Type": "Pass", "End": true}
                }}
            ]
        },
        "Each": {
            "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ResultPath": "$.shipped", "End": true,
            "ItemProcessor": {
                "StartAt": "Pack",
                "States": {
                    "Pack": {"Type": "Pass", "Assign": {"sku.$": "$.sku"}, "Next": "Ship"},
                    "Ship": {
                        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:ship", "End": true
                    }
                }
            }
        }
    }
}"#;

/// The events of an order with two items `a` and `b`.
pub(super) struct Events(Vec<Value>);

/// What happened to an order with these items.
pub(super) fn ordered(items: &[&str]) -> Events {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let machine = sfn.state_machine("orders").definition(DEFINITION).create();
    sfn.on_state("Pay").fails("Busy", "try later").times(1).then().returns(json!({"receipt": 7}));
    sfn.on_state("Bill").fails("Declined", "no funds left");
    sfn.on_state("Ship").answers(|call| json!({"sent": call.input.get("sku")}));
    let items: Vec<_> = items.iter().map(|sku| json!({"sku": sku})).collect();
    let arn = sfn.start_execution(&machine, json!({"id": "o-1", "items": items}));
    sfn.advance("1m");
    Events(sfn.execution(&arn).now().history())
}

/// An order of two items.
pub(super) fn right() -> Events {
    ordered(&["a", "b"])
}

impl Events {
    pub(super) fn execution(&self) -> Execution {
        Execution::from_history_json(&self.text()).unwrap()
    }

    pub(super) fn text(&self) -> String {
        json!({"executionArn": ARN, "events": self.0}).to_string()
    }

    /// The state has another name.
    pub(super) fn renamed(mut self, from: &str, to: &str) -> Self {
        for event in &mut self.0 {
            for details in details_of(event) {
                if details["name"] == from {
                    details["name"] = to.into();
                }
            }
        }
        self
    }

    /// The state has another name in its second visit.
    pub(super) fn second_renamed(mut self, from: &str, to: &str) -> Self {
        for kind in ["Entered", "Exited"] {
            let is_it = |event: &Value| {
                let is_named =
                    |member: &str| event.get(member).is_some_and(|details| details["name"] == from);
                event["type"].as_str().unwrap().ends_with(kind)
                    && (is_named("stateEnteredEventDetails") || is_named("stateExitedEventDetails"))
            };
            let event = self.0.iter_mut().filter(|event| is_it(event)).nth(1).unwrap();
            details_of(event).for_each(|details| details["name"] = to.into());
        }
        self
    }

    /// The nth event of this type, counted from 0, has another member in its details.
    pub(super) fn with(
        mut self,
        event_type: &str,
        nth: usize,
        member: &str,
        value: impl Into<Value>,
    ) -> Self {
        let details = details_of(self.nth(event_type, nth)).next().unwrap();
        assert!(details.get(member).is_some(), "{event_type} has no {member}");
        details[member] = value.into();
        self
    }

    /// The nth event of this type is of another type.
    pub(super) fn retyped(mut self, event_type: &str, nth: usize, other: &str) -> Self {
        self.nth(event_type, nth)["type"] = other.into();
        self
    }

    /// The nth event of this type, and all after it, come a millisecond later.
    pub(super) fn late(mut self, event_type: &str, nth: usize) -> Self {
        let id = self.nth(event_type, nth)["id"].as_u64();
        for event in self.0.iter_mut().filter(|event| event["id"].as_u64() >= id) {
            event["timestamp"] = (event["timestamp"].as_f64().unwrap() + 0.001).into();
        }
        self
    }

    /// It ended otherwise.
    pub(super) fn ended(mut self, event_type: &str, details: Option<(&str, Value)>) -> Self {
        let last = self.0.last_mut().unwrap();
        last["type"] = event_type.into();
        last.as_object_mut().unwrap().remove("executionSucceededEventDetails");
        if let Some((member, details)) = details {
            last[member] = details;
        }
        self
    }

    /// It failed with `Declined`.
    pub(super) fn failed(self) -> Self {
        let details = json!({"error": "Declined", "cause": "no funds left"});
        self.ended("ExecutionFailed", Some(("executionFailedEventDetails", details)))
    }

    /// It goes on.
    pub(super) fn running(mut self) -> Self {
        self.0.pop();
        self
    }

    fn nth(&mut self, event_type: &str, nth: usize) -> &mut Value {
        self.0.iter_mut().filter(|event| event["type"] == event_type).nth(nth).unwrap()
    }
}

fn details_of(event: &mut Value) -> impl Iterator<Item = &mut Value> {
    let members = event.as_object_mut().unwrap().iter_mut();
    members.filter(|(name, _)| name.ends_with("EventDetails")).map(|(_, details)| details)
}
