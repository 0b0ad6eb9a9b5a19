//! `UpdateMapRun`: changes how a Map Run goes on.

use std::sync::Arc;

use crate::model::{ApiError, Json, MapRunStatus};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;
use crate::service::map_run::News;

struct Input<'c> {
    map_run_arn: &'c str,
    max_concurrency: Option<u64>,
    tolerated_failure_count: Option<u64>,
    tolerated_failure_percentage: Option<f64>,
}

impl<'c> Input<'c> {
    fn read(call: &Call<'c>) -> Self {
        let number = |name| call.number(name).and_then(|number| u64::try_from(number).ok());
        Self {
            map_run_arn: call.required("mapRunArn"),
            max_concurrency: number("maxConcurrency"),
            tolerated_failure_count: number("toleratedFailureCount"),
            tolerated_failure_percentage: call.member("toleratedFailurePercentage").and_then(Json::as_f64),
        }
    }

    const fn changes_nothing(&self) -> bool {
        self.max_concurrency.is_none()
            && self.tolerated_failure_count.is_none()
            && self.tolerated_failure_percentage.is_none()
    }
}

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let input = Input::read(call);
    let run = account.map_run(call, input.map_run_arn)?;
    if input.changes_nothing() {
        return Err(error::validation(
            "At least one of maxConcurrency, toleratedFailureCount and toleratedFailurePercentage must be specified",
        )
        .with("reason", "MISSING_REQUIRED_PARAMETER"));
    }
    if run.status != MapRunStatus::Running {
        return Err(error::validation(format!("The Map Run has ended: '{}'", input.map_run_arn))
            .with("reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"));
    }
    let arn = Arc::clone(&run.request.arn);
    if let Some(run) = account.map_runs.get_mut(&arn) {
        let settings = &mut run.settings;
        settings.max_concurrency = input.max_concurrency.unwrap_or(settings.max_concurrency);
        settings.tolerated_failure_count = input.tolerated_failure_count.or(settings.tolerated_failure_count);
        settings.tolerated_failure_percentage =
            input.tolerated_failure_percentage.or(settings.tolerated_failure_percentage);
    }
    account.map_run_news.push_back(News::Changed(arn));
    Ok(error::nothing())
}
