//! What a test usually needs, for `use sfn_testkit::prelude::*;`.

pub use serde_json::json;

#[cfg(feature = "record")]
pub use crate::Cassette;
pub use crate::{
    Call, Callback, Execution, ExecutionHandle, ExecutionStatus, FieldValidation, MapRunStatus, MockSfn,
    Operation, Quota, StateMachineArn, TaskError, Time, absent, all_of, any, contains_item, ends_with, event,
    events, includes, json_text, matching, not, of_length, one_of, starts_with, unordered,
};
