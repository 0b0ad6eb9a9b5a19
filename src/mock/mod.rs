//! Row 7: the doors that users and their clients come in by. Only here is there a clock, a lock or `async`.

mod activity_poll;
mod builder;
mod call;
mod callback;
pub(crate) mod core;
mod driver;
mod execution;
mod guard;
mod handle;
#[cfg(all(feature = "server", feature = "sdk"))]
mod loopback;
pub(crate) mod mock_config;
mod problem;
mod pump;
#[cfg(feature = "sdk")]
mod sdk_client;
#[cfg(feature = "server")]
pub(crate) mod server;
mod state_machine;
mod stub_definition;
mod task_matcher;
mod task_mock;
mod task_registry;
mod task_result;
mod task_sequence;
mod task_work;
mod text;
mod time;
#[cfg(any(feature = "cli", feature = "fuzzing"))]
mod unattended;

pub use builder::{IntoTimestamp, MockSfnBuilder};
pub use call::Call;
pub use callback::Callback;
pub use execution::ExecutionHandle;
pub use handle::MockSfn;
#[cfg(feature = "cli")]
pub(crate) use problem::NOT_MOCKED;
#[cfg(feature = "server")]
pub use server::Server;
pub use state_machine::{StateMachineArn, StateMachineBuilder};
pub use task_mock::{OnTask, TaskMock, ThenTask};
pub use task_result::{IntoTaskResult, TaskError};
pub use task_sequence::ExpectedCalls;
pub use time::Time;
