//! Which calls a task mock is for, and why it is not for others.

use std::fmt;
use std::sync::Arc;

use super::call::Call;
use crate::assertion::closest;

/// The conditions of one task mock. All must hold.
#[derive(Clone)]
pub(super) struct TaskMatcher {
    pub(super) subject: Subject,
    /// The name of a state machine.
    pub(super) state_machine: Option<String>,
    pub(super) iteration: Option<usize>,
    pub(super) condition: Option<Condition>,
}

type Condition = Arc<dyn Fn(&Call) -> bool + Send + Sync>;

/// What a task mock is named after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    State(String),
    /// A whole `Resource`, or the start of one and `*`.
    Resource(String),
    /// All that recorded executions called.
    Recorded,
}

/// How the reason of a recording begins, after "it".
pub(super) const NO_ANSWER: &str = "has no answer: ";

/// Why a mock does not answer a call that its subject names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// It is about something else altogether.
    Subject,
    StateMachine(String),
    Iteration(usize),
    Condition,
    /// All its answers have been given.
    UsedUp,
    /// The recording has no answer: why, as a sentence without its full stop.
    NotRecorded(String),
}

impl TaskMatcher {
    pub(super) fn new(subject: Subject) -> Self {
        Self { subject, state_machine: None, iteration: None, condition: None }
    }

    pub(super) fn check(&self, call: &Call) -> Result<(), Mismatch> {
        if !self.subject.names(call) {
            return Err(Mismatch::Subject);
        }
        if let Some(wanted) = self.state_machine.as_ref().filter(|name| **name != call.state_machine) {
            return Err(Mismatch::StateMachine(wanted.clone()));
        }
        if let Some(wanted) = self.iteration.filter(|index| Some(*index) != call.iteration) {
            return Err(Mismatch::Iteration(wanted));
        }
        match &self.condition {
            Some(condition) if !condition(call) => Err(Mismatch::Condition),
            Some(_) | None => Ok(()),
        }
    }

    /// Why its subject is not quite the task that is called, if it is nearly so.
    pub(super) fn near_miss(&self, call: &Call) -> Option<String> {
        if self.subject.names(call) {
            return None;
        }
        match &self.subject {
            Subject::Recorded => None,
            Subject::State(name) => closest(name, std::iter::once(&*call.state))
                .map(|state| format!("is for another state of a similar name: `{name}` is not `{state}`")),
            Subject::Resource(pattern) => {
                let (pattern, resource) = (pattern.trim_end_matches('*'), &*call.resource);
                let is_start = resource.starts_with(pattern);
                let is_alike =
                    is_start || pattern.starts_with(resource) || pattern.eq_ignore_ascii_case(resource);
                let advice = if is_start { "; a `*` at its end would stand for any rest" } else { "" };
                is_alike.then(|| format!("is for `{pattern}`, which is not `{resource}`{advice}"))
            }
        }
    }
}

impl Subject {
    fn names(&self, call: &Call) -> bool {
        match self {
            Self::State(name) => *name == call.state,
            Self::Resource(pattern) => match pattern.strip_suffix('*') {
                Some(start) => call.resource.starts_with(start),
                None => *pattern == call.resource,
            },
            Self::Recorded => true,
        }
    }
}

/// As it stands in the test: `sfn.on_state("Pay")`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(name) => write!(f, "sfn.on_state({name:?})"),
            Self::Resource(pattern) => write!(f, "sfn.on_resource({pattern:?})"),
            Self::Recorded => f.write_str("sfn.mock_tasks(…)"),
        }
    }
}

/// What the mock did not like, after "it".
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject => f.write_str("is for something else"),
            Self::StateMachine(name) => write!(f, "is only for state machine `{name}`"),
            Self::Iteration(index) => write!(f, "is only for iteration {index}"),
            Self::Condition => f.write_str("has a `.when(…)` that said no"),
            Self::UsedUp => f.write_str("has given all its answers"),
            Self::NotRecorded(why) => write!(f, "{NO_ANSWER}{why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::call::tests::call_of;

    fn check(change: impl FnOnce(&mut TaskMatcher), call: &Call) -> Result<(), Mismatch> {
        let mut matcher = TaskMatcher::new(Subject::State("Pay".to_owned()));
        change(&mut matcher);
        matcher.check(call)
    }

    #[test]
    fn a_state_is_matched_by_its_whole_name() {
        assert_eq!(check(|_| {}, &call_of("Pay")), Ok(()));
        assert_eq!(check(|_| {}, &call_of("PayLater")), Err(Mismatch::Subject));
    }

    #[test]
    fn a_resource_is_matched_whole_or_by_its_start() {
        let names = |pattern: &str| Subject::Resource(pattern.to_owned()).names(&call_of("Pay"));
        assert!(names("arn:aws:states:::sqs:sendMessage"));
        assert!(names("arn:aws:states:::sqs:*"));
        assert!(names("*"));
        assert!(!names("arn:aws:states:::sqs"));
        assert!(!names("arn:aws:states:::sns:*"));
        assert!(!names("*sendMessage"));
    }

    #[test]
    fn every_condition_can_say_no() {
        let call = call_of("Pay");
        assert_eq!(
            check(|matcher| matcher.state_machine = Some("refunds".to_owned()), &call),
            Err(Mismatch::StateMachine("refunds".to_owned()))
        );
        assert_eq!(check(|matcher| matcher.state_machine = Some("orders".to_owned()), &call), Ok(()));
        assert_eq!(check(|matcher| matcher.iteration = Some(0), &call), Err(Mismatch::Iteration(0)));
        assert_eq!(
            check(|matcher| matcher.condition = Some(Arc::new(|call| call.input["id"] == 8)), &call),
            Err(Mismatch::Condition)
        );
        assert_eq!(
            check(|matcher| matcher.condition = Some(Arc::new(|call| call.input["id"] == 7)), &call),
            Ok(())
        );
    }

    #[track_caller]
    fn near(subject: Subject, expected: Option<&str>) {
        assert_eq!(TaskMatcher::new(subject).near_miss(&call_of("Pay")).as_deref(), expected);
    }

    #[test]
    fn a_subject_that_is_nearly_right_is_told() {
        let state = |name: &str| Subject::State(name.to_owned());
        near(state("pay"), Some("is for another state of a similar name: `pay` is not `Pay`"));
        near(state("Ship"), None);
        near(state("Pay"), None);
        let resource = |arn: &str| Subject::Resource(arn.to_owned());
        near(
            resource("arn:aws:states:::sqs:send"),
            Some(
                "is for `arn:aws:states:::sqs:send`, which is not `arn:aws:states:::sqs:sendMessage`; a `*` at its end \
                 would stand for any rest",
            ),
        );
        near(
            resource("arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
            Some(
                "is for `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, which is not \
                 `arn:aws:states:::sqs:sendMessage`",
            ),
        );
        near(resource("arn:aws:states:::sns:publish"), None);
    }

    #[test]
    fn an_iteration_is_matched_by_its_index() {
        let call = Call { iteration: Some(2), ..call_of("Pay") };
        assert_eq!(check(|matcher| matcher.iteration = Some(2), &call), Ok(()));
        assert_eq!(check(|matcher| matcher.iteration = Some(1), &call), Err(Mismatch::Iteration(1)));
    }
}
