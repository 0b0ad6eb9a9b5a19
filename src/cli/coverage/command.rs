//! `sfn-testkit coverage`.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use super::arguments::CoverageArguments;
use super::counts_folder::{CountsFolder, Surroundings};
use super::matched::{Matched, matched};
use super::{histories, report, sources};
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
use crate::mock::coverage::VARIABLE;
use crate::report::coverage::definition_coverage::Share;
use crate::report::coverage::table::total_share;

/// The exit code.
pub(in crate::cli) fn coverage(arguments: &CoverageArguments, console: &Console) -> u8 {
    let folder = CountsFolder::find(arguments.from.as_deref(), &Surroundings::of_this_process());
    let done =
        if arguments.clean { clean(&folder, console) } else { run_and_report(arguments, &folder, console) };
    done.unwrap_or_else(|why| {
        console.fail(why);
        MISUSED
    })
}

fn clean(folder: &CountsFolder, console: &Console) -> Result<u8, String> {
    let files = match folder.clean()? {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    console.say(format_args!("removed the counts of {files} from {}", folder.path.display()));
    Ok(DONE)
}

fn run_and_report(
    arguments: &CoverageArguments,
    folder: &CountsFolder,
    console: &Console,
) -> Result<u8, String> {
    let Some((program, rest)) = arguments.command.split_first() else {
        return report_all(arguments, folder, console);
    };
    if !arguments.keep {
        folder.clean()?;
    }
    let code = run_tests(program, rest, folder)?;
    let reported = report_all(arguments, folder, console);
    if code == DONE {
        return reported;
    }
    // The failure of the tests is what counts; what else there is to say is said.
    if let Err(why) = reported {
        console.fail(why);
    }
    Ok(code)
}

/// Runs it with this process's input and output; gives its exit code.
fn run_tests(program: &OsString, arguments: &[OsString], folder: &CountsFolder) -> Result<u8, String> {
    let status = Command::new(program).args(arguments).env(VARIABLE, folder.absolute()).status();
    match status {
        Ok(status) => Ok(code_of(status)),
        Err(error) => Err(format!("cannot run {}: {error}", program.display())),
    }
}

/// One that was ended by a signal has the code that shells give it.
fn code_of(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal).unwrap_or(1);
    // A code above 255 would become another, perhaps 0.
    u8::try_from(code).unwrap_or(FAILED)
}

fn report_all(arguments: &CoverageArguments, folder: &CountsFolder, console: &Console) -> Result<u8, String> {
    let mut collected = folder.read()?;
    let (sources, mut warnings) = sources::read(&arguments.definitions)?;
    if sources.is_empty() && !arguments.definitions.is_empty() {
        return Err("there are no definitions in what --definitions names: it takes definitions, templates, and folders with \
                    `*.asl.json`, `*.asl.yaml` or templates"
            .to_owned());
    }
    warnings.extend(histories::add(&arguments.history, &sources, &mut collected)?);
    if collected.definitions.is_empty() {
        return Err(nothing_counted(arguments, folder));
    }
    let matched = matched(folder, collected, sources);
    report::write(arguments, &matched, console)?;
    warnings.extend(matched.warnings.iter().cloned());
    for warning in warnings {
        console.warn(warning);
    }
    Ok(judged(arguments.fail_under, &matched, console))
}

fn nothing_counted(arguments: &CoverageArguments, folder: &CountsFolder) -> String {
    let folder = folder.path.display();
    if arguments.command.is_empty() {
        format!(
            "nothing was counted in {folder}: run the tests with SFN_TESTKIT_COVERAGE=1, or as `sfn-testkit coverage -- cargo \
             test`; --from names another folder"
        )
    } else {
        format!(
            "the command has counted nothing in {folder}: none of its tests created a state machine in a mock"
        )
    }
}

fn judged(floor: Option<f64>, matched: &Matched, console: &Console) -> u8 {
    let share = total_share(&matched.definitions);
    match floor {
        Some(floor) if is_below(share, floor) => {
            console.fail(format_args!(
                "{} of {} are covered, {}: that is less than the {floor} % that --fail-under asks for",
                share.taken,
                share.total,
                share.percent()
            ));
            FAILED
        }
        Some(_) | None => DONE,
    }
}

#[expect(clippy::cast_precision_loss, reason = "definitions have far fewer points than a double can count")]
fn is_below(share: Share, floor: f64) -> bool {
    (share.taken as f64) * 100.0 < floor * (share.total as f64)
}
