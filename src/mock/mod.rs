//! Row 7: the doors that users and their clients come in by. Only here is there a clock, a lock or `async`.

mod activity_poll;
pub(crate) mod artifact_folder;
mod auto_answer;
mod builder;
mod call;
mod call_log;
mod callback;
pub(crate) mod core;
pub(crate) mod coverage;
mod driver;
mod execution;
mod executions;
mod fault;
mod fault_registry;
mod faulty;
#[cfg(feature = "sdk")]
mod fetch;
mod guard;
mod handle;
mod history_file;
#[cfg(all(feature = "server", feature = "sdk"))]
mod loopback;
mod map_run;
pub(crate) mod mock_config;
mod objects;
mod open_calls;
mod past;
mod problem;
mod pump;
mod recorded;
pub(crate) mod replay;
pub(crate) mod reports;
mod result_check;
#[cfg(feature = "sdk")]
mod sdk_client;
#[cfg(feature = "server")]
pub(crate) mod server;
mod state_machine;
mod stub_definition;
mod task_job;
mod task_matcher;
mod task_mock;
mod task_registry;
mod task_result;
mod task_sequence;
mod task_work;
mod terminal;
mod text;
mod time;
#[cfg(feature = "server")]
pub(crate) mod ui;
mod unattended;
#[cfg(feature = "wiremock")]
pub mod wiremock;

pub use builder::{IntoTimestamp, MockSfnBuilder};
pub use call::Call;
pub use callback::Callback;
pub use execution::ExecutionHandle;
pub use fault::{Fault, OnOperation};
#[cfg(feature = "sdk")]
pub use fetch::FetchError;
pub use handle::MockSfn;
pub use history_file::HistoryFileError;
pub use map_run::MapRun;
pub use objects::Objects;
#[cfg(feature = "cli")]
pub(crate) use problem::NOT_MOCKED;
pub use recorded::RecordedTasks;
pub use reports::Reports;
#[cfg(feature = "server")]
pub use server::Server;
pub use state_machine::{StateMachineArn, StateMachineBuilder};
pub use task_mock::{OnTask, TaskMock, ThenTask};
pub use task_result::{IntoTaskResult, TaskError};
pub use task_sequence::ExpectedCalls;
pub use time::Time;

pub use crate::service::result_shape::FieldValidation;
