//! What a Distributed Map has beside the fields of every Map: where its items come from, and how their executions run.

use std::sync::Arc;

use super::definition::{Definition, Number};
use crate::model::StateMachineType;
use crate::query::{Expression, Path, PayloadTemplate};

/// The part of a Map whose processor runs as executions of its own.
#[derive(Debug)]
pub(crate) struct DistributedMap {
    /// As it is given; one is made up if it is not.
    pub(crate) label: Option<Arc<str>>,
    pub(crate) child_type: StateMachineType,
    /// What each child execution runs.
    pub(crate) processor: Definition,
    /// `ItemProcessor` as JSON text.
    pub(crate) processor_text: Arc<str>,
    /// `None`: the items come from the state's input.
    pub(crate) reader: Option<ItemReader>,
    pub(crate) batcher: Option<ItemBatcher>,
    pub(crate) writer: Option<ResultWriter>,
    pub(crate) tolerated_failure_count: Option<Number>,
    pub(crate) tolerated_failure_percentage: Option<Percentage>,
}

/// A percentage that is written out, found in the state's input at a path, or computed.
#[derive(Debug)]
pub(crate) enum Percentage {
    Fixed(f64),
    At(Path),
    Computed(Expression),
}

/// Items out of a bucket.
#[derive(Debug)]
pub(crate) struct ItemReader {
    /// `Bucket`, and `Key` or `Prefix`.
    pub(crate) parameters: Option<PayloadTemplate>,
    pub(crate) max_items: MaxItems,
    pub(crate) format: ItemFormat,
}

/// How many items are read at most; 0 is no limit, and less than 0 fails the Map Run.
#[derive(Debug)]
pub(crate) enum MaxItems {
    Fixed(i64),
    At(Path),
    Computed(Expression),
}

/// What is read, and how items come out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemFormat {
    pub(crate) action: ReadAction,
    pub(crate) input_type: InputType,
    pub(crate) csv: CsvFormat,
    /// The object is a manifest, which lists the files that hold the items.
    pub(crate) manifest: Option<ManifestType>,
    /// A JSON pointer to the array or object in a JSON file.
    pub(crate) items_pointer: Option<Arc<str>>,
}

/// The two ways to read a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadAction {
    GetObject,
    /// The items are the objects of the listing, or with `flatten` the items in them.
    ListObjects {
        flatten: bool,
    },
}

/// What the files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputType {
    Csv,
    Json,
    JsonLines,
}

/// Who wrote a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ManifestType {
    S3Inventory,
    /// The result of an Athena UNLOAD: the address of one data file on each line.
    AthenaData,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CsvFormat {
    /// `None`: the first row has them.
    pub(crate) headers: Option<Vec<Arc<str>>>,
    pub(crate) delimiter: char,
}

/// Several items for each child execution.
#[derive(Debug)]
pub(crate) struct ItemBatcher {
    pub(crate) max_items: Option<Number>,
    pub(crate) max_bytes: Option<Number>,
    pub(crate) batch_input: Option<PayloadTemplate>,
}

/// What becomes of the results.
#[derive(Debug)]
pub(crate) struct ResultWriter {
    /// `Bucket` and `Prefix` of the files; `None`: the results are the output of the state.
    pub(crate) destination: Option<PayloadTemplate>,
    pub(crate) format: ResultFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResultFormat {
    pub(crate) transformation: Transformation,
    /// One result a line in place of one array.
    pub(crate) lines: bool,
}

/// What is shown of each result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transformation {
    /// The whole execution.
    None,
    /// Its output.
    Compact,
    /// The items of its output, if that is an array.
    Flatten,
}
