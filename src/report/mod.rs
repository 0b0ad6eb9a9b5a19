//! Pictures of definitions and executions, and what tests took of them: strings made of strings, no file, environment or clock.

pub(crate) mod coverage;
#[cfg(test)]
mod dump_tests;
pub(crate) mod graph;
pub(crate) mod layout;
pub(crate) mod svg;
