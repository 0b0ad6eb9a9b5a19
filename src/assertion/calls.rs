//! Assertions on the calls of the API that the code under test made.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::diff;
use super::failure::fail;
use super::fluent::read;
use super::payload::ExpectedJson;
use crate::model::{Json, Operation, Timestamp, fold};

/// How many calls a failure lists.
const LISTED: usize = 40;
/// How many characters of a request it shows.
const WIDTH: usize = 90;

/// By which door a client came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ClientDoor {
    /// The SDK in this process: [`MockSfn::client`](crate::MockSfn::client) and its like.
    Sdk,
    /// The HTTP server: `MockSfn::serve`.
    Http,
    /// A wiremock server: `MockSfn::mount_on`.
    Wiremock,
}

/// One call of the API, as a client made it. Retries of an SDK are calls of their own.
#[derive(Debug, Clone)]
pub struct ApiCall {
    pub(crate) operation: Operation,
    pub(crate) request: Json,
    pub(crate) door: ClientDoor,
    pub(crate) at: Timestamp,
    pub(crate) answer: CallAnswer,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallAnswer {
    /// Nothing yet: it waits, or its client has gone away.
    Open,
    /// A fault dropped its connection.
    Dropped,
    /// An HTTP status, and the name of the error of a refusal.
    Given { status: u16, error: Option<Arc<str>> },
}

impl ApiCall {
    /// The operation that was called.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// What it was called with.
    #[must_use]
    pub fn request(&self) -> Value {
        (&self.request).into()
    }

    /// The door that the client came in by.
    #[must_use]
    pub const fn door(&self) -> ClientDoor {
        self.door
    }

    /// When it was made, on the clock of the mock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The HTTP status of the answer; `None` if there is none: the call waits, or a fault dropped its connection.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match &self.answer {
            CallAnswer::Given { status, .. } => Some(*status),
            CallAnswer::Open | CallAnswer::Dropped => None,
        }
    }

    /// The name of the error that it was refused with, such as `ExecutionAlreadyExists`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.answer {
            CallAnswer::Given { error, .. } => error.as_deref(),
            CallAnswer::Open | CallAnswer::Dropped => None,
        }
    }
}

/// Calls of the API, to be narrowed down and asserted on, in the order in which they came in; from
/// [`MockSfn::calls`](crate::MockSfn::calls).
///
/// ```
/// # use sfn_testkit::{Calls, Operation};
/// # use serde_json::json;
/// # fn of_a_test(calls: Calls) {
/// calls.of(Operation::StartExecution).including(json!({"name": "o-1"})).count(1);
/// calls.of(Operation::StopExecution).none();
/// calls.in_order([Operation::CreateStateMachine, Operation::StartExecution]);
/// calls.refused().none();
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Calls {
    all: Arc<[ApiCall]>,
    /// The indexes of those that are meant.
    selected: Vec<usize>,
    filters: String,
    forgotten: u64,
}

/// Narrowing down: each returns those calls of these that are so.
impl Calls {
    pub(crate) fn new(all: Vec<ApiCall>, forgotten: u64) -> Self {
        Self { selected: (0..all.len()).collect(), all: all.into(), filters: String::new(), forgotten }
    }

    /// Those of an operation.
    #[must_use]
    pub fn of(&self, operation: Operation) -> Self {
        self.that(&format!(" of {operation}"), |call| call.operation == operation)
    }

    /// Those with a request that has at least this; patterns may stand inside. `input` and its like are JSON texts:
    /// see [`json_text`](crate::json_text).
    ///
    /// # Panics
    /// If it holds a pattern that is none.
    #[track_caller]
    #[must_use]
    pub fn including(&self, request: impl Into<Value>) -> Self {
        let request = read(ExpectedJson::part(&request.into()));
        let filter = format!(" with {}", request.words());
        self.that(&filter, |call| request.matches(&call.request.to_text()))
    }

    /// Those that were answered with success.
    #[must_use]
    pub fn answered(&self) -> Self {
        self.that(" that were answered", |call| call.status() == Some(200))
    }

    /// Those that were answered with an error.
    #[must_use]
    pub fn refused(&self) -> Self {
        self.that(" that were refused", |call| call.status().is_some_and(|status| status != 200))
    }

    /// Those that were answered with this error: `ExecutionAlreadyExists`.
    #[must_use]
    pub fn refused_with(&self, error: &str) -> Self {
        self.that(&format!(" that were refused with {error}"), |call| call.error() == Some(error))
    }

    /// Those that came in by this door.
    #[must_use]
    pub fn by(&self, door: ClientDoor) -> Self {
        self.that(&format!(" by {door}"), |call| call.door == door)
    }

