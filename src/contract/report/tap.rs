//! A report in the Test Anything Protocol.

use super::summary::Report;
use crate::contract::verdict::{Outcome, Verdict};

pub(super) fn render(report: &Report) -> String {
    let mut tap = format!("TAP version 14\n1..{}\n", report.verdicts().count());
    for (position, verdict) in report.verdicts().enumerate() {
        tap.push_str(&line(position + 1, verdict));
    }
    tap
}

fn line(number: usize, verdict: &Verdict) -> String {
    let clause = verdict.clause();
    let described = format!("{number} - {}: {}", clause.id(), on_one_line(clause.claim()));
    match verdict.outcome() {
        Outcome::Upheld => format!("ok {described}\n"),
        Outcome::NotRunnable(reason) => format!("ok {described} # SKIP {reason}\n"),
        Outcome::Broken(breach) => {
            let mut tap = format!("not ok {described}\n  ---\n  breach: |\n");
            for line in breach.to_string().lines() {
                tap.extend(["    ", line, "\n"]);
            }
            tap.push_str("  sources:\n");
            for source in clause.source() {
                tap.extend(["    - '", &source.replace('\'', "''"), "'\n"]);
            }
            tap.push_str("  ...\n");
            tap
        }
    }
}

/// A `#` would begin a directive.
fn on_one_line(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::report::sample::sample;

    #[test]
    fn every_clause_is_a_test_point() {
        assert_eq!(
            render(&sample()),
            "TAP version 14\n\
             1..3\n\
             ok 1 - exec-a: The first claim.\n\
             not ok 2 - exec-b: The second claim.\n  \
               ---\n  \
               breach: |\n    \
                 /steps/1: StartExecution\n    \
                 $.a: 2 != 1\n    \
                 --- expected\n    \
                 +++ actual <&\">\n  \
               sources:\n    \
                 - 'https://example.com/b'\n  \
               ...\n\
             ok 3 - exec-c: The third claim. # SKIP the clause needs a clock that can be moved\n"
        );
    }

    #[test]
    fn a_hash_in_a_claim_is_no_directive() {
        assert_eq!(on_one_line("a # b\\"), "a \\# b\\\\");
    }
}
