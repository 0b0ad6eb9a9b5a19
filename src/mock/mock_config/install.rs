//! Has the tasks of a mock answered by a mock config file.

use std::fs;
use std::path::Path;

use super::{MockConfig, MockConfigTasks};
use crate::mock::MockSfn;

impl MockSfn {
    /// Answers tasks as a mock config file of Step Functions Local says, so that the file keeps serving when its
    /// tests move here.
    ///
    /// An execution takes its answers from the test case that is written behind the ARN it is started with, as in
    /// `arn:aws:states:us-east-1:123456789012:stateMachine:orders#HappyPath`. In such an execution the file comes
    /// before [`on_state`](Self::on_state) and [`on_resource`](Self::on_resource), which answer the states that the
    /// test case does not list. The answers have numbers: 0 is for the first attempt of a state in the execution,
    /// and retries, Map iterations and the executions of Distributed Maps count on. An execution that has more attempts than the file has
    /// answers, or a test case that the file lacks, fails with a cause that names the file.
    ///
    /// The [format](https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html) is AWS's.
    /// Beyond it, an empty `Cause` of `States.Timeout` is a timeout as AWS records it, without a cause, and an empty
    /// `Error` stands for `SendTaskFailure` without an error. `{"WaitForTaskToken": {"Return": …}}` leaves a callback or
    /// job open for whoever sends its token back; the optional `Return` is what the called service says when it takes
    /// it on. Beside `Return` or `Throw`, `"After": "90s"` lets the answer take its time, and `"Submits": …` is what
    /// the service says of a job that ends so. A second file takes the place of the first.
    ///
    /// # Panics
    /// If the file cannot be read, or is no mock config file: with each finding and its place in the file.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mock config file that cannot be used is a mistake in the test")]
    pub fn mock_config(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        match fs::read_to_string(path) {
            Ok(text) => self.answer_tasks_as(&text, &path.display().to_string()),
            Err(error) => panic!("cannot read {}: {error}", path.display()),
        }
    }

    /// The same as [`mock_config`](Self::mock_config), of the text itself, which is called `mock config` in messages.
    ///
    /// # Panics
    /// If the text is no mock config.
    #[track_caller]
    pub fn mock_config_text(&self, text: &str) {
        self.answer_tasks_as(text, "mock config");
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a mock config file that cannot be used is a mistake in the test")]
    fn answer_tasks_as(&self, text: &str, file: &str) {
        let config = MockConfig::read(text, file).unwrap_or_else(|error| panic!("{error}"));
        let mut tasks = MockConfigTasks::new(config);
        self.core().answer_tasks_with(Box::new(move |call| tasks.answer(call)));
    }
}
