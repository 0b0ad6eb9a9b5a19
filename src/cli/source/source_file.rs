//! A file that was read, and where its lines begin.

use std::fs;
use std::path::Path;

use super::Span;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Notation {
    Json,
    Yaml,
}

/// The text of a file, and what messages call it.
#[derive(Debug)]
pub(in crate::cli) struct SourceFile {
    pub(in crate::cli) name: String,
    pub(in crate::cli) text: String,
    pub(in crate::cli) notation: Notation,
    /// Byte offsets.
    line_starts: Vec<usize>,
}

/// Where something stands, counted from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Position {
    pub(in crate::cli) line: usize,
    pub(in crate::cli) column: usize,
}

impl SourceFile {
    /// By its extension a file is YAML, or else JSON.
    pub(in crate::cli) fn read(path: &Path) -> Result<Self, String> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let notation = if is_yaml { Notation::Yaml } else { Notation::Json };
        Ok(Self::new(path.display().to_string(), text, notation))
    }

    pub(in crate::cli) fn new(name: String, text: String, notation: Notation) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { name, text, notation, line_starts }
    }

    /// The position of a byte; of the end, for one that lies behind it.
    pub(in crate::cli) fn position(&self, offset: usize) -> Position {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    /// The byte at a position, which may lie behind the end of its line.
    pub(in crate::cli) fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        start + rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>()
    }

    /// A line without its end, and its span.
    pub(in crate::cli) fn line(&self, number: usize) -> (&str, Span) {
        let start = self.line_starts.get(number.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.line_starts.get(number).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
        (line, start..start + line.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let file = SourceFile::new("a".to_owned(), "ä1\r\nxyz\n".to_owned(), Notation::Json);
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
        assert_eq!(file.position(2), Position { line: 1, column: 2 });
        assert_eq!(file.position(6), Position { line: 2, column: 2 });
        assert_eq!(file.position(99), Position { line: 3, column: 1 });
        assert_eq!((file.offset(1, 2), file.offset(2, 2), file.offset(9, 1)), (2, 6, 9));
        assert_eq!(file.line(1), ("ä1", 0..3));
        assert_eq!(file.line(2), ("xyz", 5..8));
        assert_eq!(file.line(7), ("", 9..9));
    }
}
