//! Regular expressions of filters: `/.*rees/i`, which must match the whole text.

use regex_lite::{Regex, RegexBuilder};

use super::cursor::Cursor;
use super::json_path::PathSyntaxError;

/// Of a compiled pattern. Matching takes time by the pattern's size and the text's length: nested counts such as
/// `((a{1,99}){1,99}` would make it minutes.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
}

impl Pattern {
    /// The pattern at `/`, with its flags.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, PathSyntaxError> {
        cursor.bump();
        let mut source = String::new();
        loop {
            match cursor.bump() {
                Some('/') => break,
                Some('\\') if cursor.eat("/") => source.push('/'),
                Some('\\') => {
                    source.push('\\');
                    source.extend(cursor.bump());
                }
                Some(c) => source.push(c),
                None => return cursor.fail("Pattern not closed. Expected / "),
            }
        }
        let flags = cursor.take_while(|c| c.is_ascii_alphabetic());
        match build(&source, flags) {
            Ok(regex) => Ok(Self { regex }),
            Err(reason) => cursor.fail(format!("The pattern /{source}/{flags} cannot be used: {reason}")),
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

fn build(source: &str, flags: &str) -> Result<Regex, String> {
    // Alone first, so that `a)(b` cannot close the group around it.
    with_flags(source, flags)?;
    with_flags(&format!(r"\A(?:{source})\z"), flags)
}

/// Java's flags, as far as they have a meaning here: `u` and `d` change nothing that we match.
fn with_flags(source: &str, flags: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(source);
    builder.size_limit(MOST_BYTES);
    for flag in flags.chars() {
        match flag {
            'i' => builder.case_insensitive(true),
            'm' => builder.multi_line(true),
            's' => builder.dot_matches_new_line(true),
            'x' => builder.ignore_whitespace(true),
            'd' | 'u' | 'U' => &mut builder,
            other => return Err(format!("unknown flag {other}")),
        };
    }
    builder.build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(&mut Cursor::new(pattern)).unwrap().matches(text)
    }

    #[test]
    fn a_pattern_matches_the_whole_text() {
        assert!(matches("/a|ab/", "ab"));
        assert!(!matches("/a/", "ab"));
        assert!(matches("/a.*/", "ab"));
        assert!(!matches("/a/m", "a\nb"));
    }

    #[test]
    fn flags_and_escaped_slashes_are_read() {
        assert!(matches("/A B/i", "a b"));
        assert!(matches(r"/a\/\d+/", "a/12"));
        assert!(matches("/a.b/s", "a\nb"));
    }

    #[test]
    fn what_cannot_be_compiled_is_refused() {
        for pattern in ["/a", "/(/", "/a)(b/", "/(?=a)/", "/a/q", "/\\", "/a{1000}{1000}{1000}/"] {
            assert!(Pattern::parse(&mut Cursor::new(pattern)).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_takes_minutes_is_refused() {
        for pattern in ["/(((a{1,99}){1,99}){1,99})/", "/(.{1,100}){1,100}/"] {
            assert!(Pattern::parse(&mut Cursor::new(pattern)).is_err(), "{pattern}");
        }
        assert!(matches(r"/[\w.+-]{1,64}@[\w-]+(\.[\w-]+)*/i", "A.b@example.com"));
    }
}
