//! How a job ends: what its service says of it last.

use std::sync::Arc;

use super::response::{Responding, build, query};
use crate::model::Json;
use crate::model::json::Map;

/// The result of a `.sync` task, after this response to its submission.
pub(super) fn result(call: &Responding<'_>, response: &Json) -> Json {
    let response = without_metadata(response);
    let with = |members: Vec<(&'static str, Json)>| {
        let mut all = response.clone();
        all.extend(members.into_iter().map(|(name, value)| (Arc::from(name), value)));
        Json::object(all)
    };
    let id = |name: &str| response.get(name).cloned().unwrap_or(Json::Null);
    match (call.service, call.action) {
        ("states", _) => execution(call, &response),
        ("batch", _) => with(vec![("Status", "SUCCEEDED".into())]),
        ("glue", _) => Json::from_members([
            ("Id", id("JobRunId")),
            ("JobName", call.text("JobName").into()),
            ("JobRunState", "SUCCEEDED".into()),
        ]),
        ("databrew", _) => with(vec![("State", "SUCCEEDED".into())]),
        ("athena", _) => {
            let query = query(id("QueryExecutionId").as_str().unwrap_or_default());
            Json::from_members([("QueryExecution", query)])
        }
        ("codebuild", "startBuild") => Json::from_members([("Build", build(call, "SUCCEEDED"))]),
        ("codebuild", _) => Json::from_members([("BuildBatch", build(call, "SUCCEEDED"))]),
        ("ecs", _) => ended_task(&id("Tasks")),
        ("sagemaker", action) => sagemaker(action),
        ("elasticmapreduce", "createCluster") => {
            state_of("Cluster", [("Id", id("ClusterId")), ("Status", state("WAITING"))])
        }
        ("elasticmapreduce", "addStep") => {
            state_of("Step", [("Id", id("StepId")), ("Status", state("COMPLETED"))])
        }
        ("emr-serverless" | "emr-containers", _) => with(vec![("State", "SUCCESS".into())]),
        _ => Json::object(response),
    }
}

/// `.sync:2` gives JSON where `.sync` gives its text.
pub(super) fn parsed(result: &Json) -> Json {
    let members = result.as_object().into_iter().flatten();
    Json::from_members(members.map(|(name, value)| {
        let text = value.as_str().filter(|_| matches!(&**name, "Input" | "Output"));
        let parsed = text.and_then(|text| Json::parse(text).ok()).map(|json| json.compacted());
        (Arc::clone(name), parsed.unwrap_or_else(|| value.clone()))
    }))
}

fn without_metadata(response: &Json) -> Map {
    let members = response.as_object().into_iter().flatten();
    members
        .filter(|(name, _)| !matches!(&***name, "SdkHttpMetadata" | "SdkResponseMetadata"))
        .map(|(name, value)| (Arc::clone(name), value.clone()))
        .collect()
}

/// The description of an execution that gave `{}`.
fn execution(call: &Responding<'_>, response: &Map) -> Json {
    let arn = response.get("ExecutionArn").and_then(Json::as_str).unwrap_or_default();
    let name = arn.rsplit(':').next().unwrap_or_default();
    let input = match call.parameters.get("Input") {
        Some(Json::String(text)) => Json::String(Arc::clone(text)),
        Some(json) => json.compacted().to_text().into(),
        None => "{}".into(),
    };
    let included = || Json::from_members([("Included", Json::Bool(true))]);
    let now = || Json::from(call.now.to_string());
    Json::from_members([
        ("ExecutionArn", arn.into()),
        ("Input", input),
        ("InputDetails", included()),
        ("Name", name.into()),
        ("Output", "{}".into()),
        ("OutputDetails", included()),
        ("StartDate", now()),
        ("StateMachineArn", call.text("StateMachineArn").into()),
        ("Status", "SUCCEEDED".into()),
        ("StopDate", now()),
    ])
}

/// One task, whose containers have all gone well.
fn ended_task(tasks: &Json) -> Json {
    let task = tasks.as_array().and_then(<[Json]>::first).and_then(|task| task.get("TaskArn"));
    let container = Json::from_members([("ExitCode", Json::Int(0)), ("LastStatus", Json::from("STOPPED"))]);
    Json::from_members([
        ("Containers", Json::array(vec![container])),
        ("LastStatus", "STOPPED".into()),
        ("StopCode", "EssentialContainerExited".into()),
        ("TaskArn", task.cloned().unwrap_or(Json::Null)),
    ])
}

/// `createTrainingJob` ends with a `TrainingJobStatus`.
fn sagemaker(action: &str) -> Json {
    let job = action.strip_prefix("create").unwrap_or(action);
    Json::from_members([(format!("{job}Status"), Json::from("Completed"))])
}

fn state(state: &str) -> Json {
    Json::from_members([("State", Json::from(state))])
}

fn state_of<const N: usize>(what: &'static str, members: [(&'static str, Json); N]) -> Json {
    Json::from_members([(what, Json::from_members(members))])
}
