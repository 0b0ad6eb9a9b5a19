//! From the text of a contract file to its clauses, or a sentence that says where it is none.

mod clause;
mod members;
mod setup;
mod step;

pub(super) use clause::read_file;
#[cfg(test)]
pub(super) use clause::{CLAUSE_KEYS, FILE_KEYS};
pub(super) use members::Flaw;
#[cfg(test)]
pub(super) use step::KEYS_OF_STEPS;
