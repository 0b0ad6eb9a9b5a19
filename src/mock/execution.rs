//! `sfn.execution(&arn)`: waits for an execution and looks at it.

use std::panic::Location;
use std::sync::Arc;

use indexmap::IndexSet;

use super::core::{Core, State};
use super::map_run::MapRun;
use super::time::Time;
use crate::assertion::Execution;
use crate::model::human_duration::format_duration;
use crate::model::{EventDetails, ExecutionRecord, ExecutionStatus};

/// An execution of a [`MockSfn`](crate::MockSfn), by its ARN.
#[derive(Debug, Clone)]
pub struct ExecutionHandle {
    core: Core,
    arn: Arc<str>,
}

impl ExecutionHandle {
    pub(super) const fn new(core: Core, arn: Arc<str>) -> Self {
        Self { core, arn }
    }

    /// Waits until the execution has ended. What time that takes, the clock of the mock says: see
    /// [`Time`](crate::Time).
    ///
    /// # Panics
    /// If there is no such execution; or if the clock is [`Time::Manual`](crate::Time::Manual) and the execution
    /// waits for it to be moved. An execution that waits for a task token may be moved by whoever has it.
    #[track_caller]
    pub fn finished(&self) -> impl Future<Output = Execution> + Send + use<> {
        let caller = Location::caller();
        drop(self.record());
        let (core, arn) = (self.core.clone(), Arc::clone(&self.arn));
        async move {
            core.drive();
            let asked = core.clone();
            let ended = core.clone().wait_until(move |state| ended(&asked, state, &arn)).await;
            looked_at(&core, expect_ended(ended, caller))
        }
    }

    /// The execution as it is now.
    ///
    /// # Panics
    /// If there is no such execution.
    #[track_caller]
    #[must_use]
    pub fn now(&self) -> Execution {
        looked_at(&self.core, self.record())
    }

    /// Whether the execution is still going.
    ///
    /// # Panics
    /// If there is no such execution.
    #[track_caller]
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.record().status == ExecutionStatus::Running
    }

    /// The ARN of the execution.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.arn
    }

    /// The Map Runs that the execution has started so far, in the order of their start: one for each time it came to
    /// a Distributed Map, and for each retry of that.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::new();
    ///     let machine = sfn.state_machine("orders").definition(r#"{
    ///         "StartAt": "Each order",
    ///         "States": {"Each order": {
    ///             "Type": "Map", "End": true, "ToleratedFailurePercentage": 50,
    ///             "ItemProcessor": {
    ///                 "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    ///                 "StartAt": "Ship",
    ///                 "States": {"Ship": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}
    ///             }
    ///         }}
    ///     }"#).create();
    ///     sfn.on_state("Ship").returns(json!("shipped")).times(1).then().fails("OutOfStock", "none left");
    ///     let arn = sfn.start_execution(&machine, json!([{"id": 1}, {"id": 2}]));
    ///
    ///     sfn.execution(&arn).finished().await.assert().succeeded().output(json!(["shipped"]));
    ///     let run = &sfn.execution(&arn).map_runs()[0];
    ///     assert_eq!(run.status(), MapRunStatus::Succeeded);
    ///     assert_eq!((run.items().succeeded, run.items().failed), (1, 1));
    ///     run.children()[1].now().assert().failed_with("OutOfStock");
    /// }
    /// ```
    ///
    /// # Panics
    /// If there is no such execution.
    #[track_caller]
    #[must_use]
    pub fn map_runs(&self) -> Vec<MapRun> {
        let records = self.record().map_runs.into_iter();
        records.map(|record| MapRun::new(self.core.clone(), record)).collect()
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "an ARN that was never given out is a mistake in the test")]
    fn record(&self) -> ExecutionRecord {
        self.core.pump();
        let state = self.core.lock();
        match state.account.execution(&self.arn) {
            Some(record) => record,
            None => {
                let text = unknown(&self.arn, &state.started);
                drop(state);
                panic!("{text}");
            }
        }
    }
}

/// As a test sees it: its failures look as the mock was told, and have a page.
pub(super) fn looked_at(core: &Core, record: ExecutionRecord) -> Execution {
    let reporter = Arc::clone(&core.shared.reporter);
    Execution::new(record).with_style(core.shared.style).with_onlooker(reporter)
}

/// The ended execution, or why it cannot end; `None` if it has to be waited for.
fn ended(core: &Core, state: &mut State, arn: &str) -> Option<Result<ExecutionRecord, String>> {
    if !state.account.is_running(arn)? {
        return state.account.execution(arn).map(Ok);
    }
    let moved_from_outside = state.outside > 0 || state.account.awaits_token(arn);
    let nothing_moves =
        state.clock.time() == Time::Manual && !moved_from_outside && !core.shared.pump.is_running();
    if !nothing_moves {
        return None;
    }
    let record = state.account.execution(arn)?;
    Some(Err(stuck(&record, state)))
}

#[expect(clippy::panic, reason = "the other way is a test that hangs")]
fn expect_ended(ended: Result<ExecutionRecord, String>, caller: &Location<'_>) -> ExecutionRecord {
    ended.unwrap_or_else(|why| panic!("{why}\n(waited for at {caller})"))
}

fn unknown(arn: &str, started: &IndexSet<Arc<str>>) -> String {
    if started.is_empty() {
        return format!("there is no execution `{arn}`: none was started");
    }
    let known: String = started.iter().map(|arn| format!("\n- {arn}")).collect();
    format!("there is no execution `{arn}`; these were started:{known}")
}

fn stuck(record: &ExecutionRecord, state: &mut State) -> String {
    let states = open_states(record).iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(", ");
    let now = state.clock.now();
    let (timer, advice) = match state.account.next_timer() {
        Some(deadline) => {
            let wait = format_duration(deadline.since(now));
            (
                format!("the next timer is due at {deadline}, in {wait}"),
                format!("call `sfn.advance(\"{wait}\")` or more first"),
            )
        }
        None => ("there is no timer".to_owned(), "it will never end by itself".to_owned()),
    };
    format!(
        "the execution `{}` cannot end: only `sfn.advance(…)` moves the clock, and nobody is left to do so.\n\
         It is in {states}; {timer}: {advice}",
        record.arn
    )
}

/// The states that were entered and not left, in the order they were entered.
fn open_states(record: &ExecutionRecord) -> Vec<Arc<str>> {
    let mut open: Vec<Arc<str>> = Vec::new();
    for event in &record.events {
        if let EventDetails::StateEntered { name, .. } = &event.details {
            open.push(Arc::clone(name));
        } else if let EventDetails::StateExited { name, .. } = &event.details
            && let Some(index) = open.iter().position(|entered| entered == name)
        {
            open.remove(index);
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_execution_is_told_with_the_known_ones() {
        assert_eq!(unknown("a", &IndexSet::new()), "there is no execution `a`: none was started");
        assert_eq!(
            unknown("a", &IndexSet::from(["b".into(), "c".into()])),
            "there is no execution `a`; these were started:\n- b\n- c"
        );
    }
}
