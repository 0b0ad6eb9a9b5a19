//! Manifests: files that list the files with the items.

use std::sync::Arc;

use super::csv;
use super::failing::failed;
use super::listing::extend;
use super::read::{items, text};
use crate::asl::distributed_map::{CsvFormat, ItemFormat, ManifestType};
use crate::model::{Failure, Json};
use crate::service::objects::Objects;

/// The items of all files that a manifest lists.
pub(super) fn items_of(
    objects: &Objects,
    manifest: &str,
    kind: ManifestType,
    format: &ItemFormat,
) -> Result<Json, Failure> {
    let mut all = Vec::new();
    match kind {
        ManifestType::AthenaData => {
            for address in manifest.lines().map(str::trim).filter(|line| !line.is_empty()) {
                let address = address.trim_matches('"');
                let Some((bucket, key)) = address.strip_prefix("s3://").and_then(|at| at.split_once('/'))
                else {
                    return Err(failed(format!(
                        "The manifest lists {address}, which is not s3://bucket/key."
                    )));
                };
                extend(&mut all, &items(&text(objects, bucket, key)?, format)?);
            }
        }
        ManifestType::S3Inventory => {
            let inventory = Inventory::read(manifest).ok_or_else(no_inventory)?;
            for key in &inventory.keys {
                let rows = text(objects, &inventory.bucket, key)?;
                extend(&mut all, &csv::items(&rows, &inventory.format)?);
            }
        }
    }
    Ok(Json::array(all))
}

/// `manifest.json` of an S3 inventory.
struct Inventory {
    bucket: String,
    keys: Vec<Arc<str>>,
    format: CsvFormat,
}

impl Inventory {
    fn read(manifest: &str) -> Option<Self> {
        let manifest = Json::parse(manifest).ok()?;
        let text = |name| manifest.get(name).and_then(Json::as_str);
        let bucket = text("destinationBucket").or(text("sourceBucket"))?;
        let headers = text("fileSchema")?.split(',').map(|header| Arc::from(header.trim())).collect();
        let files = manifest.get("files")?.as_array()?;
        let keys =
            files.iter().map(|file| file.get("key")?.as_str().map(Arc::from)).collect::<Option<_>>()?;
        Some(Self {
            bucket: bucket.rsplit(':').next().unwrap_or(bucket).to_owned(),
            keys,
            format: CsvFormat { headers: Some(headers), delimiter: ',' },
        })
    }
}

fn no_inventory() -> Failure {
    failed(
        "The manifest is not one of an S3 inventory in CSV: it needs destinationBucket, fileSchema and files with their keys.",
    )
}
