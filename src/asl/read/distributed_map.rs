//! The fields that only Distributed Maps have. They are checked, but not kept: we do not run them yet.

use super::cursor::{Cursor, Fields};
use super::field;
use super::jsonata;
use super::map::COUNT;
use super::report::Language;
use super::state::StateReader;
use super::task;
use crate::asl::diagnostic::DiagnosticCode;

const LONGEST_LABEL: usize = 40;
const LARGEST_BATCH: u64 = 262_144;

type Reader = fn(&Cursor<'_>, Language);

/// Whether the Map has such fields.
pub(super) fn read(state: &mut StateReader<'_, '_>) -> bool {
    let language = state.language;
    let fields = &mut state.fields;
    let readers: [(&'static str, Reader); 4] = [
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
    let headers = fields.take("CSVHeaders").filter(|headers| !field::is_expression(headers.value()));
    if let Some(headers) = headers.and_then(|headers| headers.items()) {
        for header in headers {
            header.text();
        }
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
    template(&mut fields, "BatchInput", language);
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
        Language::JsonPath => template(fields, "Parameters", language),
        Language::Jsonata => template(fields, "Arguments", language),
    }
}

fn template(fields: &mut Fields<'_>, name: &'static str, language: Language) {
    let cursor = fields.take(name);
    match (cursor, language) {
        (Some(cursor), Language::JsonPath) => drop(field::template(&cursor)),
        (Some(cursor), Language::Jsonata) => drop(jsonata::template(&cursor, name, &[])),
        (None, _) => {}
    }
}

fn tolerated_percentage(fields: &mut Fields<'_>, [name, path_name]: [&'static str; 2], language: Language) {
    let literal = fields
        .take(name)
        .filter(|cursor| language == Language::JsonPath || !field::is_expression(cursor.value()));
    if let Some(cursor) = literal
        && cursor.number().is_some_and(|percentage| !(0.0..=100.0).contains(&percentage))
    {
        cursor.invalid("Value must be between 0 and 100");
    }
    if language == Language::JsonPath {
        fields.at_most_one(&[name, path_name]);
        fields.take(path_name).and_then(|path| field::path(&path));
    }
}

#[cfg(test)]
mod tests {
    use crate::asl::read::tests::{check_schema, check_state};

    fn map(fields: &str) -> String {
        format!(
            r#"{{"Type":"Map","End":true,"ItemProcessor":{{"StartAt":"A","States":{{"A":{{"Type":"Succeed"}}}}}},{fields}}}"#
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
        check_state(&map(r#""Label":"orders-2024_(a)""#), &["not emulated: Distributed Map at ~"]);
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
    fn readers_are_checked() {
        for (fields, message) in [
            (r#""ItemReader":{}"#, "These fields are required: [Resource] at ~/ItemReader"),
            (
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:putObject"}"#,
                "The resource provided arn:aws:states:::s3:putObject is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at ~/ItemReader/Resource",
            ),
            (
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"XML"}}"#,
                "The field 'InputType' should have one of these values: [CSV, JSON, JSONL, PARQUET, MANIFEST] at ~/ItemReader/ReaderConfig/InputType",
            ),
            (
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"MaxItems":1,"MaxItemsPath":"$.m"}}"#,
                "Only one of these fields is allowed: [MaxItems, MaxItemsPath] at ~/ItemReader/ReaderConfig",
            ),
            (
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"CSVHeaders":["a",1]}}"#,
                "Expected value of type String at ~/ItemReader/ReaderConfig/CSVHeaders[1]",
            ),
            (
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Arguments":{}}"#,
                "Field 'Arguments' is not supported at ~/ItemReader",
            ),
        ] {
            check_schema(&map(fields), &[message]);
        }
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

    #[test]
    fn what_is_right_is_not_emulated() {
        for fields in [
            r#""ItemReader":{"Resource":"arn:aws-cn:states:::s3:listObjectsV2","Parameters":{"Bucket.$":"$.b"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"],"MaxItems":-1}}"#,
            r#""ItemBatcher":{"MaxItemsPerBatch":2,"MaxInputBytesPerBatchPath":"$.b","BatchInput":{"a.$":"$.a"}}"#,
            r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{},"WriterConfig":{"Transformation":"FLATTEN"}}"#,
            r#""ToleratedFailurePercentage":0.5,"ToleratedFailureCountPath":"$.c""#,
        ] {
            check_state(&map(fields), &["not emulated: Distributed Map at ~"]);
        }
    }
}
