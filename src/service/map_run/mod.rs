//! Map Runs: the items of a Distributed Map, each run as an execution of its own.

pub(super) mod batches;
mod child;
mod items;
mod limits;
mod outcome;
mod progress;
mod redrive;
#[cfg(test)]
mod redrive_tests;
mod registry;
mod results;
pub(super) mod run;

pub(super) use child::ChildOf;
pub(super) use items::ItemList;
pub(super) use progress::News;
pub(super) use redrive::redrive_status;
pub(super) use registry::MapRuns;
