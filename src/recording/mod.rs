//! Row 9: cassettes. Calls of Step Functions are recorded once and replayed, without the network and in any order.
//!
//! `Recorder` and `Replayer` are pure: calls and answers in, a `CassetteFile` or answers out.

#![cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the cassette of the Rust client uses it next")
)]

mod bind;
mod dependency;
mod discover;
#[cfg(feature = "server")]
mod drift;
mod effect;
mod format;
mod interaction;
mod matching;
mod miss;
mod nested;
#[cfg(test)]
mod properties;
mod read;
mod recorder;
#[cfg(test)]
mod recorder_tests;
mod redaction;
mod replayer;
#[cfg(test)]
mod replayer_tests;
mod schema;
mod secrets;
mod template;
#[cfg(test)]
mod test_tape;
mod variable;

#[cfg(feature = "server")]
pub use drift::{Drift, DriftFormat, LiveEndpoint};
#[cfg(feature = "cli")]
pub(crate) use drift::{render_all, verify};
pub(crate) use format::{CassetteFile, InvalidCassette};
pub(crate) use interaction::Interaction;
pub(crate) use miss::Miss;
pub(crate) use recorder::{Recorder, RecorderSettings};
pub(crate) use redaction::Redaction;
pub(crate) use replayer::{Answer, Replayer};
pub use schema::json_schema;
pub(crate) use secrets::SecretFound;
