//! Map, distributed: has its processor run as executions of their own, and waits for them all.

use std::sync::Arc;

use super::{Begun, map, map_number};
use crate::asl::definition::{Language, Map, State};
use crate::asl::distributed_map::{DistributedMap, ItemBatcher, ItemReader, ResultFormat, Transformation};
use crate::interpreter::command::Command;
use crate::interpreter::data_flow::{filled, not_usable, through};
use crate::interpreter::failing::Failing;
use crate::interpreter::frame::{Frame, FrameId, Step};
use crate::interpreter::history::HistoryFull;
use crate::interpreter::inspection::Stage;
use crate::interpreter::interpret::Interpreter;
use crate::interpreter::map_run::{
    Batching, ItemSource, MapRunId, MapRunInFlight, MapRunRequest, MapRunSettings, ReadRequest,
    ResultRequest, made_up_label,
};
use crate::model::{EventDetails, Failure, HistoryEventType, Json};
use crate::query::{Evaluation, FailedEvaluation};

pub(super) fn begin(
    interpreter: &mut Interpreter,
    id: FrameId,
    frame: &mut Frame,
    (state, map, distributed): (&State, &Map, &Arc<DistributedMap>),
) -> Result<Result<Begun, Failing>, HistoryFull> {
    frame.started_children = false;
    let beginning = match beginning(interpreter, frame, state, map) {
        Ok(beginning) => beginning,
        Err(failing) => return Ok(Err(failing)),
    };
    if interpreter.is_trial() {
        return Ok(trial(interpreter, frame, (state, map, distributed), beginning));
    }
    let Beginning { input, max_concurrency, given } = beginning;
    let length = given.as_ref().map_or(0, length);
    interpreter.record(frame, HistoryEventType::MapStateStarted, EventDetails::MapStateStarted { length })?;
    let asked = interpreter
        .evaluate(frame, state, &input, |evaluation| asked(distributed, given, max_concurrency, evaluation));
    let asked = match asked {
        Ok(asked) => asked,
        Err(failing) => return Ok(Err(failing)),
    };
    let request = request(interpreter, state, distributed, asked);
    let details = EventDetails::MapRunStarted { map_run_arn: Arc::clone(&request.arn) };
    interpreter.record(frame, HistoryEventType::MapRunStarted, details)?;
    frame.started_children = true;
    let run = request.run;
    interpreter.map_runs.insert(run, id);
    interpreter.commands.push(Command::StartMapRun(Box::new(request)));
    frame.step = Step::MapRun(Box::new(MapRunInFlight { run, started_event: frame.last_event, input }));
    Ok(Ok(Begun::Waiting))
}

/// A state on trial starts no executions.
fn trial(
    interpreter: &mut Interpreter,
    frame: &mut Frame,
    (state, map, distributed): (&State, &Map, &DistributedMap),
    Beginning { input, given, .. }: Beginning,
) -> Result<Begun, Failing> {
    let settings =
        interpreter.evaluate(frame, state, &input, |evaluation| settings(distributed, 0, evaluation))?;
    if let Some(items) = given.or_else(|| interpreter.items_on_trial()) {
        let reader = distributed.reader.as_ref();
        if reader.is_some_and(|reader| reader.format.items_pointer.is_some()) {
            interpreter.note(Stage::AfterItemsPointer, &items);
        }
        let inputs = map::inputs_on_trial(interpreter, frame, (state, map), (&input, &items))?;
        if let Some(batcher) = &distributed.batcher {
            let batching =
                interpreter.evaluate(frame, state, &input, |evaluation| batching(batcher, evaluation))?;
            interpreter.note_batches(inputs, batching);
        }
    }
    if let Some(step) = interpreter.mocked_map_run(&settings) {
        frame.step = step;
    }
    Ok(Begun::Ready)
}

/// What is looked at before the state counts as started.
struct Beginning {
    input: Json,
    max_concurrency: u64,
    /// The items, if they come from the input.
    given: Option<Json>,
}

fn beginning(
    interpreter: &mut Interpreter,
    frame: &Frame,
    state: &State,
    map: &Map,
) -> Result<Beginning, Failing> {
    let input = interpreter
        .evaluate(frame, state, &frame.input, |evaluation| through(&state.input_path, evaluation))?;
    interpreter.note(Stage::AfterInputPath, &input);
    let max_concurrency = interpreter.evaluate(frame, state, &input, |evaluation| {
        map_number::whole("MaxConcurrencyPath", &map.max_concurrency, evaluation)
    })?;
    interpreter.note(Stage::MaxConcurrency, &Json::from(max_concurrency));
    let is_read = map.distributed.as_ref().is_some_and(|distributed| distributed.reader.is_some());
    let given = match is_read {
        true => None,
        false => {
            Some(interpreter.evaluate(frame, state, &input, |evaluation| items(state, map, evaluation))?)
        }
    };
    if let Some(items) = &given {
        interpreter.note(Stage::AfterItemsPath, items);
    }
    Ok(Beginning { input, max_concurrency, given })
}

