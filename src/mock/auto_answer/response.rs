//! What a service says to a call.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html> and its service pages.

use std::sync::Arc;

use md5::{Digest, Md5};

use crate::model::{Json, SeededRandom, Timestamp};

/// A call, and where ids come from.
pub(super) struct Responding<'t> {
    pub(super) service: &'t str,
    pub(super) action: &'t str,
    pub(super) parameters: &'t Json,
    pub(super) execution_arn: &'t str,
    pub(super) now: Timestamp,
    pub(super) ids: SeededRandom,
}

impl Responding<'_> {
    pub(super) fn text(&self, parameter: &str) -> &str {
        self.parameters.get(parameter).and_then(Json::as_str).unwrap_or_default()
    }

    /// An ARN beside the execution: same partition, region and account.
    pub(super) fn arn(&self, service: &str, resource: &str) -> Json {
        let mut parts = self.execution_arn.split(':');
        let (partition, place) = (parts.nth(1), (parts.nth(1), parts.next()));
        let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
        let (partition, region, account) = (part(partition), part(place.0), part(place.1));
        format!("arn:{partition}:{service}:{region}:{account}:{resource}").into()
    }

    fn id(&mut self) -> Json {
        self.ids.next_uuid().into()
    }
}

/// The response to a call, as its integration hands it on.
pub(super) fn to(call: &mut Responding<'_>) -> Json {
    if call.service.starts_with("aws-sdk:") {
        return members_of_sdk(call);
    }
    let members = members(call);
    match call.service {
        // What these hand on is the response itself.
        "events" | "apigateway" | "http" => Json::from_members(members),
        _ => Json::from_members(members.into_iter().chain(metadata(call))),
    }
}

