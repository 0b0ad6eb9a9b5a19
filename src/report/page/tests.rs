//! What the page holds, and that nothing of an execution becomes part of the page itself.

use super::html;
use crate::assertion::Execution;
use crate::assertion::test_history::History;
use crate::model::{HistoryEventType as Type, Json};

const DEFINITION: &str = r#"{
    "StartAt": "Save",
    "States": {
        "Save": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "Done",
            "Retry": [{"ErrorEquals": ["Busy"]}]
        },
        "Done": {"Type": "Pass", "End": true}
    }
}"#;

fn saved() -> Execution {
    History::started_with(r#"{"id":1}"#)
        .enters_task("Save", r#"{"id":1}"#)
        .calls(r#"{"QueueUrl":"q"}"#)
        .fails("Busy", "try later")
        .after("2s")
        .calls(r#"{"QueueUrl":"q"}"#)
        .returns("{}")
        .exits_task("Save", r#"{"id":1}"#)
        .passes("Done", r#"{"id":1}"#, r#"{"id":1}"#)
        .succeeded(r#"{"id":1}"#)
}

fn data(page: &str) -> Json {
    let (_, rest) = page.split_once(r#"<script type="application/json" id="data">"#).unwrap();
    Json::parse(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Of the data, written as in JavaScript: `visits.0.name`.
#[track_caller]
fn check(data: &Json, place: &str, expected: &str) {
    let found = place.split('.').fold(data.clone(), |value, key| match key.parse::<usize>() {
        Ok(index) => value.as_array().unwrap()[index].clone(),
        Err(_) => value.get(key).unwrap().clone(),
    });
    assert_eq!(found.to_text(), expected, "{place}");
}

/// The text that the data has in this place by its number.
#[track_caller]
fn check_text(data: &Json, place: &str, expected: &str) {
    let number = place.split('.').fold(data.clone(), |value, key| match key.parse::<usize>() {
        Ok(index) => value.as_array().unwrap()[index].clone(),
        Err(_) => value.get(key).unwrap().clone(),
    });
    let texts = data.get("texts").unwrap().as_array().unwrap();
    let number = usize::try_from(number.as_i64().unwrap()).unwrap();
    assert_eq!(texts[number].as_str(), Some(expected), "{place}");
}

#[test]
fn the_data_tell_of_visits_attempts_and_events() {
    let page = html(&saved().with_definition(DEFINITION), None);
    let data = data(&page);
    check(&data, "status", "\"SUCCEEDED\"");
    check(&data, "duration", "2000");
    check(&data, "failedAssertion", "null");
    check(&data, "states.0.look", "\"taken\"");
    check(&data, "states.0.ways.0.count", "1");
    check(&data, "states.0.retriers.0", "\"Busy\"");
    check(&data, "visits.0.name", "\"Save\"");
    check(&data, "visits.0.to", "2000");
    check(&data, "visits.0.attempts.0.how", "\"failed\"");
    check(&data, "visits.0.attempts.1.delay", "2000");
    check(&data, "visits.1.attempts", "[]");
    check_text(&data, "visits.0.attempts.0.cause", "try later");
    check_text(&data, "visits.0.attempts.1.payload", r#"{"QueueUrl":"q"}"#);
    check(&data, "events.4.3", "\"TaskFailed\"");
    check(&data, "events.4.7", "true");
    check(&data, "events.4.6", r#"{"resourceType":"dynamodb","resource":"putItem","error":"Busy"}"#);
    let texts = data.get("texts").unwrap().as_array().unwrap();
    assert_eq!(texts.iter().filter(|text| text.as_str() == Some(r#"{"id":1}"#)).count(), 1);
}

#[test]
fn a_page_without_a_definition_shows_what_was_entered_or_says_why_nothing_is_drawn() {
    let page = html(&saved(), None);
    assert!(
        page.contains("The definition of this execution is not known: these are the states that it entered.")
    );
    check(&data(&page), "states.1.name", "\"Done\"");
    check(&data(&page), "states.0.ways.0.to", "\"Done\"");
    let page = html(&History::started_with("{}").succeeded("{}"), None);
    assert!(page.contains(r#"<p class="note">There is no picture: no state was entered.</p>"#));
    check(&data(&page), "states", "null");
    let page = html(&saved().with_definition("{}"), None);
    assert!(
        page.contains("There is no picture: the definition has no `States` object: add one.</p>"),
        "{page}"
    );
}

#[test]
fn a_page_names_nothing_outside_of_itself() {
    let page = html(&saved().with_definition(DEFINITION), None);
    for outside in
        ["src=", "href=\"http", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval("]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("{{"));
}

const HOSTILE: &str =
    r#"</script><script>window.hacked=1</script><img src=x onerror="hacked=1"><!--{{data}}"#;

#[test]
fn no_text_of_an_execution_becomes_part_of_the_page() {
    let text = Json::from(HOSTILE).to_text();
    let execution = History::started_with(&text)
        .passes(HOSTILE, &text, &text)
        .enters(Type::FailStateEntered, "No", &text)
        .failed(HOSTILE, HOSTILE);
    let definition = Json::from_members([
        ("StartAt", Json::from(HOSTILE)),
        (
            "States",
            Json::from_members([
                (
                    HOSTILE,
                    Json::from_members([
                        ("Type", Json::from("Choice")),
                        (
                            "Choices",
                            Json::array(vec![Json::from_members([
                                ("Condition", Json::from(HOSTILE)),
                                ("Next", Json::from("No")),
                            ])]),
                        ),
                    ]),
                ),
                ("No", Json::from_members([("Type", Json::from("Fail")), ("Error", Json::from(HOSTILE))])),
            ]),
        ),
    ]);
    let page = html(&execution.with_definition(&definition.to_text()), Some(HOSTILE));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(!page.contains("<img") && !page.contains("<!--{{"));
    let data = data(&page);
    check_text(&data, "cause", HOSTILE);
    check(&data, "failedAssertion", &text);
}

#[test]
fn a_history_of_25_000_events_makes_a_page_of_bounded_size() {
    let payload = format!(r#"{{"rows":"{}"}}"#, "x".repeat(1000));
    let mut history = History::started_with("{}");
    for n in 0..12_500 {
        history = history.passes("Loop", &format!("[{n},{payload}]"), "{}");
    }
    let page = html(&history.succeeded("{}"), None);
    assert!(page.len() < 20 * 1024 * 1024, "{}", page.len());
    assert_eq!(page.matches(r#","PassStateEntered","#).count(), 12_500);
}
