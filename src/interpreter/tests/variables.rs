//! Variables: what `Assign` sees and sets, which fields read them, and which scope has which.

use super::harness::{Answer, Ran, run};
use crate::model::{EventDetails, quota};

/// States without the braces around them, the first of which starts.
fn machine(start_at: &str, states: &str) -> String {
    format!(r#"{{"StartAt":"{start_at}","States":{{{states}}}}}"#)
}

/// A Pass state that sets variables, before the state `S`, and one that shows them after it.
fn run_between(assign: &str, state: &str, input: &str) -> Ran {
    let states = format!(
        r#""Before":{{"Type":"Pass","Assign":{assign},"Next":"S"}},"S":{state},
           "After":{{"Type":"Pass","Parameters":{{"x.$":"$x"}},"End":true}}"#
    );
    run(&machine("Before", &states), input, |_| Answer::Gives(r#"{"got":1,"more":2}"#))
}

const TASK: &str = r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke""#;

/// What the last Exited event of the state says it set.
fn assigned_by(ran: &Ran, state: &str) -> String {
    let exited = ran.interpreter.events().iter().rev().find_map(|event| {
        let EventDetails::StateExited { name, assigned_variables, .. } = &event.details else { return None };
        (&**name == state).then_some(assigned_variables)
    });
    let variables = exited.expect("the state is exited").iter();
    variables.map(|(name, text)| format!("{name}={text}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_the_dollar_of_assign_is_depends_on_the_type_of_the_state() {
    let all = r#""Assign":{"v.$":"$"}"#;
    let branch = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","Parameters":{"b.$":"$.a"},"End":true}}}"#;
    for (state, v) in [
        (format!(r#"{{"Type":"Pass",{all},"Next":"After"}}"#), r#"{"a":{"b":[1]}}"#),
        (
            format!(r#"{{"Type":"Pass","Result":{{"r": 1}},"ResultPath":"$.x",{all},"Next":"After"}}"#),
            r#"{"r":1}"#,
        ),
        (format!(r#"{{"Type":"Pass","Parameters":{{"p.$":"$.a.b"}},{all},"Next":"After"}}"#), r#"{"p":[1]}"#),
        (
            format!(r#"{{{TASK},"ResultSelector":{{"s":1}},"OutputPath":"$.s",{all},"Next":"After"}}"#),
            r#"{"got":1,"more":2}"#,
        ),
        (
            format!(
                r#"{{"Type":"Parallel","Branches":[{branch}],"ResultSelector":{{}},{all},"Next":"After"}}"#
            ),
            r#"[{"b":{"b":[1]}}]"#,
        ),
        (
            format!(
                r#"{{"Type":"Map","ItemsPath":"$.a.b","ItemProcessor":{branch},"ItemSelector":{{"a":7}},"ResultPath":null,{all},"Next":"After"}}"#
            ),
            r#"[{"b":7}]"#,
        ),
        (format!(r#"{{"Type":"Wait","Seconds":1,"InputPath":"$.a",{all},"Next":"After"}}"#), r#"{"b":[1]}"#),
        (
            format!(
                r#"{{"Type":"Choice","InputPath":"$.a","OutputPath":"$.b","Choices":[{{"Variable":"$.b[0]","NumericEquals":1,{all},"Next":"After"}}]}}"#
            ),
            r#"{"b":[1]}"#,
        ),
    ] {
        let ran = run_between(r#"{"x":0}"#, &state, r#"{"a": {"b": [1]}}"#);
        assert_eq!(assigned_by(&ran, "S"), format!("v={v}"), "{state}");
        ran.check_output(r#"{"x":0}"#);
    }
}

#[test]
fn a_choice_sets_what_the_rule_that_holds_says_and_its_own_only_without_one() {
    let choice = r#"{"Type":"Choice","Assign":{"x":"none"},"Default":"After","Choices":[
        {"Variable":"$.a","NumericEquals":1,"Assign":{"x":"one"},"Next":"After"},
        {"Variable":"$.a","NumericEquals":2,"Next":"After"}]}"#;
    for (input, assigned, x) in [
        (r#"{"a":1}"#, r#"x="one""#, r#"{"x":"one"}"#),
        (r#"{"a":2}"#, "", r#"{"x":0}"#),
        (r#"{"a":3}"#, r#"x="none""#, r#"{"x":"none"}"#),
    ] {
        let ran = run_between(r#"{"x":0}"#, choice, input);
        assert_eq!(assigned_by(&ran, "S"), assigned);
        ran.check_output(x);
    }
}

#[test]
fn every_value_sees_the_variables_from_before_the_state() {
    let swap = r#"{"Type":"Pass","Assign":{"x.$":"$y","y.$":"$x","z":{"w.$":"States.Array($x, $y)"}},"OutputPath":"$x","Next":"After"}"#;
    let ran = run_between(r#"{"x":1,"y":2}"#, swap, "{}");
    assert_eq!(assigned_by(&ran, "S"), r#"x=2 y=1 z={"w":[1,2]}"#);
    assert_eq!(ran.output_of("S"), "1");
    ran.check_output(r#"{"x":2}"#);
}

#[test]
fn a_variable_is_replaced_whole_and_states_that_set_nothing_show_nothing() {
    let ran =
        run_between(r#"{"x":{"a":1}}"#, r#"{"Type":"Pass","Assign":{"x":{"b":2}},"Next":"After"}"#, "{}");
    ran.check_output(r#"{"x":{"b":2}}"#);
    let ran = run_between(r#"{"x":1}"#, r#"{"Type":"Pass","Assign":{},"Next":"After"}"#, "{}");
    assert_eq!(assigned_by(&ran, "S"), "");
}

#[test]
fn every_field_with_a_path_reads_variables() {
    let processor = r#""ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}"#;
    let assign = r#"{"x":{"list":[1,2],"n":2,"s":"1","at":"2023-11-14T22:13:23Z","t":"text"}}"#;
    for (state, output) in [
        (r#"{"Type":"Pass","InputPath":"$x.list","Next":"After"}"#.to_owned(), "[1,2]"),
        (r#"{"Type":"Pass","OutputPath":"$x.list[1]","Next":"After"}"#.to_owned(), "2"),
        (r#"{"Type":"Pass","Parameters":{"a":[{"b.$":"$x.n"}]},"Next":"After"}"#.to_owned(), r#"{"a":[{"b":2}]}"#),
        (format!(r#"{{{TASK},"ResultSelector":{{"a.$":"States.MathAdd($x.n, $.got)"}},"Next":"After"}}"#), r#"{"a":3}"#),
        (format!(r#"{{{TASK},"TimeoutSecondsPath":"$x.n","HeartbeatSecondsPath":"$x.list[0]","ResultPath":null,"Next":"After"}}"#), "{}"),
        (format!(r#"{{"Type":"Map","ItemsPath":"$x.list",{processor},"Next":"After"}}"#), "[1,2]"),
        (format!(r#"{{"Type":"Map","ItemsPath":"$x.list","ItemSelector":{{"i.$":"$$.Map.Item.Value","n.$":"$x.n"}},{processor},"Next":"After"}}"#), r#"[{"i":1,"n":2},{"i":2,"n":2}]"#),
        (format!(r#"{{"Type":"Map","ItemsPath":"$x.list","MaxConcurrencyPath":"$x.s",{processor},"Next":"After"}}"#), "[1,2]"),
        (r#"{"Type":"Choice","Choices":[{"Variable":"$x.list[1]","NumericEqualsPath":"$x.n","Next":"After"}]}"#.to_owned(), "{}"),
    ] {
        let ran = run_between(assign, &state, "{}");
        assert_eq!(ran.output_of("S"), output, "{state}");
    }
    for (until, seconds) in [(r#""SecondsPath":"$x.n""#, 2), (r#""TimestampPath":"$x.at""#, 3)] {
        let ran = run_between(assign, &format!(r#"{{"Type":"Wait",{until},"Next":"After"}}"#), "{}");
        assert_eq!(ran.elapsed_seconds(), seconds);
    }
    let ending = |state: &str| {
        let states = format!(r#""P":{{"Type":"Pass","Assign":{assign},"Next":"E"}},"E":{state}"#);
        run(&machine("P", &states), "{}", |_| Answer::Never)
    };
    ending(r#"{"Type":"Succeed","InputPath":"$x.n"}"#).check_output("2");
    let fail = r#"{"Type":"Fail","ErrorPath":"$x.t","CausePath":"States.Format('{}!', $x.t)"}"#;
    ending(fail).check_failure("text", "text!");
}

#[test]
fn a_variable_without_a_value_fails_the_state_that_reads_it() {
    let at = "An error occurred while executing the state 'S' (entered at the event id #4). ";
    for (state, cause) in [
        (
            r#"{"Type":"Pass","InputPath":"$y.a","Next":"After"}"#,
            "Invalid path '$y.a' : The variable $y has no value",
        ),
        (
            r#"{"Type":"Pass","Parameters":{"a.$":"$y"},"Next":"After"}"#,
            "The JSONPath '$y' specified for the field 'a.$' could not be found in the input '{}'",
        ),
        (
            r#"{"Type":"Pass","Assign":{"a.$":"$x.b"},"Next":"After"}"#,
            "The JSONPath '$x.b' specified for the field 'a.$' could not be found in the input '{\"a\":1}'",
        ),
        (
            r#"{"Type":"Choice","Choices":[{"Variable":"$y","IsNull":true,"Next":"After"}]}"#,
            "Invalid path '$y': The choice state's condition path references an invalid value.",
        ),
    ] {
        let ran = run_between(r#"{"x":{"a":1}}"#, state, "{}");
        ran.check_failure("States.Runtime", &format!("{at}{cause}"));
    }
    let present = r#"{"Type":"Choice","Choices":[{"Variable":"$y","IsPresent":false,"Assign":{"x":2},"Next":"After"}]}"#;
    run_between(r#"{"x":1}"#, present, "{}").check_output(r#"{"x":2}"#);
}

#[test]
fn branches_read_outer_variables_and_keep_their_own_to_themselves() {
    let branch = |n: u32| {
        format!(
            r#"{{"StartAt":"A{n}","States":{{
                "A{n}":{{"Type":"Pass","Assign":{{"own":{n}}},"Next":"B{n}"}},
                "B{n}":{{"Type":"Pass","Parameters":{{"own.$":"$own","x.$":"$x"}},"End":true}}}}}}"#
        )
    };
    let parallel =
        format!(r#"{{"Type":"Parallel","Branches":[{},{}],"Next":"After"}}"#, branch(1), branch(2));
    let ran = run_between(r#"{"x":0}"#, &parallel, "{}");
    assert_eq!(ran.output_of("S"), r#"[{"own":1,"x":0},{"own":2,"x":0}]"#);
    let states = format!(
        r#""S":{},"After":{{"Type":"Pass","InputPath":"$own","End":true}}"#,
        parallel.replace(r#","x.$":"$x""#, "")
    );
    run(&machine("S", &states), "{}", |_| Answer::Never).check_failure(
        "States.Runtime",
        "An error occurred while executing the state 'After' (entered at the event id #14). Invalid path '$own' : The variable $own has no value",
    );
}

#[test]
fn iterations_start_without_the_variables_of_the_ones_before() {
    let map = r#"{"Type":"Map","ItemsPath":"$list","MaxConcurrency":1,"ResultPath":null,"Next":"After","ItemProcessor":{"StartAt":"I","States":{
        "I":{"Type":"Choice","Choices":[{"Variable":"$own","IsPresent":true,"Next":"Bad"}],"Default":"J"},
        "J":{"Type":"Pass","Assign":{"own.$":"States.MathAdd($, $x)"},"Next":"K"},
        "K":{"Type":"Map","ItemsPath":"$list","ItemProcessor":{"StartAt":"L","States":{
            "L":{"Type":"Pass","Parameters":{"sum.$":"States.MathAdd($own, $x)"},"End":true}}},"End":true},
        "Bad":{"Type":"Fail"}}}}"#;
    let ran = run_between(r#"{"x":10,"list":[1,2]}"#, map, "{}");
    assert_eq!(ran.output_of("K"), r#"[{"sum":22},{"sum":22}]"#);
    ran.check_output(r#"{"x":10}"#);
}

#[test]
fn a_catcher_sets_variables_of_the_scope_that_the_state_stands_in() {
    let branch = r#"{"StartAt":"F","States":{"F":{"Type":"Pass","Assign":{"x":"inner"},"Next":"G"},"G":{"Type":"Fail","Error":"E","Cause":"c"}}}"#;
    let parallel = format!(
        r#""S":{{"Type":"Parallel","Branches":[{branch}],"End":true,"Catch":[
            {{"ErrorEquals":["E"],"Assign":{{"x.$":"$.Error","z.$":"$"}},"ResultPath":"$.error","Next":"After"}}]}},
           "After":{{"Type":"Pass","Parameters":{{"x.$":"$x","error.$":"$.error.Cause"}},"End":true}}"#
    );
    let ran = run(&machine("S", &parallel), "{}", |_| Answer::Never);
    assert_eq!(assigned_by(&ran, "S"), r#"x="E" z={"Error":"E","Cause":"c"}"#);
    ran.check_output(r#"{"x":"E","error":"c"}"#);
}

#[test]
fn a_failed_state_sets_nothing_of_its_own_even_when_it_is_caught() {
    let states = format!(
        r#""Before":{{"Type":"Pass","Assign":{{"x":1}},"Next":"S"}},
           "S":{{{TASK},"Assign":{{"x":2}},"End":true,"Catch":[{{"ErrorEquals":["States.ALL"],"Next":"After"}}]}},
           "After":{{"Type":"Pass","InputPath":"$x","End":true}}"#
    );
    let ran = run(&machine("Before", &states), "{}", |_| Answer::Fails("E", "c"));
    assert_eq!(assigned_by(&ran, "S"), "");
    ran.check_output("1");
}

#[test]
fn a_catcher_whose_assign_fails_does_not_catch() {
    let states = format!(
        r#""S":{{{TASK},"End":true,"Catch":[{{"ErrorEquals":["States.ALL"],"Assign":{{"x.$":"$.no"}},"Next":"After"}}]}},
           "After":{{"Type":"Succeed"}}"#
    );
    run(&machine("S", &states), "{}", |_| Answer::Fails("E", "c")).check_failure(
        "States.Runtime",
        r#"An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath '$.no' specified for the field 'x.$' could not be found in the input '{"Error":"E","Cause":"c"}'"#,
    );
}

#[test]
fn a_retried_state_sees_the_variables_from_before_it_again() {
    let states = format!(
        r#""Before":{{"Type":"Pass","Assign":{{"x":1}},"Next":"S"}},
           "S":{{{TASK},"Parameters":{{"x.$":"$x"}},"Assign":{{"x.$":"States.MathAdd($x, $.got)"}},"Next":"After",
               "Retry":[{{"ErrorEquals":["States.ALL"]}}]}},
           "After":{{"Type":"Pass","InputPath":"$x","End":true}}"#
    );
    let mut inputs = Vec::new();
    let ran = run(&machine("Before", &states), "{}", |task| {
        inputs.push(task.input.to_text());
        if inputs.len() < 3 { Answer::Fails("E", "c") } else { Answer::Gives(r#"{"got":5}"#) }
    });
    assert_eq!(inputs, [r#"{"x":1}"#; 3]);
    ran.check_output("6");
}

/// A text whose JSON takes so many bytes.
fn text_of(bytes: usize) -> String {
    format!("\"{}\"", "x".repeat(bytes - 2))
}

#[test]
fn a_variable_and_an_assign_take_256_kib_at_most() {
    let run_with = |assign: String| {
        run_between(r#"{"x":1}"#, &format!(r#"{{"Type":"Pass","Assign":{assign},"Next":"After"}}"#), "{}")
    };
    let (all, half) = (quota::PAYLOAD_BYTES, quota::PAYLOAD_BYTES / 2);
    run_with(format!(r#"{{"y":{}}}"#, text_of(all))).check_output(r#"{"x":1}"#);
    run_with(format!(r#"{{"y":{},"z":{}}}"#, text_of(half), text_of(half))).check_output(r#"{"x":1}"#);
    let ran = run_with(format!(r#"{{"y":{}}}"#, text_of(all + 1)));
    ran.check_failure(
        "States.DataLimitExceeded",
        "The size of the variable 'y' of the state 'S' exceeds the maximum number of bytes service limit.",
    );
    ran.check_events(
        "1<0 ExecutionStarted\n2<0 PassStateEntered\n3<2 PassStateExited\n4<3 PassStateEntered\n5<4 ExecutionFailed",
    );
    run_with(format!(r#"{{"y":{},"z":{}}}"#, text_of(half), text_of(half + 1))).check_failure(
        "States.DataLimitExceeded",
        "The size of the Assign field of the state 'S' exceeds the maximum number of bytes service limit.",
    );
}

/// Takes 128 KiB.
fn chunk() -> String {
    text_of(quota::PAYLOAD_BYTES / 2)
}

const CHUNKS: usize = 2 * 10 * 1024 * 1024 / quota::PAYLOAD_BYTES;

/// Pass states `S0`, `S1`, …, each of which sets a variable of its own to the input, and then the state `Last`.
fn filling(chunks: usize, last: &str) -> String {
    let pass = |n: usize| {
        let next = if n + 1 == chunks { "Last".to_owned() } else { format!("S{}", n + 1) };
        format!(r#""S{n}":{{"Type":"Pass","Assign":{{"v{n}.$":"$"}},"Next":"{next}"}},"#)
    };
    machine("S0", &format!(r#"{}"Last":{last}"#, (0..chunks).map(pass).collect::<String>()))
}

#[test]
fn the_variables_of_an_execution_take_10_mib_at_most() {
    let run_with = |last: &str| run(&filling(CHUNKS, last), &chunk(), |_| Answer::Never);
    run_with(r#"{"Type":"Pass","Assign":{"v0":1,"w":2},"Result":1,"End":true}"#).check_output("1");
    run_with(r#"{"Type":"Pass","Assign":{"w":2},"Result":1,"End":true}"#).check_failure(
        "States.DataLimitExceeded",
        "The size of the variables of the execution exceeds the maximum number of bytes service limit.",
    );
}

#[test]
fn the_variables_of_all_running_scopes_count_and_those_of_ended_ones_do_not() {
    let last = r#"{"Type":"Pass","Result":1,"End":true}"#;
    let processor = filling(CHUNKS * 3 / 4, last).replacen(
        r#""S0":{"Type":"Pass""#,
        &format!(r#""S0":{{"Type":"Pass","Result":{}"#, chunk()),
        1,
    );
    let map = |concurrency: u32| {
        let fields = format!(r#""Type":"Map","MaxConcurrency":{concurrency},"End":true"#);
        machine("M", &format!(r#""M":{{{fields},"ItemProcessor":{processor}}}"#))
    };
    run(&map(1), "[0,0]", |_| Answer::Never).check_output("[1,1]");
    run(&map(2), "[0,0]", |_| Answer::Never).check_failure(
        "States.DataLimitExceeded",
        "The size of the variables of the execution exceeds the maximum number of bytes service limit.",
    );
}
