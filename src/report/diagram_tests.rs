//! What the texts for other tools say.

use super::Diagram;
use crate::assertion::Execution;
use crate::assertion::test_history::History;

const DEFINITION: &str = r#"{
    "StartAt": "Save",
    "States": {
        "Save": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Large?",
            "Catch": [{"ErrorEquals": ["Busy"], "Next": "No"}, {"ErrorEquals": ["States.ALL"], "Next": "No"}]
        },
        "Large?": {
            "Type": "Choice", "Default": "Both",
            "Choices": [{"Variable": "$.kind", "StringEquals": "\"<b>\"", "Next": "Save"}]
        },
        "Both": {
            "Type": "Parallel", "End": true,
            "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}]
        },
        "No": {"Type": "Fail"}
    }
}"#;

fn plain() -> Diagram {
    Diagram::of_definition(DEFINITION).unwrap()
}

/// Save was retried, failed, and was caught by the second catcher.
fn caught() -> Execution {
    use crate::model::HistoryEventType as Type;
    History::started_with("{}")
        .enters_task("Save", "{}")
        .calls("{}")
        .fails("Slow", "x")
        .calls("{}")
        .fails("Slow", "x")
        .exits_task("Save", "{}")
        .enters(Type::FailStateEntered, "No", "{}")
        .failed("Gone", "y")
}

#[test]
fn an_outline_has_every_state_and_way() {
    assert_eq!(
        plain().outline(),
        "\
Start -> Save
Save (Task · sqs:sendMessage)
  Next -> Large?
  Catch[0] Busy -> No
  Catch[1] States.ALL -> No
Large? (Choice)
  Choices[0] $.kind = \"\\\"<b>\\\"\" -> Save
  Default -> Both
Both (Parallel)
  branch 0
    Start -> A
    A (Pass)
      End
  End
No (Fail)
"
    );
}

#[test]
fn an_outline_of_an_execution_marks_what_was_taken_and_what_failed() {
    let outline = caught().diagram_of(DEFINITION).unwrap().outline();
    assert_eq!(
        outline,
        "\
* Start -> Save
* Save (Task · sqs:sendMessage): 1 retry
    Next -> Large?
    Catch[0] Busy -> No
*   Catch[1] States.ALL -> No
  Large? (Choice)
    Choices[0] $.kind = \"\\\"<b>\\\"\" -> Save
    Default -> Both
  Both (Parallel)
    branch 0
      Start -> A
      A (Pass)
        End
    End
! No (Fail)
"
    );
}

#[test]
fn mermaid_gets_its_own_signs_for_what_means_something_to_it() {
    assert_eq!(
        plain().mermaid(),
        r#"flowchart TD
  s0["Save<br/>Task · sqs:sendMessage"]
  s1{"Large?<br/>Choice"}
  subgraph s2["Both<br/>Parallel"]
    subgraph s2_0["branch 0"]
      direction TB
      s3["A<br/>Pass"]
      start1((" ")) --> s3
      s3 --> end1(((" ")))
    end
  end
  s4(["No<br/>Fail"])
  start0((" ")) --> s0
  s0 --> s1
  s0 -.->|"Busy"| s4
  s0 -.->|"States.ALL"| s4
  s1 -->|"$.kind = #34;#92;#34;#60;b#62;#92;#34;#34;"| s0
  s1 -->|"Default"| s2
  s2 --> end0(((" ")))
"#
    );
}

#[test]
fn mermaid_and_dot_colour_the_path_of_an_execution() {
    let diagram = caught().diagram_of(DEFINITION).unwrap();
    let mermaid = diagram.mermaid();
    assert!(
        mermaid.ends_with(
            "  class s0 caught\n  class s4 failed\n  class s1,s2,s3 untaken\n  linkStyle 2,5 stroke:#16794a,stroke-width:3px\n"
        ),
        "{mermaid}"
    );
    let dot = diagram.dot();
    for line in [
        "s0 [label=\"Save\\nTask · sqs:sendMessage\", fillcolor=\"#fff4df\", color=\"#a86200\"];",
        "s0 -> s4 [label=\"States.ALL\", style=dashed, color=\"#16794a\", penwidth=2];",
        "s0 -> s4 [label=\"Busy\", style=dashed];",
    ] {
        assert!(dot.contains(line), "{dot}");
    }
}

#[test]
fn dot_has_clusters_for_what_is_nested() {
    assert_eq!(
        plain().dot(),
        r#"digraph {
  compound=true;
  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Arial"];
  edge [fontname="Arial", fontsize=10];
  start0 [shape=circle, label="", width=0.2];
  end0 [shape=doublecircle, label="", width=0.15];
  s0 [label="Save\nTask · sqs:sendMessage"];
  s1 [label="Large?\nChoice", shape=diamond, style=filled];
  subgraph cluster_s2 {
    label="Both\nParallel";
    s2 [shape=point, style=invis];
    subgraph cluster_s2_0 {
      label="branch 0"; style=dashed;
      start1 [shape=circle, label="", width=0.2];
      end1 [shape=doublecircle, label="", width=0.15];
      s3 [label="A\nPass"];
      start1 -> s3;
      s3 -> end1;
    }
  }
  s4 [label="No\nFail"];
  start0 -> s0;
  s0 -> s1;
  s0 -> s4 [label="Busy", style=dashed];
  s0 -> s4 [label="States.ALL", style=dashed];
  s1 -> s0 [label="$.kind = \"\\\"<b>\\\"\""];
  s1 -> s2 [label="Default", lhead=cluster_s2];
  s2 -> end0 [ltail=cluster_s2];
}
"#
    );
}

#[test]
fn the_picture_marks_the_path_and_shows_no_text_as_markup() {
    let svg = caught().diagram_of(DEFINITION).unwrap().svg();
    for part in [
        r#"<g class="state task leaf taken caught" data-state="0"><title>Save"#,
        r#"<g class="state fail leaf taken failed" data-state="4">"#,
        r#"<g class="state choice leaf untaken" data-state="1">"#,
        r#"<g class="way catch taken" data-way="#,
        r#"<g class="badge warn"><title>retried once</title>"#,
    ] {
        assert!(svg.contains(part), "{part}\n{svg}");
    }
    assert!(!svg.contains("<b>"));
    assert_eq!(svg.matches("<svg").count(), 1);
}

#[test]
fn without_a_definition_there_is_no_diagram_until_one_is_told() {
    assert!(caught().diagram().is_none());
    assert_eq!(
        caught().diagram_of("{}").unwrap_err().to_string(),
        "the definition has no `States` object: add one"
    );
}
