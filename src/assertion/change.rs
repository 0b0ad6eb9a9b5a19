//! What a state made of a payload, told in short: only what is new, if the rest is as before.

use crate::model::json::Map;
use crate::model::{Json, fold};

/// The output in at most about `width` characters. Of an object that is too long for that, and that was only added to
/// or changed in part, the part: `{…, "room":{"number":"204"}}`, `{…, without "guest", "stay"}`.
pub(super) fn told(input: &str, output: &str, width: usize) -> String {
    if output.chars().count() <= width {
        return fold(output, width);
    }
    changed(input, output, width).unwrap_or_else(|| fold(output, width))
}

fn changed(input: &str, output: &str, width: usize) -> Option<String> {
    let (before, after) = (Json::parse(input).ok()?, Json::parse(output).ok()?);
    let (before, after) = (before.as_object()?, after.as_object()?);
    let is_same = |(key, value): &(&std::sync::Arc<str>, &Json)| before.get(&***key) == Some(value);
    if !after.iter().any(|member| is_same(&member)) {
        return None;
    }
    let new: Map = after
        .iter()
        .filter(|member| !is_same(member))
        .map(|(key, value)| (std::sync::Arc::clone(key), value.compacted()))
        .collect();
    let gone: Vec<_> =
        before.keys().filter(|key| !after.contains_key(&***key)).map(|key| format!("\"{key}\"")).collect();
    let mut parts = vec!["…".to_owned()];
    if !new.is_empty() {
        let text = Json::object(new).to_text();
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(&text);
        parts.push(fold(inner, width));
    }
    if !gone.is_empty() {
        parts.push(fold(&format!("without {}", gone.join(", ")), width));
    }
    (parts.len() > 1).then(|| format!("{{{}}}", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = r#"{"guest":{"name":"Grace"},"stay":{"from":"2024-05-01"},"n":1}"#;

    #[track_caller]
    fn check(output: &str, expected: &str) {
        assert_eq!(told(LONG, output, 40), expected);
    }

    #[test]
    fn what_is_short_is_whole() {
        check(r#"{"n":1}"#, r#"{"n":1}"#);
    }

    #[test]
    fn of_a_long_output_only_the_new_part_is_told() {
        check(
            r#"{"guest":{"name":"Grace"},"stay":{"from":"2024-05-01"},"n":1,"room":{"number":"204"}}"#,
            r#"{…, "room":{"number":"204"}}"#,
        );
        check(r#"{"guest":{"name":"Grace"},"stay":{"from":"2024-05-01"},"n":2}"#, r#"{…, "n":2}"#);
        check(
            r#"{"guest":{"name":"Grace"},"added":"a rather long text of many words"}"#,
            r#"{…, "added":"a rather long text of many wor…, without "stay", "n"}"#,
        );
    }

    #[test]
    fn another_value_is_cut_as_ever() {
        check(
            r#"{"ConsumedCapacity":{"TableName":"rooms","CapacityUnits":1.0}}"#,
            r#"{"ConsumedCapacity":{"TableName":"rooms…"#,
        );
        check(&format!("[{LONG}]"), r#"[{"guest":{"name":"Grace"},"stay":{"fro…"#);
    }
}
