//! The service as a `Respond`: answers at once, since a wiremock server cannot wait.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aws_sdk_sfn::config::Builder;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::matchers::{any_action, header};
use super::templates::template;
use crate::assertion::ClientDoor;
use crate::mock::core::Core;
use crate::mock::loopback::Loopback;
use crate::mock::problem::Problem;
use crate::mock::sdk_client::config_of;
use crate::mock::{MockSfn, Time};
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json, Operation};
use crate::wire;

/// The lowest priority there is: wiremock asks in the order of these numbers.
const LAST: u8 = u8::MAX;

/// How long the answer to a poll that found no task is held back, so that a worker's loop does not spin.
const POLL_PAUSE: Duration = Duration::from_millis(100);

/// All operations of a [`MockSfn`] as a wiremock `Respond`; made by [`MockSfn::responder`].
///
/// It shares all state with the mock it was made from. Holding it does not keep that mock from checking its
/// expectations: that happens when the last [`MockSfn`] is dropped.
#[derive(Debug, Clone)]
pub struct Responder {
    core: Core,
}

/// Needs the feature `wiremock`.
impl MockSfn {
    /// Lets this mock answer every call of Step Functions that reaches a wiremock server and that no mock mounted
    /// there answers, before or after. Other requests are left to the server.
    ///
    /// What a wiremock server cannot do, and why `mount_as_scoped` must not be used afterwards, stands in
    /// [`sfn_testkit::wiremock`](crate::wiremock).
    ///
    /// # Panics
    /// If this mock was built with [`Time::Tokio`], as [`responder`](Self::responder) does.
    #[track_caller]
    pub fn mount_on<'s>(&self, server: &'s MockServer) -> impl Future<Output = ()> + Send + use<'s> {
        let all = Mock::given(any_action()).respond_with(self.responder()).with_priority(LAST);
        all.named("sfn-testkit").mount(server)
    }

    /// All operations of this mock as a `Respond`, for a wiremock `Mock` of your own: with its own priority, and
    /// with `expect` for calls that the service itself shall answer.
    ///
    /// ```
    /// use sfn_testkit::wiremock::action;
    /// use sfn_testkit::{MockSfn, Time};
    /// use wiremock::{Mock, MockServer};
    ///
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(async {
    /// # let server = MockServer::start().await;
    /// # let sfn = MockSfn::builder().time(Time::skip()).build();
    /// Mock::given(action("ListStateMachines")).respond_with(sfn.responder()).expect(1).mount(&server).await;
    /// # let client = aws_sdk_sfn::Client::from_conf(sfn.client_config(&server).build());
    /// # client.list_state_machines().send().await.unwrap();
    /// # });
    /// ```
    ///
    /// # Panics
    /// If this mock was built with [`Time::Tokio`]: a paused clock and a socket do not go together. Build it with
    /// [`Time::Skip`] or [`Time::Manual`].
    #[track_caller]
    #[must_use]
    pub fn responder(&self) -> Responder {
        assert!(
            self.core().time() != Time::Tokio,
            "a mock on Tokio's clock cannot answer for a wiremock server: a paused clock and a socket do not go \
             together; build it with `MockSfn::builder().time(Time::skip()).build()`"
        );
        Responder { core: self.core().clone() }
    }

    /// The configuration of an [`aws_sdk_sfn::Client`] that calls a wiremock server, `StartSyncExecution` included:
    /// the SDK puts `sync-` before its host, a name that does not resolve, and our connector goes to the server all
    /// the same. All else is as in [`sdk_config`](Self::sdk_config): the SDK's retries sleep on this mock's clock.
    #[must_use]
    pub fn client_config(&self, server: &MockServer) -> Builder {
        let loopback = Loopback { address: *server.address() };
        config_of(self.core()).endpoint_url(server.uri()).http_client(loopback)
    }
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let call = wire::Request {
            target: header(request, "x-amz-target"),
            authorization: header(request, "authorization"),
            trace_id: header(request, "x-amzn-trace-id"),
            body: &request.body,
        };
        let mut answer = pin!(self.core.answer_client(ClientDoor::Wiremock, call));
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(answer)) => template(answer),
            Poll::Ready(None) => self.refuse(DROPPED.to_owned()),
            Poll::Pending if call.operation_name() == Some(Operation::GetActivityTask.name()) => {
                self.no_task().set_delay(POLL_PAUSE)
            }
            Poll::Pending => self.refuse(not_over(call.operation_name().unwrap_or_default())),
        }
    }
}

impl Responder {
    /// What AWS says when 60 seconds have brought no task.
    fn no_task(&self) -> ResponseTemplate {
        let nothing = Json::from_members([("taskToken", Json::Null)]);
        template(wire::Response::new(Ok(nothing), self.core.lock().request_ids.next_uuid()))
    }

    /// Refuses what a wiremock server cannot do, and fails the test.
    fn refuse(&self, message: String) -> ResponseTemplate {
        let mut state = self.core.lock();
        state.problems.note(Problem::NotAwaited(message.clone()));
        let refusal = ApiError::new(ApiErrorKind::NotEmulated, message);
        template(wire::Response::new(Err(refusal), state.request_ids.next_uuid()))
    }
}

const DROPPED: &str = "a wiremock server cannot drop a connection for `sfn.fault(..).drops_connection()`: mount a mock \
                       of your own with `respond_with_err`, or serve this one with `sfn.serve()`";

fn not_over(operation: &str) -> String {
    if [Operation::StartSyncExecution.name(), Operation::TestState.name()].contains(&operation) {
        return format!(
            "a wiremock server cannot wait, and the execution that {operation} started is not over: answer its tasks \
             with `.answers(…)` instead of `.answers_async(…)`, build the mock with `Time::skip()`, or serve it with \
             `sfn.serve()`, which can wait"
        );
    }
    format!(
        "a wiremock server cannot wait, and {operation} is held up by `sfn.fault(..).latency(..)`: give a mock of your \
         own `set_delay`, or serve this one with `sfn.serve()`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(
        expected = "a mock on Tokio's clock cannot answer for a wiremock server: a paused clock and a \
                               socket do not go together; build it with \
                               `MockSfn::builder().time(Time::skip()).build()`"
    )]
    fn a_mock_on_the_clock_of_tokio_is_no_responder() {
        let _responder = MockSfn::new().responder();
    }
}
