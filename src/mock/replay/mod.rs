//! Recorded executions are run again, against another definition, and compared with what they were.

mod compare;
mod difference;
mod ending;
mod known;
mod path;
mod replayed;
mod replayer;
mod run;
mod sameness;

pub use difference::{Difference, Kind};
pub use replayed::Replayed;
pub use replayer::{InvalidDefinition, Replayer};
