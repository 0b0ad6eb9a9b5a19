//! From the text of a file to a cassette, or a sentence that says where it is none.

use indexmap::IndexMap;

use super::format::{CassetteFile, FORMAT, InvalidCassette};
use super::interaction::Interaction;
use super::redaction::Redaction;
use super::template::is_variable;
use crate::model::json::Map;
use crate::model::{Json, Operation};

pub(super) const FILE_KEYS: &[&str] = &["$schema", "format", "recorded", "redacted", "vars", "interactions"];
pub(super) const INTERACTION_KEYS: &[&str] = &["op", "request", "status", "error", "response", "times"];

type Read<T> = Result<T, InvalidCassette>;

pub(super) fn file(text: &str) -> Read<CassetteFile> {
    let json = Json::parse(text).map_err(|error| InvalidCassette {
        place: format!("line {}, column {}", error.position.line, error.position.column),
        reason: format!("this is no JSON: {}", error.message),
    })?;
    check_format(&json)?;
    let members = members(&json, "", FILE_KEYS)?;
    let recorded = members.get("recorded").map(day).transpose()?;
    Ok(CassetteFile {
        recorded,
        redacted: redacted(members.get("redacted"))?,
        vars: vars(members.get("vars"))?,
        interactions: interactions(members.get("interactions"))?,
    })
}

/// Before anything else: other versions may have other members.
fn check_format(json: &Json) -> Read<()> {
    let reason = match json.get("format").and_then(Json::as_str) {
        Some(FORMAT) => return Ok(()),
        Some(other) if other.starts_with("sfn-cassette/") => format!(
            "this cassette has the format `{other}`, and this version of sfn-testkit reads `{FORMAT}`: record it again with SFN_TESTKIT_RECORD=all, or use the version of sfn-testkit that wrote it"
        ),
        Some(other) => format!("`{other}` is no format of cassettes: there is `{FORMAT}`"),
        None => {
            format!("this is no cassette of sfn-testkit: it does not begin with \"format\": \"{FORMAT}\"")
        }
    };
    flaw(if json.get("format").is_some() { "/format" } else { "" }, reason)
}

fn redacted(paths: Option<&Json>) -> Read<Vec<Redaction>> {
    let Some(paths) = paths else { return Ok(Vec::new()) };
    let read = |(at, path): (usize, &Json)| {
        let place = format!("/redacted/{at}");
        Redaction::parse(string(path, &place)?).map_err(|reason| InvalidCassette { place, reason })
    };
    items(paths, "/redacted")?.iter().enumerate().map(read).collect()
}

fn vars(vars: Option<&Json>) -> Read<IndexMap<String, String>> {
    let Some(vars) = vars else { return Ok(IndexMap::new()) };
    let read = |(name, value): (&std::sync::Arc<str>, &Json)| {
        let place = format!("/vars/{name}");
        if !is_variable(name) {
            return flaw(
                &place,
                format!("`{name}` is no name of a variable: write a kind and a number, such as `name-1`"),
            );
        }
        Ok((name.to_string(), string(value, &place)?.to_owned()))
    };
    object(vars, "/vars")?.iter().map(read).collect()
}

fn interactions(list: Option<&Json>) -> Read<Vec<Interaction>> {
    let Some(list) = list else { return flaw("", "`interactions` is missing") };
    let list = items(list, "/interactions")?;
    list.iter().enumerate().map(|(at, json)| interaction(json, &format!("/interactions/{at}"))).collect()
}

fn interaction(json: &Json, place: &str) -> Read<Interaction> {
    let members = members(json, place, INTERACTION_KEYS)?;
    let required = |key: &str| match members.get(key) {
        Some(value) => Ok(value),
        None => flaw(place, format!("`{key}` is missing")),
    };
    let name = string(required("op")?, &format!("{place}/op"))?;
    let Some(operation) = Operation::from_name(name) else {
        return flaw(&format!("{place}/op"), format!("Step Functions has no operation `{name}`"));
    };
    let status = number(required("status")?, &format!("{place}/status"), 100, 599)?;
    let error = members.get("error").map(|error| string(error, &format!("{place}/error"))).transpose()?;
    Ok(Interaction {
        operation,
        request: required("request")?.clone(),
        status: u16::try_from(status).unwrap_or_default(),
        error: error.map(str::to_owned),
        response: required("response")?.clone(),
        times: members
            .get("times")
            .map_or(Ok(1), |times| number(times, &format!("{place}/times"), 1, u64::MAX))?,
    })
}

fn members<'j>(json: &'j Json, place: &str, keys: &[&str]) -> Read<&'j Map> {
    let members = object(json, place)?;
    match members.keys().find(|key| !keys.contains(&&***key)) {
        Some(key) => {
            let known = keys.join("`, `");
            flaw(&format!("{place}/{key}"), format!("`{key}` is not known here; there are `{known}`"))
        }
        None => Ok(members),
    }
}

fn object<'j>(json: &'j Json, place: &str) -> Read<&'j Map> {
    json.as_object().map_or_else(|| flaw(place, format!("this must be an object, not {}", a(json))), Ok)
}

