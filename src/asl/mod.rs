//! Row 3: Amazon States Language text to a typed definition, or diagnostics. Pure.

pub(crate) mod choice_rule;
#[cfg(test)]
mod corpus_tests;
pub(crate) mod definition;
mod diagnose;
pub(crate) mod diagnostic;
pub(crate) mod distributed_map;
mod integrations;
mod read;
pub(crate) mod resource;
pub(crate) mod retrier;
mod warnings;
pub(crate) mod way;

pub(crate) use diagnose::diagnose;
pub(crate) use read::read_definition;
