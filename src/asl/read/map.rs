//! Map states: the fields that inline and distributed ones share.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::report::Language;
use super::state::StateReader;
use super::{distributed_map, field, scope, work};
use crate::asl::definition::{Map, Number, PathField, Scope, StateKind};
use crate::model::{Json, StateMachineType};
use crate::query::PayloadTemplate;

pub(super) const COUNT: RangeInclusive<u64> = 0..=2_147_483_647;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    let is_distributed = distributed_map::read(state);
    let processor = processor(state, is_distributed);
    let items_path = items(state);
    let item_selector = item_selector(state);
    let names = ["MaxConcurrency", "MaxConcurrencyPath"];
    let max_concurrency = field::number_or_path(&mut state.fields, names, COUNT, state.language);
    let work = work::read(state, None);
    Some(StateKind::Map(Box::new(Map {
        items_path,
        item_selector,
        max_concurrency: max_concurrency.unwrap_or(Number::Fixed(0)),
        processor: processor?,
        work: work?,
    })))
}

/// `ItemsPath`, or `Items` in JSONata.
fn items(state: &mut StateReader<'_, '_>) -> PathField {
    match state.language {
        Language::JsonPath => {
            let path = state.fields.take("ItemsPath").filter(|path| path.text().is_some());
            field::path_field(path)
        }
        Language::Jsonata => {
            if let Some(items) = state.fields.take("Items") {
                let is_iterable = matches!(items.value(), Json::Array(_) | Json::Object(_));
                let fits = is_iterable || field::is_expression(items.value());
                items.expect("Array", fits.then_some(()));
            }
            PathField::Whole
        }
    }
}

fn item_selector(state: &mut StateReader<'_, '_>) -> Option<PayloadTemplate> {
    let selector = state.template("ItemSelector");
    if state.language == Language::Jsonata {
        return None;
    }
    state.fields.at_most_one(&["ItemSelector", "Parameters"]);
    selector.or(state.template("Parameters"))
}

/// `ItemProcessor`, or `Iterator` as it was called before.
fn processor(state: &mut StateReader<'_, '_>, has_distributed_fields: bool) -> Option<Arc<Scope>> {
    state.fields.exactly_one(&["ItemProcessor", "Iterator"]);
    let (cursor, is_iterator) = match state.fields.take("ItemProcessor") {
        Some(cursor) => {
            state.fields.take("Iterator");
            (cursor, false)
        }
        None => (state.fields.take("Iterator")?, true),
    };
    let mut fields = cursor.fields()?;
    let config = if is_iterator { None } else { fields.take("ProcessorConfig") };
    let mode = config.and_then(|config| processor_mode(&config)).unwrap_or(Mode::Inline);
    let machine_type = state.scope.machine_type;
    if has_distributed_fields || mode != Mode::Inline {
        state.fields.cursor().not_emulated("Distributed Map");
    }
    let machine_type = match mode {
        Mode::Inline => machine_type,
        Mode::Distributed(child_type) => {
            check_express(state.fields.cursor(), machine_type);
            child_type
        }
    };
    let scope = scope::read(&mut fields, machine_type);
    fields.finish();
    scope
}

fn check_express(map: &Cursor<'_>, machine_type: StateMachineType) {
    if machine_type == StateMachineType::Express {
        map.invalid("Express state machine does not support Distributed Map");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Inline,
    /// Its iterations are executions of a state machine of this type.
    Distributed(StateMachineType),
}

fn processor_mode(config: &Cursor<'_>) -> Option<Mode> {
    let mut fields = config.fields()?;
    let mode = fields.take("Mode").and_then(|mode| mode.one_of("Mode", &["INLINE", "DISTRIBUTED"]));
    let execution_type = read_execution_type(&mut fields);
    let mode = match mode {
        Some("DISTRIBUTED") => {
            fields.require(&["ExecutionType"]);
            Mode::Distributed(execution_type)
        }
        Some(_) | None => Mode::Inline,
    };
    fields.finish();
    Some(mode)
}

fn read_execution_type(fields: &mut Fields<'_>) -> StateMachineType {
    let name = fields
        .take("ExecutionType")
        .and_then(|name| name.one_of("ExecutionType", &["STANDARD", "EXPRESS"]));
    if name == Some("EXPRESS") { StateMachineType::Express } else { StateMachineType::Standard }
}
