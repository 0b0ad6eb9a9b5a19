//! Why a Choice state went where it went: its rules, and the values that they looked at.

use std::sync::Arc;

use crate::assertion::Execution;
use crate::assertion::history::Visit;
use crate::model::{EventDetails, Json, fold};

use super::lookup::{Found, follow, whats_missing};
use super::references::{self, Reference};
use super::written::{Written, items, text};

/// How many characters of a value are shown.
const VALUE_WIDTH: usize = 60;
/// How many rules are shown.
const RULES: usize = 4;

/// What is known of one visit of a Choice state.
pub(super) struct Decision<'w> {
    execution: &'w Execution,
    visit: &'w Visit,
    state: &'w Json,
    in_jsonata: bool,
}

impl<'w> Decision<'w> {
    pub(super) fn of(execution: &'w Execution, written: &'w Written, visit: &'w Visit) -> Option<Self> {
        let state = written.state(&visit.name)?;
        let is_choice = text(&state.json, "Type") == Some("Choice");
        is_choice.then_some(Self { execution, visit, state: &state.json, in_jsonata: state.in_jsonata })
    }

    /// "`Big?` took its Default, to `Small`, since no rule holds: Choices[0] (to `Large`) wants … and …".
    pub(super) fn told(&self, next: Option<&str>) -> String {
        let name = &self.visit.name;
        let rules = items(self.state, "Choices");
        let to = |rule: &Json| text(rule, "Next").map(str::to_owned);
        let leading: Vec<usize> =
            (0..rules.len()).filter(|at| rules.get(*at).and_then(to).as_deref() == next).collect();
        let is_default = next.is_some() && text(self.state, "Default") == next;
        match (next, leading.as_slice(), is_default) {
            (None, ..) => format!("no rule of `{name}` holds and it has no Default:{}", self.rules()),
            (Some(next), [at], false) => {
                let rule = rules.get(*at).map(|rule| self.rule(rule)).unwrap_or_default();
                format!("`{name}` took Choices[{at}], to `{next}`: {rule}")
            }
            (Some(next), [], true) => {
                format!("`{name}` took its Default, to `{next}`, since no rule holds:{}", self.rules())
            }
            (Some(next), ..) => format!("`{name}` went to `{next}`:{}", self.rules()),
        }
    }

    /// A remark on the rule that compares a value with one of another type, so that it cannot hold.
    pub(super) fn of_other_type(&self) -> Option<String> {
        let rules = items(self.state, "Choices");
        let tests = rules.iter().flat_map(tests_in);
        tests.into_iter().find_map(|test| self.type_remark(test))
    }

    fn rules(&self) -> String {
        let rules = items(self.state, "Choices");
        let told: Vec<_> = rules
            .iter()
            .take(RULES)
            .enumerate()
            .map(|(at, rule)| {
                let next = text(rule, "Next").unwrap_or_default();
                format!("\n  Choices[{at}] (to `{next}`) wants {}", self.rule(rule))
            })
            .collect();
        let more = rules.len().saturating_sub(RULES);
        let more = if more == 0 { String::new() } else { format!("\n  and {more} more rules") };
        format!("{}{more}", told.concat())
    }

    /// A condition, and the values that it looked at: "$.total > 10, and $.total was "12" (…)".
    fn rule(&self, rule: &Json) -> String {
        let condition = if self.in_jsonata { jsonata(rule) } else { worded(rule) };
        let values: Vec<String> =
            if self.in_jsonata { self.values_in_jsonata(rule) } else { self.values(rule) };
        if values.is_empty() { condition } else { format!("{condition}, and {}", values.join(", ")) }
    }

    fn values(&self, rule: &Json) -> Vec<String> {
        let mut told = Vec::new();
        for test in tests_in(rule) {
            let Some(path) = text(test, "Variable") else { continue };
            let remark = self.type_remark(test).unwrap_or_default();
            let value = format!("{}{remark}", self.value(path));
            if !told.contains(&value) {
                told.push(value);
            }
        }
        told
    }

    fn values_in_jsonata(&self, rule: &Json) -> Vec<String> {
        let condition = rule.get("Condition").and_then(Json::as_str).unwrap_or_default();
        let references = references::in_expression(condition);
        references.iter().filter_map(|reference| self.value_of(reference)).collect()
    }

