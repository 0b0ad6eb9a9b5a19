//! `ListMapRuns`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::map_run::run::MapRun;
use crate::service::page::Paging;

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let execution = account.standard_execution(call, call.required("executionArn"))?;
    let paging = Paging::read(call, account.config.seed)?;
    let after = paging.after().and_then(Json::as_i64).and_then(|number| u64::try_from(number).ok());
    let newest_first = account.map_runs.of(execution.arn()).rev();
    let runs = newest_first.filter(|run| after.is_none_or(|after| run.number < after));
    let page = paging.cut(runs, |run| run.number.into());
    let items = page.items.iter().map(|run| item(run)).collect();
    Answer::default().with("mapRuns", Json::array(items)).with_optional("nextToken", page.next_token).done()
}

fn item(run: &MapRun) -> Json {
    Answer::default()
        .with("executionArn", Arc::clone(&run.execution_arn))
        .with("mapRunArn", Arc::clone(&run.request.arn))
        .with("stateMachineArn", Arc::clone(&run.state_machine_arn))
        .with_date("startDate", run.start_date)
        .with_optional("stopDate", run.stop_date.map(|date| date.to_epoch_seconds()))
        .into_json()
}
