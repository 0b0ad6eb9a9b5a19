//! One state on trial, for `TestState`: the interpreter runs it as always, notes what became of its data on the way,
//! and stops when the state is left, would be retried, or has failed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::command::Outcome;
use super::failing::Failing;
use super::frame::{Frame, Retries, Step, current_state};
use super::interpret::{About, Interpreter};
use super::map_run::{Batching, MapRunSettings};
use super::retry;
use crate::asl::definition::{Scope, State, StateIndex, Transition};
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{Failure, Json, Timestamp};
use crate::query::Variables;

/// How AWS calls the state in its context object, whatever its name is.
pub(crate) const STATE_NAME: &str = "StateName";

/// A state, and what it is told of the world around it.
#[derive(Debug)]
pub(crate) struct Trial {
    pub(crate) scope: Arc<Scope>,
    pub(crate) state: StateIndex,
    pub(crate) variables: Map,
    /// Takes the place of the context object that the interpreter makes.
    pub(crate) context: Option<Json>,
    /// How often each retrier has retried the state before.
    pub(crate) retry_count: u64,
    /// What the branches or iterations come to, of a Parallel or Map: they are not run.
    pub(crate) children: Option<Result<Json, Failure>>,
    /// How many iterations of a Map have failed all the same.
    pub(crate) failed_iterations: Option<u64>,
    /// What the `ItemReader` of a Map reads.
    pub(crate) items: Option<Json>,
}

/// What was noted of a state on trial.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inspection {
    context: Option<Json>,
    children: Option<Result<Json, Failure>>,
    failed_iterations: Option<u64>,
    items: Option<Json>,
    /// The inputs of a Map's children, and how they are put together.
    pub(crate) batches: Option<(Vec<Json>, Batching)>,
    /// The data as it was at each stage, as the state type shows it.
    pub(crate) stages: BTreeMap<Stage, Json>,
    /// The variables that the state was given, and those it has set.
    pub(crate) variables: Map,
    pub(crate) retrier: Option<MatchedRetrier>,
    pub(crate) catcher: Option<MatchedCatcher>,
    /// The name of the state that comes next.
    pub(crate) next: Option<Arc<str>>,
}

/// Where data is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    AfterInputPath,
    /// After Parameters, or Arguments.
    AfterParameters,
    Result,
    AfterResultSelector,
    AfterResultPath,
    /// The items of a Map.
    AfterItemsPath,
    /// The items that `ItemsPointer` points at.
    AfterItemsPointer,
    /// What `ItemSelector` makes of each item.
    AfterItemSelector,
    ToleratedFailureCount,
    ToleratedFailurePercentage,
    /// As the definition says: 0 if it does not.
    MaxConcurrency,
}

/// The retrier that names the error of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MatchedRetrier {
    pub(crate) index: usize,
    /// Before jitter; `None` if its attempts are used up.
    pub(crate) backoff: Option<Duration>,
}

/// The catcher that took the error of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatchedCatcher {
    pub(crate) index: usize,
    pub(crate) failure: Failure,
}

impl Inspection {
    /// The context object that the caller gave.
    pub(super) fn context(&self) -> Option<&Json> {
        self.context.as_ref()
    }

    /// The context object that the interpreter made, as `TestState` shows it: its role may be unknown, and
    /// the state has one name for all.
    pub(super) fn shown(context: &Json) -> Json {
        let mut members = context.as_object().cloned().unwrap_or_default();
        if let Some(execution) = members.get_mut("Execution") {
            let mut shown = execution.as_object().cloned().unwrap_or_default();
            if shown.get("RoleArn").and_then(Json::as_str) == Some("") {
                shown.insert("RoleArn".into(), Json::Null);
            }
            *execution = Json::object(shown);
        }
        if let Some(state) = members.get_mut("State") {
            let mut shown = state.as_object().cloned().unwrap_or_default();
            shown.insert("Name".into(), STATE_NAME.into());
            *state = Json::object(shown);
        }
        Json::object(members)
    }
}

impl Interpreter {
    /// Starts the trial of a state, like an execution of its own.
    pub(crate) fn start_trial(trial: Trial, about: About, now: Timestamp) -> Self {
        let mut interpreter = Self::empty(about, now);
        interpreter.record_start();
        interpreter.set_execution_timeout();
        let input = interpreter.about.input.clone();
        let mut frame = Frame::new(trial.scope, input, 1, now);
        frame.state = trial.state;
        let retriers = super::states::work_of(current_state(&frame.scope, frame.state))
            .map_or(0, |work| work.retry.len());
        frame.retries = Retries { by_retrier: vec![trial.retry_count; retriers], total: trial.retry_count };
        let mut variables = Variables::default();
        for (name, value) in &trial.variables {
            variables.set(Arc::clone(name), value.clone(), value.to_text().len());
        }
        frame.variables = Arc::new(variables);
        interpreter.inspection = Some(Box::new(Inspection {
            context: trial.context,
            children: trial.children,
            failed_iterations: trial.failed_iterations,
            items: trial.items,
            variables: trial.variables,
            ..Inspection::default()
        }));
        interpreter.add_frame(frame);
        interpreter
    }

