//! What went wrong behind the back of the code under test, and how it is told at the end of the test.

use indexmap::IndexSet;

use super::fault_registry::FaultEntry;
use super::result_check::ImpossibleResult;
use super::task_matcher::Subject;
use super::task_registry::{CalledTask, TaskMockEntry};
use super::task_sequence::calls;
use super::text::{hang, inline_payload, payload};
use crate::assertion::closest;
use crate::model::{Failure, Json};
use crate::service::task_call::TaskCall;

/// Error name of an execution that called a task nobody mocked.
pub(crate) const NOT_MOCKED: &str = "SfnTestkit.TaskNotMocked";
/// Error name of an execution whose task mock panicked.
pub(super) const PANICKED: &str = "SfnTestkit.TaskMockPanicked";

/// How the `Resource` of a task ends that somebody else ends by its token.
const WAITS_FOR_TOKEN: &str = ".waitForTaskToken";

/// Something that makes the test fail at its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    Unmocked(UnmockedTask),
    /// A mock gave what its service never answers.
    Impossible(ImpossibleResult),
    /// A closure of a task mock panicked: which, and with what message.
    Panicked {
        mock: String,
        message: String,
    },
    /// The condition of a fault panicked: which, and with what message.
    FaultPanicked {
        fault: String,
        message: String,
    },
    /// An operation or feature we do not emulate; the text of the API error.
    NotEmulated(String),
    /// A call that waits came in where nobody can wait; a sentence.
    #[cfg(feature = "wiremock")]
    NotAwaited(String),
}

/// A task that was called and that no mock answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnmockedTask {
    pub(super) state: String,
    pub(super) resource: String,
    pub(super) state_machine: String,
    pub(super) input: Json,
    /// Mocks that came near, each with the reason.
    pub(super) near: Vec<String>,
}

impl UnmockedTask {
    pub(super) fn new(call: &TaskCall, near: Vec<String>) -> Self {
        Self {
            state: call.request.state.to_string(),
            resource: call.request.resource.arn.to_string(),
            state_machine: call.state_machine_name.to_string(),
            input: call.request.input.clone(),
            near,
        }
    }

    /// What the execution fails with.
    pub(super) fn to_failure(&self) -> Failure {
        let Self { state, resource, .. } = self;
        let input = inline_payload(&self.input);
        let line = self.line_to_write();
        let near: String = self.near.iter().map(|near| format!(" But {near}")).collect();
        Failure::new(
            NOT_MOCKED,
            format!(
                "no mock answers the task of state `{state}` ({resource}), called with {input}; write: {line}{near}"
            ),
        )
    }

    fn line_to_write(&self) -> String {
        let answer = if self.resource.ends_with(WAITS_FOR_TOKEN) {
            "waits_for_token()"
        } else {
            "returns(json!({…}))"
        };
        format!("sfn.on_state({:?}).{answer};", self.state)
    }

    fn report(&self, count: u64) -> String {
        let Self { state, resource, state_machine, .. } = self;
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let input = hang(&payload(&self.input), "         ");
        let near: String = self.near.iter().map(|near| format!("\n  but:   {near}")).collect();
        format!(
            "the task of state `{state}` was called {times}, and nothing mocks it\n  \
             in:    state machine `{state_machine}`\n  \
             calls: {resource}\n  \
             with:  {input}{near}\n  \
             write: {}",
            self.line_to_write()
        )
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.state == other.state && self.state_machine == other.state_machine
    }
}

impl Problem {
    pub(super) fn panicked(mock: &TaskMockEntry, message: &str) -> Self {
        Self::Panicked { mock: mock.to_string(), message: message.to_owned() }
    }

    /// What an execution fails with whose task mock panicked.
    pub(super) fn panic_failure(mock: &TaskMockEntry, message: &str) -> Failure {
        Failure::new(PANICKED, format!("the task mock {mock} panicked: {message}"))
    }

    fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unmocked(one), Self::Unmocked(other)) => one.is_alike(other),
            (Self::Impossible(one), Self::Impossible(other)) => one.is_alike(other),
            _ => self == other,
        }
    }

    fn report(&self, count: u64) -> String {
        match self {
            Self::Unmocked(task) => task.report(count),
            Self::Impossible(result) => result.report(),
            Self::Panicked { mock, message } => {
                format!("the task mock {mock} panicked: {message}")
            }
            Self::FaultPanicked { fault, message } => {
                format!("the condition of the fault {fault} panicked: {message}")
            }
            Self::NotEmulated(message) if count == 1 => format!("{message}, but was asked to"),
            Self::NotEmulated(message) => format!("{message}, but was asked to, {count} times"),
            #[cfg(feature = "wiremock")]
            Self::NotAwaited(message) => message.clone(),
        }
    }
}

/// All that went wrong; alike problems are kept once, and counted: a server may run for days.
#[derive(Debug, Default)]
pub(super) struct Problems {
    counted: Vec<(Problem, u64)>,
}

impl Problems {
    pub(super) fn note(&mut self, problem: Problem) {
        match self.counted.iter_mut().find(|(other, _)| other.is_alike(&problem)) {
            Some((_, count)) => *count += 1,
            None => self.counted.push((problem, 1)),
        }
    }

    /// The tasks that nobody answered: state, and what came near.
    pub(super) fn unmocked(&self) -> Vec<(String, String)> {
        let problems = self.counted.iter().map(|(problem, _)| problem);
        problems
            .filter_map(|problem| {
                if let Problem::Unmocked(task) = problem {
                    Some((task.state.clone(), task.near.join("; ")))
                } else {
                    None
                }
            })
            .collect()
    }
}

/// All that went wrong, for people; `None` if nothing did.
pub(super) fn report(problems: &Problems, unmet: &[String], unchecked: &[String]) -> Option<String> {
    let reports = problems.counted.iter().map(|(problem, count)| problem.report(*count));
    let items: Vec<String> =
        reports.chain(unmet.iter().cloned()).map(|text| format!("- {}", hang(&text, "  "))).collect();
    let items = (!items.is_empty()).then(|| items.join("\n"))?;
    let note = match unchecked {
        [] => String::new(),
        all => format!("\nnot checked, since their answers are not known here: {}", all.join(", ")),
    };
    Some(format!("sfn-testkit: not all went as the test says:\n{items}{note}"))
}

/// A sentence if a fault did not happen as often as expected.
pub(super) fn unmet_fault(fault: &FaultEntry) -> Option<String> {
    let (expected, actual) = fault.unmet()?;
    Some(format!("the fault {fault} expected {expected}, and got {}", calls(actual)))
}

/// A sentence if the calls of a mock are not as many as expected; of one that was not called at all, with what was.
pub(super) fn unmet_expectation(mock: &TaskMockEntry, called: &[CalledTask]) -> Option<String> {
    let (expected, actual) = mock.sequence().unmet()?;
    let why = if actual == 0 { why_uncalled(&mock.matcher.subject, called) } else { String::new() };
    Some(format!("the task mock {mock} expected {expected}, and got {}{why}", calls(actual)))
}

