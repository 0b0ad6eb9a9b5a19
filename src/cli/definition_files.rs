//! The definitions in a folder: which files they are, and what their names say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::yaml;
use crate::model::StateMachineType;

/// A definition, read but not understood.
#[derive(Debug)]
pub(super) struct DefinitionFile {
    pub(super) path: PathBuf,
    /// Of the state machine.
    pub(super) name: String,
    pub(super) kind: StateMachineType,
    /// JSON, or what should be.
    pub(super) text: String,
}

/// How a definition is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    Json,
    Yaml,
}

const SUFFIXES: &[(&str, Notation)] =
    &[(".asl.json", Notation::Json), (".asl.yaml", Notation::Yaml), (".asl.yml", Notation::Yaml)];

const EXPRESS: &str = ".express";

/// The definitions right in these folders, by name of the state machine.
pub(super) fn read_all(folders: &[PathBuf]) -> Result<Vec<DefinitionFile>, String> {
    let mut files: BTreeMap<String, DefinitionFile> = BTreeMap::new();
    for folder in folders {
        for path in paths_in(folder)? {
            let Some(file) = read(&path)? else { continue };
            if let Some(other) = files.get(&file.name) {
                let (name, one, two) = (&file.name, other.path.display(), path.display());
                return Err(format!("{one} and {two} both define the state machine `{name}`"));
            }
            files.insert(file.name.clone(), file);
        }
    }
    Ok(files.into_values().collect())
}

/// In order of their names, whatever order the file system has.
fn paths_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let cannot_read = |error| format!("cannot read {}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(cannot_read)?;
    let mut paths: Vec<_> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(cannot_read)?;
    paths.sort();
    Ok(paths)
}

/// `None` for a file that is no definition by its name.
fn read(path: &Path) -> Result<Option<DefinitionFile>, String> {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((name, kind, notation)) = understand(&file_name) else { return Ok(None) };
    let cannot_read = |error: String| format!("cannot read {}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| cannot_read(error.to_string()))?;
    let text = match notation {
        Notation::Json => text,
        Notation::Yaml => yaml::parse(&text).map_err(cannot_read)?.to_text(),
    };
    Ok(Some(DefinitionFile { path: path.to_owned(), name: name.to_owned(), kind, text }))
}

/// What the name of a file says of the state machine in it; of any file.
pub(super) fn name_and_type(path: &Path) -> (String, StateMachineType) {
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    match understand(&file_name) {
        Some((name, kind, _)) => (name.to_owned(), kind),
        None => {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            (stem.into_owned(), StateMachineType::Standard)
        }
    }
}

/// What a file name says: `pay.express.asl.yaml` is the EXPRESS state machine `pay`, written in YAML.
fn understand(file_name: &str) -> Option<(&str, StateMachineType, Notation)> {
    let (stem, notation) = SUFFIXES
        .iter()
        .find_map(|(suffix, notation)| file_name.strip_suffix(suffix).map(|stem| (stem, *notation)))?;
    let (name, kind) = match stem.strip_suffix(EXPRESS) {
        Some(name) => (name, StateMachineType::Express),
        None => (stem, StateMachineType::Standard),
    };
    (!name.is_empty()).then_some((name, kind, notation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_says_what_it_is() {
        let standard = StateMachineType::Standard;
        assert_eq!(understand("pay.asl.json"), Some(("pay", standard, Notation::Json)));
        assert_eq!(understand("pay.v2.asl.yml"), Some(("pay.v2", standard, Notation::Yaml)));
        assert_eq!(
            understand("pay.express.asl.yaml"),
            Some(("pay", StateMachineType::Express, Notation::Yaml))
        );
        for other in ["pay.json", "asl.json", ".asl.json", ".express.asl.json", "pay.asl.json.bak"] {
            assert_eq!(understand(other), None, "{other}");
        }
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn definitions_are_found_in_order_and_yaml_becomes_json() {
        let folder = folder(&[("b.asl.yaml", "StartAt: A"), ("a.asl.json", "{ }"), ("README.md", "")]);
        let files = read_all(&[folder.path().to_owned()]).unwrap();
        let found: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.text.as_str())).collect();
        assert_eq!(found, [("a", "{ }"), ("b", r#"{"StartAt":"A"}"#)]);
    }

    #[test]
    fn two_files_for_one_state_machine_are_refused() {
        let folder = folder(&[("a.asl.json", "{}"), ("a.asl.yml", "{}")]);
        let error = read_all(&[folder.path().to_owned()]).unwrap_err();
        assert!(error.ends_with("a.asl.yml both define the state machine `a`"), "{error}");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let error = read_all(&["/no/such/folder".into()]).unwrap_err();
        assert!(error.starts_with("cannot read /no/such/folder: "), "{error}");
        let folder = folder(&[("a.asl.yaml", "a: [")]);
        let error = read_all(&[folder.path().to_owned()]).unwrap_err();
        assert!(error.contains("a.asl.yaml: did not find expected node content"), "{error}");
    }
}
