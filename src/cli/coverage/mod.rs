//! `sfn-testkit coverage`: what the tests took of state machine definitions, and what they never did.

mod arguments;
mod command;
mod counts_folder;
mod histories;
#[cfg(test)]
mod history_tests;
mod lines;
mod matched;
mod report;
mod sources;

pub(super) use arguments::CoverageArguments;
pub(super) use command::coverage;
