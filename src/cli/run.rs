//! From the arguments of the process to its exit code.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use super::arguments::{Arguments, Command};
use super::console::Console;
use super::exit_code::{DONE, FAILED, MISUSED};
use super::{
    coverage, drift, environment, execute, lint, record, replay, replay_history, report, serve, verify,
};

/// The whole command: reads the process's arguments, and returns when it is done.
#[must_use]
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), &Console::standard()))
}

fn run(arguments: impl IntoIterator<Item = OsString>, console: &Console) -> u8 {
    let command = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments.command,
        Err(answer) if answer.use_stderr() => {
            console.complain(answer.render().ansi());
            return MISUSED;
        }
        // --help and --version.
        Err(answer) => {
            console.say(answer.render().ansi());
            return DONE;
        }
    };
    match &command {
        Command::Serve(arguments) => done_or_failed(serve::serve(arguments, console), console),
        Command::Verify(arguments) => done_or_failed(verify::verify(arguments, console), console),
        Command::Env(arguments) => {
            environment::print(arguments, console);
            DONE
        }
        Command::Run(arguments) => execute::run(arguments, console),
        Command::Lint(arguments) => lint::lint(arguments, console),
        Command::Coverage(arguments) => coverage::coverage(arguments, console),
        Command::Record(arguments) => record::record(arguments, console),
        Command::Replay(arguments) => replay::replay(arguments, console),
        Command::Drift(arguments) => drift::drift(arguments, console),
        Command::ReplayHistory(arguments) => replay_history::replay_history(arguments, console),
        Command::Report(arguments) => report::report(arguments, console),
    }
}

fn done_or_failed(done: Result<(), String>, console: &Console) -> u8 {
    match done {
        Ok(()) => DONE,
        Err(failure) => {
            console.fail(failure);
            FAILED
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::console::Written;

    fn run_text(arguments: &str) -> (u8, Written) {
        let (console, written) = Console::for_test();
        let arguments = std::iter::once("sfn-testkit").chain(arguments.split_whitespace());
        (run(arguments.map(OsString::from), &console), written)
    }

    #[track_caller]
    fn check_misused(arguments: &str, expected: &str) {
        let (code, written) = run_text(arguments);
        assert_eq!(code, MISUSED, "{arguments}");
        assert_eq!(written.out(), "");
        assert!(written.err().contains(expected), "{}", written.err());
    }

    #[test]
    fn help_and_version_go_to_standard_output() {
        for (arguments, expected) in
            [("--help", "serve"), ("serve --help", "--mock-config"), ("--version", "sfn-testkit")]
        {
            let (code, written) = run_text(arguments);
            assert_eq!((code, written.err()), (DONE, String::new()), "{arguments}");
            assert!(written.out().contains(expected), "{}", written.out());
        }
    }

    #[test]
    fn bad_arguments_are_told_and_end_with_code_2() {
        check_misused("", "Usage:");
        check_misused("sevre", "unrecognized subcommand 'sevre'");
        check_misused("serve --prot 1", "unexpected argument '--prot'");
        check_misused("serve --port 70000", "70000 is not in 0..=65535");
        check_misused("env", "--port <PORT>");
    }

    #[test]
    fn a_failure_is_told_and_ends_with_code_1() {
        let (code, written) = run_text("serve --mock-config /no/such/file.json");
        assert_eq!(code, FAILED);
        assert!(written.err().starts_with("error: cannot read /no/such/file.json: "), "{}", written.err());
    }
}
