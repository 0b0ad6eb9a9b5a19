//! A report for CI servers, as XML.

use super::summary::Report;
use crate::contract::verdict::{Outcome, Verdict};
use crate::model::xml_text;

pub(super) fn render(report: &Report) -> String {
    let (upheld, broken, not_runnable) = report.counts();
    let tests = upheld + broken + not_runnable;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let target = xml_text(report.target());
    let counts = format!("tests=\"{tests}\" failures=\"{broken}\" skipped=\"{not_runnable}\"");
    xml.extend(["<testsuite name=\"sfn-testkit verify ", &target, "\" ", &counts, ">\n"]);
    for verdict in report.verdicts() {
        xml.push_str(&test_case(verdict));
    }
    xml.push_str("</testsuite>\n");
    xml
}

fn test_case(verdict: &Verdict) -> String {
    let clause = verdict.clause();
    let (id, topic) = (xml_text(clause.id()), xml_text(clause.topic()));
    let start = format!("  <testcase classname=\"{topic}\" name=\"{id}\"");
    match verdict.outcome() {
        Outcome::Upheld => format!("{start}/>\n"),
        Outcome::NotRunnable(reason) => {
            format!("{start}>\n    <skipped message=\"{}\"/>\n  </testcase>\n", xml_text(reason))
        }
        Outcome::Broken(breach) => {
            let message = xml_text(breach.explanation());
            let sources: Vec<_> = clause.source().collect();
            let told = format!("{}\n{breach}\n{}", clause.claim(), sources.join("\n"));
            format!(
                "{start}>\n    <failure message=\"{message}\">{}</failure>\n  </testcase>\n",
                xml_text(&told)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::report::sample::sample;

    #[test]
    fn every_clause_is_a_test_case() {
        assert_eq!(
            render(&sample()),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="sfn-testkit verify localhost:4566" tests="3" failures="1" skipped="1">
  <testcase classname="Samples" name="exec-a"/>
  <testcase classname="Samples" name="exec-b">
    <failure message="$.a: 2 != 1">The second
claim.
/steps/1: StartExecution
$.a: 2 != 1
--- expected
+++ actual &lt;&amp;&quot;&gt;
https://example.com/b</failure>
  </testcase>
  <testcase classname="Samples" name="exec-c">
    <skipped message="the clause needs a clock that can be moved"/>
  </testcase>
</testsuite>
"#
        );
    }
}
