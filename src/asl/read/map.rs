//! Map states: the fields that inline and distributed ones share.

use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::jsonata;
use super::report::Language;
use super::state::StateReader;
use super::{distributed_map, field, scope, work};
use crate::asl::definition::{Definition, Map, Number, PathField, Scope, StateKind};
use crate::model::{Json, StateMachineType};
use crate::query::PayloadTemplate;

pub(super) const COUNT: RangeInclusive<u64> = 0..=2_147_483_647;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    let fields = distributed_map::read(state);
    let processor = processor(state);
    let (items_path, items) = items(state);
    let item_selector = item_selector(state);
    let names = ["MaxConcurrency", "MaxConcurrencyPath"];
    let max_concurrency = field::number_or_path(&mut state.fields, names, COUNT, state.language);
    let work = work::read(state, None);
    let Processor { scope, mode, text } = processor?;
    let distributed = match mode {
        // Beside an inline processor the fields of a Distributed Map are checked, and mean nothing.
        Mode::Inline => None,
        Mode::Distributed(child_type) => {
            let processor = Definition::of_processor(Arc::clone(&scope));
            Some(Arc::new(fields.into_map(child_type, processor, text)))
        }
    };
    Some(StateKind::Map(Box::new(Map {
        items_path,
        items,
        item_selector,
        max_concurrency: max_concurrency.unwrap_or(Number::Fixed(0)),
        processor: scope,
        distributed,
        work: work?,
    })))
}

/// `ItemsPath`, or `Items` in JSONata.
fn items(state: &mut StateReader<'_, '_>) -> (PathField, Option<PayloadTemplate>) {
    match state.language {
        Language::JsonPath => {
            let path = state.fields.take("ItemsPath").filter(|path| path.text().is_some());
            (field::path_field(path), None)
        }
        Language::Jsonata => {
            let Some(items) = state.fields.take("Items") else {
                return (PathField::Whole, None);
            };
            let is_iterable = matches!(items.value(), Json::Array(_) | Json::Object(_));
            let fits = is_iterable || field::is_expression(items.value());
            items.expect("Array", fits.then_some(()));
            (PathField::Whole, jsonata::template(&items, "Items", &[]))
        }
    }
}

fn item_selector(state: &mut StateReader<'_, '_>) -> Option<PayloadTemplate> {
    let selector = state.template("ItemSelector");
    if state.language == Language::Jsonata {
        return selector;
    }
    state.fields.at_most_one(&["ItemSelector", "Parameters"]);
    selector.or(state.template("Parameters"))
}

struct Processor {
    scope: Arc<Scope>,
    mode: Mode,
    /// Of a distributed one, as JSON.
    text: Arc<str>,
}

