//! `--watch`: runs again whenever what the files hold changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use super::arguments::RunArguments;
use super::command::run_once;
use super::input::Input;
use crate::cli::console::Console;
use crate::cli::exit_code::{FAILED, INTERRUPTED};
use crate::cli::serve::new_runtime;
use crate::cli::stop_signals::StopSignals;

/// How long a change may go unseen.
const EVERY: Duration = Duration::from_millis(200);

/// Returns when asked to stop.
pub(super) fn watch(arguments: &RunArguments, input: &Input, console: &Console) -> u8 {
    let runtime = match new_runtime() {
        Ok(runtime) => runtime,
        Err(why) => {
            console.fail(why);
            return FAILED;
        }
    };
    runtime.block_on(async {
        let signals = match StopSignals::listen() {
            Ok(signals) => signals,
            Err(error) => {
                console.fail(error);
                return FAILED;
            }
        };
        let mut asked_to_stop = pin!(signals.received());
        let files = files(arguments, input);
        let mut seen = read_all(&files);
        let _ended_as_it_may = run_once(arguments, input, console);
        while timeout(EVERY, asked_to_stop.as_mut()).await.is_err() {
            let now = read_all(&files);
            if now != seen {
                console.say(changed(&files, &seen, &now));
                seen = now;
                let _ended_as_it_may = run_once(arguments, input, console);
            }
        }
        INTERRUPTED
    })
}

fn files(arguments: &RunArguments, input: &Input) -> Vec<PathBuf> {
    let definition = Some(arguments.definition.as_path());
    let files = [definition, input.file(), arguments.mock_config.as_deref()];
    files.into_iter().flatten().map(Path::to_owned).collect()
}

/// What the files hold; `None` of one that is not there just now. Times of changes would miss one that comes soon
/// after another.
fn read_all(files: &[PathBuf]) -> Vec<Option<Vec<u8>>> {
    files.iter().map(|file| fs::read(file).ok()).collect()
}

fn changed(files: &[PathBuf], before: &[Option<Vec<u8>>], now: &[Option<Vec<u8>>]) -> String {
    let pairs = files.iter().zip(before.iter().zip(now));
    let changed: Vec<_> = pairs
        .filter(|(_, (before, now))| before != now)
        .map(|(file, _)| file.display().to_string())
        .collect();
    format!("\n--- {} changed\n", changed.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_that_hold_something_else_have_changed() {
        let files = ["a".into(), "b".into(), "c".into()];
        let text = |text: &str| Some(text.as_bytes().to_vec());
        let before = [text("1"), text("2"), None];
        let now = [text("1"), None, text("3")];
        assert_eq!(changed(&files, &before, &now), "\n--- b and c changed\n");
    }
}
