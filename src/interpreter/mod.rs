//! Row 4: runs a definition: (state, resume) to history events and commands. Pure, synchronous, clockless.

mod abort;
mod assignment;
mod children;
pub(crate) mod command;
mod context_object;
mod data_flow;
mod failing;
mod frame;
mod history;
pub(crate) mod inspection;
mod integration;
pub(crate) mod interpret;
pub(crate) mod map_run;
mod redrive;
mod retry;
mod states;
mod step;
pub(crate) mod tally;
mod task_place;
#[cfg(test)]
mod tests;
