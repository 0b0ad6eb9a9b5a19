//! What the API model demands of every input, checked in one place: types, required members, lengths, ranges,
//! patterns and enums. What only an operation can know (names, ARNs, states) is not checked here.

mod constraint_check;
mod parameters;
mod shape;
mod table;
mod type_check;

use crate::model::{ApiError, Json, Operation};

/// Refuses an input as AWS does before it looks at any resource. Payloads may be given a limit below the model's.
pub(super) fn check(operation: Operation, input: &Json, payload_bytes: usize) -> Result<(), ApiError> {
    let shape = table::input_of(operation);
    type_check::check(shape, input)?;
    constraint_check::check(shape, input, payload_bytes)
}

pub(super) use constraint_check::null_member;
pub(super) use parameters::input_of_parameters;
