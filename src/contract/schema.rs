//! The JSON Schema of contract files, from the types they are read into.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::clause::Clause;

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
    let json = crate::model::Json::from(schema.to_value());
    format!("{}\n", json.to_pretty_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::read::{CLAUSE_KEYS, FILE_KEYS, KEYS_OF_STEPS};
    use crate::model::Json;

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
