//! Map, inline: runs its processor once for each item of an array.

use std::sync::Arc;

use super::Begun;
use crate::asl::definition::{Language, Map, Number, PathField, State};
use crate::interpreter::data_flow::{not_usable, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Children, Frame, FrameId, Step, WaitingItems};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::interpret::Interpreter;
use crate::model::{EventDetails, Failure, HistoryEventType, Json, quota};
use crate::query::{Evaluation, Expected, FailedEvaluation};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, map): (&State, &Map),
) -> Result<Result<Begun, Failing>, HistoryFull> {
    let (mut children, concurrency) = match prepare(interpreter, frame, state, map) {
        Ok(prepared) => prepared,
        Err(failing) => return Ok(Err(before_start(frame, failing))),
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

/// AWS records a Map as failed, although it never started, if one of its fields in JSONata fails.
const fn before_start(frame: &mut Frame, failing: Failing) -> Failing {
    frame.started_children |= failing.evaluation.is_some();
    failing
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
    let items = interpreter.evaluate(frame, state, &input, |evaluation| items(state, map, evaluation))?;
    let length = items.as_array().map_or(0, <[Json]>::len);
    let children = Children {
        outputs: vec![None; length],
        running: Vec::new(),
        waiting: Some(WaitingItems { input, items, next: 0 }),
    };
    Ok((Box::new(children), concurrency))
}

fn items(state: &State, map: &Map, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
    if state.language == Language::Jsonata {
        return computed_items(map, evaluation);
    }
    let items = through(&map.items_path, evaluation)?;
    if items.as_array().is_some() {
        return Ok(items);
    }
    let path = match &map.items_path {
        PathField::At(path) => Arc::clone(path.text()),
        PathField::Whole | PathField::Empty => "$".into(),
    };
    Err(Failure::runtime(format!("Reference path \"{path}\" must point to array.")))
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

fn concurrency(map: &Map, evaluation: &mut Evaluation<'_>) -> Result<usize, Failure> {
    let wanted = match &map.max_concurrency {
        Number::Fixed(wanted) => *wanted,
        Number::Computed(expression) => expression.evaluate_whole(0, evaluation)?,
        Number::At(path) => {
            let value = path
                .select(evaluation)
                .map_err(|why| Failure::runtime(format!("Invalid path '{}' : {why}", path.text())))?;
            whole_number(&value).ok_or_else(|| {
                let shown = value.as_str().map_or_else(|| value.compacted().to_text(), ToOwned::to_owned);
                Failure::runtime(format!(
                    "The MaxConcurrencyPath field refers to value \"{shown}\" which is not a valid integer: {}",
                    path.text()
                ))
            })?
        }
    };
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    Ok(if wanted == 0 { quota::INLINE_MAP_CONCURRENCY } else { wanted })
}

/// Also one that is written in a string: AWS takes `"1"` for 1 here.
fn whole_number(value: &Json) -> Option<u64> {
    match value.as_str() {
        Some(text) => text.parse().ok(),
        None => value.as_i64().and_then(|whole| u64::try_from(whole).ok()),
    }
}
