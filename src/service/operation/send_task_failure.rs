//! `SendTaskFailure`.

use std::sync::Arc;

use crate::model::{ApiError, Failure, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;
use crate::service::task_call::TaskOutcome;

/// What is not said is absent from the event, and `null` for a catcher.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let task = account.open_task(call)?;
    let failure =
        Failure { error: call.text("error").map(Arc::from), cause: call.text("cause").map(Arc::from) };
    account.finish(&task, TaskOutcome::Failed(failure), call.now);
    Ok(error::nothing())
}
