//! Row 4: what an execution must show, said in words a person can read.
//!
//! Everything here reads an `ExecutionRecord`, so it works on the history of a mocked execution and on one from AWS.

mod calls;
mod change;
pub(crate) mod diff;
mod events;
mod execution;
mod executions;
#[cfg(test)]
mod executions_tests;
mod failure;
mod fluent;
#[cfg(test)]
mod fluent_tests;
mod hint;
pub(crate) mod history;
mod matcher;
pub(crate) mod narrative;
mod onlooker;
mod output;
mod part;
mod path;
mod path_set;
mod payload;
mod redaction;
mod report;
#[cfg(feature = "schema")]
mod schema;
mod started;
mod state;
mod state_time;
mod status;
mod style;
mod subject;
mod task;
mod task_order;
#[cfg(test)]
mod task_tests;
mod telling;
#[cfg(test)]
pub(crate) mod test_history;
mod time;
mod transition;
mod typed;
mod variable;
mod wording;

pub(crate) use calls::CallAnswer;
pub use calls::{ApiCall, Calls, ClientDoor};
pub use events::{EventPattern, event, events};
pub use execution::Execution;
pub use executions::Executions;
pub use failure::AssertionFailure;
pub use fluent::{Assert, BranchAssert, StateAssert, TaskAssert};
pub(crate) use hint::closest;
pub use matcher::{Matcher, Mismatch};
pub(crate) use onlooker::Onlooker;
pub use style::Style;
