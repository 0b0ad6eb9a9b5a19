//! `sfn-testkit record`: a proxy on this machine that records what an endpoint answers.

mod arguments;
mod command;
mod gate;
mod key;
mod proxy;
#[cfg(test)]
mod proxy_tests;
mod taping;
mod upstream;

pub(super) use arguments::RecordArguments;
pub(super) use command::record;
