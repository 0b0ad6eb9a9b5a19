//! <!-- The page is the README: every example of it compiles and runs. -->
#![cfg_attr(feature = "sdk", doc = include_str!("../README.md"))]
#![cfg_attr(all(feature = "sdk", feature = "jsonata"), doc = include_str!("../docs/jsonata.md"))]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(any(feature = "sdk", feature = "server")),
    expect(dead_code, reason = "without a door nobody calls the operations by name")
)]

mod asl;
mod assertion;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod interpreter;
mod mock;
mod model;
mod pattern;
mod query;
mod service;
mod wire;

pub mod prelude;

pub use assertion::{Assert, Execution, StateAssert, TaskAssert};
#[cfg(feature = "server")]
pub use mock::Server;
pub use mock::{
    Call, Callback, ExecutionHandle, ExpectedCalls, IntoTaskResult, IntoTimestamp, MockSfn, MockSfnBuilder,
    OnTask, StateMachineArn, StateMachineBuilder, TaskError, TaskMock, ThenTask, Time,
};
pub use model::{ExecutionStatus, IntoDuration, Timestamp};
pub use pattern::{any, includes, literal, matching};
