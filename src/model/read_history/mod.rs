//! Recorded histories: the text that `GetExecutionHistory` answered, read back into events.

mod documents;
mod event;
mod history;
mod invalid;
mod log_events;
mod record;
#[cfg(test)]
mod tests;
mod timestamps;

pub(crate) use history::RecordedHistory;
pub use invalid::InvalidHistory;
