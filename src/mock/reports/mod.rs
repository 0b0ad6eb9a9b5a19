//! Pages about executions, written into files: on demand, and for tests that fail.

mod setting;
mod write;

pub use setting::Reports;
pub(crate) use write::Reporter;
