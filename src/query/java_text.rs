//! Values as Java prints them: `{Arg1=1, Arg2=[]}`. States.Format and some of Jayway's sentences show it.

use crate::model::Json;

/// What `toString()` gives for the value as Java holds it.
pub(super) fn java_text(value: &Json) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The Java class that holds the value.
pub(super) fn java_class(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "java.lang.Boolean",
        Json::Int(number) if i32::try_from(*number).is_ok() => "java.lang.Integer",
        Json::Int(_) => "java.lang.Long",
        Json::UInt(_) => "java.math.BigInteger",
        Json::Float(_) => "java.lang.Double",
        Json::String(_) => "java.lang.String",
        Json::Array(_) => "java.util.ArrayList",
        Json::Object(_) => "java.util.LinkedHashMap",
    }
}

fn write(value: &Json, out: &mut String) {
    match value {
        Json::String(text) => out.push_str(text),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) => {
            out.push_str(&value.to_text());
        }
        Json::Array(_) => {
            out.push('[');
            for (position, item) in value.as_array().into_iter().flatten().enumerate() {
                separate(position, out);
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(_) => {
            out.push('{');
            for (position, (key, member)) in value.as_object().into_iter().flatten().enumerate() {
                separate(position, out);
                out.push_str(key);
                out.push('=');
                write(member, out);
            }
            out.push('}');
        }
    }
}

fn separate(position: usize, out: &mut String) {
    if position > 0 {
        out.push_str(", ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_and_lists_print_as_java_prints_them() {
        let text = |json: &str| java_text(&Json::parse(json).unwrap());
        assert_eq!(text(r#"{"Arg1": 1, "Arg2": []}"#), "{Arg1=1, Arg2=[]}");
        assert_eq!(
            text(r#"["a b", null, true, 1.0, {"k": {"x": "y"}}]"#),
            "[a b, null, true, 1.0, {k={x=y}}]"
        );
        assert_eq!(text(r#""plain""#), "plain");
    }

    #[test]
    fn integers_are_classed_by_size() {
        assert_eq!(java_class(&Json::Int(2_147_483_647)), "java.lang.Integer");
        assert_eq!(java_class(&Json::Int(2_147_483_648)), "java.lang.Long");
    }
}
