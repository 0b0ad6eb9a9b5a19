//! Reads a mock config file: each key is understood or refused, and all findings are told at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::config::{MockConfig, MockedAnswer, MockedResponse, TestCase, TestCases};
use super::error::{Finding, MockConfigError, Place};
use super::invocations::Invocations;
use super::pointer::Pointer;
use crate::model::failure::error_name;
use crate::model::json::Map;
use crate::model::{Failure, IntoDuration, Json};

type Responses = BTreeMap<Arc<str>, Arc<MockedResponse>>;

impl MockConfig {
    /// Reads the text of a file; `file` is its name in error texts.
    pub(crate) fn read(text: &str, file: &str) -> Result<Self, MockConfigError> {
        let refused = |findings| MockConfigError { file: file.to_owned(), findings };
        let document = Json::parse(text).map_err(|error| {
            let place = Place::Text { line: error.position.line, column: error.position.column };
            refused(vec![Finding { place, message: error.message }])
        })?;
        let mut reader = Reader::default();
        let state_machines = reader.document(&document);
        if reader.findings.is_empty() {
            Ok(Self { file: file.into(), state_machines })
        } else {
            Err(refused(reader.findings))
        }
    }
}

/// Collects what is wrong on the way through the document.
#[derive(Debug, Default)]
struct Reader {
    findings: Vec<Finding>,
}

impl Reader {
    fn document(&mut self, document: &Json) -> BTreeMap<Arc<str>, TestCases> {
        let root = Pointer::default();
        let Some(members) = self.object(document, &root) else { return BTreeMap::new() };
        self.only_keys(members, &["StateMachines", "MockedResponses"], &root);
        let responses = self.responses(members.get("MockedResponses"), &root.child("MockedResponses"));
        let Some(state_machines) = self.required(members, "StateMachines", &root) else {
            return BTreeMap::new();
        };
        let at = root.child("StateMachines");
        let state_machines = self.object(state_machines, &at).into_iter().flatten();
        state_machines
            .map(|(name, machine)| (Arc::clone(name), self.test_cases(machine, &responses, &at.child(name))))
            .collect()
    }

    fn test_cases(&mut self, machine: &Json, responses: &Responses, at: &Pointer) -> TestCases {
        let Some(members) = self.object(machine, at) else { return TestCases::new() };
        self.only_keys(members, &["TestCases"], at);
        let Some(cases) = self.required(members, "TestCases", at) else { return TestCases::new() };
        let at = at.child("TestCases");
        let cases = self.object(cases, &at).into_iter().flatten();
        cases
            .map(|(name, case)| (Arc::clone(name), self.test_case(case, responses, &at.child(name))))
            .collect()
    }

    fn test_case(&mut self, case: &Json, responses: &Responses, at: &Pointer) -> TestCase {
        let mut states = TestCase::new();
        for (state, response) in self.object(case, at).into_iter().flatten() {
            let at = at.child(state);
            let Some(name) = self.string(response, &at) else { continue };
            match responses.get(name) {
                Some(response) => {
                    states.insert(Arc::clone(state), Arc::clone(response));
                }
                None => self.report(&at, format!("there is no mocked response `{name}`")),
            }
        }
        states
    }

    fn responses(&mut self, responses: Option<&Json>, at: &Pointer) -> Responses {
        let responses = responses.and_then(|responses| self.object(responses, at)).into_iter().flatten();
        responses
            .map(|(name, response)| {
                let answers = self.answers(response, &at.child(name));
                (Arc::clone(name), Arc::new(MockedResponse { name: Arc::clone(name), answers }))
            })
            .collect()
    }

    fn answers(&mut self, response: &Json, at: &Pointer) -> Vec<(Invocations, MockedAnswer)> {
        let mut answers: Vec<(Invocations, _)> = Vec::new();
        let Some(members) = self.object(response, at) else { return answers };
        if members.is_empty() {
            self.report(at, "has no answers; the first one has the key `0`");
        }
        for (key, answer) in members {
            let at = at.child(key);
            let answer = self.answer(answer, &at);
            match Invocations::read(key) {
                Err(why) => self.report(&at, why),
                Ok(invocations) => {
                    if let Some((earlier, _)) =
                        answers.iter().find(|(earlier, _)| earlier.overlap(invocations))
                    {
                        self.report(&at, format!("overlaps `{earlier}`"));
                    }
                    answers.extend(answer.map(|answer| (invocations, answer)));
                }
            }
        }
        answers
    }

