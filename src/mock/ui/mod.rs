//! The web UI of a served mock: pages beside the API, which see what is there and make the same calls as other clients.

mod door;
mod gate;
mod overview;
mod query;

pub(crate) use door::WithUi;
