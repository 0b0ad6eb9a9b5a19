//! Messages with variables in place of what is new in every run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::discover::{self, Found, looks_fresh};
use super::template::escape;
use super::variable::Kind;
use crate::model::json::Map;
use crate::model::{Json, Operation};

/// Gives variables to the values of a recording, in the order in which the messages show them.
#[derive(Debug, Default)]
pub(super) struct Binder {
    /// Every value that a variable may stand for.
    kinds: BTreeMap<Arc<str>, Kind>,
    /// The values that texts are searched for, longest first.
    searched: Vec<Arc<str>>,
    variables: BTreeMap<(Kind, Arc<str>), String>,
    taken: BTreeSet<String>,
    /// Accounts of the file of which nobody knows which they are: files do not say, and no replay has told.
    unknown_accounts: BTreeSet<String>,
    /// What the file says of the variables that were given.
    shown: IndexMap<String, String>,
}

impl Binder {
    /// For an addition to a file: these variables are taken, and some stand for values already.
    pub(super) fn with(
        taken: impl IntoIterator<Item = String>,
        values: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut binder = Self { taken: taken.into_iter().collect(), ..Self::default() };
        let is_account = |variable: &&String| Kind::of(variable) == Some(Kind::Account);
        binder.unknown_accounts = binder.taken.iter().filter(is_account).cloned().collect();
        for (variable, value) in values {
            binder.unknown_accounts.remove(&variable);
            let Some(kind) = Kind::of(&variable) else { continue };
            let value: Arc<str> = value.into();
            binder.kinds.insert(Arc::clone(&value), kind);
            binder.variables.insert((kind, value), variable);
        }
        binder
    }

