//! Standard output and standard error. Colours reach terminals only, and not with `NO_COLOR`.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use clap::builder::styling::{AnsiColor, Style};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Where lines go. Clones write to the same places.
#[derive(Clone)]
pub(super) struct Console {
    out: Stream,
    err: Stream,
    /// Somebody watches standard error.
    is_watched: bool,
}

type Stream = Arc<Mutex<dyn Write + Send>>;

impl Console {
    pub(super) fn standard() -> Self {
        Self {
            out: Arc::new(Mutex::new(anstream::stdout())),
            err: Arc::new(Mutex::new(anstream::stderr())),
            is_watched: std::io::stderr().is_terminal(),
        }
    }

    /// What the user asked for.
    pub(super) fn say(&self, text: impl Display) {
        write_line(&self.out, text);
    }

    /// What the user should know, although it goes on.
    pub(super) fn warn(&self, text: impl Display) {
        write_line(&self.err, format_args!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Why it cannot go on.
    pub(super) fn fail(&self, text: impl Display) {
        write_line(&self.err, format_args!("{ERROR}error:{ERROR:#} {text}"));
    }

    /// That a part of long work is done; where nobody watches, and a log is all there is.
    pub(super) fn milestone(&self, text: impl Display) {
        if !self.is_watched {
            write_line(&self.err, text);
        }
    }

    /// How far it is, on a line that the next one replaces; for terminals only.
    pub(super) fn progress(&self, text: impl Display) {
        if self.is_watched {
            rewrite_line(&self.err, text);
        }
    }

    /// Leaves nothing of the progress behind.
    pub(super) fn forget_progress(&self) {
        self.progress("");
    }

    /// The same, in words and colours of clap's.
    pub(super) fn complain(&self, text: impl Display) {
        write_line(&self.err, text);
    }
}

/// Writes the line at once: who started us may wait for it. Nobody may read it any more, which does not matter.
fn write_line(stream: &Stream, text: impl Display) {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    let text = text.to_string();
    let _unread = writeln!(stream, "{}", text.trim_end()).and_then(|()| stream.flush()).is_err();
}

fn rewrite_line(stream: &Stream, text: impl Display) {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    let _unread = write!(stream, "\r\x1b[K{text}").and_then(|()| stream.flush()).is_err();
}

/// What a console for tests was given, without colours.
#[cfg(test)]
pub(super) struct Written {
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
}

#[cfg(test)]
impl Written {
    pub(super) fn out(&self) -> String {
        plain(&self.out)
    }

    pub(super) fn err(&self) -> String {
        plain(&self.err)
    }
}

#[cfg(test)]
fn plain(bytes: &Mutex<Vec<u8>>) -> String {
    anstream::adapter::strip_bytes(&bytes.lock().unwrap()).into_vec().try_into().unwrap()
}

#[cfg(test)]
impl Console {
    pub(super) fn for_test() -> (Self, Written) {
        let written = Written { out: Arc::default(), err: Arc::default() };
        let (out, err) = (Arc::clone(&written.out) as Stream, Arc::clone(&written.err) as Stream);
        (Self { out, err, is_watched: false }, written)
    }

    /// As if standard error was a terminal.
    pub(super) fn watched(self) -> Self {
        Self { is_watched: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_complaints_go_different_ways() {
        let (console, written) = Console::for_test();
        console.say("one\ntwo\n");
        console.warn("careful");
        console.fail("no");
        assert_eq!(written.out(), "one\ntwo\n");
        assert_eq!(written.err(), "warning: careful\nerror: no\n");
    }
}
