//! Cassettes as the command reads them.

use std::fs;
use std::path::Path;

use crate::recording::CassetteFile;

/// The cassette in a file, or a sentence that says why there is none.
pub(super) fn read(path: &Path) -> Result<CassetteFile, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    CassetteFile::read(&text).map_err(|flaw| format!("{shown}: {flaw}"))
}
