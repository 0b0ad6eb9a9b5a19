//! Unified diffs of payloads and paths.

use similar::TextDiff;

use crate::model::Json;
use crate::model::json::Map;

/// Of two JSON values, pretty printed with sorted keys; `None` if they print the same.
pub(crate) fn of_json(expected: &Json, actual: &Json) -> Option<String> {
    let is_scalar = |value: &Json| value.as_array().is_none() && value.as_object().is_none();
    if is_scalar(expected) && is_scalar(actual) {
        return None; // The first difference says it all.
    }
    let lines = |value| format!("{}\n", sorted(value).to_pretty_text());
    of_texts(&lines(expected), &lines(actual))
}

/// Of two lists, one item per line.
pub(crate) fn of_lists<E: AsRef<str>, A: AsRef<str>>(expected: &[E], actual: &[A]) -> Option<String> {
    let lines = |items: Vec<&str>| items.into_iter().map(|item| format!("{item}\n")).collect::<String>();
    let expected = lines(expected.iter().map(AsRef::as_ref).collect());
    of_texts(&expected, &lines(actual.iter().map(AsRef::as_ref).collect()))
}

/// How many lines two values differ in, commas aside: the smaller, the nearer.
pub(crate) fn distance(diff: Option<&String>) -> usize {
    let lines = |mark: char| {
        let lines = diff.into_iter().flat_map(|diff| diff.lines().skip(2));
        lines
            .filter_map(move |line| line.strip_prefix(mark))
            .map(|line| line.trim_end_matches(','))
            .collect::<Vec<_>>()
    };
    let (missing, unexpected) = (lines('-'), lines('+'));
    let only = |these: &[&str], others: &[&str]| these.iter().filter(|line| !others.contains(line)).count();
    only(&missing, &unexpected) + only(&unexpected, &missing)
}

fn of_texts(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let diff = TextDiff::from_lines(expected, actual);
    Some(diff.unified_diff().header("expected", "actual").to_string())
}

fn sorted(value: &Json) -> Json {
    if let Some(items) = value.as_array() {
        return Json::array(items.iter().map(sorted).collect());
    }
    let Some(members) = value.as_object() else { return value.clone() };
    let mut members: Map = members.iter().map(|(key, member)| (key.clone(), sorted(member))).collect();
    members.sort_keys();
    Json::object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_on_both_sides() {
        let expected = Json::parse(r#"{"b":{"y":1,"x":2},"a":[1]}"#).unwrap();
        let actual = Json::parse(r#"{"a":[1],"b":{"x":2,"y":3}}"#).unwrap();
        assert_eq!(
            of_json(&expected, &actual).unwrap(),
            "\
--- expected
+++ actual
@@ -4,6 +4,6 @@
   ],
   \"b\": {
     \"x\": 2,
-    \"y\": 1
+    \"y\": 3
   }
 }
"
        );
    }

    #[test]
    fn equal_values_and_pairs_of_scalars_have_no_diff() {
        let value = Json::parse(r#"{"b":1,"a":2}"#).unwrap();
        assert_eq!(of_json(&value, &Json::parse(r#"{"a":2,"b":1}"#).unwrap()), None);
        assert_eq!(of_json(&Json::Int(1), &Json::string("1")), None);
        assert!(of_json(&Json::Int(1), &value).is_some());
    }

    #[test]
    fn the_distance_counts_changed_lines_but_no_headers_and_no_commas() {
        let diff = of_lists(&["A", "B"], &["A", "C", "D"]);
        assert_eq!(diff.as_deref(), Some("--- expected\n+++ actual\n@@ -1,2 +1,3 @@\n A\n-B\n+C\n+D\n"));
        assert_eq!(distance(diff.as_ref()), 3);
        assert_eq!(distance(None), 0);
        let value = |text| Json::parse(text).unwrap();
        assert_eq!(distance(of_json(&value(r#"{"a":1}"#), &value(r#"{"a":1,"b":2}"#)).as_ref()), 1);
    }
}
