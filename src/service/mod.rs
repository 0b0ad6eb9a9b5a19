//! Row 5: the operations, the resources they act on, and the scheduling of executions.

pub(crate) mod account;
pub(crate) mod task_call;
