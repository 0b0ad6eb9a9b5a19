//! How a Map Run goes on: its executions start as there is room, and its end is told to the execution that waits.
//!
//! An execution that ends says so in a queue, and whoever entered the account empties it: an execution that starts
//! another would otherwise end within the start of that one, a hundred thousand deep.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::batches::{Batch, Batcher};
use super::child::Wanted;
use super::items::ItemList;
use super::run::{MapRun, Tally, Work};
use crate::interpreter::interpret::Interpreter;
use crate::interpreter::map_run::{ItemSource, MapRunId, MapRunRequest};
use crate::model::map_run_record::MapRunStatus;
use crate::model::{Failure, SeededRandom, Timestamp};
use crate::service::account::Account;
use crate::service::execution::Fate;
use crate::service::item_reader;

/// Something that happened and that a Map Run has to see to.
#[derive(Debug, Clone)]
pub(in crate::service) enum News {
    Begun(Arc<str>),
    ChildClosed { run: Arc<str>, place: usize },
    Changed(Arc<str>),
    Aborted(Arc<str>),
}

impl Account {
    /// Takes in a Map Run that an execution asks for.
    pub(in crate::service) fn add_map_run(
        &mut self,
        execution_arn: &Arc<str>,
        request: MapRunRequest,
        at: Timestamp,
    ) {
        let Some(execution) = self.executions.get(execution_arn) else { return };
        let about = execution.interpreter.about();
        let machine = format!("{}/{}", about.state_machine_name, request.label);
        let arn = Arc::clone(&request.arn);
        let run = MapRun {
            execution_arn: Arc::clone(execution_arn),
            state_machine_arn: about.place.state_machine(&machine).into(),
            number: self.map_runs.next_number(),
            status: MapRunStatus::Running,
            start_date: at,
            stop_date: None,
            redrive_count: 0,
            redrive_date: None,
            settings: request.settings,
            work: Work::Unread,
            children: Vec::new(),
            running: BTreeSet::new(),
            awaiting_redrive: BTreeSet::new(),
            executions: Tally::default(),
            items: Tally::default(),
            reached: at,
            ids: SeededRandom::new(self.config.seed, &arn),
            request,
        };
        self.map_runs.add(run);
        self.map_run_news.push_back(News::Begun(arn));
    }

    /// An execution no longer wants its Map Run.
    pub(in crate::service) fn give_up_map_run(&mut self, execution_arn: &Arc<str>, id: MapRunId) {
        let arn = self.map_run_arn(execution_arn, id);
        self.map_run_news.extend(arn.map(News::Aborted));
    }

    pub(super) fn map_run_arn(&self, execution_arn: &Arc<str>, id: MapRunId) -> Option<Arc<str>> {
        let mut runs = self.map_runs.of(execution_arn).rev();
        runs.find(|run| run.request.run == id).map(|run| Arc::clone(&run.request.arn))
    }

    /// Lets all Map Runs go on as far as they can.
    pub(in crate::service) fn settle_map_runs(&mut self, now: Timestamp) {
        while let Some(news) = self.map_run_news.pop_front() {
            match news {
                News::Begun(run) => self.begin_map_run(&run, now),
                News::Changed(run) => self.changed(&run, now),
                News::ChildClosed { run, place } => self.child_closed(&run, place, now),
                News::Aborted(run) => self.abort_map_run(&run, now),
            }
        }
    }

    /// Its settings are new ones. They hold at the moment that its execution has reached.
    fn changed(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get(arn) else { return };
        let parent_arn = Arc::clone(&run.execution_arn);
        let reached = self.running(&parent_arn).map(|parent| parent.timetable.own_time(now));
        let Some(run) = self.map_runs.get_mut(arn) else { return };
        run.reached = reached.map_or(run.reached, |reached| run.reached.max(reached));
        let at = run.reached;
        match run.intolerable() {
            Some(failure) => self.fail_map_run(arn, failure, at, now),
            None => self.go_on(arn, at, now),
        }
    }

    fn begin_map_run(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get_mut(arn).filter(|run| run.is_running()) else { return };
        let parent = self.executions.get(&run.execution_arn);
        if !parent.is_some_and(|parent| parent.interpreter.awaits_map_run(run.request.run)) {
            return; // It was given up in the moment that it was asked for, which is the next piece of news.
        }
        if run.is_planned() {
            return self.begin_redriven(arn, now);
        }
        let at = run.reached;
        let list = match &run.request.source {
            ItemSource::Given(items) => Ok(ItemList::given(items.clone())),
            ItemSource::Read(request) => item_reader::read(request, &self.objects),
        };
        let parent = self.executions.get_mut(&run.execution_arn);
        let planned = list.and_then(|list| plan(run, list, parent.map(|parent| &mut parent.interpreter)));
        match planned {
            Ok(()) => self.go_on(arn, at, now),
            Err(failure) => self.fail_map_run(arn, failure, at, now),
        }
    }