    fn that(&self, filter: &str, keeps: impl Fn(&ApiCall) -> bool) -> Self {
        let mut selected = self.selected.clone();
        selected.retain(|index| self.all.get(*index).is_some_and(&keeps));
        let filters = format!("{}{filter}", self.filters);
        Self { all: Arc::clone(&self.all), selected, filters, forgotten: self.forgotten }
    }
}

/// Assertions: each holds or panics, with a list of all calls.
impl Calls {
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
        self.expect(self.is_empty(), "no call")
    }

    /// Operations were called in this order; other calls may lie before, between and after.
    #[track_caller]
    pub fn in_order(&self, operations: impl IntoIterator<Item = Operation>) -> &Self {
        let wanted: Vec<_> = operations.into_iter().collect();
        let mut rest = self.iter();
        match wanted.iter().find(|operation| !rest.any(|call| call.operation == **operation)) {
            None => self,
            Some(missing) => {
                self.out_of_order(&wanted, "in this order", &format!("{missing} was not called in its place"))
            }
        }
    }

    /// Exactly these operations were called, in this order.
    #[track_caller]
    pub fn exactly(&self, operations: impl IntoIterator<Item = Operation>) -> &Self {
        let wanted: Vec<_> = operations.into_iter().collect();
        if self.iter().map(ApiCall::operation).eq(wanted.iter().copied()) {
            return self;
        }
        self.out_of_order(&wanted, "and no others, in this order", &found(self.len()))
    }

    /// The only one.
    ///
    /// # Panics
    /// If there are others, or none.
    #[track_caller]
    #[must_use]
    pub fn only(&self) -> &ApiCall {
        let mut calls = self.iter();
        match (calls.next(), calls.next()) {
            (Some(only), None) => only,
            _ => fail(&self.text(&format!("1 call{}", self.filters), &found(self.len()), None)),
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

    /// How many calls are no longer known: the mock keeps the last 10,000, and at most 32 MB of requests.
    #[must_use]
    pub const fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// One after the other, in the order in which they came in.
    pub fn iter(&self) -> impl Iterator<Item = &ApiCall> {
        self.selected.iter().filter_map(|index| self.all.get(*index))
    }

    #[track_caller]
    fn expect(&self, holds: bool, wanted: &str) -> &Self {
        if !holds {
            fail(&self.text(&format!("{wanted}{}", self.filters), &found(self.len()), None));
        }
        self
    }

    #[track_caller]
    fn out_of_order(&self, wanted: &[Operation], how: &str, actual: &str) -> &Self {
        let names: Vec<_> = wanted.iter().map(|operation| operation.name()).collect();
        let called: Vec<_> = self.iter().map(|call| call.operation.name()).collect();
        let text = format!("calls{} of {} {how}", self.filters, names.join(", "));
        fail(&self.text(&text, actual, diff::of_lists(&names, &called)))
    }

    fn text(&self, wanted: &str, actual: &str, diff: Option<String>) -> String {
        let diff = diff.map_or(String::new(), |diff| format!("\n\n{}", diff.trim_end()));
        format!("expected {wanted}\n  actual: {actual}{diff}\n\n{self}")
    }
}

fn many(count: usize) -> String {
    if count == 1 { "1 call".to_owned() } else { format!("{count} calls") }
}

fn found(count: usize) -> String {
    match count {
        0 => "there was none".to_owned(),
        1 => "there was 1".to_owned(),
        more => format!("there were {more}"),
    }
}

/// All calls, with `>` before those that are meant.
impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all.is_empty() {
            return f
                .write_str("no client has called anything; what the test does through `MockSfn` is no call");
        }
        f.write_str("all calls:")?;
        if self.forgotten > 0 {
            write!(f, "\n  … {} before, which are no longer known", self.forgotten)?;
        }
        for (index, call) in self.all.iter().enumerate().take(LISTED) {
            let mark = if self.selected.contains(&index) { '>' } else { ' ' };
            let request = fold(&call.request.compacted().to_text(), WIDTH);
            write!(f, "\n{mark} {} {request}: {}", call.operation, call.answer)?;
        }
        match self.all.len().checked_sub(LISTED) {
            Some(more @ 1..) => write!(f, "\n  … {more} more"),
            Some(0) | None => Ok(()),
        }
    }
}

impl fmt::Display for CallAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("not answered"),
            Self::Dropped => f.write_str("connection dropped"),
            Self::Given { status, error: None } => write!(f, "{status}"),
            Self::Given { status, error: Some(error) } => write!(f, "{status} {error}"),
        }
    }
}

impl fmt::Display for ClientDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sdk => "the SDK in this process",
            Self::Http => "HTTP",
            Self::Wiremock => "a wiremock server",
        })
    }
}

