//! The input of the execution: from a file, from the command line, or from standard input.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::Json;

/// Where the input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    File(PathBuf),
    /// The text itself.
    Given(String),
}

impl Input {
    /// `-` is read at once: it can be read only once.
    pub(super) fn of(argument: &str, standard_input: &mut dyn Read) -> Result<Self, String> {
        if argument == "-" {
            let mut text = String::new();
            let read = standard_input.read_to_string(&mut text);
            return match read {
                Ok(_) => Ok(Self::Given(text)),
                Err(error) => Err(format!("cannot read standard input: {error}")),
            };
        }
        let is_file = Path::new(argument).is_file();
        if !is_file && Json::parse(argument).is_ok() || argument.trim_start().starts_with(['{', '[', '"']) {
            return Ok(Self::Given(argument.to_owned()));
        }
        Ok(Self::File(argument.into()))
    }

    /// The JSON text.
    pub(super) fn read(&self) -> Result<String, String> {
        let (name, text) = match self {
            Self::Given(text) => ("the input".to_owned(), text.clone()),
            Self::File(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path).map_err(|error| {
                    format!("cannot read {name}: {error}; --input takes a file, JSON itself, or `-`")
                })?;
                (name, text)
            }
        };
        match Json::parse(&text) {
            Ok(_) => Ok(text),
            Err(error) => {
                let (line, column) = (error.position.line, error.position.column);
                Err(format!("{name} is not JSON: {} (line {line}, column {column})", error.message))
            }
        }
    }

    /// The file that may change.
    pub(super) fn file(&self) -> Option<&Path> {
        if let Self::File(path) = self { Some(path) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(argument: &str, standard_input: &str) -> Result<String, String> {
        Input::of(argument, &mut standard_input.as_bytes()).unwrap().read()
    }

    #[test]
    fn the_input_is_a_file_or_json_or_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("7");
        fs::write(&path, "[1]").unwrap();
        assert_eq!(read(path.to_str().unwrap(), ""), Ok("[1]".to_owned()));
        assert_eq!(read("{\"a\": 1}", ""), Ok("{\"a\": 1}".to_owned()));
        assert_eq!(read("7", ""), Ok("7".to_owned()));
        assert_eq!(read("-", "null"), Ok("null".to_owned()));
    }

    #[test]
    fn what_is_no_input_is_told() {
        let missing = read("no-such-file.json", "").unwrap_err();
        assert!(missing.starts_with("cannot read no-such-file.json: "), "{missing}");
        assert!(missing.ends_with("; --input takes a file, JSON itself, or `-`"), "{missing}");
        assert_eq!(
            read("{\"a\":\n}", ""),
            Err("the input is not JSON: Unexpected character ('}' (code 125)): expected a valid value (JSON String, \
                 Number, Array, Object or token 'null', 'true' or 'false') (line 2, column 1)"
                .to_owned())
        );
    }
}
