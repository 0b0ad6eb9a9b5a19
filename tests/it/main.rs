//! The one integration crate: everything that is tested from outside, a module per subject.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a failed unwrap or slice is a failed test")]

/// Rules of the house that neither rustc nor clippy can check.
mod tidy;
