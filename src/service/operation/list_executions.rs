//! `ListExecutions`.

use std::sync::Arc;

use crate::model::arn::{self, StatesArn};
use crate::model::{ApiError, Json, StateMachineType};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::error;
use crate::service::execution::Execution;
use crate::service::lookup::Named;
use crate::service::page::Paging;

struct Input<'c> {
    of: Of<'c>,
    status_filter: Option<&'c str>,
    /// Only those that were redriven, or only the others.
    redriven: Option<bool>,
    paging: Paging,
}

/// Whose executions are listed.
enum Of<'c> {
    StateMachine(StatesArn<'c>),
    MapRun(&'c str),
}

impl<'c> Input<'c> {
    fn read(account: &Account, call: &Call<'c>) -> Result<Self, ApiError> {
        let of = match (call.text("stateMachineArn"), call.text("mapRunArn")) {
            (Some(arn), None) => Of::StateMachine(state_machine_arn(call, arn)?),
            (None, Some(map_run)) => Of::MapRun(map_run),
            (Some(_), Some(_)) | (None, None) => {
                return Err(error::validation(
                    "Exactly one of stateMachineArn and mapRunArn must be specified",
                ));
            }
        };
        Ok(Self {
            of,
            status_filter: call.text("statusFilter"),
            redriven: call.text("redriveFilter").map(|filter| filter == "REDRIVEN"),
            paging: Paging::read(call, account.config.seed)?,
        })
    }

    fn includes(&self, execution: &Execution) -> bool {
        self.status_filter.is_none_or(|status| execution.status_name() == status)
            && self.redriven.is_none_or(|redriven| execution.redriven().is_some() == redriven)
    }
}

/// Some filters are for Map Runs alone.
fn state_machine_arn<'c>(call: &Call<'c>, text: &'c str) -> Result<StatesArn<'c>, ApiError> {
    let arn = StatesArn::parse_as(text, &["stateMachine"])?;
    if arn.is_labelled() {
        return Err(arn::invalid(format_args!("Malformed ARN: {}", arn.text)));
    }
    if call.member("redriveFilter").is_some() {
        return Err(error::validation("redriveFilter can only be specified with mapRunArn"));
    }
    if call.text("statusFilter") == Some("PENDING_REDRIVE") {
        return Err(error::validation(
            "The statusFilter PENDING_REDRIVE can only be specified with mapRunArn",
        ));
    }
    Ok(arn)
}

fn item(execution: &Execution, of: &Of<'_>) -> Json {
    let child = execution.child_of.as_ref().filter(|_| matches!(of, Of::MapRun(_)));
    let item = execution
        .described()
        .with_optional("mapRunArn", child.map(|child| Arc::clone(&child.map_run)))
        .with_optional("itemCount", child.map(|child| Json::from(child.items)))
        .with_optional("stateMachineVersionArn", execution.version_arn().cloned())
        .with_optional("stateMachineAliasArn", execution.alias_arn().cloned());
    execution.with_redrives(item).into_json()
}

/// Where an execution stands in the list: by its end or, while it runs, by its last redrive or its start; the later
/// the further up.
type Position = (i64, u64);

fn position_of(execution: &Execution) -> Position {
    let opened = execution.redriven().map_or_else(|| execution.start_date(), |redriven| redriven.time);
    let date = execution.stop_date().unwrap_or(opened);
    (date.as_millis(), execution.number)
}

fn read_position(position: &Json) -> Option<Position> {
    let [date, number] = position.as_array()? else { return None };
    Some((date.as_i64()?, u64::try_from(number.as_i64()?).ok()?))
}

/// Which executions of a state machine are listed.
enum StartedBy {
    Any,
    Version(Option<Arc<str>>),
    Alias(Option<Arc<str>>),
}

impl StartedBy {
    fn of(named: &Named<'_>) -> Self {
        match (named.alias, named.version) {
            (Some(_), _) => Self::Alias(named.alias_arn()),
            (None, Some(_)) => Self::Version(named.version_arn()),
            (None, None) => Self::Any,
        }
    }

    fn includes(&self, execution: &Execution) -> bool {
        match self {
            Self::Any => true,
            Self::Version(arn) => execution.version_arn() == arn.as_ref(),
            Self::Alias(arn) => execution.alias_arn() == arn.as_ref(),
        }
    }
}

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let input = Input::read(account, call)?;
    let after = input.paging.after().and_then(read_position);
    let mut executions: Vec<(Position, &Execution)> = executions(account, call, &input.of)?
        .into_iter()
        .filter(|execution| input.includes(execution))
        .map(|execution| (position_of(execution), execution))
        .filter(|(position, _)| after.is_none_or(|after| *position < after))
        .collect();
    executions.sort_by_key(|(position, _)| std::cmp::Reverse(*position));
    let page = input.paging.cut(executions.into_iter(), |((date, number), _)| {
        Json::array(vec![(*date).into(), (*number).into()])
    });
    let items = page.items.iter().map(|(_, execution)| item(execution, &input.of)).collect();
    Answer::default()
        .with("executions", Json::array(items))
        .with_optional("nextToken", page.next_token)
        .done()
}

