//! `sfn-testkit lint` as a shell sees it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::cli::command;

pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit code, standard output and standard error.
pub(crate) fn lint(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(&["lint"]).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// What `lint a-file` writes, with its exit code.
#[track_caller]
fn check(name: &str, text: &str, code: i32, expected: &str) {
    let (found, out, err) = lint(folder(&[(name, text)]).path(), &[name]);
    assert_eq!((out.as_str(), err.as_str(), found), (expected, "", Some(code)));
}

const GOOD: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
pub(crate) const WARNED: &str = r#"{"StartAt": "A", "States": {
  "A": {"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}}}"#;

#[test]
fn a_good_definition_ends_with_code_0() {
    check("a.asl.json", GOOD, 0, "1 definition checked, nothing found\n");
}

#[test]
fn findings_show_their_places_in_json() {
    let text = r#"{
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.x", "IsPresent": true, "Next": "B" },
        { "Variable": "x", "StringEquals": "y", "Next": "Gone" }
      ]
    },
    "B": { "Type": "Succeed", "Foo": 1 }
  }
}
"#;
    check(
        "a.asl.json",
        text,
        1,
        r#"error[SCHEMA_VALIDATION_FAILED]: Value is not a valid JSONPath
 --> a.asl.json:8:23
  |
8 |         { "Variable": "x", "StringEquals": "y", "Next": "Gone" }
  |                       ^^^
  = /States/A/Choices[1]/Variable

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> a.asl.json:8:57
  |
8 |         { "Variable": "x", "StringEquals": "y", "Next": "Gone" }
  |                                                         ^^^^^^
  = /States/A/Choices[1]/Next

error[SCHEMA_VALIDATION_FAILED]: Field 'Foo' is not supported
  --> a.asl.json:11:31
   |
11 |     "B": { "Type": "Succeed", "Foo": 1 }
   |                               ^^^^^
   = /States/B

1 definition checked, 3 errors and 0 warnings
"#,
    );
}

#[test]
fn findings_show_their_places_in_yaml() {
    let text =
        "# An order.\nStartAt: A\nStates:\n  A:\n    Type: Wait\n    Seconds: soon\n    Next: \"Gone\"\n";
    check(
        "a.asl.yaml",
        text,
        1,
        r#"error[MISSING_END_STATE]: At least one state must be terminal
 --> a.asl.yaml:3:1
  |
3 | States:
  | ^^^^^^
  = /States

error[SCHEMA_VALIDATION_FAILED]: Expected value of type Integer
 --> a.asl.yaml:6:14
  |
6 |     Seconds: soon
  |              ^^^^
  = /States/A/Seconds

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> a.asl.yaml:7:11
  |
7 |     Next: "Gone"
  |           ^^^^^^
  = /States/A/Next

1 definition checked, 3 errors and 0 warnings
"#,
    );
}

#[test]
fn broken_files_show_where_they_break() {
    check(
        "a.asl.json",
        "{\n  \"StartAt\" \"A\"\n}\n",
        1,
        r#"error[INVALID_JSON_DESCRIPTION]: Unexpected character ('"' (code 34)): was expecting a colon to separate field name and value
 --> a.asl.json:2:13
  |
2 |   "StartAt" "A"
  |             ^

1 definition checked, 1 error and 0 warnings
"#,
    );
    check(
        "a.asl.yaml",
        "StartAt: [A\n",
        1,
        r#"error[INVALID_YAML]: while parsing a flow sequence, expected ',' or ']'
 --> a.asl.yaml:2:1
  |
2 |
  | ^

0 definitions checked, 1 error and 0 warnings
"#,
    );
    check(
        "b.asl.yaml",
        "StartAt: !Ref A\n",
        1,
        r#"error[INVALID_YAML]: the tag !Ref has no meaning in a definition
 --> b.asl.yaml:1:10
  |
1 | StartAt: !Ref A
  |          ^^^^

0 definitions checked, 1 error and 0 warnings
"#,
    );
    check(
        "empty.asl.json",
        "",
        1,
        r#"error[SCHEMA_VALIDATION_FAILED]: Definition must be a valid JSON object
 --> empty.asl.json:1:1
  |
1 |
  | ^

1 definition checked, 1 error and 0 warnings
"#,
    );
}