impl<'c> IntoIterator for &'c Calls {
    type Item = &'c ApiCall;
    type IntoIter = std::vec::IntoIter<&'c ApiCall>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{UnwindSafe, catch_unwind};

    use serde_json::json;

    use super::*;

    fn calls() -> Calls {
        let call = |operation, request: &str, door, answer| ApiCall {
            operation,
            request: Json::parse(request).unwrap(),
            door,
            at: Timestamp::parse("2025-01-01T00:00:00Z").unwrap(),
            answer,
        };
        let given = |status, error: Option<&str>| CallAnswer::Given { status, error: error.map(Arc::from) };
        let all = vec![
            call(Operation::CreateStateMachine, r#"{"name":"orders"}"#, ClientDoor::Sdk, given(200, None)),
            call(Operation::StartExecution, r#"{"name":"o-1"}"#, ClientDoor::Http, given(200, None)),
            call(
                Operation::StartExecution,
                r#"{"name":"o-1"}"#,
                ClientDoor::Sdk,
                given(400, Some("ExecutionAlreadyExists")),
            ),
            call(Operation::GetActivityTask, "{}", ClientDoor::Sdk, CallAnswer::Open),
            call(Operation::StopExecution, "{}", ClientDoor::Sdk, CallAnswer::Dropped),
        ];
        Calls::new(all, 0)
    }

    #[track_caller]
    fn message<T>(assertion: impl FnOnce() -> T + UnwindSafe) -> String {
        catch_unwind(assertion).err().unwrap().downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn calls_are_narrowed_down() {
        calls().count(5).at_least(5);
        calls().of(Operation::StartExecution).count(2).including(json!({"name": "o-1"})).count(2);
        calls().including(json!({"name": "o-2"})).none();
        calls().answered().count(2);
        calls().refused().count(1);
        calls().refused_with("ExecutionAlreadyExists").count(1);
        calls().refused_with("ThrottlingException").none();
        calls().by(ClientDoor::Sdk).count(4);
        let only = calls().of(Operation::StartExecution).by(ClientDoor::Http).only().clone();
        assert_eq!(
            (only.operation(), only.status(), only.error()),
            (Operation::StartExecution, Some(200), None)
        );
        assert_eq!((only.request(), only.door()), (json!({"name": "o-1"}), ClientDoor::Http));
        assert_eq!(calls().of(Operation::StopExecution).only().status(), None);
    }

    #[test]
    fn a_wrong_count_is_told_with_all_calls() {
        let text = message(|| {
            calls().of(Operation::StartExecution).refused().count(2);
        });
        assert_eq!(
            text,
            r#"expected 2 calls of StartExecution that were refused
  actual: there was 1

all calls:
  CreateStateMachine {"name":"orders"}: 200
  StartExecution {"name":"o-1"}: 200
> StartExecution {"name":"o-1"}: 400 ExecutionAlreadyExists
  GetActivityTask {}: not answered
  StopExecution {}: connection dropped"#
        );
        assert!(
            message(|| {
                calls().at_least(6);
            })
            .starts_with("expected at least 6 calls\n")
        );
        assert!(
            message(|| {
                calls().none();
            })
            .starts_with("expected no call\n")
        );
        let two = || calls().of(Operation::StartExecution);
        assert!(message(move || two().only().request()).starts_with("expected 1 call of StartExecution\n"));
        assert!(
            message(|| {
                Calls::new(vec![], 0).count(1);
            })
            .ends_with("through `MockSfn` is no call")
        );
        let forgetful = Calls::new(calls().all.to_vec(), 7);
        assert!(
            message(move || {
                forgetful.none();
            })
            .contains("\n  … 7 before, which are no longer known\n")
        );
    }

    #[test]
    fn the_order_is_compared_with_gaps_or_exactly() {
        use Operation::{CreateStateMachine, GetActivityTask, StartExecution, StopExecution};
        calls().in_order([CreateStateMachine, StartExecution, StopExecution]);
        calls().exactly([CreateStateMachine, StartExecution, StartExecution, GetActivityTask, StopExecution]);
        let text = message(|| {
            calls().in_order([StartExecution, CreateStateMachine]);
        });
        assert!(text.starts_with(
            "expected calls of StartExecution, CreateStateMachine in this order\n  \
             actual: CreateStateMachine was not called in its place\n\n--- expected\n"
        ));
        let text = message(|| {
            calls().by(ClientDoor::Http).exactly([CreateStateMachine]);
        });
        assert!(text.starts_with(
            "expected calls by HTTP of CreateStateMachine and no others, in this order\n  actual: there was 1\n\n"
        ));
    }
}
