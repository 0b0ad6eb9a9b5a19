//! Whether a request is the recorded one, and what its variables stand for then.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::nested::{self, Marked, container, marked};
use super::template::{self, Part};
use super::variable::{self, Kind};
use crate::model::Json;

/// What variables stand for in this replay.
#[derive(Debug, Clone, Default)]
pub(super) struct Bindings {
    values: BTreeMap<String, String>,
    /// Variables whose values no request has brought yet: they were only told in answers.
    told: BTreeMap<String, String>,
    owners: BTreeMap<(Option<Kind>, String), String>,
    /// What calls have made that the recording knows nothing of: no variable stands for it.
    set_apart: BTreeSet<(Option<Kind>, String)>,
}

impl Bindings {
    pub(super) fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.values.get(variable).map(String::as_str)
    }

    pub(super) fn take(&mut self, captured: &BTreeMap<String, String>) {
        for (variable, value) in captured {
            self.set(variable, value);
            self.told.remove(variable);
        }
    }

    /// The value for an answer: what it stands for from now on if nothing else was known.
    fn tell(&mut self, variable: &str, shown: &IndexMap<String, String>) -> String {
        if let Some(value) = self.values.get(variable) {
            return value.clone();
        }
        let value = shown.get(variable).cloned().unwrap_or_else(|| variable::stand_in(variable));
        self.set(variable, &value);
        self.told.insert(variable.to_owned(), value.clone());
        value
    }

    fn set(&mut self, variable: &str, value: &str) {
        self.owners.insert((Kind::of(variable), value.to_owned()), variable.to_owned());
        self.values.insert(variable.to_owned(), value.to_owned());
    }

    /// What the variable must be, if that is settled. An account that was only told may still be another one: the test
    /// has ARNs of its own.
    fn settled(&self, variable: &str) -> Option<&str> {
        let is_open = Kind::of(variable) == Some(Kind::Account) && self.told.contains_key(variable);
        self.get(variable).filter(|_| !is_open)
    }

    /// Whether the variable may stand for this: two variables never stand for the same, but accounts, which a recording
    /// from several sessions may have under several names.
    fn may_be(&self, variable: &str, value: &str) -> bool {
        if Kind::of(variable) == Some(Kind::Account) {
            return true;
        }
        let key = (Kind::of(variable), value.to_owned());
        if self.set_apart.contains(&key) {
            return false;
        }
        let owner = self.owners.get(&key);
        owner.is_none_or(|owner| owner == variable || self.told.contains_key(owner))
    }

    /// Something of this kind was made by a call that is not in the recording.
    pub(super) fn set_apart(&mut self, kind: Kind, value: &str) {
        let key = (Some(kind), value.to_owned());
        if !self.owners.contains_key(&key) {
            self.set_apart.insert(key);
        }
    }

    /// The answer with its variables filled in and its strings closed.
    pub(super) fn render(&mut self, opened: &Json, shown: &IndexMap<String, String>) -> Json {
        nested::close(&self.filled(opened, shown))
    }

    fn filled(&mut self, value: &Json, shown: &IndexMap<String, String>) -> Json {
        if let Some(text) = value.as_str() {
            return match template::sole_variable(text) {
                Some(variable) => variable::rendered(variable, &self.tell(variable, shown)),
                None => Json::from(template::fill(text, |variable| Some(self.tell(variable, shown)))),
            };
        }
        if let Some(items) = value.as_array() {
            return Json::array(items.iter().map(|item| self.filled(item, shown)).collect());
        }
        match value.as_object() {
            Some(members) => {
                let mut filled = Vec::new();
                for (key, member) in members {
                    let key = template::fill(key, |variable| Some(self.tell(variable, shown)));
                    filled.push((key, self.filled(member, shown)));
                }
                Json::from_members(filled)
            }
            None => value.clone(),
        }
    }
}

/// The recorded request as a reader is to see it beside the one that is asked, both opened: where they agree it is the
/// asked one, and variables have their values as far as these are known.
pub(super) fn aligned(recorded: &Json, asked: &Json, bindings: &Bindings) -> Json {
    Comparison { bindings, captured: BTreeMap::new(), effort: 0 }.aligned(recorded, asked)
}

/// A request that is the recorded one.
#[derive(Debug, Clone, Default)]
pub(super) struct Match {
    /// What variables stand for that had no value yet.
    pub(super) captured: BTreeMap<String, String>,
    /// How many of these stood for something else in the recording.
    pub(super) strange: usize,
}

/// Compares a recorded request, opened, with one that is asked now.
pub(super) fn matches(
    recorded: &Json,
    asked: &Json,
    bindings: &Bindings,
    shown: &IndexMap<String, String>,
) -> Option<Match> {
    let mut comparison = Comparison { bindings, captured: BTreeMap::new(), effort: 0 };
    if !comparison.request(recorded, asked) {
        return None;
    }
    let is_strange = |(variable, value): &(&String, &String)| {
        Kind::of(variable) != Some(Kind::Account) && shown.get(*variable) != Some(*value)
    };
    let strange = comparison.captured.iter().filter(is_strange).count();
    Some(Match { captured: comparison.captured, strange })
}

