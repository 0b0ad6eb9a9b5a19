//! YAML texts as JSON values, with their keys in order.

use serde_yaml_ng::{Number, Value};

use crate::model::Json;
use crate::model::json::Map;

/// Reads one document. Anchors and merge keys are resolved.
pub(super) fn parse(text: &str) -> Result<Json, String> {
    let mut value: Value = serde_yaml_ng::from_str(text).map_err(|error| error.to_string())?;
    value.apply_merge().map_err(|error| error.to_string())?;
    json_of(&value)
}

fn json_of(value: &Value) -> Result<Json, String> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => json_number(number)?,
        Value::String(text) => Json::string(text.as_str()),
        Value::Sequence(items) => Json::array(items.iter().map(json_of).collect::<Result<_, _>>()?),
        Value::Mapping(members) => {
            let mut map = Map::new();
            for (key, value) in members {
                map.insert(key_of(key)?.into(), json_of(value)?);
            }
            Json::object(map)
        }
        Value::Tagged(tagged) => {
            return Err(format!("the tag {} has no meaning in a definition", tagged.tag));
        }
    })
}

fn json_number(number: &Number) -> Result<Json, String> {
    let integer = number.as_i64().map(Json::from).or_else(|| number.as_u64().map(Json::from));
    let finite = || number.as_f64().filter(|value| value.is_finite()).map(Json::Float);
    integer.or_else(finite).ok_or_else(|| format!("JSON has no number {number}"))
}

/// JSON keys are strings; YAML takes an unquoted `1` or `true` for something else.
fn key_of(key: &Value) -> Result<String, String> {
    match key {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            Err("a key is neither a string nor a number".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, &str>) {
        let found = parse(text).map(|json| json.to_text());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn keys_keep_their_order_and_values_their_kind() {
        check(
            "StartAt: B\nStates:\n  B: {Type: Wait, Seconds: 5, Factor: 1.5, End: true}\n  A: [null, \"1\", 1.0]\n",
            Ok(
                r#"{"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":5,"Factor":1.5,"End":true},"A":[null,"1",1.0]}}"#,
            ),
        );
    }

    #[test]
    fn anchors_and_merge_keys_are_resolved() {
        check(
            "base: &base {Type: Pass}\nnext: {<<: *base, End: true}\n",
            Ok(r#"{"base":{"Type":"Pass"},"next":{"End":true,"Type":"Pass"}}"#),
        );
    }

    #[test]
    fn unquoted_keys_become_strings() {
        check("1: a\ntrue: b\n", Ok(r#"{"1":"a","true":"b"}"#));
    }

    #[test]
    fn what_json_lacks_is_refused() {
        check("a: .inf", Err("JSON has no number .inf"));
        check("a: !Ref b", Err("the tag !Ref has no meaning in a definition"));
        check("[1]: b", Err("a key is neither a string nor a number"));
        assert!(parse("a: [").unwrap_err().contains("line 2"));
        assert!(parse("a: 1\na: 2").unwrap_err().contains("duplicate"));
    }
}
