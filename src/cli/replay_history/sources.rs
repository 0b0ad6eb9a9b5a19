//! Where the histories are: files, lines of files, standard input.

use std::fs;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::read_history::RecordedHistory;

/// The text of one history, or where it is.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// `histories/a.json`, `histories/all.jsonl:17`
    pub(super) name: String,
    text: Text,
}

#[derive(Debug, Clone)]
enum Text {
    /// Read when it is needed: there may be very many.
    File(PathBuf),
    Line {
        all: Arc<str>,
        range: Range<usize>,
    },
    /// Put together from the lines of a log.
    Whole(String),
}

impl Source {
    pub(super) fn read(&self) -> Result<String, String> {
        match &self.text {
            Text::File(path) => fs::read_to_string(path).map_err(|error| format!("cannot read it: {error}")),
            Text::Whole(text) => Ok(text.clone()),
            Text::Line { all, range } => Ok(all.get(range.clone()).unwrap_or_default().to_owned()),
        }
    }
}

/// All histories, in an order that only depends on names and lines.
pub(super) fn sources(paths: &[PathBuf], standard_input: &mut dyn Read) -> Result<Vec<Source>, String> {
    let mut found = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let mut text = String::new();
            standard_input
                .read_to_string(&mut text)
                .map_err(|error| format!("cannot read standard input: {error}"))?;
            found.extend(lines("standard input", &text));
        } else if path.is_dir() {
            let before = found.len();
            search(path, &mut found)?;
            if found.len() == before {
                return Err(format!(
                    "there is no history in {}: no *.json, *.jsonl or *.ndjson",
                    path.display()
                ));
            }
        } else {
            add(path, &mut found)?;
        }
    }
    Ok(found)
}

/// The files below a folder, by name. Links to folders are not followed: they may lead in circles.
fn search(folder: &Path, found: &mut Vec<Source>) -> Result<(), String> {
    let cannot_read = |error| format!("cannot read {}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(cannot_read)?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().map_err(cannot_read)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type().map_err(cannot_read)?.is_dir() {
            search(&path, found)?;
        } else if has_extension(&path, &["json", "jsonl", "ndjson"]) {
            add(&path, found)?;
        }
    }
    Ok(())
}

fn add(path: &Path, found: &mut Vec<Source>) -> Result<(), String> {
    let name = path.display().to_string();
    if has_extension(path, &["jsonl", "ndjson"]) {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        found.extend(lines(&name, &text));
    } else if path.is_file() {
        found.push(Source { name, text: Text::File(path.to_owned()) });
    } else {
        return Err(format!("there is no file {name}"));
    }
    Ok(())
}

fn has_extension(path: &Path, known: &[&str]) -> bool {
    path.extension().is_some_and(|extension| known.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn lines(name: &str, text: &str) -> Vec<Source> {
    if let Some(executions) = RecordedHistory::texts_in_log(text) {
        let of = |(arn, text): (String, String)| {
            let execution = arn.splitn(7, ':').nth(6).unwrap_or_default();
            Source { name: format!("{name} ({execution})"), text: Text::Whole(text) }
        };
        return executions.into_iter().map(of).collect();
    }
    let all: Arc<str> = text.into();
    let mut start = 0;
    let mut found = Vec::new();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let range = start..start + line.len();
        start = range.end;
        if !line.trim().is_empty() {
            let text = Text::Line { all: Arc::clone(&all), range };
            found.push(Source { name: format!("{name}:{}", number + 1), text });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(paths: &[PathBuf], input: &str) -> Result<Vec<(String, String)>, String> {
        let found = sources(paths, &mut input.as_bytes())?;
        Ok(found.iter().map(|source| (source.name.clone(), source.read().unwrap())).collect())
    }

    #[test]
    fn files_of_folders_come_by_name_and_lines_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        write("b.json", "B");
        write("a/c.jsonl", "1\n\n2");
        write("readme.md", "no");
        let found = told(&[folder.path().to_owned(), "-".into()], "x\r\ny\n").unwrap();
        let root = folder.path().display();
        let expected = [
            (format!("{root}/a/c.jsonl:1"), "1\n"),
            (format!("{root}/a/c.jsonl:3"), "2"),
            (format!("{root}/b.json"), "B"),
            ("standard input:1".to_owned(), "x\r\n"),
            ("standard input:2".to_owned(), "y\n"),
        ];
        assert_eq!(found, expected.map(|(name, text)| (name, text.to_owned())));
    }

    #[test]
    fn a_log_has_a_history_for_each_execution() {
        let line = |id: u64, name: &str| {
            format!(
                "{{\"id\":\"{id}\",\"type\":\"X\",\"execution_arn\":\"arn:aws:states:r:1:express:orders:{name}:u\"}}\n"
            )
        };
        let log = [line(1, "a"), line(1, "b"), line(2, "a")].concat();
        let found = told(&["-".into()], &log).unwrap();
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["standard input (orders:a:u)", "standard input (orders:b:u)"]);
        assert_eq!(found[0].1.matches("\"id\"").count(), 2);
    }

    #[test]
    fn what_is_not_there_is_told() {
        assert_eq!(told(&["no.json".into()], "").unwrap_err(), "there is no file no.json");
        assert!(told(&["no.jsonl".into()], "").unwrap_err().starts_with("cannot read no.jsonl: "));
        let folder = tempfile::tempdir().unwrap();
        let refused = told(&[folder.path().to_owned()], "").unwrap_err();
        assert!(refused.starts_with("there is no history in "), "{refused}");
    }
}
