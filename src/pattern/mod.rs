//! Row 2: JSON patterns, the one language in which assertions, contracts and cassettes say what a payload must be.
//!
//! A JSON value matches itself; an object with exactly one key that starts with `$` stands for many values.

pub mod any;
mod build;
mod compare;
mod read;
mod resolve;

pub use build::{includes, literal, matching};
pub(crate) use compare::Difference;
#[cfg(feature = "contracts")]
pub(crate) use read::Kind;
pub(crate) use read::{InvalidPattern, Pattern};