    /// Goes on after a redrive, unless what cannot run again is too much already.
    fn begin_redriven(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get(arn) else { return };
        let at = run.reached;
        match run.intolerable() {
            Some(failure) => self.fail_map_run(arn, failure, at, now),
            None => self.go_on(arn, at, now),
        }
    }

    /// Starts a child execution if that is not one too many.
    pub(super) fn start_counted(
        &mut self,
        (arn, root): (&Arc<str>, &Arc<str>),
        wanted: Wanted<'_>,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.count_child(root)?;
        let place = self.start_child(arn, wanted, at, now);
        place.map_or(Ok(()), |place| self.count_payloads(arn, place))
    }

    /// Starts what there is room for, and ends the run when nothing is left.
    fn go_on(&mut self, arn: &Arc<str>, at: Timestamp, now: Timestamp) {
        while let Some(run) = self.map_runs.get_mut(arn).filter(|run| run.is_running()) {
            if run.is_started_whole() {
                if run.running.is_empty() {
                    self.complete_map_run(arn, now);
                }
                return;
            }
            if !run.has_room() {
                return;
            }
            let Some(parent) = self.executions.get_mut(&run.execution_arn) else { return };
            if parent.fate != Fate::Free {
                // Its machine is being deleted: no execution of it starts any more.
                let parent_arn = Arc::clone(parent.arn());
                return self.stop(&parent_arn, Failure { error: None, cause: None }, now);
            }
            let root = Arc::clone(parent.root());
            let started = if run.awaiting_redrive.is_empty() {
                let Some(next) = next_batch(run, &mut parent.interpreter) else { return };
                next.and_then(|batch| {
                    let wanted = Wanted { batch: &batch, instead_of: None };
                    self.start_counted((arn, &root), wanted, at, now)
                })
            } else {
                self.redrive_next_child((arn, &root), at, now)
            };
            if let Err(failure) = started {
                return self.fail_map_run(arn, failure, at, now);
            }
        }
    }

    fn child_closed(&mut self, arn: &Arc<str>, place: usize, now: Timestamp) {
        let Some(run) = self.map_runs.get_mut(arn) else { return };
        let child = run.children.get(place).and_then(|child| self.executions.get(&child.arn));
        let Some((status, stop_date)) = child.and_then(|child| Some((child.status(), child.stop_date()?)))
        else {
            return;
        };
        if !run.child_ends(place, status) || !run.is_running() {
            return;
        }
        run.reached = run.reached.max(stop_date);
        let intolerable = run.intolerable();
        match intolerable.or(self.count_payloads(arn, place).err()) {
            Some(failure) => self.fail_map_run(arn, failure, stop_date, now),
            None => self.go_on(arn, stop_date, now),
        }
    }

    fn abort_map_run(&mut self, arn: &Arc<str>, now: Timestamp) {
        let Some(run) = self.map_runs.get_mut(arn).filter(|run| run.is_running()) else { return };
        let parent = self.executions.get(&run.execution_arn);
        let at = parent.map_or(run.reached, |parent| parent.timetable.reached());
        run.close(MapRunStatus::Aborted, at);
        self.stop_children(arn, at, now);
    }

    /// Stops what still runs, and counts it.
    pub(super) fn stop_children(&mut self, arn: &Arc<str>, at: Timestamp, now: Timestamp) {
        let Some(run) = self.map_runs.get(arn) else { return };
        let running: Vec<(usize, Arc<str>)> = run
            .running
            .iter()
            .filter_map(|place| Some((*place, Arc::clone(&run.children.get(*place)?.arn))))
            .collect();
        for (place, child) in running {
            self.stop_child(&child, at, now);
            self.child_closed(arn, place, now);
        }
    }
}

/// Finds out how many executions there will be. Batches are filled now, since only then they are counted.
fn plan(run: &mut MapRun, list: ItemList, parent: Option<&mut Interpreter>) -> Result<(), Failure> {
    let items = list.len();
    let (Some(batching), Some(parent)) = (&run.request.batching, parent) else {
        run.plan(Work::Items { list, next: 0 }, items);
        return Ok(());
    };
    let mut batcher = Batcher::new(batching);
    for item in (0..items).filter_map(|index| list.get(index)) {
        batcher.add(parent.item_input(run.request.run, item)?)?;
    }
    let batches = batcher.finish();
    run.plan(Work::Batches(batches.into()), items);
    Ok(())
}

/// What the next child execution is given.
fn next_batch(run: &mut MapRun, parent: &mut Interpreter) -> Option<Result<Batch, Failure>> {
    match &mut run.work {
        Work::Unread => None,
        Work::Batches(batches) => batches.pop_front().map(Ok),
        Work::Items { list, next } => {
            let item = list.get(*next)?;
            *next += 1;
            let input = parent.item_input(run.request.run, item);
            Some(input.map(|input| Batch { input, items: 1 }))
        }
    }
}
