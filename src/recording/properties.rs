//! What holds for every recording: it replays with other names, and shows no credential.

use proptest::prelude::*;

use super::recorder::Recorder;
use super::test_tape::{Exchange, ask, describe, json, recorder, start, stop};
use super::{CassetteFile, RecorderSettings, Replayer};
use crate::model::{Json, Operation};

/// An execution: its input, how often it was polled in each status, whether it was stopped at last.
#[derive(Debug, Clone)]
struct Flow {
    input: String,
    polls: Vec<(&'static str, usize)>,
    is_stopped: bool,
}

fn flow() -> impl Strategy<Value = Flow> {
    let statuses = prop_oneof![Just("RUNNING"), Just("WAITING"), Just("PENDING_REDRIVE")];
    (payload(), proptest::collection::vec((statuses, 1..4_usize), 1..4), any::<bool>())
        .prop_map(|(input, polls, is_stopped)| Flow { input, polls, is_stopped })
}

fn payload() -> impl Strategy<Value = String> {
    let text = r#"[ -~é\n${}]{0,10}"#;
    prop_oneof![
        text.prop_map(|text| Json::from_members([("t", Json::from(text))]).to_text()),
        (text, any::<i32>()).prop_map(|(text, n)| {
            let inner = Json::from_members([("n", Json::Int(n.into())), ("s", Json::from(text))]);
            Json::from_members([("inner", Json::from(inner.to_text())), ("$json", Json::Null)])
                .to_pretty_text()
        }),
        (text, text).prop_map(|(before, after)| format!(
            "{before}arn:aws:states:x:999988887777:execution:m:n{after}"
        )),
        text.prop_map(|text| text),
    ]
}

fn conversation(flow: &Flow, name: &str) -> Vec<Exchange> {
    let mut exchanges = vec![start(name, &flow.input)];
    for (status, times) in &flow.polls {
        exchanges.extend((0..*times).map(|_| describe(name, status)));
    }
    if flow.is_stopped {
        exchanges.push(stop(name));
    }
    exchanges.push(describe(name, "ENDED"));
    exchanges
}

/// One conversation into the other, in the given proportions.
fn woven(mut conversations: Vec<Vec<Exchange>>, picks: &[usize]) -> Vec<Exchange> {
    let mut woven = Vec::new();
    let mut picks = picks.iter().cycle();
    while conversations.iter().any(|one| !one.is_empty()) {
        conversations.retain(|one| !one.is_empty());
        let pick = picks.next().copied().unwrap_or_default() % conversations.len();
        woven.push(conversations[pick].remove(0));
    }
    woven
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn around_secret() -> impl Strategy<Value = Json> {
    let text =
        (r#"[ -~]{0,6}"#, r#"[ -~]{0,6}"#).prop_map(|(before, after)| format!("{before}{SECRET}{after}"));
    text.prop_map(Json::from).prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|value| Json::array(vec![Json::Int(1), value])),
            ("[a-zA-Z]{1,6}", inner.clone()).prop_map(|(key, value)| Json::from_members([(key, value)])),
            inner.clone().prop_map(|value| Json::from_members([
                (value.as_str().unwrap_or("k"), Json::Null),
                ("v", value.clone())
            ])),
            inner.clone().prop_map(|value| Json::from(value.to_text())),
            inner.prop_map(|value| Json::from(value.to_pretty_text().replace('/', "\\/"))),
        ]
    })
}

proptest! {
    #[test]
    fn a_recording_answers_the_same_code_with_other_names_in_another_order(
        flows in proptest::collection::vec(flow(), 1..4),
        names in proptest::collection::vec("[a-z]{1,9}(-[0-9]{1,6})?", 4),
        recorded_picks in proptest::collection::vec(0..9_usize, 1..9),
        replayed_picks in proptest::collection::vec(0..9_usize, 1..9),
        polls in 1..5_usize,
    ) {
        let recorded = flows.iter().enumerate().map(|(at, flow)| {
            conversation(&Flow { input: format!("{at}{}", flow.input), ..flow.clone() }, &format!("recorded-{at}000"))
        });
        let file = recorder(&woven(recorded.collect(), &recorded_picks), RecorderSettings::default()).finish(None).unwrap();
        let mut replayer = Replayer::new(CassetteFile::read(&file.to_text()).unwrap());
        let replayed = flows.iter().zip(&names).enumerate().map(|(at, (flow, name))| {
            let polls = vec![("", polls)];
            conversation(&Flow { input: format!("{at}{}", flow.input), polls, ..flow.clone() }, &format!("{name}{at}"))
        });
        for exchange in woven(replayed.collect(), &replayed_picks) {
            let answer = ask(&mut replayer, &exchange);
            prop_assert!(answer.is_ok(), "{}", answer.unwrap_err());
            if exchange.0 == Operation::StartExecution {
                let started = answer.unwrap().1;
                prop_assert_eq!(started.get("executionArn"), exchange.3.get("executionArn"));
            }
        }
        prop_assert_eq!(replayer.unused(), []);
    }

    #[test]
    fn a_file_is_itself_after_writing_and_reading(flows in proptest::collection::vec(flow(), 1..4)) {
        let exchanges = flows.iter().enumerate().flat_map(|(at, flow)| conversation(flow, &format!("name-{at}"))).collect::<Vec<_>>();
        let file = recorder(&exchanges, RecorderSettings::default()).finish(Some("2026-11-25")).unwrap();
        let again = CassetteFile::read(&file.to_text()).unwrap();
        prop_assert_eq!(&again.to_text(), &file.to_text());
        prop_assert_eq!(again, file);
    }

    #[test]
    fn no_byte_of_the_credentials_in_use_gets_into_a_file(message in around_secret(), in_response in any::<bool>()) {
        let mut recorder = Recorder::new(RecorderSettings::default());
        recorder.guard(SECRET);
        let (request, response) = if in_response { (json("{}"), message) } else { (message, json("{}")) };
        recorder.observe(Operation::StartExecution, &request, 200, &response);
        prop_assert!(recorder.finish(None).is_err());
    }
}
