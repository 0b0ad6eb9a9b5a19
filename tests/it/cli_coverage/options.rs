//! The options, what is said when something is missing, and exit codes.

use std::fs;

use super::process::{self, ONBOARDING};
use super::{command, coverage, finished, folder};

const TEMPLATE: &str = r#"{"StartAt":"T","States":{"T":{"Type":"Pass","Result":"${Stage}","End":true}}}"#;

#[test]
fn definitions_that_no_test_ran_are_reported_and_others_are_named() {
    let folder = folder(&[("w/idle.asl.json", TEMPLATE)]);
    process::run(folder.path(), &["happy"]);
    let (code, table, err) = coverage(folder.path(), &["--definitions", "w"]);
    assert_eq!(
        table,
        "\
Definition       States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
w/idle.asl.json     0/1          0/1        –         –         –         –      0 %

w/idle.asl.json: no test has run it
"
    );
    assert_eq!(
        (code, err.as_str()),
        (0, "warning: tests also ran definitions that are in none of the files: those of user-onboarding\n")
    );
}

#[test]
fn a_definition_is_known_by_its_content_also_in_yaml_and_in_a_template() {
    let yaml = "StartAt: T\nStates:\n  T:\n    Type: Pass\n    Result: prod\n    End: true\n";
    let folder = folder(&[("one/t.asl.yaml", yaml), ("two/t.asl.json", TEMPLATE)]);
    let definition = r#"{"States":{"T":{"End":true,"Result":"prod","Type":"Pass"}},"StartAt":"T"}"#;
    fs::write(folder.path().join("run.asl.json"), definition).unwrap();
    let ran = finished(
        command(&["run", "run.asl.json"]).current_dir(folder.path()).env("SFN_TESTKIT_COVERAGE", "counts"),
    );
    // `finished` takes the variable away: nothing is counted.
    assert_eq!(ran.0, 0, "{ran:?}");
    assert!(!folder.path().join("counts").exists());
    let mut counting = command(&["run", "run.asl.json"]);
    counting.current_dir(folder.path()).env("SFN_TESTKIT_COVERAGE", "counts");
    assert!(counting.output().unwrap().status.success());
    for (place, title) in [("one", "one/t.asl.yaml"), ("two", "two/t.asl.json")] {
        let (code, table, err) = coverage(folder.path(), &["--definitions", place, "--fail-under", "100"]);
        assert_eq!((code, err.as_str()), (0, ""), "{table}");
        assert!(table.lines().nth(1).unwrap().starts_with(title), "{table}");
    }
}

