//! Histories come back as they were written, and what is none is refused in words.

use std::sync::Arc;

use super::RecordedHistory;
use crate::model::history_event::TaskResource;
use crate::model::{
    EventDetails, ExecutionStatus, Failure, HistoryEvent, HistoryEventType as Type, Json, MapRunStatus,
    Timestamp,
};

const TEXTS: [&str; 4] = ["{ \"a\": [1,\n2] }", "\"ü\\\"}{\"", "null", "1.50"];

fn text(id: u64) -> Arc<str> {
    TEXTS[usize::try_from(id).unwrap() % TEXTS.len()].into()
}

fn failure(id: u64) -> Failure {
    let named = |bit: u64, text: &str| (id & bit != 0).then(|| text.into());
    Failure { error: named(1, "Boom"), cause: named(2, "{\"it\": \"broke\"}") }
}

fn task() -> TaskResource {
    TaskResource { resource_type: "sqs".into(), resource: "sendMessage.waitForTaskToken".into() }
}

/// Details such as the interpreter writes for this type; others for another id.
fn details(event_type: Type, id: u64) -> EventDetails {
    details_of_few(event_type, id).unwrap_or_else(|| details_by_name(event_type, id))
}

/// Of types that have details of their own.
#[expect(clippy::wildcard_enum_match_arm, reason = "all others are told by their names")]
fn details_of_few(event_type: Type, id: u64) -> Option<EventDetails> {
    let odd = |number: u64| (id % 2 == 1).then_some(number);
    let role = odd(1).map(|_| Arc::from("arn:aws:iam::123456789012:role/r"));
    Some(match event_type {
        Type::ExecutionStarted => EventDetails::ExecutionStarted {
            input: text(id),
            role_arn: "arn:aws:iam::123456789012:role/r".into(),
            state_machine_version_arn: role.clone(),
            state_machine_alias_arn: role,
        },
        Type::ExecutionRedriven => EventDetails::ExecutionRedriven { redrive_count: id },
        Type::LambdaFunctionScheduled => EventDetails::LambdaScheduled {
            resource: "arn:aws:lambda:us-east-1:123456789012:function:f".into(),
            input: text(id),
            timeout_in_seconds: odd(3),
            credentials_role_arn: role,
        },
        Type::ActivityScheduled => EventDetails::ActivityScheduled {
            resource: "arn:aws:states:us-east-1:123456789012:activity:a".into(),
            input: text(id),
            timeout_in_seconds: odd(3),
            heartbeat_in_seconds: odd(2),
        },
        Type::ActivityStarted => EventDetails::ActivityStarted { worker_name: odd(1).map(|_| "w".into()) },
        Type::TaskScheduled => EventDetails::TaskScheduled {
            task: task(),
            region: "us-east-1".into(),
            parameters: text(id),
            timeout_in_seconds: odd(3),
            heartbeat_in_seconds: odd(2),
            credentials_role_arn: role,
        },
        Type::TaskStarted => EventDetails::TaskStarted(task()),
        Type::TaskSubmitted | Type::TaskSucceeded => {
            EventDetails::TaskOutput { task: task(), output: text(id) }
        }
        Type::MapStateStarted => EventDetails::MapStateStarted { length: 3 },
        Type::MapRunStarted => EventDetails::MapRunStarted { map_run_arn: "run".into() },
        Type::MapRunRedriven => EventDetails::MapRunRedriven { map_run_arn: "run".into(), redrive_count: id },
        Type::EvaluationFailed => EventDetails::EvaluationFailed {
            failure: failure(id),
            location: odd(1).map(|_| "Items".into()),
            state: "Each".into(),
        },
        _ => return None,
    })
}

fn details_by_name(event_type: Type, id: u64) -> EventDetails {
    let name = event_type.as_str();
    if name.ends_with("StateEntered") {
        EventDetails::StateEntered { name: "Pay".into(), input: text(id) }
    } else if name.ends_with("StateExited") {
        let variables = (0..id % 3).map(|n| (format!("v{n}").into(), text(n))).collect();
        EventDetails::StateExited { name: "Pay".into(), output: text(id), assigned_variables: variables }
    } else if event_type.details_member().is_none() {
        EventDetails::None
    } else if name.starts_with("MapIteration") {
        EventDetails::MapIteration { name: "Each".into(), index: 2 }
    } else if name.ends_with("Succeeded") {
        EventDetails::Output { output: text(id) }
    } else if name.starts_with("Task") {
        EventDetails::TaskFailed { task: task(), failure: failure(id) }
    } else {
        EventDetails::Failed(failure(id))
    }
}

