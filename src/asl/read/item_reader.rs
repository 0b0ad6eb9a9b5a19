//! `ItemReader`: what is read, and how items come out of it.

use std::sync::Arc;

use super::cursor::{Cursor, Fields};
use super::distributed_map::{arguments, s3_resource};
use super::report::Language;
use super::{field, jsonata};
use crate::asl::distributed_map::{
    CsvFormat, InputType, ItemFormat, ItemReader, ManifestType, MaxItems, ReadAction,
};

/// `ItemReader`.
pub(super) fn read(cursor: &Cursor<'_>, language: Language) -> Option<ItemReader> {
    let mut fields = cursor.fields()?;
    fields.require(&["Resource"]);
    let action = s3_resource(&mut fields, &["s3:getObject", "s3:listObjectsV2"]);
    let parameters = arguments(&mut fields, language);
    let config = fields.take("ReaderConfig").and_then(|config| config.fields());
    fields.finish();
    let (config, max_items) = match config {
        Some(mut config) => {
            let read = reader_config(&mut config);
            let max_items = max_items(&mut config, language);
            config.finish();
            (read, max_items)
        }
        None => (ReaderConfig::default(), MaxItems::Fixed(0)),
    };
    let action = match action? {
        "s3:listObjectsV2" => ReadAction::ListObjects { flatten: config.flatten },
        _ => ReadAction::GetObject,
    };
    Some(ItemReader { parameters, max_items, format: config.into_format(action) })
}

/// `ReaderConfig`, word for word.
#[derive(Debug, Default)]
struct ReaderConfig {
    input_type: Option<&'static str>,
    header_location: Option<&'static str>,
    delimiter: Option<&'static str>,
    manifest_type: Option<&'static str>,
    flatten: bool,
    headers: Vec<Arc<str>>,
    items_pointer: Option<Arc<str>>,
}

fn reader_config(fields: &mut Fields<'_>) -> ReaderConfig {
    let mut word = |name: &'static str, words: &[&'static str]| {
        fields.take(name).and_then(|cursor| cursor.one_of(name, words))
    };
    let input_type = word("InputType", &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]);
    let header_location = word("CSVHeaderLocation", &["FIRST_ROW", "GIVEN"]);
    let delimiter = word("CSVDelimiter", &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]);
    let manifest_type = word("ManifestType", &["ATHENA_DATA", "S3_INVENTORY"]);
    let flatten = word("Transformation", &["NONE", "LOAD_AND_FLATTEN"]) == Some("LOAD_AND_FLATTEN");
    if input_type == Some("PARQUET") {
        fields.cursor().not_emulated("PARQUET files in an ItemReader");
    }
    let headers = fields.take("CSVHeaders").filter(|headers| {
        let is_computed = field::is_expression(headers.value());
        if is_computed {
            headers.not_emulated("JSONata expressions in CSVHeaders");
        }
        !is_computed
    });
    let headers = headers.and_then(|headers| headers.items()).unwrap_or_default();
    let headers = headers.iter().filter_map(|header| header.text()).map(Arc::from).collect();
    let items_pointer = fields.take("ItemsPointer").and_then(|pointer| pointer.text()).map(Arc::from);
    ReaderConfig { input_type, header_location, delimiter, manifest_type, flatten, headers, items_pointer }
}

