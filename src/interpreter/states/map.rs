//! Map, inline: runs its processor once for each item of an array.

use std::sync::Arc;

use super::{Begun, map_number};
use crate::asl::definition::{Language, Map, PathField, State};
use crate::interpreter::data_flow::{not_usable, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Children, Frame, FrameId, Step, WaitingItems};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;
use crate::interpreter::map_run::MapItem;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, quota};
use crate::query::{Evaluation, Expected, FailedEvaluation};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, map): (&State, &Map),
) -> Result<Result<Begun, Failing>, HistoryFull> {
    let children = match prepare(interpreter, frame, state, map) {
        Ok(prepared) => prepared,
        Err(failing) => return Ok(Err(before_start(frame, failing))),
    };
    if let Some(step) = interpreter.mocked_children()
        && let Some(WaitingItems { input, items, .. }) = &children.waiting
    {
        let inputs = inputs_on_trial(interpreter, frame, (state, map), (input, items));
        frame.step = step;
        return Ok(inputs.map(|_| Begun::Ready));
    }
    let length = children.outputs.len();
    interpreter.record(frame, HistoryEventType::MapStateStarted, EventDetails::MapStateStarted { length })?;
    frame.started_children = length > 0;
    if length == 0 {
        let started = frame.last_event;
        let now = interpreter.now;
        interpreter.history.append(now, started, HistoryEventType::MapStateSucceeded, EventDetails::None)?;
        frame.step = Step::Finish(Json::array(Vec::new()));
        return Ok(Ok(Begun::Ready));
    }
    let started = frame.last_event;
    let started = interpreter.start_iterations(id, frame, (state, map), (children, started))?;
    Ok(started.map(|()| Begun::Waiting))
}

/// AWS records a Map as failed, although it never started, if one of its fields in JSONata fails.
const fn before_start(frame: &mut Frame, failing: Failing) -> Failing {
    frame.started_children |= failing.evaluation.is_some();
    failing
}

/// The inputs of the iterations of a state on trial. What `ItemSelector` makes of the items is noted.
pub(super) fn inputs_on_trial(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    (state, map): (&State, &Map),
    (input, items): (&Json, &Json),
) -> Result<Vec<Json>, Failing> {
    let members = items.as_object().into_iter().flatten();
    let members = members.map(|(key, value)| (Some(Arc::clone(key)), value));
    let items = items.as_array().unwrap_or_default().iter().map(|value| (None, value));
    let mut inputs = Vec::new();
    for (index, (key, value)) in items.chain(members).enumerate() {
        let item = Arc::new(MapItem { index, value: value.clone(), key, source: None });
        inputs.push(interpreter.iteration_input(frame, (state, map), input, &item)?);
    }
    if map.item_selector.is_some() {
        interpreter.note(Stage::AfterItemSelector, &Json::array(inputs.clone()));
    }
    Ok(inputs)
}

/// The items, none of them started.
fn prepare(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    map: &Map,
) -> Result<Children, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let concurrency =
        interpreter.evaluate(frame, state, &input, |evaluation| concurrency(map, evaluation))?;
    interpreter.note(Stage::MaxConcurrency, &Json::from(concurrency));
    let items = interpreter.evaluate(frame, state, &input, |evaluation| items(state, map, evaluation))?;
    interpreter.note(Stage::AfterItemsPath, &items);
    let concurrency = if concurrency == 0 { quota::INLINE_MAP_CONCURRENCY } else { concurrency };
    let length = items.as_array().map_or(0, <[Json]>::len);
    Ok(Children {
        outputs: vec![None; length],
        running: Vec::new(),
        waiting: Some(WaitingItems { input, items, next: 0, concurrency }),
    })
}

fn items(state: &State, map: &Map, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
    if state.language == Language::Jsonata {
        return computed_items(map, evaluation);
    }
    let items = through(&map.items_path, evaluation)?;
    if items.as_array().is_some() { Ok(items) } else { Err(no_array(map)) }
}

pub(super) fn no_array(map: &Map) -> Failure {
    let path = match &map.items_path {
        PathField::At(path) => Arc::clone(path.text()),
        PathField::Whole | PathField::Empty => "$".into(),
    };
    Failure::runtime(format!("Reference path \"{path}\" must point to array."))
}

/// `Items`, or the input.
fn computed_items(map: &Map, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
    let items = match &map.items {
        Some(items) => items.evaluate_as(Expected::Array, evaluation)?,
        None => evaluation.input.clone(),
    };
    if items.as_array().is_some() {
        return Ok(items);
    }
    let cause = format!("Map state input must be an array but was: {}", items.compacted());
    Err(not_usable(FailedEvaluation { field: None, after_evaluation: false }, cause, evaluation))
}

/// 0 stands for as many as the service runs at once.
fn concurrency(map: &Map, evaluation: &mut Evaluation<'_>) -> Result<usize, Failure> {
    let wanted = map_number::whole("MaxConcurrencyPath", &map.max_concurrency, evaluation)?;
    Ok(usize::try_from(wanted).unwrap_or(usize::MAX))
}
