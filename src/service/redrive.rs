//! Whether an execution can be redriven, and the client tokens of the calls that did.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html>

use std::collections::VecDeque;
use std::sync::Arc;

use super::account::Account;
use super::execution::Execution;
use crate::model::{ExecutionStatus, Quota, Quotas, Timestamp, quota};

/// The latest client tokens of one execution, each with the answer to its call.
#[derive(Debug, Clone, Default)]
pub(super) struct ClientTokens {
    known: VecDeque<ClientToken>,
}

#[derive(Debug, Clone)]
struct ClientToken {
    text: Arc<str>,
    /// On the base clock.
    given_at: Timestamp,
    redrive_date: Timestamp,
}

impl ClientTokens {
    /// The redrive date of the call that had this token, if it is remembered.
    pub(super) fn redrive_date(&self, token: &str, now: Timestamp) -> Option<Timestamp> {
        let is_it = |known: &&ClientToken| {
            &*known.text == token && now.since(known.given_at) < quota::REDRIVE_TOKEN_LIFETIME
        };
        self.known.iter().find(is_it).map(|known| known.redrive_date)
    }

    pub(super) fn remember(&mut self, token: &str, given_at: Timestamp, redrive_date: Timestamp) {
        self.known.retain(|known| &*known.text != token);
        self.known.push_back(ClientToken { text: token.into(), given_at, redrive_date });
        if self.known.len() > quota::REDRIVE_TOKENS {
            self.known.pop_front();
        }
    }
}

impl Account {
    /// The `redriveStatusReason` of an execution that cannot be redriven.
    pub(super) fn why_not_redrivable(&self, execution: &Execution, now: Timestamp) -> Option<String> {
        let status = execution.status();
        if matches!(status, ExecutionStatus::Running | ExecutionStatus::Succeeded) {
            return Some(format!("Execution is {status} and cannot be redriven"));
        }
        if let Some(child) = &execution.child_of {
            return Some(format!("Execution can only be redriven with its Map Run '{}'", child.map_run));
        }
        let machine = self.machines.get(execution.state_machine_arn());
        let kept =
            machine.is_some_and(|machine| !machine.deleting && machine.generation == execution.generation);
        if !kept {
            return Some("State machine is in DELETING status".to_owned());
        }
        execution.why_too_late(&self.config.quotas, now).map(ToOwned::to_owned)
    }
}

impl Execution {
    /// What makes a redrive impossible for good, of an execution that did not succeed.
    pub(super) fn why_too_late(&self, quotas: &Quotas, now: Timestamp) -> Option<&'static str> {
        let closed_at = self.ending.as_ref().map_or(now, |ending| ending.closed_at);
        if !self.interpreter.can_be_redriven() {
            Some("Execution history event limit exceeded")
        } else if self.open_time() >= quotas.duration(Quota::ExecutionSeconds) {
            Some("Execution has exceeded the max execution time")
        } else if now.since(closed_at) >= quotas.duration(Quota::RedrivableSeconds) {
            Some("Execution redrivable period exceeded")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ten_tokens_are_remembered_for_a_quarter_of_an_hour() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let mut tokens = ClientTokens::default();
        for number in 0..11 {
            tokens.remember(&format!("t{number}"), at(number), at(100 + number));
        }
        assert_eq!(tokens.redrive_date("t0", at(11)), None);
        assert_eq!(tokens.redrive_date("t1", at(11)), Some(at(101)));
        let end = at(10).plus(Duration::from_secs(15 * 60));
        assert_eq!(tokens.redrive_date("t10", Timestamp::from_millis(end.as_millis() - 1)), Some(at(110)));
        assert_eq!(tokens.redrive_date("t10", end), None);
    }
}
