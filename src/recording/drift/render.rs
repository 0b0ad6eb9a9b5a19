//! Reports on drift: for people, for programs, for CI servers.

use similar::TextDiff;

use super::compare::Difference;
use super::report::{Check, Drift, DriftFormat, Outcome};
use crate::model::Json;
use crate::model::xml_text;

/// More differences of one answer are counted, not shown: the diff shows them.
const MOST_SHOWN: usize = 12;

/// Of a value beside its path.
const MOST_CHARACTERS: usize = 160;

/// One report on several cassettes.
pub(crate) fn all(drifts: &[Drift], format: DriftFormat) -> String {
    match format {
        DriftFormat::Text => drifts.iter().map(text).collect(),
        DriftFormat::Json => {
            format!("{}\n", Json::array(drifts.iter().map(json).collect()).to_pretty_text())
        }
        DriftFormat::Junit => {
            let suites: String = drifts.iter().map(junit).collect();
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n{suites}</testsuites>\n")
        }
    }
}

fn text(drift: &Drift) -> String {
    let (same, drifted, not_compared) = drift.counts();
    let mut text = format!(
        "{} ({}): {same} as recorded, {drifted} drifted, {not_compared} not compared\n",
        drift.name,
        age(drift)
    );
    for check in &drift.checks {
        match &check.outcome {
            Outcome::Same => {}
            Outcome::NotCompared(reason) => {
                text.extend(["  not compared  ", &call(check), ": ", reason, "\n"]);
            }
            Outcome::Drifted(differences) => {
                text.extend(["  DRIFTED  ", &call(check), "\n"]);
                let told = told(drift, check, differences);
                text.extend(told.lines().map(|line| format!("    {line}\n")));
            }
        }
    }
    text
}

fn age(drift: &Drift) -> String {
    match (&drift.recorded.recorded, drift.age_in_days()) {
        (Some(day), Some(0)) => format!("recorded {day}, today"),
        (Some(day), Some(1)) => format!("recorded {day}, yesterday"),
        (Some(day), Some(days)) => format!("recorded {day}, {days} days ago"),
        (_, _) => "of unknown age".to_owned(),
    }
}

fn call(check: &Check) -> String {
    format!("interaction {}, {}", check.number, check.operation)
}

/// The differences, and a diff of the whole answer.
fn told(drift: &Drift, check: &Check, differences: &[Difference]) -> String {
    let mut told: String = differences.iter().take(MOST_SHOWN).map(sentence).collect();
    if let Some(more @ 1..) = differences.len().checked_sub(MOST_SHOWN) {
        told.extend(["and ", &more.to_string(), " more\n"]);
    }
    told.push_str(&diff(drift, check).unwrap_or_default());
    told
}

fn sentence(difference: &Difference) -> String {
    let Difference { path, recorded, live } = difference;
    match (recorded.as_ref().map(shortened), live.as_ref().map(shortened)) {
        (Some(recorded), Some(live)) => format!("{path}: recorded was {recorded}, today it is {live}\n"),
        (Some(recorded), None) => format!("{path}: recorded was {recorded}, today there is nothing\n"),
        (None, Some(live)) => format!("{path}: recorded was nothing, today there is {live}\n"),
        (None, None) => String::new(),
    }
}

/// The diff has all of it.
fn shortened(value: &Json) -> String {
    let text = value.to_text();
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Of the recorded answer, and that of today in its words.
fn diff(drift: &Drift, check: &Check) -> Option<String> {
    let response = |file: &crate::recording::format::CassetteFile| {
        let interaction = file.interactions.get(check.number.checked_sub(1)?)?;
        Some(format!("{}\n", interaction.response.to_pretty_text()))
    };
    diff_of_texts(&response(&drift.recorded)?, &response(&drift.updated)?)
}

/// `None` if there is no difference.
pub(super) fn diff_of_texts(recorded: &str, today: &str) -> Option<String> {
    if recorded == today {
        return None;
    }
    Some(TextDiff::from_lines(recorded, today).unified_diff().header("recorded", "today").to_string())
}

fn json(drift: &Drift) -> Json {
    let (same, drifted, not_compared) = drift.counts();
    let count = |number: usize| Json::from(number as u64);
    let optional = |value: Option<Json>| value.unwrap_or(Json::Null);
    Json::from_members([
        ("cassette", Json::from(drift.name.as_str())),
        ("endpoint", Json::from(drift.endpoint.as_str())),
        ("recorded", optional(drift.recorded.recorded.as_deref().map(Json::from))),
        ("ageInDays", optional(drift.age_in_days().map(Json::from))),
        ("asRecorded", count(same)),
        ("drifted", count(drifted)),
        ("notCompared", count(not_compared)),
        ("interactions", Json::array(drift.checks.iter().map(json_of_check).collect())),
    ])
}

fn json_of_check(check: &Check) -> Json {
    let (outcome, more) = match &check.outcome {
        Outcome::Same => ("as recorded", None),
        Outcome::NotCompared(reason) => ("not compared", Some(("reason", Json::from(reason.as_str())))),
        Outcome::Drifted(differences) => {
            let differences = differences.iter().map(json_of_difference).collect();
            ("drifted", Some(("differences", Json::array(differences))))
        }
    };
    let members = [
        ("interaction", Json::from(check.number as u64)),
        ("op", Json::from(check.operation.name())),
        ("outcome", Json::from(outcome)),
    ];
    Json::from_members(members.into_iter().chain(more))
}

/// A side where there is nothing has no member.
fn json_of_difference(difference: &Difference) -> Json {
    let Difference { path, recorded, live } = difference;
    let path = [("path", Json::from(path.as_str()))];
    let recorded = recorded.clone().map(|recorded| ("recorded", recorded));
    let today = live.clone().map(|live| ("today", live));
    Json::from_members(path.into_iter().chain(recorded).chain(today))
}

fn junit(drift: &Drift) -> String {
    let (same, drifted, not_compared) = drift.counts();
    let tests = same + drifted + not_compared;
    let name = xml_text(&drift.name);
    let cases: String = drift.checks.iter().map(|check| junit_case(drift, check)).collect();
    format!(
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{drifted}\" skipped=\"{not_compared}\">\n{cases}  </testsuite>\n"
    )
}

fn junit_case(drift: &Drift, check: &Check) -> String {
    let (name, class) = (xml_text(&call(check)), xml_text(&drift.name));
    let start = format!("    <testcase classname=\"{class}\" name=\"{name}\"");
    match &check.outcome {
        Outcome::Same => format!("{start}/>\n"),
        Outcome::NotCompared(reason) => {
            format!("{start}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml_text(reason))
        }
        Outcome::Drifted(differences) => {
            let first = differences.first().map(sentence).unwrap_or_default();
            let told = xml_text(&told(drift, check, differences));
            let first = xml_text(first.trim_end());
            format!("{start}>\n      <failure message=\"{first}\">{told}</failure>\n    </testcase>\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_beside_their_path() {
        let long = Json::from("é".repeat(200));
        let difference = Difference { path: "$.a".to_owned(), recorded: None, live: Some(long) };
        let expected =
            format!("$.a: recorded was nothing, today there is \"{}…\n", "é".repeat(MOST_CHARACTERS - 1));
        assert_eq!(sentence(&difference), expected);
        let gone = Difference { path: "$.a".to_owned(), recorded: Some(Json::Int(1)), live: None };
        assert_eq!(sentence(&gone), "$.a: recorded was 1, today there is nothing\n");
    }
}
