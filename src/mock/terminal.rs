//! How failure texts look where this test runs: the one place that asks the environment and the terminal.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::sync::OnceLock;

use crate::assertion::Style;

/// What there is to know.
#[derive(Debug, Clone, Default)]
struct Surroundings {
    stderr_is_terminal: bool,
    /// Columns, as the terminal says.
    terminal_width: Option<usize>,
    /// `NO_COLOR`, set and not empty.
    no_color: bool,
    clicolor_force: Option<OsString>,
    columns: Option<OsString>,
    sfn_testkit_full: Option<OsString>,
}

impl Style {
    /// What fits the terminal that this process writes its errors to, found out once.
    ///
    /// - Colours if stderr is a terminal, unless `NO_COLOR` is set; always with `CLICOLOR_FORCE=1`. The output of
    ///   `cargo test` is captured and shown there; nextest and CI give no terminal, and get no colours.
    /// - Lines as wide as that terminal, or as `COLUMNS` says there; without a terminal they are as long as they are.
    /// - Everything in full with `SFN_TESTKIT_FULL=1`.
    ///
    /// Sources: <https://no-color.org>, <https://bixense.com/clicolors>
    #[must_use]
    pub fn of_terminal() -> Self {
        static STYLE: OnceLock<Style> = OnceLock::new();
        *STYLE.get_or_init(|| Surroundings::of_process().style())
    }
}

impl Surroundings {
    fn of_process() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            stderr_is_terminal: std::io::stderr().is_terminal(),
            terminal_width: width_of_stderr(),
            no_color: set("NO_COLOR").is_some(),
            clicolor_force: set("CLICOLOR_FORCE"),
            columns: set("COLUMNS"),
            sfn_testkit_full: set("SFN_TESTKIT_FULL"),
        }
    }

    fn style(&self) -> Style {
        let is_on = |value: &Option<OsString>| value.as_ref().is_some_and(|value| value != "0");
        let coloured = !self.no_color && (self.stderr_is_terminal || is_on(&self.clicolor_force));
        let columns = self.columns.as_ref().and_then(|text| text.to_str()?.parse().ok());
        let width = columns.or(self.terminal_width).filter(|width| self.stderr_is_terminal && *width > 0);
        Style::plain().coloured(coloured).width(width).full(is_on(&self.sfn_testkit_full))
    }
}

#[cfg(feature = "terminal")]
fn width_of_stderr() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(std::io::stderr())?;
    Some(columns.into())
}

#[cfg(not(feature = "terminal"))]
fn width_of_stderr() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal() -> Surroundings {
        Surroundings { stderr_is_terminal: true, terminal_width: Some(120), ..Surroundings::default() }
    }

    #[test]
    fn a_terminal_has_colours_and_a_width_and_nothing_else_has() {
        assert_eq!(terminal().style(), Style::plain().coloured(true).width(Some(120)));
        assert_eq!(Surroundings { stderr_is_terminal: false, ..terminal() }.style(), Style::plain());
    }

    #[test]
    fn colours_are_refused_and_forced() {
        let none = Surroundings { no_color: true, ..terminal() };
        assert_eq!(none.style(), Style::plain().width(Some(120)));
        let forced = Surroundings { clicolor_force: Some("1".into()), ..Surroundings::default() };
        assert_eq!(forced.style(), Style::plain().coloured(true));
        assert_eq!(Surroundings { no_color: true, ..forced }.style(), Style::plain());
        let not_forced = Surroundings { clicolor_force: Some("0".into()), ..Surroundings::default() };
        assert_eq!(not_forced.style(), Style::plain());
    }

    #[test]
    fn columns_come_before_the_terminal_and_only_count_on_one() {
        let narrow = Surroundings { columns: Some("72".into()), ..terminal() };
        assert_eq!(narrow.style(), Style::plain().coloured(true).width(Some(72)));
        assert_eq!(Surroundings { columns: Some("wide".into()), ..terminal() }.style(), terminal().style());
        let piped = Surroundings { columns: Some("72".into()), ..Surroundings::default() };
        assert_eq!(piped.style(), Style::plain());
    }

    #[test]
    fn everything_in_full_is_asked_for() {
        let full =
            |value: &str| Surroundings { sfn_testkit_full: Some(value.into()), ..Surroundings::default() };
        assert_eq!(full("1").style(), Style::plain().full(true));
        assert_eq!(full("0").style(), Style::plain());
    }
}
