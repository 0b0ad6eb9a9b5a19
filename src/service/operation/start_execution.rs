//! `StartExecution`.

use std::sync::Arc;

use crate::model::{ApiError, Json, Quota, StateMachineType, Timestamp};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::error;
use crate::service::execution::Execution;
use crate::service::start::StartInput;
use crate::service::state_machine::StateMachine;

struct Output {
    execution_arn: Arc<str>,
    start_date: Timestamp,
}

impl Output {
    fn answer(self) -> Result<Json, ApiError> {
        Answer::default()
            .with("executionArn", self.execution_arn)
            .with_date("startDate", self.start_date)
            .done()
    }
}

pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let input = StartInput::read(call)?;
    if input.state_machine_arn.is_labelled() {
        return Err(error::labelled_arn(input.state_machine_arn.text));
    }
    let machine = account.named(call, &input.state_machine_arn)?.machine;
    if machine.deleting {
        return Err(error::state_machine_deleting(&machine.arn));
    }
    if machine.machine_type == StateMachineType::Standard {
        input.json()?;
        if let Some(namesake) = namesake(account, call, machine, &input) {
            return repeated(namesake, &input);
        }
        if account.open_executions >= account.quota(Quota::OpenExecutions) {
            return Err(error::execution_limit_exceeded(account.quota(Quota::OpenExecutions)));
        }
    }
    let execution_arn = account.start(call, &input, None)?;
    Output { execution_arn, start_date: call.start_date() }.answer()
}

/// The execution that has the name already, unless it was closed too long ago.
fn namesake<'a>(
    account: &'a Account,
    call: &Call<'_>,
    machine: &StateMachine,
    input: &StartInput<'_>,
) -> Option<&'a Execution> {
    let arn = machine.place.execution(&machine.name, input.name?);
    account.executions.get(arn.as_str()).filter(|execution| execution.is_kept(call.now))
}

/// The same call again, while the execution runs, answers the same.
fn repeated(execution: &Execution, input: &StartInput<'_>) -> Result<Json, ApiError> {
    if execution.ending.is_none() && &*execution.input == input.input {
        let execution_arn = Arc::clone(execution.arn());
        Output { execution_arn, start_date: execution.start_date() }.answer()
    } else {
        Err(error::execution_already_exists(execution.arn()))
    }
}

#[cfg(test)]
mod tests {
    use crate::interpreter::command::Outcome;
    use crate::model::Json;
    use crate::model::Operation::{
        DescribeExecution, GetExecutionHistory, StartExecution, UpdateStateMachineAlias,
    };
    use crate::service::fixture::{Fixture, MACHINE};

