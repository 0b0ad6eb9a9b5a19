//! Runs one clause against one target.

mod calls;
mod histories;
mod hook;
mod names;
mod passing;
mod steps;

pub(super) use hook::{Asserted, Hook, Observed};
pub(super) use steps::Run;