fn why_uncalled(subject: &Subject, called: &[CalledTask]) -> String {
    /// So many tasks are listed.
    const LISTED: usize = 12;
    let (wanted, names): (&str, Vec<&str>) = match subject {
        Subject::State(name) => (name, called.iter().map(|task| &*task.state).collect()),
        Subject::Resource(pattern) => (pattern, called.iter().map(|task| &*task.resource).collect()),
        Subject::Recorded => return ": no task of the recording was called".to_owned(),
    };
    let names: IndexSet<&str> = names.into_iter().collect();
    if names.is_empty() {
        return ": no task was called at all".to_owned();
    }
    if names.contains(wanted) {
        return ": its task was called, and other mocks answered or its conditions said no".to_owned();
    }
    if let Some(similar) = closest(wanted, names.iter().copied()) {
        return format!(": nothing of that name was called, but `{similar}` was");
    }
    let listed: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > LISTED { " and others" } else { "" };
    format!(": nothing of that name was called, only {}{more}", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::*;
    use crate::mock::task_matcher::TaskMatcher;
    use crate::mock::task_sequence::{Action, Step, TaskSequence};

    fn save_user(near: &[&str]) -> UnmockedTask {
        UnmockedTask {
            state: "SaveUser".to_owned(),
            resource: "arn:aws:states:::dynamodb:putItem".to_owned(),
            state_machine: "user-onboarding".to_owned(),
            input: Json::parse(r#"{"TableName": "users"}"#).unwrap(),
            near: near.iter().map(|near| (*near).to_owned()).collect(),
        }
    }

    fn noted(problems: impl IntoIterator<Item = Problem>) -> Problems {
        let mut noted = Problems::default();
        problems.into_iter().for_each(|problem| noted.note(problem));
        noted
    }

    #[test]
    fn nothing_wrong_is_nothing_to_report() {
        assert_eq!(report(&Problems::default(), &[], &["arn:x".to_owned()]), None);
    }

    #[test]
    fn unmocked_tasks_are_told_once_each_with_the_line_to_write() {
        let problems = noted([
            Problem::Unmocked(save_user(&[])),
            Problem::Unmocked(UnmockedTask { input: Json::Null, ..save_user(&[]) }),
            Problem::NotEmulated("sfn-testkit does not emulate UpdateMapRun yet".to_owned()),
        ]);
        assert_eq!(
            report(&problems, &["the task mock X expected 1 call, and got 0 calls".to_owned()], &[]).unwrap(),
            "sfn-testkit: not all went as the test says:\n\
             - the task of state `SaveUser` was called 2 times, and nothing mocks it\n    \
               in:    state machine `user-onboarding`\n    \
               calls: arn:aws:states:::dynamodb:putItem\n    \
               with:  {\"TableName\":\"users\"}\n    \
               write: sfn.on_state(\"SaveUser\").returns(json!({…}));\n\
             - sfn-testkit does not emulate UpdateMapRun yet, but was asked to\n\
             - the task mock X expected 1 call, and got 0 calls"
        );
    }

    #[test]
    fn mocks_that_came_near_are_told_with_the_reason() {
        let near = "`sfn.on_state(\"SaveUser\")` at tests/a.rs:3:9 has given all its answers";
        assert!(report(&noted([Problem::Unmocked(save_user(&[near]))]), &[], &[]).unwrap().contains(
            "\n    with:  {\"TableName\":\"users\"}\n    \
                 but:   `sfn.on_state(\"SaveUser\")` at tests/a.rs:3:9 has given all its answers\n    \
                 write: "
        ));
    }

    #[test]
    fn the_execution_fails_with_the_same_words() {
        let failure = save_user(&["`m` at t.rs:1:1 is only for iteration 0"]).to_failure();
        assert_eq!(failure.error.as_deref(), Some("SfnTestkit.TaskNotMocked"));
        assert_eq!(
            failure.cause.as_deref(),
            Some(
                "no mock answers the task of state `SaveUser` (arn:aws:states:::dynamodb:putItem), called with \
                 {\"TableName\":\"users\"}; write: sfn.on_state(\"SaveUser\").returns(json!({…})); But `m` at \
                 t.rs:1:1 is only for iteration 0"
            )
        );
    }

    #[test]
    fn an_unmet_expectation_names_the_line_of_the_mock() {
        let sequence = TaskSequence::new(Step::new(Action::Never));
        let here = Location::caller();
        let mock = TaskMockEntry::new(TaskMatcher::new(Subject::State("Pay".to_owned())), here, sequence);
        assert_eq!(unmet_expectation(&mock, &[]), None);
        mock.sequence().set_expected(2.into());
        mock.sequence().next();
        assert_eq!(
            unmet_expectation(&mock, &[]).unwrap(),
            format!("the task mock `sfn.on_state(\"Pay\")` at {here} expected 2 calls, and got 1 call")
        );
    }

    #[test]
    fn a_mock_that_nobody_called_is_told_with_what_was_called() {
        let called = |states: &[&str]| -> Vec<CalledTask> {
            let task = |state: &&str| CalledTask { state: (*state).to_owned(), resource: "r".to_owned() };
            states.iter().map(task).collect()
        };
        let why = |states: &[&str]| why_uncalled(&Subject::State("Pay".to_owned()), &called(states));
        assert_eq!(why(&[]), ": no task was called at all");
        assert_eq!(why(&["Ship", "PAY"]), ": nothing of that name was called, but `PAY` was");
        assert_eq!(why(&["Ship", "Ship", "Load"]), ": nothing of that name was called, only `Ship`, `Load`");
        assert_eq!(
            why(&["Pay"]),
            ": its task was called, and other mocks answered or its conditions said no"
        );
    }
}
