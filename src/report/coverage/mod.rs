//! What tests took of definitions: the lines it is written down in, what there is to take, and how that is shown.

mod canonical;
#[cfg(feature = "cli")]
pub(crate) mod counts;
#[cfg(feature = "cli")]
pub(crate) mod definition_coverage;
#[cfg(all(test, feature = "cli"))]
mod fixture;
#[cfg(feature = "cli")]
pub(crate) mod from_history;
#[cfg(feature = "cli")]
pub(crate) mod html;
#[cfg(feature = "cli")]
pub(crate) mod json;
#[cfg(feature = "cli")]
pub(crate) mod lcov;
pub(crate) mod line;
#[cfg(feature = "cli")]
mod picture;
#[cfg(feature = "cli")]
pub(crate) mod point;
#[cfg(feature = "cli")]
pub(crate) mod table;

pub(crate) use canonical::definition_hash;
