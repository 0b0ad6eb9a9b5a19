//! JSON as Step Functions carries it: our own value, its reader and its writer.

mod convert;
mod parse;
mod value;
mod write;

pub(crate) use parse::{JsonError, KeyPath};
pub(crate) use value::{Json, Map};
