//! One step of one frame: enter the state, do its work, leave it, or hand its failure up.

use std::sync::Arc;

use super::assignment::assigned;
use super::command::{Outcome, TimerPurpose};
use super::context_object;
use super::data_flow;
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, current_state};
use super::history::HistoryFull;
use super::interpret::{Interpreter, TimerUse};
use super::retry;
use super::states::{self, Begun, Exit};
use crate::asl::definition::{State, Transition};
use crate::asl::retrier::Catcher;
use crate::model::failure::error_name;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, quota};
use crate::query::{Effort, Evaluation};

/// What becomes of a frame after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// It goes on at once, after the others that are ready.
    Ready,
    /// A timer, a task or its children will go on.
    Waiting,
    /// Its scope has ended.
    Ended,
}

impl Interpreter {
    pub(super) fn step(&mut self, id: FrameId) {
        let Some(mut frame) = self.frames.remove(&id) else {
            return; // aborted since it became ready
        };
        match self.advance(id, &mut frame) {
            Ok(After::Ready) => {
                self.frames.insert(id, frame);
                self.ready.push_back(id);
            }
            Ok(After::Waiting) => {
                self.frames.insert(id, frame);
            }
            Ok(After::Ended) => {}
            Err(HistoryFull(failure)) => self.close(Outcome::Failed(failure)),
        }
    }

    fn advance(&mut self, id: FrameId, frame: &mut Frame) -> Result<After, HistoryFull> {
        let scope = Arc::clone(&frame.scope);
        let state = current_state(&scope, frame.state);
        match std::mem::replace(&mut frame.step, Step::Work) {
            Step::Enter => self.enter(frame, state),
            Step::Work => match states::begin(self, id, frame, state)? {
                Ok(Begun::Leave(exit)) => self.leave(frame, state, exit),
                Ok(Begun::Ready) => Ok(After::Ready),
                Ok(Begun::Waiting) => Ok(After::Waiting),
                Err(failing) => self.fail(id, frame, state, failing),
            },
            Step::StartTask(in_flight) => states::task::start(self, id, frame, state, in_flight),
            Step::Finish(result) => match states::finish(self, frame, state, result) {
                Ok(exit) => self.leave(frame, state, exit),
                Err(failing) => self.fail(id, frame, state, failing),
            },
            Step::Fail(failing) => self.fail(id, frame, state, failing),
            waiting @ (Step::Timer(_) | Step::Task(_) | Step::Children(_) | Step::MapRun(_)) => {
                frame.step = waiting;
                Ok(After::Waiting)
            }
        }
    }

    fn enter(&mut self, frame: &mut Frame, state: &State) -> Result<After, HistoryFull> {
        let (input, text) = frame.input.remembering_text();
        frame.input = input;
        let details = EventDetails::StateEntered { name: Arc::clone(&state.name), input: text };
        self.record(frame, states::event_types::of(state).entered, details)?;
        frame.entered_event = frame.last_event;
        frame.entered_time = self.now;
        Ok(After::Ready)
    }

    /// Records an event as the next of the frame's chain.
    pub(super) fn record(
        &mut self,
        frame: &mut Frame,
        event_type: HistoryEventType,
        details: EventDetails,
    ) -> Result<(), HistoryFull> {
        frame.last_event = self.history.append(self.now, frame.last_event, event_type, details)?;
        Ok(())
    }

