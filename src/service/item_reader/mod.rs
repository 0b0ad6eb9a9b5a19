//! `ItemReader`: items out of objects.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

mod csv;
mod failing;
mod gzip;
mod json;
mod listing;
mod manifest;
mod read;

pub(super) use read::{items, read};
