//! The options of `sfn-testkit coverage`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Report what tests took of state machine definitions: states, transitions, choices, retriers, catchers, timeouts
#[derive(Debug, Args)]
#[command(after_help = "Run the tests and report:\n  \
                  sfn-testkit coverage --definitions workflows -- cargo test\n  \
                  sfn-testkit coverage --definitions workflows --format lcov -o lcov.info -- cargo nextest run\n\n\
                  Or report what was counted while SFN_TESTKIT_COVERAGE=1 was set:\n  \
                  SFN_TESTKIT_COVERAGE=1 cargo test; sfn-testkit coverage\n\n\
                  Exit codes: that of COMMAND if it fails; or else 0 all is well, 1 less is covered than --fail-under \
                  asks for, 2 there is nothing to report, a file cannot be read or written, or the command was used \
                  wrongly.")]
pub(in crate::cli) struct CoverageArguments {
    /// Definitions or templates, in JSON or YAML; folders are searched for both. Then these alone are reported, also
    /// those that no test has run. A definition is known by its content, not by its name. May be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(super) definitions: Vec<PathBuf>,

    /// Form of the report: `table` and `html` for people, `json` for programs, `lcov` for editors and Codecov, which
    /// needs --definitions
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,

    /// File for the report, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// End with code 1 if less than so many percent are covered
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(super) fail_under: Option<f64>,

    /// Histories of executions on AWS, as `aws stepfunctions get-execution-history` prints them, one in each file: what
    /// they took of the definitions counts too
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "definitions")]
    pub(super) history: Vec<PathBuf>,

    /// Folder of the counts; if not given, as the tests have it: target/sfn-testkit/coverage
    #[arg(long, value_name = "FOLDER")]
    pub(super) from: Option<PathBuf>,

    /// Forget what was counted, and report nothing. COMMAND does so before it runs
    #[arg(long, conflicts_with_all = ["output", "fail_under", "command"])]
    pub(super) clean: bool,

    /// Let COMMAND add to what was counted before
    #[arg(long, requires = "command")]
    pub(super) keep: bool,

    /// Command that runs the tests, after `--`
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Table,
    Html,
    Json,
    Lcov,
}

fn percent(text: &str) -> Result<f64, String> {
    let percent = text.trim_end_matches('%').trim().parse().ok();
    percent
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "write a number from 0 to 100".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floor_is_a_percentage() {
        assert_eq!(percent("90"), Ok(90.0));
        assert_eq!(percent("99.5%"), Ok(99.5));
        for text in ["", "-1", "101", "most", "NaN"] {
            assert_eq!(percent(text).unwrap_err(), "write a number from 0 to 100");
        }
    }
}
