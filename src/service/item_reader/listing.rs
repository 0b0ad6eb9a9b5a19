//! The objects of a bucket as items, and the items in all of them.

use md5::{Digest, Md5};

use super::failing::missing;
use super::read::{items, text};
use crate::asl::distributed_map::ItemFormat;
use crate::model::{Failure, Json};
use crate::service::objects::{Object, Objects};

/// One item for each object, as S3 lists it.
pub(super) fn objects(objects: &Objects, bucket: &str, prefix: &str) -> Result<Json, Failure> {
    let listed = objects.list(bucket, prefix).map_err(|what| missing(what, bucket, prefix))?;
    Ok(Json::array(listed.into_iter().map(|(key, object)| item(key, object)).collect()))
}

fn item(key: &str, object: &Object) -> Json {
    Json::from_members([
        ("Etag", Json::from(etag(&object.bytes))),
        ("Key", Json::from(key)),
        ("LastModified", Json::from(object.last_modified.as_millis().div_euclid(1000))),
        ("Size", Json::from(object.bytes.len())),
        ("StorageClass", Json::from("STANDARD")),
    ])
}

/// The MD5 of the bytes, in quotes.
fn etag(bytes: &[u8]) -> String {
    let mut etag = String::from("\"");
    for byte in Md5::digest(bytes) {
        for nibble in [byte >> 4, byte & 0xF] {
            etag.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    etag + "\""
}

/// The items of all files of the listing, one after the other.
pub(super) fn flattened(
    objects: &Objects,
    (bucket, prefix): (&str, &str),
    format: &ItemFormat,
) -> Result<Json, Failure> {
    let listed = objects.list(bucket, prefix).map_err(|what| missing(what, bucket, prefix))?;
    let mut all = Vec::new();
    for (key, _) in listed {
        extend(&mut all, &items(&text(objects, bucket, key)?, format)?);
    }
    Ok(Json::array(all))
}

/// Puts the items of one file behind those of others; those of an object as keys and values.
pub(super) fn extend(all: &mut Vec<Json>, items: &Json) {
    match items.as_array() {
        Some(items) => all.extend(items.iter().cloned()),
        None => all.extend(items.as_object().into_iter().flatten().map(|(key, value)| {
            Json::from_members([("Key", Json::string(key.clone())), ("Value", value.clone())])
        })),
    }
}
