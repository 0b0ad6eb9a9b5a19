//! Row 2: JSON patterns, the one language in which assertions, contracts and cassettes say what a payload must be.
//!
//! A JSON value matches itself; an object with exactly one key that starts with `$` stands for many values.

pub mod any;
mod build;
mod compare;
mod range;
mod read;
mod resolve;
mod unordered;

pub use build::{
    absent, all_of, contains_item, ends_with, includes, json_text, literal, matching, not, of_length, one_of,
    starts_with, unordered,
};
pub(crate) use compare::Difference;
#[cfg(feature = "contracts")]
pub(crate) use read::Kind;
pub(crate) use read::{InvalidPattern, Pattern};
