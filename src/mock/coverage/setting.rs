//! `SFN_TESTKIT_COVERAGE`: whether coverage is collected, and where.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::mock::artifact_folder::ArtifactFolder;

pub(crate) const VARIABLE: &str = "SFN_TESTKIT_COVERAGE";
/// Below `target/sfn-testkit`.
pub(crate) const FOLDER: &str = "coverage";
/// Below the folder of the counts: each definition once, by its hash.
pub(crate) const DEFINITIONS: &str = "definitions";

/// The folder that the variable asks for. Unset, empty, `0` and `off` ask for none; `1` and `on` for `coverage` in the
/// folder that `artifacts` finds; anything else is the folder.
pub(crate) fn folder(
    value: Option<OsString>,
    artifacts: impl FnOnce() -> Option<ArtifactFolder>,
) -> Option<PathBuf> {
    let value = value.filter(|value| !value.is_empty() && value != "0" && value != "off")?;
    if value == "1" || value == "on" {
        return artifacts().map(|artifacts| artifacts.below(FOLDER).path().to_owned());
    }
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Option<&str>, expected: Option<&str>) {
        let found = folder(value.map(OsString::from), || Some(ArtifactFolder::at("t")));
        assert_eq!(found, expected.map(PathBuf::from), "{value:?}");
    }

    #[test]
    fn the_variable_says_whether_and_where() {
        for off in [None, Some(""), Some("0"), Some("off")] {
            check(off, None);
        }
        let default = std::path::Path::new("t").join("coverage");
        for on in ["1", "on"] {
            check(Some(on), default.to_str());
        }
        check(Some("some/where"), Some("some/where"));
        assert_eq!(folder(Some("1".into()), || None), None);
    }
}
