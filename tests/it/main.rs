//! Integration tests.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

// `MockSfn` as its users see it, through the real SDK client.
#[cfg(feature = "sdk")]
mod mock;