impl ReaderConfig {
    fn into_format(self, action: ReadAction) -> ItemFormat {
        let given = self.header_location == Some("GIVEN")
            || (self.header_location.is_none() && !self.headers.is_empty());
        let delimiter = match self.delimiter {
            Some("PIPE") => '|',
            Some("SEMICOLON") => ';',
            Some("SPACE") => ' ',
            Some("TAB") => '\t',
            Some(_) | None => ',',
        };
        let manifest = match (self.manifest_type, self.input_type) {
            (Some("ATHENA_DATA"), _) => Some(ManifestType::AthenaData),
            (Some(_), _) | (None, Some("MANIFEST")) => Some(ManifestType::S3Inventory),
            (None, _) => None,
        };
        let input_type = match self.input_type {
            Some("CSV") => InputType::Csv,
            Some("JSONL") => InputType::JsonLines,
            // The files that a manifest lists are CSV, unless something else is said.
            Some("MANIFEST") => InputType::Csv,
            Some(_) | None => InputType::Json,
        };
        ItemFormat {
            action,
            input_type,
            csv: CsvFormat { headers: given.then_some(self.headers), delimiter },
            manifest,
            items_pointer: self.items_pointer,
        }
    }
}

fn max_items(fields: &mut Fields<'_>, language: Language) -> MaxItems {
    let count = fields.take("MaxItems");
    if language == Language::Jsonata
        && let Some(cursor) = count.as_ref().filter(|count| field::is_expression(count.value()))
    {
        let expression = jsonata::expression(cursor, "ItemReader/ReaderConfig/MaxItems");
        return expression.map_or(MaxItems::Fixed(0), MaxItems::Computed);
    }
    // A negative MaxItems fails when it runs.
    let fixed = count.and_then(|count| count.expect("Integer", count.value().as_i64()));
    if language == Language::JsonPath {
        fields.at_most_one(&["MaxItems", "MaxItemsPath"]);
        if let Some(path) = fields.take("MaxItemsPath").and_then(|path| field::path(&path)) {
            return MaxItems::At(path);
        }
    }
    MaxItems::Fixed(fixed.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::distributed_map::tests::{map, read_map};
    use crate::asl::read::tests::{check_schema, check_state};

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
    fn a_reader_says_what_is_read_and_how() {
        let map = read_map(
            r#""ItemReader":{"Resource":"arn:aws-cn:states:::s3:getObject","Parameters":{"Bucket.$":"$.b"},"ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a"],"CSVDelimiter":"PIPE","MaxItems":-1}}"#,
        );
        let reader = map.reader.as_ref().unwrap();
        assert!(reader.parameters.is_some() && matches!(reader.max_items, MaxItems::Fixed(-1)));
        let format = &reader.format;
        assert_eq!((format.action, format.input_type), (ReadAction::GetObject, InputType::Csv));
        assert_eq!(format.csv, CsvFormat { headers: Some(vec!["a".into()]), delimiter: '|' });
        let listing = read_map(
            r#""ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","ReaderConfig":{"InputType":"JSONL","Transformation":"LOAD_AND_FLATTEN","MaxItemsPath":"$.m"}}"#,
        );
        let listing = listing.reader.as_ref().unwrap();
        assert_eq!(listing.format.action, ReadAction::ListObjects { flatten: true });
        assert_eq!(listing.format.input_type, InputType::JsonLines);
        assert!(matches!(&listing.max_items, MaxItems::At(path) if &**path.text() == "$.m"));
    }

    #[test]
    fn a_manifest_is_an_inventory_unless_it_is_athenas() {
        let format = |config: &str| {
            let reader = format!(
                r#""ItemReader":{{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{{{config}}}}}"#
            );
            let format = read_map(&reader).reader.as_ref().unwrap().format.clone();
            (format.manifest, format.input_type)
        };
        assert_eq!(format(r#""InputType":"MANIFEST""#), (Some(ManifestType::S3Inventory), InputType::Csv));
        assert_eq!(
            format(r#""InputType":"JSONL","ManifestType":"ATHENA_DATA""#),
            (Some(ManifestType::AthenaData), InputType::JsonLines)
        );
        assert_eq!(format(r#""InputType":"JSON""#), (None, InputType::Json));
    }

    #[test]
    fn parquet_files_are_not_emulated() {
        check_state(
            &map(
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"PARQUET"}}"#,
            ),
            &["not emulated: PARQUET files in an ItemReader at ~/ItemReader/ReaderConfig"],
        );
    }
}
