//! The Map Run of a Distributed Map, as the execution that waits for it knows it: what it asks for, and what comes of it.

use std::sync::Arc;

use super::command::Command;
use super::data_flow::within_limits;
use super::failing::Failing;
use super::frame::{Frame, FrameId, Step, Unfinished, current_state};
use super::history::HistoryFull;
use super::interpret::Interpreter;
use crate::asl::definition::StateKind;
use crate::asl::distributed_map::{DistributedMap, ItemFormat, ResultFormat};
use crate::model::failure::error_name;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, SeededRandom};

/// A Map Run of one execution; unique within it, new for every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MapRunId(pub(crate) u64);

/// Everything that is asked of a Map Run.
#[derive(Debug, Clone)]
pub(crate) struct MapRunRequest {
    pub(crate) run: MapRunId,
    pub(crate) arn: Arc<str>,
    /// The last part of the ARN.
    pub(crate) uuid: Arc<str>,
    pub(crate) label: Arc<str>,
    /// The name of the Map state.
    pub(crate) state: Arc<str>,
    pub(crate) map: Arc<DistributedMap>,
    pub(crate) source: ItemSource,
    pub(crate) settings: MapRunSettings,
    pub(crate) batching: Option<Batching>,
    pub(crate) results: ResultRequest,
}

/// Where the items are.
#[derive(Debug, Clone)]
pub(crate) enum ItemSource {
    /// An array or object.
    Given(Json),
    /// In a bucket.
    Read(ReadRequest),
}

/// What an `ItemReader` asks for.
#[derive(Debug, Clone)]
pub(crate) struct ReadRequest {
    /// `Bucket`, and `Key` or `Prefix`.
    pub(crate) arguments: Json,
    pub(crate) format: ItemFormat,
    /// 0: no limit.
    pub(crate) max_items: i64,
}

/// What `UpdateMapRun` can change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MapRunSettings {
    /// 0: as many as the service runs at once.
    pub(crate) max_concurrency: u64,
    pub(crate) tolerated_failure_count: Option<u64>,
    pub(crate) tolerated_failure_percentage: Option<f64>,
}

/// How items are put together.
#[derive(Debug, Clone)]
pub(crate) struct Batching {
    pub(crate) max_items: Option<u64>,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) batch_input: Option<Json>,
}

/// What becomes of the results.
#[derive(Debug, Clone)]
pub(crate) struct ResultRequest {
    /// `Bucket` and `Prefix` of the files; `None`: they are the output of the state.
    pub(crate) destination: Option<Json>,
    pub(crate) format: ResultFormat,
}

/// The item that an iteration, or a child execution, works on.
#[derive(Debug, Clone)]
pub(crate) struct MapItem {
    pub(crate) index: usize,
    pub(crate) value: Json,
    /// Of a member of an object.
    pub(crate) key: Option<Arc<str>>,
    /// Where the items of a Distributed Map come from.
    pub(crate) source: Option<Arc<str>>,
}

/// A Map Run that was started and has not ended.
#[derive(Debug, Clone)]
pub(super) struct MapRunInFlight {
    pub(super) run: MapRunId,
    pub(super) arn: Arc<str>,
    pub(super) redrive_count: u64,
    /// `MapRunStarted`, or the last `MapRunRedriven`.
    pub(super) started_event: u64,
    /// The effective input of the Map state, which `ItemSelector` sees as `$`.
    pub(super) input: Json,
}

/// Whether a redrive starts another Map Run in place of the one that failed like this: one of which too much came, or
/// whose items could not be put into the inputs of its executions.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html>
fn needs_new_run(failure: &Failure) -> bool {
    [error_name::DATA_LIMIT_EXCEEDED, error_name::RUNTIME, error_name::QUERY_EVALUATION_ERROR]
        .iter()
        .any(|name| failure.is(name))
}

/// The label of a Distributed Map that is given none: always the same for the same state of the same machine.
pub(crate) fn made_up_label(seed: u64, state_machine_name: &str, state: &str) -> Arc<str> {
    SeededRandom::new(seed, &format!("label of {state_machine_name}/{state}")).next_uuid().into()
}

impl Interpreter {
    /// What a child execution is given for an item: what `ItemSelector` makes of it; without one, the item, and a
    /// member of an object as its key and value.
    pub(crate) fn item_input(&mut self, run: MapRunId, item: MapItem) -> Result<Json, Failure> {
        let Some((id, mut frame)) = self.take_frame_of_run(run) else {
            return Ok(item.value);
        };
        let input = self.selected(&mut frame, item);
        self.frames.insert(id, frame);
        input.map_err(|failing| failing.failure)
    }

