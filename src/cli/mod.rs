//! Row 9: the `sfn-testkit` command. Only here are arguments and environment variables read, and lines printed.

mod arguments;
mod aws_settings;
mod cassette_file;
mod checked_definition;
mod console;
mod contract_files;
mod coverage;
mod create;
mod definition_files;
mod drift;
mod environment;
mod execute;
mod exit_code;
mod lint;
mod mock;
mod progress;
mod record;
mod refusal;
mod replay;
mod replay_history;
mod report;
mod run;
mod sdk_settings;
mod serve;
mod source;
mod stop_signals;
mod verify;
mod yaml;

#[cfg(feature = "fuzzing")]
pub(crate) use lint::lint_text;
pub use run::main;
