//! One attempt of a state's work: what was called, and how it went.

use std::sync::Arc;
use std::time::Duration;

use super::VisitId;
use crate::model::history_event::TaskResource;
use crate::model::{EventDetails, Failure, HistoryEvent, Timestamp};

/// A try of a Task's work, or of all branches or iterations of a Parallel or Map state.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) event: u64,
    pub(crate) started_at: Timestamp,
    /// `None` of a Parallel or Map state, and of a task that failed before it called anything.
    pub(crate) call: Option<Call>,
    /// What the call was answered with, even if the attempt failed over it afterwards.
    pub(crate) answer: Option<Answer>,
    pub(crate) outcome: AttemptOutcome,
    /// The first one after the execution was redriven: no retrier made it.
    pub(super) after_redrive: bool,
    /// Branches and iterations of it were entered after this event.
    pub(super) children_since: u64,
}

/// What a call returned.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) event: u64,
    /// JSON text.
    pub(crate) output: Arc<str>,
}

/// What a task called, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// `sqs:sendMessage.waitForTaskToken`, or the ARN of a function or activity.
    pub(crate) resource: String,
    /// JSON text.
    pub(crate) payload: Arc<str>,
}

/// How an attempt went.
#[derive(Debug, Clone)]
pub(crate) enum AttemptOutcome {
    Open,
    Returned {
        event: u64,
    },
    Failed {
        event: u64,
        at: Timestamp,
        /// `None` where no event says it.
        failure: Option<Failure>,
        /// The visit inside a branch or iteration that failed.
        by: Option<VisitId>,
    },
}

impl Attempt {
    pub(super) fn begun_by(event: &HistoryEvent) -> Self {
        Self {
            event: event.id,
            started_at: event.timestamp,
            call: Call::of(&event.details),
            answer: None,
            outcome: AttemptOutcome::Open,
            after_redrive: false,
            children_since: event.id,
        }
    }

    pub(crate) fn failure(&self) -> Option<&Failure> {
        if let AttemptOutcome::Failed { failure, .. } = &self.outcome { failure.as_ref() } else { None }
    }

    /// Whether it is a Parallel or Map that goes on after a redrive: no event of its own says so.
    pub(super) fn is_of_redrive_alone(&self) -> bool {
        self.after_redrive && self.is_open() && self.call.is_none()
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.outcome, AttemptOutcome::Open)
    }

    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.outcome, AttemptOutcome::Failed { .. })
    }

    /// The event that told of its failure.
    pub(crate) fn failed_event(&self) -> Option<u64> {
        if let AttemptOutcome::Failed { event, .. } = &self.outcome { Some(*event) } else { None }
    }

    /// The visit in a branch or iteration that made it fail.
    pub(crate) fn failed_by(&self) -> Option<VisitId> {
        if let AttemptOutcome::Failed { by, .. } = &self.outcome { *by } else { None }
    }

    /// How long after the failure of `earlier` a retrier began this one; `None` if `earlier` did not fail, or if this
    /// one began with a redrive.
    pub(crate) fn delay_after(&self, earlier: &Self) -> Option<Duration> {
        match &earlier.outcome {
            AttemptOutcome::Failed { .. } if self.after_redrive => None,
            AttemptOutcome::Failed { at, .. } => Some(self.started_at.since(*at)),
            AttemptOutcome::Open | AttemptOutcome::Returned { .. } => None,
        }
    }
}

impl Call {
    pub(super) fn of(details: &EventDetails) -> Option<Self> {
        match details {
            EventDetails::LambdaScheduled { resource, input, .. }
            | EventDetails::ActivityScheduled { resource, input, .. } => {
                Some(Self { resource: resource.to_string(), payload: Arc::clone(input) })
            }
            EventDetails::TaskScheduled {
                task: TaskResource { resource_type, resource },
                parameters,
                ..
            } => Some(Self {
                resource: format!("{resource_type}:{resource}"),
                payload: Arc::clone(parameters),
            }),
            EventDetails::None
            | EventDetails::ExecutionStarted { .. }
            | EventDetails::ExecutionRedriven { .. }
            | EventDetails::StateEntered { .. }
            | EventDetails::StateExited { .. }
            | EventDetails::Output { .. }
            | EventDetails::Failed(_)
            | EventDetails::ActivityStarted { .. }
            | EventDetails::TaskStarted(_)
            | EventDetails::TaskOutput { .. }
            | EventDetails::TaskFailed { .. }
            | EventDetails::MapStateStarted { .. }
            | EventDetails::MapRunStarted { .. }
            | EventDetails::MapRunRedriven { .. }
            | EventDetails::MapIteration { .. }
            | EventDetails::EvaluationFailed { .. } => None,
        }
    }
}
