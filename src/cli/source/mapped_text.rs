//! A text that was put together from pieces of a file: unescaped, joined, with placeholders in it. It knows where in the
//! file each piece stands.

use super::Span;

/// The text, and its pieces in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::cli) struct MappedText {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// Where it begins in the text.
    at: usize,
    source: Span,
    /// Whether the source has the very same bytes; otherwise the piece as a whole stands for the source as a whole.
    verbatim: bool,
}

impl MappedText {
    /// The whole text of a file.
    pub(in crate::cli) fn of_file(text: &str) -> Self {
        let mut whole = Self::default();
        whole.push_verbatim(text, 0);
        whole
    }

    /// Text that stands in the file as it is, from this byte on.
    pub(in crate::cli) fn push_verbatim(&mut self, text: &str, source_start: usize) {
        self.push_piece(text, source_start..source_start + text.len(), true);
    }

    /// Text that stands for something else in the file.
    pub(in crate::cli) fn push_replacement(&mut self, text: &str, source: Span) {
        self.push_piece(text, source, false);
    }

    /// A part of another text of the same file.
    pub(in crate::cli) fn push_part(&mut self, other: &Self, part: Span) {
        let ends = other.pieces.iter().skip(1).map(|piece| piece.at).chain([other.text.len()]);
        for (piece, end) in other.pieces.iter().zip(ends) {
            let (from, to) = (piece.at.max(part.start), end.min(part.end));
            let Some(text) = other.text.get(from..to).filter(|text| !text.is_empty()) else { continue };
            if piece.verbatim {
                self.push_verbatim(text, piece.source.start + (from - piece.at));
            } else {
                self.push_replacement(text, piece.source.clone());
            }
        }
    }

    fn push_piece(&mut self, text: &str, source: Span, verbatim: bool) {
        let at = self.text.len();
        self.text.push_str(text);
        let continues = self
            .pieces
            .last()
            .is_some_and(|last| last.verbatim && verbatim && last.source.end == source.start);
        match self.pieces.last_mut().filter(|_| continues) {
            Some(last) => last.source.end = source.end,
            None if text.is_empty() => {}
            None => self.pieces.push(Piece { at, source, verbatim }),
        }
    }

    pub(in crate::cli) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where in the file a part of the text has its origin.
    pub(in crate::cli) fn source_of(&self, part: Span) -> Span {
        let start = self.piece_at(part.start).map_or(0, |piece| {
            if piece.verbatim { piece.source.start + (part.start - piece.at) } else { piece.source.start }
        });
        let last = part.end.saturating_sub(1).max(part.start);
        let end = self.piece_at(last).map_or(start, |piece| {
            if piece.verbatim { piece.source.start + (part.end - piece.at) } else { piece.source.end }
        });
        start..end.max(start)
    }

    fn piece_at(&self, offset: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.at <= offset);
        self.pieces.get(after.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_where_its_pieces_come_from() {
        let mut text = MappedText::default();
        text.push_verbatim("ab", 10);
        text.push_verbatim("cd", 12);
        text.push_replacement("PLACEHOLDER", 14..18);
        text.push_verbatim("ef", 30);
        assert_eq!(text.as_str(), "abcdPLACEHOLDERef");
        assert_eq!(text.source_of(1..3), 11..13);
        assert_eq!(text.source_of(3..5), 13..18);
        assert_eq!(text.source_of(6..8), 14..18);
        assert_eq!(text.source_of(15..16), 30..31);
        assert_eq!(text.source_of(16..17), 31..32);
        assert_eq!(text.source_of(2..2), 12..12);
    }

    #[test]
    fn a_part_of_a_text_keeps_its_origins() {
        let mut text = MappedText::default();
        text.push_verbatim("abc", 10);
        text.push_replacement("XY", 20..25);
        text.push_verbatim("def", 30);
        let mut part = MappedText::default();
        part.push_part(&text, 1..7);
        assert_eq!(part.as_str(), "bcXYde");
        assert_eq!(part.source_of(0..1), 11..12);
        assert_eq!(part.source_of(2..4), 20..25);
        assert_eq!(part.source_of(5..6), 31..32);
        assert_eq!(MappedText::default().source_of(0..3), 0..0);
    }
}
