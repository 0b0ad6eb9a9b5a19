//! Which definitions are the same: those whose JSON is, however it is written.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::model::Json;

/// Bytes of the hash that are kept: enough to tell all definitions of the world apart.
const KEPT: usize = 16;

/// A name for the content of a definition. Spacing, the order of members and the notation of numbers do not count. A
/// text that is no JSON stands for itself.
pub(crate) fn definition_hash(text: &str) -> String {
    let canonical = match Json::parse(text) {
        Ok(json) => {
            let mut out = String::with_capacity(text.len());
            write(&json, &mut out);
            out
        }
        Err(_) => text.to_owned(),
    };
    Sha256::digest(canonical).iter().take(KEPT).map(|byte| format!("{byte:02x}")).collect()
}

fn write(json: &Json, out: &mut String) {
    match json {
        Json::Array(_) => {
            out.push('[');
            for item in json.as_array().unwrap_or_default() {
                write(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Json::Object(_) => write_members(json, out),
        Json::Float(_) => match whole(json) {
            Some(whole) => _ = write!(out, "{whole}"),
            None => out.push_str(&json.to_text()),
        },
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::String(_) => {
            out.push_str(&json.to_text());
        }
    }
}

fn write_members(json: &Json, out: &mut String) {
    let mut members: Vec<_> = json.as_object().into_iter().flatten().collect();
    members.sort_by_key(|(key, _)| *key);
    out.push('{');
    for (key, value) in members {
        out.push_str(&Json::string(&**key).to_text());
        out.push(':');
        write(value, out);
        out.push(',');
    }
    out.push('}');
}

/// `2.0` is `2`.
fn whole(json: &Json) -> Option<i64> {
    json.as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_the_same_whose_json_is() {
        let one = definition_hash(r#"{"a":1,"b":[2.0,{"c":null,"d":"é"}]}"#);
        assert_eq!(one.len(), 32);
        assert_eq!(one, definition_hash("{ \"b\": [2, {\"d\": \"\\u00e9\", \"c\": null}], \"a\": 1 }"));
        for other in
            [r#"{"a":1,"b":[{"c":null,"d":"é"},2]}"#, r#"{"a":"1","b":[2,{"c":null,"d":"é"}]}"#, "{}", "{"]
        {
            assert_ne!(one, definition_hash(other), "{other}");
        }
        assert_ne!(definition_hash("[1.5]"), definition_hash("[1]"));
        assert_ne!(definition_hash("[[1],2]"), definition_hash("[[1,2]]"));
    }
}
