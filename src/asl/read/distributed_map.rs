//! The fields that only Distributed Maps have.

use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::map::COUNT;
use super::report::Language;
use super::state::StateReader;
use super::task;
use super::{field, item_reader, jsonata};
use crate::asl::definition::{Definition, Number};
use crate::asl::diagnostic::DiagnosticCode;
use crate::asl::distributed_map::{
    DistributedMap, ItemBatcher, ItemReader, Percentage, ResultFormat, ResultWriter, Transformation,
};
use crate::model::StateMachineType;
use crate::query::PayloadTemplate;

const LONGEST_LABEL: usize = 40;
const LARGEST_BATCH: u64 = 262_144;

/// The fields as they stand beside the processor, whatever its mode.
#[derive(Debug)]
pub(super) struct DistributedFields {
    label: Option<Arc<str>>,
    reader: Option<ItemReader>,
    batcher: Option<ItemBatcher>,
    writer: Option<ResultWriter>,
    tolerated_failure_count: Option<Number>,
    tolerated_failure_percentage: Option<Percentage>,
}

impl DistributedFields {
    pub(super) fn into_map(
        self,
        child_type: StateMachineType,
        processor: Definition,
        processor_text: Arc<str>,
    ) -> DistributedMap {
        let Self { label, reader, batcher, writer, .. } = self;
        DistributedMap {
            label,
            child_type,
            processor,
            processor_text,
            reader,
            batcher,
            writer,
            tolerated_failure_count: self.tolerated_failure_count,
            tolerated_failure_percentage: self.tolerated_failure_percentage,
        }
    }
}

pub(super) fn read(state: &mut StateReader<'_, '_>) -> DistributedFields {
    let language = state.language;
    let fields = &mut state.fields;
    let label = fields.take("Label").and_then(|cursor| label(&cursor));
    let reader = fields.take("ItemReader").and_then(|cursor| item_reader::read(&cursor, language));
    let batcher = fields.take("ItemBatcher").and_then(|cursor| item_batcher(&cursor, language));
    let writer = fields.take("ResultWriter").and_then(|cursor| result_writer(&cursor, language));
    let counts = ["ToleratedFailureCount", "ToleratedFailureCountPath"];
    let percentages = ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"];
    DistributedFields {
        label,
        reader,
        batcher,
        writer,
        tolerated_failure_count: field::number_or_path(fields, counts, COUNT, language),
        tolerated_failure_percentage: tolerated_percentage(fields, percentages, language),
    }
}

fn label(cursor: &Cursor<'_>) -> Option<Arc<str>> {
    let label = cursor.text()?;
    let invalid = |message: String| cursor.finding(DiagnosticCode::InvalidLabelName, message);
    if label.is_empty() {
        invalid("Label cannot be empty".to_owned());
    }
    if label.chars().count() > LONGEST_LABEL {
        invalid(format!("Label cannot be longer than {LONGEST_LABEL} characters"));
    }
    if let Some(character) = label.chars().find(|character| !is_label_character(*character)) {
        invalid(format!("Label contains a character that is not allowed: '{}'", character.escape_default()));
    }
    if !cursor.report().is_new_label(label) {
        cursor.finding(DiagnosticCode::DuplicateLabelName, format!("Duplicate Label name: {label}"));
    }
    Some(label.into())
}

fn is_label_character(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !"?*<>{}[]:;,\\|^~$#%&`\"".contains(character)
}

fn item_batcher(cursor: &Cursor<'_>, language: Language) -> Option<ItemBatcher> {
    let mut fields = cursor.fields()?;
    let items = ["MaxItemsPerBatch", "MaxItemsPerBatchPath"];
    let bytes = ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
    fields.at_least_one(&[items, bytes].concat());
    let max_items = field::number_or_path(&mut fields, items, 1..=*COUNT.end(), language);
    let max_bytes = field::number_or_path(&mut fields, bytes, 1..=LARGEST_BATCH, language);
    let batch_input = template(&mut fields, "BatchInput", language);
    fields.finish();
    Some(ItemBatcher { max_items, max_bytes, batch_input })
}

fn result_writer(cursor: &Cursor<'_>, language: Language) -> Option<ResultWriter> {
    let mut fields = cursor.fields()?;
    fields.at_least_one(&["Resource", "WriterConfig"]);
    let is_exported = s3_resource(&mut fields, &["s3:putObject"]).is_some();
    let parameters = arguments(&mut fields, language);
    let format = fields.take("WriterConfig").and_then(|config| writer_config(&config));
    fields.finish();
    // Files show whole executions unless something else is said, and the output of the state their outputs.
    let transformation = if is_exported { Transformation::None } else { Transformation::Compact };
    let format = format.unwrap_or_default();
    Some(ResultWriter {
        destination: if is_exported { parameters } else { None },
        format: ResultFormat {
            transformation: format.transformation.unwrap_or(transformation),
            lines: format.lines,
        },
    })
}