/// Six events of each of the 62 types, after one that starts the execution.
fn events() -> Vec<HistoryEvent> {
    let types = std::iter::once(Type::ExecutionStarted).chain(Type::ALL.iter().copied().cycle());
    let numbered = (1_u64..).zip(types).take(6 * Type::ALL.len());
    let event = |(id, event_type): (u64, Type)| HistoryEvent {
        id,
        previous_event_id: id - 1,
        timestamp: Timestamp::from_millis(1_716_997_200_000 + 7 * i64::try_from(id).unwrap()),
        event_type,
        details: details(event_type, id),
    };
    numbered.map(event).collect()
}

fn page(events: &[HistoryEvent]) -> Json {
    let events = events.iter().map(|event| event.to_wire(true)).collect();
    Json::from_members([("events", Json::array(events))])
}

#[test]
fn events_of_every_type_come_back_as_they_were_written() {
    let events = events();
    let read = RecordedHistory::read(&page(&events).to_text()).unwrap().events;
    for (read, written) in read.iter().zip(&events) {
        assert_eq!(read, written);
    }
    assert_eq!(read.len(), events.len());
}

#[test]
fn pages_are_put_together_in_whatever_form_they_come() {
    let mut events = events();
    let first = page(&events[..100]).to_pretty_text();
    let bare = page(&events[100..200]).get("events").unwrap().to_text();
    let last = page(&events[200..]).to_text();
    assert_eq!(RecordedHistory::read(&format!("{first}{bare}\n\n{last}\n")).unwrap().events, events);
    let expected = events.clone();
    events.reverse();
    assert_eq!(RecordedHistory::read(&page(&events).to_text()).unwrap().events, expected);
}

#[test]
fn payloads_may_be_opened_and_dates_be_dates() {
    let text = r#"[{"id":1,"previousEventId":0,"timestamp":"2025-08-27T12:04:42.001000+02:00","type":"ExecutionStarted",
        "executionStartedEventDetails":{"input":{"b": 1, "a": 2}}}]"#;
    let record = RecordedHistory::read(text).unwrap().into_record();
    assert_eq!(record.input.to_text(), r#"{"b":1,"a":2}"#);
    assert_eq!(record.start_date.to_string(), "2025-08-27T10:04:42.001Z");
    assert_eq!((record.status, record.stop_date, &*record.arn), (ExecutionStatus::Running, None, ""));
}

const STARTED: &str =
    r#"{"id":1,"timestamp":0,"type":"ExecutionStarted","executionStartedEventDetails":{"input":"[1]"}}"#;

