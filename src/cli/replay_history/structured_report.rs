//! The report for programs: JSON, and XML for CI servers.

use super::report::{Report, Verdict};
use crate::model::Json;
use crate::model::xml_text as escaped;

pub(super) fn json(report: &Report) -> String {
    let count = |word| Json::from(report.count(word));
    let document = Json::from_members([
        ("definition", Json::from(report.definition.as_str())),
        ("interrupted", Json::Bool(report.verdicts.len() < report.wanted)),
        ("same", count("same")),
        ("different", count("different")),
        ("unreadable", count("unreadable")),
        ("executions", Json::array(report.verdicts.iter().map(Verdict::to_json).collect())),
    ]);
    document.to_pretty_text()
}

pub(super) fn junit(report: &Report) -> String {
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\"",
        report.verdicts.len(),
        report.count("different"),
        report.count("unreadable")
    );
    let cases: String = report.verdicts.iter().map(test_case).collect();
    let definition = escaped(&report.definition);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"sfn-testkit replay-history {definition}\" {counts}>\n{cases}</testsuite>\n"
    )
}

fn test_case(verdict: &Verdict) -> String {
    let arn = verdict.execution_arn.as_deref().unwrap_or("recorded executions");
    let start = format!("  <testcase classname=\"{}\" name=\"{}\"", escaped(arn), escaped(&verdict.history));
    match &verdict.outcome {
        Ok(differences) => {
            let Some(first) = differences.first() else { return format!("{start}/>\n") };
            let all: Vec<_> = differences.iter().map(ToString::to_string).collect();
            let (message, all) = (escaped(&first.to_string()), escaped(&all.join("\n")));
            format!("{start}>\n    <failure message=\"{message}\">{all}</failure>\n  </testcase>\n")
        }
        Err(why) => format!("{start}>\n    <error message=\"{}\"/>\n  </testcase>\n", escaped(why)),
    }
}
