//! `GetExecutionHistory`.

use crate::model::{ApiError, HistoryEvent, Json, quota};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};
use crate::service::page::{Page, Paging};

struct Input {
    paging: Paging,
    reverse_order: bool,
    include_execution_data: bool,
}

impl Input {
    fn read(account: &Account, call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self {
            paging: Paging::read(call, account.config.seed)?,
            reverse_order: call.flag("reverseOrder"),
            include_execution_data: call
                .member("includeExecutionData")
                .and_then(Json::as_bool)
                .unwrap_or(true),
        })
    }

    fn page<'a>(&self, events: &'a [HistoryEvent]) -> Page<&'a HistoryEvent> {
        let after = self.paging.after().and_then(Json::as_i64).and_then(|id| u64::try_from(id).ok());
        let position = |event: &&HistoryEvent| event.id.into();
        if self.reverse_order {
            let rest = events.iter().rev().filter(|event| after.is_none_or(|after| event.id < after));
            self.paging.at_most(fitting(rest.clone().map(size))).cut(rest, position)
        } else {
            let rest = events.iter().filter(|event| after.is_none_or(|after| event.id > after));
            self.paging.at_most(fitting(rest.clone().map(size))).cut(rest, position)
        }
    }
}

/// Bytes of payloads on one page: a thousand events of 256 KiB would be an answer of 256 MiB.
const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// How many events with payloads of these sizes one page has room for: at least one.
fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0_usize;
    let fits = |size: &usize| {
        bytes = bytes.saturating_add(*size);
        bytes <= PAGE_BYTES
    };
    sizes.take(quota::LARGEST_PAGE).take_while(fits).count().max(1)
}

fn size(event: &HistoryEvent) -> usize {
    event.details.payload().map_or(0, |payload| payload.len())
}

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let execution = account.standard_execution(call, call.required("executionArn"))?;
    let input = Input::read(account, call)?;
    let page = input.page(execution.events());
    let events = page.items.iter().map(|event| event.to_wire(input.include_execution_data)).collect();
    Answer::default().with("events", Json::array(events)).with_optional("nextToken", page.next_token).done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operation::GetExecutionHistory;
    use crate::model::{EventDetails, HistoryEventType, Timestamp};
    use crate::service::fixture::{Fixture, MACHINE};

    fn events() -> Vec<HistoryEvent> {
        let event = |id| HistoryEvent {
            id,
            previous_event_id: id - 1,
            timestamp: Timestamp::from_millis(0),
            event_type: HistoryEventType::PassStateEntered,
            details: EventDetails::StateEntered { name: "P".into(), input: "{}".into() },
        };
        (1..=5).map(event).collect()
    }

    /// The ids of the pages, one list for each.
    #[track_caller]
    fn check(arguments: &str, expected: &[&[u64]]) {
        let fixture = Fixture::new();
        let events = events();
        let mut token = None;
        for expected in expected {
            let next =
                token.take().map_or(String::new(), |token: String| format!(r#","nextToken":"{token}""#));
            let input = Json::parse(&format!(r#"{{"executionArn":"a"{arguments}{next}}}"#)).unwrap();
            let call = Call {
                caller: &fixture.caller,
                operation: GetExecutionHistory,
                input: &input,
                now: fixture.now,
                starter: None,
            };
            let page = Input::read(&fixture.account, &call).unwrap().page(&events);
            assert_eq!(page.items.iter().map(|event| event.id).collect::<Vec<_>>(), *expected);
            token = page.next_token;
        }
        assert_eq!(token, None);
    }

    #[test]
    fn events_come_in_order_or_in_reverse_page_by_page() {
        check("", &[&[1, 2, 3, 4, 5]]);
        check(r#","maxResults":2"#, &[&[1, 2], &[3, 4], &[5]]);
        check(r#","maxResults":3,"reverseOrder":true"#, &[&[5, 4, 3], &[2, 1]]);
        check(r#","maxResults":5"#, &[&[1, 2, 3, 4, 5]]);
    }

    #[test]
    fn a_token_of_another_order_is_refused() {
        let mut fixture = Fixture::with_machines();
        let execution = fixture.start(MACHINE, "x");
        fixture.check(
            GetExecutionHistory,
            &format!(r#"{{"executionArn":"{execution}","nextToken":"x"}}"#),
            "InvalidToken: Invalid Token: 'Invalid token'",
        );
    }

    #[test]
    fn unknown_and_express_executions_are_refused() {
        let mut fixture = Fixture::with_machines();
        let express = fixture.start(&MACHINE.replace("stateMachine:m", "stateMachine:e"), "x");
        fixture.check(
            GetExecutionHistory,
            &format!(r#"{{"executionArn":"{express}"}}"#),
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
        );
        let unknown = "arn:aws:states:us-east-1:123456789012:execution:m:x";
        fixture.check(
            GetExecutionHistory,
            &format!(r#"{{"executionArn":"{unknown}"}}"#),
            &format!("ExecutionDoesNotExist: Execution Does Not Exist: '{unknown}'"),
        );
    }

    #[test]
    fn a_page_of_large_payloads_is_shorter() {
        assert_eq!(fitting([PAGE_BYTES, 1].into_iter()), 1);
        assert_eq!(fitting([PAGE_BYTES - 1, 1, 1].into_iter()), 2);
        assert_eq!(fitting([PAGE_BYTES + 1].into_iter()), 1);
    }
}
