//! What in a message is new in every run: found by where it stands, or by how it looks.

use std::sync::Arc;

use super::variable::{Kind, date_text};
use crate::model::{Json, Operation, Timestamp};

/// A value and what it is.
pub(super) type Found = (Kind, Arc<str>);

/// What stands at a known place of an opened message: names, tokens, dates, and the parts of ARNs.
pub(super) fn by_place(operation: Operation, message: &Json, found: &mut Vec<Found>) {
    if let Some(name) = message.get("name").and_then(Json::as_str) {
        found.extend(kind_of_name(operation, name).map(|kind| (kind, name.into())));
    }
    walk(message, "", found);
}

/// The names of what a call has made, by its request and its answer.
pub(super) fn made_by(operation: Operation, request: &Json, response: &Json) -> Vec<Found> {
    let mut found = Vec::new();
    let kind = match request.get("name").and_then(Json::as_str) {
        Some(name) => kind_of_name(operation, name),
        None => kind_of_name(operation, ""), // An execution may be named by the service.
    };
    if kind.is_some() {
        by_place(operation, request, &mut found);
        by_place(operation, response, &mut found);
    }
    found.retain(|(found, _)| Some(*found) == kind);
    found
}

fn kind_of_name(operation: Operation, name: &str) -> Option<Kind> {
    if matches!(operation, Operation::StartExecution | Operation::StartSyncExecution) {
        return Some(Kind::Name);
    }
    let is = |created: Operation| operation == created && looks_fresh(name);
    let machine = is(Operation::CreateStateMachine).then_some(Kind::Machine);
    machine.or_else(|| is(Operation::CreateActivity).then_some(Kind::Activity))
}

fn walk(value: &Json, key: &str, found: &mut Vec<Found>) {
    if let Some(text) = value.as_str() {
        found.extend(kind_at(key, text).map(|kind| (kind, text.into())));
        in_text(text, found);
    } else if let Some(seconds) = value.as_f64() {
        found.extend(date_at(key, seconds).map(|date| (Kind::Date, date.into())));
    } else if let Some(items) = value.as_array() {
        items.iter().for_each(|item| walk(item, "", found));
    } else if let Some(members) = value.as_object() {
        for (key, member) in members {
            in_text(key, found);
            walk(member, key, found);
        }
    }
}

/// What a string is because of its key.
pub(super) fn kind_at(key: &str, text: &str) -> Option<Kind> {
    if text.is_empty() {
        return None;
    }
    match key {
        "nextToken" | "NextToken" => Some(Kind::Page),
        "traceHeader" => Some(Kind::Trace),
        "StartTime" | "EnteredTime" | "RedriveTime" => Timestamp::parse(text).map(|_| Kind::Time),
        "taskToken" | "TaskToken" | "task_token" => {
            Some(Kind::Token).filter(|_| text.len() >= SHORTEST_TOKEN)
        }
        // The `Task` of the context object.
        "Token" => Some(Kind::Token).filter(|_| text.len() >= LONG_TOKEN),
        _ => None,
    }
}

/// Shorter texts are what people write: `Token.SelectToken` and the like.
const SHORTEST_TOKEN: usize = 8;
const LONG_TOKEN: usize = 32;

/// A date of the API, as the file shows it.
pub(super) fn date_at(key: &str, seconds: f64) -> Option<String> {
    // Years 2001 to 2286: what is no date has no such number of digits.
    let is_date = (1e9..1e10).contains(&seconds)
        && (key.ends_with("Date") || key.ends_with("Timestamp") || key == "timestamp");
    is_date.then(|| date_text(seconds)).flatten()
}

/// What a text shows wherever it stands: parts of ARNs and of the URLs of queues.
fn in_text(text: &str, found: &mut Vec<Found>) {
    for (at, end) in arns(text) {
        in_arn(text.get(at..end).unwrap_or_default(), found);
    }
    for (at, host) in text.match_indices("amazonaws.com/") {
        let account: String = text.get(at + host.len()..).unwrap_or_default().chars().take(13).collect();
        let account = account.trim_end_matches('/');
        found.extend(is_account(account).then(|| (Kind::Account, account.into())));
    }
}

/// Where the ARNs of a text begin and end.
pub(super) fn arns(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("arn:aws")).map(|at| from + at) {
        let arn = text.get(at..).unwrap_or_default();
        // A text that is an ARN is one to its end: names may have characters that end an ARN elsewhere.
        let length = if at == 0 && !arn.contains(char::is_whitespace) { None } else { arn.find(ends_arn) };
        from = at + length.unwrap_or(arn.len());
        found.push((at, from));
    }
    found
}

fn ends_arn(c: char) -> bool {
    c.is_whitespace() || "\"'`,;<>{}()[]\\|$".contains(c)
}

