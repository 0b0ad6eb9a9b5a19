//! Assertions as a test makes them: on histories that hold, and on the same histories with one thing changed.

/// Executions that are fetched by a client, or read from a file.
mod elsewhere;
/// A history to be changed.
mod history;
/// No assertion holds of everything: each is tried on a history that is almost right.
mod mutations;
/// The same assertions in tables of cases.
mod tables;
/// Executions and calls of a whole mock.
mod whole_mock;
