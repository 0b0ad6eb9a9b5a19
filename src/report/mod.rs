//! Pictures of definitions and executions: strings made of strings, no file, environment or clock.

#[cfg(test)]
mod dump_tests;
pub(crate) mod graph;
pub(crate) mod layout;
pub(crate) mod svg;