    /// Notes what the opened messages of a recording have: requests and responses, in their order.
    pub(super) fn learn(&mut self, messages: &[(Operation, &Json)]) {
        let mut found: Vec<Found> = Vec::new();
        for (operation, message) in messages {
            discover::by_place(*operation, message, &mut found);
        }
        for (_, message) in messages {
            discover::uuids(message, &mut found);
        }
        // Dates are numbers: no text is compared with them.
        for (kind, value) in found.into_iter().filter(|(kind, _)| *kind != Kind::Date) {
            self.kinds.entry(value).or_insert(kind);
        }
        let is_searched = |(value, kind): &(&Arc<str>, &Kind)| match kind {
            Kind::Account | Kind::Id => true,
            Kind::Name | Kind::Machine | Kind::Activity => looks_fresh(value),
            Kind::Token | Kind::Page => value.len() >= SHORTEST,
            Kind::Trace | Kind::Date | Kind::Time => false,
        };
        self.searched = self.kinds.iter().filter(is_searched).map(|(value, _)| Arc::clone(value)).collect();
        self.searched.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// The opened message with its variables.
    pub(super) fn bind(&mut self, message: &Json) -> Json {
        self.value(message, "")
    }

    /// Each variable that was given, and what the file says of it.
    pub(super) fn into_shown(self) -> IndexMap<String, String> {
        self.shown
    }

    fn value(&mut self, value: &Json, key: &str) -> Json {
        match value {
            Json::String(text) => Json::from(self.text(text, key)),
            Json::Array(_) => {
                let items = value.as_array().unwrap_or_default();
                Json::array(items.iter().map(|item| self.value(item, "")).collect())
            }
            Json::Object(_) => {
                let mut members = Map::new();
                for (key, member) in value.as_object().into_iter().flatten() {
                    members.insert(self.replaced(key).into(), self.value(member, key));
                }
                Json::object(members)
            }
            Json::Int(_) | Json::UInt(_) | Json::Float(_) => {
                self.date(value, key).unwrap_or_else(|| value.clone())
            }
            Json::Null | Json::Bool(_) => value.clone(),
        }
    }

    fn date(&mut self, value: &Json, key: &str) -> Option<Json> {
        let date = discover::date_at(key, value.as_f64()?)?;
        Some(Json::from(self.reference(Kind::Date, &date.into())))
    }

    fn text(&mut self, text: &str, key: &str) -> String {
        let is_name = |kind: Kind| matches!(kind, Kind::Name | Kind::Machine | Kind::Activity);
        if let Some((value, kind)) = self.kinds.get_key_value(text)
            && (discover::kind_at(key, text).is_some()
                || (is_name(*kind) && (key == "name" || looks_fresh(text)))
                || *kind == Kind::Time)
        {
            let (kind, value) = (*kind, Arc::clone(value));
            return self.reference(kind, &value);
        }
        let mut bound = String::new();
        let mut from = 0;
        for (at, end) in discover::arns(text) {
            bound.push_str(&self.replaced(text.get(from..at).unwrap_or_default()));
            bound.push_str(&self.arn(text.get(at..end).unwrap_or_default()));
            from = end;
        }
        bound.push_str(&self.replaced(text.get(from..).unwrap_or_default()));
        bound
    }

    /// In the ARN of an execution the name is replaced where it stands, also one that looks like any word.
    fn arn(&mut self, arn: &str) -> String {
        let parts: Vec<&str> = arn.split(':').collect();
        let part = |index: usize| parts.get(index).copied().unwrap_or_default();
        let is_execution = part(2) == "states" && matches!(part(5), "execution" | "express");
        if is_execution && let Some((value, Kind::Name)) = self.kinds.get_key_value(part(7)) {
            let value = Arc::clone(value);
            let (head, tail) = (parts.get(..7).unwrap_or_default(), parts.get(8..).unwrap_or_default());
            let head = self.replaced(&head.join(":"));
            let name = self.reference(Kind::Name, &value);
            let tail: String = tail.iter().map(|part| format!(":{}", self.replaced(part))).collect();
            return format!("{head}:{name}{tail}");
        }
        self.replaced(arn)
    }

    /// The text with every value that it shows replaced, the longest first.
    fn replaced(&mut self, text: &str) -> String {
        let mut pieces = vec![Piece::Text(text.to_owned())];
        for value in self.searched.clone() {
            if text.len() >= value.len() && text.contains(&*value) {
                pieces = pieces.into_iter().flat_map(|piece| self.split(piece, &value)).collect();
            }
        }
        let written = |piece| match piece {
            Piece::Text(text) => escape(&text),
            Piece::Variable(reference) => reference,
        };
        pieces.into_iter().map(written).collect()
    }

    fn split(&mut self, piece: Piece, value: &Arc<str>) -> Vec<Piece> {
        let Piece::Text(text) = piece else { return vec![piece] };
        let Some(kind) = self.kinds.get(value).copied() else { return vec![Piece::Text(text)] };
        let mut pieces = Vec::new();
        let mut from = 0;
        for (at, _) in text.match_indices(&**value) {
            let end = at + value.len();
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(end..).and_then(|after| after.chars().next());
            if at < from || [before, after].into_iter().flatten().any(|c| c.is_ascii_alphanumeric()) {
                continue; // Part of a longer word.
            }
            pieces.push(Piece::Text(text.get(from..at).unwrap_or_default().to_owned()));
            pieces.push(Piece::Variable(self.reference(kind, value)));
            from = end;
        }
        pieces.push(Piece::Text(text.get(from..).unwrap_or_default().to_owned()));
        pieces
    }

    fn reference(&mut self, kind: Kind, value: &Arc<str>) -> String {
        let key = (kind, Arc::clone(value));
        if let Some(variable) = self.variables.get(&key) {
            return format!("${{{variable}}}");
        }
        if kind == Kind::Account
            && let Some(variable) = self.unknown_accounts.pop_first()
        {
            self.variables.insert(key, variable.clone());
            return format!("${{{variable}}}");
        }
        let mut number = 1;
        let mut variable = format!("{}-{number}", kind.word());
        while self.taken.contains(&variable) {
            number += 1;
            variable = format!("{}-{number}", kind.word());
        }
        self.taken.insert(variable.clone());
        self.shown.insert(variable.clone(), kind.shown(number, value));
        self.variables.insert(key, variable.clone());
        format!("${{{variable}}}")
    }
}

/// Shorter tokens are replaced only where they stand by themselves.
const SHORTEST: usize = 8;

enum Piece {
    Text(String),
    Variable(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::nested;

    fn bound(messages: &[(Operation, &str)]) -> (Vec<String>, Vec<String>) {
        let opened: Vec<_> = messages
            .iter()
            .map(|(operation, text)| (*operation, nested::open(&Json::parse(text).unwrap())))
            .collect();
        let mut binder = Binder::default();
        binder.learn(&opened.iter().map(|(operation, message)| (*operation, message)).collect::<Vec<_>>());
        let texts = opened.iter().map(|(_, message)| binder.bind(message).to_text()).collect();
        let shown = binder.into_shown();
        (texts, shown.into_iter().map(|(variable, value)| format!("{variable}={value}")).collect())
    }

    #[test]
    fn a_name_is_replaced_wherever_it_shows() {
        let (texts, shown) = bound(&[
            (
                Operation::StartExecution,
                r#"{"stateMachineArn":"arn:aws:states:eu-west-1:999988887777:stateMachine:m","name":"run-8f14e45f","input":"{\"key\":\"in/run-8f14e45f.json\"}"}"#,
            ),
            (
                Operation::StartExecution,
                r#"{"executionArn":"arn:aws:states:eu-west-1:999988887777:execution:m:run-8f14e45f","startDate":1700000000.123}"#,
            ),
        ]);
        assert_eq!(
            texts,
            [
                r#"{"stateMachineArn":"arn:aws:states:eu-west-1:${account-1}:stateMachine:m","name":"${name-1}","input":{"$json":{"key":"in/${name-1}.json"}}}"#,
                r#"{"executionArn":"arn:aws:states:eu-west-1:${account-1}:execution:m:${name-1}","startDate":"${date-1}"}"#,
            ]
        );
        assert_eq!(
            shown,
            ["account-1=123456789012", "name-1=run-8f14e45f", "date-1=2023-11-14T22:13:20.123Z"]
        );
    }

    #[test]
    fn a_name_that_is_a_word_is_replaced_only_where_it_is_the_name() {
        let (texts, _) = bound(&[(
            Operation::StartExecution,
            r#"{"name":"orders","executionArn":"arn:aws:states:eu-west-1:999988887777:execution:orders:orders","input":"orders","x":"arn:aws:states:eu-west-1:999988887777:express:orders:orders:9f1c1b2e-0f0e-4b6a-8a3e-1c2d3e4f5a6b"}"#,
        )]);
        assert_eq!(
            texts,
            [
                r#"{"name":"${name-1}","executionArn":"arn:aws:states:eu-west-1:${account-1}:execution:orders:${name-1}","input":"orders","x":"arn:aws:states:eu-west-1:${account-1}:express:orders:${name-1}:${id-1}"}"#
            ]
        );
    }

    #[test]
    fn an_arn_in_a_sentence_is_one_too() {
        let (texts, _) = bound(&[(
            Operation::DescribeExecution,
            r#"{"executionArn":"arn:aws:states:x:999988887777:execution:m:nobody","message":"nobody: 'arn:aws:states:x:999988887777:execution:m:nobody' (arn:aws:states:x:999988887777:execution:m:nobody)"}"#,
        )]);
        let arn = "arn:aws:states:x:${account-1}:execution:m:${name-1}";
        assert_eq!(texts, [format!(r#"{{"executionArn":"{arn}","message":"nobody: '{arn}' ({arn})"}}"#)]);
    }

    #[test]
    fn the_longest_value_goes_first_and_parts_of_words_stay() {
        let (texts, _) = bound(&[
            (Operation::StartExecution, r#"{"name":"run-12345"}"#),
            (Operation::StartExecution, r#"{"name":"run-12345-child"}"#),
            (Operation::DescribeExecution, r#"{"a":"run-12345-child run-123456 run-12345-other"}"#),
        ]);
        assert_eq!(texts.last().unwrap(), r#"{"a":"${name-2} run-123456 ${name-1}-other"}"#);
    }

    #[test]
    fn tokens_are_replaced_in_payloads_too_and_texts_with_our_marks_are_escaped() {
        let (texts, shown) = bound(&[
            (
                Operation::GetExecutionHistory,
                r#"{"parameters":"{\"body\":{\"t\":\"AQCEAAAAKgAAAAMA\"},\"${name-1}\":1}"}"#,
            ),
            (Operation::SendTaskSuccess, r#"{"taskToken":"AQCEAAAAKgAAAAMA","output":"{}"}"#),
        ]);
        assert_eq!(texts[0], r#"{"parameters":{"$json":{"body":{"t":"${token-1}"},"${$}{name-1}":1}}}"#);
        assert_eq!(shown, ["token-1=task-token-1"]);
    }

    #[test]
    fn an_addition_uses_the_variables_of_the_file_and_none_twice() {
        let mut binder = Binder::with(
            ["name-1", "name-2", "account-1"].map(str::to_owned),
            [("name-2".to_owned(), "run-12345".to_owned())],
        );
        let message = Json::parse(
            r#"{"a":"run-12345","name":"run-67890","b":"arn:aws:states:x:999988887777:stateMachine:m"}"#,
        )
        .unwrap();
        binder.learn(&[(Operation::StartExecution, &message)]);
        assert_eq!(
            binder.bind(&message).to_text(),
            r#"{"a":"${name-2}","name":"${name-3}","b":"arn:aws:states:x:${account-1}:stateMachine:m"}"#
        );
        assert_eq!(
            binder.into_shown().into_iter().collect::<Vec<_>>(),
            [("name-3".to_owned(), "run-67890".to_owned())]
        );
    }
}
