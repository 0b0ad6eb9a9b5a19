//! The JSON Schema of cassettes.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::format::FORMAT;
use crate::model::json::Map;
use crate::model::{Json, Operation};

/// Calls of AWS Step Functions and their answers, recorded by sfn-testkit.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Cassette of sfn-testkit")]
#[expect(dead_code, reason = "it is only there to be described")]
struct Cassette {
    /// The schema, for editors.
    #[schemars(rename = "$schema", default)]
    schema: String,
    /// The version of this format.
    #[schemars(schema_with = "format")]
    format: String,
    /// The day of the recording, UTC. Of a file that was added to, that of its oldest part.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), default)]
    recorded: String,
    /// Paths in requests and responses, such as `$.input.card`, of what was taken out when this was recorded.
    #[schemars(default)]
    redacted: Vec<String>,
    /// What is new in every run, and what stands for it on replay until a call brings its own: `${name-1}` in a text
    /// is the variable `name-1`. Accounts and tokens are stand-ins.
    #[schemars(default)]
    vars: BTreeMap<String, String>,
    /// The calls, in the order in which they were answered.
    interactions: Vec<Interaction>,
}

/// A call and its answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "it is only there to be described")]
struct Interaction {
    /// The operation.
    #[schemars(schema_with = "operation")]
    op: String,
    /// What was asked. A string that holds JSON stands as `{"$json": …}` (`$json-spaced` if it has blanks after
    /// commas and colons), one of several lines as `{"$lines": […]}`.
    request: serde_json::Value,
    /// The HTTP status.
    #[schemars(range(min = 100, max = 599))]
    status: u16,
    /// The short name of the error.
    #[schemars(default)]
    error: String,
    /// What was answered, written like the request.
    response: serde_json::Value,
    /// How often this was asked and answered so, if more than once.
    #[schemars(range(min = 1), default)]
    times: u64,
}

/// The JSON Schema (draft 2020-12) of cassettes, as text; `schema/cassette.schema.json` is a copy of it.
#[must_use]
pub fn json_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Cassette>();
    format!("{}\n", without_defaults(&Json::from(schema.to_value())).to_pretty_text())
}

/// Members with a default may be left out; what the default is, is nobody's business.
fn without_defaults(schema: &Json) -> Json {
    if let Some(items) = schema.as_array() {
        return Json::array(items.iter().map(without_defaults).collect());
    }
    match schema.as_object() {
        Some(members) => {
            let kept = members.iter().filter(|(key, _)| &***key != "default");
            Json::object(kept.map(|(key, value)| (key.clone(), without_defaults(value))).collect::<Map>())
        }
        None => schema.clone(),
    }
}

fn format(_: &mut SchemaGenerator) -> Schema {
    schema([("const", FORMAT.into())])
}

fn operation(_: &mut SchemaGenerator) -> Schema {
    let names = Operation::ALL.iter().map(|operation| serde_json::Value::from(operation.name())).collect();
    schema([("type", "string".into()), ("enum", serde_json::Value::Array(names))])
}

fn schema<const N: usize>(members: [(&str, serde_json::Value); N]) -> Schema {
    Schema::from(
        members.map(|(key, value)| (key.to_owned(), value)).into_iter().collect::<serde_json::Map<_, _>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::read::{FILE_KEYS, INTERACTION_KEYS};

    #[test]
    fn the_schema_allows_what_the_reader_reads() {
        let schema = Json::parse(&json_schema()).unwrap();
        let interaction = schema.get("$defs").and_then(|types| types.get("Interaction")).unwrap();
        for (object, known) in [(&schema, FILE_KEYS), (interaction, INTERACTION_KEYS)] {
            let mut keys: Vec<&str> = object
                .get("properties")
                .and_then(Json::as_object)
                .unwrap()
                .keys()
                .map(|key| &**key)
                .collect();
            let mut known = known.to_vec();
            keys.sort_unstable();
            known.sort_unstable();
            assert_eq!(keys, known);
        }
    }

    #[test]
    fn only_the_necessary_members_are_required() {
        let schema = Json::parse(&json_schema()).unwrap();
        assert_eq!(schema.get("required").unwrap().to_text(), r#"["format","interactions"]"#);
        let interaction = schema.get("$defs").and_then(|types| types.get("Interaction")).unwrap();
        assert_eq!(interaction.get("required").unwrap().to_text(), r#"["op","request","status","response"]"#);
        assert!(json_schema().contains(r#""const": "sfn-cassette/1""#));
    }
}
