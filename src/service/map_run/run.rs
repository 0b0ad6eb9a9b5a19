//! One Map Run: what is left to do, what runs, what came of it, and how much of that is tolerated.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::batches::Batch;
use super::items::ItemList;
use crate::interpreter::map_run::{MapRunRequest, MapRunSettings};
use crate::model::failure::error_name;
use crate::model::map_run_record::{MapRunCounts, MapRunRecord, MapRunStatus};
use crate::model::{ExecutionStatus, Failure, SeededRandom, Timestamp, quota};
use crate::service::execution::Execution;

#[derive(Debug, Clone)]
pub(in crate::service) struct MapRun {
    pub(in crate::service) request: MapRunRequest,
    /// The execution that waits for it.
    pub(in crate::service) execution_arn: Arc<str>,
    /// Of the Map state: with the label.
    pub(in crate::service) state_machine_arn: Arc<str>,
    /// Map Runs are counted in the order of their start.
    pub(in crate::service) number: u64,
    pub(in crate::service) status: MapRunStatus,
    pub(in crate::service) start_date: Timestamp,
    pub(in crate::service) stop_date: Option<Timestamp>,
    pub(in crate::service) redrive_count: u64,
    /// Of the last redrive.
    pub(in crate::service) redrive_date: Option<Timestamp>,
    /// As they are now: `UpdateMapRun` may have changed them.
    pub(in crate::service) settings: MapRunSettings,
    pub(super) work: Work,
    /// In the order of their start, which is that of the items.
    pub(in crate::service) children: Vec<Child>,
    /// The places in `children` of those that have not ended.
    pub(super) running: BTreeSet<usize>,
    /// The places of those that did not succeed and are about to run again.
    pub(super) awaiting_redrive: BTreeSet<usize>,
    pub(in crate::service) executions: Tally,
    pub(in crate::service) items: Tally,
    /// The latest instant at which something happened to it, in the time of the execution that waits.
    pub(super) reached: Timestamp,
    /// For the names of its executions.
    pub(super) ids: SeededRandom,
}

/// A child execution that was started.
#[derive(Debug, Clone)]
pub(in crate::service) struct Child {
    pub(in crate::service) arn: Arc<str>,
    /// How many items it was given.
    pub(in crate::service) items: usize,
    /// What of its history is counted already.
    pub(super) counted_bytes: usize,
}

/// What no child execution was started for yet.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// Nobody has looked at the items yet.
    Unread,
    /// One for each item from `next` on.
    Items {
        list: ItemList,
        next: usize,
    },
    Batches(VecDeque<Batch>),
}

/// How many of something there are, and what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::service) struct Tally {
    pub(in crate::service) total: usize,
    pub(in crate::service) running: usize,
    pub(in crate::service) succeeded: usize,
    pub(in crate::service) failed: usize,
    pub(in crate::service) timed_out: usize,
    pub(in crate::service) aborted: usize,
    pub(in crate::service) pending_redrive: usize,
}

impl Tally {
    pub(in crate::service) const fn pending(&self) -> usize {
        let others = self.running + self.succeeded + self.unsuccessful() + self.pending_redrive;
        self.total.saturating_sub(others)
    }

    /// Failed, timed out or aborted.
    pub(super) const fn unsuccessful(&self) -> usize {
        self.failed + self.timed_out + self.aborted
    }

    fn end(&mut self, count: usize, status: ExecutionStatus) {
        self.running = self.running.saturating_sub(count);
        match status {
            ExecutionStatus::Running => self.running += count,
            ExecutionStatus::Succeeded => self.succeeded += count,
            ExecutionStatus::Failed => self.failed += count,
            ExecutionStatus::TimedOut => self.timed_out += count,
            ExecutionStatus::Aborted => self.aborted += count,
        }
    }

    /// What ended like this is to run again.
    const fn await_redrive(&mut self, count: usize, status: ExecutionStatus) {
        let ended = match status {
            ExecutionStatus::Failed => &mut self.failed,
            ExecutionStatus::TimedOut => &mut self.timed_out,
            ExecutionStatus::Aborted => &mut self.aborted,
            ExecutionStatus::Running | ExecutionStatus::Succeeded => return,
        };
        *ended = ended.saturating_sub(count);
        self.pending_redrive += count;
    }

    const fn start_again(&mut self, count: usize) {
        self.pending_redrive = self.pending_redrive.saturating_sub(count);
        self.running += count;
    }

    fn record(&self) -> MapRunCounts {
        MapRunCounts {
            total: self.total,
            pending: self.pending(),
            running: self.running,
            succeeded: self.succeeded,
            failed: self.failed,
            timed_out: self.timed_out,
            aborted: self.aborted,
            pending_redrive: self.pending_redrive,
        }
    }
}

impl MapRun {
    pub(super) fn is_running(&self) -> bool {
        self.status == MapRunStatus::Running
    }

    /// Whether its items are known.
    pub(super) const fn is_planned(&self) -> bool {
        !matches!(self.work, Work::Unread)
    }

