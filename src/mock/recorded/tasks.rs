//! `RecordedTasks`: recorded executions as a test holds them.

use std::fmt;
use std::sync::Arc;

use super::execution::RecordedExecution;
use crate::assertion::Execution;
use crate::model::InvalidHistory;
use crate::model::read_history::RecordedHistory;

/// The calls of recorded executions, each with its answer: a mock gives them again, see
/// [`MockSfn::mock_tasks`](crate::MockSfn::mock_tasks).
///
/// ```
/// # use sfn_testkit::RecordedTasks;
/// # fn read(history: &str, child: &str) -> Result<(), sfn_testkit::InvalidHistory> {
/// let recorded = RecordedTasks::read(history)?.and(child)?;
/// # Ok(()) }
/// # assert!(read("{}", "").is_err());
/// ```
#[derive(Clone, Default)]
pub struct RecordedTasks {
    pub(super) executions: Vec<Arc<RecordedExecution>>,
    pub(super) state_machine: Option<String>,
}

impl RecordedTasks {
    /// Reads what `aws stepfunctions get-execution-history` prints, in all forms that
    /// [`Execution::from_history_json`] takes.
    ///
    /// A text may hold several executions, one after another: the child executions of a Distributed Map have histories
    /// of their own. An `executionArn` beside `events` says to which execution a page belongs; without, each begins
    /// with its first event.
    ///
    /// # Errors
    /// If the text holds no history, or one that is not whole.
    pub fn read(text: &str) -> Result<Self, InvalidHistory> {
        Self::default().and(text)
    }

    /// Adds the executions of another text.
    ///
    /// # Errors
    /// If the text holds no history, or one that is not whole.
    pub fn and(mut self, text: &str) -> Result<Self, InvalidHistory> {
        for history in RecordedHistory::read_all(text)? {
            self.add(&Execution::new(history.into_record()));
        }
        Ok(self)
    }

    /// Adds what another execution called.
    #[must_use]
    pub fn with(mut self, execution: &Execution) -> Self {
        self.add(execution);
        self
    }

    /// Only for executions of the state machine with this name or ARN. Without, for all.
    #[must_use]
    pub fn of(mut self, state_machine: impl AsRef<str>) -> Self {
        self.state_machine = Some(crate::mock::task_mock::name_of(state_machine.as_ref()));
        self
    }

    /// How many calls there are, retries counted each.
    #[must_use]
    pub fn n_calls(&self) -> usize {
        self.executions.iter().map(|execution| execution.calls.len()).sum()
    }

    fn add(&mut self, execution: &Execution) {
        self.executions.push(Arc::new(RecordedExecution::new(execution.record(), execution.visits())));
    }
}

/// The calls of an execution of this or another mock.
impl From<&Execution> for RecordedTasks {
    fn from(execution: &Execution) -> Self {
        let mut recorded = Self::default();
        recorded.add(execution);
        recorded
    }
}

impl fmt::Debug for RecordedTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (executions, calls) = (self.executions.len(), self.n_calls());
        f.debug_struct("RecordedTasks").field("executions", &executions).field("calls", &calls).finish()
    }
}
