//! What the actions of AWS services answer: the shapes that the results of mocked tasks are checked against.

mod mismatch;
mod shape;
mod table;
mod table_reader;
mod validation;

pub(crate) use mismatch::Mismatch;
pub(crate) use table::{Expected, response_of, result_of};
pub use validation::FieldValidation;