    /// Whether another child execution may start.
    pub(super) fn has_room(&self) -> bool {
        let most = usize::try_from(self.settings.max_concurrency).unwrap_or(usize::MAX);
        let most = if most == 0 { quota::MAP_RUN_CONCURRENCY } else { most.min(quota::MAP_RUN_CONCURRENCY) };
        self.running.len() < most
    }

    /// Whether nothing is left to be started.
    pub(super) fn is_started_whole(&self) -> bool {
        if !self.awaiting_redrive.is_empty() {
            return false;
        }
        match &self.work {
            Work::Unread => false,
            Work::Items { list, next } => *next >= list.len(),
            Work::Batches(batches) => batches.is_empty(),
        }
    }

    /// What there is to do is known.
    pub(super) fn plan(&mut self, work: Work, items: usize) {
        self.items.total = items;
        self.executions.total = match &work {
            Work::Batches(batches) => batches.len(),
            Work::Unread | Work::Items { .. } => items,
        };
        self.work = work;
    }

    /// A child execution starts, and gets this place.
    pub(super) fn child_starts(&mut self, arn: Arc<str>, items: usize) -> usize {
        let place = self.children.len();
        self.children.push(Child { arn, items, counted_bytes: 0 });
        self.running.insert(place);
        self.executions.running += 1;
        self.items.running += items;
        place
    }

    /// The run goes on although it had ended.
    pub(super) fn redriven(&mut self, at: Timestamp) {
        self.status = MapRunStatus::Running;
        self.stop_date = None;
        self.redrive_count += 1;
        self.redrive_date = Some(at);
        self.reached = self.reached.max(at);
    }

    /// A child execution that ended like this is to run again.
    pub(super) fn child_awaits_redrive(&mut self, place: usize, status: ExecutionStatus) {
        if self.awaiting_redrive.insert(place) {
            let items = self.children.get(place).map_or(0, |child| child.items);
            self.executions.await_redrive(1, status);
            self.items.await_redrive(items, status);
        }
    }

    /// The first child execution that is to run again does.
    pub(super) fn next_redriven_child(&mut self) -> Option<(usize, Child)> {
        let place = self.awaiting_redrive.pop_first()?;
        let child = self.children.get(place)?.clone();
        self.running.insert(place);
        self.executions.start_again(1);
        self.items.start_again(child.items);
        Some((place, child))
    }

    /// Another execution takes the place of one that did not succeed.
    pub(super) fn replace_child(&mut self, place: usize, arn: Arc<str>) {
        if let Some(child) = self.children.get_mut(place) {
            child.arn = arn;
            child.counted_bytes = 0;
        }
    }

    /// A child execution has ended. `false` if that was known.
    pub(super) fn child_ends(&mut self, place: usize, status: ExecutionStatus) -> bool {
        if !self.running.remove(&place) {
            return false;
        }
        let items = self.children.get(place).map_or(0, |child| child.items);
        self.executions.end(1, status);
        self.items.end(items, status);
        true
    }

    pub(super) fn close(&mut self, status: MapRunStatus, at: Timestamp) {
        self.status = status;
        self.stop_date = Some(at);
    }

    /// The failure of a run with too many unsuccessful items. Without any tolerance, one is too many.
    pub(super) fn intolerable(&self) -> Option<Failure> {
        let unsuccessful = self.items.unsuccessful();
        let MapRunSettings {
            tolerated_failure_count: count, tolerated_failure_percentage: percentage, ..
        } = self.settings;
        let over_count = match (count, percentage) {
            (None, Some(_)) => false,
            (count, _) => u64::try_from(unsuccessful).unwrap_or(u64::MAX) > count.unwrap_or(0),
        };
        let over_percentage = percentage.is_some_and(|most| share(unsuccessful, self.items.total) > most);
        (over_count || over_percentage).then(|| {
            Failure::new(
                error_name::EXCEED_TOLERATED_FAILURE_THRESHOLD,
                "The specified tolerated failure threshold was exceeded",
            )
        })
    }

    pub(in crate::service) fn record(&self, executions: &BTreeMap<Arc<str>, Execution>) -> MapRunRecord {
        let failure = |(place, child): (usize, &Child)| {
            let failure = executions.get(&child.arn)?.failure()?;
            failure.error.as_ref()?;
            Some((place, failure.clone()))
        };
        let any_failed = self.executions.failed > 0;
        let first_failure = any_failed.then(|| self.children.iter().enumerate().find_map(failure)).flatten();
        MapRunRecord {
            arn: Arc::clone(&self.request.arn),
            label: Arc::clone(&self.request.label),
            status: self.status,
            start_date: self.start_date,
            stop_date: self.stop_date,
            redrive_count: self.redrive_count,
            items: self.items.record(),
            executions: self.executions.record(),
            children: self.children.iter().map(|child| Arc::clone(&child.arn)).collect(),
            first_failure,
        }
    }
}

/// In percent.
#[expect(clippy::cast_precision_loss, reason = "there are at most 100,000,000 items")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
