//! The answers of one task mock in their order, how often each is given, and how many calls are expected.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeInclusive};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use super::call::Call;
use super::task_result::TaskError;
use crate::model::Json;
use crate::service::result_shape::FieldValidation;
use crate::service::task_call::{Heartbeats, TaskOutcome};

/// One answer, and what it takes to give it.
#[derive(Clone)]
pub(super) enum Action {
    Outcome(TaskOutcome),
    Closure(Shared<dyn FnMut(&Call) -> TaskResult + Send>),
    Async(Shared<dyn FnMut(Call) -> TaskFuture + Send>),
    Never,
}

/// A closure of the user's. Nobody waits for this lock: tasks are asked one after the other.
pub(super) type Shared<F> = Arc<Mutex<F>>;

pub(super) type TaskResult = Result<Value, TaskError>;

pub(super) type TaskFuture = Pin<Box<dyn Future<Output = TaskResult> + Send>>;

/// One part of a sequence.
pub(super) struct Step {
    action: Action,
    /// `None`: once if another step follows, else for ever.
    times: Option<u64>,
    after: Duration,
    job: Job,
    used: u64,
}

/// What is seen of a job or callback before it ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Job {
    /// What the called service says when it takes the job on.
    pub(super) submits: Option<Json>,
    pub(super) heartbeats: Option<Heartbeats>,
}

impl Step {
    pub(super) const fn new(action: Action) -> Self {
        Self {
            action,
            times: None,
            after: Duration::ZERO,
            job: Job { submits: None, heartbeats: None },
            used: 0,
        }
    }
}

/// What to do now: the action, and how long after the call its outcome is there.
pub(super) struct Answer {
    pub(super) action: Action,
    pub(super) after: Duration,
    pub(super) job: Job,
}

/// The steps of one mock, and the calls it has answered.
pub(super) struct TaskSequence {
    steps: Vec<Step>,
    calls: u64,
    expected: Option<ExpectedCalls>,
    /// `None`: as the mock service has it.
    validation: Option<FieldValidation>,
}

impl TaskSequence {
    pub(super) fn new(first: Step) -> Self {
        Self { steps: vec![first], calls: 0, expected: None, validation: None }
    }

    /// The next answer; `None` when all have been given.
    pub(super) fn next(&mut self) -> Option<Answer> {
        let last = self.steps.len().saturating_sub(1);
        let (_, step) = self.steps.iter_mut().enumerate().find(|(index, step)| {
            let times = step.times.or((*index < last).then_some(1));
            times.is_none_or(|times| step.used < times)
        })?;
        step.used += 1;
        self.calls += 1;
        Some(Answer { action: step.action.clone(), after: step.after, job: step.job.clone() })
    }

    pub(super) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Of the step written last.
    pub(super) fn set_times(&mut self, times: u64) {
        if let Some(step) = self.steps.last_mut() {
            step.times = Some(times);
        }
    }

    /// Of the step written last.
    pub(super) fn set_after(&mut self, after: Duration) {
        if let Some(step) = self.steps.last_mut() {
            step.after = after;
        }
    }

    /// Of the step written last.
    pub(super) fn job(&mut self) -> Option<&mut Job> {
        self.steps.last_mut().map(|step| &mut step.job)
    }

    pub(super) fn set_expected(&mut self, expected: ExpectedCalls) {
        self.expected = Some(expected);
    }

    /// How closely its results are looked at.
    pub(super) const fn set_validation(&mut self, validation: FieldValidation) {
        self.validation = Some(validation);
    }

    pub(super) const fn validation(&self) -> Option<FieldValidation> {
        self.validation
    }

    /// It has been reported.
    pub(super) const fn forget_expectation(&mut self) {
        self.expected = None;
    }

    /// The expectation and the number of calls, if they do not agree.
    pub(super) fn unmet(&self) -> Option<(ExpectedCalls, u64)> {
        let expected = self.expected?;
        (!expected.allows(self.calls)).then_some((expected, self.calls))
    }
}

/// How often a task mock or a fault shall be called for: a number, or a range such as `1..` or `2..=3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpectedCalls {
    least: u64,
    most: Option<u64>,
}

