//! The pattern as a test writes it, and what it says once it has been read.

use std::fmt;

use serde_json::Value;
use similar::get_close_matches;

use crate::model::{HistoryEventType, Json, fold};
use crate::pattern::Pattern;

/// How many characters of the expected details a sentence shows.
const WIDTH: usize = 80;
/// How alike two names must be to be taken for each other: 1 is equal.
const ALIKE: f32 = 0.7;
/// How often something may be repeated by a number.
const MOST_REPEATED: usize = 1000;

/// A part of what [`Assert::events`](crate::Assert::events) expects: an event, a gap, or a sequence, once or repeated.
///
/// Texts stand for the simple ones: `"TaskFailed"` for an event of this type, `"TaskFailed Pay"` for one that belongs to
/// the state `Pay`, `"*StateEntered"` for all types that end so, and `".."` for any number of events. [`event`] and
/// [`events`] make those that texts cannot say.
#[derive(Debug, Clone)]
pub struct EventPattern {
    what: What,
    least: usize,
    /// `None`: as often as you like.
    most: Option<usize>,
}

#[derive(Debug, Clone)]
enum What {
    Gap,
    Event { event_type: String, state: Option<String>, details: Option<Value> },
    Sequence(Vec<EventPattern>),
}

/// An event of this type, such as `TaskFailed`; a `*` at the start or the end stands for any rest: `*StateEntered`.
///
/// ```
/// # use sfn_testkit::{Execution, event};
/// # use serde_json::json;
/// # fn of_a_test(execution: &Execution) {
/// execution.assert().events([
///     "..".into(),
///     event("TaskFailed").of_state("Pay").details(json!({"error": "Card.Declined"})).times(2),
///     "*StateExited Pay".into(),
///     "..".into(),
/// ]);
/// # }
/// ```
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html>
#[must_use]
pub fn event(event_type: &str) -> EventPattern {
    EventPattern::once(What::Event { event_type: event_type.to_owned(), state: None, details: None })
}

/// These in a row, to be repeated: `events(["TaskScheduled", "TaskStarted", "TaskFailed"]).times(3)`.
#[must_use]
pub fn events<E: Into<EventPattern>>(sequence: impl IntoIterator<Item = E>) -> EventPattern {
    EventPattern::once(What::Sequence(sequence.into_iter().map(Into::into).collect()))
}

impl EventPattern {
    const fn once(what: What) -> Self {
        Self { what, least: 1, most: Some(1) }
    }

    /// The event belongs to the state of this name: it enters or leaves it, or happens within.
    #[must_use]
    pub fn of_state(mut self, name: &str) -> Self {
        if let What::Event { state, .. } = &mut self.what {
            *state = Some(name.to_owned());
        }
        self
    }

    /// The details of the event have at least this; patterns may stand inside: `json!({"error": "Card.Declined"})`.
    /// They are those of `GetExecutionHistory`: payloads are JSON texts, see [`json_text`](crate::json_text).
    #[must_use]
    pub fn details(mut self, expected: impl Into<Value>) -> Self {
        if let What::Event { details, .. } = &mut self.what {
            *details = Some(expected.into());
        }
        self
    }

    /// Exactly so many times in a row; 0 to 1000.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        (self.least, self.most) = (times, Some(times));
        self
    }

    /// Once or more in a row.
    #[must_use]
    pub fn at_least_once(mut self) -> Self {
        (self.least, self.most) = (1, None);
        self
    }

    /// Any number of times in a row, also not at all.
    #[must_use]
    pub fn any_times(mut self) -> Self {
        (self.least, self.most) = (0, None);
        self
    }

    /// Once, or not at all.
    #[must_use]
    pub fn optional(mut self) -> Self {
        (self.least, self.most) = (0, Some(1));
        self
    }
}

impl From<&str> for EventPattern {
    fn from(text: &str) -> Self {
        if text.trim() == ".." {
            return Self::once(What::Gap);
        }
        match text.trim().split_once(' ') {
            Some((event_type, state)) => event(event_type).of_state(state.trim()),
            None => event(text.trim()),
        }
    }
}

/// A pattern that was read, part by part.
#[derive(Debug, Clone)]
pub(crate) struct Sequence(pub(super) Vec<Repeated>);

