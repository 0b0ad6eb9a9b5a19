//! Wait states.

use super::cursor::Cursor;
use super::field;
use super::jsonata;
use super::report::Language;
use super::state::StateReader;
use crate::asl::definition::{StateKind, Wait, WaitUntil};
use crate::model::Timestamp;

const LONGEST: u64 = 99_999_999;

pub(super) fn read(state: &mut StateReader<'_, '_>) -> Option<StateKind> {
    let until = match state.language {
        Language::JsonPath => in_json_path(state),
        Language::Jsonata => in_jsonata(state),
    };
    let transition = state.transition();
    Some(StateKind::Wait(Wait { until: until?, transition: transition? }))
}

fn in_json_path(state: &mut StateReader<'_, '_>) -> Option<WaitUntil> {
    let fields = &mut state.fields;
    fields.exactly_one(&["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]);
    let seconds = fields.take("Seconds").and_then(|seconds| seconds.integer(0..=LONGEST));
    let timestamp = fields.take("Timestamp").and_then(|timestamp| read_timestamp(&timestamp));
    let seconds_path = fields.take("SecondsPath").and_then(|path| field::path(&path));
    let timestamp_path = fields.take("TimestampPath").and_then(|path| field::path(&path));
    seconds
        .map(WaitUntil::Seconds)
        .or(timestamp.map(WaitUntil::Timestamp))
        .or(seconds_path.map(WaitUntil::SecondsPath))
        .or(timestamp_path.map(WaitUntil::TimestampPath))
}

fn in_jsonata(state: &mut StateReader<'_, '_>) -> Option<WaitUntil> {
    state.fields.exactly_one(&["Seconds", "Timestamp"]);
    let (seconds, timestamp) = (state.fields.take("Seconds"), state.fields.take("Timestamp"));
    let seconds = seconds.and_then(|seconds| {
        if field::is_expression(seconds.value()) {
            return jsonata::expression(&seconds, "Seconds").map(WaitUntil::ComputedSeconds);
        }
        seconds.integer(0..=LONGEST).map(WaitUntil::Seconds)
    });
    let timestamp = timestamp.and_then(|timestamp| {
        if field::is_expression(timestamp.value()) {
            return jsonata::expression(&timestamp, "Timestamp").map(WaitUntil::ComputedTimestamp);
        }
        read_timestamp(&timestamp).map(WaitUntil::Timestamp)
    });
    seconds.or(timestamp)
}

pub(super) fn read_timestamp(cursor: &Cursor<'_>) -> Option<Timestamp> {
    let timestamp = Timestamp::parse(cursor.text()?);
    if timestamp.is_none() {
        cursor.invalid("String does not match RFC3339 timestamp");
    }
    timestamp
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::read::tests::{check_schema, check_state, machine_of, read};

    fn wait(fields: &str) -> String {
        format!(r#"{{"Type":"Wait","End":true,{fields}}}"#)
    }

    #[test]
    fn a_wait_has_exactly_one_duration() {
        check_schema(
            r#"{"Type":"Wait","End":true}"#,
            &["One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath] at ~"],
        );
        check_schema(
            &wait(r#""Seconds":1,"TimestampPath":"$.t""#),
            &["Only one of these fields is allowed: [Seconds, SecondsPath, Timestamp, TimestampPath] at ~"],
        );
    }

    #[test]
    fn seconds_are_counted_from_none_to_a_lot() {
        check_state(&wait(r#""Seconds":0"#), &[]);
        check_state(&wait(r#""Seconds":99999999"#), &[]);
        for seconds in ["-1", "100000000", "18446744073709551615"] {
            let expected = if seconds.len() > 10 {
                "Expected value of type Integer at ~/Seconds"
            } else {
                "Value must be between 0 and 99999999 at ~/Seconds"
            };
            check_schema(&wait(&format!(r#""Seconds":{seconds}"#)), &[expected]);
        }
        check_schema(&wait(r#""Seconds":"1""#), &["Expected value of type Integer at ~/Seconds"]);
        check_schema(&wait(r#""SecondsPath":"s""#), &["Value is not a valid JSONPath at ~/SecondsPath"]);
    }

    #[test]
    fn timestamps_are_rfc_3339() {
        for text in ["2016-12-05 21:29:29Z", "2016-12-05T21:29:29", "2016-12-05T25:29:29Z", "{% $now() %}"] {
            check_schema(
                &wait(&format!(r#""Timestamp":"{text}""#)),
                &["String does not match RFC3339 timestamp at ~/Timestamp"],
            );
        }
        check_schema(&wait(r#""Timestamp":0"#), &["Expected value of type String at ~/Timestamp"]);
    }

    #[test]
    fn the_four_ways_to_wait_are_read() {
        let until = |fields: &str| {
            let definition = read(&machine_of(&wait(fields)));
            let StateKind::Wait(wait) = &definition.scope.states[0].kind else { panic!("{definition:?}") };
            match &wait.until {
                WaitUntil::Seconds(seconds) => format!("{seconds} s"),
                WaitUntil::SecondsPath(path) => format!("{} s", path.text()),
                WaitUntil::Timestamp(moment) => moment.to_string(),
                WaitUntil::TimestampPath(path) => path.text().to_string(),
                WaitUntil::ComputedSeconds(_) | WaitUntil::ComputedTimestamp(_) => "computed".to_owned(),
            }
        };
        assert_eq!(until(r#""Seconds":3"#), "3 s");
        assert_eq!(until(r#""SecondsPath":"$.s""#), "$.s s");
        assert_eq!(until(r#""Timestamp":"2016-03-14T01:59:00Z""#), "2016-03-14T01:59:00Z");
        assert_eq!(until(r#""TimestampPath":"$.t""#), "$.t");
    }

    #[test]
    fn a_wait_in_jsonata_takes_expressions() {
        let jsonata = |field: &str| wait(&format!(r#""QueryLanguage":"JSONata",{field}"#));
        for field in [r#""Seconds":"{% 1 %}""#, r#""Timestamp":"{% $now() %}""#, r#""Seconds":1"#] {
            check_state(&jsonata(field), &[]);
        }
        check_schema(
            &jsonata(r#""Timestamp":"now""#),
            &["String does not match RFC3339 timestamp at ~/Timestamp"],
        );
    }
}
