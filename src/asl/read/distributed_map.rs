//! The fields that only Distributed Maps have. They are checked, but not kept: we do not run them yet.

use super::cursor::{Cursor, Fields};
use super::field;
use super::map::COUNT;
use super::report::Language;
use super::state::StateReader;
use super::task;
use crate::asl::diagnostic::DiagnosticCode;

const LONGEST_LABEL: usize = 40;
const LARGEST_BATCH: u64 = 262_144;

/// Whether the Map has such fields.
pub(super) fn read(state: &mut StateReader<'_, '_>) -> bool {
    let language = state.language;
    let fields = &mut state.fields;
    let readers: [(&'static str, fn(&Cursor<'_>, Language)); 4] = [
        ("Label", |cursor, _| label(cursor)),
        ("ItemReader", item_reader),
        ("ItemBatcher", item_batcher),
        ("ResultWriter", result_writer),
    ];
    let mut found = false;
    for (name, read) in readers {
        if let Some(cursor) = fields.take(name) {
            found = true;
            read(&cursor, language);
        }
    }
    let counts = ["ToleratedFailureCount", "ToleratedFailureCountPath"];
    let percentages = ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"];
    found |= counts.iter().chain(&percentages).any(|name| fields.has(name));
    field::number_or_path(fields, counts, COUNT, language);
    tolerated_percentage(fields, percentages, language);
    found
}

fn label(cursor: &Cursor<'_>) {
    let Some(label) = cursor.text() else { return };
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
}

fn is_label_character(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !"?*<>{}[]:;,\\|^~$#%&`\"".contains(character)
}

fn item_reader(cursor: &Cursor<'_>, language: Language) {
    let Some(mut fields) = cursor.fields() else { return };
    fields.require(&["Resource"]);
    s3_resource(&mut fields, &["s3:getObject", "s3:listObjectsV2"]);
    arguments(&mut fields, language);
    if let Some(mut config) = fields.take("ReaderConfig").and_then(|config| config.fields()) {
        reader_config(&mut config, language);
        config.finish();
    }
    fields.finish();
}

fn reader_config(fields: &mut Fields<'_>, language: Language) {
    let words: [(&'static str, &[&'static str]); 5] = [
        ("InputType", &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]),
        ("CSVHeaderLocation", &["FIRST_ROW", "GIVEN"]),
        ("CSVDelimiter", &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]),
        ("ManifestType", &["ATHENA_DATA", "S3_INVENTORY"]),
        ("Transformation", &["NONE", "LOAD_AND_FLATTEN"]),
    ];
    for (name, words) in words {
        if let Some(word) = fields.take(name) {
            word.one_of(name, words);
        }
    }
    if let Some(headers) = fields.take("CSVHeaders").and_then(|headers| headers.items()) {
        headers.iter().for_each(|header| drop(header.text()));
    }
    if let Some(pointer) = fields.take("ItemsPointer") {
        pointer.text();
    }
    // A negative MaxItems fails when it runs.
    let max_items = fields.take("MaxItems").filter(|count| !field::is_expression(count.value()));
    if let Some(count) = max_items {
        count.expect("Integer", count.value().as_i64());
    }
    if language == Language::JsonPath {
        fields.at_most_one(&["MaxItems", "MaxItemsPath"]);
        fields.take("MaxItemsPath").and_then(|path| field::path(&path));
    }
}

fn item_batcher(cursor: &Cursor<'_>, language: Language) {
    let Some(mut fields) = cursor.fields() else { return };
    let items = ["MaxItemsPerBatch", "MaxItemsPerBatchPath"];
    let bytes = ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
    fields.at_least_one(&[items, bytes].concat());
    field::number_or_path(&mut fields, items, 1..=*COUNT.end(), language);
    field::number_or_path(&mut fields, bytes, 1..=LARGEST_BATCH, language);
    template(fields.take("BatchInput"), language);
    fields.finish();
}

fn result_writer(cursor: &Cursor<'_>, language: Language) {
    let Some(mut fields) = cursor.fields() else { return };
    fields.at_least_one(&["Resource", "WriterConfig"]);
    s3_resource(&mut fields, &["s3:putObject"]);
    arguments(&mut fields, language);
    if let Some(config) = fields.take("WriterConfig") {
        writer_config(&config);
    }
    fields.finish();
}

fn writer_config(cursor: &Cursor<'_>) {
    let Some(mut fields) = cursor.fields() else { return };
    fields.at_least_one(&["Transformation", "OutputType"]);
    if let Some(word) = fields.take("Transformation") {
        word.one_of("Transformation", &["NONE", "COMPACT", "FLATTEN"]);
    }
    if let Some(word) = fields.take("OutputType") {
        word.one_of("OutputType", &["JSON", "JSONL"]);
    }
    fields.finish();
}

/// The `Resource` of a reader or writer: one of the actions of S3, in any partition.
fn s3_resource(fields: &mut Fields<'_>, actions: &[&str]) {
    let Some(cursor) = fields.take("Resource") else { return };
    let Some(arn) = cursor.text() else { return };
    let action = arn.strip_prefix("arn:").and_then(|rest| rest.split_once(":states:::"));
    if !action.is_some_and(|(partition, action)| partition.starts_with("aws") && actions.contains(&action)) {
        task::not_recognized(&cursor, arn);
    }
}

fn arguments(fields: &mut Fields<'_>, language: Language) {
    match language {
        Language::JsonPath => template(fields.take("Parameters"), language),
        Language::Jsonata => template(fields.take("Arguments"), language),
    }
}

fn template(cursor: Option<Cursor<'_>>, language: Language) {
    if let (Some(cursor), Language::JsonPath) = (cursor, language) {
        field::template(&cursor);
    }
}

fn tolerated_percentage(fields: &mut Fields<'_>, [name, path_name]: [&'static str; 2], language: Language) {
    let literal = fields.take(name).filter(|cursor| {
        language == Language::JsonPath || !field::is_expression(cursor.value())
    });
    if let Some(cursor) = literal {
        if cursor.number().is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            cursor.invalid("Value must be between 0 and 100");
        }
    }
    if language == Language::JsonPath {
        fields.at_most_one(&[name, path_name]);
        fields.take(path_name).and_then(|path| field::path(&path));
    }
}
