//! The report for people.

use indexmap::IndexMap;

use super::report::{Report, Verdict};
use crate::mock::replay::Difference;

/// At most `limit` executions that differ are shown; 0: all.
pub(super) fn render(report: &Report, limit: usize) -> String {
    let mut text = summary(report);
    let differing: Vec<&Verdict> = report.verdicts.iter().filter(|verdict| !verdict.is_same()).collect();
    if differing.is_empty() {
        return text;
    }
    let groups = groups(&differing);
    // A list of reasons is only of use if some have it in common.
    if groups.len() < differing.len() {
        for (reason, count) in &groups {
            text.push_str(&format_line(&format!("{count:>5} × {reason}")));
        }
        text.push('\n');
    }
    let shown = if limit == 0 { differing.len() } else { limit };
    for verdict in differing.iter().take(shown) {
        text.push_str(&told(verdict));
    }
    match differing.len().saturating_sub(shown) {
        0 => {}
        hidden => text.push_str(&format_line(&format!("… and {hidden} more: --limit 0 shows all"))),
    }
    text
}

/// `1000 executions run against orders.asl.json: 990 go as recorded, 8 differ, 2 cannot be read`
fn summary(report: &Report) -> String {
    let Report { definition, verdicts, wanted } = report;
    let n = verdicts.len();
    let executions = if n == 1 { "1 execution".to_owned() } else { format!("{n} executions") };
    let (same, differ, unreadable) =
        (report.count("same"), report.count("different"), report.count("unreadable"));
    let unreadable = if unreadable == 0 { String::new() } else { format!(", {unreadable} cannot be read") };
    let cut_short =
        if n == *wanted { String::new() } else { format!(" (interrupted: {wanted} were to be run)") };
    format!(
        "{executions} run against {definition}: {same} as recorded, {differ} otherwise{unreadable}{cut_short}\n"
    )
}

/// The first differences, those that many have first.
fn groups(differing: &[&Verdict]) -> Vec<(String, usize)> {
    let mut groups: IndexMap<String, usize> = IndexMap::new();
    for verdict in differing {
        *groups.entry(gist(verdict)).or_default() += 1;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    groups
}

fn reason(verdict: &Verdict) -> String {
    match &verdict.outcome {
        Ok(differences) => differences.first().map(ToString::to_string).unwrap_or_default(),
        Err(why) => format!("it cannot be read: {why}"),
    }
}

/// What it may have in common with others.
fn gist(verdict: &Verdict) -> String {
    match &verdict.outcome {
        Ok(differences) => differences.first().map(Difference::gist).unwrap_or_default(),
        Err(_) => "it cannot be read".to_owned(),
    }
}

fn told(verdict: &Verdict) -> String {
    let arn = verdict.execution_arn.as_ref().map(|arn| format!(" ({arn})")).unwrap_or_default();
    let more = match verdict.differences().len() {
        0 | 1 => String::new(),
        2 => ", and 1 more difference".to_owned(),
        n => format!(", and {} more differences", n - 1),
    };
    format!("{}{arn}\n    {}{more}\n", verdict.history, reason(verdict))
}

fn format_line(line: &str) -> String {
    format!("{line}\n")
}
