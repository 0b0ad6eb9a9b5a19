//! Row 2: what an execution must show, said in words a person can read.
//!
//! Everything here reads an `ExecutionRecord`, so it works on the history of a mocked execution and on one from AWS.

mod assert;
mod change;
pub(crate) mod diff;
mod execution;
mod hint;
pub(crate) mod history;
mod matcher;
pub(crate) mod narrative;
mod onlooker;
mod output;
mod path;
mod payload;
mod redaction;
mod report;
mod state;
mod state_assert;
mod status;
mod style;
mod task;
mod task_assert;
mod telling;
#[cfg(test)]
pub(crate) mod test_history;
mod time;
mod wording;

pub use assert::Assert;
pub use execution::Execution;
pub(crate) use hint::closest;
pub(crate) use onlooker::Onlooker;
pub use state_assert::StateAssert;
pub use style::Style;
pub use task_assert::TaskAssert;