    fn answer(&mut self, answer: &Json, at: &Pointer) -> Option<MockedAnswer> {
        let members = self.object(answer, at)?;
        if let Some(waiting) = members.get("WaitForTaskToken") {
            self.only_keys(members, &["WaitForTaskToken"], at);
            return self.waiting(waiting, &at.child("WaitForTaskToken"));
        }
        self.only_keys(members, &["Return", "Throw", "WaitForTaskToken", "After", "Submits"], at);
        let after = match members.get("After") {
            Some(after) => self.duration(after, &at.child("After"))?,
            None => Duration::ZERO,
        };
        let end = match (members.get("Return"), members.get("Throw")) {
            (Some(result), None) => Ok(result.clone()),
            (None, Some(thrown)) => Err(self.thrown(thrown, &at.child("Throw"))?),
            (Some(_), Some(_)) => {
                self.report(at, "has both `Return` and `Throw`: an answer is one of them");
                return None;
            }
            (None, None) => {
                self.report(
                    at,
                    "has neither `Return` nor `Throw` nor `WaitForTaskToken`: an answer is one of them",
                );
                return None;
            }
        };
        Some(MockedAnswer { after, submits: members.get("Submits").cloned(), ..MockedAnswer::at_once(end) })
    }

    /// A task that is left to whoever sends its token back.
    fn waiting(&mut self, waiting: &Json, at: &Pointer) -> Option<MockedAnswer> {
        let members = self.object(waiting, at)?;
        self.only_keys(members, &["Return"], at);
        let submits = members.get("Return").cloned().or_else(|| Some(Json::empty_object()));
        Some(MockedAnswer { end: None, after: Duration::ZERO, submits })
    }

    fn duration(&mut self, value: &Json, at: &Pointer) -> Option<Duration> {
        let text = self.string(value, at)?;
        match text.into_duration() {
            Ok(duration) => Some(duration),
            Err(why) => {
                self.report(at, why);
                None
            }
        }
    }

    fn thrown(&mut self, thrown: &Json, at: &Pointer) -> Option<Failure> {
        let members = self.object(thrown, at)?;
        self.only_keys(members, &["Error", "Cause"], at);
        let error = self.required_string(members, "Error", at);
        let cause = self.required_string(members, "Cause", at);
        Some(failure_of(error?, cause?))
    }

    fn required_string<'j>(&mut self, members: &'j Map, key: &str, at: &Pointer) -> Option<&'j str> {
        let value = self.required(members, key, at)?;
        self.string(value, &at.child(key))
    }

    fn required<'j>(&mut self, members: &'j Map, key: &str, at: &Pointer) -> Option<&'j Json> {
        let value = members.get(key);
        if value.is_none() {
            self.report(at, format!("`{key}` is missing"));
        }
        value
    }

    fn only_keys(&mut self, members: &Map, known: &[&str], at: &Pointer) {
        for key in members.keys().filter(|key| !known.contains(&&***key)) {
            let known: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
            self.report(
                &at.child(key),
                format!("is not a key of this format; known here: {}", known.join(", ")),
            );
        }
    }

    fn object<'j>(&mut self, value: &'j Json, at: &Pointer) -> Option<&'j Map> {
        let members = value.as_object();
        if members.is_none() {
            self.report(at, format!("must be an object, not {}", article(value)));
        }
        members
    }

    fn string<'j>(&mut self, value: &'j Json, at: &Pointer) -> Option<&'j str> {
        let text = value.as_str();
        if text.is_none() {
            self.report(at, format!("must be a string, not {}", article(value)));
        }
        text
    }

    fn report(&mut self, at: &Pointer, message: impl Into<String>) {
        self.findings.push(Finding { place: Place::Pointer(at.to_string()), message: message.into() });
    }
}

/// The failure that the file means. A file cannot leave `Error` and `Cause` out, as AWS does in two cases: an empty
/// `Cause` of a timeout stands for none, and an empty `Error` for `SendTaskFailure` without `error`.
fn failure_of(error: &str, cause: &str) -> Failure {
    match (error, cause) {
        (error_name::TIMEOUT, "") => Failure::timeout(),
        ("", "") => Failure { error: None, cause: None },
        ("", cause) => Failure { error: None, cause: Some(cause.into()) },
        (error, cause) => Failure::new(error, cause),
    }
}

