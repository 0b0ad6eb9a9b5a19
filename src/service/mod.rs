//! Row 5: the operations, the resources they act on, and the scheduling of executions.

pub(crate) mod account;
mod activity;
pub(crate) mod activity_tasks;
#[cfg(test)]
mod activity_tests;
mod alias;
mod call;
mod configuration;
mod constraint;
mod dispatch;
mod error;
mod execution;
#[cfg(test)]
mod fixture;
mod item_reader;
mod lookup;
mod map_run;
#[cfg(test)]
mod map_run_tests;
pub(crate) mod objects;
mod operation;
mod page;
mod scheduling;
mod start;
mod state_machine;
mod taggable;
mod tags;
pub(crate) mod task_call;
#[cfg(test)]
mod time_tests;
mod timetable;
pub(crate) mod token;
