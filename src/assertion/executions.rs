//! Assertions across executions: how many there were, of which state machine, with which inputs.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::failure::fail;
use super::fluent::{Assert, read};
use super::payload::ExpectedJson;
use super::wording::end_of;
use super::{AssertionFailure, Execution, diff};
use crate::model::{ExecutionStatus, Json, fold};
use crate::pattern::Pattern;

/// How many executions a failure lists.
const LISTED: usize = 20;
/// How many characters of an input it shows.
const WIDTH: usize = 60;

/// Executions, to be narrowed down and asserted on; from [`MockSfn::executions`](crate::MockSfn::executions), or
/// collected from elsewhere. They are snapshots in the order of their start.
///
/// ```
/// # use sfn_testkit::{Executions, ExecutionStatus, starts_with};
/// # use serde_json::json;
/// # fn of_a_test(executions: Executions) {
/// executions.of("orders").count(3).started_with(json!({"id": "o-1"}));
/// executions.named(starts_with("nightly-")).with_status(ExecutionStatus::Failed).none();
/// executions.each(|it| it.finished_within("5s"));
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Executions {
    all: Arc<[Execution]>,
    /// The indexes of those that are meant.
    selected: Vec<usize>,
    /// `` of `orders` ``, ` with status FAILED`, …
    filters: String,
}

/// Narrowing down: each returns those executions of these that are so.
impl Executions {
    /// Those of a state machine, by its name or its ARN, also that of a version or alias.
    #[must_use]
    pub fn of(&self, state_machine: impl AsRef<str>) -> Self {
        let given = state_machine.as_ref();
        // `arn:aws:states:us-east-1:123456789012:stateMachine:name:version`
        let name = if given.starts_with("arn:") { given.split(':').nth(6).unwrap_or(given) } else { given };
        self.that(&format!(" of `{name}`"), |execution| execution.state_machine_name() == name)
    }

    /// Those with such a name: a text, or a pattern such as [`starts_with`](crate::starts_with).
    ///
    /// # Panics
    /// If the pattern is none.
    #[track_caller]
    #[must_use]
    pub fn named(&self, name: impl Into<Value>) -> Self {
        let json = Json::from(name.into());
        let pattern = read(Pattern::read(&json));
        let fits = |execution: &Execution| pattern.difference(&Json::string(execution.name())).is_none();
        self.that(&format!(" named {}", json.to_text()), fits)
    }

    /// Those that were started with exactly this input.
    ///
    /// # Panics
    /// If it holds a pattern that is none.
    #[track_caller]
    #[must_use]
    pub fn with_input(&self, input: impl Into<Value>) -> Self {
        let input = read(ExpectedJson::whole(&input.into()));
        self.that(&format!(" with input {}", input.words()), |execution| has_input(execution, &input))
    }

    /// Those that were started with an input that has this at a path: `.with_input_at("$.customer.id", "c-1")`.
    ///
    /// # Panics
    /// If the path is none, or if the value holds a pattern that is none.
    #[track_caller]
    #[must_use]
    pub fn with_input_at(&self, path: &str, value: impl Into<Value>) -> Self {
        let input = read(ExpectedJson::at(path, &value.into()));
        self.that(&format!(" with input {}", input.words()), |execution| has_input(execution, &input))
    }

    /// Those with this status.
    #[must_use]
    pub fn with_status(&self, status: ExecutionStatus) -> Self {
        self.that(&format!(" with status {status}"), |execution| execution.status() == status)
    }

    /// Those that all assertions in `then` hold for.
    #[must_use]
    pub fn where_it(&self, then: impl Fn(Assert<'_>) -> Assert<'_>) -> Self {
        self.that(" of which the assertions hold", |execution| execution.check(&then).is_ok())
    }

    fn that(&self, filter: &str, keeps: impl Fn(&Execution) -> bool) -> Self {
        let mut selected = self.selected.clone();
        selected.retain(|index| self.all.get(*index).is_some_and(&keeps));
        Self { all: Arc::clone(&self.all), selected, filters: format!("{}{filter}", self.filters) }
    }
}

/// Assertions: each holds or panics, with a list of all executions.
impl Executions {
    /// There are so many.
    #[track_caller]
    pub fn count(&self, count: usize) -> &Self {
        self.expect(self.len() == count, &many(count))
    }

    /// There are so many or more.
    #[track_caller]
    pub fn at_least(&self, count: usize) -> &Self {
        self.expect(self.len() >= count, &format!("at least {}", many(count)))
    }

    /// There is none.
    #[track_caller]
    pub fn none(&self) -> &Self {
        self.expect(self.is_empty(), "no execution")
    }

    /// One of them, or more, was started with exactly this input.
    #[track_caller]
    pub fn started_with(&self, input: impl Into<Value>) -> &Self {
        let input = read(ExpectedJson::whole(&input.into()));
        let found = self.iter().any(|execution| has_input(execution, &input));
        let wanted = format!("one of the executions{} to be started with {}", self.filters, input.words());
        self.expect_that(found, &wanted, "none was", None)
    }

