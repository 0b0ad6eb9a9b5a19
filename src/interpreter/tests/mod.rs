//! Whole definitions run by hand: who answers the tasks and moves the clock is the test.

mod harness;
#[cfg(feature = "jsonata")]
mod jsonata;
#[cfg(feature = "jsonata")]
mod jsonata_failures;
mod limits;
mod nesting;
mod redrive;
mod state_types;
mod tally;
mod tasks;
mod variables;
