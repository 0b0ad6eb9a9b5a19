//! `sfn-testkit replay`: serves what a cassette has recorded.

mod arguments;
mod command;
mod player;

pub(super) use arguments::ReplayArguments;
pub(super) use command::replay;
pub(super) use player::{HOLD, HOLDS, no_answer, played};
