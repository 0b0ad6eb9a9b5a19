//! `sfn-testkit coverage` as a shell sees it, on counts of many processes.

mod examples;
mod histories;
mod options;
mod process;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::cli::command;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit code, standard output and standard error of `sfn-testkit coverage --from counts`.
fn coverage(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    finished(command(&["coverage", "--from", "counts"]).args(arguments).current_dir(folder))
}

fn finished(command: &mut Command) -> (i32, String, String) {
    let output = command.env_remove("SFN_TESTKIT_COVERAGE").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
