//! The folder that tests have counted into.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::mock::artifact_folder::{ArtifactFolder, Whereabouts};
use crate::mock::coverage::{DEFINITIONS, FOLDER};
use crate::report::coverage::counts::Collected;

/// Where the counts are.
#[derive(Debug)]
pub(super) struct CountsFolder {
    pub(super) path: PathBuf,
}

/// What says where they are, if nobody says it on the command line.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// `SFN_TESTKIT_COVERAGE`
    pub(super) coverage: Option<OsString>,
    /// `SFN_TESTKIT_DIR` and `CARGO_TARGET_DIR`; the package is where the command runs.
    pub(super) whereabouts: Whereabouts,
}

impl Surroundings {
    pub(super) fn of_this_process() -> Self {
        let whereabouts = Whereabouts {
            executable: None,
            package: std::env::current_dir().ok().map(PathBuf::into_os_string),
            ..Whereabouts::of_this_process()
        };
        Self { coverage: std::env::var_os(crate::mock::coverage::VARIABLE), whereabouts }
    }
}

impl CountsFolder {
    pub(super) fn find(given: Option<&Path>, surroundings: &Surroundings) -> Self {
        if let Some(given) = given {
            return Self { path: given.to_owned() };
        }
        let artifacts = || ArtifactFolder::find(&surroundings.whereabouts);
        let named = surroundings
            .coverage
            .clone()
            .and_then(|value| crate::mock::coverage::folder(Some(value), artifacts));
        let default = || artifacts().map(|artifacts| artifacts.below(FOLDER).path().to_owned());
        Self { path: named.or_else(default).unwrap_or_else(|| PathBuf::from(FOLDER)) }
    }

    /// For a process that may run elsewhere.
    pub(super) fn absolute(&self) -> PathBuf {
        std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    /// Removes what was counted, and nothing else that may be there. Says how many files that were.
    pub(super) fn clean(&self) -> Result<usize, String> {
        let counts = files(&self.path, "jsonl")?;
        let definitions = files(&self.path.join(DEFINITIONS), "json")?;
        for file in counts.iter().chain(&definitions) {
            fs::remove_file(file).map_err(|error| format!("cannot remove {}: {error}", file.display()))?;
        }
        Ok(counts.len())
    }

    /// All that was counted.
    pub(super) fn read(&self) -> Result<Collected, String> {
        let mut collected = Collected::default();
        for file in files(&self.path, "jsonl")? {
            // A process that was killed may have left half of a character.
            let bytes =
                fs::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
            let added = collected.add(&String::from_utf8_lossy(&bytes));
            added.map_err(|why| format!("cannot read {}: {why}", file.display()))?;
        }
        Ok(collected)
    }

    /// The text of a definition that was run.
    pub(super) fn definition(&self, hash: &str) -> Result<String, String> {
        let path = self.path.join(DEFINITIONS).join(format!("{hash}.json"));
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    }
}

/// Files with this extension, by name. A folder that is not there has none.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let cannot_read = |error| format!("cannot read {}: {error}", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot_read(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(cannot_read)?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_the_given_one_or_the_one_that_tests_write_into() {
        let top = tempfile::tempdir().unwrap();
        let mut surroundings = Surroundings {
            coverage: None,
            whereabouts: Whereabouts {
                package: Some(top.path().join("crates").join("orders").into()),
                ..Whereabouts::default()
            },
        };
        fs::create_dir(top.path().join("target")).unwrap();
        fs::write(top.path().join("target").join("CACHEDIR.TAG"), "").unwrap();
        let default = top.path().join("target").join("sfn-testkit").join("coverage");
        assert_eq!(CountsFolder::find(None, &surroundings).path, default);
        assert_eq!(CountsFolder::find(Some(Path::new("x")), &surroundings).path, Path::new("x"));
        for (value, expected) in [("1", default.as_path()), ("0", &default), ("named", Path::new("named"))] {
            surroundings.coverage = Some(value.into());
            assert_eq!(CountsFolder::find(None, &surroundings).path, expected, "{value}");
        }
    }

    #[test]
    fn only_counts_are_removed() {
        let top = tempfile::tempdir().unwrap();
        let folder = CountsFolder { path: top.path().join("coverage") };
        assert_eq!(folder.clean(), Ok(0), "a folder that is not there is clean");
        fs::create_dir_all(folder.path.join(DEFINITIONS)).unwrap();
        for name in ["1-0.jsonl", "mine.txt", "definitions/a.json"] {
            fs::write(folder.path.join(name), "").unwrap();
        }
        assert_eq!(folder.clean(), Ok(1));
        let left: Vec<_> =
            fs::read_dir(&folder.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
        assert_eq!(fs::read_dir(folder.path.join(DEFINITIONS)).unwrap().count(), 0);
    }
}
