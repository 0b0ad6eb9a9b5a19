//! All task mocks of one mock service, newest first, and the choice of the one that answers a call.

use std::fmt;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;

use super::call::Call;
use super::recorded::Playback;
use super::task_matcher::{Mismatch, Subject, TaskMatcher};
use super::task_sequence::{Action, Answer, Step, TaskSequence};
use super::task_work::caught;
use crate::service::result_shape::FieldValidation;

/// One task mock: its conditions, its answers, and the line of the test that made it.
pub(super) struct TaskMockEntry {
    pub(super) matcher: TaskMatcher,
    pub(super) made_at: &'static Location<'static>,
    sequence: Mutex<TaskSequence>,
    /// Recorded executions that answer instead of the sequence.
    playback: Option<Mutex<Playback>>,
}

impl TaskMockEntry {
    pub(super) fn new(
        matcher: TaskMatcher,
        made_at: &'static Location<'static>,
        sequence: TaskSequence,
    ) -> Self {
        Self { matcher, made_at, sequence: Mutex::new(sequence), playback: None }
    }

    /// One that gives the answers of recorded executions. AWS gave them, so that nobody checks them again.
    pub(super) fn playing(
        playback: Playback,
        state_machine: Option<String>,
        made_at: &'static Location<'static>,
    ) -> Self {
        let matcher = TaskMatcher { state_machine, ..TaskMatcher::new(Subject::Recorded) };
        let mut sequence = TaskSequence::new(Step::new(Action::Never));
        sequence.set_validation(FieldValidation::None);
        Self { playback: Some(Mutex::new(playback)), ..Self::new(matcher, made_at, sequence) }
    }

    pub(super) fn sequence(&self) -> MutexGuard<'_, TaskSequence> {
        self.sequence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, call: &Call) -> Result<Answer, Mismatch> {
        self.matcher.check(call)?;
        match &self.playback {
            Some(playback) => {
                let mut playback = playback.lock().unwrap_or_else(PoisonError::into_inner);
                playback.answer(call).map_err(Mismatch::NotRecorded)
            }
            None => self.sequence().next().ok_or(Mismatch::UsedUp),
        }
    }
}

/// As it stands in the test, and where: `sfn.on_state("Pay")` at `tests/pay.rs:12:9`.
impl fmt::Display for TaskMockEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at {}", self.matcher.subject, self.made_at)
    }
}

/// Who answers a call.
pub(super) enum Choice {
    Answer(Arc<TaskMockEntry>, Answer),
    /// The condition of this mock panicked, with this message.
    Panicked(Arc<TaskMockEntry>, String),
    /// `near`: a sentence on each mock that names the task but did not answer.
    Nobody {
        near: Vec<String>,
    },
}

/// All task mocks, oldest first.
#[derive(Default)]
pub(super) struct TaskRegistry {
    entries: Mutex<Vec<Arc<TaskMockEntry>>>,
    called: Mutex<IndexSet<CalledTask>>,
}

/// A task that was called, whoever answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CalledTask {
    pub(super) state: String,
    pub(super) resource: String,
}

/// More different tasks are not kept: a server may run for days.
const MOST_CALLED: usize = 1000;

impl TaskRegistry {
    pub(super) fn add(&self, entry: Arc<TaskMockEntry>) {
        self.lock().push(entry);
    }

    pub(super) fn entries(&self) -> Vec<Arc<TaskMockEntry>> {
        self.lock().clone()
    }

    /// The tasks that were called, each once, in the order of their first call.
    pub(super) fn called(&self) -> Vec<CalledTask> {
        self.called.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn note(&self, call: &Call) {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        if called.len() < MOST_CALLED {
            called.insert(CalledTask { state: call.state.clone(), resource: call.resource.clone() });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<TaskMockEntry>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for the newest mock that has an answer.
    ///
    /// No lock is held while conditions of the user's are asked: they may call back into the mock.
    pub(super) fn choose(&self, call: &Call) -> Choice {
        self.note(call);
        let mut near = Vec::new();
        for mock in self.entries().into_iter().rev() {
            let mismatch = match caught(|| mock.answer(call)) {
                Ok(Ok(answer)) => return Choice::Answer(mock, answer),
                Ok(Err(mismatch)) => mismatch,
                Err(message) => return Choice::Panicked(mock, message),
            };
            if mismatch != Mismatch::Subject {
                near.push(format!("{mock} {mismatch}"));
            }
        }
        let entries = self.entries();
        near.extend(
            entries.iter().rev().filter_map(|mock| Some(format!("{mock} {}", mock.matcher.near_miss(call)?))),
        );
        Choice::Nobody { near }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::call::tests::call_of;
    use crate::model::Json;
    use crate::service::task_call::TaskOutcome;

    #[track_caller]
    fn entry(subject: Subject, answer: i64, times: Option<u64>) -> Arc<TaskMockEntry> {
        let mut sequence =
            TaskSequence::new(Step::new(Action::Outcome(TaskOutcome::Succeeded(Json::Int(answer)))));
        if let Some(times) = times {
            sequence.set_times(times);
        }
        Arc::new(TaskMockEntry::new(TaskMatcher::new(subject), Location::caller(), sequence))
    }

    fn answer(registry: &TaskRegistry, call: &Call) -> Result<i64, Vec<String>> {
        match registry.choose(call) {
            Choice::Answer(_, Answer { action: Action::Outcome(TaskOutcome::Succeeded(output)), .. }) => {
                Ok(output.as_i64().unwrap())
            }
            Choice::Answer(..) => Ok(-1),
            Choice::Panicked(_, message) => Err(vec![message]),
            Choice::Nobody { near } => Err(near),
        }
    }

    #[test]
    fn the_newest_mock_wins_and_falls_through_when_used_up() {
        let registry = TaskRegistry::default();
        registry.add(entry(Subject::Resource("*".to_owned()), 1, None));
        registry.add(entry(Subject::State("Pay".to_owned()), 2, Some(1)));
        let call = call_of("Pay");
        assert_eq!(answer(&registry, &call), Ok(2));
        assert_eq!(answer(&registry, &call), Ok(1));
        assert_eq!(answer(&registry, &call_of("Ship")), Ok(1));
    }

    #[test]
    fn a_call_without_an_answer_hears_which_mocks_came_near() {
        let registry = TaskRegistry::default();
        let used_up = entry(Subject::State("Pay".to_owned()), 2, Some(0));
        let line = used_up.made_at.line();
        registry.add(entry(Subject::State("Ship".to_owned()), 2, None));
        registry.add(used_up);
        let near = answer(&registry, &call_of("Pay")).unwrap_err();
        let expected = format!("`sfn.on_state(\"Pay\")` at {}:{line}:23 has given all its answers", file!());
        assert_eq!(near, [expected]);
    }

    #[test]
    fn a_condition_that_panics_is_told_with_its_message() {
        let registry = TaskRegistry::default();
        let mut matcher = TaskMatcher::new(Subject::State("Pay".to_owned()));
        matcher.condition = Some(Arc::new(|call| call.input["id"].as_str().unwrap().is_empty()));
        let sequence = TaskSequence::new(Step::new(Action::Never));
        registry.add(Arc::new(TaskMockEntry::new(matcher, Location::caller(), sequence)));
        assert_eq!(
            answer(&registry, &call_of("Pay")),
            Err(vec!["called `Option::unwrap()` on a `None` value".to_owned()])
        );
    }
}
