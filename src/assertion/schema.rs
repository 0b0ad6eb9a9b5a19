//! The output of an execution against the JSON Schema of a Rust type.

use jsonschema::ValidationError;
use schemars::JsonSchema;

use super::matcher::{Matcher, Mismatch};
use super::status::at_the_end;
use super::{Assert, Execution, output};
use crate::model::fold;
use crate::pattern::Difference;

/// How many characters of the output the sentence shows.
const WIDTH: usize = 100;
/// How many faults are told.
const TOLD: usize = 5;

/// SUCCEEDED with an output that the schema allows.
struct ConformsTo {
    /// `title` of the schema, or the name of the type.
    name: String,
    schema: serde_json::Value,
}

/// Needs the feature `schema`.
impl Assert<'_> {
    /// It succeeded with an output that conforms to the JSON Schema of a type: `.output_conforms_to::<Receipt>()`.
    ///
    /// The schema is that of the crate `schemars` (draft 2020-12), so `#[schemars(range(min = 1))]` and the like count:
    /// more than [`output_as`](Self::output_as) looks at. Formats such as `date-time` are not looked at.
    ///
    /// ```
    /// # use sfn_testkit::Execution;
    /// #[derive(schemars::JsonSchema)]
    /// #[schemars(deny_unknown_fields)]
    /// struct Receipt {
    ///     #[schemars(range(min = 1))]
    ///     total: u32,
    /// }
    ///
    /// # fn of_a_test(execution: &Execution) {
    /// execution.assert().output_conforms_to::<Receipt>();
    /// # }
    /// ```
    #[track_caller]
    pub fn output_conforms_to<T: JsonSchema>(self) -> Self {
        let schema = schemars::schema_for!(T).to_value();
        self.has(&ConformsTo { name: T::schema_name().into_owned(), schema })
    }

    /// It succeeded with an output that conforms to this JSON Schema, of any draft that its `$schema` names.
    #[track_caller]
    pub fn output_conforms_to_schema(self, schema: impl Into<serde_json::Value>) -> Self {
        let schema = schema.into();
        let name = schema.get("title").and_then(serde_json::Value::as_str).unwrap_or("given").to_owned();
        self.has(&ConformsTo { name, schema })
    }
}

impl Matcher for ConformsTo {
    fn describes(&self) -> String {
        format!("output what conforms to the JSON Schema `{}`", self.name)
    }

    fn explains(&self, execution: &Execution) -> Option<Mismatch> {
        let Some(output) = &execution.record.output else {
            return Some(at_the_end(execution).hint(output::hint(execution)));
        };
        let validator = match jsonschema::validator_for(&self.schema) {
            Ok(validator) => validator,
            Err(error) => return Some(Mismatch::new(format!("the schema cannot be used: {error}"))),
        };
        let value = serde_json::Value::from(output);
        let mut faults: Vec<_> = validator.iter_errors(&value).map(|error| fault(&error)).collect();
        faults.sort_by(|one, other| one.path.cmp(&other.path));
        let first = faults.first().cloned()?;
        let output = fold(&output.compacted().to_text(), WIDTH);
        let actual = if faults.len() > 1 {
            let told: String = faults.iter().take(TOLD).map(|fault| format!("\n    {fault}")).collect();
            format!("the output was {output}, which differs in {} places:{told}", faults.len())
        } else {
            format!("the output was {output}")
        };
        let mut mismatch = Mismatch::new(actual).guilty(execution.end_event().map(|event| event.id));
        mismatch.difference = Some(first);
        Some(mismatch)
    }

    fn shows(&self, execution: &Execution) -> Vec<u64> {
        execution.end_event().map(|event| event.id).into_iter().collect()
    }
}

/// `$.lines[1].total: "4" is not of type "integer"`.
fn fault(error: &ValidationError<'_>) -> Difference {
    let pointer = error.instance_path().to_string();
    let parts = pointer.split('/').skip(1).map(|part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { format!("[{part}]") } else { format!(".{part}") }
    });
    let path = format!("${}", parts.collect::<String>());
    Difference { path, explanation: error.to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assertion::test_history::{History, guilty, holds, why};

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Receipt {
        lines: Vec<Line>,
        note: Option<String>,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Line {
        #[schemars(range(min = 1))]
        total: u32,
    }

    fn receipt() -> ConformsTo {
        ConformsTo { name: "Receipt".to_owned(), schema: schemars::schema_for!(Receipt).to_value() }
    }

    #[test]
    fn an_output_conforms_to_the_schema_of_a_type() {
        let execution = History::started_with("1").succeeded(r#"{"lines":[{"total":3}]}"#);
        holds(&execution, &receipt());
        execution
            .assert()
            .output_conforms_to::<Receipt>()
            .output_conforms_to_schema(json!({"type": "object"}));
    }

    #[test]
    fn what_the_schema_does_not_allow_is_told_with_its_path() {
        let execution = History::started_with("1").succeeded(r#"{"lines":[{"total":3},{"total":0}]}"#);
        assert_eq!(
            why(&execution, &receipt()),
            "expected execution `e-1` of state machine `orders` to output what conforms to the JSON Schema `Receipt`\n  \
             actual: the output was {\"lines\":[{\"total\":3},{\"total\":0}]}\n  \
             first difference (actual != expected): $.lines[1].total: 0 is less than the minimum of 1"
        );
        assert_eq!(guilty(&execution, &receipt()), [2]);
        let execution = History::started_with("1").succeeded(r#"{"lines":[{"total":"3"}],"note":1}"#);
        assert_eq!(
            why(&execution, &receipt()),
            "expected execution `e-1` of state machine `orders` to output what conforms to the JSON Schema `Receipt`\n  \
             actual: the output was {\"lines\":[{\"total\":\"3\"}],\"note\":1}, which differs in 2 places:\n    \
             $.lines[0].total: \"3\" is not of type \"integer\"\n    \
             $.note: 1 is not of types \"null\", \"string\"\n  \
             first difference (actual != expected): $.lines[0].total: \"3\" is not of type \"integer\""
        );
    }

    #[test]
    fn a_schema_that_is_none_is_told() {
        let execution = History::started_with("1").succeeded("1");
        let broken = ConformsTo { name: "given".to_owned(), schema: json!({"type": 7}) };
        assert!(why(&execution, &broken).contains("actual: the schema cannot be used: "));
        let failed = History::started_with("1").failed("Boom", "");
        assert!(why(&failed, &receipt()).contains("actual: it FAILED: Boom"));
    }
}
