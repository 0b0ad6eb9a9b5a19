//! Which calls a mock in a wiremock server is for.

use std::sync::{Arc, Weak};

use serde_json::Value;
use wiremock::{Match, Request};

use crate::model::{Json, Operation};
use crate::pattern::Pattern;
use crate::wire;

/// The input of a start that gives none.
const NO_INPUT: &str = "{}";

/// Finds calls of Step Functions by what they ask. Made by the functions of this module.
#[derive(Debug, Clone)]
pub struct CallMatcher {
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    AnyAction,
    Action(&'static str),
    /// A member of the request that is this text.
    Member(&'static str, String),
    /// JSON in the member `input`.
    Input(Pattern),
    Alive(Weak<()>),
}

/// Calls of this operation, such as `action("StartExecution")`: what the header `X-Amz-Target` names.
///
/// # Panics
/// If Step Functions has no such operation.
#[must_use]
#[track_caller]
#[expect(clippy::panic, reason = "a matcher that never matches would let the test pass for the wrong reason")]
pub fn action(operation: impl AsRef<str>) -> CallMatcher {
    let operation = operation.as_ref();
    match Operation::from_name(operation) {
        Some(operation) => CallMatcher { wanted: Wanted::Action(operation.name()) },
        None => panic!(
            "`{operation}` is no operation of Step Functions: write its name as `StartExecution`, with a capital"
        ),
    }
}

/// Calls of Step Functions, whatever the operation.
#[must_use]
pub fn any_action() -> CallMatcher {
    CallMatcher { wanted: Wanted::AnyAction }
}

/// Calls whose `stateMachineArn` is this very ARN; a version or an alias has another.
#[must_use]
pub fn state_machine_arn(arn: impl AsRef<str>) -> CallMatcher {
    member("stateMachineArn", arn.as_ref())
}

/// Calls whose `executionArn` is this.
#[must_use]
pub fn execution_arn(arn: impl AsRef<str>) -> CallMatcher {
    member("executionArn", arn.as_ref())
}

/// Starts of an execution of this name. Other operations have a `name` too: put [`action`] beside it.
#[must_use]
pub fn execution_name(name: impl AsRef<str>) -> CallMatcher {
    member("name", name.as_ref())
}

/// Calls whose `input`, read as JSON, is equal to this. Spacing and the order of keys do not matter, and stand-ins
/// such as [`any::uuid()`](crate::any::uuid) may stand anywhere inside. A start without an input has the input `{}`.
///
/// ```
/// use serde_json::json;
/// use sfn_testkit::wiremock::{action, input_json, throttled};
/// use sfn_testkit::{any, matching};
/// use wiremock::Mock;
///
/// let mock = Mock::given(action("StartExecution"))
///     .and(input_json(json!({"order": matching("^o-"), "request": any::uuid()})))
///     .respond_with(throttled());
/// ```
///
/// # Panics
/// If the value holds a pattern that cannot be read, such as `{"$any": "uid"}`.
#[must_use]
#[track_caller]
pub fn input_json(expected: impl Into<Value>) -> CallMatcher {
    CallMatcher { wanted: Wanted::Input(pattern(expected.into())) }
}

/// As [`input_json`], but objects may have further keys, on every level; as [`includes`](crate::includes).
///
/// # Panics
/// If the value holds a pattern that cannot be read.
#[must_use]
#[track_caller]
pub fn input_json_partial(part: impl Into<Value>) -> CallMatcher {
    CallMatcher { wanted: Wanted::Input(pattern(part.into()).included()) }
}

/// A matcher that matches everything until its other half is dropped: for mocks that end before the test does.
///
/// Use it in place of `mount_as_scoped`, which wiremock 0.6 confuses when mocks of other priorities are there. An
/// `expect` of the mock is checked when the server is dropped.
pub fn while_alive() -> (CallMatcher, Alive) {
    let life = Arc::new(());
    (CallMatcher { wanted: Wanted::Alive(Arc::downgrade(&life)) }, Alive { _life: life })
}

/// Keeps a mock alive; made by [`while_alive`].
#[derive(Debug)]
#[must_use = "dropping it ends the mock"]
pub struct Alive {
    _life: Arc<()>,
}

fn member(name: &'static str, value: &str) -> CallMatcher {
    CallMatcher { wanted: Wanted::Member(name, value.to_owned()) }
}

#[track_caller]
#[expect(clippy::panic, reason = "a pattern that cannot be read is a mistake in the test")]
fn pattern(expected: Value) -> Pattern {
    match Pattern::read(&Json::from(expected)) {
        Ok(pattern) => pattern,
        Err(why) => panic!("the expected input holds a pattern that cannot be read: {why}"),
    }
}

impl Match for CallMatcher {
    fn matches(&self, request: &Request) -> bool {
        match &self.wanted {
            Wanted::AnyAction => operation(request).is_some(),
            Wanted::Action(wanted) => operation(request) == Some(wanted),
            Wanted::Member(name, wanted) => has_member(request, name, wanted),
            Wanted::Input(wanted) => has_input(request, wanted),
            Wanted::Alive(life) => life.strong_count() > 0,
        }
    }
}

fn operation(request: &Request) -> Option<&str> {
    let target = header(request, "x-amz-target");
    let call = wire::Request { target, ..wire::Request::default() };
    call.operation_name()
}

fn has_member(request: &Request, name: &str, wanted: &str) -> bool {
    operation(request).is_some()
        && body(request).is_some_and(|body| body.get(name).and_then(Json::as_str) == Some(wanted))
}

fn has_input(request: &Request, wanted: &Pattern) -> bool {
    if operation(request).is_none() {
        return false;
    }
    let Some(body) = body(request) else { return false };
    let input = match body.get("input") {
        None | Some(Json::Null) => NO_INPUT,
        Some(input) => input.as_str().unwrap_or_default(),
    };
    Json::parse(input).is_ok_and(|input| wanted.difference(&input).is_none())
}

fn body(request: &Request) -> Option<Json> {
    Json::parse(std::str::from_utf8(&request.body).ok()?).ok()
}

/// A header as text; `None` if it is missing, or not text.
pub(super) fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.get(name)?.to_str().ok()
}