#[test]
fn an_execution_is_what_its_first_and_last_events_say() {
    let record_of = |end: &str| {
        let text = format!(
            r#"{{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:orders:e-1",
            "events":[{STARTED},{{"id":2,"timestamp":1.5,{end}}}]}}"#
        );
        RecordedHistory::read(&text).unwrap().into_record()
    };
    let succeeded =
        record_of(r#""type":"ExecutionSucceeded","executionSucceededEventDetails":{"output":"7"}"#);
    assert_eq!((&*succeeded.state_machine_name, &*succeeded.name), ("orders", "e-1"));
    assert_eq!((succeeded.status, succeeded.output), (ExecutionStatus::Succeeded, Some(Json::Int(7))));
    assert_eq!(succeeded.stop_date, Some(Timestamp::from_millis(1500)));
    assert_eq!((succeeded.input.to_text(), succeeded.failure), ("[1]".to_owned(), None));

    let failed =
        record_of(r#""type":"ExecutionFailed","executionFailedEventDetails":{"error":"E","cause":"c"}"#);
    assert_eq!((failed.status, failed.output), (ExecutionStatus::Failed, None));
    assert_eq!(failed.failure, Some(Failure::new("E", "c")));
    assert_eq!(record_of(r#""type":"ExecutionTimedOut""#).status, ExecutionStatus::TimedOut);
    assert_eq!(record_of(r#""type":"ExecutionAborted""#).status, ExecutionStatus::Aborted);
}

#[test]
fn map_runs_are_known_as_far_as_the_history_tells() {
    let arn = "arn:aws:states:us-east-1:123456789012:mapRun:orders/Each:1";
    let run = |end: &str| {
        let text = format!(
            r#"[{STARTED},{{"id":2,"timestamp":1,"type":"MapRunStarted","mapRunStartedEventDetails":{{"mapRunArn":"{arn}"}}}},
            {{"id":3,"previousEventId":2,"timestamp":3,"type":"{end}"}}]"#
        );
        RecordedHistory::read(&text).unwrap().into_record().map_runs.remove(0)
    };
    let succeeded = run("MapRunSucceeded");
    assert_eq!((&*succeeded.arn, &*succeeded.label), (arn, "Each"));
    assert_eq!(succeeded.status, MapRunStatus::Succeeded);
    assert_eq!(succeeded.stop_date.unwrap().since(succeeded.start_date).as_secs(), 2);
    assert_eq!(run("MapRunFailed").status, MapRunStatus::Failed);
    assert_eq!(run("MapRunAborted").status, MapRunStatus::Aborted);
    assert_eq!(run("ExecutionAborted").status, MapRunStatus::Running);
}

#[test]
fn the_log_events_of_express_executions_are_told_apart_by_their_executions() {
    let event = |id: u64, of: &str, kind: &str, details: &str| {
        format!(
            r#"{{"id":"{id}","type":"{kind}","details":{details},"previous_event_id":"{}",
            "event_timestamp":"171699720{id}500","execution_arn":"arn:aws:states:us-east-1:1:express:orders:{of}:u"}}"#,
            id - 1
        )
    };
    let input = r#"{"input":"[1]","inputDetails":{"truncated":false},"roleArn":"r"}"#;
    let log = [
        event(1, "a", "ExecutionStarted", input),
        event(1, "b", "ExecutionStarted", input),
        event(2, "b", "ExecutionSucceeded", r#"{"output":"7","outputDetails":{"truncated":false}}"#),
        event(2, "a", "ExecutionFailed", r#"{"error":"E","cause":"c"}"#),
    ];
    let log = log.join("\n");
    let records: Vec<_> =
        RecordedHistory::read_all(&log).unwrap().into_iter().map(RecordedHistory::into_record).collect();
    let told: Vec<_> = records.iter().map(|record| (&*record.name, record.status)).collect();
    assert_eq!(told, [("a", ExecutionStatus::Failed), ("b", ExecutionStatus::Succeeded)]);
    assert_eq!(records[1].output, Some(Json::Int(7)));
    assert_eq!(records[0].start_date, Timestamp::from_millis(1_716_997_201_500));
    assert_eq!(records[0].stop_date, Some(Timestamp::from_millis(1_716_997_202_500)));
    let texts = RecordedHistory::texts_in_log(&log).unwrap();
    assert_eq!(RecordedHistory::read(&texts[1].1).unwrap().into_record().events, records[1].events);
    assert!(RecordedHistory::texts_in_log(&page(&events()).to_text()).is_none());
}

#[track_caller]
fn refused(text: &str, why: &str) {
    assert_eq!(RecordedHistory::read(text).unwrap_err().to_string(), why);
}

#[test]
fn what_is_no_history_is_refused_in_words() {
    refused("", "there are no events; give what `aws stepfunctions get-execution-history` prints");
    refused(
        "{\"events\": [}",
        "the history is not JSON: Unexpected character ('}' (code 125)): expected a valid value (JSON String, \
         Number, Array, Object or token 'null', 'true' or 'false') (line 1, column 13)",
    );
    refused(
        r#"{"executions":[]}"#,
        "this is neither an array of events nor an object with `events`: {\"executions\":[]}; give what `aws \
         stepfunctions get-execution-history` prints",
    );
    refused(
        r#"[{"Id":1}]"#,
        "an event has no `id`: {\"Id\":1}; give events as `aws stepfunctions get-execution-history` prints them",
    );
    refused(r#"[{"id":1,"timestamp":0,"type":"Begun"}]"#, "event 1 has the unknown type `Begun`");
    refused(
        r#"[{"id":1,"timestamp":"now","type":"ExecutionStarted"}]"#,
        "event 1 (ExecutionStarted) has no `timestamp` that is an ISO 8601 date or a number of seconds",
    );
}

#[test]
fn a_history_that_is_not_whole_is_refused_with_what_to_fetch() {
    refused(
        r#"[{"id":1,"timestamp":0,"type":"ExecutionStarted"}]"#,
        "event 1 (ExecutionStarted) has no `input`; fetch the history with `--include-execution-data`",
    );
    refused(
        &format!("[{STARTED},{{\"id\":2,\"timestamp\":0,\"type\":\"MapRunStarted\"}}]"),
        "event 2 (MapRunStarted) has no `mapRunArn`",
    );
    refused(
        &format!("[{STARTED},{{\"id\":3,\"timestamp\":0,\"type\":\"MapStateFailed\"}}]"),
        "event 2 is missing; fetch all pages of the history",
    );
    refused(
        &format!("[{STARTED}]\n[{STARTED}]"),
        "event 1 is there twice; keep each execution in a file or line of its own",
    );
    refused(
        r#"[{"id":1,"timestamp":0,"type":"MapStateFailed"}]"#,
        "the first event is MapStateFailed instead of ExecutionStarted",
    );
    refused(
        &format!("{{\"events\":[{STARTED}],\"nextToken\":\"t\"}}"),
        "the history goes on after event 1; fetch all pages of it",
    );
}