fn executions<'a>(
    account: &'a Account,
    call: &Call<'_>,
    of: &Of<'_>,
) -> Result<Vec<&'a Execution>, ApiError> {
    let arn = match of {
        Of::StateMachine(arn) => arn,
        Of::MapRun(arn) => {
            let run = account.map_run(call, arn)?;
            return Ok(run.children.iter().filter_map(|child| account.executions.get(&child.arn)).collect());
        }
    };
    let named = account.named(call, arn)?;
    if named.machine.machine_type == StateMachineType::Express {
        return Err(error::type_not_supported());
    }
    let started_by = StartedBy::of(&named);
    Ok(account
        .executions
        .values()
        .filter(|execution| execution.state_machine_arn() == &named.machine.arn)
        .filter(|execution| execution.generation == named.machine.generation && execution.is_kept(call.now))
        .filter(|execution| started_by.includes(execution))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::interpreter::command::Outcome;
    use crate::model::Operation::ListExecutions;
    use crate::service::fixture::{Fixture, MACHINE};

    const SECOND: Duration = Duration::from_secs(1);

    /// Started a second apart: a, b, c, d; then b succeeded, then a failed.
    fn four() -> Fixture {
        let mut fixture = Fixture::with_machines();
        for name in ["a", "b", "c", "d"] {
            fixture.start(MACHINE, name);
            fixture.advance(SECOND);
        }
        fixture.end(&arn_of("b"), Outcome::Succeeded(Json::Null));
        fixture.advance(SECOND);
        fixture.end(&arn_of("a"), Outcome::TimedOut);
        fixture
    }

    fn arn_of(name: &str) -> String {
        format!("arn:aws:states:us-east-1:123456789012:execution:m:{name}")
    }

    fn input(more: &str) -> String {
        format!(r#"{{"stateMachineArn":"{MACHINE}"{more}}}"#)
    }

    fn names(answer: &Json) -> Vec<&str> {
        let items = answer.get("executions").and_then(Json::as_array).unwrap();
        items.iter().map(|item| item.get("name").and_then(Json::as_str).unwrap()).collect()
    }

    #[track_caller]
    fn check(more: &str, expected: &str) {
        Fixture::with_machines().check(ListExecutions, &input(more), expected);
    }

    #[test]
    fn an_item_says_when_it_started_and_stopped() {
        let mut fixture = Fixture::with_machines();
        fixture.start(MACHINE, "a");
        fixture.advance(SECOND);
        fixture.end(&arn_of("a"), Outcome::TimedOut);
        fixture.check(
            ListExecutions,
            &input(""),
            r#"{"executions":[{"executionArn":"arn:aws:states:us-east-1:123456789012:execution:m:a","stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:m","name":"a","status":"TIMED_OUT","startDate":1700000000,"stopDate":1700000001,"redriveCount":0}]}"#,
        );
    }

    #[test]
    fn the_latest_comes_first_by_its_end_or_by_its_start() {
        assert_eq!(names(&four().ok(ListExecutions, &input(""))), ["a", "b", "d", "c"]);
    }

    #[test]
    fn pages_go_on_where_they_ended_though_executions_are_started_meanwhile() {
        let mut fixture = four();
        let first = fixture.ok(ListExecutions, &input(r#","maxResults":3"#));
        assert_eq!(names(&first), ["a", "b", "d"]);
        fixture.start(MACHINE, "e");
        let token = first.get("nextToken").and_then(Json::as_str).unwrap();
        let second = fixture.ok(ListExecutions, &input(&format!(r#","nextToken":"{token}""#)));
        assert_eq!((names(&second), second.get("nextToken")), (vec!["c"], None));
        fixture.check(
            ListExecutions,
            &input(&format!(r#","statusFilter":"FAILED","nextToken":"{token}""#)),
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
        fixture.advance_days(1);
        fixture.check(
            ListExecutions,
            &input(&format!(r#","nextToken":"{token}""#)),
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
    }

    #[test]
    fn a_status_filters() {
        let mut fixture = four();
        for (status, expected) in [
            ("RUNNING", vec!["d", "c"]),
            ("SUCCEEDED", vec!["b"]),
            ("TIMED_OUT", vec!["a"]),
            ("ABORTED", vec![]),
        ] {
            let answer = fixture.ok(ListExecutions, &input(&format!(r#","statusFilter":"{status}""#)));
            assert_eq!(names(&answer), expected, "{status}");
        }
    }

    #[test]
    fn a_version_lists_only_what_it_started() {
        let mut fixture = Fixture::new();
        fixture.create("m", r#","publish":true"#);
        fixture.start(MACHINE, "a");
        fixture.start(&format!("{MACHINE}:1"), "b");
        let answer = fixture.ok(ListExecutions, &format!(r#"{{"stateMachineArn":"{MACHINE}:1"}}"#));
        assert_eq!(names(&answer), ["b"]);
        assert_eq!(names(&fixture.ok(ListExecutions, &input(""))), ["b", "a"]);
    }

    #[test]
    fn an_alias_lists_only_what_it_started() {
        let mut fixture = Fixture::with_versions();
        let (live, other) =
            (fixture.create_alias("live", &[(1, 100)]), fixture.create_alias("other", &[(1, 100)]));
        for (arn, name) in [(MACHINE, "a"), (&*format!("{MACHINE}:1"), "b"), (&*live, "c"), (&*other, "d")] {
            fixture.start(arn, name);
        }
        let mut list = |arn: &str| fixture.ok(ListExecutions, &format!(r#"{{"stateMachineArn":"{arn}"}}"#));
        assert_eq!(names(&list(&format!("{MACHINE}:1"))), ["d", "c", "b"]);
        assert_eq!(names(&list(&other)), ["d"]);
        assert_eq!(
            list(&live).to_text(),
            format!(
                r#"{{"executions":[{{"executionArn":"{}","stateMachineArn":"{MACHINE}","name":"c","status":"RUNNING","startDate":1700000000,"stateMachineVersionArn":"{MACHINE}:1","stateMachineAliasArn":"{live}","redriveCount":0}}]}}"#,
                arn_of("c")
            )
        );
        let gone = list_error(&mut fixture, &format!("{MACHINE}:gone"));
        assert_eq!(gone, format!("State Machine Does Not Exist: '{MACHINE}:gone'"));
    }

    fn list_error(fixture: &mut Fixture, arn: &str) -> String {
        fixture.call(ListExecutions, &format!(r#"{{"stateMachineArn":"{arn}"}}"#)).unwrap_err().message
    }

    #[test]
    fn executions_are_forgotten_after_90_days() {
        let mut fixture = four();
        fixture.advance_days(90);
        assert_eq!(names(&fixture.ok(ListExecutions, &input(""))), ["d", "c"]);
    }

    #[test]
    fn wrong_arguments_are_refused() {
        check(
            r#","mapRunArn":"x""#,
            "ValidationException: Exactly one of stateMachineArn and mapRunArn must be specified",
        );
        check(
            r#","redriveFilter":"REDRIVEN""#,
            "ValidationException: redriveFilter can only be specified with mapRunArn",
        );
        check(
            r#","statusFilter":"PENDING_REDRIVE""#,
            "ValidationException: The statusFilter PENDING_REDRIVE can only be specified with mapRunArn",
        );
        let mut fixture = Fixture::with_machines();
        let mut check = |input: &str, expected: &str| fixture.check(ListExecutions, input, expected);
        check("{}", "ValidationException: Exactly one of stateMachineArn and mapRunArn must be specified");
        check(r#"{"stateMachineArn":"x"}"#, "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'");
        check(
            &format!(r#"{{"stateMachineArn":"{MACHINE}/label"}}"#),
            &format!("InvalidArn: Invalid Arn: 'Malformed ARN: {MACHINE}/label'"),
        );
        check(
            &format!(r#"{{"stateMachineArn":"{MACHINE}x"}}"#),
            &format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{MACHINE}x'"),
        );
        check(
            &format!(r#"{{"stateMachineArn":"{}"}}"#, MACHINE.replace("stateMachine:m", "stateMachine:e")),
            "StateMachineTypeNotSupported: This operation is not supported by this type of state machine",
        );
        let map_run = "arn:aws:states:us-east-1:123456789012:mapRun:m/label:uuid";
        check(
            &format!(r#"{{"mapRunArn":"{map_run}"}}"#),
            &format!("ResourceNotFound: Resource not found: '{map_run}'"),
        );
    }
}