#[derive(Debug, Clone)]
pub(super) struct Repeated {
    pub(super) what: Expected,
    pub(super) least: usize,
    pub(super) most: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum Expected {
    Gap,
    Event(ExpectedEvent),
    Sequence(Sequence),
}

#[derive(Debug, Clone)]
pub(super) struct ExpectedEvent {
    /// As it was written, and the types that it stands for.
    written: String,
    pub(super) types: Vec<HistoryEventType>,
    pub(super) state: Option<String>,
    pub(super) details: Option<Pattern>,
    details_words: String,
}

impl Sequence {
    /// `Err` is a sentence for the author of the test.
    pub(crate) fn read(patterns: &[EventPattern]) -> Result<Self, String> {
        patterns.iter().map(Repeated::read).collect::<Result<_, _>>().map(Self)
    }
}

impl Repeated {
    fn read(pattern: &EventPattern) -> Result<Self, String> {
        let what = match &pattern.what {
            What::Gap => Expected::Gap,
            What::Event { event_type, state, details } => {
                Expected::Event(ExpectedEvent::read(event_type, state.as_ref(), details.as_ref())?)
            }
            What::Sequence(parts) => Expected::Sequence(Sequence::read(parts)?),
        };
        let (least, most) = (pattern.least, pattern.most);
        if least.max(most.unwrap_or(0)) > MOST_REPEATED {
            return Err(format!(
                "`.times({least})`: events can be expected {MOST_REPEATED} times in a row at most"
            ));
        }
        Ok(Self { what, least, most })
    }
}

impl ExpectedEvent {
    fn read(written: &str, state: Option<&String>, details: Option<&Value>) -> Result<Self, String> {
        let fits = |name: &str| match (written.strip_prefix('*'), written.strip_suffix('*')) {
            (Some(end), _) => name.ends_with(end),
            (None, Some(start)) => name.starts_with(start),
            (None, None) => name == written,
        };
        let types: Vec<_> =
            HistoryEventType::ALL.iter().copied().filter(|event_type| fits(event_type.as_str())).collect();
        if types.is_empty() {
            return Err(unknown_type(written));
        }
        let details = details.map(Json::from);
        let pattern = details.as_ref().map(Pattern::read).transpose();
        let pattern =
            pattern.map_err(|invalid| format!("the expected details are no valid pattern at {invalid}"))?;
        let details_words = details
            .map_or(String::new(), |details| format!(" with at least {}", fold(&details.to_text(), WIDTH)));
        Ok(Self {
            written: written.to_owned(),
            types,
            state: state.cloned(),
            details: pattern.map(Pattern::included),
            details_words,
        })
    }
}

fn unknown_type(written: &str) -> String {
    let names: Vec<_> = HistoryEventType::ALL.iter().map(|event_type| event_type.as_str()).collect();
    let nearest = get_close_matches(written, &names, 1, ALIKE);
    let meant = nearest.first().map_or(String::new(), |name| format!(": did you mean `{name}`?"));
    format!("there is no type of history event `{written}`{meant}")
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&parts.join(", "))
    }
}

impl fmt::Display for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Expected::Gap => f.write_str("..")?,
            Expected::Event(event) => event.fmt(f)?,
            Expected::Sequence(sequence) => write!(f, "({sequence})")?,
        }
        match (self.least, self.most) {
            (1, Some(1)) => Ok(()),
            (0, Some(1)) => f.write_str(" or not"),
            (0, None) => f.write_str(" any number of times"),
            (_, None) => f.write_str(" at least once"),
            (times, Some(_)) => write!(f, " {times} times"),
        }
    }
}

impl fmt::Display for ExpectedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.written)?;
        if let Some(state) = &self.state {
            write!(f, " of `{state}`")?;
        }
        f.write_str(&self.details_words)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(pattern: impl Into<EventPattern>, expected: &str) {
        let read = Sequence::read(&[pattern.into()]).map_or_else(|why| why, |sequence| sequence.to_string());
        assert_eq!(read, expected);
    }

    #[test]
    fn patterns_are_told_in_words() {
        check("..", "..");
        check("TaskFailed", "`TaskFailed`");
        check(" TaskFailed  Cool off ", "`TaskFailed` of `Cool off`");
        check(event("*StateEntered").any_times(), "`*StateEntered` any number of times");
        check(event("Task*").optional(), "`Task*` or not");
        check(
            event("TaskFailed").of_state("Pay").details(json!({"error": "Boom"})).times(2),
            r#"`TaskFailed` of `Pay` with at least {"error":"Boom"} 2 times"#,
        );
        check(
            events(["TaskScheduled", "TaskStarted"]).at_least_once(),
            "(`TaskScheduled`, `TaskStarted`) at least once",
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        check("TaskFail", "there is no type of history event `TaskFail`: did you mean `TaskFailed`?");
        check("*Entred", "there is no type of history event `*Entred`");
        check(events(["Nonsense"]), "there is no type of history event `Nonsense`");
        check(
            event("TaskFailed").details(json!({"$nothing": 1})),
            &format!(
                "the expected details are no valid pattern at {}",
                Pattern::read(&Json::parse(r#"{"$nothing":1}"#).unwrap()).unwrap_err()
            ),
        );
        check(
            event("TaskFailed").times(1001),
            "`.times(1001)`: events can be expected 1000 times in a row at most",
        );
    }
}
