//! The engine behind JSONata expressions: the crate jsonata-core, made to agree with version 2.0.6 of the reference
//! implementation. Nothing outside this module knows that crate.

mod bindings;
mod convert;
mod encoding;
mod error_text;
mod functions;
#[cfg(test)]
mod golden_tests;
mod guard;
#[cfg(test)]
mod hostile_tests;
mod inspect;
mod overrides;
mod program;
mod regex_dialect;
mod rewrite;
mod syntax;
mod walk;

pub(super) use bindings::Bindings;
pub(super) use program::Program;
