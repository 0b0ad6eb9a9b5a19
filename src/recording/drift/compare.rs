//! Where an answer of today is another than the recorded one.

use std::sync::Arc;

use super::today::Today;
use crate::model::Json;
use crate::model::json::Map;
use crate::recording::nested::{self, Marked, container, marked};

/// A place where they differ.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// `$.output.total`; through strings that hold JSON as well.
    pub(super) path: String,
    /// `None`: there was nothing.
    pub(super) recorded: Option<Json>,
    /// `None`: there is nothing today.
    pub(super) live: Option<Json>,
}

/// The recorded answer, opened and with its variables, beside that of today, opened.
///
/// Returns the differences, and the answer of today in the words of the recorded one: whatever does not differ is as it was
/// recorded, and what does is taken from `bound`, which is that of today with variables.
pub(super) fn compare(
    recorded: &Json,
    live: &Json,
    bound: &Json,
    today: &mut Today<'_>,
) -> (Vec<Difference>, Json) {
    let mut comparison = Comparison { today, differences: Vec::new(), path: "$".to_owned() };
    let merged = comparison.value(recorded, live, bound);
    (comparison.differences, merged)
}

/// What costs and times of the moment there are: they say nothing about the service.
const OF_THE_MOMENT: [&str; 2] = ["billedDurationInMilliseconds", "billedMemoryUsedInMB"];

struct Comparison<'t, 'c> {
    today: &'t mut Today<'c>,
    differences: Vec<Difference>,
    path: String,
}

impl Comparison<'_, '_> {
    fn value(&mut self, recorded: &Json, live: &Json, bound: &Json) -> Json {
        if let (Some((mark, recorded)), Some((_, live)), Some((new_mark, bound))) =
            (inside(recorded), inside(live), inside(bound))
        {
            let before = self.differences.len();
            let merged = self.value(recorded, live, bound);
            let mark = if self.differences.len() == before { mark } else { new_mark };
            return Json::object(Map::from_iter([(Arc::clone(mark), merged)]));
        }
        if let (Some(Marked::Spaced(recorded)), Some(Marked::Spaced(live)), Some(Marked::Spaced(bound))) =
            (marked(recorded), marked(live), marked(bound))
        {
            let merged = self.value(recorded, live, bound);
            return nested::open(&Json::from(nested::spaced(&nested::close(&merged))));
        }
        let is_same = match (marked(recorded), marked(live)) {
            (None, None) => return self.plain(recorded, live, bound),
            (Some(Marked::Json(inner) | Marked::Spaced(inner)), _) => self.is_same_json(inner, live),
            (Some(Marked::Lines(text)), _) => self.is_text(&text, live),
            (None, Some(_)) => recorded.as_str().is_some_and(|text| self.is_text(text, live)),
        };
        if is_same {
            return recorded.clone();
        }
        self.differ(Some(recorded), Some(live));
        bound.clone()
    }

    /// Whether a string holds the JSON, be it with other spacing.
    fn is_same_json(&mut self, recorded: &Json, live: &Json) -> bool {
        let Some(live) = nested::close(live).as_str().and_then(container) else { return false };
        let live = nested::open(&live);
        let before = self.differences.len();
        let _merged = self.value(recorded, &live, &live);
        let is_same = self.differences.len() == before;
        self.differences.truncate(before);
        is_same
    }

    fn is_text(&mut self, recorded: &str, live: &Json) -> bool {
        let live = nested::close(live);
        live.as_str().is_some_and(|live| {
            self.today.admits(recorded, live)
                || container(recorded)
                    .is_some_and(|inner| self.is_same_json(&nested::open(&inner), &Json::from(live)))
        })
    }

    fn plain(&mut self, recorded: &Json, live: &Json, bound: &Json) -> Json {
        if let (Some(recorded), Some(live), Some(bound)) =
            (recorded.as_object(), live.as_object(), bound.as_object())
        {
            return self.members(recorded, live, bound);
        }
        if let (Some(recorded), Some(live), Some(bound)) =
            (recorded.as_array(), live.as_array(), bound.as_array())
        {
            return self.items(recorded, live, bound);
        }
        if self.is_same_scalar(recorded, live) {
            return recorded.clone();
        }
        self.differ(Some(recorded), Some(live));
        bound.clone()
    }

