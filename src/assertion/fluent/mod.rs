//! The assertions as a test writes them: chains of methods, each of which holds or panics.

mod assert;
mod branch;
mod events;
mod ledger;
mod outcome;
mod path;
mod state;
mod task;

pub use assert::Assert;
pub(crate) use assert::read;
pub use branch::BranchAssert;
pub use state::StateAssert;
pub use task::TaskAssert;