/// An array, or an object, whose members are items too.
fn items(state: &State, map: &Map, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
    if state.language == Language::Jsonata {
        return computed_items(map, evaluation);
    }
    let items = through(&map.items_path, evaluation)?;
    match items {
        Json::Array(_) | Json::Object(_) => Ok(items),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            Err(map::no_array(map))
        }
    }
}

/// `Items`, or the input.
fn computed_items(map: &Map, evaluation: &mut Evaluation<'_>) -> Result<Json, Failure> {
    let items = match &map.items {
        Some(items) => items.evaluate(evaluation)?,
        None => evaluation.input.clone(),
    };
    if matches!(items, Json::Array(_) | Json::Object(_)) {
        return Ok(items);
    }
    let cause = format!("Map state input must be an array or object but was: {}", items.compacted());
    Err(not_usable(FailedEvaluation { field: None, after_evaluation: false }, cause, evaluation))
}

fn length(items: &Json) -> usize {
    items.as_array().map_or_else(|| items.as_object().map_or(0, |members| members.len()), <[Json]>::len)
}

/// The part of the request that comes out of the input.
struct Asked {
    source: ItemSource,
    settings: MapRunSettings,
    batching: Option<Batching>,
    results: ResultRequest,
}

fn asked(
    map: &DistributedMap,
    given: Option<Json>,
    max_concurrency: u64,
    evaluation: &mut Evaluation<'_>,
) -> Result<Asked, Failure> {
    let settings = settings(map, max_concurrency, evaluation)?;
    let source = match (&map.reader, given) {
        (Some(reader), _) => ItemSource::Read(read_request(reader, evaluation)?),
        (None, given) => ItemSource::Given(given.unwrap_or(Json::Null)),
    };
    let batching = map.batcher.as_ref().map(|batcher| batching(batcher, evaluation)).transpose()?;
    let compact = ResultFormat { transformation: Transformation::Compact, lines: false };
    let results = match &map.writer {
        None => ResultRequest { destination: None, format: compact },
        Some(writer) => {
            let destination = writer.destination.as_ref();
            let destination = destination.map(|template| template.evaluate(evaluation)).transpose()?;
            ResultRequest { destination, format: writer.format }
        }
    };
    Ok(Asked { source, settings, batching, results })
}

fn settings(
    map: &DistributedMap,
    max_concurrency: u64,
    evaluation: &mut Evaluation<'_>,
) -> Result<MapRunSettings, Failure> {
    let count = map.tolerated_failure_count.as_ref();
    let count = count.map(|count| map_number::not_negative("ToleratedFailureCount", count, evaluation));
    let percentage = map.tolerated_failure_percentage.as_ref();
    let percentage = percentage.map(|percentage| map_number::percentage(percentage, evaluation));
    Ok(MapRunSettings {
        max_concurrency,
        tolerated_failure_count: count.transpose()?,
        tolerated_failure_percentage: percentage.transpose()?,
    })
}

fn read_request(reader: &ItemReader, evaluation: &mut Evaluation<'_>) -> Result<ReadRequest, Failure> {
    let max_items = map_number::max_items(&reader.max_items, evaluation)?;
    let arguments = filled(reader.parameters.as_ref(), evaluation)?;
    Ok(ReadRequest { arguments, format: reader.format.clone(), max_items })
}

fn batching(batcher: &ItemBatcher, evaluation: &mut Evaluation<'_>) -> Result<Batching, Failure> {
    let number = |field, number: &Option<_>, evaluation: &mut Evaluation<'_>| {
        number.as_ref().map(|number| map_number::whole(field, number, evaluation)).transpose()
    };
    let max_items = number("MaxItemsPerBatchPath", &batcher.max_items, evaluation)?;
    let max_bytes = number("MaxInputBytesPerBatchPath", &batcher.max_bytes, evaluation)?;
    let batch_input = batcher.batch_input.as_ref();
    let batch_input = batch_input.map(|template| template.evaluate(evaluation)).transpose()?;
    Ok(Batching { max_items, max_bytes, batch_input })
}

fn request(
    interpreter: &mut Interpreter,
    state: &State,
    map: &Arc<DistributedMap>,
    asked: Asked,
) -> MapRunRequest {
    let run = MapRunId(interpreter.new_id());
    let uuid = interpreter.random.next_uuid();
    let about = &interpreter.about;
    let machine = &about.state_machine_name;
    let label = map.label.clone().unwrap_or_else(|| made_up_label(about.seed, machine, &state.name));
    let Asked { source, settings, batching, results } = asked;
    MapRunRequest {
        run,
        arn: about.place.map_run(machine, &label, &uuid).into(),
        uuid: uuid.into(),
        label,
        state: Arc::clone(&state.name),
        map: Arc::clone(map),
        source,
        settings,
        batching,
        results,
    }
}