/// `ItemProcessor`, or `Iterator` as it was called before.
fn processor(state: &mut StateReader<'_, '_>) -> Option<Processor> {
    state.fields.exactly_one(&["ItemProcessor", "Iterator"]);
    let (processor, iterator) = (state.fields.take("ItemProcessor"), state.fields.take("Iterator"));
    let cursor = processor.or(iterator)?;
    let mut fields = cursor.fields()?;
    let config = fields.take("ProcessorConfig");
    let mode = config.and_then(|config| processor_mode(&config)).unwrap_or(Mode::Inline);
    let machine_type = state.scope.machine_type;
    let (machine_type, outer) = match mode {
        Mode::Inline => (machine_type, Some(Rc::clone(&state.scope.assigned))),
        Mode::Distributed(child_type) => {
            check_express(state.fields.cursor(), machine_type);
            (child_type, None)
        }
    };
    let scope = scope::read(&mut fields, machine_type, outer);
    fields.finish();
    let text = match mode {
        Mode::Inline => "".into(),
        Mode::Distributed(_) => cursor.value().compacted().to_text().into(),
    };
    Some(Processor { scope: scope?, mode, text })
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
    let name =
        fields.take("ExecutionType").and_then(|name| name.one_of("ExecutionType", &["STANDARD", "EXPRESS"]));
    if name == Some("EXPRESS") { StateMachineType::Express } else { StateMachineType::Standard }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check, check_as, check_schema, check_state, machine_of, read};

    const PROCESSOR: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#;

    /// With a processor and further fields.
    fn map(fields: &str) -> String {
        format!(r#"{{"Type":"Map","End":true,"ItemProcessor":{PROCESSOR},{fields}}}"#)
    }

    fn configured(config: &str, task: &str) -> String {
        format!(
            r#"{{"Type":"Map","End":true,"ItemProcessor":{{"ProcessorConfig":{config},"StartAt":"A","States":{{"A":{task}}}}}}}"#
        )
    }

    #[test]
    fn a_map_has_one_processor() {
        check_schema(
            r#"{"Type":"Map","End":true}"#,
            &["One of these fields is required: [ItemProcessor, Iterator] at ~"],
        );
        check_schema(
            &map(&format!(r#""Iterator":{PROCESSOR}"#)),
            &["Only one of these fields is allowed: [ItemProcessor, Iterator] at ~"],
        );
        check_schema(
            r#"{"Type":"Map","End":true,"ItemProcessor":{}}"#,
            &["These fields are required: [States, StartAt] at ~/ItemProcessor"],
        );
        check_schema(
            r#"{"Type":"Map","End":true,"Iterator":{"StartAt":"A","States":{"A":{"Type":"Succeed"}},"X":1}}"#,
            &["Field 'X' is not supported at ~/Iterator"],
        );
        check_state(&format!(r#"{{"Type":"Map","End":true,"Iterator":{PROCESSOR}}}"#), &[]);
    }

    #[test]
    fn the_fields_of_a_map_have_their_types() {
        for (fields, message) in [
            (r#""ItemsPath":null"#, "Expected value of type String at ~/ItemsPath"),
            (r#""ItemsPath":"x""#, "Value is not a valid JSONPath at ~/ItemsPath"),
            (
                r#""ItemSelector":{},"Parameters":{}"#,
                "Only one of these fields is allowed: [ItemSelector, Parameters] at ~",
            ),
            (r#""MaxConcurrency":-1"#, "Value must be between 0 and 2147483647 at ~/MaxConcurrency"),
            (
                r#""MaxConcurrency":1,"MaxConcurrencyPath":"$.m""#,
                "Only one of these fields is allowed: [MaxConcurrency, MaxConcurrencyPath] at ~",
            ),
            (r#""Items":[]"#, "Field 'Items' is not supported when 'QueryLanguage' is 'JSONPath' at ~"),
            (r#""QueryLanguage":"JSONata","Items":1"#, "Expected value of type Array at ~/Items"),
        ] {
            check_schema(&map(fields), &[message]);
        }
    }

    #[test]
    fn a_map_is_read_with_its_old_names() {
        let definition = read(&machine_of(&format!(
            r#"{{"Type":"Map","End":true,"Iterator":{PROCESSOR},"Parameters":{{"a.$":"$"}},"ItemsPath":"$.i","MaxConcurrencyPath":"$.m"}}"#
        )));
        let StateKind::Map(map) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        assert!(map.item_selector.is_some() && map.work.parameters.is_none());
        assert!(matches!(&map.items_path, PathField::At(path) if &**path.text() == "$.i"));
        assert!(matches!(&map.max_concurrency, Number::At(path) if &**path.text() == "$.m"));
        assert_eq!(&*map.processor.states[0].name, "A");
    }

    #[test]
    fn processors_are_configured() {
        let succeed = r#"{"Type":"Succeed"}"#;
        check_state(&configured(r#"{"Mode":"INLINE"}"#, succeed), &[]);
        for (config, message) in [
            (
                r#"{"Mode":"Inline"}"#,
                "The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED] at ~/ItemProcessor/ProcessorConfig/Mode",
            ),
            (
                r#"{"Mode":"DISTRIBUTED"}"#,
                "These fields are required: [ExecutionType] at ~/ItemProcessor/ProcessorConfig",
            ),
            (
                r#"{"Mode":"DISTRIBUTED","ExecutionType":"FAST"}"#,
                "The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS] at ~/ItemProcessor/ProcessorConfig/ExecutionType",
            ),
            (
                r#"{"Mode":"INLINE","Size":1}"#,
                "Field 'Size' is not supported at ~/ItemProcessor/ProcessorConfig",
            ),
        ] {
            check_schema(&configured(config, succeed), &[message]);
        }
    }

    #[test]
    fn distributed_maps_are_checked_as_what_their_executions_are() {
        let distributed = |kind: &str, task: &str| {
            configured(&format!(r#"{{"Mode":"DISTRIBUTED","ExecutionType":"{kind}"}}"#), task)
        };
        check_state(&distributed("STANDARD", r#"{"Type":"Succeed"}"#), &[]);
        check_schema(
            &distributed("STANDARD", r#"{"Type":"Succeed","End":true}"#),
            &["Field 'End' is not supported at ~/ItemProcessor/States/A"],
        );
        check_as(
            StateMachineType::Express,
            &machine_of(&distributed("EXPRESS", r#"{"Type":"Succeed"}"#)),
            &[
                "SCHEMA_VALIDATION_FAILED: Express state machine does not support Distributed Map at /States/S",
            ],
        );
        let waiting = r#"{"Type":"Task","End":true,"Resource":"arn:aws:states:::batch:submitJob.sync"}"#;
        check_schema(
            &distributed("EXPRESS", waiting),
            &[
                "Express state machine does not support '.sync' service integration at ~/ItemProcessor/States/A/Resource",
            ],
        );
        check(&machine_of(&distributed("STANDARD", waiting)), &[]);
    }

    #[test]
    fn a_distributed_map_keeps_its_processor_as_a_definition_and_as_text() {
        let definition = read(&machine_of(&configured(
            r#"{"Mode":"DISTRIBUTED", "ExecutionType":"EXPRESS"}"#,
            r#"{"Type":"Succeed"}"#,
        )));
        let StateKind::Map(map) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        let distributed = map.distributed.as_ref().unwrap();
        assert_eq!(distributed.child_type, StateMachineType::Express);
        assert!(Arc::ptr_eq(&distributed.processor.scope, &map.processor));
        assert_eq!(
            &*distributed.processor_text,
            r#"{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#
        );
    }
}
