//! Recorded tasks among the other task mocks.

use std::panic::Location;
use std::sync::Arc;

use super::playback::Playback;
use super::tasks::RecordedTasks;
use crate::mock::MockSfn;
use crate::mock::task_registry::TaskMockEntry;

impl MockSfn {
    /// Has recorded executions answer tasks: with the results, errors, timeouts and durations that they had. Like every
    /// task mock, it comes before those that were made earlier, and after those that are made later.
    ///
    /// An execution goes along with the recorded one that was started with the same input. A call is answered by the
    /// recorded call of the same state, in the same iteration or branch, visit and attempt; should another call of the
    /// state have had the very input of this one, by that. Each recorded call answers once per execution, so that
    /// orders may change. A call that was never recorded fails the test and says what is recorded nearest.
    ///
    /// ```
    /// use sfn_testkit::RecordedTasks;
    /// use sfn_testkit::prelude::*;
    ///
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let definition = r#"{"StartAt": "Pay", "States": {"Pay": {
    ///         "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": true}}}"#;
    ///     // aws stepfunctions get-execution-history --execution-arn … > tests/histories/paid.json
    ///     let history = include_str!("../../../tests/goldens/paid.history.json");
    ///
    ///     let sfn = MockSfn::new();
    ///     sfn.mock_tasks(&RecordedTasks::read(history).unwrap());
    ///     let machine = sfn.state_machine("orders").definition(definition).create();
    ///     let arn = sfn.start_execution(&machine, json!({"order": 7}));
    ///     sfn.execution(&arn).finished().await.assert().succeeded().output(json!({"paid": 7}));
    /// }
    /// ```
    #[track_caller]
    pub fn mock_tasks(&self, recorded: &RecordedTasks) {
        let entry = TaskMockEntry::recorded(recorded.clone(), Location::caller());
        self.core().task_mocks().add(Arc::new(entry));
    }

    /// [`mock_tasks`](Self::mock_tasks) with the text of a history, as `aws stepfunctions get-execution-history` prints
    /// it.
    ///
    /// # Panics
    /// If the text is no history, with the reason.
    #[track_caller]
    #[expect(clippy::panic, reason = "a history that nobody can read is a mistake in the test")]
    pub fn tasks_from_history(&self, history: impl AsRef<str>) {
        match RecordedTasks::read(history.as_ref()) {
            Ok(recorded) => self.mock_tasks(&recorded),
            Err(why) => panic!("{why}"),
        }
    }
}

impl TaskMockEntry {
    pub(in crate::mock) fn recorded(recorded: RecordedTasks, made_at: &'static Location<'static>) -> Self {
        let state_machine = recorded.state_machine.clone();
        Self::playing(Playback::new(recorded), state_machine, made_at)
    }
}
