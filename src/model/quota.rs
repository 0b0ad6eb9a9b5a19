//! Documented limits, each with its meaning.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html> and the API model.

use std::time::Duration;

/// Bytes of UTF-8 that an input, an output, a task's payload or a result may have.
pub(crate) const PAYLOAD_BYTES: usize = 262_144;

/// Bytes that the variables of an execution may take as JSON texts; each of them, and all of one `Assign`, may take
/// no more than [`PAYLOAD_BYTES`].
pub(crate) const VARIABLES_BYTES: usize = 10 * 1024 * 1024;

/// Events in the history of a STANDARD execution; the last of them is the failure that says so.
pub(crate) const HISTORY_EVENTS: u64 = 25_000;

/// Events after which we give up on an EXPRESS execution that never lets time pass. AWS ends it after five
/// minutes; on a virtual clock a loop of Pass states would never end. See docs/deviations.md.
pub(crate) const EXPRESS_EVENTS: u64 = 1_000_000;

/// Values and characters that the expressions of an execution may read: some seconds of work. AWS has no such limit.
pub(crate) const EXECUTION_EFFORT: usize = 1024 * 1024 * 1024;

/// Levels of arrays and objects in a payload: Jackson reads no more.
pub(crate) const JSON_DEPTH: usize = 1000;

/// Bytes of payloads that the history of an execution may hold. AWS has no such limit, but keeps them on disk.
pub(crate) const HISTORY_BYTES: usize = 256 * 1024 * 1024;

/// How long a STANDARD execution may run.
pub(crate) const STANDARD_EXECUTION_TIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long an EXPRESS execution may run.
pub(crate) const EXPRESS_EXECUTION_TIME: Duration = Duration::from_secs(5 * 60);

/// How long a closed execution is kept, and its name taken.
pub(crate) const EXECUTION_RETENTION: Duration = Duration::from_secs(90 * 24 * 60 * 60);

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

/// Tags of one resource.
pub(crate) const TAGS: usize = 50;

/// State machines of one account and region.
pub(crate) const STATE_MACHINES: usize = 100_000;

/// STANDARD executions of one account and region that have not ended.
pub(crate) const OPEN_EXECUTIONS: usize = 1_000_000;

/// Published versions of one state machine.
pub(crate) const VERSIONS: usize = 1_000;

/// Aliases of one state machine.
pub(crate) const ALIASES: usize = 100;

/// Findings of one answer of `ValidateStateMachineDefinition`, also when `maxResults` is absent or 0.
pub(crate) const DIAGNOSTICS: usize = 100;
/// Activities of one account and region.
pub(crate) const ACTIVITIES: usize = 100_000;

/// Workers that may wait for tasks of one activity at once.
pub(crate) const ACTIVITY_POLLERS: usize = 1_000;

/// How long `GetActivityTask` waits for a task.
pub(crate) const ACTIVITY_POLL_TIME: Duration = Duration::from_secs(60);

/// How long after its end an execution can be redriven.
pub(crate) const REDRIVABLE_PERIOD: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Events from which on an execution cannot be redriven: there must be room for more.
pub(crate) const REDRIVABLE_EVENTS: usize = 24_999;
