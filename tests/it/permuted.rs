//! Tasks that are open together are answered in another order: what AWS's order does not leave open stays the same.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use sfn_testkit::prelude::*;

use super::determinism::{recorded_definitions, start};
use super::raw;

/// A mock whose tasks are answered at one instant, in an order that the seed decides.
fn shuffled(seed: u64) -> MockSfn {
    let sfn = MockSfn::builder().unverified().build();
    let asked = AtomicU64::new(0);
    sfn.on_resource("*")
        .answers_async(move |call| {
            let nth = asked.fetch_add(1, Ordering::Relaxed) + 1;
            let turns = nth.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17).wrapping_mul(seed) % 13;
            async move {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
                json!({"state": call.state, "input": call.input})
            }
        })
        .unchecked();
    sfn
}

/// The events of an execution that succeeded; `None` if it was refused, or ended otherwise: which branch fails first
/// is a matter of order.
async fn events(seed: u64, definition: &str, input: &str) -> Option<Vec<Value>> {
    let sfn = shuffled(seed);
    let arn = start(&sfn, definition, input, false).await?;
    sfn.execution(&arn).finished().await;
    let mut events = Vec::new();
    for page in raw::history(&sfn, &arn).await {
        let page: Value = serde_json::from_str(&page).unwrap();
        events.extend(page.get("events").and_then(Value::as_array).unwrap().iter().cloned());
    }
    (kind(events.last().unwrap()) == "ExecutionSucceeded").then_some(events)
}

fn kind(event: &Value) -> &str {
    event.get("type").and_then(Value::as_str).unwrap()
}

/// What happened and what followed from it, without numbers and times; what followed from one event is sorted.
fn causal_tree(events: &[Value]) -> String {
    let parents = parents(events);
    subtree(0, events, &parents)
}

fn subtree(id: usize, events: &[Value], parents: &[usize]) -> String {
    let own = id.checked_sub(1).and_then(|index| events.get(index)).map_or(String::new(), shown);
    let below = (1..=events.len()).filter(|child| parents.get(*child) == Some(&id));
    let mut below: Vec<_> = below.map(|child| subtree(child, events, parents)).collect();
    below.sort();
    format!("({own}{})", below.concat())
}

fn shown(event: &Value) -> String {
    let mut event = event.clone();
    let members = event.as_object_mut().unwrap();
    for member in ["id", "previousEventId", "timestamp"] {
        members.remove(member);
    }
    event.to_string()
}

/// By id, from which event each follows. The end of a Parallel or Map follows from whichever branch ends last, and an
/// iteration that had to wait from whichever made room: here all of them follow from the start of their state.
fn parents(events: &[Value]) -> Vec<usize> {
    let mut parents = vec![0];
    for event in events {
        let previous = event.get("previousEventId").and_then(Value::as_u64).unwrap();
        let previous = usize::try_from(previous).unwrap();
        let started = match kind(event) {
            "ParallelStateSucceeded" | "ParallelStateExited" => "ParallelStateStarted",
            "MapIterationStarted" | "MapStateSucceeded" | "MapStateExited" => "MapStateStarted",
            _ => "",
        };
        let start = start_above(previous, started, events, &parents);
        parents.push(start.unwrap_or(previous));
    }
    parents
}

fn start_above(from: usize, started: &str, events: &[Value], parents: &[usize]) -> Option<usize> {
    let mut at = from;
    while let Some(event) = at.checked_sub(1).and_then(|index| events.get(index)) {
        if kind(event) == started {
            return Some(at);
        }
        at = *parents.get(at)?;
    }
    None
}

const FORKS: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
    {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Next":"A2"},
        "A2":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}},
    {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}},
    {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":2,"End":true,"ItemProcessor":{
        "StartAt":"I","States":{"I":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}}}}}}]}}}"#;
const ITEMS: &str = r#"{"items":[1,2,3,4,5]}"#;

#[tokio::test(start_paused = true)]
async fn branches_and_iterations_are_the_same_whoever_is_answered_first() {
    let first = events(1, FORKS, ITEMS).await.unwrap();
    let mut orders = 0;
    for seed in 2..=12 {
        let other = events(seed, FORKS, ITEMS).await.unwrap();
        assert_eq!(causal_tree(&first), causal_tree(&other), "seed {seed}");
        orders += usize::from(first != other);
    }
    assert!(orders > 5, "the seeds hardly change the order: {orders}");
}

#[tokio::test(start_paused = true)]
async fn the_comparison_sees_other_payloads_and_other_causes() {
    let first = events(1, FORKS, ITEMS).await.unwrap();
    let mut other = first.clone();
    let details = other.get_mut(4).unwrap().get_mut("stateEnteredEventDetails").unwrap();
    *details.get_mut("input").unwrap() = json!("7");
    assert_ne!(causal_tree(&first), causal_tree(&other));

    let mut other = first.clone();
    let submitted = other.iter_mut().find(|event| kind(event) == "TaskSucceeded").unwrap();
    *submitted.get_mut("previousEventId").unwrap() = json!(1);
    assert_ne!(causal_tree(&first), causal_tree(&other));
}

#[tokio::test(start_paused = true)]
async fn recorded_definitions_are_the_same_whoever_is_answered_first() {
    let definitions = recorded_definitions();
    let mut compared = 0;
    for (definition, input, _) in definitions.iter().filter(|(_, _, express)| !express) {
        // Tokens and random values are drawn in the order in which they are asked for.
        let is_drawn = ["Task.Token", "UUID", "$uuid", "Random", "random", "Jitter"];
        if is_drawn.iter().any(|word| definition.contains(word)) {
            continue;
        }
        let (first, second) = (events(3, definition, input).await, events(8, definition, input).await);
        let trees = [&first, &second].map(|events| events.as_deref().map(causal_tree));
        assert_eq!(trees[0], trees[1], "another order, another outcome:\n{definition}");
        compared += usize::from(first.is_some());
        if !["Parallel", "Map"].iter().any(|word| definition.contains(&format!("\"{word}\""))) {
            assert_eq!(first, second, "nothing runs side by side:\n{definition}");
        }
    }
    assert!(compared > 100 || definitions.is_empty(), "only {compared} definitions succeeded");
}