    /// They were started with exactly these inputs, one each, in this order.
    #[track_caller]
    pub fn started_with_each<V: Into<Value>>(&self, inputs: impl IntoIterator<Item = V>) -> &Self {
        let inputs = Value::Array(inputs.into_iter().map(Into::into).collect());
        self.inputs_are(inputs, "in this order")
    }

    /// They were started with exactly these inputs, one each, in any order.
    #[track_caller]
    pub fn started_with_each_in_any_order<V: Into<Value>>(
        &self,
        inputs: impl IntoIterator<Item = V>,
    ) -> &Self {
        self.inputs_are(crate::pattern::unordered(inputs), "in any order")
    }

    /// The assertions in `then` hold for each of them; there must be one at least.
    #[track_caller]
    pub fn each(&self, then: impl Fn(Assert<'_>) -> Assert<'_>) -> &Self {
        self.at_least(1);
        for execution in self {
            if let Err(failure) = execution.check(&then) {
                fail(&format!("of each execution{}:\n{failure}", self.filters));
            }
        }
        self
    }

    /// The only one.
    ///
    /// # Panics
    /// If there are others, or none.
    #[track_caller]
    #[must_use]
    pub fn only(&self) -> &Execution {
        let mut executions = self.iter();
        match (executions.next(), executions.next()) {
            (Some(only), None) => only,
            _ => fail(&self.failure(&many(1), &found(self.len()), None).to_string()),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.selected.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.selected.is_empty()
    }

    /// One after the other, in the order of their start.
    pub fn iter(&self) -> impl Iterator<Item = &Execution> {
        self.selected.iter().filter_map(|index| self.all.get(*index))
    }

    #[track_caller]
    fn inputs_are(&self, expected: Value, how: &str) -> &Self {
        let expected = Json::from(expected);
        let pattern = read(Pattern::read(&expected));
        let inputs = Json::array(self.iter().map(|execution| execution.record.input.clone()).collect());
        let Some(difference) = pattern.difference(&inputs) else { return self };
        let wanted = format!("the executions{} to be started with these inputs {how}", self.filters);
        let actual = format!("{}; first difference (actual != expected): {difference}", found(self.len()));
        self.expect_that(false, &wanted, &actual, diff::of_json(&pattern.resolved(&inputs), &inputs))
    }

    #[track_caller]
    fn expect(&self, holds: bool, wanted: &str) -> &Self {
        if !holds {
            fail(&self.failure(wanted, &found(self.len()), None).to_string());
        }
        self
    }

    #[track_caller]
    fn expect_that(&self, holds: bool, wanted: &str, actual: &str, diff: Option<String>) -> &Self {
        if !holds {
            fail(&self.text(wanted, actual, diff));
        }
        self
    }

    fn failure(&self, wanted: &str, actual: &str, diff: Option<String>) -> AssertionFailure {
        AssertionFailure::new(self.text(&format!("{wanted}{}", self.filters), actual, diff))
    }

    fn text(&self, wanted: &str, actual: &str, diff: Option<String>) -> String {
        let diff = diff.map_or(String::new(), |diff| format!("\n\n{}", diff.trim_end()));
        format!("expected {wanted}\n  actual: {actual}{diff}\n\n{self}")
    }
}

fn many(count: usize) -> String {
    if count == 1 { "1 execution".to_owned() } else { format!("{count} executions") }
}

fn found(count: usize) -> String {
    match count {
        0 => "there was none".to_owned(),
        1 => "there was 1".to_owned(),
        more => format!("there were {more}"),
    }
}

fn has_input(execution: &Execution, input: &ExpectedJson) -> bool {
    input.matches(&execution.record.input.to_text())
}

/// All executions, with `>` before those that are meant.
impl fmt::Display for Executions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all.is_empty() {
            return f.write_str("no execution was started");
        }
        f.write_str("all executions:")?;
        for (index, execution) in self.all.iter().enumerate().take(LISTED) {
            let mark = if self.selected.contains(&index) { '>' } else { ' ' };
            let input = fold(&execution.record.input.compacted().to_text(), WIDTH);
            let end = end_of(execution);
            let end = end.strip_prefix("it is still ").or_else(|| end.strip_prefix("it ")).unwrap_or(&end);
            let (name, machine) = (execution.name(), execution.state_machine_name());
            write!(f, "\n{mark} `{name}` of `{machine}`, started with {input}: {end}")?;
        }
        match self.all.len().checked_sub(LISTED) {
            Some(more @ 1..) => write!(f, "\n  … {more} more"),
            Some(0) | None => Ok(()),
        }
    }
}

impl FromIterator<Execution> for Executions {
    fn from_iter<I: IntoIterator<Item = Execution>>(executions: I) -> Self {
        let all: Arc<[Execution]> = executions.into_iter().collect();
        Self { selected: (0..all.len()).collect(), all, filters: String::new() }
    }
}

impl<'e> IntoIterator for &'e Executions {
    type Item = &'e Execution;
    type IntoIter = std::vec::IntoIter<&'e Execution>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}
