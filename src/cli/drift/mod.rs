//! `sfn-testkit drift`: whether an endpoint still answers as cassettes say.

mod arguments;
mod collect;
mod command;
mod updating;

pub(super) use arguments::DriftArguments;
pub(super) use command::drift;
