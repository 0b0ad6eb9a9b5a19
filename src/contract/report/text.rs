//! A report for people.

use super::summary::Report;
use crate::contract::verdict::{Outcome, Verdict};

pub(super) fn render(report: &Report) -> String {
    let mut text = String::new();
    for verdict in report.broken() {
        text.push_str(&broken(verdict));
        text.push('\n');
    }
    for verdict in report.verdicts() {
        if let Outcome::NotRunnable(reason) = verdict.outcome() {
            text.extend(["not runnable here  ", verdict.clause().id(), ": ", reason, "\n"]);
        }
    }
    text.extend([report.target(), ": ", &report.summary(), "\n"]);
    text
}

fn broken(verdict: &Verdict) -> String {
    let clause = verdict.clause();
    let mut text = format!("BROKEN  {}  {}\n", clause.id(), clause.claim());
    let breach = verdict.breach().map(ToString::to_string).unwrap_or_default();
    for line in breach.lines() {
        text.extend(["    ", line, "\n"]);
    }
    for source in clause.source() {
        text.extend(["    ", clause.evidence().name(), ": ", source, "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::report::sample::sample;

    #[test]
    fn broken_clauses_come_first_with_their_diff_and_source() {
        assert_eq!(
            render(&sample()),
            "BROKEN  exec-b  The second\nclaim.\n    \
             /steps/1: StartExecution\n    \
             $.a: 2 != 1\n    \
             --- expected\n    \
             +++ actual <&\">\n    \
             documented: https://example.com/b\n\
             \n\
             not runnable here  exec-c: the clause needs a clock that can be moved\n\
             localhost:4566: 1 upheld, 1 broken, 1 not runnable here\n"
        );
    }
}
