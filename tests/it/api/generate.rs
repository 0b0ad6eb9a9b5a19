//! Random inputs of an operation: within the model, just outside it, of wrong types, and hostile.

#![expect(clippy::indexing_slicing, reason = "indexes are drawn below the length")]

use std::fmt;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::door::{ACTIVITY, EXECUTION, MACHINE, PAGE, PASS, REVISION, ROLE, TASK, TOKEN, WAIT};
use super::model::{Member, Model, Operation, Shape, Text};
use super::oracle::{Wrong, misfits, violations};

/// A request, and what is known of its answer before it is sent.
#[derive(Debug, Clone)]
pub(super) enum Request {
    /// Keeps within the model: never refused for a constraint or a type.
    Sound(Value),
    /// Refused with this message of constraints.
    Violating(Value, String),
    /// Refused with this message of the serializer.
    Misfit(Value, String),
    /// Anything may be said of it.
    Hostile(Bytes),
}

/// Bytes that show as text when a test fails.
#[derive(Clone)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// Any request of an operation, sound ones more often.
pub(super) fn request(operation: &Operation) -> BoxedStrategy<Request> {
    let members = Model::members(operation.input);
    let sound = structure(members);
    let mut kinds =
        vec![(5, sound.clone().prop_map(Request::Sound).boxed()), (2, hostile(sound.clone(), members))];
    if !members.is_empty() {
        kinds.push((2, violating(sound.clone(), members)));
        kinds.push((1, misfit(sound, members)));
    }
    proptest::strategy::Union::new_weighted(kinds).boxed()
}

/// Inputs that keep within the model.
pub(super) fn sound(operation: &Operation) -> BoxedStrategy<Value> {
    structure(Model::members(operation.input))
}

fn violating(sound: BoxedStrategy<Value>, members: &'static [Member]) -> BoxedStrategy<Request> {
    // Megabytes now and then are enough.
    let often = |wrong: &Wrong| {
        if wrong.value.as_ref().and_then(Value::as_str).is_some_and(|text| text.len() > 100_000) {
            1
        } else {
            4
        }
    };
    let all: Vec<(usize, Wrong)> = members
        .iter()
        .enumerate()
        .flat_map(|(at, member)| violations(member).into_iter().map(move |wrong| (at, wrong)))
        .flat_map(|wrong| vec![wrong.clone(); often(&wrong.1)])
        .collect();
    if all.is_empty() {
        return sound.prop_map(Request::Sound).boxed();
    }
    (sound, vec(any::<Index>(), 1..4))
        .prop_map(move |(mut input, picks)| {
            let mut picked: Vec<&(usize, Wrong)> = picks.iter().map(|pick| pick.get(&all)).collect();
            // Told in the order of the model, one for each member.
            picked.sort_by_key(|(at, _)| *at);
            picked.dedup_by_key(|(at, _)| *at);
            for (at, wrong) in &picked {
                put(&mut input, members[*at].name, wrong.value.clone());
            }
            let messages: Vec<&str> = picked.iter().map(|(_, wrong)| wrong.message.as_str()).collect();
            let errors = if messages.len() == 1 { "error" } else { "errors" };
            let all = messages.join("; ");
            Request::Violating(input, format!("{} validation {errors} detected: {all}", messages.len()))
        })
        .boxed()
}

fn misfit(sound: BoxedStrategy<Value>, members: &'static [Member]) -> BoxedStrategy<Request> {
    let all: Vec<(&str, Wrong)> = members
        .iter()
        .flat_map(|member| misfits(member.shape).into_iter().map(move |wrong| (member.name, wrong)))
        .collect();
    (sound, any::<Index>())
        .prop_map(move |(mut input, pick)| {
            let (name, wrong) = pick.get(&all);
            put(&mut input, name, wrong.value.clone());
            Request::Misfit(input, wrong.message.clone())
        })
        .boxed()
}

fn put(input: &mut Value, name: &str, value: Option<Value>) {
    let members = input.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
}

fn hostile(sound: BoxedStrategy<Value>, members: &'static [Member]) -> BoxedStrategy<Request> {
    let names: Vec<&str> = members.iter().map(|member| member.name).chain(["colour"]).collect();
    let odd_member = (sound.clone(), select(names), odd_json()).prop_map(|(mut input, name, odd)| {
        put(&mut input, name, Some(json!(null)));
        // Odd numbers and texts are no `Value`s: they are put in as they are written.
        let key = format!("\"{name}\":");
        input.to_string().replacen(&format!("{key}null"), &format!("{key}{odd}"), 1).into_bytes()
    });
    let broken = (sound, any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..4)).prop_map(
        |(input, from, length, put)| {
            let bytes = input.to_string().into_bytes();
            let from = from.index(bytes.len());
            let length = length.index((bytes.len() - from).min(20));
            [&bytes[..from], &put, &bytes[from + length..]].concat()
        },
    );
    let other = odd_json().prop_map(String::into_bytes);
    prop_oneof![4 => odd_member, 3 => broken, 1 => other]
        .prop_map(|bytes| Request::Hostile(Bytes(bytes)))
        .boxed()
}