    const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:execution:m:x";
    const STARTED: &str =
        r#"{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:x","startDate":1700000000}"#;
    const EXISTS: &str = "ExecutionAlreadyExists: Execution Already Exists: 'arn:aws:states:us-east-1:123456789012:execution:m:x'";

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}"{more}}}"#)
    }

    #[track_caller]
    fn check(fixture: &mut Fixture, more: &str, expected: &str) {
        fixture.check(StartExecution, &input(more), expected);
    }

    #[test]
    fn the_same_name_and_input_answer_the_same_while_it_runs() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, r#","name":"x","input":"{}""#, STARTED);
        fixture.advance_days(1);
        check(&mut fixture, r#","name":"x""#, STARTED);
        check(&mut fixture, r#","name":"x","input":"{ }""#, EXISTS);
        fixture.end(EXECUTION, Outcome::Succeeded(Json::Null));
        check(&mut fixture, r#","name":"x""#, EXISTS);
    }

    #[test]
    fn a_name_is_free_again_90_days_after_the_end() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, r#","name":"x""#, STARTED);
        fixture.end(EXECUTION, Outcome::Succeeded(Json::Null));
        fixture.advance_days(89);
        check(&mut fixture, r#","name":"x""#, EXISTS);
        fixture.advance_days(1);
        check(&mut fixture, r#","name":"x""#, &STARTED.replace("1700000000", "1707776000"));
    }

    #[test]
    fn names_are_unique_per_state_machine() {
        let mut fixture = Fixture::with_machines();
        let other = fixture.create("other", "");
        check(&mut fixture, r#","name":"x""#, STARTED);
        assert_eq!(fixture.start(&other, "x"), EXECUTION.replace(":m:", ":other:"));
    }

    #[test]
    fn an_execution_without_a_name_gets_a_uuid_that_the_seed_decides() {
        let start = || Fixture::with_machines().text(StartExecution, &input(""), "executionArn");
        let arn = start();
        assert_eq!(
            arn.strip_prefix("arn:aws:states:us-east-1:123456789012:execution:m:").map(str::len),
            Some(36)
        );
        assert_eq!(arn, start());
    }

    #[test]
    fn express_executions_have_arns_of_their_own_and_may_share_a_name() {
        let mut fixture = Fixture::with_machines();
        let express = MACHINE.replace("stateMachine:m", "stateMachine:e");
        let (first, second) = (fixture.start(&express, "x"), fixture.start(&express, "x"));
        assert_ne!(first, second);
        let prefix = "arn:aws:states:us-east-1:123456789012:express:e:x:";
        assert_eq!(first.strip_prefix(prefix).map(str::len), Some(36));
    }

    #[test]
    fn the_history_shows_the_input_as_it_was_given() {
        for given in ["1.50", "1e2", r#"\"\\u0041\""#, " 7 ", r#" [1,  2]\n"#, "1e400"] {
            let mut fixture = Fixture::with_machines();
            let arn = fixture.text(StartExecution, &input(&format!(r#","input":"{given}""#)), "executionArn");
            let request = format!(r#"{{"executionArn":"{arn}"}}"#);
            let described = fixture.text(DescribeExecution, &request, "input");
            let history = fixture.ok(GetExecutionHistory, &request);
            let event = history.get("events").and_then(Json::as_array).and_then(<[Json]>::first).unwrap();
            let details = event.get("executionStartedEventDetails").unwrap();
            assert_eq!(details.get("input").and_then(Json::as_str), Some(&*described), "{given}");
        }
    }

    #[test]
    fn any_json_value_is_an_input() {
        let mut fixture = Fixture::with_machines();
        for json in ["2", r#"\"some text\""#, "null", "[1, 2]", "  {}  "] {
            assert!(fixture.call(StartExecution, &input(&format!(r#","input":"{json}""#))).is_ok(), "{json}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_in_the_words_of_the_parser() {
        let mut fixture = Fixture::with_machines();
        let invalid = "InvalidExecutionInput: Invalid State Machine Execution Input: ";
        check(&mut fixture, r#","input":"""#, &format!("{invalid}'Invalid execution input.'"));
        check(
            &mut fixture,
            r#","input":"not some json""#,
            &format!(
                "{invalid}'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'"
            ),
        );
        check(
            &mut fixture,
            r#","name":"x","input":"{'not': 'json'""#,
            &format!(
                "{invalid}'Unexpected character (''' (code 39)): was expecting double-quote to start field name'"
            ),
        );
    }

    #[test]
    fn an_input_has_262144_bytes_at_most() {
        let mut fixture = Fixture::with_machines();
        let of_length = |chars: usize| format!(r#","name":"x","input":"\"{}\"""#, "é".repeat(chars));
        check(&mut fixture, &of_length(131_071), STARTED);
        check(
            &mut fixture,
            &of_length(131_072),
            "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
        );
    }

    #[test]
    fn names_have_forbidden_characters_and_a_length() {
        let mut fixture = Fixture::with_machines();
        check(&mut fixture, r#","name":"a/b""#, "InvalidName: Invalid Name: 'a/b'");
        let long = "a".repeat(81);
        check(
            &mut fixture,
            &format!(r#","name":"{long}""#),
            &format!(
                "ValidationException: 1 validation error detected: Value '{long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80"
            ),
        );
    }

    #[test]
    fn the_machine_must_exist() {
        let mut fixture = Fixture::new();
        check(
            &mut fixture,
            "",
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}'"),
        );
        fixture.check(
            StartExecution,
            r#"{"stateMachineArn":"m"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: m'",
        );
        let error = fixture
            .call(StartExecution, &input("").replace("stateMachine:m", "stateMachine:m/label"))
            .unwrap_err();
        assert_eq!(error.members, [("reason", Json::string("API_DOES_NOT_SUPPORT_LABELED_ARNS"))]);
    }

    #[test]
    fn a_version_is_started_by_its_arn_and_shows() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true"#);
        let execution = fixture.start(&format!("{MACHINE}:1"), "x");
        assert_eq!(execution, EXECUTION);
        let described = fixture.ok(DescribeExecution, &format!(r#"{{"executionArn":"{execution}"}}"#));
        assert_eq!(described.get("stateMachineArn").unwrap().as_str(), Some(MACHINE));
        assert_eq!(described.get("stateMachineVersionArn").unwrap().as_str(), Some(&*format!("{MACHINE}:1")));
    }

    #[test]
    fn an_alias_starts_one_of_its_versions_and_both_show() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(2, 100)]);
        let execution = fixture.start(&alias, "x");
        assert_eq!(execution, EXECUTION);
        let input = format!(r#"{{"executionArn":"{execution}"}}"#);
        let described = fixture.ok(DescribeExecution, &input);
        let text = |member: &str| described.get(member).and_then(Json::as_str).unwrap();
        assert_eq!(text("stateMachineArn"), MACHINE);
        assert_eq!(text("stateMachineVersionArn"), format!("{MACHINE}:2"));
        assert_eq!(text("stateMachineAliasArn"), alias);
        let history = fixture.ok(GetExecutionHistory, &input);
        let started = &history.get("events").and_then(Json::as_array).unwrap()[0];
        assert_eq!(
            started.get("executionStartedEventDetails").unwrap().to_text(),
            format!(
                r#"{{"input":"{{}}","inputDetails":{{"truncated":false}},"roleArn":"arn:aws:iam::123456789012:role/new","stateMachineAliasArn":"{alias}","stateMachineVersionArn":"{MACHINE}:2"}}"#
            )
        );
        check(&mut fixture, r#","name":"x""#, STARTED);
    }

    #[test]
    fn an_alias_splits_executions_by_weight_as_the_seed_decides() {
        let run = || {
            let mut fixture = Fixture::with_versions();
            let alias = fixture.create_alias("live", &[(1, 70), (2, 30)]);
            let first = format!("{MACHINE}:1");
            let is_first = |number: usize| {
                let execution = fixture.start(&alias, &format!("x{number}"));
                fixture.account.executions[&*execution].version_arn().map(|arn| **arn == first)
            };
            (0..200).map(is_first).collect::<Option<Vec<bool>>>().unwrap()
        };
        let drawn = run();
        let first = drawn.iter().filter(|is_first| **is_first).count();
        assert!((120..160).contains(&first), "{first}");
        assert_eq!(drawn, run());
    }

    #[test]
    fn an_updated_alias_starts_its_new_version() {
        let mut fixture = Fixture::with_versions();
        let alias = fixture.create_alias("live", &[(1, 100)]);
        fixture.ok(
            UpdateStateMachineAlias,
            &format!(
                r#"{{"stateMachineAliasArn":"{alias}","routingConfiguration":[{{"stateMachineVersionArn":"{MACHINE}:2","weight":100}}]}}"#
            ),
        );
        let execution = fixture.start(&alias, "x");
        let version = fixture.account.executions[&*execution].version_arn().unwrap();
        assert_eq!(**version, *format!("{MACHINE}:2"));
    }

    #[test]
    fn a_start_of_the_machine_is_of_no_version_though_its_revision_has_one() {
        let mut fixture = Fixture::with_versions();
        let execution = fixture.start(MACHINE, "x");
        let execution = &fixture.account.executions[&*execution];
        assert_eq!((execution.version_arn(), execution.alias_arn()), (None, None));
    }

    #[test]
    fn a_test_case_is_kept_out_of_every_arn() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(&format!("{MACHINE}#HappyPath"), "x");
        assert_eq!(execution, EXECUTION);
        let kept = &fixture.account.executions[&*execution];
        assert_eq!(kept.test_case.as_deref(), Some("HappyPath"));
        assert_eq!(&**kept.state_machine_arn(), MACHINE);
        fixture.check(
            StartExecution,
            &input("").replace("stateMachine:m", "stateMachine:none#Case"),
            &format!(
                "StateMachineDoesNotExist: State Machine Does Not Exist: '{}'",
                MACHINE.replace("stateMachine:m", "stateMachine:none")
            ),
        );
    }

    #[test]
    fn standard_executions_have_a_limit() {
        let mut fixture = Fixture::with_machines();
        fixture.lower(crate::model::Quota::OpenExecutions, 1);
        check(&mut fixture, r#","name":"x""#, STARTED);
        check(&mut fixture, r#","name":"y""#, "ExecutionLimitExceeded: Execution Limit Exceeded: '1'");
        let express = MACHINE.replace("stateMachine:m", "stateMachine:e");
        fixture.start(&express, "x");
        fixture.end(EXECUTION, Outcome::TimedOut);
        assert_eq!(fixture.start(MACHINE, "y"), EXECUTION.replace(":x", ":y"));
    }
}
