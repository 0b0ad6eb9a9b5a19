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
pub(crate) mod coverage;
mod dispatch;
mod error;
mod execution;
mod family;
#[cfg(test)]
mod fixture;
mod item_reader;
mod lookup;
mod map_run;
#[cfg(test)]
mod map_run_tests;
pub(crate) mod nested;
pub(crate) mod objects;
mod operation;
mod outlook;
#[cfg(feature = "server")]
pub(crate) mod overview;
mod page;
mod redrive;
pub(crate) mod result_shape;
mod scheduling;
mod start;
mod state_machine;
mod taggable;
mod tags;
pub(crate) mod task_call;
mod test_state;
#[cfg(test)]
mod time_tests;
mod timetable;
#[cfg(test)]
mod timetable_tests;
pub(crate) mod token;