    fn selected(&mut self, frame: &mut Frame, item: MapItem) -> Result<Json, Failing> {
        let scope = Arc::clone(&frame.scope);
        let state = current_state(&scope, frame.state);
        let (StateKind::Map(map), Step::MapRun(in_flight)) = (&state.kind, &frame.step) else {
            return Ok(item.value);
        };
        let Some(selector) = &map.item_selector else {
            return Ok(match item.key {
                Some(key) => Json::from_members([("Key", Json::String(key)), ("Value", item.value)]),
                None => item.value,
            });
        };
        let map_input = in_flight.input.clone();
        let outer = frame.item.replace(Arc::new(item));
        let input = self.evaluate(frame, state, &map_input, |evaluation| selector.evaluate(evaluation));
        frame.item = outer;
        within_limits(&input?, self.payload_bytes(), state)
    }

    /// Whether the run is still wanted.
    pub(crate) fn awaits_map_run(&self, run: MapRunId) -> bool {
        self.map_runs.contains_key(&run)
    }

    fn take_frame_of_run(&mut self, run: MapRunId) -> Option<(FrameId, Frame)> {
        let id = *self.map_runs.get(&run)?;
        Some((id, self.frames.remove(&id)?))
    }

    /// What follows from the success of the run follows, after all, from its start.
    pub(super) fn map_run_succeeded(&mut self, run: MapRunId, output: Json) -> Result<(), HistoryFull> {
        self.end_map_run(run, |interpreter, frame, MapRunInFlight { started_event, .. }| {
            let now = interpreter.now;
            let mut append = |previous, event_type| {
                interpreter.history.append(now, previous, event_type, EventDetails::None)
            };
            let succeeded = append(started_event, HistoryEventType::MapRunSucceeded)?;
            append(succeeded, HistoryEventType::MapStateSucceeded)?;
            frame.last_event = started_event;
            frame.started_children = false;
            Ok(Step::Finish(output))
        })
    }

    pub(super) fn map_run_failed(&mut self, run: MapRunId, failure: Failure) -> Result<(), HistoryFull> {
        self.end_map_run(run, |interpreter, frame, in_flight| {
            let details = EventDetails::Failed(failure.clone());
            interpreter.record(frame, HistoryEventType::MapRunFailed, details)?;
            if !needs_new_run(&failure) {
                frame.unfinished = Some(Box::new(Unfinished::MapRun(in_flight)));
            }
            Ok(Step::Fail(Failing::new(failure)))
        })
    }

    fn end_map_run(
        &mut self,
        run: MapRunId,
        note: impl FnOnce(&mut Self, &mut Frame, MapRunInFlight) -> Result<Step, HistoryFull>,
    ) -> Result<(), HistoryFull> {
        let Some((id, mut frame)) = self.take_frame_of_run(run) else {
            return Ok(());
        };
        let mut noted = Ok(());
        if let Step::MapRun(in_flight) = std::mem::replace(&mut frame.step, Step::Work) {
            self.map_runs.remove(&run);
            match note(self, &mut frame, *in_flight) {
                Ok(step) => frame.step = step,
                Err(full) => noted = Err(full),
            }
            self.ready.push_back(id);
        }
        self.frames.insert(id, frame);
        noted
    }

    /// A sibling has failed: the run is called off.
    pub(super) fn abort_map_run(&mut self, run: MapRunId, guilty_event: u64) -> Result<(), HistoryFull> {
        if self.map_runs.remove(&run).is_some() {
            self.commands.push(Command::AbortMapRun(run));
        }
        self.history.append(self.now, guilty_event, HistoryEventType::MapRunAborted, EventDetails::None)?;
        Ok(())
    }

    /// The execution ends while Map Runs are going.
    pub(super) fn record_aborted_map_runs(&mut self) -> Result<(), HistoryFull> {
        for id in self.map_runs.values() {
            if let Some(Step::MapRun(in_flight)) = self.frames.get(id).map(|frame| &frame.step) {
                let previous = in_flight.started_event;
                self.history.append(
                    self.now,
                    previous,
                    HistoryEventType::MapRunAborted,
                    EventDetails::None,
                )?;
            }
        }
        Ok(())
    }
}
