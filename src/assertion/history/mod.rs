//! What a flat history of events means: which visit of which state, branch, item and attempt each event belongs to.
//!
//! Nothing but the events is read, no definition, so that histories from AWS can be told as well.

mod attempt;
mod build;
pub(crate) mod details;
mod owner;
mod place;
mod redrive;
mod role;
mod visit;

pub(crate) use attempt::{Attempt, AttemptOutcome, Call};
pub(crate) use role::{Role, StateKind};
pub(crate) use visit::{Place, Visit, VisitEnd, VisitId, Visits};
