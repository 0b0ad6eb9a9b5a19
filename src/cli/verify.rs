//! `sfn-testkit verify`: whether an endpoint does as AWS does.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime;

use super::arguments::VerifyArguments;
use super::aws_settings;
use super::console::Console;
use super::contract_files;
use super::progress::Progress;
use super::stop_signals::StopSignals;
use crate::contract::{Contracts, Report, Target, Verdict, bundled};

/// Returns an error if a clause is broken, or if the verification was given up.
pub(super) fn verify(arguments: &VerifyArguments, console: &Console) -> Result<(), String> {
    let contracts = chosen(arguments)?;
    let target = target(arguments)?;
    let runtime =
        runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let signals = StopSignals::listen().map_err(|error| error.to_string())?;
        let report = until_stopped(signals, verified(&contracts, &target, console)).await;
        console.forget_progress();
        let Some(report) = report else {
            target.clean_up().await;
            return Err("given up; what the clauses had created has been deleted".to_owned());
        };
        tell(&report, arguments, console)?;
        match arguments.challenge {
            true => challenge(&contracts, &target, console).await,
            false => Ok(()),
        }
    })
}

/// The clauses to verify; those of a name that fits none are a mistake.
fn chosen(arguments: &VerifyArguments) -> Result<Contracts, String> {
    let all = match arguments.paths.as_slice() {
        [] => bundled(),
        paths => contract_files::read_all(paths)?,
    };
    let Some(filter) = &arguments.filter else { return Ok(all) };
    let chosen = all.about(filter);
    let is_empty = chosen.clauses().next().is_none();
    if is_empty { Err(format!("no clause has `{filter}` in its id or topic")) } else { Ok(chosen) }
}

fn target(arguments: &VerifyArguments) -> Result<Target, String> {
    let Some(url) = &arguments.endpoint else {
        return Ok(Target::in_process().jobs(arguments.jobs));
    };
    let settings = aws_settings::find(arguments.profile.as_deref())?;
    let mut target = Target::endpoint(url)?.jobs(arguments.jobs);
    if let Some(seconds) = arguments.wait {
        target = target.wait_at_most(Duration::from_secs(seconds));
    }
    if let Some(role_arn) = &arguments.role_arn {
        target = target.role_arn(role_arn.as_str());
    }
    if let Some(region) = arguments.region.clone().or(settings.region) {
        target = target.region(region);
    }
    if let Some(credentials) = settings.credentials {
        target = target.credentials(credentials);
    }
    Ok(target)
}

async fn verified(contracts: &Contracts, target: &Target, console: &Console) -> Report {
    let mut progress = Progress::of(contracts);
    let tell = |verdict: &Verdict| {
        let finished = progress.note(verdict);
        console.progress(progress.line(verdict));
        if let Some(finished) = finished {
            console.milestone(finished);
        }
    };
    contracts.verify_telling(target, tell).await
}

/// What the work comes to; `None` if it was to stop before.
async fn until_stopped<T>(signals: StopSignals, work: impl Future<Output = T>) -> Option<T> {
    let mut stopped = pin!(signals.received());
    let mut work = pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => stopped.as_mut().poll(context).map(|()| None),
    })
    .await
}

fn tell(report: &Report, arguments: &VerifyArguments, console: &Console) -> Result<(), String> {
    console.say(report.render(arguments.format));
    match report.counts() {
        (_, 0, _) => Ok(()),
        (_, 1, _) => Err("1 clause is broken".to_owned()),
        (_, broken, _) => Err(format!("{broken} clauses are broken")),
    }
}

async fn challenge(contracts: &Contracts, target: &Target, console: &Console) -> Result<(), String> {
    let weaknesses = contracts.challenge(target).await;
    for weakness in &weaknesses {
        console.say(format_args!("accepts a wrong answer: {weakness}"));
    }
    match weaknesses.len() {
        0 => Ok(()),
        count => Err(format!("{count} wrong answers were accepted")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use crate::cli::console::Written;

    const CLAUSES: &str = r#"{"topic": "Mine", "clauses": [
        {"id": "good", "claim": "It is so.", "source": ["s"], "evidence": "recorded",
         "steps": [{"call": "ListActivities", "answers": {"activities": []}}]},
        {"id": "bad", "claim": "It is not so.", "source": ["s"], "evidence": "recorded",
         "steps": [{"call": "ListActivities", "answers": {}}]},
        {"id": "weak", "claim": "It may be so.", "source": ["s"], "evidence": "recorded",
         "steps": [{"call": "ListActivities"}]}
    ]}"#;

    fn run(options: &[&str]) -> (Result<(), String>, Written) {
        run_at(Console::for_test(), options)
    }

    fn run_at((console, written): (Console, Written), options: &[&str]) -> (Result<(), String>, Written) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.json");
        std::fs::write(&path, CLAUSES).unwrap();
        let arguments = ["sfn-testkit", "verify", path.to_str().unwrap()];
        let arguments = Arguments::parse_from(arguments.iter().chain(options));
        let Command::Verify(arguments) = arguments.command else { panic!("not verify") };
        (verify(&arguments, &console), written)
    }

    #[test]
    fn clauses_that_hold_are_counted() {
        let (done, written) = run(&["--filter", "good"]);
        assert_eq!(done, Ok(()));
        assert_eq!(written.out(), "the mock in this process: 1 upheld, 0 broken, 0 not runnable here\n");
    }

    #[test]
    fn a_broken_clause_is_shown_and_fails_the_command() {
        let (done, written) = run(&["--filter", "bad"]);
        assert_eq!(done, Err("1 clause is broken".to_owned()));
        assert!(
            written.out().starts_with("BROKEN  bad  It is not so.\n    /steps/0: ListActivities\n"),
            "{}",
            written.out()
        );
    }

    #[test]
    fn a_log_is_told_of_each_finished_topic() {
        let (_, written) = run(&[]);
        assert_eq!(written.err(), "3/3 Mine: 2 upheld, 1 broken, 0 not runnable here\n");
    }

    #[test]
    fn a_terminal_shows_a_count_that_is_gone_in_the_end() {
        let (console, written) = Console::for_test();
        let (_, written) = run_at((console.watched(), written), &[]);
        assert_eq!(written.err(), "\r1/3 good\r2/3, 1 broken bad\r3/3, 1 broken weak\r");
    }

    #[test]
    fn a_limit_to_waiting_is_for_endpoints() {
        let parse = |more: &[&str]| {
            Arguments::try_parse_from(["sfn-testkit", "verify", "--wait", "5"].iter().chain(more)).is_ok()
        };
        assert!(!parse(&[]) && parse(&["--endpoint", "http://127.0.0.1:1"]));
    }

    #[test]
    fn a_clause_that_cannot_fail_fails_the_challenge() {
        let (done, written) = run(&["--filter", "weak", "--challenge"]);
        assert_eq!(done, Err("1 wrong answers were accepted".to_owned()));
        assert!(
            written.out().ends_with(
                "accepts a wrong answer: weak at /steps accepts every answer: no step looks at one\n"
            ),
            "{}",
            written.out()
        );
    }

    #[test]
    fn a_filter_that_fits_nothing_is_a_mistake() {
        assert_eq!(run(&["--filter", "none"]).0, Err("no clause has `none` in its id or topic".to_owned()));
    }

    #[test]
    fn an_endpoint_that_is_none_is_a_mistake() {
        let refused = "`localhost` is no endpoint: write it as in http://127.0.0.1:4566";
        assert_eq!(run(&["--endpoint", "localhost"]).0, Err(refused.to_owned()));
    }
}
