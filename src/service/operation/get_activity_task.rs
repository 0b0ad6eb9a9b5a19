//! `GetActivityTask`: a long poll. It answers at once if a task waits, else when one comes or 60 s have passed.

use std::sync::Arc;

use crate::model::{ApiError, Json, Quota};
use crate::service::account::{Account, Reply};
use crate::service::call::Call;
use crate::service::error;

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Reply {
    let activity = match account.named_activity(call, call.required("activityArn")) {
        Ok(activity) => Arc::clone(&activity.arn),
        Err(refusal) => return Reply::Answered(Err(refusal)),
    };
    let worker_name: Option<Arc<str>> = call.text("workerName").map(Arc::from);
    if let Some(answer) = task_at_once(account, call, &activity, worker_name.as_ref()) {
        return Reply::Answered(answer);
    }
    Reply::AwaitingActivityTask(account.activity_tasks.begin_poll(&activity, worker_name, call.now))
}

fn task_at_once(
    account: &mut Account,
    call: &Call<'_>,
    activity: &str,
    worker_name: Option<&Arc<str>>,
) -> Option<Result<Json, ApiError>> {
    if account.activity_tasks.polling(activity) >= account.quota(Quota::ActivityPollers) {
        return Some(Err(error::activity_worker_limit_exceeded()));
    }
    account.next_activity_task(activity, worker_name, call.now).map(|(_, answer)| Ok(answer))
}
