//! Row 8: what is shown of executions, and counted of definitions, as text. Reads no clock, writes no file.

pub(crate) mod coverage;
