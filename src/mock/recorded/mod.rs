//! Recorded executions answer the tasks of a mock as the real services answered theirs.

mod call;
mod collect;
mod execution;
mod install;
mod nearest;
mod playback;
mod tasks;

pub(super) use playback::Playback;
pub use tasks::RecordedTasks;
