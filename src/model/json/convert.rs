//! Between our JSON value and `serde_json::Value`, the type users write with `json!({…})`.

use std::sync::Arc;

use super::Json;

impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => from_number(number),
            serde_json::Value::String(text) => Self::string(text.as_str()),
            serde_json::Value::Array(items) => Self::array(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(members) => Self::object(
                members.iter().map(|(key, value)| (Arc::from(key.as_str()), value.into())).collect(),
            ),
        }
    }
}

fn from_number(number: &serde_json::Number) -> Json {
    if let Some(value) = number.as_i64() {
        Json::Int(value)
    } else if let Some(value) = number.as_u64() {
        Json::UInt(value)
    } else {
        // With serde_json's `arbitrary_precision`, which a user may have turned on, a number can be beyond f64.
        number.as_f64().map_or(Json::Null, Json::Float)
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self::from(&value)
    }
}

impl From<&Json> for serde_json::Value {
    fn from(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(*value),
            Json::Int(value) => Self::from(*value),
            Json::UInt(value) => Self::from(*value),
            Json::Float(value) => Self::from(*value),
            Json::String(text) => Self::String(text.to_string()),
            Json::Array(array) => Self::Array(array.items.iter().map(Self::from).collect()),
            Json::Object(object) => Self::Object(
                object.members.iter().map(|(key, value)| (key.to_string(), value.into())).collect(),
            ),
        }
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}

impl From<Arc<str>> for Json {
    fn from(value: Arc<str>) -> Self {
        Self::String(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_survives_the_way_there_and_back() {
        let value = serde_json::json!({"a": [1, 2.5, null, true, "x"], "big": u64::MAX});
        assert_eq!(serde_json::Value::from(&Json::from(&value)), value);
    }
}