    fn is_same_scalar(&mut self, recorded: &Json, live: &Json) -> bool {
        match (recorded.as_str(), live.as_str(), live.as_f64()) {
            (Some(recorded), Some(live), _) => self.today.admits(recorded, live),
            (Some(recorded), None, Some(seconds)) => self.today.admits_date(recorded, seconds),
            (Some(_), None, None) => false,
            (None, _, _) => recorded == live,
        }
    }

    fn members(&mut self, recorded: &Map, live: &Map, bound: &Map) -> Json {
        let mut merged = Map::new();
        let mut met = vec![false; live.len()];
        for (key, member) in recorded {
            let found = live.keys().position(|name| self.is_key(key, name));
            let pair = found.and_then(|at| Some((at, live.get_index(at)?.1, bound.get_index(at)?.1)));
            let length = self.enter(key);
            match pair {
                Some((at, live, bound)) => {
                    if let Some(met) = met.get_mut(at) {
                        *met = true;
                    }
                    let is_alike = OF_THE_MOMENT.contains(&&**key) || self.is_same_error(member, live);
                    let member = if is_alike { member.clone() } else { self.value(member, live, bound) };
                    merged.insert(key.clone(), member);
                }
                None => self.differ(Some(member), None),
            }
            self.path.truncate(length);
        }
        for (((key, member), (bound_key, bound)), met) in live.iter().zip(bound).zip(met) {
            if !met {
                let length = self.enter(key);
                self.differ(None, Some(member));
                self.path.truncate(length);
                merged.insert(bound_key.clone(), bound.clone());
            }
        }
        Json::object(merged)
    }

    /// SDKs only read the short name: `ExecutionDoesNotExist` of `com.amazonaws.…#ExecutionDoesNotExist`.
    fn is_same_error(&self, recorded: &Json, live: &Json) -> bool {
        let name = |error: &Json| error.as_str().map(|text| text.rsplit('#').next().map(str::to_owned));
        self.path == "$.__type" && name(recorded).is_some() && name(recorded) == name(live)
    }

    fn is_key(&mut self, recorded: &str, live: &str) -> bool {
        recorded == live || (recorded.contains("${") && self.today.admits(recorded, live))
    }

    fn items(&mut self, recorded: &[Json], live: &[Json], bound: &[Json]) -> Json {
        let mut merged = Vec::new();
        for at in 0..recorded.len().max(live.len()) {
            let length = self.path.len();
            self.path.extend(["[", &at.to_string(), "]"]);
            match (recorded.get(at), live.get(at), bound.get(at)) {
                (Some(recorded), Some(live), Some(bound)) => merged.push(self.value(recorded, live, bound)),
                (None, Some(live), Some(bound)) => {
                    self.differ(None, Some(live));
                    merged.push(bound.clone());
                }
                (recorded, live, _) => self.differ(recorded, live),
            }
            self.path.truncate(length);
        }
        Json::array(merged)
    }

    /// Goes into a member; the length of the path before.
    fn enter(&mut self, key: &str) -> usize {
        let length = self.path.len();
        let is_word = key.chars().all(|c| c.is_alphanumeric() || c == '_') && !key.is_empty();
        match is_word {
            true => self.path.extend([".", key]),
            false => self.path.extend(["['", &key.replace('\'', "\\'"), "']"]),
        }
        length
    }

    fn differ(&mut self, recorded: Option<&Json>, live: Option<&Json>) {
        let shown = |value: &Json| nested::close(value);
        self.differences.push(Difference {
            path: self.path.clone(),
            recorded: recorded.map(shown),
            live: live.map(shown),
        });
    }
}

