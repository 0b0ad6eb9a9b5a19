//! `sfn-testkit run`: one execution of a definition, told as it goes.

mod arguments;
mod command;
mod input;
mod outcome;
mod prepared;
mod unmocked;
mod watch;

pub(super) use arguments::RunArguments;
pub(super) use command::run;
