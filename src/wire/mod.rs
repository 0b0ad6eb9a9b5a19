//! Row 6: the AWS JSON 1.0 envelope, bytes to calls and answers to bytes. Knows no resources.

pub(crate) mod request;
pub(crate) mod response;
#[cfg(test)]
mod robustness_tests;

pub(crate) use request::{Origin, Request};
pub(crate) use response::Response;
