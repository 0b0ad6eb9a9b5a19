//! Step Functions in a [`wiremock`](::wiremock) server that you already have: the whole service behind your own stubs,
//! expectations and request logs. Needs the feature `wiremock`.
//!
//! [`MockSfn::mount_on`](crate::MockSfn::mount_on) lets the service answer every call that no mock of yours answers;
//! [`MockSfn::responder`](crate::MockSfn::responder) is the same as a `Respond`, for a mock that you mount yourself.
//! The matchers here find calls ([`action`], [`state_machine_arn`], [`input_json`], …), the templates answer them
//! ([`aws_answer`], [`aws_error`], [`throttled`]).
//!
//! ```
//! use aws_sdk_sfn::Client;
//! use serde_json::json;
//! use sfn_testkit::wiremock::{action, input_json_partial, throttled};
//! use sfn_testkit::{MockSfn, Time};
//! use wiremock::{Mock, MockServer};
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # runtime.block_on(async {
//! let server = MockServer::start().await;
//! let sfn = MockSfn::builder().time(Time::skip()).build();
//! let orders = sfn.state_machine("orders").returns(json!({"ok": true})).create();
//! sfn.mount_on(&server).await;
//!
//! // The first start of order 7 is refused; the SDK tries again, and the service answers.
//! Mock::given(action("StartExecution"))
//!     .and(input_json_partial(json!({"order": 7})))
//!     .respond_with(throttled())
//!     .up_to_n_times(1)
//!     .expect(1)
//!     .mount(&server)
//!     .await;
//!
//! let client = Client::from_conf(sfn.client_config(&server).build());
//! let started = client.start_execution()
//!     .state_machine_arn(&orders).input(r#"{"order": 7, "express": true}"#).send().await.unwrap();
//! sfn.execution(started.execution_arn()).finished().await.assert().succeeded();
//! # });
//! ```
//!
//! # What a wiremock server cannot do
//!
//! It answers one request after the other, on one thread, and its answers are made without waiting. So:
//!
//! - **No long poll.** `GetActivityTask` answers at once: a task if one is there, else `{"taskToken": null}`, 100 ms
//!   later so that a worker's loop does not spin. Workers poll again anyway.
//! - **`StartSyncExecution` cannot wait** for `answers_async` mocks that take their time, for tasks that nobody
//!   answers, or for a clock that stands still. Then it is refused with the status 501, *and* the test fails when the
//!   mock is dropped. With [`Time::Skip`](crate::Time::Skip) and mocks that answer at once it works: waiting is jumped
//!   over.
//! - **A task mock must not call the server** that it is answered by: that call would wait for itself.
//! - **Memory:** a wiremock server keeps every request, some 7 KB each, until it is dropped or reset. Fine for a test,
//!   not for a service that runs for days.
//!
//! None of this holds for [`MockSfn::serve`](crate::MockSfn::serve), a server of our own, or for
//! [`MockSfn::client`](crate::MockSfn::client), which needs no server at all.
//!
//! # Priorities and scopes
//!
//! Wiremock asks the mounted mocks by priority, 1 first, 5 unless set; among equals the *oldest* wins.
//! [`mount_on`](crate::MockSfn::mount_on) takes 255, the last: your mocks come before it in whatever order they are
//! mounted.
//!
//! **Do not use `mount_as_scoped` after `mount_on`.** Wiremock 0.6 sorts its mocks by priority and then finds the mock
//! of a guard by its old place: the guard would check and unmount another mock, here the whole service. Mount with
//! `mount`, and let [`while_alive`] end it:
//!
//! ```
//! # use sfn_testkit::wiremock::{action, throttled, while_alive};
//! # use sfn_testkit::{MockSfn, Time};
//! # use wiremock::{Mock, MockServer};
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # runtime.block_on(async {
//! # let server = MockServer::start().await;
//! # let sfn = MockSfn::builder().time(Time::skip()).build();
//! # sfn.mount_on(&server).await;
//! let (in_outage, outage) = while_alive();
//! Mock::given(action("StartExecution")).and(in_outage).respond_with(throttled()).mount(&server).await;
//! // … all starts are throttled …
//! drop(outage);
//! // … and answered by the service again.
//! # });
//! ```

mod matchers;
mod responder;
mod templates;

pub use matchers::{
    Alive, CallMatcher, action, any_action, execution_arn, execution_name, input_json, input_json_partial,
    state_machine_arn, while_alive,
};
pub use responder::Responder;
pub use templates::{aws_answer, aws_error, throttled};
