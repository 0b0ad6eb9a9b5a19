//! Row 3: Amazon States Language text to a typed definition, or diagnostics. Pure.

pub(crate) mod choice_rule;
pub(crate) mod definition;
pub(crate) mod diagnostic;
pub(crate) mod resource;
pub(crate) mod retrier;

mod stub_reader;
pub(crate) use stub_reader::read_definition;
