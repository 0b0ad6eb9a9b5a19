//! `SendTaskSuccess`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;
use crate::service::task_call::TaskOutcome;

/// The output may be any JSON; the task's result is its text.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let task = account.open_task(call)?;
    let output = Json::parse(call.required("output")).map_err(error::invalid_output)?;
    account.finish(&task, TaskOutcome::Succeeded(output), call.now);
    Ok(error::nothing())
}