fn in_arn(arn: &str, found: &mut Vec<Found>) {
    let parts: Vec<&str> = arn.split(':').collect();
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    if is_account(part(4)) {
        found.push((Kind::Account, part(4).into()));
    }
    let (name, (least, most)) = (part(7), Kind::Name.length());
    let is_name =
        (least..=most).contains(&name.chars().count()) && name.chars().all(|c| Kind::Name.allows(c));
    if part(2) == "states" && matches!(part(5), "execution" | "express") && is_name {
        found.push((Kind::Name, name.into()));
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

/// Whether a name is one of many, with a random or a running number in it. Only such names are looked for in other
/// texts, and only so named resources are taken for new in every run.
pub(super) fn looks_fresh(name: &str) -> bool {
    name.len() >= 8 && name.chars().any(|c| c.is_ascii_digit())
}

/// The UUIDs of a message.
pub(super) fn uuids(value: &Json, found: &mut Vec<Found>) {
    if let Some(text) = value.as_str() {
        uuids_in(text, found);
    } else if let Some(items) = value.as_array() {
        items.iter().for_each(|item| uuids(item, found));
    } else if let Some(members) = value.as_object() {
        for (key, member) in members {
            uuids_in(key, found);
            uuids(member, found);
        }
    }
}

fn uuids_in(text: &str, found: &mut Vec<Found>) {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(candidate) = bytes.get(at..at + LENGTH) {
        let is_free = |index: Option<usize>| {
            !index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_alphanumeric)
        };
        if is_uuid(candidate) && is_free(at.checked_sub(1)) && is_free(Some(at + LENGTH)) {
            found.extend(text.get(at..at + LENGTH).map(|uuid| (Kind::Id, uuid.into())));
            at += LENGTH;
        } else {
            at += 1;
        }
    }
}

fn is_uuid(candidate: &[u8]) -> bool {
    candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(operation: Operation, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        by_place(operation, &Json::parse(text).unwrap(), &mut found);
        found.into_iter().map(|(kind, value)| format!("{} {value}", kind.word())).collect()
    }

    #[test]
    fn arns_tell_accounts_and_names_of_executions() {
        assert_eq!(
            placed(
                Operation::DescribeExecution,
                r#"{"executionArn":"arn:aws:states:eu-west-1:111122223333:execution:m:a(1)"}"#
            ),
            ["account 111122223333", "name a(1)"]
        );
        assert_eq!(
            placed(
                Operation::DescribeExecution,
                r#"{"x":["see (arn:aws-cn:states:cn-north-1:111122223333:express:m:n:u)"]}"#
            ),
            ["account 111122223333", "name n"]
        );
        assert_eq!(
            placed(
                Operation::DescribeExecution,
                r#"{"u":"https://sqs.eu-west-1.amazonaws.com/111122223333/q"}"#
            ),
            ["account 111122223333"]
        );
        assert_eq!(placed(Operation::DescribeExecution, r#"{"u":"arn:aws:iam::aws:policy/x"}"#), [""; 0]);
        assert_eq!(
            placed(Operation::DescribeExecution, r#"{"u":"arn:aws:states:x::execution:m:a/b"}"#),
            [""; 0]
        );
    }

    #[test]
    fn names_tokens_and_dates_are_known_by_their_place() {
        assert_eq!(
            placed(Operation::StartExecution, r#"{"name":"a","traceHeader":"Root=1-5"}"#),
            ["name a", "trace Root=1-5"]
        );
        assert_eq!(
            placed(
                Operation::GetActivityTask,
                r#"{"taskToken":"AQCEAAAA","input":{"$json":{"Token":"short"}},"nextToken":"AAA"}"#
            ),
            ["token AQCEAAAA", "page AAA"]
        );
        assert_eq!(
            placed(
                Operation::DescribeExecution,
                r#"{"startDate":1700000000.5,"timestamp":1700000001,"retryDate":7,"StartTime":"2023-11-14T22:13:20Z"}"#
            ),
            ["date 2023-11-14T22:13:20.5Z", "date 2023-11-14T22:13:21Z", "time 2023-11-14T22:13:20Z"]
        );
    }

    #[test]
    fn a_created_resource_is_new_only_if_its_name_looks_so() {
        assert_eq!(
            placed(Operation::CreateStateMachine, r#"{"name":"orders-8f14e45f"}"#),
            ["machine orders-8f14e45f"]
        );
        assert_eq!(placed(Operation::CreateStateMachine, r#"{"name":"user-onboarding"}"#), [""; 0]);
        assert_eq!(
            placed(Operation::CreateActivity, r#"{"name":"approve-20261125"}"#),
            ["activity approve-20261125"]
        );
    }

    #[test]
    fn uuids_are_found_in_any_text() {
        let mut found = Vec::new();
        let text = "run-9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b.x, a9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b";
        uuids(&Json::array(vec![Json::from(text)]), &mut found);
        assert_eq!(found, [(Kind::Id, "9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b".into())]);
    }
}