#[test]
fn a_definition_string_is_followed_through_its_escapes() {
    let template = r#"{
  "Resources": {
    "Orders": {
      "Type": "AWS::StepFunctions::StateMachine",
      "Properties": {
        "DefinitionString": "{\n \"StartAt\": \"A\",\n \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Gone\"}}}"
      }
    }
  }
}
"#;
    check(
        "template.json",
        template,
        1,
        r#"error[MISSING_END_STATE]: At least one state must be terminal
 --> template.json:6:56
  |
6 | … tionString": "{\n \"StartAt\": \"A\",\n \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Gone\"} …
  |                                           ^^^^^^^^^^
  = Orders /States

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> template.json:6:107
  |
6 | … nString": "{\n \"StartAt\": \"A\",\n \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Gone\"}}}"
  |                                                                                           ^^^^^^^^
  = Orders /States/A/Next

1 definition checked, 2 errors and 0 warnings
"#,
    );
}

#[test]
fn joined_and_substituted_strings_are_judged_with_placeholders() {
    let template = r#"Resources:
  Queue:
    Type: AWS::SQS::Queue
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      DefinitionString: !Sub |
        {
          "StartAt": "Pay",
          "States": {
            "Pay": {
              "Type": "Task",
              "Resource": "${Pay.Arn}",
              "TimeoutSeconds": ${Seconds},
              "Next": "Gone"
            }
          }
        }
"#;
    let readme = include_str!("../../README.md");
    let (_, shown) = readme.split_once("$ sfn-testkit lint template.yaml\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    check("template.yaml", template, 1, shown);
}

#[test]
fn what_the_cdk_joins_is_shown_in_the_neighbourhood_of_its_long_line() {
    let cdk = r#"{"Resources": {"Orders": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", ["{\"StartAt\":\"Pay\",\"States\":{\"Pay\":{\"Type\":\"Task\",\"Resource\":\"arn:", {"Ref": "AWS::Partition"}, ":states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"", {"Fn::GetAtt": ["Pay", "Arn"]}, "\"},\"Next\":\"Gone\"}}}"]]}}}}}"#;
    check(
        "cdk.template.json",
        cdk,
        1,
        r#"error[MISSING_END_STATE]: At least one state must be terminal
 --> cdk.template.json:1:147
  |
1 | … "Fn::Join": ["", ["{\"StartAt\":\"Pay\",\"States\":{\"Pay\":{\"Type\":\"Task\",\"Resource\":\"arn:", …
  |                                           ^^^^^^^^^^
  = Orders /States

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> cdk.template.json:1:346
  |
1 | … arameters\":{\"FunctionName\":\"", {"Fn::GetAtt": ["Pay", "Arn"]}, "\"},\"Next\":\"Gone\"}}}"]]}}}}}
  |                                                                                    ^^^^^^^^
  = Orders /States/Pay/Next

note: in cdk.template.json (Orders), placeholders stand for ${AWS::Partition}, ${Pay.Arn}

1 definition checked, 2 errors and 0 warnings
"#,
    );
}

/// State machines of SAM, with their definitions in five ways.
const SAM: &str = r#"Resources:
  Inline:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionSubstitutions:
        PayArn: !GetAtt Pay.Arn
      Definition:
        StartAt: Pay
        States:
          Pay:
            Type: Task
            Resource: "${PayArn}"
            Parameters: { Table: "${Table}" }
            End: true
  InFile:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flows/pay.asl.json
  Missing:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flows/gone.asl.json
  InBucket:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: { Bucket: b, Key: k }
  Empty:
    Type: AWS::Serverless::StateMachine
"#;

#[test]
fn definitions_of_sam_may_be_objects_or_files() {
    let pay = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}"#;
    let folder = folder(&[("template.yaml", SAM), ("flows/pay.asl.json", pay)]);
    let (code, out, err) = lint(folder.path(), &["template.yaml"]);
    assert_eq!(
        (out.as_str(), err.as_str(), code),
        (
            r#"warning[UNDEFINED_SUBSTITUTION]: `Table` is substituted here, but DefinitionSubstitutions does not define it
  --> template.yaml:13:35
   |
13 |             Parameters: { Table: "${Table}" }
   |                                   ^^^^^^^^
   = Inline

error[UNREADABLE_DEFINITION]: cannot read flows/gone.asl.json: No such file or directory (os error 2)
  --> template.yaml:22:22
   |
22 |       DefinitionUri: flows/gone.asl.json
   |                      ^^^^^^^^^^^^^^^^^^^
   = Missing

note[NOT_CHECKED]: The definition lies in S3 and was not checked
  --> template.yaml:26:7
   |
26 |       DefinitionUri: { Bucket: b, Key: k }
   |       ^^^^^^^^^^^^^
   = InBucket

error[NO_DEFINITION]: This state machine has no definition: it needs DefinitionString, Definition or DefinitionUri
  --> template.yaml:27:3
   |
27 |   Empty:
   |   ^^^^^
   = Empty

error[MISSING_END_STATE]: At least one state must be terminal
 --> flows/pay.asl.json:1:18
  |
1 | {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}
  |                  ^^^^^^^^
  = InFile /States

error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Gone
 --> flows/pay.asl.json:1:59
  |
1 | {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}
  |                                                           ^^^^^^
  = InFile /States/A/Next

note: in template.yaml (Inline), placeholders stand for ${PayArn}, ${Table}

2 definitions checked, 4 errors and 1 warning
"#,
            "",
            Some(1)
        )
    );
}