const ODD: &[&str] = &[
    "null",
    "-1",
    "1e999",
    "-1e999",
    "9223372036854775808",
    "18446744073709551616",
    "0.1",
    "1e5",
    "\"\"",
    r#""\ud83d""#,
    r#""\u0000""#,
    "\"\u{202e}\u{feff}é💥\u{10ffff}\"",
    "[[]]",
    "{}",
    r#"[{"key":null}]"#,
    "{\"",
    "'x'",
    "",
    "NaN",
    "tru",
    "01",
    "+1",
    "[1,]",
    "{\"a\":1,\"a\":2}",
    "\"\t\"",
    "1 2",
    "/* */ 1",
    "\u{feff}{}",
];

/// JSON where something else is expected, and what only looks like JSON.
fn odd_json() -> BoxedStrategy<String> {
    prop_oneof![
        8 => select(ODD).prop_map(str::to_owned),
        2 => (1_usize..3000, select(&["[", "{\"a\":", "[]", "[1,"][..])).prop_map(|(count, piece)| piece.repeat(count)),
        2 => (1_usize..3000).prop_map(|depth| "[".repeat(depth) + &"]".repeat(depth)),
        1 => (0_usize..20_000).prop_map(|length| format!("\"{}\"", "\u{1f4a5}".repeat(length))),
        2 => any::<String>().prop_map(|text| json!(text).to_string()),
        1 => any::<f64>().prop_map(|number| number.to_string()),
    ]
    .boxed()
}

fn structure(members: &'static [Member]) -> BoxedStrategy<Value> {
    let each: Vec<BoxedStrategy<Option<Value>>> = members
        .iter()
        .map(|member| {
            let value = member_value(member);
            if member.required { value.prop_map(Some).boxed() } else { option::weighted(0.3, value).boxed() }
        })
        .collect();
    each.prop_map(|values| {
        let present =
            members.iter().zip(values).filter_map(|(member, value)| Some((member.name.to_owned(), value?)));
        Value::Object(present.collect::<Map<_, _>>())
    })
    .boxed()
}

fn member_value(member: &Member) -> BoxedStrategy<Value> {
    let random = value(member.shape);
    match member.name {
        "routingConfiguration" => return prop_oneof![4 => routes(), 1 => random].boxed(),
        "tags" => return vec(tag(), 0..5).prop_map(Value::from).boxed(),
        _ => {}
    }
    let Shape::Text(text) = Model::shape(member.shape) else { return random };
    let known: Vec<&str> = known(member.name).iter().copied().filter(|known| text.allows(known)).collect();
    if known.is_empty() {
        return random;
    }
    prop_oneof![9 => select(known).prop_map(Value::from), 1 => random].boxed()
}

/// The service wants a key and legal characters, although the model does not say so.
fn tag() -> BoxedStrategy<Value> {
    let key = prop_oneof![select(&["k", "l"][..]).prop_map(str::to_owned), "[a-zé9 _.:/=+@-]{1,9}"];
    (key, option::weighted(0.9, "[A-Zß =]{0,9}")).prop_map(tag_of).boxed()
}

fn tag_of((key, value): (String, Option<String>)) -> Value {
    // The only prefix that is taken.
    let key = key.replace("aws:", "own:");
    value.map_or(json!({"key": key}), |value| json!({"key": key, "value": value}))
}

fn routes() -> BoxedStrategy<Value> {
    let version = || select(known("stateMachineVersionArn"));
    let route = |arn: &str, weight: u8| json!({"stateMachineVersionArn": arn, "weight": weight});
    prop_oneof![
        version().prop_map(move |arn| json!([route(arn, 100)])),
        (version(), version(), 0_u8..=100)
            .prop_map(move |(one, other, weight)| json!([route(one, weight), route(other, 100 - weight)])),
    ]
    .boxed()
}

