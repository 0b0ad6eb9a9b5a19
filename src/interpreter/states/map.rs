//! Map, inline: runs its processor once for each item of an array.

use std::sync::Arc;

use super::Begun;
use crate::asl::definition::{Map, Number, PathField, State};
use crate::interpreter::data_flow::through;
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Children, Frame, FrameId, MapItem, Step, WaitingItems};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::inspection::Stage;
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
    if let Some(step) = interpreter.mocked_children() {
        let selected = note_selected(interpreter, frame, (state, map), &children);
        frame.step = step;
        return Ok(selected.map(|()| Begun::Ready));
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

/// Notes what `ItemSelector` makes of the items of a state on trial.
fn note_selected(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    (state, map): (&State, &Map),
    children: &Children,
) -> Result<(), Failing> {
    let (Some(waiting), Some(_)) = (&children.waiting, &map.item_selector) else {
        return Ok(());
    };
    let mut selected = Vec::new();
    for (index, value) in waiting.items.as_array().unwrap_or_default().iter().enumerate() {
        let item = Arc::new(MapItem { index, value: value.clone() });
        selected.push(interpreter.iteration_input(frame, (state, map), &waiting.input, &item)?);
    }
    interpreter.note(Stage::AfterItemSelector, &Json::array(selected));
    Ok(())
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
    interpreter.note(Stage::AfterInputPath, &input);
    let concurrency =
        interpreter.evaluate(frame, state, &input, |evaluation| concurrency(map, evaluation))?;
    interpreter.note(Stage::MaxConcurrency, &Json::from(concurrency));
    let items = interpreter.evaluate(frame, state, &input, |evaluation| items(map, evaluation))?;
    interpreter.note(Stage::AfterItemsPath, &items);
    let length = items.as_array().map_or(0, <[Json]>::len);
    let children = Children {
        outputs: vec![None; length],
        running: Vec::new(),
        waiting: Some(WaitingItems { input, items, next: 0 }),
    };
    let concurrency = if concurrency == 0 { quota::INLINE_MAP_CONCURRENCY } else { concurrency };
    Ok((Box::new(children), concurrency))
}

fn items(map: &Map, evaluation: &Evaluation<'_>) -> Result<Json, Failure> {
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

/// 0 stands for as many as the service runs at once.
fn concurrency(map: &Map, evaluation: &Evaluation<'_>) -> Result<usize, Failure> {
    let wanted = match &map.max_concurrency {
        Number::Fixed(wanted) => *wanted,
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
    Ok(usize::try_from(wanted).unwrap_or(usize::MAX))
}

/// Also one that is written in a string: AWS takes `"1"` for 1 here.
fn whole_number(value: &Json) -> Option<u64> {
    match value.as_str() {
        Some(text) => text.parse().ok(),
        None => value.as_i64().and_then(|whole| u64::try_from(whole).ok()),
    }
}