impl ExpectedCalls {
    pub(super) fn allows(self, calls: u64) -> bool {
        calls >= self.least && self.most.is_none_or(|most| calls <= most)
    }
}

impl From<u64> for ExpectedCalls {
    fn from(calls: u64) -> Self {
        Self { least: calls, most: Some(calls) }
    }
}

impl From<RangeFrom<u64>> for ExpectedCalls {
    fn from(range: RangeFrom<u64>) -> Self {
        Self { least: range.start, most: None }
    }
}

impl From<RangeInclusive<u64>> for ExpectedCalls {
    fn from(range: RangeInclusive<u64>) -> Self {
        Self { least: *range.start(), most: Some(*range.end()) }
    }
}

impl From<Range<u64>> for ExpectedCalls {
    fn from(range: Range<u64>) -> Self {
        Self { least: range.start, most: Some(range.end.saturating_sub(1)) }
    }
}

/// `1 call`, `2 calls`, `at least 1 call`, `2 to 3 calls`.
impl fmt::Display for ExpectedCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) if most == self.least => f.write_str(&calls(most)),
            Some(most) => write!(f, "{} to {}", self.least, calls(most)),
            None => write!(f, "at least {}", calls(self.least)),
        }
    }
}

/// `1 call`, `2 calls`.
pub(super) fn calls(count: u64) -> String {
    format!("{count} call{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(answer: i64, times: Option<u64>) -> Step {
        Step { times, ..Step::new(Action::Outcome(TaskOutcome::Succeeded(Json::Int(answer)))) }
    }

    /// What six calls are answered with; 0 where nothing is left.
    fn answers(steps: Vec<Step>) -> Vec<i64> {
        let mut sequence = TaskSequence { steps, calls: 0, expected: None, validation: None };
        let number = |answer: Option<Answer>| match answer.map(|answer| answer.action) {
            Some(Action::Outcome(TaskOutcome::Succeeded(output))) => output.as_i64().unwrap(),
            None => 0,
            Some(_) => -1,
        };
        (0..6).map(|_| number(sequence.next())).collect()
    }

    #[test]
    fn one_answer_is_given_for_ever() {
        assert_eq!(answers(vec![step(1, None)]), [1; 6]);
    }

    #[test]
    fn a_counted_last_answer_runs_out() {
        assert_eq!(answers(vec![step(1, Some(2))]), [1, 1, 0, 0, 0, 0]);
    }

    #[test]
    fn answers_follow_each_other_once_unless_counted() {
        assert_eq!(answers(vec![step(1, Some(2)), step(2, None)]), [1, 1, 2, 2, 2, 2]);
        assert_eq!(answers(vec![step(1, None), step(2, Some(2)), step(3, None)]), [1, 2, 2, 3, 3, 3]);
        assert_eq!(answers(vec![step(1, None), step(2, Some(2))]), [1, 2, 2, 0, 0, 0]);
    }

    #[test]
    fn an_expectation_is_met_by_calls_within_its_bounds() {
        let unmet = |expected: ExpectedCalls, calls| {
            let mut sequence = TaskSequence::new(step(1, None));
            sequence.set_expected(expected);
            for _ in 0..calls {
                sequence.next();
            }
            sequence.unmet().is_some()
        };
        assert!(!unmet(2.into(), 2));
        assert!(unmet(2.into(), 1));
        assert!(unmet(2.into(), 3));
        assert!(!unmet((1..).into(), 5));
        assert!(unmet((1..).into(), 0));
        assert!(!unmet((1..=2).into(), 2));
        assert!(unmet((1..2).into(), 2));
    }

    #[test]
    fn expectations_read_as_words() {
        assert_eq!(ExpectedCalls::from(1).to_string(), "1 call");
        assert_eq!(ExpectedCalls::from(0).to_string(), "0 calls");
        assert_eq!(ExpectedCalls::from(1..).to_string(), "at least 1 call");
        assert_eq!(ExpectedCalls::from(2..4).to_string(), "2 to 3 calls");
    }
}
