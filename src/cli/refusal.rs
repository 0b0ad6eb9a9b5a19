//! Answers that the command gives by itself, in the form in which AWS refuses.

use crate::model::Json;
use crate::wire;

/// A refusal that SDKs show as `name: message`.
pub(super) fn refusal(status: u16, name: &str, message: &str) -> wire::Response {
    let body = Json::from_members([("__type", Json::string(name)), ("message", Json::string(message))]);
    wire::Response {
        status,
        error_type: Some(name.to_owned()),
        request_id: "sfn-testkit".to_owned(),
        body: body.to_text(),
    }
}
