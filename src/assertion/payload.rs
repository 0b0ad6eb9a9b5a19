//! Expected JSON against what a history holds: the whole value or a part of it, in one place or in one of several.

use std::sync::Arc;

use super::diff;
use super::matcher::{Compared, Mismatch};
use crate::model::{Json, fold};
use crate::pattern::{InvalidPattern, Pattern};
use crate::query::Path;

/// How many characters of a payload the sentences of a report show.
const WIDTH: usize = 100;

/// What a payload must be, or the part of it at a path.
#[derive(Debug, Clone)]
pub(crate) struct ExpectedJson {
    pattern: Pattern,
    at: Option<Path>,
    /// `{"a":1}`, `at least {"a":1}` or ``42 at `$.a` ``, to go on a sentence with.
    words: String,
}

/// A payload of the history, a JSON text, and the event that holds it.
#[derive(Debug, Clone)]
pub(crate) struct Payload {
    pub(crate) text: Arc<str>,
    pub(crate) event: u64,
}

/// How one payload differs, and by how much.
struct Deviation {
    distance: usize,
    mismatch: Mismatch,
}

impl ExpectedJson {
    pub(crate) fn whole(value: &serde_json::Value) -> Result<Self, InvalidPattern> {
        let json = Json::from(value);
        Ok(Self { pattern: Pattern::read(&json)?, at: None, words: fold(&json.to_text(), WIDTH) })
    }

    pub(crate) fn part(value: &serde_json::Value) -> Result<Self, InvalidPattern> {
        let whole = Self::whole(value)?;
        Ok(Self { pattern: whole.pattern.included(), at: None, words: format!("at least {}", whole.words) })
    }

    /// What a JSONPath selects of the payload. `Err` is a sentence for the author of the test.
    pub(crate) fn at(path: &str, value: &serde_json::Value) -> Result<Self, String> {
        let whole = Self::whole(value)
            .map_err(|invalid| format!("the expected JSON is no valid pattern at {invalid}"))?;
        let parsed = Path::parse(path).map_err(|error| error.0).and_then(|parsed| {
            if parsed.reads_input() { Ok(parsed) } else { Err("it reads no payload".to_owned()) }
        });
        let parsed = parsed.map_err(|why| {
            format!("`{path}` is no path into a payload, such as `$.order.items[0].sku`: {why}")
        })?;
        let words = format!("{} at `{path}`", whole.words);
        Ok(Self { pattern: whole.pattern, at: Some(parsed), words })
    }

    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    pub(crate) fn matches(&self, payload: &str) -> bool {
        self.explain_one(&Payload { text: payload.into(), event: 0 }).is_none()
    }

    /// `None` if one of the payloads is as expected; otherwise what the nearest one is instead. `noun` names one of
    /// them: `output of the execution`. There must be at least one payload.
    pub(crate) fn explain(&self, noun: &str, payloads: &[Payload]) -> Option<Mismatch> {
        let deviations: Option<Vec<_>> = payloads.iter().map(|payload| self.explain_one(payload)).collect();
        let nearest = deviations?.into_iter().min_by_key(|deviation| deviation.distance)?;
        let mut nearest = nearest.mismatch;
        nearest.actual = match payloads.len() {
            1 => format!("the {noun} was {}", nearest.actual),
            2 => format!("the {noun} was another one both times; the nearest was {}", nearest.actual),
            all => format!("the {noun} was another one all {all} times; the nearest was {}", nearest.actual),
        };
        Some(nearest)
    }

