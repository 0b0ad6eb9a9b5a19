//! What a test usually needs, for `use sfn_testkit::prelude::*;`.

pub use serde_json::json;

#[cfg(feature = "record")]
pub use crate::Cassette;
pub use crate::{
    Call, Callback, Execution, ExecutionHandle, ExecutionStatus, FieldValidation, MapRunStatus, MockSfn,
    Operation, Quota, StateMachineArn, TaskError, Time, any, includes, matching,
};