    /// Evaluates something in the current state of a frame: `input` is `$`.
    pub(super) fn evaluate<T>(
        &mut self,
        frame: &Frame,
        state: &State,
        input: &Json,
        with: impl FnOnce(&mut Evaluation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failing> {
        self.evaluate_with_token(frame, state, (input, None), with)
    }

    /// The same for a task that can be answered with a token, which `$$.Task.Token` shows.
    pub(super) fn evaluate_with_token<T>(
        &mut self,
        frame: &Frame,
        state: &State,
        (input, token): (&Json, Option<&Arc<str>>),
        with: impl FnOnce(&mut Evaluation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failing> {
        let about = &self.about;
        let context = || context_object::build(about, frame, state, token);
        let effort = Effort::within(self.effort_left);
        let mut evaluation = Evaluation {
            input,
            context: &context,
            variables: &frame.variables,
            random: &mut self.random,
            effort,
        };
        let result = with(&mut evaluation);
        let effort = evaluation.effort;
        self.effort_left = self.effort_left.saturating_sub(effort.spent());
        if effort.is_exhausted() {
            return Err(Failing::fatal(exhausted(&state.name)));
        }
        result.map_err(|failure| explained(frame, state, failure))
    }

    /// Leaves a state: onwards, or out of its scope.
    fn leave(&mut self, frame: &mut Frame, state: &State, exit: Exit) -> Result<After, HistoryFull> {
        let Exit { output, assignment, transition } = exit;
        if output.depth() > quota::JSON_DEPTH {
            let failing = explained(frame, state, data_flow::too_deep(output.depth()));
            return self.give_up(frame, failing);
        }
        let Some((output, text)) = output.remembering_text_within(quota::PAYLOAD_BYTES) else {
            return self.give_up(frame, Failing::fatal(data_flow::too_large_result(&state.name)));
        };
        let assigned_variables = match self.assign(frame, state, assignment) {
            Ok(assigned_variables) => assigned_variables,
            Err(failure) => return self.give_up(frame, Failing::fatal(failure)),
        };
        if let Some(event_type) = states::event_types::of(state).exited {
            let details = EventDetails::StateExited {
                name: Arc::clone(&state.name),
                output: Arc::clone(&text),
                assigned_variables,
            };
            self.record(frame, event_type, details)?;
        }
        match (transition, frame.parent) {
            (Transition::Next(next), _) => {
                frame.move_to(next, output);
                Ok(After::Ready)
            }
            (Transition::End, Some(parent)) => {
                self.child_done(parent, &output, frame.last_event)?;
                Ok(After::Ended)
            }
            (Transition::End, None) => {
                self.record(
                    frame,
                    HistoryEventType::ExecutionSucceeded,
                    EventDetails::Output { output: text },
                )?;
                self.close(Outcome::Succeeded(output));
                Ok(After::Ended)
            }
        }
    }

    /// Retriers first, then catchers, then whoever is above.
    fn fail(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        state: &State,
        failing: Failing,
    ) -> Result<After, HistoryFull> {
        let Some(work) = states::work_of(state) else {
            return self.give_up(frame, failing);
        };
        if let Some(delay) = retry::next_delay(&work.retry, &failing, &mut frame.retries, &mut self.random) {
            let timer = self.set_timer(self.now.plus(delay), TimerUse::Frame(id), TimerPurpose::RetryDelay);
            frame.step = Step::Timer(timer);
            return Ok(After::Waiting);
        }
        if frame.started_children
            && let Some(event_type) = states::event_types::of(state).failed
        {
            self.record(frame, event_type, EventDetails::None)?;
        }
        let catcher = work.catch.iter().find(|catcher| failing.is_named_in(catcher.error_equals.iter()));
        match catcher {
            Some(catcher) => self.catch(frame, state, catcher, &failing),
            None => self.give_up(frame, failing),
        }
    }

    /// The error output takes the place of the state's result; `OutputPath` and `ResultSelector` do not see it.
    fn catch(
        &mut self,
        frame: &mut Frame,
        state: &State,
        catcher: &Catcher,
        failing: &Failing,
    ) -> Result<After, HistoryFull> {
        let error_output = failing.failure.to_error_output();
        let assignment = self.evaluate(frame, state, &error_output, |evaluation| {
            assigned(catcher.assign.as_ref(), evaluation)
        });
        let merged = data_flow::merged(&catcher.result_path, &frame.input, error_output)
            .map_err(|failure| explained(frame, state, failure));
        match (assignment, merged) {
            (Ok(assignment), Ok(output)) => {
                let transition = Transition::Next(catcher.next);
                self.leave(frame, state, Exit { output, assignment, transition })
            }
            (Err(failing), _) | (_, Err(failing)) => self.give_up(frame, failing),
        }
    }

    /// Nothing here handles the failure: the scope of the frame has failed.
    pub(super) fn give_up(&mut self, frame: &mut Frame, failing: Failing) -> Result<After, HistoryFull> {
        if let Some(parent) = frame.parent {
            self.child_failed(parent, frame, failing)?;
            return Ok(After::Ended);
        }
        let details = EventDetails::Failed(failing.failure.clone());
        self.record(frame, HistoryEventType::ExecutionFailed, details)?;
        self.close(Outcome::Failed(failing.failure));
        Ok(After::Ended)
    }
}

/// AWS would go on; we would take gigabytes, or minutes in which nobody else is answered.
fn exhausted(state: &str) -> Failure {
    Failure::new(
        error_name::RUNAWAY_EXECUTION,
        format!(
            "The expressions of the state '{state}' read too much data; sfn-testkit stops the execution here."
        ),
    )
}

/// Says of a failed evaluation where it happened, in AWS's words.
pub(super) fn explained(frame: &Frame, state: &State, failure: Failure) -> Failing {
    let cause = format!(
        "An error occurred while executing the state '{}' (entered at the event id #{}). {}",
        state.name,
        frame.entered_event,
        failure.cause.as_deref().unwrap_or_default()
    );
    Failing::new(Failure { error: failure.error, cause: Some(cause.into()) })
}
