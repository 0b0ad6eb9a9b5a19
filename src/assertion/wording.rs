//! Small phrases that several assertions share.

use std::time::Duration;

use super::Execution;
use super::style::Cut;
use super::telling;
use crate::model::ExecutionStatus;
use crate::model::human_duration::format_duration;

/// How much of a payload or failure a sentence shows.
pub(super) const SENTENCE: Cut = Cut { payload: 100, failure: 300 };
/// How many names a sentence lists.
const LISTED: usize = 12;

/// `once`, `twice`, `3 times`.
pub(crate) fn times(count: usize) -> String {
    match count {
        0 => "not once".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

/// `` `A`, `B`, `C` ``; of an empty list: `nothing`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    let shown =
        names.iter().take(LISTED).map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(LISTED + 1) {
        Some(beyond) => format!("{shown} and {} more", beyond + 1),
        None => shown,
    }
}

/// The shortest way to write it, with a fraction of seconds where needed: `1.5s`, `1m30s`, `30d`.
pub(crate) fn span(span: Duration) -> String {
    if span.subsec_millis() == 0 {
        return format_duration(Duration::from_secs(span.as_secs()));
    }
    let (minutes, seconds) = (span.as_secs() / 60, span.as_secs() % 60);
    let minutes =
        if minutes == 0 { String::new() } else { format_duration(Duration::from_secs(minutes * 60)) };
    let fraction = format!("{:03}", span.subsec_millis());
    format!("{minutes}{seconds}.{}s", fraction.trim_end_matches('0'))
}

/// `1s, 2s`; of an empty list: `nothing`.
pub(crate) fn spans(spans: &[Duration]) -> String {
    if spans.is_empty() {
        return "nothing".to_owned();
    }
    spans.iter().map(|duration| span(*duration)).collect::<Vec<_>>().join(", ")
}

/// `it SUCCEEDED`, `it FAILED: Boom: no funds`, `it is still RUNNING`.
pub(crate) fn end_of(execution: &Execution) -> String {
    match execution.status() {
        ExecutionStatus::Running => "it is still RUNNING".to_owned(),
        ended @ (ExecutionStatus::Succeeded
        | ExecutionStatus::Failed
        | ExecutionStatus::TimedOut
        | ExecutionStatus::Aborted) => {
            telling::with_failure(&format!("it {ended}"), execution.record.failure.as_ref(), SENTENCE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_short_and_exact() {
        for (millis, text) in [
            (0, "0s"),
            (1, "0.001s"),
            (1500, "1.5s"),
            (90_000, "1m30s"),
            (90_250, "1m30.25s"),
            (86_400_000, "1d"),
            (2_592_000_250, "30d0.25s"),
        ] {
            assert_eq!(span(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<_> = (0..15).map(|number| number.to_string()).collect();
        assert!(listed(&names).ends_with("`10`, `11` and 3 more"));
        assert!(listed(names.get(..12).unwrap()).ends_with("`10`, `11`"));
        assert_eq!(listed::<String>(&[]), "nothing");
    }
}
