//! Whole definitions run by hand: who answers the tasks and moves the clock is the test.

mod harness;
mod limits;
mod nesting;
mod redrive;
mod state_types;
mod tasks;
mod variables;
