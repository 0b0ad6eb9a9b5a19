//! Row 9: cassettes. Calls of Step Functions are recorded once and replayed, without the network and in any order.
//!
//! `Recorder` and `Replayer` are pure: calls and answers in, a `CassetteFile` or answers out.

mod age;
mod bind;
mod cassette;
#[cfg(test)]
mod cassette_content_tests;
#[cfg(test)]
mod cassette_tests;
mod dependency;
mod discover;
#[cfg(feature = "server")]
mod drift;
mod effect;
pub(crate) mod fixture;
mod format;
mod from_cassette;
mod http;
mod interaction;
mod matching;
mod merge;
mod miss;
mod mode;
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
pub(crate) mod storage;
mod tape;
mod template;
mod test_name;
#[cfg(test)]
mod test_stage;
#[cfg(test)]
mod test_tape;
mod variable;

pub use cassette::Cassette;
#[cfg(feature = "server")]
pub use drift::{Drift, DriftFormat, LiveEndpoint};
pub use mode::RecordMode;
pub use schema::json_schema;

#[cfg(feature = "cli")]
pub(crate) use {
    age::today,
    drift::{render_all, verify},
    miss::Miss,
    mode::Plan,
    replayer::Answer,
    tape::{Step, Tape},
};
#[cfg(any(test, feature = "cli"))]
pub(crate) use {format::CassetteFile, recorder::RecorderSettings, redaction::Redaction, replayer::Replayer};
