//! `SendTaskHeartbeat`.

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;

/// The time until the next heartbeat is due starts anew; `TimeoutSeconds` runs on, and the history shows nothing.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let task = account.open_task(call)?;
    account.heartbeat(&task, call.now);
    Ok(error::nothing())
}