/// A text with more possibilities than this is taken for another one.
const MOST_EFFORT: usize = 100_000;

struct Comparison<'b> {
    bindings: &'b Bindings,
    captured: BTreeMap<String, String>,
    effort: usize,
}

impl Comparison<'_> {
    /// Some clients send members that are not set as `null`.
    fn request(&mut self, recorded: &Json, asked: &Json) -> bool {
        self.value(&without_nulls(recorded), &without_nulls(asked))
    }

    fn value(&mut self, recorded: &Json, asked: &Json) -> bool {
        match marked(recorded) {
            Some(Marked::Json(inner) | Marked::Spaced(inner)) => {
                return asked.as_str().and_then(container).is_some_and(|asked| self.value(inner, &asked));
            }
            Some(Marked::Lines(text)) => return asked.as_str().is_some_and(|asked| self.text(&text, asked)),
            None => {}
        }
        match recorded {
            Json::String(text) => match asked.as_str() {
                Some(asked) => self.text(text, asked),
                None => {
                    asked.is_number() && template::sole_variable(text).and_then(Kind::of) == Some(Kind::Date)
                }
            },
            Json::Array(_) => self.items(recorded, asked),
            Json::Object(_) => self.members(recorded, asked),
            Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) => recorded == asked,
        }
    }

    fn items(&mut self, recorded: &Json, asked: &Json) -> bool {
        let (Some(recorded), Some(asked)) = (recorded.as_array(), asked.as_array()) else { return false };
        recorded.len() == asked.len()
            && recorded.iter().zip(asked).all(|(recorded, asked)| self.value(recorded, asked))
    }

    fn members(&mut self, recorded: &Json, asked: &Json) -> bool {
        let (Some(recorded), Some(asked)) = (recorded.as_object(), asked.as_object()) else { return false };
        recorded.len() == asked.len()
            && recorded.iter().all(|(key, member)| {
                let key = template::fill(&nested::unmarked(key), |variable| {
                    self.known(variable).map(str::to_owned)
                });
                asked.get(key.as_str()).is_some_and(|asked| self.value(member, asked))
            })
    }

    fn known(&self, variable: &str) -> Option<&str> {
        let captured = self.captured.get(variable).map(String::as_str);
        captured.or_else(|| self.bindings.settled(variable))
    }

    fn text(&mut self, recorded: &str, asked: &str) -> bool {
        if self.parts(&template::parts(recorded), asked) {
            return true;
        }
        // The same JSON with other spacing.
        match (container(recorded), container(asked)) {
            (Some(recorded), Some(asked)) => self.value(&recorded, &asked),
            (_, _) => false,
        }
    }

    fn parts(&mut self, parts: &[Part<'_>], asked: &str) -> bool {
        self.effort += 1;
        if self.effort > MOST_EFFORT {
            return false;
        }
        match parts.split_first() {
            None => asked.is_empty(),
            Some((Part::Text(text), rest)) => {
                asked.strip_prefix(text).is_some_and(|asked| self.parts(rest, asked))
            }
            Some((Part::Variable(variable), rest)) => match self.known(variable).map(str::to_owned) {
                Some(value) => asked.strip_prefix(&value).is_some_and(|asked| self.parts(rest, asked)),
                None => self.capture(variable, rest, asked),
            },
        }
    }

    /// Tries what the variable may stand for, the longest first.
    fn capture(&mut self, variable: &str, rest: &[Part<'_>], asked: &str) -> bool {
        let (least, most) = Kind::of(variable).map_or((1, usize::MAX), Kind::length);
        let allowed =
            asked.char_indices().take_while(|(_, c)| Kind::of(variable).is_none_or(|kind| kind.allows(*c)));
        let ends: Vec<usize> = allowed.map(|(at, c)| at + c.len_utf8()).take(most).collect();
        for end in ends.into_iter().skip(least - 1).rev() {
            let Some((value, after)) = asked.split_at_checked(end) else { continue };
            if !self.bindings.may_be(variable, value) || self.is_captured_by_another(variable, value) {
                continue;
            }
            let before = self.captured.clone();
            self.captured.insert(variable.to_owned(), value.to_owned());
            if self.parts(rest, after) {
                return true;
            }
            self.captured = before;
        }
        false
    }

    fn aligned(&mut self, recorded: &Json, asked: &Json) -> Json {
        let before = self.captured.clone();
        if let (Some(members), Some(asked)) = (recorded.as_object(), asked.as_object()) {
            let known = members.iter().map(|(key, member)| match asked.get(key) {
                Some(asked) => (key.clone(), self.aligned(member, asked)),
                None => (key.clone(), self.preview(member)),
            });
            return Json::object(known.collect());
        }
        if let (Some(items), Some(asked)) = (recorded.as_array(), asked.as_array()) {
            let known = items.iter().enumerate().map(|(at, item)| match asked.get(at) {
                Some(asked) => self.aligned(item, asked),
                None => self.preview(item),
            });
            return Json::array(known.collect());
        }
        if self.value(recorded, asked) {
            return asked.clone();
        }
        self.captured = before;
        self.preview(recorded)
    }

    fn preview(&self, recorded: &Json) -> Json {
        let known = |text: &str| template::fill(text, |variable| self.known(variable).map(str::to_owned));
        nested::map(recorded, &|text| Json::from(known(text)), &|key| known(key).into())
    }

    fn is_captured_by_another(&self, variable: &str, value: &str) -> bool {
        let kind = Kind::of(variable);
        self.captured.iter().any(|(other, captured)| {
            other != variable && captured == value && Kind::of(other) == kind && kind != Some(Kind::Account)
        })
    }
}

fn without_nulls(message: &Json) -> Json {
    match message.as_object() {
        Some(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            Json::object(kept.map(|(key, member)| (key.clone(), member.clone())).collect())
        }
        None => message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    fn captured(recorded: &str, asked: &str) -> Option<String> {
        let found = matches(&json(recorded), &json(asked), &Bindings::default(), &IndexMap::new())?;
        Some(
            found
                .captured
                .iter()
                .map(|(name, value)| format!("{name}={value} "))
                .collect::<String>()
                .trim_end()
                .to_owned(),
        )
    }

    #[test]
    fn a_variable_takes_the_value_of_the_first_request_that_has_it() {
        assert_eq!(
            captured(
                r#"{"arn":"arn:aws:states:eu-west-1:${account-1}:execution:m:${name-1}","name":"${name-1}"}"#,
                r#"{"arn":"arn:aws:states:eu-west-1:111122223333:execution:m:run-7","name":"run-7"}"#
            )
            .as_deref(),
            Some("account-1=111122223333 name-1=run-7")
        );
        assert_eq!(captured(r#"["${name-1}","${name-1}"]"#, r#"["a","b"]"#), None);
        assert_eq!(captured(r#"["${name-1}","${name-2}"]"#, r#"["a","a"]"#), None);
        assert_eq!(captured(r#"["x:${account-1}"]"#, r#"["x:1234"]"#), None);
        assert_eq!(
            captured(r#"["${name-1}-child"]"#, r#"["a-child-child"]"#).as_deref(),
            Some("name-1=a-child")
        );
    }

    #[test]
    fn a_settled_variable_is_compared_and_a_told_account_is_not_settled() {
        let mut bindings = Bindings::default();
        bindings.take(&BTreeMap::from([("name-1".to_owned(), "a".to_owned())]));
        bindings.render(&json(r#"["${account-1}","${id-1}"]"#), &IndexMap::new());
        let is_match = |recorded: &str, asked: &str| {
            matches(&json(recorded), &json(asked), &bindings, &IndexMap::new()).is_some()
        };
        assert!(is_match(r#"["${name-1}"]"#, r#"["a"]"#));
        assert!(!is_match(r#"["${name-1}"]"#, r#"["b"]"#));
        assert!(!is_match(r#"["${name-2}"]"#, r#"["a"]"#), "two variables do not stand for the same");
        assert!(is_match(r#"["${account-1}"]"#, r#"["999988887777"]"#));
        assert!(is_match(r#"["${id-1}"]"#, r#"["id-1"]"#), "what was told comes back");
    }

    #[test]
    fn nested_json_is_compared_as_json() {
        let recorded = r#"{"input":{"$json":{"a":1,"b":["${name-1}"]}}}"#;
        assert_eq!(
            captured(recorded, r#"{"input":"{ \"b\": [\"x\"], \"a\": 1.0 }"}"#).as_deref(),
            Some("name-1=x")
        );
        assert_eq!(captured(recorded, r#"{"input":"{\"a\":2,\"b\":[\"x\"]}"}"#), None);
        assert_eq!(captured(r#"{"input":"{ \"a\": 1 }"}"#, r#"{"input":"{\"a\":1}"}"#).as_deref(), Some(""));
        assert_eq!(captured(r#"{"d":{"$lines":["{","}"]}}"#, r#"{"d":"{}"}"#).as_deref(), Some(""));
        assert_eq!(captured(r#"{"input":"text"}"#, r#"{"input":"Text"}"#), None);
    }

    #[test]
    fn members_that_are_null_count_as_absent() {
        assert_eq!(captured(r#"{"a":1}"#, r#"{"a":1,"b":null}"#).as_deref(), Some(""));
        assert_eq!(captured(r#"{"a":1}"#, r#"{"a":1,"b":2}"#), None);
    }

    #[test]
    fn keys_may_have_variables_and_our_own_marks() {
        assert_eq!(
            captured(r#"["${name-1}",{"k ${name-1}":1,"$$json":2}]"#, r#"["a",{"k a":1,"$json":2}]"#)
                .as_deref(),
            Some("name-1=a")
        );
    }

    #[test]
    fn a_text_with_too_many_possibilities_is_another_one() {
        let recorded = Json::from((1..30).map(|at| format!("${{name-{at}}}-")).collect::<String>());
        let asked = Json::from("-a".repeat(40));
        assert!(matches(&recorded, &asked, &Bindings::default(), &IndexMap::new()).is_none());
    }
}
