//! What is new in every run, and how a cassette names it: `account-1`, `name-2`.

use crate::model::{Json, Timestamp};

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The id of an AWS account.
    Account,
    /// The name of an execution.
    Name,
    /// The name of a state machine that was created on the way.
    Machine,
    /// The name of an activity that was created on the way.
    Activity,
    /// A task token.
    Token,
    /// A page token, `nextToken`.
    Page,
    /// A trace header of X-Ray.
    Trace,
    /// A date as the API writes it, in seconds. In the file it reads as ISO 8601.
    Date,
    /// A date in the context object, ISO 8601.
    Time,
    /// A UUID.
    Id,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Account,
        Self::Name,
        Self::Machine,
        Self::Activity,
        Self::Token,
        Self::Page,
        Self::Trace,
        Self::Date,
        Self::Time,
        Self::Id,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Name => "name",
            Self::Machine => "machine",
            Self::Activity => "activity",
            Self::Token => "token",
            Self::Page => "page",
            Self::Trace => "trace",
            Self::Date => "date",
            Self::Time => "time",
            Self::Id => "id",
        }
    }

    /// The kind of a variable, by its name; `None` for one that somebody has made up.
    pub(super) fn of(variable: &str) -> Option<Self> {
        let (word, _) = variable.rsplit_once('-')?;
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What the file says for the `number`th variable of this kind: its value, or a stand-in where the value is nobody
    /// else's business.
    pub(super) fn shown(self, number: usize, value: &str) -> String {
        match self {
            Self::Account | Self::Token | Self::Page => self.stand_in(number),
            Self::Name
            | Self::Machine
            | Self::Activity
            | Self::Trace
            | Self::Date
            | Self::Time
            | Self::Id => value.to_owned(),
        }
    }

    fn stand_in(self, number: usize) -> String {
        match self {
            Self::Account if number == 1 => "123456789012".to_owned(),
            Self::Account => format!("{number:012}"),
            Self::Token => format!("task-token-{number}"),
            Self::Page => format!("page-token-{number}"),
            Self::Name
            | Self::Machine
            | Self::Activity
            | Self::Trace
            | Self::Date
            | Self::Time
            | Self::Id => format!("{}-{number}", self.word()),
        }
    }

    /// Whether `c` can be part of a value of this kind.
    pub(super) fn allows(self, c: char) -> bool {
        match self {
            Self::Account => c.is_ascii_digit(),
            Self::Id => c.is_ascii_hexdigit() || c == '-',
            Self::Name | Self::Machine | Self::Activity => {
                !c.is_whitespace() && !c.is_control() && !"<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
            }
            Self::Token | Self::Page | Self::Trace | Self::Date | Self::Time => !c.is_control() && c != '"',
        }
    }

    /// The numbers of characters that a value of this kind has, at least and at most.
    pub(super) const fn length(self) -> (usize, usize) {
        match self {
            Self::Account => (12, 12),
            Self::Id => (36, 36),
            Self::Name | Self::Machine | Self::Activity => (1, 80),
            Self::Token | Self::Page | Self::Trace => (1, 4096),
            Self::Date | Self::Time => (1, 40),
        }
    }
}

/// What stands for a variable of which a file says nothing.
pub(super) fn stand_in(variable: &str) -> String {
    let number = variable.rsplit_once('-').and_then(|(_, number)| number.parse().ok()).unwrap_or(1);
    Kind::of(variable).map_or_else(|| variable.to_owned(), |kind| kind.stand_in(number))
}

/// The value of a date in a cassette: milliseconds, which is what the service has.
pub(super) fn date_text(seconds: f64) -> Option<String> {
    let millis = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    let millis = (millis.abs() < 9e15).then_some(millis as i64)?;
    Some(Timestamp::from_millis(millis).to_string())
}

/// The value as it stands in a message.
pub(super) fn rendered(variable: &str, value: &str) -> Json {
    match (Kind::of(variable), Timestamp::parse(value)) {
        (Some(Kind::Date), Some(date)) => date.to_epoch_seconds(),
        (Some(_) | None, _) => Json::from(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_variable_tells_its_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(&format!("{}-12", kind.word())), Some(kind));
        }
        assert_eq!(Kind::of("order-1"), None);
    }

    #[test]
    fn accounts_and_tokens_are_not_shown() {
        assert_eq!(Kind::Account.shown(1, "999988887777"), "123456789012");
        assert_eq!(Kind::Account.shown(2, "999988887777"), "000000000002");
        assert_eq!(Kind::Token.shown(3, "AQC…"), "task-token-3");
        assert_eq!(Kind::Name.shown(1, "run-7"), "run-7");
    }

    #[test]
    fn a_date_reads_as_iso_8601_and_goes_back_to_seconds() {
        let text = date_text(1_700_000_000.123).unwrap();
        assert_eq!(text, "2023-11-14T22:13:20.123Z");
        assert_eq!(rendered("date-1", &text), Json::Float(1_700_000_000.123));
        assert_eq!(rendered("time-1", &text), Json::from(text));
        assert_eq!(date_text(1_700_000_000.123_456).unwrap(), "2023-11-14T22:13:20.123Z");
    }
}