#[derive(Debug, Default)]
struct WriterConfig {
    transformation: Option<Transformation>,
    lines: bool,
}

fn writer_config(cursor: &Cursor<'_>) -> Option<WriterConfig> {
    let mut fields = cursor.fields()?;
    fields.at_least_one(&["Transformation", "OutputType"]);
    let transformation = fields.take("Transformation");
    let transformation =
        transformation.and_then(|word| word.one_of("Transformation", &["NONE", "COMPACT", "FLATTEN"]));
    let output_type =
        fields.take("OutputType").and_then(|word| word.one_of("OutputType", &["JSON", "JSONL"]));
    fields.finish();
    let transformation = transformation.map(|word| match word {
        "COMPACT" => Transformation::Compact,
        "FLATTEN" => Transformation::Flatten,
        _ => Transformation::None,
    });
    Some(WriterConfig { transformation, lines: output_type == Some("JSONL") })
}

/// The `Resource` of a reader or writer: one of the actions of S3, in any partition.
pub(super) fn s3_resource(fields: &mut Fields<'_>, actions: &[&'static str]) -> Option<&'static str> {
    let cursor = fields.take("Resource")?;
    let arn = cursor.text()?;
    let action = arn
        .strip_prefix("arn:")
        .and_then(|rest| rest.split_once(":states:::"))
        .filter(|(partition, _)| partition.starts_with("aws"))
        .and_then(|(_, action)| actions.iter().copied().find(|known| *known == action));
    if action.is_none() {
        task::not_recognized(&cursor, arn);
    }
    action
}

pub(super) fn arguments(fields: &mut Fields<'_>, language: Language) -> Option<PayloadTemplate> {
    match language {
        Language::JsonPath => template(fields, "Parameters", language),
        Language::Jsonata => template(fields, "Arguments", language),
    }
}

fn template(fields: &mut Fields<'_>, name: &'static str, language: Language) -> Option<PayloadTemplate> {
    let cursor = fields.take(name)?;
    match language {
        Language::JsonPath => field::template(&cursor),
        Language::Jsonata => jsonata::template(&cursor, name, &[]),
    }
}

