//! Why items cannot be read, in AWS's words where these are known.

use crate::model::Failure;
use crate::model::failure::error_name;
use crate::service::objects::Missing;

pub(super) fn failed(cause: impl Into<String>) -> Failure {
    Failure::new(error_name::ITEM_READER_FAILED, cause.into())
}

/// S3's sentence, and what the author of the test can do about it.
pub(super) fn missing(what: Missing, bucket: &str, key: &str) -> Failure {
    let (sentence, code) = match what {
        Missing::Bucket => ("The specified bucket does not exist", "NoSuchBucket"),
        Missing::Key => ("The specified key does not exist.", "NoSuchKey"),
    };
    failed(format!(
        "{sentence} (Service: Amazon S3; Status Code: 404; Error Code: {code}). sfn-testkit reads objects from its own store: put it there with sfn.objects().put({bucket:?}, {key:?}, …)"
    ))
}

pub(super) fn not_iterable() -> Failure {
    failed("Attempting to map over non-iterable node.")
}
