//! Whether the events of a history are as a pattern says: a small regular language over events.

mod pattern;
mod program;
mod shows_events;

pub(crate) use pattern::Sequence;
pub use pattern::{EventPattern, event, events};
pub(crate) use shows_events::ShowsEvents;