    fn value_of(&self, reference: &Reference) -> Option<String> {
        let root = match &reference.variable {
            None => self.input(),
            Some(name) => self.variable(name)?,
        };
        Some(shown(&reference.text, &root, &reference.path))
    }

    fn value(&self, path: &str) -> String {
        if path.starts_with("$$") {
            return format!("`{path}` is of the context object");
        }
        match path.strip_prefix('$').filter(|rest| !rest.is_empty() && !rest.starts_with(['.', '['])) {
            None => shown(path, &self.input(), path),
            Some(rest) => {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, below) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let known = self.variable(name).map(|variable| shown(path, &variable, &format!("${below}")));
                known.unwrap_or_else(|| format!("`{path}` is a variable that was not assigned at the top"))
            }
        }
    }

    /// What the rules see: the input behind `InputPath`.
    fn input(&self) -> Json {
        let raw = Json::parse(&self.visit.input).unwrap_or(Json::Null);
        let through =
            text(self.state, "InputPath").and_then(|path| super::lookup::value_at(&raw, path).cloned());
        through.unwrap_or(raw)
    }

    /// The last value that a variable of this name was given before.
    fn variable(&self, name: &str) -> Option<Json> {
        let before = self.execution.record.events.iter().filter(|event| event.id < self.visit.entered);
        let value = before.rev().find_map(|event| {
            let EventDetails::StateExited { assigned_variables, .. } = &event.details else { return None };
            assigned_variables.iter().find(|(assigned, _)| **assigned == *name).map(|(_, value)| value)
        })?;
        Json::parse(value).ok()
    }

    /// " (a string, which `NumericGreaterThan` never matches)".
    fn type_remark(&self, test: &Json) -> Option<String> {
        let path = text(test, "Variable").filter(|path| !self.in_jsonata && !path.starts_with("$$"))?;
        let (operator, _) = operator(test)?;
        let input = self.input();
        let value = super::lookup::value_at(&input, path)?;
        let fits = match &**operator {
            "IsPresent" | "IsNull" | "IsString" | "IsNumeric" | "IsBoolean" | "IsTimestamp" => true,
            _ if operator.starts_with("Numeric") => value.is_number(),
            _ if operator.starts_with("Boolean") => value.as_bool().is_some(),
            _ => value.as_str().is_some(),
        };
        (!fits).then(|| format!(" (a {}, which {operator} never matches)", value.type_name()))
    }
}

fn shown(name: &str, root: &Json, path: &str) -> String {
    match follow(root, path) {
        Some(Found::Value(value)) => {
            format!("`{name}` was {}", fold(&value.compacted().to_text(), VALUE_WIDTH))
        }
        Some(Found::Missing { reached, key, at }) => {
            format!("`{name}` was not there ({})", whats_missing(&reached, &key, at))
        }
        None => format!("`{name}` was taken from {}", fold(&root.compacted().to_text(), VALUE_WIDTH)),
    }
}

/// The single comparisons of a rule.
fn tests_in(rule: &Json) -> Vec<&Json> {
    let nested = items(rule, "And").iter().chain(items(rule, "Or")).chain(rule.get("Not"));
    let nested: Vec<_> = nested.flat_map(tests_in).collect();
    if nested.is_empty() { vec![rule] } else { nested }
}

fn operator(test: &Json) -> Option<(&Arc<str>, &Json)> {
    let members = test.as_object()?;
    members.iter().find(|(key, _)| !matches!(&***key, "Variable" | "Next" | "Comment" | "Assign"))
}

fn jsonata(rule: &Json) -> String {
    match rule.get("Condition") {
        Some(condition) => condition.as_str().map_or_else(|| condition.to_text(), str::to_owned),
        None => String::new(),
    }
}

/// A rule in words.
fn worded(rule: &Json) -> String {
    let joined = |field, word: &str| {
        let parts: Vec<_> = items(rule, field).iter().map(worded).collect();
        (!parts.is_empty()).then(|| format!("({})", parts.join(word)))
    };
    if let Some(text) = joined("And", " and ").or_else(|| joined("Or", " or ")) {
        return text;
    }
    if let Some(inner) = rule.get("Not") {
        return format!("not {}", worded(inner));
    }
    let Some((operator, operand)) = operator(rule) else { return "nothing".to_owned() };
    let variable = text(rule, "Variable").unwrap_or_default();
    format!("{variable} {operator} {}", fold(&operand.to_text(), VALUE_WIDTH))
}
