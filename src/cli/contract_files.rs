//! The contract files of users.

use std::fs;
use std::path::{Path, PathBuf};

use crate::contract::Contracts;

/// The clauses of all files, and of all `*.json` files in and below folders.
pub(super) fn read_all(paths: &[PathBuf]) -> Result<Contracts, String> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, true, &mut files)?;
    }
    if files.is_empty() {
        return Err("there are no *.json files in these folders".to_owned());
    }
    let files = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Contracts::read_all(files).map_err(|invalid| invalid.to_string())
}

fn collect(path: &Path, is_named: bool, files: &mut Vec<(String, String)>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(told)?.collect::<Result<Vec<_>, _>>().map_err(told)?;
        let mut below: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
        below.sort();
        return below.iter().try_for_each(|path| collect(path, false, files));
    }
    if is_named || path.extension().is_some_and(|extension| extension == "json") {
        files.push((path.display().to_string(), fs::read_to_string(path).map_err(told)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(id: &str) -> String {
        format!(
            r#"{{"topic":"t","clauses":[{{"id":"{id}","claim":"c","source":["s"],"evidence":"recorded","steps":[{{"call":"ListActivities"}}]}}]}}"#
        )
    }

    #[test]
    fn files_below_folders_are_read_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/x.json"), contract("two")).unwrap();
        fs::write(folder.path().join("a.json"), contract("one")).unwrap();
        fs::write(folder.path().join("README.md"), "no contract").unwrap();
        let contracts = read_all(&[folder.path().to_owned()]).unwrap();
        let ids: Vec<_> = contracts.clauses().map(|clause| clause.id().to_owned()).collect();
        assert_eq!(ids, ["one", "two"]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let refused = read_all(&["/no/such.json".into()]).unwrap_err();
        assert!(refused.starts_with("cannot read /no/such.json: "), "{refused}");
        let folder = tempfile::tempdir().unwrap();
        let refused = read_all(&[folder.path().to_owned()]).unwrap_err();
        assert_eq!(refused, "there are no *.json files in these folders");
        let file = folder.path().join("a.json");
        fs::write(&file, contract("One")).unwrap();
        let refused = read_all(std::slice::from_ref(&file)).unwrap_err();
        let expected = "/clauses/0/id: `One` is no id: write lower-case words joined by `-`";
        assert_eq!(refused, format!("{}: {expected}", file.display()));
    }
}
