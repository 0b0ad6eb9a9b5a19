//! What each kind of step says when it is not as it must be.

use super::{Contracts, Target};

/// Steps that give `${machine}`, whose executions wait for two seconds, and a running `${execution}` of it.
const RUNNING: &str = r#"
    {"call":"CreateStateMachine","with":{"name":"${name:m}","roleArn":"${role}","definition":{"$json":
        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":2,"End":true}}}}},"save":{"machine":"$.stateMachineArn"}},
    {"call":"StartExecution","with":{"stateMachineArn":"${machine}"},"save":{"execution":"$.executionArn","start":"$.startDate"}}"#;

/// How the steps are broken, first lines only.
async fn broken(needs: &str, steps: &str) -> String {
    let text = format!(
        r#"{{"topic":"t","clauses":[{{"id":"a","claim":"c","source":["s"],"evidence":"recorded","needs":[{needs}],"steps":[{steps}]}}]}}"#
    );
    let report = Contracts::read("f.json", &text).unwrap().verify(&Target::in_process()).await;
    let verdict = report.verdicts().next().unwrap();
    let breach = verdict.breach();
    breach.map_or_else(
        || format!("{:?}", verdict.outcome()),
        |breach| format!("{}: {}", breach.step(), breach.explanation()),
    )
}

#[tokio::test]
async fn a_call_tells_its_refusal_and_what_is_not_there_to_save() {
    assert_eq!(
        broken("", r#"{"call":"DescribeActivity","with":{"activityArn":"x"}}"#).await,
        "/steps/0: DescribeActivity: the call was refused: InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'"
    );
    assert_eq!(
        broken("", r#"{"call":"ListActivities","save":{"first":"$.activities[0]"}}"#).await,
        r#"/steps/0: ListActivities: there is no `$.activities[0]` to save as `first`: {"activities":[]}"#
    );
    assert_eq!(
        broken("", r#"{"call":"ListActivities","with":{"nextToken":"${token}"}}"#).await,
        "/steps/0: ListActivities: nothing is called `${token}` here"
    );
}

#[tokio::test]
async fn repeated_and_parallel_steps_tell_which_one_it_was() {
    let refused = r#"{"call":"ListActivities","answers":{}}"#;
    assert_eq!(
        broken("", &format!(r#"{{"parallel":[[{{"advance":"1s"}}],[{refused}]]}}"#)).await,
        "/steps/0/parallel/1/0: ListActivities: $.activities: unexpected []"
    );
    let counted = r#"{"call":"CreateActivity","with":{"name":"a${i}"},"answers":{"$includes":{"activityArn":{"$matches":"a0$"}}}}"#;
    assert_eq!(
        broken("", &format!(r#"{{"repeat":3,"steps":[{counted}]}}"#)).await,
        "/steps/0#1/0: CreateActivity: $.activityArn: \"arn:aws:states:us-east-1:123456789012:activity:a1\" does not \
         match /a0$/"
    );
}

#[tokio::test]
async fn pages_tell_their_sizes() {
    assert_eq!(
        broken("", r#"{"pages":"ListActivities","items":"activities","sizes":[1]}"#).await,
        "/steps/0: ListActivities: the pages must have [1] items, not [0]"
    );
    assert_eq!(
        broken("", r#"{"pages":"ListActivities","items":"activity"}"#).await,
        r#"/steps/0: ListActivities: the answer has no array `activity`: {"activities":[]}"#
    );
}

#[tokio::test]
async fn waiting_in_vain_tells_for_how_long_and_what_was_there() {
    let until = |status: &str, within: &str| {
        format!(
            r#"{RUNNING},{{"await":"DescribeExecution","with":{{"executionArn":"${{execution}}"}},"until":{{"status":"{status}"}},
                "within":"{within}","save":{{"stop":"$.stopDate"}}}},
                {{"expect":{{"$minus":["${{stop}}","${{start}}"]}},"is":3}}"#
        )
    };
    assert_eq!(
        broken("", &until("FAILED", "5s")).await,
        "/steps/2: DescribeExecution: not within 5s: $.status: \"SUCCEEDED\" != \"FAILED\""
    );
    assert_eq!(broken("", &until("SUCCEEDED", "5s")).await, "/steps/3: expect: $: 2.0 != 3");
}

#[tokio::test]
async fn a_history_tells_the_first_event_that_is_otherwise() {
    let history =
        |rest: &str| format!(r#"{RUNNING},{{"advance":"2s"}},{{"history":"${{execution}}",{rest}}}"#);
    assert_eq!(
        broken("", &history(r#""events":["1<0 ExecutionStarted","2<1 WaitStateEntered"]"#)).await,
        "/steps/3: history: the event must be `2<1 WaitStateEntered`, not `2<0 WaitStateEntered`"
    );
    assert_eq!(
        broken("", &history(r#""events":["ExecutionStarted","WaitStateEntered","WaitStateExited"]"#)).await,
        "/steps/3: history: there is one more event, `4<3 ExecutionSucceeded`"
    );
    assert_eq!(
        broken(r#""clock""#, &history(r#""includes":[{"event":"WaitStateExited","at":"3s"}]"#)).await,
        "/steps/3: history: no such event in this place: `WaitStateExited`; nearest: `3<2 WaitStateExited` must come \
         after 3s, not after 2s\n1<0 ExecutionStarted\n2<0 WaitStateEntered\n3<2 WaitStateExited\n4<3 ExecutionSucceeded"
    );
    assert_eq!(
        broken(
            "",
            &history(r#""events":["ExecutionStarted",{"event":"WaitStateEntered","details":{"name":"X"}}]"#)
        )
        .await,
        "/steps/3: history: the details of `2<0 WaitStateEntered`: $.name: \"W\" != \"X\""
    );
    assert_eq!(
        broken("", &history(r#""lacks":["WaitStateExited"]"#)).await,
        "/steps/3: history: there must be no WaitStateExited, but there is `3<2 WaitStateExited`"
    );
}

#[tokio::test]
async fn the_clock_moves_on_while_every_call_waits_and_not_before_others_are_made() {
    let express = r#"{"call":"CreateStateMachine","with":{"name":"m","type":"EXPRESS","roleArn":"${role}","definition":{"$json":
        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":7,"End":true}}}}},"save":{"machine":"$.stateMachineArn"}}"#;
    let sync = r#"{"call":"StartSyncExecution","with":{"stateMachineArn":"${machine}"},
        "save":{"start":"$.startDate","stop":"$.stopDate"}},{"expect":{"$minus":["${stop}","${start}"]},"is":7}"#;
    assert_eq!(broken("", &format!("{express},{sync}")).await, "Upheld");
    let parallel = format!(r#"{express},{{"parallel":[[{sync}],[{{"advance":"3s"}},{{"advance":"3s"}}]]}}"#);
    assert_eq!(broken("", &parallel).await, "Upheld");
}
