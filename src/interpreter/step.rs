//! One step of one frame: enter the state, do its work, leave it, or hand its failure up.

use std::sync::Arc;

use super::assignment::assigned;
use super::command::{Outcome, TimerPurpose};
use super::context_object;
use super::data_flow;
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, current_state};
use super::history::HistoryFull;
use super::inspection::Inspection;
use super::interpret::{Interpreter, TimerUse};
use super::retry;
use super::states::{self, Begun, Exit};
use crate::asl::definition::{State, Transition};
use crate::asl::retrier::Catcher;
use crate::asl::way::Way;
use crate::model::failure::error_name;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, quota};
use crate::query::{Effort, Evaluation, JsonataScope};

/// What an evaluation sees beside the frame and the state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'s> {
    /// `$`, in JSONPath.
    pub(super) input: &'s Json,
    /// `$$.Task.Token`, of a task that can be answered with a token.
    pub(super) token: Option<&'s Arc<str>>,
    /// `$states.result`
    pub(super) result: Option<&'s Json>,
    /// `$states.errorOutput`
    pub(super) error_output: Option<&'s Json>,
}

impl<'s> Seen<'s> {
    pub(super) const fn input(input: &'s Json) -> Self {
        Self { input, token: None, result: None, error_output: None }
    }

    /// The result of the state's work.
    pub(super) const fn result(result: &'s Json) -> Self {
        Self { result: Some(result), ..Self::input(result) }
    }