    fn explain_one(&self, payload: &Payload) -> Option<Deviation> {
        let actual = Json::parse(&payload.text).unwrap_or_else(|_| Json::String(Arc::clone(&payload.text)));
        let Some(path) = &self.at else { return self.deviation(&actual, payload.event) };
        let text = path.text();
        match path.read(&actual) {
            Ok(selected) => {
                let mut deviation = self.deviation(&selected, payload.event)?;
                deviation.mismatch.actual.extend([" at `", text, "`"]);
                // Hints look at whole payloads.
                deviation.mismatch.compared = None;
                if let Some(difference) = &mut deviation.mismatch.difference {
                    difference.path = difference.path.replacen('$', text, 1);
                }
                Some(deviation)
            }
            Err(why) => {
                let whole = fold(&actual.compacted().to_text(), WIDTH);
                let words = format!("{whole}, which has nothing at `{text}` ({why})");
                let mismatch = Mismatch::new(words).guilty([payload.event]);
                Some(Deviation { distance: usize::MAX, mismatch })
            }
        }
    }

    fn deviation(&self, actual: &Json, event: u64) -> Option<Deviation> {
        let difference = self.pattern.difference(actual)?;
        let mut mismatch = Mismatch::new(fold(&actual.compacted().to_text(), WIDTH)).guilty([event]);
        let expected = self.pattern.resolved(actual);
        mismatch.diff = diff::of_json(&expected, actual);
        mismatch.compared =
            Some(Compared { path: difference.path.clone(), expected, actual: actual.clone() });
        mismatch.difference = Some(difference);
        Some(Deviation { distance: diff::distance(mismatch.diff.as_ref()), mismatch })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ORDER: &str = r#"{"order":{"total":41,"items":[{"sku":"a"},{"sku":"b"}]}}"#;

    #[track_caller]
    fn at(path: &str, expected: &serde_json::Value) -> Option<String> {
        let expected = ExpectedJson::at(path, expected).unwrap();
        let payload = Payload { text: ORDER.into(), event: 1 };
        let mismatch = expected.explain("output", &[payload])?;
        Some(
            mismatch
                .difference
                .map_or(mismatch.actual.clone(), |difference| format!("{}; {difference}", mismatch.actual)),
        )
    }

    #[test]
    fn a_path_leads_to_the_part_that_is_compared() {
        assert_eq!(at("$.order.total", &json!(41)), None);
        assert_eq!(at("$", &json!({"$includes": {}})), None);
        assert_eq!(at("$.order.items[*].sku", &json!(["a", "b"])), None);
        assert_eq!(at("$..sku", &json!({"$unordered": ["b", "a"]})), None);
        assert_eq!(
            at("$.order.total", &json!(42)).unwrap(),
            "the output was 41 at `$.order.total`; $.order.total: 41 != 42"
        );
        assert_eq!(
            at("$.order.items", &json!([{"sku": "a"}, {"sku": "c"}])).unwrap(),
            r#"the output was [{"sku":"a"},{"sku":"b"}] at `$.order.items`; $.order.items[1].sku: "b" != "c""#
        );
        assert_eq!(
            at("$.order.sum", &json!(42)).unwrap(),
            format!(
                "the output was {ORDER}, which has nothing at `$.order.sum` (No results for path: $['order']['sum'])"
            )
        );
    }

    #[test]
    fn what_is_no_path_into_a_payload_is_refused() {
        for (path, why) in [
            ("order.total", "`order.total` does not start with `$`"),
            ("$$.Execution.Id", "it reads no payload"),
            ("$total", "it reads no payload"),
        ] {
            assert_eq!(
                ExpectedJson::at(path, &json!(1)).unwrap_err(),
                format!("`{path}` is no path into a payload, such as `$.order.items[0].sku`: {why}")
            );
        }
    }

    #[test]
    fn of_several_payloads_the_nearest_is_told() {
        let expected = ExpectedJson::at("$.n", &json!(3)).unwrap();
        let payload = |text: &str, event| Payload { text: text.into(), event };
        let mismatch = expected.explain("input", &[payload("{}", 1), payload(r#"{"n":2}"#, 2)]).unwrap();
        assert_eq!(mismatch.actual, "the input was another one both times; the nearest was 2 at `$.n`");
        assert_eq!(mismatch.guilty.into_iter().collect::<Vec<_>>(), [2]);
    }
}
