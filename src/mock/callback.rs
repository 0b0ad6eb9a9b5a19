//! `sfn.callback("State")`: waits for a task that waits for its token.

use std::sync::Arc;

use serde_json::Value;

use super::core::{Core, State};
use crate::service::token::WaitingTask;

/// A task that waits for somebody to send its token back, with `SendTaskSuccess` or `SendTaskFailure`.
///
/// From [`MockSfn::callback`](crate::MockSfn::callback).
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    token: Arc<str>,
    input: Value,
    execution_arn: Arc<str>,
}

impl Callback {
    fn of(task: &WaitingTask) -> Self {
        let (token, execution_arn) = (Arc::clone(&task.token), Arc::clone(&task.execution_arn));
        Self { token, input: (&task.input).into(), execution_arn }
    }

    /// The task token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What the task was given: the state's input after `InputPath` and `Parameters`.
    #[must_use]
    pub const fn input(&self) -> &Value {
        &self.input
    }

    /// The ARN of the execution that waits.
    #[must_use]
    pub fn execution_arn(&self) -> &str {
        &self.execution_arn
    }
}

impl Core {
    /// Waits for a waiting task of this state that nobody was told of.
    pub(super) async fn callback(&self, state_name: &str) -> Callback {
        self.drive();
        self.wait_until(|state| state.next_callback(state_name)).await
    }
}

impl State {
    fn next_callback(&mut self, state_name: &str) -> Option<Callback> {
        let waiting = self.account.waiting_tasks(state_name);
        let task = waiting.into_iter().find(|task| !self.callbacks_told.contains(&task.token))?;
        self.callbacks_told.insert(Arc::clone(&task.token));
        Some(Callback::of(&task))
    }
}
