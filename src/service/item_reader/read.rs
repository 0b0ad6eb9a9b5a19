//! From what an `ItemReader` asks for to the items.

use std::borrow::Cow;
use std::sync::Arc;

use super::failing::{failed, missing};
use super::{csv, gzip, json, listing, manifest};
use crate::asl::distributed_map::{InputType, ItemFormat, ReadAction};
use crate::interpreter::map_run::ReadRequest;
use crate::model::{Failure, Json};
use crate::service::map_run::ItemList;
use crate::service::objects::Objects;

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The items, no more than are asked for.
pub(in crate::service) fn read(request: &ReadRequest, objects: &Objects) -> Result<ItemList, Failure> {
    let Ok(most) = usize::try_from(request.max_items) else {
        return Err(failed("field MaxItems must be positive"));
    };
    let argument = |name| request.arguments.get(name).and_then(Json::as_str);
    let Some(bucket) = argument("Bucket") else {
        return Err(failed("The parameters of the ItemReader name no Bucket."));
    };
    let format = &request.format;
    let list = match format.action {
        ReadAction::ListObjects { flatten } => {
            let prefix = argument("Prefix").unwrap_or_default();
            if flatten {
                let items = listing::flattened(objects, (bucket, prefix), format)?;
                ItemList::new(items, format!("S3://{bucket}/{prefix}"))
            } else {
                ItemList::new(listing::objects(objects, bucket, prefix)?, format!("S3://{bucket}"))
            }
        }
        ReadAction::GetObject => {
            let Some(key) = argument("Key") else {
                return Err(failed("The parameters of the ItemReader name no Key."));
            };
            let text = text(objects, bucket, key)?;
            let items = match format.manifest {
                Some(kind) => manifest::items_of(objects, &text, kind, format)?,
                None => items(&text, format)?,
            };
            ItemList::new(items, format!("S3://{bucket}/{key}"))
        }
    };
    Ok(list.limited(most))
}

/// The items in one file.
pub(in crate::service) fn items(text: &str, format: &ItemFormat) -> Result<Json, Failure> {
    match format.input_type {
        InputType::Csv => csv::items(text, &format.csv),
        InputType::Json => json::items(text, format.items_pointer.as_deref()),
        InputType::JsonLines => json::lines(text),
    }
}

/// The text of an object, decompressed if it is compressed.
pub(super) fn text(objects: &Objects, bucket: &str, key: &str) -> Result<Arc<str>, Failure> {
    let object = objects.get(bucket, key).map_err(|what| missing(what, bucket, key))?;
    let bytes = if object.bytes.starts_with(&gzip::MAGIC) {
        let damaged = || failed(format!("s3://{bucket}/{key} is no readable GZIP file."));
        Cow::Owned(gzip::decompressed(&object.bytes).ok_or_else(damaged)?)
    } else {
        Cow::Borrowed(&*object.bytes)
    };
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(failed(format!("s3://{bucket}/{key} is no text in UTF-8."))),
    }
}