#[test]
fn a_command_is_run_with_counting_and_its_exit_code_is_kept() {
    let folder = folder(&[("onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &["failing"]);
    let run = |scenario: &str, arguments: &[&str]| {
        let tests = process::command(scenario);
        let mut coverage = command(&["coverage", "--from", "counts", "--definitions", "onboarding.asl.json"]);
        coverage.args(arguments).arg("--").arg(tests.get_program()).args(tests.get_args());
        let (code, out, err) =
            finished(coverage.env("SFN_TESTKIT_SCENARIO", scenario).current_dir(folder.path()));
        let row =
            out.lines().find(|line| line.starts_with("onboarding.asl.json ")).unwrap_or_default().to_owned();
        (code, row, err)
    };
    let row = |rest: &str| format!("onboarding.asl.json     {rest}");
    // What was counted before is forgotten, unless it shall be kept.
    let happy = row("3/4          3/3        –       0/1       0/1         –   66.6 %");
    assert_eq!(run("happy", &[]), (0, happy.clone(), String::new()));
    let both = row("4/4          3/3        –       0/1       1/1         –   88.8 %");
    assert_eq!(run("failing", &["--keep"]), (0, both, String::new()));
    // Tests that fail are reported too.
    let (code, found, _) = run("failing test", &["--fail-under", "99"]);
    assert_eq!((code, found), (101, happy));
    let (code, _, err) = run("nothing", &[]);
    assert_eq!(code, 2);
    assert_eq!(
        err,
        "error: the command has counted nothing in counts: none of its tests created a state machine in a mock\n"
    );
}

#[test]
fn a_command_that_fails_or_is_missing_ends_with_its_code_or_2() {
    let folder = folder(&[]);
    let (code, _, err) = coverage(folder.path(), &["--", "sh", "-c", "exit 7"]);
    assert_eq!(code, 7);
    assert!(err.starts_with("error: the command has counted nothing in counts: "), "{err}");
    assert_eq!(coverage(folder.path(), &["--", "sh", "-c", "kill -9 $$"]).0, 137);
    let (code, _, err) = coverage(folder.path(), &["--", "no-such-program"]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: cannot run no-such-program: "), "{err}");
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let folder = folder(&[("empty/README.md", "")]);
    let nothing = "error: nothing was counted in counts: run the tests with SFN_TESTKIT_COVERAGE=1, or as \
                   `sfn-testkit coverage -- cargo test`; --from names another folder\n";
    assert_eq!(coverage(folder.path(), &[]), (2, String::new(), nothing.to_owned()));
    process::run(folder.path(), &["happy"]);
    let no_lines =
        "error: lcov is about lines of files: say with --definitions in which files the definitions are\n";
    assert_eq!(coverage(folder.path(), &["--format", "lcov"]), (2, String::new(), no_lines.to_owned()));
    let none = "error: there are no definitions in what --definitions names: it takes definitions, templates, and \
                folders with `*.asl.json`, `*.asl.yaml` or templates\n";
    assert_eq!(coverage(folder.path(), &["--definitions", "empty"]).2, none);
    let (code, _, err) = coverage(folder.path(), &["-o", "no/such/folder"]);
    assert!(code == 2 && err.starts_with("error: cannot write no/such/folder: "), "{err}");
    let (code, _, err) = coverage(folder.path(), &["--definitions", "gone.asl.json"]);
    assert!(code == 2 && err.starts_with("error: cannot read gone.asl.json: "), "{err}");
}

#[test]
fn broken_definitions_are_left_out_with_a_warning() {
    let folder = folder(&[("w/a.asl.json", "{}"), ("w/onboarding.asl.json", ONBOARDING)]);
    process::run(folder.path(), &["happy"]);
    let (code, table, err) = coverage(folder.path(), &["--definitions", "w"]);
    assert!(code == 0 && table.contains("w/onboarding.asl.json     3/4"), "{table}");
    assert_eq!(
        err,
        "warning: w/a.asl.json is left out, since it is no valid definition: see `sfn-testkit lint w/a.asl.json`\n"
    );
}

#[test]
fn counts_can_be_forgotten() {
    let folder = folder(&[]);
    process::run(folder.path(), &["happy", "failing"]);
    let (code, out, err) = coverage(folder.path(), &["--clean"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "removed the counts of 2 files from counts\n", ""));
    assert_eq!(coverage(folder.path(), &[]).0, 2);
}

#[test]
fn a_page_is_written_whole() {
    let folder = folder(&[]);
    process::run(folder.path(), &["happy"]);
    let (code, _, _) = coverage(folder.path(), &["--format", "html", "-o", "coverage.html"]);
    assert_eq!(code, 0);
    let page = fs::read_to_string(folder.path().join("coverage.html")).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("<svg ") && page.trim_end().ends_with("</html>")
    );
    for elsewhere in ["src=", "href=\"http", "@import", "url("] {
        assert!(!page.contains(elsewhere), "the page needs `{elsewhere}`");
    }
}

#[test]
fn the_help_shows_how_it_is_used() {
    let (code, help, _) = finished(&mut command(&["coverage", "--help"]));
    assert_eq!(code, 0);
    for part in [
        "sfn-testkit coverage --definitions workflows -- cargo test",
        "--fail-under <PERCENT>",
        "Exit codes:",
    ] {
        assert!(help.contains(part), "{help}");
    }
}
