//! What the closure of a task mock may return.

use std::fmt;

use serde_json::Value;

use crate::model::{Failure, Json};
use crate::service::task_call::TaskOutcome;

/// A failed task: the error name that `Retry` and `Catch` match, and the cause.
///
/// ```
/// # use sfn_testkit::TaskError;
/// let error = TaskError::new("DynamoDB.ThrottlingException", "slow down");
/// assert_eq!(error.to_string(), "DynamoDB.ThrottlingException: slow down");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskError {
    error: String,
    cause: String,
}

impl TaskError {
    /// A failure with this error name and cause.
    #[must_use]
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }

    fn into_failure(self) -> Failure {
        Failure::new(self.error, self.cause)
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.cause)
    }
}

impl std::error::Error for TaskError {}

/// What the closure of [`answers`](crate::OnTask::answers) or [`answers_async`](crate::OnTask::answers_async) may
/// return: a JSON value, a [`TaskError`], or a `Result` of the two.
pub trait IntoTaskResult {
    /// The result of the task.
    ///
    /// # Errors
    /// The task fails with the given error.
    fn into_task_result(self) -> Result<Value, TaskError>;
}

impl IntoTaskResult for Value {
    fn into_task_result(self) -> Result<Value, TaskError> {
        Ok(self)
    }
}

impl IntoTaskResult for TaskError {
    fn into_task_result(self) -> Result<Value, TaskError> {
        Err(self)
    }
}

impl<V: Into<Value>> IntoTaskResult for Result<V, TaskError> {
    fn into_task_result(self) -> Result<Value, TaskError> {
        self.map(Into::into)
    }
}

pub(super) fn outcome_of(result: Result<Value, TaskError>) -> TaskOutcome {
    match result {
        Ok(output) => TaskOutcome::Succeeded(Json::from(output)),
        Err(error) => TaskOutcome::Failed(error.into_failure()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_errors_and_results_of_them_are_answers() {
        let error = TaskError::new("E", "c");
        assert_eq!(json!(1).into_task_result(), Ok(json!(1)));
        assert_eq!(error.clone().into_task_result(), Err(error.clone()));
        assert_eq!(Ok::<_, TaskError>("text").into_task_result(), Ok(json!("text")));
        assert_eq!(Err::<Value, _>(error.clone()).into_task_result(), Err(error));
    }
}
