//! `TestState`: which state is tried, what it is told, and how its trial is answered.

pub(super) mod answer;
pub(super) mod context;
mod http;
pub(super) mod mock;
pub(super) mod subject;
#[cfg(test)]
mod tests;
