//! What clauses created at an endpoint, to be deleted again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::door::Exchange;
use super::patience::Patience;
use crate::endpoint::HttpRequest;
use crate::model::{Json, Operation};

/// How to get rid of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Removal {
    operation: Operation,
    member: &'static str,
    arn: String,
}

/// What has to be removed, by the clause that created it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    removals: Mutex<BTreeMap<String, Vec<Removal>>>,
}

/// What a call creates, where its answer names it, and how it is removed.
const CREATED: [(Operation, &str, Operation, &str); 3] = [
    (Operation::CreateStateMachine, "stateMachineArn", Operation::DeleteStateMachine, "stateMachineArn"),
    (Operation::CreateActivity, "activityArn", Operation::DeleteActivity, "activityArn"),
    (Operation::StartExecution, "executionArn", Operation::StopExecution, "executionArn"),
];

impl Ledger {
    /// Notes what the call created.
    pub(super) fn note(&self, clause: &str, operation: Operation, answer: &Json) {
        for (creating, member, removing, removed_member) in CREATED {
            if creating == operation
                && let Some(arn) = answer.get(member).and_then(Json::as_str)
            {
                let removal = Removal { operation: removing, member: removed_member, arn: arn.to_owned() };
                let mut removals = self.removals.lock().unwrap_or_else(PoisonError::into_inner);
                let removals = removals.entry(clause.to_owned()).or_default();
                if !removals.contains(&removal) {
                    removals.push(removal);
                }
            }
        }
    }

    /// Removes what the clause created, the latest first; all clauses' without a clause. Whether that is refused does
    /// not matter: much is gone already.
    pub(super) async fn settle(&self, clause: Option<&str>, (exchange, patience): (&dyn Exchange, Patience)) {
        for removal in self.take(clause).into_iter().rev() {
            let body = Json::from_members([(removal.member, Json::from(removal.arn))]).to_text();
            let answer = exchange.exchange(HttpRequest::of(removal.operation, body.into_bytes()));
            let _refused = patience.answer(answer).await.is_err();
        }
    }

    fn take(&self, clause: Option<&str>) -> Vec<Removal> {
        let mut removals = self.removals.lock().unwrap_or_else(PoisonError::into_inner);
        match clause {
            Some(clause) => removals.remove(clause).unwrap_or_default(),
            None => std::mem::take(&mut *removals).into_values().flatten().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::door::ResponseFuture;
    use crate::endpoint::HttpResponse;

    /// Remembers the bodies that it is sent.
    #[derive(Default)]
    struct Listening(Mutex<Vec<String>>);

    impl Exchange for Listening {
        fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
            let target = request.header("x-amz-target").unwrap_or_default();
            let said = format!("{target} {}", String::from_utf8_lossy(&request.body));
            self.0.lock().unwrap().push(said);
            Box::pin(async { Ok(HttpResponse::default()) })
        }
    }

    #[tokio::test]
    async fn what_was_created_is_removed_once_the_latest_first() {
        let ledger = Ledger::default();
        let machine = Json::parse(r#"{"stateMachineArn":"m"}"#).unwrap();
        ledger.note("a", Operation::CreateStateMachine, &machine);
        ledger.note("a", Operation::CreateStateMachine, &machine);
        ledger.note("a", Operation::DescribeStateMachine, &machine);
        ledger.note("a", Operation::StartExecution, &Json::parse(r#"{"executionArn":"e"}"#).unwrap());
        ledger.note("b", Operation::CreateActivity, &Json::parse(r#"{"activityArn":"v"}"#).unwrap());
        let exchange = Listening::default();
        ledger.settle(Some("a"), (&exchange, Patience::default())).await;
        ledger.settle(Some("a"), (&exchange, Patience::default())).await;
        ledger.settle(None, (&exchange, Patience::default())).await;
        assert_eq!(
            *exchange.0.lock().unwrap(),
            [
                r#"AWSStepFunctions.StopExecution {"executionArn":"e"}"#,
                r#"AWSStepFunctions.DeleteStateMachine {"stateMachineArn":"m"}"#,
                r#"AWSStepFunctions.DeleteActivity {"activityArn":"v"}"#,
            ]
        );
    }
}
