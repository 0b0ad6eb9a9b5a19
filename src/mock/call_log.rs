//! The calls that clients made, the last ones of many: what `sfn.calls()` shows.

use std::collections::VecDeque;

use super::core::Core;
use super::handle::MockSfn;
use crate::assertion::{ApiCall, CallAnswer, Calls, ClientDoor};
use crate::model::{Json, Operation, Timestamp};
#[cfg(any(feature = "sdk", feature = "server"))]
use crate::wire::Request;
use crate::wire::Response;

/// So many calls are kept,
const MOST_CALLS: usize = 10_000;
/// as long as the bodies of their requests have no more bytes than this.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// A ring: the oldest calls make room for new ones.
#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: VecDeque<(ApiCall, usize)>,
    bytes: usize,
    forgotten: u64,
}

impl CallLog {
    /// The number of the call.
    fn note(&mut self, call: ApiCall, bytes: usize) -> u64 {
        self.calls.push_back((call, bytes));
        self.bytes += bytes;
        while self.calls.len() > MOST_CALLS || (self.bytes > MOST_BYTES && self.calls.len() > 1) {
            let Some((_, bytes)) = self.calls.pop_front() else { break };
            self.bytes -= bytes;
            self.forgotten += 1;
        }
        self.forgotten + self.calls.len() as u64 - 1
    }

    fn answered(&mut self, number: u64, answer: CallAnswer) {
        let index = number.checked_sub(self.forgotten).and_then(|index| usize::try_from(index).ok());
        if let Some((call, _)) = index.and_then(|index| self.calls.get_mut(index)) {
            call.answer = answer;
        }
    }
}

impl Core {
    /// Answers a request of a client, and keeps it for [`MockSfn::calls`]. `None`: the door shall drop the connection.
    #[cfg(any(feature = "sdk", feature = "server"))]
    pub(crate) async fn answer_client(&self, door: ClientDoor, request: Request<'_>) -> Option<Response> {
        self.answer_noting(Some(door), request).await
    }

    /// The number of the call.
    pub(super) fn note_call(
        &self,
        door: ClientDoor,
        operation: Operation,
        input: &Json,
        bytes: usize,
    ) -> u64 {
        let mut state = self.lock();
        let at = state.clock.now();
        state.call_log.note(call(door, operation, input.clone(), at), bytes)
    }

    pub(super) fn note_answer(&self, number: u64, response: Option<&Response>) {
        let answer = response.map_or(CallAnswer::Dropped, |response| CallAnswer::Given {
            status: response.status,
            error: response.error_type.as_deref().map(Into::into),
        });
        self.lock().call_log.answered(number, answer);
    }
}

const fn call(door: ClientDoor, operation: Operation, request: Json, at: Timestamp) -> ApiCall {
    ApiCall { operation, request, door, at, answer: CallAnswer::Open }
}

impl MockSfn {
    /// The calls of the API that clients have made so far, by whichever door, in the order in which they came in: to see
    /// what the code under test asked for.
    ///
    /// What the test does through `MockSfn` itself, such as [`start_execution`](Self::start_execution), is no call of a
    /// client and not among them; nor is what executions call (`states:startExecution`), and what is no call of an
    /// operation at all. Retries of an SDK are calls of their own.
    ///
    /// The last 10,000 calls are kept, and at most 32 MB of requests: [`Calls::forgotten`] says how many are missing.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::new();
    ///     let orders = sfn.state_machine("orders").returns(json!({})).create();
    ///
    ///     // The code under test.
    ///     let client = sfn.client();
    ///     client.start_execution().state_machine_arn(&orders).name("o-1").input(r#"{"id": 1}"#).send().await.unwrap();
    ///
    ///     let starts = sfn.calls().of(Operation::StartExecution);
    ///     starts.count(1);
    ///     starts.including(json!({"name": "o-1", "input": json_text(json!({"id": 1}))})).count(1);
    ///     sfn.calls().refused().none();
    /// }
    /// ```
    #[must_use]
    pub fn calls(&self) -> Calls {
        let state = self.core().lock();
        let log = &state.call_log;
        Calls::new(log.calls.iter().map(|(call, _)| call.clone()).collect(), log.forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(log: &mut CallLog, bytes: usize) -> u64 {
        let at = Timestamp::from_millis(0);
        log.note(call(ClientDoor::Sdk, Operation::ListStateMachines, Json::empty_object(), at), bytes)
    }

    #[test]
    fn the_oldest_calls_make_room_for_new_ones() {
        let mut log = CallLog::default();
        for number in 0..MOST_CALLS as u64 + 3 {
            assert_eq!(noted(&mut log, 1), number);
        }
        assert_eq!((log.calls.len(), log.forgotten, log.bytes), (MOST_CALLS, 3, MOST_CALLS));
        let dropped = CallAnswer::Dropped;
        log.answered(2, dropped.clone()); // Forgotten.
        log.answered(3, dropped.clone());
        assert_eq!(log.calls.iter().filter(|(call, _)| call.answer == dropped).count(), 1);
        assert_eq!(log.calls.front().unwrap().0.answer, dropped);
    }

    #[test]
    fn large_requests_make_room_earlier() {
        let mut log = CallLog::default();
        for _ in 0..5 {
            noted(&mut log, MOST_BYTES / 2);
        }
        assert_eq!((log.calls.len(), log.forgotten), (2, 3));
        noted(&mut log, MOST_BYTES * 2);
        assert_eq!((log.calls.len(), log.forgotten), (1, 5));
    }
}
