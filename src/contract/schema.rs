//! The JSON Schema of contract files, from the types they are read into.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::clause::Clause;
use crate::model::json::Map;
use crate::model::{Json, Operation};

/// Clauses about how AWS Step Functions answers, for `sfn-testkit verify`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "Contract of sfn-testkit")]
#[expect(dead_code, reason = "it is only there to be described: the reader gives each clause its topic")]
struct ContractFile {
    /// The schema, for editors.
    #[schemars(rename = "$schema")]
    schema: Option<String>,
    /// What the clauses are about.
    topic: String,
    /// The clauses.
    clauses: Vec<Clause>,
}

/// The JSON Schema (draft 2020-12) of contract files, as text; `schema/contract.schema.json` is a copy of it.
#[must_use]
pub fn json_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ContractFile>();
    let json = without_null(&Json::from(schema.to_value()));
    format!("{}\n", json.to_pretty_text())
}

/// Members that may be missing may not be `null`: an `Option` can be either, but the reader knows only one of them.
fn without_null(schema: &Json) -> Json {
    if let Some(items) = schema.as_array() {
        return Json::array(items.iter().map(without_null).collect());
    }
    let Some(members) = schema.as_object() else { return schema.clone() };
    let mut kept: Map = members.iter().map(|(key, value)| (key.clone(), without_null(value))).collect();
    if let Some([only]) = others_than_null(members.get("type")).as_deref() {
        kept.insert("type".into(), only.clone());
    }
    if let Some([only]) = others_than_null(members.get("anyOf")).as_deref() {
        kept.shift_remove("anyOf");
        kept.extend(without_null(only).as_object().cloned().unwrap_or_default());
    }
    Json::object(kept)
}

/// The choices without `null`, if it is one of them.
fn others_than_null(choices: Option<&Json>) -> Option<Vec<Json>> {
    let null = Json::from("null");
    let is_null = |choice: &Json| *choice == null || choice.get("type") == Some(&null);
    let choices = choices?.as_array()?;
    choices.iter().any(is_null).then(|| choices.iter().filter(|choice| !is_null(choice)).cloned().collect())
}

/// The schema of the name of an operation, so that editors complete it.
pub(super) fn operation(_: &mut SchemaGenerator) -> Schema {
    let names = Operation::ALL.iter().map(|operation| serde_json::Value::from(operation.name())).collect();
    let members = [("type", "string".into()), ("enum", serde_json::Value::Array(names))];
    Schema::from(
        members.map(|(key, value)| (key.to_owned(), value)).into_iter().collect::<serde_json::Map<_, _>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::read::{CLAUSE_KEYS, FILE_KEYS, KEYS_OF_STEPS};

    /// The keys that the schema lets an object of this type have, sorted.
    fn keys(schema: &Json, name: &str) -> Vec<String> {
        let object = match name {
            "ContractFile" => schema,
            name => schema.get("$defs").and_then(|types| types.get(name)).unwrap(),
        };
        let mut keys: Vec<String> = object
            .get("properties")
            .and_then(Json::as_object)
            .unwrap()
            .keys()
            .map(|key| key.to_string())
            .collect();
        keys.sort();
        keys
    }

    #[test]
    fn nothing_may_be_null_and_operations_are_listed() {
        let schema = json_schema();
        assert!(!schema.contains("\"null\""), "{schema}");
        assert!(schema.contains("\"ValidateStateMachineDefinition\""));
    }

    #[test]
    fn the_schema_allows_what_the_reader_reads() {
        let schema = Json::parse(&json_schema()).unwrap();
        let all = KEYS_OF_STEPS.iter().copied().chain([("ContractFile", FILE_KEYS), ("Clause", CLAUSE_KEYS)]);
        for (name, known) in all {
            let mut known = known.to_vec();
            known.sort_unstable();
            assert_eq!(keys(&schema, name), known, "{name}");
        }
    }
}
