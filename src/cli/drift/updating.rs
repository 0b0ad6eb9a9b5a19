//! `--update`: the answers of today are written into the files, once somebody has looked at them.

use std::io::{IsTerminal, stdin};

use super::arguments::DriftArguments;
use super::collect::Collected;
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED};
use crate::recording::{Drift, storage};

/// Whether there is somebody to ask, where somebody is to be asked.
pub(super) fn check(arguments: &DriftArguments) -> Result<(), String> {
    match arguments.update && !arguments.yes && !stdin().is_terminal() {
        true => Err(
            "--update asks before it writes, and there is no terminal to ask at: look at the report first, \
                     and then add --yes"
                .to_owned(),
        ),
        false => Ok(()),
    }
}

/// Shows what changes in each file, and writes those that may be written. Returns the exit code.
pub(super) fn update(
    recordings: &[Collected],
    drifts: &[Drift],
    arguments: &DriftArguments,
    console: &Console,
) -> u8 {
    let mut left = false;
    for (recording, drift) in recordings.iter().zip(drifts) {
        let Some(diff) = drift.update_diff() else { continue };
        let path = recording.path.display();
        console.complain(format_args!("\n{path} changes:\n{diff}"));
        if !arguments.yes && !is_agreed(console) {
            console.complain(format_args!("{path} was left as it was."));
            left |= drift.has_drifted();
            continue;
        }
        match storage::update(&recording.path, |_| drift.updated_file()) {
            Ok(()) => console.complain(format_args!("{path} was updated.")),
            Err(failure) => {
                console.fail(failure);
                left = true;
            }
        }
    }
    if left { FAILED } else { DONE }
}

fn is_agreed(console: &Console) -> bool {
    console.complain("Write this file? [y/N]");
    let mut answer = String::new();
    stdin().read_line(&mut answer).is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}