type Members = Vec<(&'static str, Json)>;

fn members(call: &mut Responding<'_>) -> Members {
    match (call.service, call.action) {
        ("lambda", "invoke") => vec![
            ("ExecutedVersion", "$LATEST".into()),
            ("Payload", Json::empty_object()),
            ("StatusCode", Json::Int(if call.text("InvocationType") == "Event" { 202 } else { 200 })),
        ],
        ("sqs", "sendMessage") => {
            vec![("MD5OfMessageBody", md5_of_body(call.parameters)), ("MessageId", call.id())]
        }
        ("sns", "publish") => vec![("MessageId", call.id())],
        ("events", "putEvents") => put_events(call),
        ("dynamodb", "getItem") => vec![("Item", Json::empty_object())],
        ("dynamodb", _) => match call.text("ReturnValues") {
            "" | "NONE" => Vec::new(),
            _ => vec![("Attributes", Json::empty_object())],
        },
        ("apigateway" | "http", _) => vec![
            ("Headers", Json::empty_object()),
            ("ResponseBody", Json::empty_object()),
            ("StatusCode", Json::Int(200)),
            ("StatusText", "OK".into()),
        ],
        ("states", _) => started(call),
        _ => members_of_job(call),
    }
}

fn members_of_job(call: &mut Responding<'_>) -> Members {
    match (call.service, call.action) {
        ("batch", _) => {
            let id = call.ids.next_uuid();
            vec![
                ("JobArn", call.arn("batch", &format!("job/{id}"))),
                ("JobId", id.into()),
                ("JobName", call.text("JobName").into()),
            ]
        }
        ("glue", _) => vec![("JobRunId", format!("jr_{}", call.ids.next_uuid().replace('-', "")).into())],
        ("databrew", _) => vec![("RunId", call.id())],
        ("athena", "startQueryExecution") => vec![("QueryExecutionId", call.id())],
        ("athena", "getQueryExecution") => vec![("QueryExecution", query(call.text("QueryExecutionId")))],
        ("athena", "getQueryResults") => {
            vec![("ResultSet", Json::from_members([("Rows", Json::array(Vec::new()))]))]
        }
        ("codebuild", "startBuild") => vec![("Build", build(call, "IN_PROGRESS"))],
        ("codebuild", "startBuildBatch" | "retryBuildBatch") => {
            vec![("BuildBatch", build(call, "IN_PROGRESS"))]
        }
        ("ecs", _) => {
            let task = call.arn("ecs", &format!("task/{}", call.ids.clone().next_uuid()));
            let task = Json::from_members([("LastStatus", "PENDING".into()), ("TaskArn", task)]);
            vec![("Failures", Json::array(Vec::new())), ("Tasks", Json::array(vec![task]))]
        }
        ("bedrock", "invokeModel") => {
            vec![("Body", Json::empty_object()), ("ContentType", "application/json".into())]
        }
        ("eks", "call" | "runJob") => {
            vec![("ResponseBody", Json::empty_object()), ("StatusCode", Json::Int(200))]
        }
        ("elasticmapreduce", "createCluster") => vec![("ClusterId", call.id())],
        ("elasticmapreduce", "addStep") => vec![("StepId", call.id())],
        ("emr-serverless", "startJobRun") => {
            vec![("ApplicationId", call.text("ApplicationId").into()), ("JobRunId", call.id())]
        }
        _ => Vec::new(),
    }
}

/// `aws-sdk:sfn:startExecution` of a machine that is not here; of other services we know nothing.
fn members_of_sdk(call: &mut Responding<'_>) -> Json {
    match call.service {
        "aws-sdk:sfn" => Json::from_members(started(call)),
        _ => Json::empty_object(),
    }
}

fn put_events(call: &mut Responding<'_>) -> Members {
    let count = call.parameters.get("Entries").and_then(Json::as_array).map_or(0, <[Json]>::len);
    let entries = (0..count).map(|_| Json::from_members([("EventId", call.id())])).collect();
    vec![("Entries", Json::array(entries)), ("FailedEntryCount", Json::Int(0))]
}

fn started(call: &mut Responding<'_>) -> Members {
    let name = match call.text("Name") {
        "" => call.ids.next_uuid(),
        name => name.to_owned(),
    };
    let arn = call.text("StateMachineArn").replacen(":stateMachine:", ":execution:", 1);
    vec![("ExecutionArn", format!("{arn}:{name}").into()), ("StartDate", call.now.to_string().into())]
}

pub(super) fn query(id: &str) -> Json {
    let status = Json::from_members([("State", Json::from("SUCCEEDED"))]);
    Json::from_members([("QueryExecutionId", Json::from(id)), ("Status", status)])
}

pub(super) fn build(call: &Responding<'_>, status: &str) -> Json {
    let id = format!("{}:{}", call.text("ProjectName"), call.ids.clone().next_uuid());
    Json::from_members([
        ("Arn", call.arn("codebuild", &format!("build/{id}"))),
        ("BuildStatus", status.into()),
        ("Id", id.into()),
    ])
}

/// A JSON body is sent as its text.
fn md5_of_body(parameters: &Json) -> Json {
    let body: Arc<str> = match parameters.get("MessageBody") {
        Some(Json::String(text)) => Arc::clone(text),
        Some(json) => json.compacted().to_text().into(),
        None => "".into(),
    };
    let digest = Md5::digest(body.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// What optimized integrations tell of the HTTP response.
fn metadata(call: &mut Responding<'_>) -> Members {
    let id = call.ids.next_uuid();
    let date = call.now.to_http_date();
    let listed = |value: &str| Json::array(vec![Json::from(value)]);
    let lists = [("x-amzn-RequestId", listed(&id)), ("Date", listed(&date))];
    let texts = [("Date", Json::from(date.as_str())), ("x-amzn-RequestId", Json::from(id.as_str()))];
    let http = Json::from_members([
        ("AllHttpHeaders", Json::from_members(lists)),
        ("HttpHeaders", Json::from_members(texts)),
        ("HttpStatusCode", Json::Int(200)),
    ]);
    vec![
        ("SdkHttpMetadata", http),
        ("SdkResponseMetadata", Json::from_members([("RequestId", Json::from(id))])),
    ]
}
