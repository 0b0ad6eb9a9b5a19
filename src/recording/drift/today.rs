//! What the variables of a cassette stand for today: bound anew as requests are made and answers come.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::model::{Json, SeededRandom};
use crate::recording::nested;
use crate::recording::template::{self, Part};
use crate::recording::variable::{self, Kind};

/// The variables and their values of today.
#[derive(Debug)]
pub(super) struct Today<'c> {
    values: BTreeMap<String, String>,
    /// What the cassette says.
    recorded: &'c IndexMap<String, String>,
    random: SeededRandom,
}

/// A text with more possibilities than this is taken for another one.
const MOST_EFFORT: usize = 100_000;

impl<'c> Today<'c> {
    pub(super) fn new(recorded: &'c IndexMap<String, String>, account: Option<&str>, seed: u64) -> Self {
        let accounts = recorded.keys().filter(|variable| Kind::of(variable) == Some(Kind::Account)).take(1);
        let values = accounts.zip(account).map(|(variable, account)| (variable.clone(), account.to_owned()));
        Self { values: values.collect(), recorded, random: SeededRandom::new(seed, "drift") }
    }

    pub(super) const fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// Gives those variables of the request names of today that it is the first to name, so that what it creates is new.
    pub(super) fn name_anew(&mut self, request: &Json) {
        let Some(name) = request.get("name").and_then(Json::as_str) else { return };
        let Some(variable) = template::sole_variable(name) else { return };
        let is_name = matches!(Kind::of(variable), Some(Kind::Name | Kind::Machine | Kind::Activity));
        if is_name && !self.values.contains_key(variable) {
            let uuid = self.random.next_uuid();
            self.values.insert(variable.to_owned(), format!("drift-{uuid}"));
        }
    }

    /// The request with its variables filled in and its strings closed; an error names a variable whose value only an
    /// answer could tell.
    pub(super) fn request(&mut self, opened: &Json) -> Result<Json, String> {
        let mut unknown = None;
        let filled = self.filled(opened, &mut unknown);
        match unknown {
            Some(variable) => Err(variable),
            None => Ok(nested::close(&filled)),
        }
    }

    fn filled(&mut self, value: &Json, unknown: &mut Option<String>) -> Json {
        if let Some(text) = value.as_str() {
            return match template::sole_variable(text) {
                Some(variable) => variable::rendered(variable, &self.value(variable, unknown)),
                None => Json::from(template::fill(text, |variable| Some(self.value(variable, unknown)))),
            };
        }
        if let Some(items) = value.as_array() {
            return Json::array(items.iter().map(|item| self.filled(item, unknown)).collect());
        }
        let Some(members) = value.as_object() else { return value.clone() };
        let mut filled = Vec::new();
        for (key, member) in members {
            let key = template::fill(key, |variable| Some(self.value(variable, unknown)));
            filled.push((key, self.filled(member, unknown)));
        }
        Json::from_members(filled)
    }

    /// Of a variable that nothing has bound yet, what the cassette says: the execution of the recording may still be there.
    fn value(&mut self, variable: &str, unknown: &mut Option<String>) -> String {
        if let Some(value) = self.values.get(variable) {
            return value.clone();
        }
        if matches!(Kind::of(variable), Some(Kind::Token | Kind::Page)) {
            unknown.get_or_insert_with(|| variable.to_owned());
        }
        let value = self.recorded.get(variable).cloned().unwrap_or_else(|| variable::stand_in(variable));
        self.values.insert(variable.to_owned(), value.clone());
        value
    }

    /// Whether the text of today is the recorded one, whose variables are bound then.
    pub(super) fn admits(&mut self, recorded: &str, text: &str) -> bool {
        let mut trial = Trial { today: self, bound: BTreeMap::new(), effort: 0 };
        if !trial.parts(&template::parts(recorded), text) {
            return false;
        }
        let bound = trial.bound;
        self.values.extend(bound);
        true
    }

    /// The same of a number, which can only be a date.
    pub(super) fn admits_date(&mut self, recorded: &str, seconds: f64) -> bool {
        let Some(variable) = template::sole_variable(recorded) else { return false };
        let date = variable::date_text(seconds).filter(|_| Kind::of(variable) == Some(Kind::Date));
        date.is_some_and(|date| {
            self.values.insert(variable.to_owned(), date);
            true
        })
    }
}

/// Dates, ids and tokens are new every time: no difference is told by them.
fn is_new_every_time(variable: &str) -> bool {
    matches!(
        Kind::of(variable),
        Some(Kind::Date | Kind::Time | Kind::Id | Kind::Token | Kind::Page | Kind::Trace)
    )
}

struct Trial<'t, 'c> {
    today: &'t Today<'c>,
    bound: BTreeMap<String, String>,
    effort: usize,
}

