//! Every operation against the API model: random requests, sequences of them, and a small model of the resources.
//!
//! `model.txt` is what the service model of AWS says, made apart from the tables of the crate: the tests compare two
//! readings of it.

mod door;
mod generate;
mod histories;
mod model;
mod model_based;
mod oracle;
mod reference;
mod requests;
mod tasks;
mod well_formed;

/// The model's names of constraints, for tests of operations.
const VALIDATION: &str = "com.amazon.coral.validate#ValidationException";
const SERIALIZATION: &str = "SerializationException";
