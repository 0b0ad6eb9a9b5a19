//! `DescribeMapRun`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::map_run::run::Tally;

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let run = account.map_run(call, call.required("mapRunArn"))?;
    let (executions, items) = run.failures_not_redrivable(account, call.now);
    Answer::default()
        .with("mapRunArn", Arc::clone(&run.request.arn))
        .with("executionArn", Arc::clone(&run.execution_arn))
        .with("status", run.status.as_str())
        .with_date("startDate", run.start_date)
        .with_optional("stopDate", run.stop_date.map(|date| date.to_epoch_seconds()))
        .with("maxConcurrency", run.settings.max_concurrency)
        .with(
            "toleratedFailurePercentage",
            Json::Float(run.settings.tolerated_failure_percentage.unwrap_or(0.0)),
        )
        .with("toleratedFailureCount", run.settings.tolerated_failure_count.unwrap_or(0))
        .with("itemCounts", counts(&run.items, items))
        .with("executionCounts", counts(&run.executions, executions))
        .with("redriveCount", run.redrive_count)
        .with_optional("redriveDate", run.redrive_date.map(|date| date.to_epoch_seconds()))
        .done()
}

/// The results of all that succeeded count as written, also where nothing is written.
fn counts(tally: &Tally, not_redrivable: usize) -> Json {
    Json::from_members([
        ("pending", Json::from(tally.pending())),
        ("running", Json::from(tally.running)),
        ("succeeded", Json::from(tally.succeeded)),
        ("failed", Json::from(tally.failed)),
        ("timedOut", Json::from(tally.timed_out)),
        ("aborted", Json::from(tally.aborted)),
        ("total", Json::from(tally.total)),
        ("resultsWritten", Json::from(tally.succeeded)),
        ("failuresNotRedrivable", Json::from(not_redrivable)),
        ("pendingRedrive", Json::from(tally.pending_redrive)),
    ])
}
