//! Row 9: what "as AWS does" means: clauses that say what calls must be answered with, and the runner that checks them.

mod bundled;
mod challenge;
mod clause;
#[cfg(all(test, feature = "server"))]
mod clause_tests;
mod collection;
mod door;
mod evidence;
mod expectation;
mod ledger;
mod mutant;
mod need;
mod patience;
mod place;
mod read;
mod report;
mod run;
mod schema;
mod setting;
mod step;
#[cfg(test)]
mod step_tests;
mod target;
mod template;
mod usage;
mod verdict;

pub use bundled::bundled;
pub use challenge::Weakness;
pub use clause::Clause;
pub use collection::{Contracts, InvalidContract};
pub use door::{Door, Exchange, InProcess, ResponseFuture};
#[cfg(feature = "server")]
pub use door::{OverDuplex, OverTcp};
pub use evidence::Evidence;
pub use need::Need;
pub use report::{Format, Report};
pub use schema::json_schema;
pub use target::Target;
pub use verdict::{Breach, Outcome, Verdict};
