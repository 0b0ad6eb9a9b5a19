//! All verdicts on a target, and the forms they are written in.

mod format;
mod json;
mod junit;
#[cfg(test)]
mod sample;
mod summary;
mod tap;
mod text;

pub use format::Format;
pub use summary::Report;
