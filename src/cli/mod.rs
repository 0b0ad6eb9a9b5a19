//! Row 9: the `sfn-testkit` command. Only here are arguments and environment variables read, and lines printed.

mod arguments;
mod aws_settings;
mod console;
mod contract_files;
mod create;
mod definition_files;
mod environment;
mod mock;
mod run;
mod sdk_settings;
mod serve;
mod stop_signals;
mod verify;
mod yaml;

pub use run::main;