    /// What was noted, if a state is on trial here.
    pub(crate) fn inspection(&self) -> Option<&Inspection> {
        self.inspection.as_deref()
    }

    pub(super) const fn is_trial(&self) -> bool {
        self.inspection.is_some()
    }

    /// Notes the data of a state on trial.
    pub(super) fn note(&mut self, stage: Stage, data: &Json) {
        if let Some(inspection) = &mut self.inspection {
            inspection.stages.insert(stage, data.clone());
        }
    }

    /// What the children of a Parallel or Map on trial come to.
    pub(super) fn mocked_children(&self) -> Option<Step> {
        let children = self.inspection.as_ref()?.children.as_ref()?;
        Some(match children {
            Ok(result) => Step::Finish(result.clone()),
            Err(failure) => Step::Fail(Failing::new(failure.clone())),
        })
    }

    /// What an `ItemReader` on trial reads.
    pub(super) fn items_on_trial(&self) -> Option<Json> {
        self.inspection.as_ref()?.items.clone()
    }

    pub(super) fn note_batches(&mut self, inputs: Vec<Json>, batching: Batching) {
        if let Some(inspection) = &mut self.inspection {
            inspection.batches = Some((inputs, batching));
        }
    }

    /// What the child executions of a Distributed Map on trial come to. Without a tolerance every failure is
    /// tolerated, as recorded.
    pub(super) fn mocked_map_run(&mut self, settings: &MapRunSettings) -> Option<Step> {
        let (count, percentage) = (settings.tolerated_failure_count, settings.tolerated_failure_percentage);
        if let Some(count) = count {
            self.note(Stage::ToleratedFailureCount, &Json::from(count));
        }
        if let Some(percentage) = percentage {
            self.note(Stage::ToleratedFailurePercentage, &Json::Float(percentage));
        }
        let inspection = self.inspection.as_ref()?;
        if let (Some(Ok(result)), Some(failed)) = (&inspection.children, inspection.failed_iterations)
            && exceeds(failed, result.as_array().map(<[Json]>::len), count, percentage)
        {
            let why = "The specified tolerated failure threshold was exceeded";
            return Some(Step::Fail(Failing::new(Failure::new(
                error_name::EXCEED_TOLERATED_FAILURE_THRESHOLD,
                why,
            ))));
        }
        self.mocked_children()
    }

    /// Notes which retrier takes the failure, before it is asked.
    pub(super) fn note_retrier(&mut self, frame: &Frame, state: &State, failing: &Failing) {
        let Some(inspection) = &mut self.inspection else { return };
        let retriers = super::states::work_of(state).map_or(&[][..], |work| &work.retry);
        inspection.retrier = retry::matching(retriers, failing).map(|(index, retrier)| {
            let attempts = frame.retries.by_retrier.get(index).copied().unwrap_or_default();
            let backoff = (attempts < retrier.max_attempts).then(|| retry::delay(retrier, attempts));
            MatchedRetrier { index, backoff }
        });
    }

    pub(super) fn note_catcher(&mut self, index: usize, failing: &Failing) {
        if let Some(inspection) = &mut self.inspection {
            inspection.catcher = Some(MatchedCatcher { index, failure: failing.failure.clone() });
        }
    }

    /// The state on trial is left.
    pub(super) fn end_trial(&mut self, frame: &Frame, transition: Transition, output: Json) {
        if let Some(inspection) = &mut self.inspection {
            inspection.next = match transition {
                Transition::Next(next) => Some(Arc::clone(&current_state(&frame.scope, next).name)),
                Transition::End => None,
            };
            let variables = frame.variables.own();
            inspection.variables = variables.map(|(name, value)| (Arc::clone(name), value.clone())).collect();
        }
        self.close(Outcome::Succeeded(output));
    }
}

#[expect(clippy::cast_precision_loss, reason = "iterations are far fewer than a double can count")]
fn exceeds(failed: u64, iterations: Option<usize>, count: Option<u64>, percentage: Option<f64>) -> bool {
    let share = iterations
        .filter(|iterations| *iterations > 0)
        .map(|iterations| failed as f64 * 100.0 / iterations as f64);
    count.is_some_and(|most| failed > most) || percentage.zip(share).is_some_and(|(most, share)| share > most)
}
