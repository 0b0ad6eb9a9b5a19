//! Findings as SARIF 2.1.0, which code scanning services read.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::finding::Finding;
use super::lint_files::Outcome;
use crate::model::Json;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn of(outcome: &Outcome) -> Json {
    let mut rules: Vec<&'static str> = Vec::new();
    for finding in &outcome.findings {
        if !rules.contains(&finding.code) {
            rules.push(finding.code);
        }
    }
    let driver = Json::from_members([
        ("name", Json::from("sfn-testkit")),
        ("version", Json::from(env!("CARGO_PKG_VERSION"))),
        ("rules", Json::array(rules.iter().map(|code| rule(code)).collect())),
    ]);
    let results = outcome.findings.iter().map(|finding| result(finding, &rules)).collect();
    let run = Json::from_members([
        ("tool", Json::from_members([("driver", driver)])),
        ("columnKind", Json::from("unicodeCodePoints")),
        ("results", Json::array(results)),
    ]);
    Json::from_members([
        ("$schema", Json::from(SCHEMA)),
        ("version", Json::from("2.1.0")),
        ("runs", Json::array(vec![run])),
    ])
}

fn rule(code: &str) -> Json {
    Json::from_members([
        ("id", Json::from(code)),
        ("shortDescription", text(&code.to_lowercase().replace('_', " "))),
    ])
}

fn result(finding: &Finding, rules: &[&str]) -> Json {
    let index = rules.iter().position(|code| *code == finding.code).unwrap_or_default();
    let (start, end) = (finding.file.position(finding.span.start), finding.file.position(finding.span.end));
    let region = Json::from_members([
        ("startLine", Json::from(start.line as u64)),
        ("startColumn", Json::from(start.column as u64)),
        ("endLine", Json::from(end.line as u64)),
        ("endColumn", Json::from(end.column as u64)),
    ]);
    let artifact = Json::from_members([("uri", Json::from(uri(&finding.file.name)))]);
    let physical = Json::from_members([("artifactLocation", artifact), ("region", region)]);
    let mut location = vec![("physicalLocation", physical)];
    if let Some(whereabouts) = finding.whereabouts() {
        let logical = Json::from_members([("fullyQualifiedName", Json::from(whereabouts))]);
        location.push(("logicalLocations", Json::array(vec![logical])));
    }
    Json::from_members([
        ("ruleId", Json::from(finding.code)),
        ("ruleIndex", Json::from(index as u64)),
        ("level", Json::from(finding.severity.as_str())),
        ("message", text(&finding.message)),
        ("locations", Json::array(vec![Json::from_members(location)])),
    ])
}

fn text(text: &str) -> Json {
    Json::from_members([("text", Json::from(text))])
}

/// A path as a relative reference: `/` between folders, and no character that a URI must not have.
fn uri(path: &str) -> String {
    let written = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.replace('\\', "/").bytes().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("flows\\my file#1.asl.json"), "flows/my%20file%231.asl.json");
        assert_eq!(uri("ä.json"), "%C3%A4.json");
    }
}
