//! Whether to record or to replay, as the test and its surroundings have it.

use std::fmt;

/// What a [`Cassette`](crate::Cassette) does with calls.
///
/// The environment variable `SFN_TESTKIT_RECORD` names a mode by its lower-case word, and beats what a test says.
/// Where the variable `CI` is set, cassettes only replay, whatever they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RecordMode {
    /// `replay`: calls are answered from the file. The network is never reached.
    #[default]
    Replay,
    /// `once`: as `Replay` if there is a file; without one, everything is recorded.
    Once,
    /// `new`: what the file has no answer for is recorded and added to it.
    New,
    /// `all`: everything is recorded, and the file replaced.
    All,
    /// `off`: calls go to the network, and no file is read or written.
    Off,
}

impl RecordMode {
    const ALL: [Self; 5] = [Self::Replay, Self::Once, Self::New, Self::All, Self::Off];

    const fn word(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Once => "once",
            Self::New => "new",
            Self::All => "all",
            Self::Off => "off",
        }
    }
}

/// The word that [`SFN_TESTKIT_RECORD`](RecordMode) has for it.
impl fmt::Display for RecordMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The variable that names a mode.
pub(super) const VARIABLE: &str = "SFN_TESTKIT_RECORD";

/// What the environment says.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// Of `SFN_TESTKIT_RECORD`.
    pub(super) record: Option<String>,
    /// Whether `CI` is set.
    pub(super) is_ci: bool,
}

impl Surroundings {
    #[expect(clippy::disallowed_methods, reason = "the one place where cassettes read the environment")]
    pub(super) fn read() -> Self {
        let is_set = |value: String| !matches!(value.as_str(), "" | "0" | "false");
        Self {
            record: std::env::var(VARIABLE).ok().filter(|word| !word.is_empty()),
            is_ci: std::env::var("CI").is_ok_and(is_set),
        }
    }

    /// The mode that the environment names, else that of the test; a sentence if there is no such mode or it may not be.
    pub(super) fn mode(&self, of_test: RecordMode) -> Result<RecordMode, String> {
        let Some(word) = &self.record else { return Ok(of_test) };
        let Some(mode) = RecordMode::ALL.into_iter().find(|mode| mode.word() == word) else {
            return Err(format!(
                "{VARIABLE} is `{word}`, and cassettes know `replay`, `once`, `new`, `all` and `off`"
            ));
        };
        if self.is_ci && matches!(mode, RecordMode::New | RecordMode::All) {
            return Err(format!(
                "{VARIABLE} is `{word}`, but CI is set, and nothing is recorded there: record on your machine and commit the file"
            ));
        }
        Ok(mode)
    }
}

/// What is done in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    Replay,
    /// Answer what can be answered, record the rest and add it to the file.
    Add,
    /// Record everything and replace the file.
    Replace,
    PassOn,
}

/// What is done about a file that is there or not; a sentence if nothing can be done.
pub(super) fn plan(
    mode: RecordMode,
    surroundings: &Surroundings,
    file: &Missing<'_>,
) -> Result<Plan, String> {
    if surroundings.is_ci {
        return if file.is_there { Ok(Plan::Replay) } else { Err(file.in_ci()) };
    }
    match mode {
        RecordMode::Replay if !file.is_there => Err(file.to_be_recorded()),
        RecordMode::Replay => Ok(Plan::Replay),
        RecordMode::Once if file.is_there => Ok(Plan::Replay),
        RecordMode::Once | RecordMode::New => Ok(Plan::Add),
        RecordMode::All => Ok(Plan::Replace),
        RecordMode::Off => Ok(Plan::PassOn),
    }
}

/// A file that may be missing, and how to get it.
#[derive(Debug)]
pub(super) struct Missing<'f> {
    pub(super) is_there: bool,
    pub(super) path: &'f str,
    /// The name of the test as `cargo test` filters it.
    pub(super) test: Option<&'f str>,
}

impl Missing<'_> {
    fn to_be_recorded(&self) -> String {
        format!(
            "there is no cassette {}. Record it against the service with\n  {}",
            self.path,
            command("once", self.test)
        )
    }

    fn in_ci(&self) -> String {
        format!(
            "there is no cassette {}, and CI is set, where nothing is recorded. Record it on your machine with\n  {}\nand commit the file",
            self.path,
            command("once", self.test)
        )
    }
}

/// The command that runs a test in a mode.
pub(super) fn command(mode: &str, test: Option<&str>) -> String {
    match test {
        Some(test) => format!("{VARIABLE}={mode} cargo test {test} -- --exact"),
        None => format!("{VARIABLE}={mode} cargo test"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(record: Option<&str>, is_ci: bool) -> Surroundings {
        Surroundings { record: record.map(str::to_owned), is_ci }
    }

    fn planned(mode: RecordMode, is_there: bool) -> Result<Plan, String> {
        planned_in(&surroundings(None, false), mode, is_there)
    }

    fn planned_in(surroundings: &Surroundings, mode: RecordMode, is_there: bool) -> Result<Plan, String> {
        plan(mode, surroundings, &Missing { is_there, path: "a.json", test: Some("m::t") })
    }

    #[test]
    fn the_environment_beats_the_test() {
        assert_eq!(surroundings(None, false).mode(RecordMode::Once), Ok(RecordMode::Once));
        assert_eq!(surroundings(Some("all"), false).mode(RecordMode::Once), Ok(RecordMode::All));
        assert_eq!(
            surroundings(Some("none"), false).mode(RecordMode::Once).unwrap_err(),
            "SFN_TESTKIT_RECORD is `none`, and cassettes know `replay`, `once`, `new`, `all` and `off`"
        );
    }

    #[test]
    fn each_mode_does_its_own() {
        use RecordMode::{All, New, Off, Once, Replay};
        let plans = |is_there| [Replay, Once, New, All, Off].map(|mode| planned(mode, is_there).ok());
        let always = [Some(Plan::Replace), Some(Plan::PassOn)];
        assert_eq!(plans(true)[..3], [Some(Plan::Replay), Some(Plan::Replay), Some(Plan::Add)]);
        assert_eq!(plans(false)[..3], [None, Some(Plan::Add), Some(Plan::Add)]);
        assert_eq!([&plans(true)[3..], &plans(false)[3..]], [&always, &always]);
    }

    #[test]
    fn a_missing_file_says_how_to_record_it() {
        assert_eq!(
            planned(RecordMode::Replay, false).unwrap_err(),
            "there is no cassette a.json. Record it against the service with\n  SFN_TESTKIT_RECORD=once cargo test m::t -- --exact"
        );
    }

    #[test]
    fn ci_replays_and_never_records() {
        for mode in RecordMode::ALL {
            assert_eq!(planned_in(&surroundings(None, true), mode, true), Ok(Plan::Replay));
            assert_eq!(
                planned_in(&surroundings(None, true), mode, false).unwrap_err(),
                "there is no cassette a.json, and CI is set, where nothing is recorded. Record it on your machine with\n  SFN_TESTKIT_RECORD=once cargo test m::t -- --exact\nand commit the file"
            );
        }
        assert_eq!(
            surroundings(Some("all"), true).mode(RecordMode::Replay).unwrap_err(),
            "SFN_TESTKIT_RECORD is `all`, but CI is set, and nothing is recorded there: record on your machine and commit the file"
        );
    }
}
