//! <!-- The page is the README: every example of it compiles and runs. -->
#![cfg_attr(feature = "sdk", doc = include_str!("../README.md"))]
#![cfg_attr(feature = "sdk", doc = include_str!("../docs/assertions.md"))]
#![cfg_attr(all(feature = "sdk", feature = "jsonata"), doc = include_str!("../docs/jsonata.md"))]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(any(feature = "sdk", feature = "server", feature = "contracts")),
    expect(dead_code, reason = "without a door nobody calls the operations by name")
)]

mod asl;
mod assertion;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "contracts")]
mod contract;
#[cfg(any(feature = "contracts", all(feature = "record", feature = "server")))]
mod endpoint;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod interpreter;
mod mock;
mod model;
mod pattern;
mod query;
#[cfg(feature = "record")]
mod recording;
mod report;
mod service;
mod wire;

pub mod prelude;

/// What "as AWS does" means: clauses that say what calls must be answered with, to be verified against a mock in this
/// process, against one that is served, against any other endpoint, or against AWS.
#[cfg(feature = "contracts")]
pub mod contracts {
    pub use crate::contract::{
        Breach, Clause, Contracts, Door, Evidence, Exchange, Format, InProcess, InvalidContract, Need,
        Outcome, Report, ResponseFuture, Target, Verdict, Weakness, bundled, json_schema,
    };
    #[cfg(feature = "server")]
    pub use crate::contract::{OverDuplex, OverTcp};
    #[cfg(feature = "server")]
    pub use crate::endpoint::Credentials;
    pub use crate::endpoint::{HttpRequest, HttpResponse};
}

#[doc = include_str!("../docs/replaying-histories.md")]
pub mod replay {
    pub use crate::mock::replay::{Difference, InvalidDefinition, Kind, Replayed, Replayer};
}

/// Cassettes beyond [`Cassette`] itself: the fixture of rstest, and the format of the files.
#[cfg(feature = "record")]
pub mod cassettes {
    #[cfg(feature = "server")]
    pub use crate::endpoint::Credentials;
    pub use crate::recording::fixture::cassette;
    pub use crate::recording::json_schema;
    #[cfg(feature = "server")]
    pub use crate::recording::{Drift, DriftFormat, LiveEndpoint};
}

pub use assertion::{
    ApiCall, Assert, AssertionFailure, BranchAssert, Calls, ClientDoor, EventPattern, Execution, Executions,
    Matcher, Mismatch, StateAssert, Style, TaskAssert, event, events,
};
#[cfg(feature = "sdk")]
pub use mock::FetchError;
#[cfg(feature = "server")]
pub use mock::Server;
#[cfg(feature = "wiremock")]
pub use mock::wiremock;
pub use mock::{
    Call, Callback, ExecutionHandle, ExpectedCalls, Fault, FieldValidation, HistoryFileError, IntoTaskResult,
    IntoTimestamp, MapRun, MockSfn, MockSfnBuilder, Objects, OnOperation, OnTask, RecordedTasks, Reports,
    StateMachineArn, StateMachineBuilder, TaskError, TaskMock, ThenTask, Time,
};
pub use model::{
    ExecutionStatus, IntoDuration, InvalidHistory, MapRunCounts, MapRunStatus, Operation, Quota, Timestamp,
};
pub use pattern::{
    absent, all_of, any, contains_item, ends_with, includes, json_text, literal, matching, not, of_length,
    one_of, starts_with, unordered,
};
#[cfg(feature = "record")]
pub use recording::{Cassette, RecordMode};
pub use report::{Diagram, NoGraph};
