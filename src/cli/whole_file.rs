//! Files that are there as a whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

/// Writes a file beside the old one, which then takes its place: a process that is killed leaves the old one as it was.
pub(super) fn write(path: &Path, text: &str) -> Result<(), String> {
    let cannot_write = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(cannot_write)?;
    let mut file = new_in(folder).map_err(cannot_write)?;
    file.write_all(text.as_bytes()).map_err(cannot_write)?;
    file.as_file().sync_all().map_err(cannot_write)?;
    file.persist(path).map_err(|error| cannot_write(error.error))?;
    Ok(())
}

/// Others may read it, as any file that is checked in: by itself a temporary file is for its owner alone.
#[cfg(unix)]
fn new_in(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_in(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_its_folder_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recordings/orders/a.json");
        for text in ["one", "two"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write(folder.path(), "text").unwrap_err();
        assert!(refused.starts_with(&format!("cannot write {}: ", folder.path().display())), "{refused}");
    }
}
