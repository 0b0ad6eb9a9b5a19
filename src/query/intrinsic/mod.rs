//! Intrinsic functions: `States.Format('Hello {}', $.name)`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html>

mod arguments;
mod array;
mod encoding;
mod format_template;
mod function;
pub(super) mod hash;
mod json;
mod math;
mod parser;
mod string;
mod uuid;

mod call;

#[cfg(test)]
mod check;

pub(super) use call::Intrinsic;
