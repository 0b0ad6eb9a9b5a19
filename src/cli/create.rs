//! Makes state machines of definition files, with the calls that any client would make.

use std::path::Path;

use super::definition_files::DefinitionFile;
use crate::mock::core::Core;
use crate::model::{Json, Operation};
use crate::wire::Request;

/// A state machine that now exists.
#[derive(Debug)]
pub(super) struct Created<'f> {
    pub(super) file: &'f DefinitionFile,
    pub(super) arn: String,
}

/// Creates them all, or says of each file that cannot be what is wrong with it.
pub(super) async fn create_all<'f>(
    core: &Core,
    account: &str,
    files: &'f [DefinitionFile],
) -> Result<Vec<Created<'f>>, String> {
    let mut created = Vec::new();
    let mut refused = Vec::new();
    for file in files {
        match create(core, account, file).await {
            Ok(arn) => created.push(Created { file, arn }),
            Err(why) => refused.push(why),
        }
    }
    if refused.is_empty() { Ok(created) } else { Err(refused.join("\n")) }
}

async fn create(core: &Core, account: &str, file: &DefinitionFile) -> Result<String, String> {
    let input = Json::from_members([
        ("name", Json::from(file.name.as_str())),
        ("definition", Json::from(file.text.as_str())),
        ("roleArn", Json::from(format!("arn:aws:iam::{account}:role/sfn-testkit"))),
        ("type", Json::from(file.kind.as_str())),
    ]);
    match call(core, Operation::CreateStateMachine, &input).await {
        Ok(output) => Ok(text(&output, "stateMachineArn").to_owned()),
        Err(error) if text(&error, "__type").ends_with("#InvalidDefinition") => {
            let diagnostics = diagnostics(core, file).await;
            let findings =
                if diagnostics.is_empty() { vec![text(&error, "message").to_owned()] } else { diagnostics };
            Err(invalid(&file.path, &findings))
        }
        Err(error) => Err(format!("{}: {}", file.path.display(), text(&error, "message"))),
    }
}

/// All findings: the error of `CreateStateMachine` shows only the first ones.
async fn diagnostics(core: &Core, file: &DefinitionFile) -> Vec<String> {
    let input = Json::from_members([
        ("definition", Json::from(file.text.as_str())),
        ("type", Json::from(file.kind.as_str())),
        ("maxResults", Json::Int(100)),
    ]);
    let Ok(output) = call(core, Operation::ValidateStateMachineDefinition, &input).await else {
        return Vec::new();
    };
    let diagnostics = output.get("diagnostics").and_then(Json::as_array).unwrap_or_default();
    diagnostics
        .iter()
        .filter(|diagnostic| text(diagnostic, "severity") == "ERROR")
        .map(|diagnostic| {
            let (code, message) = (text(diagnostic, "code"), text(diagnostic, "message"));
            match text(diagnostic, "location") {
                "" => format!("{code}: {message}"),
                location => format!("{code}: {message} at {location}"),
            }
        })
        .collect()
}

fn invalid(path: &Path, findings: &[String]) -> String {
    let findings: Vec<_> = findings.iter().map(|finding| format!("\n  {finding}")).collect();
    format!("{} is not a valid definition{}", path.display(), findings.concat())
}

/// The body of an answer; the body of an error, if it is one.
async fn call(core: &Core, operation: Operation, input: &Json) -> Result<Json, Json> {
    let target = format!("AWSStepFunctions.{}", operation.name());
    let body = input.to_text();
    let request = Request { target: Some(&target), body: body.as_bytes(), ..Request::default() };
    // Nobody can have asked for a fault yet.
    let Some(response) = core.answer(request).await else { return Err(Json::Null) };
    let body = Json::parse(&response.body).unwrap_or(Json::Null);
    if response.status == 200 { Ok(body) } else { Err(body) }
}

/// A member that is text; empty if there is none.
fn text<'j>(value: &'j Json, member: &str) -> &'j str {
    value.get(member).and_then(Json::as_str).unwrap_or_default()
}
