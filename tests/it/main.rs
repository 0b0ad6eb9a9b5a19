//! The one integration crate: everything that is tested from outside, a module per subject.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a failed unwrap or slice is a failed test"
)]

/// Every operation against the API model.
#[cfg(feature = "server")]
mod api;
/// Assertions, each on a history that is right and on one that is almost right.
#[cfg(feature = "sdk")]
mod assertions;
/// Pages and pictures in a real browser.
mod browser;
/// The `sfn-testkit` command, in processes of its own.
#[cfg(all(feature = "cli", unix))]
mod cli;
/// `sfn-testkit coverage`.
#[cfg(all(feature = "cli", unix))]
mod cli_coverage;
/// `sfn-testkit lint`.
#[cfg(all(feature = "cli", unix))]
mod cli_lint;
/// The same, for programs.
#[cfg(all(feature = "cli", unix))]
mod cli_lint_formats;
/// `sfn-testkit record`, `replay` and `drift`.
#[cfg(all(feature = "cli", unix))]
mod cli_recordings;
/// `sfn-testkit replay-history`.
#[cfg(all(feature = "cli", unix))]
mod cli_replay_history;
/// `sfn-testkit run`.
#[cfg(all(feature = "cli", unix))]
mod cli_run;
/// The contract suite as its users see it, and the files made from it.
#[cfg(all(feature = "contracts", feature = "server"))]
mod contracts;
/// The same through the wiremock door.
#[cfg(all(feature = "contracts", feature = "wiremock"))]
mod contracts_over_wiremock;
/// Definitions that other people wrote.
#[cfg(all(feature = "sdk", feature = "jsonata"))]
mod corpus;
/// Equal inputs give byte-equal histories.
#[cfg(all(feature = "sdk", feature = "contracts"))]
mod determinism;
/// What failed assertions say. With `jsonata`, objects of `json!` keep their order, which the texts show.
#[cfg(all(feature = "sdk", feature = "jsonata"))]
mod failing_texts;
/// Recorded histories.
#[cfg(all(feature = "sdk", feature = "jsonata", feature = "contracts"))]
mod histories;
/// What no client should send.
#[cfg(feature = "server")]
mod hostile;
/// `MockSfn::serve`, over real sockets.
#[cfg(feature = "server")]
mod http;
/// Machines in JSONata.
#[cfg(all(feature = "sdk", feature = "jsonata"))]
mod jsonata;
/// Distributed Maps in JSONata.
#[cfg(all(feature = "sdk", feature = "jsonata"))]
mod jsonata_map_runs;
/// `MockSfn` as its users see it, through the real SDK client.
#[cfg(feature = "sdk")]
mod mock;
/// Mock config files of Step Functions Local.
#[cfg(feature = "sdk")]
mod mock_config;
/// Tasks answered in another order.
#[cfg(all(feature = "sdk", feature = "contracts"))]
mod permuted;
/// Answers as they are on the wire.
#[cfg(all(feature = "sdk", feature = "contracts"))]
mod raw;
/// What the README shows.
mod readme;
/// boto3 and the AWS CLI, recorded and replayed.
#[cfg(all(feature = "cli", unix))]
mod record_replay;
/// The calls that AWS was recorded with, made twice.
#[cfg(all(feature = "sdk", feature = "contracts"))]
mod recorded_calls;
/// Cassettes, and the recordings of this repository.
#[cfg(feature = "record")]
mod recordings;
/// Long waits, long chains, large Maps.
mod scale;
/// Rules of the house that neither rustc nor clippy can check.
mod tidy;
/// The web UI of a served mock.
#[cfg(feature = "server")]
mod ui;
/// The same in a real browser.
#[cfg(feature = "server")]
mod ui_browser;
/// `sfn-testkit verify`, in processes of its own.
#[cfg(all(feature = "cli", unix))]
mod verify;
/// Requests that are no calls, at every door.
#[cfg(all(feature = "server", feature = "sdk"))]
mod wire_errors;
/// The wiremock door: a server of the user's, with the service behind their own mocks.
#[cfg(feature = "wiremock")]
mod wiremock;