impl Trial<'_, '_> {
    fn parts(&mut self, parts: &[Part<'_>], text: &str) -> bool {
        self.effort += 1;
        if self.effort > MOST_EFFORT {
            return false;
        }
        match parts.split_first() {
            None => text.is_empty(),
            Some((Part::Text(plain), rest)) => {
                text.strip_prefix(plain).is_some_and(|text| self.parts(rest, text))
            }
            Some((Part::Variable(variable), rest)) => match self.settled(variable) {
                Some(value) => text.strip_prefix(&value).is_some_and(|text| self.parts(rest, text)),
                None => self.bind(variable, rest, text),
            },
        }
    }

    fn settled(&self, variable: &str) -> Option<String> {
        if is_new_every_time(variable) {
            return None;
        }
        self.bound.get(variable).or_else(|| self.today.values.get(variable)).cloned()
    }

    /// Tries what the variable may stand for, the longest first.
    fn bind(&mut self, variable: &str, rest: &[Part<'_>], text: &str) -> bool {
        let kind = Kind::of(variable);
        let (least, most) = kind.map_or((1, usize::MAX), Kind::length);
        let allowed = text.char_indices().take_while(|(_, c)| kind.is_none_or(|kind| kind.allows(*c)));
        let ends: Vec<usize> = allowed.map(|(at, c)| at + c.len_utf8()).take(most).collect();
        for end in ends.into_iter().skip(least.saturating_sub(1)).rev() {
            let Some((value, after)) = text.split_at_checked(end) else { continue };
            let before = self.bound.clone();
            self.bound.insert(variable.to_owned(), value.to_owned());
            if self.parts(rest, after) {
                return true;
            }
            self.bound = before;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars() -> IndexMap<String, String> {
        let vars = [("account-1", "123456789012"), ("name-1", "run-8f14e45f"), ("token-1", "task-token-1")];
        vars.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    const ARN: &str = "arn:aws:states:eu-west-1:${account-1}:execution:m:${name-1}";

    #[test]
    fn a_request_asks_for_what_was_recorded_until_an_answer_or_a_new_name_says_otherwise() {
        let (vars, request) = (vars(), json(&format!(r#"{{"name":"${{name-1}}","arn":"{ARN}"}}"#)));
        let filled = |today: &mut Today<'_>| today.request(&request).unwrap().to_text();
        let mut today = Today::new(&vars, None, 1);
        let recorded = r#"{"name":"run-8f14e45f","arn":"arn:aws:states:eu-west-1:123456789012:execution:m:run-8f14e45f"}"#;
        assert_eq!(filled(&mut today), recorded);

        let mut today = Today::new(&vars, Some("999988887777"), 1);
        today.name_anew(&request);
        let name = today.values()["name-1"].clone();
        assert!(name.starts_with("drift-") && name.len() == 42, "{name}");
        let anew = recorded.replace("run-8f14e45f", &name).replace("123456789012", "999988887777");
        assert_eq!(filled(&mut today), anew);
        today.name_anew(&request);
        assert_eq!(filled(&mut today), anew, "a name is given once");
    }

    #[test]
    fn a_token_is_known_only_from_an_answer() {
        let vars = vars();
        let mut today = Today::new(&vars, None, 1);
        let request = json(r#"{"taskToken":"${token-1}","output":{"$json":{"a":1}}}"#);
        assert_eq!(today.request(&request), Err("token-1".to_owned()));
        let mut today = Today::new(&vars, None, 1);
        assert!(today.admits("${token-1}", "AQCEAAAA"));
        assert_eq!(
            today.request(&request).unwrap().to_text(),
            r#"{"taskToken":"AQCEAAAA","output":"{\"a\":1}"}"#
        );
    }

    #[test]
    fn names_and_accounts_are_bound_once_and_then_compared() {
        let vars = vars();
        let mut today = Today::new(&vars, None, 1);
        let arn =
            |account: &str, name: &str| format!("arn:aws:states:eu-west-1:{account}:execution:m:{name}");
        assert!(today.admits(ARN, &arn("999988887777", "one")));
        assert!(today.admits(ARN, &arn("999988887777", "one")));
        assert!(!today.admits(ARN, &arn("999988887777", "two")));
        assert!(!today.admits("x:${account-2}", "x:1234"));
        assert!(today.admits("in/${name-1}.json", "in/one.json"));
    }

    #[test]
    fn dates_ids_and_tokens_may_be_any() {
        let vars = vars();
        let mut today = Today::new(&vars, None, 1);
        for id in ["9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b", "00000000-0000-4000-8000-000000000000"] {
            assert!(today.admits("${id-1}", id));
        }
        assert!(!today.admits("${id-1}", "no id"));
        assert!(today.admits_date("${date-1}", 1_700_000_000.5));
        assert!(today.admits_date("${date-1}", 1_800_000_000.0));
        assert!(!today.admits_date("${name-1}", 1.0));
        assert!(!today.admits_date("1700000000", 1_700_000_000.0));
    }
}
