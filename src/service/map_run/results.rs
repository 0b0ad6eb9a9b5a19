//! What a Map Run leaves: the output of the state, and the files of its `ResultWriter`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::redrive::redrive_status;
use super::run::{MapRun, Work};
use crate::asl::distributed_map::Transformation;
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{ExecutionStatus, Failure, Json, Timestamp, quota};
use crate::service::execution::Execution;
use crate::service::objects::Objects;

type Executions = BTreeMap<Arc<str>, Execution>;

/// The output of the Map state; writes the files if there are to be any.
pub(super) fn output(
    run: &MapRun,
    executions: &Executions,
    objects: &mut Objects,
    now: Timestamp,
) -> Result<Json, Failure> {
    match &run.request.results.destination {
        Some(destination) => write(run, executions, destination, (objects, now)),
        None => {
            let output = succeeded(run, executions);
            // As it is recorded for states and tasks.
            output.remembering_text_within(quota::PAYLOAD_BYTES).map(|(output, _)| output).ok_or_else(|| {
                Failure::new(
                    error_name::DATA_LIMIT_EXCEEDED,
                    format!(
                        "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit.",
                        run.request.state
                    ),
                )
            })
        }
    }
}

/// The results of the executions that succeeded, in the order of the items, as the writer's format wants them.
fn succeeded(run: &MapRun, executions: &Executions) -> Json {
    let transformation = run.request.results.format.transformation;
    let mut results = Vec::new();
    for execution in ended(run, executions, |status| status == ExecutionStatus::Succeeded) {
        let output = execution.output().map_or(Json::Null, Json::compacted);
        match (transformation, output.as_array()) {
            (Transformation::None, _) => results.push(row(execution)),
            (Transformation::Flatten, Some(items)) => results.extend(items.iter().cloned()),
            (Transformation::Flatten, None) | (Transformation::Compact, _) => results.push(output),
        }
    }
    Json::array(results)
}

fn ended<'e>(
    run: &'e MapRun,
    executions: &'e Executions,
    is_wanted: impl Fn(ExecutionStatus) -> bool + 'e,
) -> impl Iterator<Item = &'e Execution> {
    let children = run.children.iter().filter_map(|child| executions.get(&child.arn));
    children.filter(move |execution| is_wanted(execution.status()))
}

/// Writes the files, and says where they are.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>
fn write(
    run: &MapRun,
    executions: &Executions,
    destination: &Json,
    (objects, now): (&mut Objects, Timestamp),
) -> Result<Json, Failure> {
    let text = |name| destination.get(name).and_then(Json::as_str);
    let Some(bucket) = text("Bucket").filter(|bucket| !bucket.is_empty()) else {
        return Err(Failure::new(
            error_name::RESULT_WRITER_FAILED,
            "The parameters of the ResultWriter name no Bucket.",
        ));
    };
    let prefix = text("Prefix").unwrap_or_default().trim_end_matches('/');
    let folder = match prefix {
        "" => run.request.uuid.to_string(),
        prefix => format!("{prefix}/{}", run.request.uuid),
    };
    let unsuccessful = |status| {
        matches!(status, ExecutionStatus::Failed | ExecutionStatus::TimedOut | ExecutionStatus::Aborted)
    };
    let failed = Json::array(ended(run, executions, unsuccessful).map(row).collect());
    let mut files = Map::new();
    for (kind, rows) in
        [("FAILED", failed), ("PENDING", pending(run)), ("SUCCEEDED", succeeded(run, executions))]
    {
        let mut listed = Vec::new();
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            let (extension, text) = file(run, &rows);
            let key = format!("{folder}/{kind}_0.{extension}");
            listed.push(Json::from_members([
                ("Key", Json::from(key.as_str())),
                ("Size", Json::from(text.len())),
            ]));
            objects.put(bucket, &key, text.into_bytes(), now);
        }
        files.insert(kind.into(), Json::array(listed));
    }
    let key = format!("{folder}/manifest.json");
    let manifest = Json::from_members([
        ("DestinationBucket", Json::from(bucket)),
        ("MapRunArn", Json::String(Arc::clone(&run.request.arn))),
        ("ResultFiles", Json::object(files)),
    ]);
    objects.put(bucket, &key, manifest.to_text().into_bytes(), now);
    let details = Json::from_members([("Bucket", Json::from(bucket)), ("Key", Json::from(key))]);
    Ok(Json::from_members([
        ("MapRunArn", Json::String(Arc::clone(&run.request.arn))),
        ("ResultWriterDetails", details),
    ]))
}

/// The extension and the text of a file of results.
fn file(run: &MapRun, rows: &Json) -> (&'static str, String) {
    if !run.request.results.format.lines {
        return ("json", rows.to_text());
    }
    let rows = rows.as_array().unwrap_or_default();
    let lines: Vec<String> = rows.iter().map(|row| row.compacted().to_text()).collect();
    ("jsonl", lines.join("\n"))
}

/// What a file shows of an execution, in the order of the names.
fn row(execution: &Execution) -> Json {
    let included = || Json::from_members([("Included", Json::Bool(true))]);
    let failure = execution.failure();
    let mut row = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            row.insert(name.into(), value);
        }
    };
    let text = |text: &Arc<str>| Json::String(Arc::clone(text));
    put("Cause", failure.and_then(|failure| failure.cause.as_ref()).map(text));
    put("Error", failure.and_then(|failure| failure.error.as_ref()).map(text));
    put("ExecutionArn", Some(text(execution.arn())));
    put("Input", Some(text(&execution.input)));
    put("InputDetails", Some(included()));
    put("Name", Some(text(execution.name())));
    put("Output", execution.output().map(|output| Json::from(output.to_text())));
    put("OutputDetails", execution.output().map(|_| included()));
    put("RedriveCount", Some(Json::from(execution.redriven().map_or(0, |redriven| redriven.count))));
    let closed_at = execution.ending.as_ref().map_or(execution.start_date(), |ending| ending.closed_at);
    let (status, reason) = redrive_status(execution, closed_at);
    put("RedriveStatus", Some(Json::from(status)));
    put("RedriveStatusReason", reason.map(Json::from));
    put("StartDate", Some(Json::from(execution.start_date().to_string())));
    put("StateMachineArn", Some(text(execution.state_machine_arn())));
    put("Status", Some(Json::from(execution.status().as_str())));
    put("StopDate", execution.stop_date().map(|date| Json::from(date.to_string())));
    Json::object(row)
}

/// What no execution was started for. The inputs of single items are not known, since `ItemSelector` has not
/// seen them.
fn pending(run: &MapRun) -> Json {
    let row = |input: &Json, items: usize| {
        Json::from_members([
            ("Input", Json::from(input.compacted().to_text())),
            ("ItemCount", Json::from(items)),
            ("StateMachineArn", Json::String(Arc::clone(&run.state_machine_arn))),
            ("Status", Json::from("PENDING")),
        ])
    };
    Json::array(match &run.work {
        Work::Unread => Vec::new(),
        Work::Items { list, next } => {
            (*next..list.len()).filter_map(|index| list.get(index)).map(|item| row(&item.value, 1)).collect()
        }
        Work::Batches(batches) => batches.iter().map(|batch| row(&batch.input, batch.items)).collect(),
    })
}
