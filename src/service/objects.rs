//! The objects that Distributed Maps read and write: a bucket store in memory, filled by the test.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Timestamp;

/// Buckets, by name. A bucket is there from the first object that is put into it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects {
    buckets: BTreeMap<Arc<str>, BTreeMap<Arc<str>, Object>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) last_modified: Timestamp,
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Bucket,
    Key,
}

impl Objects {
    pub(crate) fn add_bucket(&mut self, bucket: &str) {
        self.buckets.entry(bucket.into()).or_default();
    }

    /// Takes the place of an object of that key.
    pub(crate) fn put(&mut self, bucket: &str, key: &str, bytes: impl Into<Arc<[u8]>>, now: Timestamp) {
        let object = Object { bytes: bytes.into(), last_modified: now };
        self.buckets.entry(bucket.into()).or_default().insert(key.into(), object);
    }

    pub(crate) fn get(&self, bucket: &str, key: &str) -> Result<&Object, Missing> {
        self.buckets.get(bucket).ok_or(Missing::Bucket)?.get(key).ok_or(Missing::Key)
    }

    /// The objects whose keys begin with `prefix`, in the order of their keys.
    pub(crate) fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<(&Arc<str>, &Object)>, Missing> {
        let bucket = self.buckets.get(bucket).ok_or(Missing::Bucket)?;
        Ok(bucket.iter().filter(|(key, _)| key.starts_with(prefix)).collect())
    }
}
