//! Documented limits that no test can change, each with its meaning. The others are `quotas`.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html> and the API model.

use std::time::Duration;

/// Bytes of UTF-8 that an input, an output, a task's payload or a result may have.
pub(crate) const PAYLOAD_BYTES: usize = 262_144;

/// Events after which we give up on an EXPRESS execution that never lets time pass. AWS ends it after five
/// minutes; on a virtual clock a loop of Pass states would never end. See docs/deviations.md.
pub(crate) const EXPRESS_EVENTS: u64 = 1_000_000;

/// Characters of a cause, as the API model has it.
pub(crate) const CAUSE_CHARS: usize = 32_768;

/// Executions that one may start, counting those that they start in turn. AWS has no such limit; on a virtual clock a
/// state machine that starts itself would never end.
pub(crate) const NESTED_EXECUTIONS: usize = 10_000;

/// Executions that may wait for each other in a chain. AWS has no such limit.
pub(crate) const NESTING: usize = 1_000;

/// Values and characters that the expressions of an execution may read: some seconds of work. AWS has no such limit.
pub(crate) const EXECUTION_EFFORT: usize = 1024 * 1024 * 1024;

/// Levels of arrays and objects in a payload: Jackson reads no more.
pub(crate) const JSON_DEPTH: usize = 1000;

/// Bytes of payloads that the history of an execution may hold. AWS has no such limit, but keeps them on disk.
pub(crate) const HISTORY_BYTES: usize = 256 * 1024 * 1024;

/// How long a page token is good.
pub(crate) const PAGE_TOKEN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Items of a page when `maxResults` is absent or 0.
pub(crate) const DEFAULT_PAGE: usize = 100;

/// The largest `maxResults`.
pub(crate) const LARGEST_PAGE: usize = 1000;

/// Iterations of an inline Map that run at once when `MaxConcurrency` is 0.
pub(crate) const INLINE_MAP_CONCURRENCY: usize = 40;

/// Child executions of a Map Run that run at once.
pub(crate) const MAP_RUN_CONCURRENCY: usize = 10_000;

/// Child executions below one execution that somebody started. AWS has no such limit.
pub(crate) const DESCENDANTS: usize = 250_000;

/// Bytes of payloads that the histories of these may hold together. AWS has no such limit.
pub(crate) const DESCENDANT_BYTES: usize = 1024 * 1024 * 1024;

/// A Wait state may not lie further ahead: AWS counts the seconds in 32 bits.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(i32::MAX as u64);

/// Findings of one answer of `ValidateStateMachineDefinition`, also when `maxResults` is absent or 0.
pub(crate) const DIAGNOSTICS: usize = 100;
/// How long `GetActivityTask` waits for a task.
pub(crate) const ACTIVITY_POLL_TIME: Duration = Duration::from_secs(60);

/// How often one Map Run can be redriven.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html>
pub(crate) const MAP_RUN_REDRIVES: u64 = 1000;

/// Client tokens of `RedriveExecution` that an execution remembers.
pub(crate) const REDRIVE_TOKENS: usize = 10;

/// How long it remembers each.
pub(crate) const REDRIVE_TOKEN_LIFETIME: Duration = Duration::from_secs(15 * 60);
