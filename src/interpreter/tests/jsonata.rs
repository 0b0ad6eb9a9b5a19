//! States in JSONata: what flows through them, what they see, and how they meet states in JSONPath.

use super::harness::{Answer, Ran, run};
use crate::interpreter::command::TaskRequest;
use crate::model::EventDetails;

/// A machine in JSONata of the given states, the first of which is `S`.
fn machine(states: &str) -> String {
    format!(r#"{{"QueryLanguage":"JSONata","StartAt":"S","States":{{{states}}}}}"#)
}

fn answer(_: &TaskRequest) -> Answer {
    Answer::Gives(r#"{"got": 1}"#)
}

/// Runs a machine of one state, `S`.
fn run_state(state: &str, input: &str) -> Ran {
    run(&machine(&format!(r#""S":{state}"#)), input, answer)
}

#[track_caller]
fn check(state: &str, input: &str, output: &str) {
    run_state(state, input).check_output(output);
}

const TASK: &str = r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke""#;

#[test]
fn without_output_a_state_hands_on_its_result_or_its_input() {
    let branch = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}"#;
    let input = r#"{"a":  [1]}"#;
    for (state, output) in [
        (r#"{"Type":"Pass","End":true}"#.to_owned(), input),
        (r#"{"Type":"Succeed"}"#.to_owned(), input),
        (r#"{"Type":"Wait","Seconds":1,"End":true}"#.to_owned(), input),
        (format!(r#"{{{TASK},"End":true}}"#), r#"{"got": 1}"#),
        (format!(r#"{{"Type":"Parallel","Branches":[{branch}],"End":true}}"#), r#"[{"a":  [1]}]"#),
        (
            format!(
                r#"{{"Type":"Map","Items":"{{% $states.input.a %}}","ItemProcessor":{branch},"End":true}}"#
            ),
            "[1]",
        ),
    ] {
        check(&state, input, output);
    }
}

#[test]
fn output_is_literal_but_for_its_expressions() {
    let output = r#"{"n":"{% $states.input.n + 1 %}","list":[1,"{% $states.input.s %}"],"t":"plain","o":{"{% k %}":null}," x":" {% no %} "}"#;
    check(
        &format!(r#"{{"Type":"Pass","Output":{output},"End":true}}"#),
        r#"{"n": 1, "s": ["a"]}"#,
        r#"{"n":2,"list":[1,["a"]],"t":"plain","o":{"{% k %}":null}," x":" {% no %} "}"#,
    );
    check(r#"{"Type":"Succeed","Output":"{% $states.input.n %}"}"#, r#"{"n": 1}"#, "1");
    check(r#"{"Type":"Succeed","Output":null}"#, r#"{"n": 1}"#, "null");
    check(r#"{"Type":"Wait","Seconds":0,"Output":"{% $states.input.n %}","End":true}"#, r#"{"n": 1}"#, "1");
}

#[test]
fn the_result_is_there_for_output_and_assign_of_states_that_work() {
    let definition = machine(&format!(
        r#""S":{{{TASK},"Arguments":{{"FunctionName":"f","Payload":"{{% $states.input.p %}}"}},
                 "Assign":{{"got":"{{% $states.result.got %}}","was":"{{% $states.input %}}"}},
                 "Output":{{"r":"{{% $states.result %}}","i":"{{% $states.input.p %}}"}},"Next":"T"}},
           "T":{{"Type":"Pass","Output":"{{% [$states.input, $got, $was] %}}","End":true}}"#
    ));
    let mut seen = String::new();
    let ran = run(&definition, r#"{"p":[1, 2]}"#, |task| {
        seen = task.input.to_text();
        Answer::Gives(r#"{"got": 1}"#)
    });
    assert_eq!(seen, r#"{"FunctionName":"f","Payload":[1,2]}"#);
    ran.check_output(r#"[{"r":{"got":1},"i":[1,2]},1,{"p":[1,2]}]"#);
}

#[test]
fn a_task_without_arguments_is_given_the_input_as_it_is() {
    let mut seen = String::new();
    run(&machine(&format!(r#""S":{{{TASK},"End":true}}"#)), r#"{"a":  1}"#, |task| {
        seen = task.input.to_text();
        Answer::Gives("1")
    });
    assert_eq!(seen, r#"{"a":  1}"#);
}

#[test]
fn output_and_assign_see_the_variables_as_they_were_when_the_state_was_entered() {
    let states = r#""S":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"T"},
        "T":{"Type":"Pass","Assign":{"x":"{% $y %}","y":"{% $x %}"},"Output":"{% [$x, $y] %}","Next":"U"},
        "U":{"Type":"Pass","Output":{"now":"{% [$x, $y] %}","was":"{% $states.input %}"},"End":true}"#;
    run(&machine(states), "{}", answer).check_output(r#"{"now":[2,1],"was":[1,2]}"#);
}

#[test]
fn a_variable_hides_the_function_of_its_name() {
    let states = r#""S":{"Type":"Pass","Assign":{"count":7},"Next":"T"},
        "T":{"Type":"Pass","Output":"{% $count + 1 %}","End":true}"#;
    run(&machine(states), "{}", answer).check_output("8");
}

#[test]
fn what_a_rule_that_holds_says_counts_for_a_choice() {
    let choice = r#""S":{"Type":"Choice","Assign":{"v":"own"},"Output":"own","Default":"T","Choices":[
            {"Condition":"{% $states.input.n > 10 %}","Assign":{"v":"big"},"Output":{"big":"{% $states.input.n %}"},"Next":"T"},
            {"Condition":"{% $states.input.n > 5 %}","Next":"T"},
            {"Condition":false,"Next":"T"}]},
        "T":{"Type":"Pass","Output":"{% {'out': $states.input, 'v': $v} %}","End":true}"#;
    for (input, output) in [
        (r#"{"n":11}"#, r#"{"out":{"big":11},"v":"big"}"#),
        (r#"{"n":6}"#, r#"{"out":{"n":6}}"#),
        (r#"{"n":1}"#, r#"{"out":"own","v":"own"}"#),
    ] {
        run(&machine(choice), input, answer).check_output(output);
    }
    let literal = r#""S":{"Type":"Choice","Choices":[{"Condition":true,"Next":"T"}]},"T":{"Type":"Succeed"}"#;
    run(&machine(literal), "1", answer).check_output("1");
}

#[test]
fn waits_are_computed() {
    let seconds =
        run_state(r#"{"Type":"Wait","Seconds":"{% $states.input.n * 2 %}","End":true}"#, r#"{"n":30}"#);
    assert_eq!(seconds.elapsed_seconds(), 60);
    // The executions of these tests start on 2023-11-14 at 22:13:20.
    let until = run_state(
        r#"{"Type":"Wait","Timestamp":"{% $states.input.at %}","End":true}"#,
        r#"{"at":"2023-11-14T22:13:30.9Z"}"#,
    );
    assert_eq!(until.elapsed_seconds(), 10);
}

#[test]
fn errors_and_causes_are_computed() {
    run_state(
        r#"{"Type":"Fail","Error":"{% 'E' & $states.input.n %}","Cause":"{% $states.context.State.Name %}"}"#,
        r#"{"n":1}"#,
    )
    .check_failure("E1", "S");
    run_state(r#"{"Type":"Fail","Error":"E","Cause":" {% plain %} "}"#, "{}")
        .check_failure("E", " {% plain %} ");
}

#[test]
fn times_and_roles_of_a_task_are_computed() {
    let task = format!(
        r#"{{{TASK},"TimeoutSeconds":"{{% $states.input.t %}}","HeartbeatSeconds":"{{% $states.input.t - 1 %}}",
            "Credentials":{{"RoleArn":"{{% 'arn:aws:iam::1:role/' & $states.input.r %}}"}},"End":true}}"#
    );
    let ran = run_state(&task, r#"{"t":10,"r":"x"}"#);
    let EventDetails::TaskScheduled {
        timeout_in_seconds, heartbeat_in_seconds, credentials_role_arn, ..
    } = &ran.event(3).details
    else {
        panic!("{}", ran.transcript());
    };
    assert_eq!((*timeout_in_seconds, *heartbeat_in_seconds), (Some(10), Some(9)));
    assert_eq!(credentials_role_arn.as_deref(), Some("arn:aws:iam::1:role/x"));
}

#[test]
fn a_map_selects_each_item_and_inner_states_see_outer_variables() {
    let map = r#""S":{"Type":"Pass","Assign":{"k":"{% 10 %}"},"Next":"M"},
        "M":{"Type":"Map","Items":"{% $states.input.items %}","MaxConcurrency":"{% 1 %}",
            "ItemSelector":{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value * $k %}","all":"{% $count($states.input.items) %}"},
            "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"own":"{% $states.input.v + $k %}"},"Next":"J"},
                "J":{"Type":"Pass","Output":"{% [$states.input.i, $states.input.all, $own] %}","End":true}}},
            "Output":{"all":"{% $states.result %}","left":"{% $exists($own) %}"},"End":true}"#;
    run(&machine(map), r#"{"items":[1,2]}"#, answer)
        .check_output(r#"{"all":[[0,2,20],[1,2,30]],"left":false}"#);
}

#[test]
fn items_may_be_an_array_with_expressions_in_it() {
    let map = r#"{"Type":"Map","Items":[1,"{% $states.input %}"],"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}"#;
    check(map, r#"{"a":1}"#, r#"[1,{"a":1}]"#);
    let whole =
        r#"{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}},"End":true}"#;
    check(whole, "[1, 2]", "[1,2]");
    check(whole, "[]", "[]");
}

#[test]
fn arguments_of_a_parallel_go_to_each_branch() {
    let branch = |name: &str| {
        format!(
            r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Pass","Output":"{{% '{name}' & $states.input %}}","End":true}}}}}}"#
        )
    };
    let parallel = format!(
        r#"{{"Type":"Parallel","Arguments":"{{% $states.input.x %}}","Branches":[{},{}],"Output":"{{% $states.result[1] %}}","End":true}}"#,
        branch("A"),
        branch("B"),
    );
    check(&parallel, r#"{"x":"!"}"#, r#""B!""#);
}

#[test]
fn a_catcher_sees_what_it_caught() {
    let definition = machine(&format!(
        r#""S":{{{TASK},"End":true,"Catch":[
                {{"ErrorEquals":["E"],"Output":{{"e":"{{% $states.errorOutput %}}","i":"{{% $states.input %}}"}},"Assign":{{"why":"{{% $states.errorOutput.Cause %}}"}},"Next":"T"}},
                {{"ErrorEquals":["States.ALL"],"Next":"U"}}]}},
           "T":{{"Type":"Pass","Output":"{{% [$states.input, $why] %}}","End":true}},
           "U":{{"Type":"Succeed"}}"#
    ));
    run(&definition, "1", |_| Answer::Fails("E", "because"))
        .check_output(r#"[{"e":{"Error":"E","Cause":"because"},"i":1},"because"]"#);
    run(&definition, "1", |_| Answer::Fails("F", "because"))
        .check_output(r#"{"Error":"F","Cause":"because"}"#);
}

#[test]
fn states_in_jsonata_and_in_jsonpath_share_payloads_and_variables() {
    // In JSONPath, Assign of a Pass state sees its result.
    let states = r#""S":{"Type":"Pass","Assign":{"p.$":"$.b"},"Parameters":{"b.$":"$.a"},"Next":"T"},
        "T":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"q":"{% $p.c & '!' %}"},"Output":{"d":"{% $states.input.b.c %}"},"Next":"U"},
        "U":{"Type":"Pass","Parameters":{"d.$":"$.d","q.$":"$q","x":"{% $q %}"},"End":true}"#;
    let definition = format!(r#"{{"StartAt":"S","States":{{{states}}}}}"#);
    run(&definition, r#"{"a":{"c":"x"}}"#, answer).check_output(r#"{"d":"x","q":"x!","x":"{% $q %}"}"#);
}

#[test]
fn all_expressions_of_a_field_see_one_instant_and_random_numbers_come_from_the_seed() {
    let state = r#"{"Type":"Pass","Output":{"now":"{% $now() %}","millis":"{% $millis() %}","same":"{% $now() = $fromMillis($millis()) %}"},"End":true}"#;
    check(state, "{}", r#"{"now":"2023-11-14T22:13:20.000Z","millis":1700000000000,"same":true}"#);
    let random = r#"{"Type":"Pass","Output":"{% [$uuid(), $uuid(), $string($random()), $string($shuffle([1..9]))] %}","End":true}"#;
    let output = |ran: &Ran| ran.output_of("S");
    let (first, second) = (output(&run_state(random, "{}")), output(&run_state(random, "{}")));
    assert_eq!(first, second);
    let ids: Vec<&str> = first.split('"').skip(1).step_by(2).take(2).collect();
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn retries_evaluate_arguments_anew() {
    let definition = machine(&format!(
        r#""S":{{{TASK},"Arguments":{{"n":"{{% $states.context.State.RetryCount %}}"}},"Retry":[{{"ErrorEquals":["E"]}}],"End":true}}"#
    ));
    let mut seen = Vec::new();
    let ran = run(&definition, "{}", |task| {
        seen.push(task.input.to_text());
        if seen.len() < 3 { Answer::Fails("E", "") } else { Answer::Gives("true") }
    });
    ran.check_output("true");
    assert_eq!(seen, [r#"{"n":0}"#, r#"{"n":1}"#, r#"{"n":2}"#]);
}