fn tolerated_percentage(
    fields: &mut Fields<'_>,
    [name, path_name]: [&'static str; 2],
    language: Language,
) -> Option<Percentage> {
    let written = fields.take(name);
    if language == Language::Jsonata
        && let Some(cursor) = written.as_ref().filter(|cursor| field::is_expression(cursor.value()))
    {
        return jsonata::expression(cursor, name).map(Percentage::Computed);
    }
    let fixed = written.as_ref().and_then(|cursor| cursor.number());
    if let (Some(cursor), Some(percentage)) = (written, fixed)
        && !(0.0..=100.0).contains(&percentage)
    {
        cursor.invalid("Value must be between 0 and 100");
    }
    let mut at = None;
    if language == Language::JsonPath {
        fields.at_most_one(&[name, path_name]);
        at = fields.take(path_name).and_then(|path| field::path(&path));
    }
    fixed.map(Percentage::Fixed).or(at.map(Percentage::At))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::asl::definition::StateKind;
    use crate::asl::read::tests::{check_schema, check_state, machine_of, read};

    pub(in crate::asl::read) fn map(fields: &str) -> String {
        format!(
            r#"{{"Type":"Map","End":true,"ItemProcessor":{{"ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}},"StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}},{fields}}}"#
        )
    }

    #[test]
    fn labels_are_short_names_without_special_characters() {
        let check_label = |label: &str, message: &str| {
            let expected = format!("INVALID_LABEL_NAME: {message} at ~/Label");
            check_state(&map(&format!(r#""Label":"{label}""#)), &[&expected]);
        };
        check_label("", "Label cannot be empty");
        check_label(&"l".repeat(41), "Label cannot be longer than 40 characters");
        for character in "?*<>{}[]:;,|^~$#%&` ".chars() {
            let message = format!("Label contains a character that is not allowed: '{character}'");
            // The test's own mark for the location.
            if character != '~' {
                check_label(&format!("a{character}"), &message);
            }
        }
        check_label(r"a\tb", r"Label contains a character that is not allowed: '\t'");
        check_label(r"a\\b", r"Label contains a character that is not allowed: '\\'");
        check_schema(&map(r#""Label":1"#), &["Expected value of type String at ~/Label"]);
        check_state(&map(r#""Label":"orders-2024_(a)""#), &[]);
    }

    #[test]
    fn labels_are_unique_in_the_machine() {
        let branch = |name: &str| {
            format!(
                r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Map","End":true,"Label":"L","ItemProcessor":{{"StartAt":"{name}2","States":{{"{name}2":{{"Type":"Succeed"}}}}}}}}}}}}"#
            )
        };
        check_state(
            &format!(r#"{{"Type":"Parallel","End":true,"Branches":[{},{}]}}"#, branch("A"), branch("B")),
            &["DUPLICATE_LABEL_NAME: Duplicate Label name: L at ~/Branches[1]/States/B/Label"],
        );
    }

    #[test]
    fn batchers_writers_and_tolerances_are_checked() {
        for (fields, message) in [
            (
                r#""ItemBatcher":{}"#,
                "One of these fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath] at ~/ItemBatcher",
            ),
            (
                r#""ItemBatcher":{"MaxItemsPerBatch":2,"MaxItemsPerBatchPath":"$.m"}"#,
                "Only one of these fields is allowed: [MaxItemsPerBatch, MaxItemsPerBatchPath] at ~/ItemBatcher",
            ),
            (
                r#""ItemBatcher":{"MaxInputBytesPerBatch":262145}"#,
                "Value must be between 1 and 262144 at ~/ItemBatcher/MaxInputBytesPerBatch",
            ),
            (
                r#""ResultWriter":{}"#,
                "One of these fields is required: [Resource, WriterConfig] at ~/ResultWriter",
            ),
            (
                r#""ResultWriter":{"WriterConfig":{}}"#,
                "One of these fields is required: [Transformation, OutputType] at ~/ResultWriter/WriterConfig",
            ),
            (
                r#""ResultWriter":{"WriterConfig":{"OutputType":"CSV"}}"#,
                "The field 'OutputType' should have one of these values: [JSON, JSONL] at ~/ResultWriter/WriterConfig/OutputType",
            ),
            (
                r#""ToleratedFailurePercentage":105"#,
                "Value must be between 0 and 100 at ~/ToleratedFailurePercentage",
            ),
            (
                r#""ToleratedFailurePercentage":5,"ToleratedFailurePercentagePath":"$.p""#,
                "Only one of these fields is allowed: [ToleratedFailurePercentage, ToleratedFailurePercentagePath] at ~",
            ),
            (
                r#""ToleratedFailureCount":0,"ToleratedFailureCountPath":"$.c""#,
                "Only one of these fields is allowed: [ToleratedFailureCount, ToleratedFailureCountPath] at ~",
            ),
            (
                r#""ToleratedFailureCount":-1"#,
                "Value must be between 0 and 2147483647 at ~/ToleratedFailureCount",
            ),
        ] {
            check_schema(&map(fields), &[message]);
        }
    }

    pub(in crate::asl::read) fn read_map(fields: &str) -> Arc<DistributedMap> {
        let definition = read(&machine_of(&map(fields)));
        let StateKind::Map(map) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
        map.distributed.clone().unwrap()
    }

    #[test]
    fn batches_results_and_tolerances_are_kept() {
        let map = read_map(
            r#""Label":"L","ItemBatcher":{"MaxItemsPerBatch":2,"MaxInputBytesPerBatchPath":"$.b","BatchInput":{"a.$":"$.a"}},"ToleratedFailurePercentage":0.5,"ToleratedFailureCountPath":"$.c""#,
        );
        let batcher = map.batcher.as_ref().unwrap();
        assert!(matches!(
            (&batcher.max_items, &batcher.max_bytes),
            (Some(Number::Fixed(2)), Some(Number::At(_)))
        ));
        assert!(batcher.batch_input.is_some() && map.label.as_deref() == Some("L"));
        assert!(matches!(map.tolerated_failure_count, Some(Number::At(_))));
        assert!(matches!(map.tolerated_failure_percentage, Some(Percentage::Fixed(half)) if half < 1.0));
    }

    #[test]
    fn exported_results_are_whole_executions_and_others_are_outputs_unless_something_else_is_said() {
        let writer = |fields: &str| {
            let map = read_map(&format!(r#""ResultWriter":{{{fields}}}"#));
            let writer = map.writer.as_ref().unwrap();
            (writer.destination.is_some(), writer.format.transformation, writer.format.lines)
        };
        let exported = r#""Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b"}"#;
        assert_eq!(writer(exported), (true, Transformation::None, false));
        assert_eq!(
            writer(r#""WriterConfig":{"OutputType":"JSONL"}"#),
            (false, Transformation::Compact, true)
        );
        assert_eq!(
            writer(&format!(r#"{exported},"WriterConfig":{{"Transformation":"FLATTEN"}}"#)),
            (true, Transformation::Flatten, false)
        );
    }
}
