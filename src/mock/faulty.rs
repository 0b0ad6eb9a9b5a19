//! Calls that a fault disturbs.

use serde_json::Value;

use super::core::Core;
use super::fault_registry::{Disturbance, Effect, FaultEntry};
use super::problem::Problem;
use super::task_work::caught;
use crate::model::{Json, Operation};
use crate::service::account::{Caller, Reply};
use crate::wire::Response;

impl Core {
    /// What the newest fault that is meant for a call does to it.
    ///
    /// No lock is held while conditions of the user's are asked: they may call back into the mock.
    pub(super) fn choose_fault(&self, operation: Operation, input: &Json) -> Option<Effect> {
        let faults = self.shared.faults.of(operation);
        let input = if faults.is_empty() { Value::Null } else { input.into() };
        faults.iter().filter(|fault| self.is_meant(fault, &input)).find_map(|fault| fault.next())
    }

    /// A condition that panics is told at the end of the test, and is not met.
    fn is_meant(&self, fault: &FaultEntry, input: &Value) -> bool {
        let Some(condition) = fault.condition() else { return true };
        caught(|| condition(input)).unwrap_or_else(|message| {
            let panicked = Problem::FaultPanicked { fault: fault.to_string(), message };
            self.lock().problems.note(panicked);
            false
        })
    }

    /// `None`: the door shall drop the connection. What a call does it does at once; only its answer is late.
    pub(super) async fn answer_faultily(
        &self,
        Effect { disturbance, late }: Effect,
        call: (&Caller, Operation, &Json),
        request_id: String,
    ) -> Option<Response> {
        let response = match disturbance {
            Disturbance::None => Some(self.respond(call, request_id).await),
            Disturbance::Refused(error) => Some(Response::new(Err(error), request_id)),
            Disturbance::HttpStatus(status) => {
                Some(Response { status, error_type: None, request_id, body: String::new() })
            }
            Disturbance::DropsConnection => None,
            Disturbance::LosesAnswer => {
                self.respond(call, request_id).await;
                None
            }
            Disturbance::StaleReads(ago) => match self.read_past(call, ago) {
                Some(Reply::Answered(result)) => Some(Response::new(result, request_id)),
                // Reads do not wait.
                Some(Reply::AwaitingExecution(_) | Reply::AwaitingActivityTask(_)) | None => {
                    Some(self.respond(call, request_id).await)
                }
            },
        };
        if !late.is_zero() {
            self.sleep(late).await;
        }
        response
    }

    /// Asks the account as it was so long ago; `None` if it has not changed since.
    fn read_past(
        &self,
        (caller, operation, input): (&Caller, Operation, &Json),
        ago: std::time::Duration,
    ) -> Option<Reply> {
        self.drive();
        self.pump();
        let mut state = self.lock();
        let now = state.clock.now();
        state.past.before(now, ago).map(|account| account.call(caller, operation, input, now))
    }
}
