//! From the events of a history to all that is known of its execution.

use std::sync::Arc;

use super::history::RecordedHistory;
use crate::model::arn::StatesArn;
use crate::model::map_run_record::{MapRunCounts, MapRunRecord, MapRunStatus};
use crate::model::{
    EventDetails, ExecutionRecord, ExecutionStatus, Failure, HistoryEvent, HistoryEventType as Type, Json,
    Timestamp,
};

impl RecordedHistory {
    /// What the events say of the execution. Its names come from its ARN and are empty without one.
    pub(crate) fn into_record(self) -> ExecutionRecord {
        let arn = self.execution_arn.clone().unwrap_or_default();
        let (state_machine_name, name) = names_in(&arn);
        let end = self.end();
        let start_date = self.events.first().map_or(Timestamp::from_millis(0), |event| event.timestamp);
        ExecutionRecord {
            name,
            state_machine_name,
            status: end.map_or(ExecutionStatus::Running, status_after),
            start_date,
            stop_date: end.map(|event| event.timestamp),
            input: self.input(),
            output: end.and_then(output_of),
            failure: end.and_then(failure_of),
            definition: None,
            map_runs: map_runs_in(&self.events),
            arn,
            events: self.events,
        }
    }

    fn input(&self) -> Json {
        match self.events.first().map(|event| &event.details) {
            Some(EventDetails::ExecutionStarted { input, .. }) => value_of(input),
            _ => Json::Null,
        }
    }
}

/// The names of the state machine and of the execution.
fn names_in(execution_arn: &str) -> (Arc<str>, Arc<str>) {
    match StatesArn::parse(execution_arn) {
        Ok(arn) => (arn.name().into(), arn.parts.get(1).copied().unwrap_or_default().into()),
        Err(_) => Default::default(),
    }
}

fn status_after(end: &HistoryEvent) -> ExecutionStatus {
    if end.event_type == Type::ExecutionSucceeded {
        ExecutionStatus::Succeeded
    } else if end.event_type == Type::ExecutionTimedOut {
        ExecutionStatus::TimedOut
    } else if end.event_type == Type::ExecutionAborted {
        ExecutionStatus::Aborted
    } else {
        ExecutionStatus::Failed
    }
}

fn output_of(end: &HistoryEvent) -> Option<Json> {
    if let EventDetails::Output { output } = &end.details { Some(value_of(output)) } else { None }
}

fn failure_of(end: &HistoryEvent) -> Option<Failure> {
    if let EventDetails::Failed(failure) = &end.details { Some(failure.clone()) } else { None }
}

/// Inputs and outputs of executions are JSON; should one be cut off somewhere, it is shown as the text it is.
fn value_of(text: &Arc<str>) -> Json {
    Json::parse(text).unwrap_or_else(|_| Json::String(Arc::clone(text)))
}

/// The Map Runs that the events tell of. What became of their items is told by histories of their own.
fn map_runs_in(events: &[HistoryEvent]) -> Vec<MapRunRecord> {
    let mut runs: Vec<MapRunRecord> = Vec::new();
    for event in events {
        let run_arn = started_run(event);
        if let Some(arn) = run_arn.filter(|arn| !runs.iter().any(|run| run.arn == **arn)) {
            runs.push(run_started(arn, event.timestamp));
            continue;
        }
        let status = if event.event_type == Type::MapRunSucceeded {
            MapRunStatus::Succeeded
        } else if event.event_type == Type::MapRunFailed {
            MapRunStatus::Failed
        } else if event.event_type == Type::MapRunAborted {
            MapRunStatus::Aborted
        } else {
            continue;
        };
        // Its event follows from the one that started the run.
        let begun = events.iter().find(|before| before.id == event.previous_event_id).and_then(started_run);
        let ended =
            runs.iter_mut().find(|run| begun.is_none_or(|arn| run.arn == *arn) && run.stop_date.is_none());
        if let Some(run) = ended {
            run.status = status;
            run.stop_date = Some(event.timestamp);
        }
    }
    runs
}

fn started_run(event: &HistoryEvent) -> Option<&Arc<str>> {
    if let EventDetails::MapRunStarted { map_run_arn } | EventDetails::MapRunRedriven { map_run_arn, .. } =
        &event.details
    {
        Some(map_run_arn)
    } else {
        None
    }
}

fn run_started(arn: &Arc<str>, start_date: Timestamp) -> MapRunRecord {
    // `arn:…:mapRun:machine/label:id`
    let label = arn.split('/').nth(1).and_then(|rest| rest.split(':').next()).unwrap_or_default();
    MapRunRecord {
        arn: Arc::clone(arn),
        label: label.into(),
        status: MapRunStatus::Running,
        start_date,
        stop_date: None,
        redrive_count: 0,
        items: MapRunCounts::default(),
        executions: MapRunCounts::default(),
        children: Vec::new(),
        first_failure: None,
    }
}
