//! `sfn-testkit lint` as other programs read it: JSON and SARIF.

use serde_json::{Value, json};

use super::cli_lint::{WARNED, folder, lint};

#[test]
fn json_has_every_place() {
    let folder = folder(&[("a.express.asl.json", WARNED)]);
    let (code, out, _) = lint(folder.path(), &["--format", "json", "a.express.asl.json"]);
    assert_eq!(code, Some(0));
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        out,
        json!({
            "definitions": [
                { "file": "a.express.asl.json", "stateMachine": null, "type": "EXPRESS", "placeholders": [] }
            ],
            "findings": [{
                "severity": "warning",
                "code": "NO_DOLLAR",
                "message": "The value of 'id' looks like a path or an intrinsic function; only the value of 'id.$' is evaluated",
                "file": "a.express.asl.json",
                "line": 2, "column": 40, "endLine": 2, "endColumn": 44,
                "stateMachine": null,
                "location": "/States/A/Parameters"
            }],
            "errors": 0,
            "warnings": 1
        })
    );
}

#[test]
fn sarif_has_rules_results_and_regions() {
    let folder = folder(&[("my flow.asl.json", WARNED)]);
    let (code, out, _) = lint(folder.path(), &["--format", "sarif", "my flow.asl.json"]);
    assert_eq!(code, Some(0));
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out["version"], "2.1.0");
    let run = &out["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "sfn-testkit");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "NO_DOLLAR");
    let result = &run["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["ruleIndex"], &result["level"]),
        (&json!("NO_DOLLAR"), &json!(0), &json!("warning"))
    );
    assert_eq!(
        result["locations"],
        json!([{
            "physicalLocation": {
                "artifactLocation": { "uri": "my%20flow.asl.json" },
                "region": { "startLine": 2, "startColumn": 40, "endLine": 2, "endColumn": 44 }
            },
            "logicalLocations": [{ "fullyQualifiedName": "/States/A/Parameters" }]
        }])
    );
}
