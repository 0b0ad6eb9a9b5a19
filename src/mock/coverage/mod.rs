//! Coverage: what executions took of their definitions is written where `sfn-testkit coverage` finds it.

mod collect;
mod file;
mod setting;

pub(crate) use file::CoverageFile;
#[cfg(feature = "cli")]
pub(crate) use setting::{DEFINITIONS, FOLDER, VARIABLE, folder};