fn items<'j>(json: &'j Json, place: &str) -> Read<&'j [Json]> {
    json.as_array().map_or_else(|| flaw(place, format!("this must be an array, not {}", a(json))), Ok)
}

fn string<'j>(json: &'j Json, place: &str) -> Read<&'j str> {
    json.as_str().map_or_else(|| flaw(place, format!("this must be a string, not {}", a(json))), Ok)
}

fn number(json: &Json, place: &str, least: u64, most: u64) -> Read<u64> {
    let number = json.as_i64().and_then(|number| u64::try_from(number).ok());
    match number.filter(|number| (least..=most).contains(number)) {
        Some(number) => Ok(number),
        None if most == u64::MAX => flaw(place, format!("this must be a whole number of {least} or more")),
        None => flaw(place, format!("this must be a whole number from {least} to {most}")),
    }
}

fn day(json: &Json) -> Read<String> {
    let text = string(json, "/recorded")?;
    match crate::model::Timestamp::parse(&format!("{text}T00:00:00Z")) {
        Some(_) => Ok(text.to_owned()),
        None => flaw("/recorded", format!("`{text}` is no day: write it as `2026-11-25`")),
    }
}

/// The type of a value with its article.
fn a(json: &Json) -> String {
    match json.type_name() {
        "null" => "null".to_owned(),
        name @ ("array" | "object") => format!("an {name}"),
        name => format!("a {name}"),
    }
}

fn flaw<T>(place: &str, reason: impl Into<String>) -> Read<T> {
    Err(InvalidCassette { place: place.to_owned(), reason: reason.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{
  "format": "sfn-cassette/1",
  "recorded": "2026-11-25",
  "redacted": [
    "$.input.card"
  ],
  "vars": {
    "name-1": "run-8f14e45f"
  },
  "interactions": [
    {
      "op": "DescribeExecution",
      "request": {
        "executionArn": "arn:aws:states:us-east-1:${account-1}:execution:m:${name-1}"
      },
      "status": 400,
      "error": "ExecutionDoesNotExist",
      "response": {
        "__type": "ExecutionDoesNotExist"
      },
      "times": 5
    }
  ]
}
"#;

    #[test]
    fn a_file_is_written_as_it_was_read() {
        assert_eq!(CassetteFile::read(WHOLE).unwrap().to_text(), WHOLE);
    }

    #[test]
    fn editors_may_be_told_the_schema_and_most_members_may_be_left_out() {
        let text =
            r#"{"$schema":"../schema/cassette.schema.json","format":"sfn-cassette/1","interactions":[]}"#;
        assert_eq!(CassetteFile::read(text).unwrap(), CassetteFile::default());
    }

    #[test]
    fn every_flaw_is_told_with_its_place() {
        let check = |from: &str, to: &str, expected: &str| {
            assert!(WHOLE.contains(from));
            assert_eq!(CassetteFile::read(&WHOLE.replacen(from, to, 1)).unwrap_err().to_string(), expected);
        };
        check(
            "sfn-cassette/1",
            "sfn-cassette/9",
            "/format: this cassette has the format `sfn-cassette/9`, and this version of sfn-testkit reads `sfn-cassette/1`: record it again with SFN_TESTKIT_RECORD=all, or use the version of sfn-testkit that wrote it",
        );
        check("sfn-cassette/1", "vcr", "/format: `vcr` is no format of cassettes: there is `sfn-cassette/1`");
        check(
            "\"format\": \"sfn-cassette/1\",",
            "",
            "this is no cassette of sfn-testkit: it does not begin with \"format\": \"sfn-cassette/1\"",
        );
        check(
            "\"times\": 5",
            "\"times\": 0",
            "/interactions/0/times: this must be a whole number of 1 or more",
        );
        check(
            "\"status\": 400",
            "\"status\": 7",
            "/interactions/0/status: this must be a whole number from 100 to 599",
        );
        check(
            "\"op\": \"Desc",
            "\"op\": \"desc",
            "/interactions/0/op: Step Functions has no operation `describeExecution`",
        );
        check("\"op\": \"DescribeExecution\",", "", "/interactions/0: `op` is missing");
        check(
            "\"vars\": {",
            "\"vars\": {\"x\": \"\",",
            "/vars/x: `x` is no name of a variable: write a kind and a number, such as `name-1`",
        );
        check("\"run-8f14e45f\"", "7", "/vars/name-1: this must be a string, not a number");
        check("2026-11-25", "25.11.2026", "/recorded: `25.11.2026` is no day: write it as `2026-11-25`");
        check(
            "\"$.input.card\"",
            "\"card\"",
            "/redacted/0: `card` is no path of a redaction: write `$` and then steps such as `.input`, `['a key']`, `[0]`, `[*]`, `.*` or `..card`",
        );
        check(
            "\"times\": 5",
            "\"headers\": {}",
            "/interactions/0/headers: `headers` is not known here; there are `op`, `request`, `status`, `error`, `response`, `times`",
        );
        check(
            "],\n  \"vars\"",
            "\n  \"vars\"",
            "line 7, column 3: this is no JSON: Unexpected character ('\"' (code 34)): was expecting comma to separate Array entries",
        );
    }
}
