//! What a live endpoint answers today to what a cassette has recorded.

mod cassette;
mod compare;
mod endpoint;
mod plan;
mod render;
mod report;
#[cfg(test)]
mod tests;
mod today;
mod update;
mod verify;

pub use endpoint::LiveEndpoint;
#[cfg(feature = "cli")]
pub(crate) use render::all as render_all;
pub use report::{Drift, DriftFormat};
pub(crate) use verify::verify;
