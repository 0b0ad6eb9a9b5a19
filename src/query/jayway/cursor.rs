//! A place in the text of a path, and the ways to move it.

use super::PathSyntaxError;

/// Filters, `!` and function arguments may nest this deep: far beyond use, and no danger for the stack.
const MAX_DEPTH: usize = 50;

#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    /// Byte offset, always at a character boundary.
    at: usize,
    depth: usize,
    /// Set by a construct that AWS's linters let pass but no evaluation survives.
    refusal: Option<String>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, refusal: None }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The text from an earlier place up to here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Like [`eat`](Self::eat), with blanks allowed before.
    pub(super) fn eat_significant(&mut self, wanted: &str) -> bool {
        let start = self.at;
        self.skip_blanks();
        let found = self.eat(wanted);
        if !found {
            self.at = start;
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|c| c.is_ascii_whitespace());
    }

    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Runs a reader one level deeper; refuses texts that nest beyond all reason.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, PathSyntaxError>,
    ) -> Result<T, PathSyntaxError> {
        if self.depth == MAX_DEPTH {
            return self.fail(format!("The path nests deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Result<T, PathSyntaxError> {
        Err(PathSyntaxError(message.into()))
    }

    /// Lets parsing go on, but not evaluation: reading the path gives this message.
    pub(super) fn refuse(&mut self, message: String) {
        self.refusal.get_or_insert(message);
    }

    pub(super) fn into_refusal(self) -> Option<String> {
        self.refusal
    }
}