#[test]
fn the_type_is_that_of_the_template_unless_it_is_given() {
    let template = r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
  "DefinitionString": {"Fn::ToJsonString": {"StartAt": "A", "States": {"A": {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody.$": "$$.Task.Token"},
    "End": true}}}}}}}}"#;
    let folder = folder(&[("t.json", template)]);
    let (code, out, _) = lint(folder.path(), &["t.json"]);
    let nothing =
        "note: in t.json (M), placeholders stand for ${Queue}\n\n1 definition checked, nothing found\n";
    assert_eq!((code, out.as_str()), (Some(0), nothing));
    let (code, out, _) = lint(folder.path(), &["t.json", "--type", "EXPRESS"]);
    let expected = "error[SCHEMA_VALIDATION_FAILED]: Express state machine does not support '.waitForTaskToken' \
                    service integration \n --> t.json:4:17\n";
    assert_eq!(code, Some(1));
    assert!(out.starts_with(expected), "{out}");
}

#[test]
fn a_definition_that_only_a_deployment_knows_is_not_judged() {
    let template = r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
  "DefinitionString": {"Fn::If": ["IsProd", "{}", "{}"]}}}}}"#;
    check(
        "t.json",
        template,
        0,
        r#"note[NOT_CHECKED]: The definition comes from Fn::If and was not checked
 --> t.json:2:23
  |
2 |   "DefinitionString": {"Fn::If": ["IsProd", "{}", "{}"]}}}}}
  |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = M

0 definitions checked, nothing found
"#,
    );
}

#[test]
fn warnings_end_with_code_1_only_if_they_are_denied() {
    let folder = folder(&[("a.asl.json", WARNED)]);
    let (code, out, _) = lint(folder.path(), &["a.asl.json"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        out,
        r#"warning[NO_DOLLAR]: The value of 'id' looks like a path or an intrinsic function; only the value of 'id.$' is evaluated
 --> a.asl.json:2:40
  |
2 |   "A": {"Type": "Pass", "Parameters": {"id": "$.id"}, "End": true}}}
  |                                        ^^^^
  = /States/A/Parameters

1 definition checked, 0 errors and 1 warning
"#
    );
    assert_eq!(lint(folder.path(), &["--deny-warnings", "a.asl.json"]).0, Some(1));
}

#[test]
fn folders_are_searched_for_definitions_and_templates() {
    let template = r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "{}"}}}}"#;
    let folder = folder(&[
        ("flows/a.asl.json", GOOD),
        ("flows/deep/b.json", GOOD),
        ("template.json", template),
        ("package.json", r#"{"name": "x"}"#),
        ("broken.json", "{"),
        ("node_modules/x/c.asl.json", "{}"),
        (".hidden/d.asl.json", "{}"),
    ]);
    let (code, out, _) = lint(folder.path(), &["--format", "json", "."]);
    assert_eq!(code, Some(1));
    let out: Value = serde_json::from_str(&out).unwrap();
    let files: Vec<_> =
        out["definitions"].as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["./flows/a.asl.json", "./flows/deep/b.json", "./template.json"]);
}

#[test]
fn what_cannot_be_read_ends_with_code_2() {
    let folder = folder(&[]);
    let (code, out, err) = lint(folder.path(), &["gone.asl.json"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: cannot read gone.asl.json: "), "{err}");
    assert_eq!(lint(folder.path(), &[]).0, Some(2));
    assert_eq!(lint(folder.path(), &["--format", "xml", "a.json"]).0, Some(2));
}
