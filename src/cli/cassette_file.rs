//! Cassettes as the command reads them.

use std::path::Path;

use crate::recording::{CassetteFile, storage};

/// The cassette in a file, or a sentence that says why there is none.
pub(super) fn read(path: &Path) -> Result<CassetteFile, String> {
    storage::load(path)?.ok_or_else(|| format!("there is no cassette {}", path.display()))
}
