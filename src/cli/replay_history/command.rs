//! From the options to the report and the exit code.

use std::io::{Read, stdin};
use std::thread::available_parallelism;

use super::arguments::{Format, ReplayHistoryArguments};
use super::report::{Report, Verdict};
use super::sources::{Source, sources};
use super::{structured_report, text_report, work};
use crate::cli::checked_definition::CheckedDefinition;
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, INTERRUPTED, MISUSED};
use crate::mock::replay::Replayer;

/// The exit code.
pub(in crate::cli) fn replay_history(arguments: &ReplayHistoryArguments, console: &Console) -> u8 {
    replay_with(arguments, &mut stdin(), console)
}

fn replay_with(arguments: &ReplayHistoryArguments, standard_input: &mut dyn Read, console: &Console) -> u8 {
    let prepared = replayer(arguments, console)
        .and_then(|replayer| Ok((replayer, chosen(arguments, standard_input)?)))
        .and_then(|(replayer, sources)| replayed(arguments, &replayer, &sources, console));
    let report = match prepared {
        Ok(report) => report,
        Err(why) => {
            console.fail(why);
            return MISUSED;
        }
    };
    match arguments.format {
        Format::Text => console.say(text_report::render(&report, arguments.limit)),
        Format::Json => console.say(structured_report::json(&report)),
        Format::Junit => console.say(structured_report::junit(&report)),
        Format::Jsonl => {}
    }
    exit_code(&report)
}

fn exit_code(report: &Report) -> u8 {
    if report.verdicts.len() < report.wanted {
        INTERRUPTED
    } else if report.count("unreadable") > 0 {
        MISUSED
    } else if report.count("different") > 0 {
        FAILED
    } else {
        DONE
    }
}

/// The definition, read and found good.
fn replayer(arguments: &ReplayHistoryArguments, console: &Console) -> Result<Replayer, String> {
    let definition = CheckedDefinition::read(&arguments.definition, arguments.kind.map(Into::into))?;
    definition.warnings.iter().for_each(|warning| console.complain(warning));
    let mut replayer = Replayer::of_type(definition.json, definition.kind).map_err(|why| why.to_string())?;
    for kind in &arguments.ignore {
        replayer = replayer.ignoring(*kind);
    }
    for member in &arguments.ignore_member {
        replayer = replayer.ignoring_member(member);
    }
    Ok(replayer)
}

/// The histories of this part.
fn chosen(arguments: &ReplayHistoryArguments, standard_input: &mut dyn Read) -> Result<Vec<Source>, String> {
    let all = sources(&arguments.histories, standard_input)?;
    let is_chosen = |index: usize| arguments.partition.is_none_or(|partition| partition.has(index));
    Ok(all.into_iter().enumerate().filter(|(index, _)| is_chosen(*index)).map(|(_, source)| source).collect())
}

fn replayed(
    arguments: &ReplayHistoryArguments,
    replayer: &Replayer,
    sources: &[Source],
    console: &Console,
) -> Result<Report, String> {
    let jobs = arguments.jobs.map_or_else(|| available_parallelism().map_or(1, usize::from), usize::from);
    let mut progress = Progress { console, done: 0, other: 0, all: sources.len() };
    let mut verdicts = Vec::new();
    work::replay_all(replayer, sources, jobs, |verdict| {
        if arguments.format == Format::Jsonl {
            console.say(verdict.to_json().to_text());
        }
        progress.step(&verdict);
        verdicts.push(verdict);
    })?;
    console.forget_progress();
    let definition = arguments.definition.display().to_string();
    Ok(Report { definition, verdicts, wanted: sources.len() })
}

/// `[########                ] 340/1000, 2 otherwise`
struct Progress<'c> {
    console: &'c Console,
    done: usize,
    other: usize,
    all: usize,
}

impl Progress<'_> {
    fn step(&mut self, verdict: &Verdict) {
        const WIDTH: usize = 24;
        self.done += 1;
        self.other += usize::from(!verdict.is_same());
        let Self { done, other, all, .. } = *self;
        let every = (all / 200).max(1);
        if done % every == 0 {
            let filled = done * WIDTH / all.max(1);
            let bar = format!("{}{}", "#".repeat(filled), " ".repeat(WIDTH.saturating_sub(filled)));
            self.console.progress(format_args!("[{bar}] {done}/{all}, {other} otherwise"));
        }
    }
}
