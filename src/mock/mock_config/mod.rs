//! The mock config file of Step Functions Local: task answers by state machine, test case and state.
//!
//! The format is AWS's: <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html>.

mod config;
mod error;
mod install;
mod invocations;
mod pointer;
mod read;
mod tasks;

pub(crate) use config::MockConfig;
pub(crate) use tasks::MockConfigTasks;