/// The JSON in a string, and the mark that says how it is spaced.
fn inside(opened: &Json) -> Option<(&Arc<str>, &Json)> {
    match marked(opened)? {
        Marked::Json(_) | Marked::Spaced(_) => opened.as_object()?.first(),
        Marked::Lines(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;

    /// The differences as text, and the merged answer.
    fn compared(recorded: &str, live: &str) -> (Vec<String>, String) {
        let vars = IndexMap::from([("name-1".to_owned(), "run-1".to_owned())]);
        let mut today = Today::new(&vars, None, 1);
        let live = nested::open(&Json::parse(live).unwrap());
        let (differences, merged) = compare(&Json::parse(recorded).unwrap(), &live, &live, &mut today);
        let text = |value: &Option<Json>| value.as_ref().map_or("nothing".to_owned(), Json::to_text);
        let told = differences.iter().map(|Difference { path, recorded, live }| {
            format!("{path}: {} -> {}", text(recorded), text(live))
        });
        (told.collect(), merged.to_text())
    }

    #[track_caller]
    fn check(recorded: &str, live: &str, expected: &[&str], merged: &str) {
        let (differences, is) = compared(recorded, live);
        assert_eq!(differences, expected);
        assert_eq!(is, merged);
    }

    #[track_caller]
    fn check_same(recorded: &str, live: &str) {
        check(recorded, live, &[], recorded);
    }

    #[test]
    fn what_is_new_every_time_is_no_difference() {
        check_same(
            r#"{"executionArn":"a:${name-1}","startDate":"${date-1}","id":"${id-1}"}"#,
            r#"{"executionArn":"a:today","startDate":1.8e9,"id":"9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b"}"#,
        );
        check_same(
            r#"{"billingDetails":{"billedDurationInMilliseconds":100,"billedMemoryUsedInMB":64}}"#,
            r#"{"billingDetails":{"billedDurationInMilliseconds":200,"billedMemoryUsedInMB":128}}"#,
        );
    }

    #[test]
    fn differences_are_told_by_path_through_strings_of_json() {
        check(
            r#"{"output":{"$json":{"order":{"total":7,"by":"${name-1}"}}},"status":"SUCCEEDED"}"#,
            r#"{"output":"{\"order\":{\"total\":8,\"by\":\"today\"}}","status":"FAILED"}"#,
            &["$.output.order.total: 7 -> 8", r#"$.status: "SUCCEEDED" -> "FAILED""#],
            r#"{"output":{"$json":{"order":{"total":8,"by":"${name-1}"}}},"status":"FAILED"}"#,
        );
        check(
            r#"{"input":{"$json":{"a":1}}}"#,
            r#"{"input":"{\"a\": 2}"}"#,
            &["$.input.a: 1 -> 2"],
            r#"{"input":{"$json-spaced":{"a":2}}}"#,
        );
    }

    #[test]
    fn errors_are_told_apart_by_their_short_names() {
        check_same(
            r#"{"__type":"InvalidArn"}"#,
            r#"{"__type":"com.amazonaws.swf.service.v2.model#InvalidArn"}"#,
        );
        check(
            r#"{"__type":"a#InvalidArn"}"#,
            r#"{"__type":"a#InvalidName"}"#,
            &[r#"$.__type: "a#InvalidArn" -> "a#InvalidName""#],
            r#"{"__type":"a#InvalidName"}"#,
        );
    }

    #[test]
    fn what_came_and_went_is_told() {
        check(
            r#"{"gone":1,"list":[1,2]}"#,
            r#"{"list":[1,3,4],"new key":{"a":1}}"#,
            &[
                "$.gone: 1 -> nothing",
                "$.list[1]: 2 -> 3",
                "$.list[2]: nothing -> 4",
                r#"$['new key']: nothing -> {"a":1}"#,
            ],
            r#"{"list":[1,3,4],"new key":{"a":1}}"#,
        );
        check(r#"[1,{"a":2}]"#, "[1]", &[r#"$[1]: {"a":2} -> nothing"#], "[1]");
    }

    #[test]
    fn json_in_strings_may_have_other_spacing() {
        check_same(r#"{"input":{"$json":{"a":1}}}"#, r#"{"input":"{ \"a\": 1 }"}"#);
        check_same(r#"{"input":"{ \"a\": 1 }"}"#, r#"{"input":"{\"a\":1}"}"#);
        check_same(r#"{"definition":{"$lines":["{","}"]}}"#, r#"{"definition":"{\n}"}"#);
        check(
            r#"{"input":{"$json":{"a":1}}}"#,
            r#"{"input":"text"}"#,
            &[r#"$.input: "{\"a\":1}" -> "text""#],
            r#"{"input":"text"}"#,
        );
    }

    #[test]
    fn another_type_is_a_difference() {
        check(r#"{"a":{"b":1}}"#, r#"{"a":[1]}"#, &[r#"$.a: {"b":1} -> [1]"#], r#"{"a":[1]}"#);
        check(r#"{"a":"1"}"#, r#"{"a":1}"#, &[r#"$.a: "1" -> 1"#], r#"{"a":1}"#);
        check(r#"{"a":null}"#, r#"{"a":false}"#, &["$.a: null -> false"], r#"{"a":false}"#);
    }

    #[test]
    fn keys_may_be_names() {
        check_same(r#"["${name-1}",{"${name-1}":1}]"#, r#"["today",{"today":1}]"#);
    }
}
