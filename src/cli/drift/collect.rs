//! The recordings that are meant: files, and whatever is in folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::cassette_file;
use crate::recording::CassetteFile;

/// A recording and where it is.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) path: PathBuf,
    pub(super) file: CassetteFile,
}

/// All of them in order, or a sentence that names what cannot be read.
pub(super) fn collect(paths: &[PathBuf]) -> Result<Vec<Collected>, String> {
    let mut files = Vec::new();
    for path in paths {
        gather(path, &mut files)?;
    }
    if files.is_empty() {
        return Err("there is no *.json in these folders".to_owned());
    }
    let read = |path: PathBuf| Ok(Collected { file: cassette_file::read(&path)?, path });
    files.into_iter().map(read).collect()
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let cannot_read = |error| format!("cannot read {}: {error}", path.display());
    let entries = fs::read_dir(path).map_err(cannot_read)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(cannot_read)?;
    paths.sort();
    for path in paths {
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "json") {
            gather(&path, files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = r#"{"format": "sfn-cassette/1", "interactions": []}"#;

    #[test]
    fn files_are_found_in_folders_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("orders")).unwrap();
        for name in ["b.json", "a.json", "orders/c.json"] {
            fs::write(path(name), EMPTY).unwrap();
        }
        fs::write(path("notes.txt"), "no cassette").unwrap();
        let found = collect(&[folder.path().to_owned(), path("b.json")]).unwrap();
        let found: Vec<_> = found.into_iter().map(|found| found.path).collect();
        assert_eq!(found, [path("a.json"), path("b.json"), path("orders/c.json"), path("b.json")]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert_eq!(collect(&[folder.path().to_owned()]).unwrap_err(), "there is no *.json in these folders");
        let refused = collect(std::slice::from_ref(&path)).unwrap_err();
        assert_eq!(refused, format!("there is no cassette {}", path.display()));
        fs::write(&path, "{}").unwrap();
        let refused = collect(std::slice::from_ref(&path)).unwrap_err();
        let expected = format!(
            "{}: this is no cassette of sfn-testkit: it does not begin with \"format\": \"sfn-cassette/1\"",
            path.display()
        );
        assert_eq!(refused, expected);
    }
}
