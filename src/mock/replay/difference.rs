//! One way in which an execution goes another way than it was recorded, in words.

use std::fmt;

/// Stands for a value that is not there: no JSON text.
pub(super) const NOTHING: &str = "nothing";

/// What is other than recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A task is called whose answer nobody has recorded.
    UnansweredTask,
    /// Another state is entered.
    Path,
    /// A task is called more or less often before its state is left.
    Attempts,
    /// A task is called with another input, or something else is called.
    TaskInput,
    /// The execution ends with another status or error.
    End,
    /// A succeeded execution has another output.
    Output,
    /// The same error has another cause.
    Cause,
}

/// One difference between an execution and its recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub(super) kind: Kind,
    pub(super) place: String,
    pub(super) state: Option<String>,
    pub(super) at: Option<String>,
    pub(super) recorded: String,
    pub(super) now: String,
    /// The recorded event where it shows, to tell earlier from later ones.
    pub(super) event: u64,
}

impl Kind {
    /// All kinds, the gravest first.
    pub const ALL: [Self; 7] = [
        Self::UnansweredTask,
        Self::Path,
        Self::Attempts,
        Self::TaskInput,
        Self::End,
        Self::Output,
        Self::Cause,
    ];

    /// As reports and command lines write it: `unanswered-task`, `path`, `attempts`, `task-input`, `end`, `output`,
    /// `cause`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnansweredTask => "unanswered-task",
            Self::Path => "path",
            Self::Attempts => "attempts",
            Self::TaskInput => "task-input",
            Self::End => "end",
            Self::Output => "output",
            Self::Cause => "cause",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Difference {
    /// What is other.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The branches and iterations it lies in, with the states around: `item 2 of "Each"`, but in backticks. Empty at the
    /// top.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The state it is about: of another path, the last one that both have in common.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }

    /// Where in an input or output the first difference lies, as `$.items[2].id`.
    #[must_use]
    pub fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    /// What was recorded.
    #[must_use]
    pub fn recorded(&self) -> &str {
        &self.recorded
    }

    /// What is there instead.
    #[must_use]
    pub fn now(&self) -> &str {
        &self.now
    }

    /// The same without values and places, which is what many executions have in common.
    #[must_use]
    pub fn gist(&self) -> String {
        let state = self.state.as_deref().unwrap_or_default();
        let at = self.at.as_deref().unwrap_or("$");
        let without_cause = |end: &str| end.split(": ").next().unwrap_or_default().to_owned();
        match self.kind {
            Kind::UnansweredTask => format!("the task of `{state}` has no recorded answer"),
            Kind::TaskInput if self.at.is_none() => format!("`{state}` calls something else"),
            Kind::TaskInput => format!("`{state}` calls its task with another input at {at}"),
            Kind::End => {
                format!("it ends {} instead of {}", without_cause(&self.now), without_cause(&self.recorded))
            }
            Kind::Output => format!("its output is another at {at}"),
            Kind::Cause => "the cause of its error is another".to_owned(),
            Kind::Path | Kind::Attempts => Self { place: String::new(), ..self.clone() }.to_string(),
        }
    }

    /// `with 1 instead of 2 at $.id`, in these words for having and not having.
    fn other_value(&self, with: &str, without: &str) -> String {
        let Self { recorded, now, .. } = self;
        let at = self.at.as_deref().unwrap_or("$");
        match (recorded == NOTHING, now == NOTHING) {
            (true, _) => format!("{with} {now} at {at}, where nothing was recorded"),
            (false, true) => format!("{without} {at}, which was {recorded}"),
            (false, false) => format!("{with} {now} instead of {recorded} at {at}"),
        }
    }

    fn place_suffix(&self) -> String {
        if self.place.is_empty() { String::new() } else { format!(" in {}", self.place) }
    }
}

/// A sentence without its full stop.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { recorded, now, .. } = self;
        let place = self.place_suffix();
        let state = self.state.as_deref().unwrap_or_default();
        match self.kind {
            Kind::UnansweredTask => write!(f, "the task of `{state}` has no recorded answer{place}: {now}"),
            Kind::Path if self.state.is_none() => {
                write!(f, "it begins with {now} instead of {recorded}{place}")
            }
            Kind::Path => write!(f, "after `{state}` comes {now} instead of {recorded}{place}"),
            Kind::Attempts => write!(f, "`{state}` calls its task {now} instead of {recorded}{place}"),
            Kind::TaskInput if self.at.is_none() => {
                write!(f, "`{state}` calls {now} instead of {recorded}{place}")
            }
            Kind::TaskInput => {
                write!(f, "`{state}` calls its task {}{place}", self.other_value("with", "without"))
            }
            Kind::End => write!(f, "it ends {now} instead of {recorded}"),
            Kind::Output => write!(f, "its output {}", self.other_value("has", "lacks")),
            Kind::Cause => write!(f, "the cause of its error is {now} instead of {recorded}"),
        }
    }
}
