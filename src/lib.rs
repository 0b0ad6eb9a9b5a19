//! Test kit for AWS Step Functions.

#![forbid(unsafe_code)]
#![allow(dead_code, unused_imports, reason = "while the layers are being built")]

mod asl;
mod assertion;
mod interpreter;
mod model;
mod query;
mod service;
mod wire;
