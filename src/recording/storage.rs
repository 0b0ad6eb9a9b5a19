//! Files of cassettes on disk: never half written, never lost to another process.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::format::CassetteFile;

/// A cassette; `None` if there is no file, a sentence if it is no cassette.
pub(crate) type Loaded = Result<Option<CassetteFile>, String>;

/// The cassette at this path.
pub(crate) fn load(path: &Path) -> Loaded {
    match fs::read_to_string(path) {
        Ok(text) => {
            CassetteFile::read(&text).map(Some).map_err(|error| format!("{}: {error}", path.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("the cassette {} could not be read: {error}", path.display())),
    }
}

/// Replaces the file with what `write` makes of it, while no other process does the same. Whoever reads it, and whatever
/// happens on the way, finds the old file or the new one. `write` is told what is there, which may be unreadable.
pub(crate) fn update(
    path: &Path,
    write: impl FnOnce(Loaded) -> Result<CassetteFile, String>,
) -> Result<(), String> {
    let unwritten =
        |error: io::Error| format!("the cassette {} could not be written: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritten)?;
    let _lock = Lock::of(path, folder).map_err(unwritten)?;
    let text = write(load(path))?.to_text();
    replace(path, folder, &text).map_err(unwritten)
}

fn replace(path: &Path, folder: &Path, text: &str) -> io::Result<()> {
    let mut file = NamedTempFile::with_prefix_in(".cassette-", folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    share(&file)?;
    file.persist(path)?;
    Ok(())
}

/// Temporary files are for their owner only; a cassette is a file like any other in the repository.
#[cfg(unix)]
fn share(file: &NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn share(_: &NamedTempFile) -> io::Result<()> {
    Ok(())
}

/// Held while a file is read, changed and replaced. On Unix it is a lock on the folder, so that nothing is left behind;
/// elsewhere folders have none, and a file stands beside the cassette meanwhile.
struct Lock {
    _held: File,
    beside: Option<PathBuf>,
}

impl Lock {
    #[cfg(unix)]
    fn of(_: &Path, folder: &Path) -> io::Result<Self> {
        let held = File::open(folder)?;
        held.lock()?;
        Ok(Self { _held: held, beside: None })
    }

    #[cfg(not(unix))]
    fn of(path: &Path, _: &Path) -> io::Result<Self> {
        let beside = path.with_extension("lock");
        let held = File::create(&beside)?;
        held.lock()?;
        Ok(Self { _held: held, beside: Some(beside) })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While another process waits for it the file cannot be removed, and that process will.
        if let Some(beside) = &self.beside {
            let _removed = fs::remove_file(beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::test_tape::{record, start};

    #[test]
    fn a_file_is_made_with_its_folders_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.json");
        assert_eq!(load(&path), Ok(None));
        let file = record(&[start("run-11111111", "{}")]);
        update(&path, |before| {
            assert_eq!(before, Ok(None));
            Ok(file.clone())
        })
        .unwrap();
        assert_eq!(load(&path), Ok(Some(file)));
        let names: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["c.json"]);
    }

    #[test]
    fn a_refused_change_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.json");
        fs::write(&path, "{\"format\":\"sfn-cassette/1\",\"interactions\":[]}").unwrap();
        assert_eq!(update(&path, |_| Err("no".to_owned())), Err("no".to_owned()));
        assert_eq!(load(&path), Ok(Some(CassetteFile::default())));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_flaw_is_told_with_the_path_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.json");
        fs::write(&path, "{}").unwrap();
        let error = load(&path).unwrap_err();
        assert!(error.ends_with("c.json: this is no cassette of sfn-testkit: it does not begin with \"format\": \"sfn-cassette/1\""), "{error}");
    }

    #[test]
    fn threads_that_change_the_same_file_do_not_lose_each_others_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.json");
        let threads = 8;
        std::thread::scope(|scope| {
            for at in 0..threads {
                let path = &path;
                scope.spawn(move || {
                    update(path, |before| {
                        let mut file = before.unwrap().unwrap_or_default();
                        file.vars.insert(format!("name-{at}"), String::new());
                        Ok(file)
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(load(&path).unwrap().unwrap().vars.len(), threads);
    }
}