fn value(shape: &'static str) -> BoxedStrategy<Value> {
    match Model::shape(shape) {
        Shape::Text(text) => text_within(text),
        Shape::Number { min, max, .. } => {
            (min.unwrap_or(-9)..=max.unwrap_or(i32::MAX)).prop_map(Value::from).boxed()
        }
        Shape::Flag => any::<bool>().prop_map(Value::from).boxed(),
        Shape::Timestamp => (0_i64..2_000_000_000).prop_map(Value::from).boxed(),
        Shape::List { of, min, max } => {
            vec(value(of), min.unwrap_or(0)..=max.unwrap_or(5)).prop_map(Value::from).boxed()
        }
        Shape::Map { of } => value(of).prop_map(|value| json!({"a": value})).boxed(),
        Shape::Structure(members) => structure(members),
    }
}

fn text_within(text: &'static Text) -> BoxedStrategy<Value> {
    if !text.values.is_empty() {
        return select(text.values.as_slice()).prop_map(Value::from).boxed();
    }
    // The most characters of four bytes that fit, kept short: longest texts are a case of their own.
    let most = text.max.map_or(60, |max| max.min(60));
    let most = if text.in_bytes { most / 4 } else { most };
    let characters = match text.pattern {
        Some("AliasName") => return "[a-z_.-][a-zA-Z0-9_.-]{0,60}".prop_map(Value::from).boxed(),
        Some("VisibleAscii") => proptest::char::range('!', '~').boxed(),
        Some(_) => proptest::char::range('\0', '\u{7f}').boxed(),
        None => prop_oneof![3 => proptest::char::range('a', 'f'), 1 => any::<char>()].boxed(),
    };
    let random =
        vec(characters, text.min..=most).prop_map(|text| Value::from(text.into_iter().collect::<String>()));
    match text.max {
        Some(max) if max <= 4096 => {
            prop_oneof![20 => random, 1 => Just(Value::from("a".repeat(max)))].boxed()
        }
        Some(_) | None => random.boxed(),
    }
}

/// What there is in the account, and things like it that there are not.
fn known(member: &str) -> &'static [&'static str] {
    match member {
        "name" => &["m", "e", "x", "live", "new", "a b", "é"],
        "roleArn" => &[ROLE, "arn:aws:iam::123456789012:role/other", "role"],
        "definition" => &[
            PASS,
            WAIT,
            TASK,
            "",
            "{}",
            "not a definition",
            "[]",
            "null",
            r#"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}"#,
            r#"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}"#,
            r#"{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% 1 %}","End":true}}}"#,
            r#"{"StartAt":"X","States":{"P":{"Type":"Pass","Next":"Q"}}}"#,
        ],
        "stateMachineArn" => &[
            MACHINE,
            MACHINE_1,
            MACHINE_LIVE,
            EXPRESS,
            ASKING,
            MACHINE_NONE,
            ACTIVITY,
            "none",
            "arn:aws:states:::m",
        ],
        "stateMachineVersionArn" => &[MACHINE_1, MACHINE_2, MACHINE_3, MACHINE, MACHINE_LIVE, "none"],
        "stateMachineAliasArn" => &[
            MACHINE_LIVE,
            MACHINE_1,
            MACHINE,
            "arn:aws:states:us-east-1:123456789012:stateMachine:m:none",
            "none",
        ],
        "executionArn" => &[
            EXECUTION,
            RUNNING,
            STOPPED,
            ASKED,
            "arn:aws:states:us-east-1:123456789012:execution:m:none",
            "arn:aws:states:us-east-1:123456789012:express:e:x:y",
            MACHINE,
            "none",
        ],
        "activityArn" => &[ACTIVITY, "arn:aws:states:us-east-1:123456789012:activity:none", MACHINE, "none"],
        "resourceArn" => &[MACHINE, ACTIVITY, MACHINE_1, MACHINE_LIVE, MACHINE_NONE, RUNNING, "none"],
        "mapRunArn" => &["arn:aws:states:us-east-1:123456789012:mapRun:m/s:x", MACHINE, "none"],
        "taskToken" => &[TOKEN, "AAAA", "é"],
        "input" | "output" | "context" | "variables" => {
            &["{}", " 7 ", " {\"a\" : 1}\n", "[1, 2.5, null]", r#"{"a":{"b":"é"}}"#, "", "{", "nul", "1e400"]
        }
        "nextToken" => &[PAGE, PAGE, "AAAA", "é"],
        "revisionId" => &[REVISION, "INITIAL", "none"],
        _ => &[],
    }
}

const MACHINE_1: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m:1";
const MACHINE_2: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m:2";
const MACHINE_3: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m:3";
const MACHINE_LIVE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m:live";
const MACHINE_NONE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
const EXPRESS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:e";
const ASKING: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:t";
const RUNNING: &str = "arn:aws:states:us-east-1:123456789012:execution:m:x";
const STOPPED: &str = "arn:aws:states:us-east-1:123456789012:execution:m:y";
const ASKED: &str = "arn:aws:states:us-east-1:123456789012:execution:t:x";
