//! Runs the histories, several at once, and hands out what became of each in the order of the sources.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;

use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::report::Verdict;
use super::sources::Source;
use crate::assertion::Execution;
use crate::cli::stop_signals::StopSignals;
use crate::mock::RecordedTasks;
use crate::mock::replay::Replayer;
use crate::model::read_history::RecordedHistory;

/// Calls `tell` for each history in order, until all are done or somebody presses Ctrl-C; `true` if all are done.
pub(super) fn replay_all(
    replayer: &Replayer,
    sources: &[Source],
    jobs: usize,
    mut tell: impl FnMut(Verdict),
) -> Result<bool, String> {
    let runtime =
        runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let (next, is_stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let queue = Queue { replayer, sources, next: &next, is_stopped: &is_stopped };
    thread::scope(|scope| {
        let (sender, mut results) = unbounded_channel();
        for _ in 0..jobs.min(sources.len()) {
            let sender = sender.clone();
            scope.spawn(move || queue.work(&sender));
        }
        drop(sender);
        let finished = runtime.block_on(async {
            let signals = StopSignals::listen().map_err(|error| error.to_string())?;
            let mut in_order = InOrder { waiting: BTreeMap::new(), next: 0 };
            let finished = until_stopped(signals, &mut results, |(index, verdict)| {
                in_order.add(index, verdict, &mut tell);
            })
            .await;
            is_stopped.store(true, Ordering::Relaxed);
            // What is under way comes to its end, and what stands behind a gap is told too.
            while let Some((index, verdict)) = results.recv().await {
                in_order.add(index, verdict, &mut tell);
            }
            in_order.waiting.into_values().for_each(&mut tell);
            Ok(finished)
        });
        is_stopped.store(true, Ordering::Relaxed);
        finished
    })
}

#[derive(Clone, Copy)]
struct Queue<'w> {
    replayer: &'w Replayer,
    sources: &'w [Source],
    next: &'w AtomicUsize,
    is_stopped: &'w AtomicBool,
}

impl Queue<'_> {
    fn work(&self, results: &UnboundedSender<(usize, Verdict)>) {
        while !self.is_stopped.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(source) = self.sources.get(index) else { return };
            if results.send((index, replay(self.replayer, source))).is_err() {
                return;
            }
        }
    }
}

/// The verdicts that came before their turn.
struct InOrder {
    waiting: BTreeMap<usize, Verdict>,
    next: usize,
}

impl InOrder {
    fn add(&mut self, index: usize, verdict: Verdict, tell: &mut impl FnMut(Verdict)) {
        self.waiting.insert(index, verdict);
        while let Some(verdict) = self.waiting.remove(&self.next) {
            tell(verdict);
            self.next += 1;
        }
    }
}

/// `false` if it was stopped before the results came to an end.
async fn until_stopped<T>(
    signals: StopSignals,
    results: &mut UnboundedReceiver<T>,
    mut tell: impl FnMut(T),
) -> bool {
    let mut stopped = pin!(signals.received());
    poll_fn(|context| {
        loop {
            if stopped.as_mut().poll(context).is_ready() {
                return Poll::Ready(false);
            }
            match results.poll_recv(context) {
                Poll::Ready(Some(result)) => tell(result),
                Poll::Ready(None) => return Poll::Ready(true),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

fn replay(replayer: &Replayer, source: &Source) -> Verdict {
    let mut execution_arn = None;
    let outcome = source.read().and_then(|text| {
        let execution = execution_in(&text)?;
        execution_arn = Some(execution.main.arn().to_owned()).filter(|arn| !arn.is_empty());
        let replayed = replayer.replay_with(&execution.main, &execution.tasks);
        Ok(replayed.differences().to_vec())
    });
    Verdict { history: source.name.clone(), execution_arn, outcome }
}

/// The execution of a source, and the tasks of its child executions as well.
struct Recorded {
    main: Execution,
    tasks: RecordedTasks,
}

fn execution_in(text: &str) -> Result<Recorded, String> {
    let histories = RecordedHistory::read_all(text).map_err(|why| why.to_string())?;
    let executions: Vec<_> =
        histories.into_iter().map(|history| Execution::new(history.into_record())).collect();
    let tasks = executions.iter().fold(RecordedTasks::default(), RecordedTasks::with);
    // The state machine of a child execution has the label of its Map Run behind its name.
    let is_child = |execution: &Execution| execution.state_machine_name().contains('/');
    let mut parents = executions.iter().filter(|execution| !is_child(execution));
    match (parents.next(), parents.next(), executions.first()) {
        (Some(main), None, _) | (None, None, Some(main)) => Ok(Recorded { main: main.clone(), tasks }),
        _ => Err("it holds several executions; keep each in a file or line of its own".to_owned()),
    }
}
