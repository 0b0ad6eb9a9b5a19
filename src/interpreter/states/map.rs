//! Map, inline: runs its processor once for each item of an array.

use std::sync::Arc;

use super::{Begun, map_number};
use crate::asl::definition::{Map, PathField, State};
use crate::interpreter::data_flow::through;
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Children, Frame, FrameId, Step, WaitingItems};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::interpret::Interpreter;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, quota};
use crate::query::Evaluation;

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, map): (&State, &Map),
) -> Result<Result<Begun, Failing>, HistoryFull> {
    let (mut children, concurrency) = match prepare(interpreter, frame, state, map) {
        Ok(prepared) => prepared,
        Err(failing) => return Ok(Err(failing)),
    };
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
    for _ in 0..concurrency.min(length) {
        let iteration = interpreter.start_iteration(id, frame, (state, map), (&mut children, started))?;
        if let Err(failing) = iteration {
            interpreter.abort_children(&children.running, Some(state), started)?;
            return Ok(Err(failing));
        }
    }
    frame.step = Step::Children(children);
    Ok(Ok(Begun::Waiting))
}

/// The items, none of them started, and how many may run at once.
fn prepare(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    map: &Map,
) -> Result<(Box<Children>, usize), Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    let concurrency =
        interpreter.evaluate(frame, state, &input, |evaluation| concurrency(map, evaluation))?;
    let items = interpreter.evaluate(frame, state, &input, |evaluation| items(map, evaluation))?;
    let length = items.as_array().map_or(0, <[Json]>::len);
    let children = Children {
        outputs: vec![None; length],
        running: Vec::new(),
        waiting: Some(WaitingItems { input, items, next: 0 }),
    };
    Ok((Box::new(children), concurrency))
}

fn items(map: &Map, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
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

fn concurrency(map: &Map, evaluation: &Evaluation<'_>) -> Result<usize, Failure> {
    let wanted = map_number::whole("MaxConcurrencyPath", &map.max_concurrency, evaluation)?;
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    Ok(if wanted == 0 { quota::INLINE_MAP_CONCURRENCY } else { wanted })
}