fn article(value: &Json) -> String {
    match value.type_name() {
        kind @ ("array" | "object") => format!("an {kind}"),
        "null" => "null".to_owned(),
        kind => format!("a {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let error = MockConfig::read(text, "mocks.json").unwrap_err();
        assert_eq!(error.to_string().lines().collect::<Vec<_>>(), expected);
    }

    /// A file with one mocked response that nobody uses.
    fn with_response(response: &str) -> String {
        format!(r#"{{"StateMachines": {{}}, "MockedResponses": {{"R": {response}}}}}"#)
    }

    #[test]
    fn the_example_of_the_documentation_is_read() {
        let text = r#"{
            "StateMachines": {"LambdaSQSIntegration": {"TestCases": {
                "HappyPath": {"LambdaState": "MockedLambdaSuccess", "SQSState": "MockedSQSSuccess"},
                "RetryPath": {"LambdaState": "MockedLambdaRetry", "SQSState": "MockedSQSSuccess"},
                "HybridPath": {"LambdaState": "MockedLambdaSuccess"}
            }}},
            "MockedResponses": {
                "MockedLambdaSuccess": {"0": {"Return": {"StatusCode": 200, "Payload": {"StatusCode": 200}}}},
                "MockedSQSSuccess": {"0": {"Return": {"MessageId": "3bcb6e8e"}}},
                "MockedLambdaRetry": {
                    "0": {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "timed out"}},
                    "1-2": {"Throw": {"Error": "Lambda.TimeoutException", "Cause": "timed out"}},
                    "3": {"Return": null}
                }
            }
        }"#;
        let config = MockConfig::read(text, "mocks.json").unwrap();
        assert_eq!(config.state_machines["LambdaSQSIntegration"].len(), 3);
    }

    #[test]
    fn a_text_that_is_not_json_is_refused_with_line_and_column() {
        check(
            "{\n  \"StateMachines\": }",
            &[
                "mocks.json:2:20: Unexpected character ('}' (code 125)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            ],
        );
    }

    #[test]
    fn unknown_and_missing_keys_are_told_with_their_place() {
        check(
            r#"{"StateMachine": {}}"#,
            &[
                "mocks.json: /StateMachine: is not a key of this format; known here: `StateMachines`, `MockedResponses`",
                "mocks.json: `StateMachines` is missing",
            ],
        );
        check(
            r#"{"StateMachines": {"a/b": {"Cases": {}}}}"#,
            &[
                "mocks.json: /StateMachines/a~1b/Cases: is not a key of this format; known here: `TestCases`",
                "mocks.json: /StateMachines/a~1b: `TestCases` is missing",
            ],
        );
    }

    #[test]
    fn a_test_case_names_responses_that_exist() {
        check(
            r#"{"StateMachines": {"m": {"TestCases": {"Happy": {"Pay": "Gone", "Ship": 1}}}}}"#,
            &[
                "mocks.json: /StateMachines/m/TestCases/Happy/Pay: there is no mocked response `Gone`",
                "mocks.json: /StateMachines/m/TestCases/Happy/Ship: must be a string, not a number",
            ],
        );
    }

    #[test]
    fn an_answer_is_either_returned_or_thrown() {
        let at = "mocks.json: /MockedResponses/R/0:";
        let throw = r#""Throw": {"Error": "E", "Cause": ""}"#;
        check(
            &with_response(&format!(r#"{{"0": {{"Return": 1, {throw}}}}}"#)),
            &[&format!("{at} has both `Return` and `Throw`: an answer is one of them")],
        );
        check(
            &with_response(r#"{"0": {}}"#),
            &[&format!(
                "{at} has neither `Return` nor `Throw` nor `WaitForTaskToken`: an answer is one of them"
            )],
        );
        check(&with_response(r#"{"0": []}"#), &[&format!("{at} must be an object, not an array")]);
    }

    #[test]
    fn an_answer_that_waits_says_nothing_else() {
        let at = "mocks.json: /MockedResponses/R/0";
        check(
            &with_response(r#"{"0": {"WaitForTaskToken": {"Output": 1}, "Return": 1}}"#),
            &[
                &format!("{at}/Return: is not a key of this format; known here: `WaitForTaskToken`"),
                &format!("{at}/WaitForTaskToken/Output: is not a key of this format; known here: `Return`"),
            ],
        );
        check(
            &with_response(r#"{"0": {"Return": 1, "After": "soon"}}"#),
            &[&format!("{at}/After: {}", "soon".into_duration().unwrap_err())],
        );
    }

    #[test]
    fn a_throw_has_an_error_and_a_cause_that_are_strings() {
        check(
            &with_response(r#"{"0": {"Throw": {"Error": null}}}"#),
            &[
                "mocks.json: /MockedResponses/R/0/Throw/Error: must be a string, not null",
                "mocks.json: /MockedResponses/R/0/Throw: `Cause` is missing",
            ],
        );
    }

    #[test]
    fn invocations_are_numbers_or_ranges_that_do_not_overlap() {
        check(
            &with_response(
                r#"{"first": {"Return": 1}, "0-2": {"Return": 1}, "2": {"Return": 1}, "5-4": {"Return": 1}}"#,
            ),
            &[
                "mocks.json: /MockedResponses/R/first: is no invocation number such as `0`, and no range such as `1-3`",
                "mocks.json: /MockedResponses/R/2: overlaps `0-2`",
                "mocks.json: /MockedResponses/R/5-4: is a range that ends before it begins",
            ],
        );
        check(
            &with_response("{}"),
            &["mocks.json: /MockedResponses/R: has no answers; the first one has the key `0`"],
        );
    }

    #[test]
    fn an_empty_error_stands_for_none() {
        assert_eq!(failure_of("", ""), Failure { error: None, cause: None });
        assert_eq!(failure_of("", "why"), Failure { error: None, cause: Some("why".into()) });
        assert_eq!(failure_of("States.Timeout", "late"), Failure::new("States.Timeout", "late"));
        assert_eq!(failure_of("Busy", ""), Failure::new("Busy", ""));
    }
}
