//! What the graph of a definition has in it.

use super::{Graph, Owner, StateId, TransitionKind};

const ORDER: &str = r#"{
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map", "Next": "Check",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Ship",
                "States": {"Ship": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}
            },
            "Retry": [{"ErrorEquals": ["Busy", "Slow"]}],
            "Catch": [{"ErrorEquals": ["States.Timeout", "Lost"], "Next": "No"}]
        },
        "Check": {
            "Type": "Choice", "Default": "Both",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 5, "Next": "No"}]
        },
        "Both": {
            "Type": "Parallel", "End": true,
            "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
                {"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 30, "End": true}}}
            ]
        },
        "No": {"Type": "Fail", "Error": "TooMany"}
    }
}"#;

fn transitions(graph: &Graph) -> Vec<String> {
    let name = |id: Option<StateId>| id.and_then(|id| graph.state(id)).map_or("-", |state| &*state.name);
    let told = graph.transitions().iter().map(|transition| {
        let (from, to) = (name(transition.from), name(transition.to));
        format!("{from} {} {to} {}", transition.kind, transition.label).trim_end().to_owned()
    });
    told.collect()
}

#[test]
fn states_are_numbered_in_the_order_of_the_text_with_their_nesting() {
    let graph = Graph::of_text(ORDER).unwrap();
    let states: Vec<_> = graph
        .states()
        .iter()
        .map(|state| format!("{} {} in {} {}", state.id.0, state.name, state.scope.0, state.detail))
        .collect();
    assert_eq!(
        states,
        [
            "0 Each in 0 distributed",
            "1 Ship in 1 sqs:sendMessage",
            "2 Check in 0 ",
            "3 Both in 0 ",
            "4 A in 2 ",
            "5 B in 3 30s",
            "6 No in 0 TooMany",
        ]
    );
    let owners: Vec<_> = graph.scopes().iter().map(|scope| scope.owner).collect();
    let both = StateId(3);
    assert_eq!(
        owners,
        [Owner::Machine, Owner::Processor(StateId(0)), Owner::Branch(both, 0), Owner::Branch(both, 1)]
    );
    assert_eq!(graph.state(both).unwrap().inner, [graph.scopes()[2].id, graph.scopes()[3].id]);
    assert_eq!(graph.scopes()[0].states, [StateId(0), StateId(2), both, StateId(6)]);
    assert_eq!(graph.states()[0].retriers, [["Busy".into(), "Slow".into()]]);
    assert!(graph.states()[0].is_distributed);
}

#[test]
fn every_way_is_a_transition_with_its_kind_and_label() {
    assert_eq!(
        transitions(&Graph::of_text(ORDER).unwrap()),
        [
            "- Start Ship",
            "Ship End -",
            "- Start A",
            "A End -",
            "- Start B",
            "B End -",
            "- Start Each",
            "Each Next Check",
            "Each Catch[0] No States.Timeout, Lost",
            "Check Choices[0] No $.n > 5",
            "Check Default Both",
            "Both End -",
        ]
    );
}

#[test]
fn a_transition_is_found_by_its_state_and_kind() {
    let graph = Graph::of_text(ORDER).unwrap();
    let check = graph.named("Check").unwrap().id;
    let to = |kind| graph.leaving(check).find(|(_, way)| way.kind == kind).and_then(|(_, way)| way.to);
    assert_eq!(to(TransitionKind::ChoiceRule(0)), Some(StateId(6)));
    assert_eq!(to(TransitionKind::ChoiceRule(1)), None);
    assert_eq!(graph.leaving(check).count(), 2);
}

#[test]
fn a_task_says_what_it_calls() {
    #[track_caller]
    fn check(fields: &str, expected: &str) {
        let text =
            format!(r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","End":true,"Resource":{fields}}}}}}}"#);
        assert_eq!(Graph::of_text(&text).unwrap().states()[0].detail, expected);
    }
    check(r#""arn:aws:lambda:us-east-1:123456789012:function:f""#, "λ f");
    check(
        r#""arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"}"#,
        "λ f",
    );
    check(
        r#""arn:aws:states:::lambda:invoke.waitForTaskToken","Arguments":{"FunctionName":"f"}"#,
        "λ f and wait for token",
    );
    check(r#""arn:aws:states:us-east-1:123456789012:activity:approve""#, "activity approve");
    check(r#""arn:aws:states:::ecs:runTask.sync""#, "ecs:runTask.sync");
    check(r#""what?""#, "what?");
}

#[test]
fn what_is_no_definition_is_told_in_a_sentence() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Graph::of_text(text).unwrap_err().to_string(), expected);
    }
    check("{}", "the definition has no `States` object: add one");
    check(r#"{"States":{}}"#, "`StartAt` is missing in the definition: name the state that it leads to");
    check(
        r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}"#,
        "`Next` of `A` leads to `B`, which is no state of the definition: name one that is",
    );
    check(
        r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{}]}}}"#,
        "`Choices[0].Next` of `A` is missing in the definition: name the state that it leads to",
    );
    check(
        r#"{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{}],"End":true}}}"#,
        "branch 0 of `A` has no `States` object: add one",
    );
    check(
        r#"{"StartAt":"A","States":{"A":{"Type":"Sleep"}}}"#,
        "the state `A` has no `Type` that is known: give it one of the eight types",
    );
    assert!(Graph::of_text("[").unwrap_err().to_string().starts_with("the definition is no JSON: "));
}
