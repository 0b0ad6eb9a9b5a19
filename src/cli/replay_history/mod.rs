//! `sfn-testkit replay-history`: whether recorded executions would go the same way with another definition.

mod arguments;
mod command;
mod partition;
mod report;
mod sources;
mod structured_report;
mod text_report;
mod work;

pub(super) use arguments::ReplayHistoryArguments;
pub(super) use command::replay_history;
