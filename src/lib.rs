//! Test kit for AWS Step Functions.

#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, reason = "while the layers are being built")]

mod asl;
mod assertion;
mod interpreter;
mod model;
mod pattern;
mod query;
mod service;
mod wire;

pub use assertion::{Assert, Execution, StateAssert, TaskAssert};
pub use model::IntoDuration;
pub use pattern::{any, includes, literal, matching};