    /// What a catcher has caught.
    pub(super) const fn error_output(error_output: &'s Json) -> Self {
        Self { error_output: Some(error_output), ..Self::input(error_output) }
    }
}

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
            Err(full) => self.overflow(full),
        }
    }

    fn advance(&mut self, id: FrameId, frame: &mut Frame) -> Result<After, HistoryFull> {
        let scope = Arc::clone(&frame.scope);
        let state = current_state(&scope, frame.state);
        match std::mem::replace(&mut frame.step, Step::Work) {
            Step::Enter => self.enter(frame, state),
            Step::Work => self.work(id, frame, state),
            Step::Resume(unfinished) => self.resume_work(id, frame, state, *unfinished),
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

    fn work(&mut self, id: FrameId, frame: &mut Frame, state: &State) -> Result<After, HistoryFull> {
        frame.unfinished = None;
        match states::begin(self, id, frame, state)? {
            Ok(Begun::Leave(exit)) => self.leave(frame, state, exit),
            Ok(Begun::Ready) => Ok(After::Ready),
            Ok(Begun::Waiting) => Ok(After::Waiting),
            Err(failing) => self.fail(id, frame, state, failing),
        }
    }

    fn enter(&mut self, frame: &mut Frame, state: &State) -> Result<After, HistoryFull> {
        frame.event_before = frame.last_event;
        let (input, text) = frame.input.remembering_text();
        frame.input = input;
        let details = EventDetails::StateEntered { name: Arc::clone(&state.name), input: text };
        self.record(frame, states::event_types::of(state).entered, details)?;
        frame.entered_event = frame.last_event;
        frame.entered_time = self.now;
        self.count(state, Way::Entered);
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

    /// Evaluates something in the current state of a frame: `input` is `$`, in JSONPath.
    pub(super) fn evaluate<T>(
        &mut self,
        frame: &Frame,
        state: &State,
        input: &Json,
        with: impl FnOnce(&mut Evaluation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failing> {
        self.evaluate_seeing(frame, state, Seen::input(input), with)
    }

    /// The same where there is more to see than the input.
    pub(super) fn evaluate_seeing<T>(
        &mut self,
        frame: &Frame,
        state: &State,
        seen: Seen<'_>,
        with: impl FnOnce(&mut Evaluation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failing> {
        let (about, inspection) = (&self.about, self.inspection.as_deref());
        let context = || match inspection.map(Inspection::context) {
            None => context_object::build(about, frame, state, seen.token),
            Some(Some(given)) => given.clone(),
            Some(None) => Inspection::shown(&context_object::build(about, frame, state, seen.token)),
        };
        let effort = Effort::within(self.effort_left);
        let mut evaluation = Evaluation {
            input: seen.input,
            context: &context,
            variables: &frame.variables,
            random: &mut self.random,
            effort,
            jsonata: JsonataScope::at(self.now),
        };
        evaluation.jsonata.input = Some(&frame.input);
        evaluation.jsonata.result = seen.result;
        evaluation.jsonata.error_output = seen.error_output;
        let result = with(&mut evaluation);
        let Evaluation { effort, jsonata, .. } = evaluation;
        self.effort_left = self.effort_left.saturating_sub(effort.spent());
        if effort.is_exhausted() {
            return Err(Failing::fatal(exhausted(&state.name)));
        }
        result.map_err(|failure| explained(frame, state, failure).in_evaluation(jsonata.failed))
    }

    /// Leaves a state: onwards, or out of its scope.
    fn leave(&mut self, frame: &mut Frame, state: &State, exit: Exit) -> Result<After, HistoryFull> {
        let Exit { output, assignment, transition, way } = exit;
        if output.depth() > quota::JSON_DEPTH {
            let failing = explained(frame, state, data_flow::too_deep(output.depth()));
            return self.give_up(frame, failing);
        }
        let Some((output, text)) = output.remembering_text_within(self.payload_bytes()) else {
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
        self.count(state, way);
        if self.is_trial() {
            self.end_trial(frame, transition, output);
            return Ok(After::Ended);
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
    pub(super) fn fail(
        &mut self,
        id: FrameId,
        frame: &mut Frame,
        state: &State,
        failing: Failing,
    ) -> Result<After, HistoryFull> {
        let failing = self.record_evaluation(frame, state, failing)?;
        let Some(work) = states::work_of(state) else {
            return self.give_up(frame, failing);
        };
        self.note_retrier(frame, state, &failing);
        self.count_retrier(frame, state, &failing);
        if let Some(delay) = retry::next_delay(&work.retry, &failing, &mut frame.retries, &mut self.random) {
            if self.is_trial() {
                return self.give_up(frame, failing);
            }
            let timer = self.set_timer(self.now.plus(delay), TimerUse::Frame(id), TimerPurpose::RetryDelay);
            frame.step = Step::Timer(timer);
            return Ok(After::Waiting);
        }
        if frame.started_children
            && let Some(event_type) = states::event_types::of(state).failed
        {
            self.record(frame, event_type, EventDetails::None)?;
        }
        let mut catchers = work.catch.iter().enumerate();
        let caught = catchers.find_map(|(index, catcher)| {
            let error = failing.named_in(&catcher.error_equals)?;
            Some((catcher, index, error))
        });
        match caught {
            Some((catcher, index, error)) => {
                self.note_catcher(index, &failing);
                self.catch(frame, state, (catcher, Way::Catcher { index, error }), &failing)
            }
            None => self.give_up(frame, failing),
        }
    }

    /// Records that a JSONata expression failed, if that is what happened and nobody has recorded it.
    fn record_evaluation(
        &mut self,
        frame: &mut Frame,
        state: &State,
        mut failing: Failing,
    ) -> Result<Failing, HistoryFull> {
        let Some(failed) = failing.evaluation.take() else {
            return Ok(failing);
        };
        // AWS evaluates what it can before it records that the state was entered.
        if frame.last_event == frame.entered_event && !failed.after_evaluation {
            frame.last_event = frame.event_before;
        }
        let details = EventDetails::EvaluationFailed {
            failure: failing.failure.clone(),
            location: failed.field,
            state: Arc::clone(&state.name),
        };
        self.record(frame, HistoryEventType::EvaluationFailed, details)?;
        Ok(failing)
    }

    /// The error output takes the place of the state's result; `OutputPath` and `ResultSelector` do not see it.
    fn catch(
        &mut self,
        frame: &mut Frame,
        state: &State,
        (catcher, way): (&Catcher, Way),
        failing: &Failing,
    ) -> Result<After, HistoryFull> {
        let error_output = failing.failure.to_error_output();
        let seen = Seen::error_output(&error_output);
        let assignment = self
            .evaluate_seeing(frame, state, seen, |evaluation| assigned(catcher.assign.as_ref(), evaluation));
        let output = self.evaluate_seeing(frame, state, seen, |evaluation| {
            data_flow::caught(catcher, &frame.input, evaluation)
        });
        match (assignment, output) {
            (Ok(assignment), Ok(output)) => {
                let transition = Transition::Next(catcher.next);
                self.leave(frame, state, Exit { output, assignment, transition, way })
            }
            (Err(failing), _) | (_, Err(failing)) => {
                let failing = self.record_evaluation(frame, state, failing)?;
                self.give_up(frame, failing)
            }
        }
    }

    /// Nothing here handles the failure: the scope of the frame has failed.
    pub(super) fn give_up(&mut self, frame: &mut Frame, failing: Failing) -> Result<After, HistoryFull> {
        self.count(current_state(&frame.scope, frame.state), Way::Failed);
        if failing.failure.is(error_name::DATA_LIMIT_EXCEEDED) {
            frame.unfinished = None; // AWS has all branches and iterations run again, also those that succeeded
        }
        if let Some(parent) = frame.parent {
            self.child_failed(parent, frame, failing)?;
            return Ok(After::Ended);
        }
        let details = EventDetails::Failed(failing.failure.clone());
        self.record(frame, HistoryEventType::ExecutionFailed, details)?;
        self.unfinished = Some(frame.at_rest());
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
