//! One running scope: the execution itself, a branch of a Parallel, an iteration of a Map.

use std::sync::Arc;

use super::command::{TaskId, TimerId};
use super::failing::Failing;
use super::map_run::{MapItem, MapRunInFlight};
use crate::asl::definition::{Scope, State, StateIndex};
use crate::asl::resource::Resource;
use crate::model::{Json, Timestamp};
use crate::query::Variables;

/// Frames are never reused: an id that is gone stays gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FrameId(pub(super) u64);

#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// `None` for the execution itself.
    pub(super) parent: Option<Parent>,
    pub(super) scope: Arc<Scope>,
    pub(super) state: StateIndex,
    pub(super) step: Step,
    /// The event that the next one of this frame follows from.
    pub(super) last_event: u64,
    /// The one that the current state's Entered event follows from.
    pub(super) event_before: u64,
    /// Of the current state: its Entered event and when that was.
    pub(super) entered_event: u64,
    pub(super) entered_time: Timestamp,
    /// The raw input of the current state.
    pub(super) input: Json,
    pub(super) retries: Retries,
    /// The current state is a Parallel or Map whose branches, iterations or executions were started, and have not all
    /// succeeded.
    pub(super) started_children: bool,
    /// What `$$.Map.Item` says in here; inherited by branches inside an iteration.
    pub(super) item: Option<Arc<MapItem>>,
    /// Those that states of this scope have set, before those of the scopes around it.
    pub(super) variables: Arc<Variables>,
    /// What is left of the branches, iterations or executions of the current state, which has failed: a redrive goes on
    /// with them.
    pub(super) unfinished: Option<Box<Unfinished>>,
}

/// What a Parallel or Map has when it fails.
#[derive(Debug, Clone)]
pub(super) enum Unfinished {
    /// The outputs of the branches or iterations that succeeded, and the others as they stood, by slot.
    Children {
        /// None of them is running.
        children: Children,
        frames: Vec<(usize, Frame)>,
    },
    /// The Map Run, whose executions somebody else keeps.
    MapRun(MapRunInFlight),
}

/// Where a frame reports its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    pub(super) frame: FrameId,
    /// Which branch or iteration it is.
    pub(super) slot: usize,
}

/// What a frame does next.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Record that the current state is entered.
    Enter,
    /// Do the state's work: also again, after the delay of a retrier.
    Work,
    /// The task is scheduled: record that it started, and hand it out.
    StartTask(Box<TaskInFlight>),
    /// A timer will go on: a Wait, or the delay before a retry.
    Timer(TimerId),
    Task(Box<TaskInFlight>),
    /// Go on with the branches, iterations or executions that did not succeed before the execution was redriven.
    Resume(Box<Unfinished>),
    /// Branches or iterations are running.
    Children(Box<Children>),
    /// The executions of a Distributed Map are running.
    MapRun(Box<MapRunInFlight>),
    /// The work gave this raw result.
    Finish(Json),
    Fail(Failing),
}

/// A task that was scheduled and not yet answered.
#[derive(Debug, Clone)]
pub(super) struct TaskInFlight {
    pub(super) task: TaskId,
    pub(super) resource: Resource,
    pub(super) input: Json,
    pub(super) credentials_role_arn: Option<Arc<str>>,
    pub(super) token: Option<Arc<str>>,
    pub(super) timeout_seconds: Option<u64>,
    pub(super) heartbeat_seconds: Option<u64>,
    pub(super) timeout_timer: Option<TimerId>,
    pub(super) heartbeat_timer: Option<TimerId>,
    pub(super) recorded: Recorded,
}

/// How far the events of a task have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Recorded {
    Nothing,
    Scheduled,
    Started,
    /// `TaskSubmitted`, of a task that somebody else ends.
    Submitted,
}

/// How often the current state was retried: by each retrier, and in all.
#[derive(Debug, Clone, Default)]
pub(super) struct Retries {
    pub(super) by_retrier: Vec<u64>,
    pub(super) total: u64,
}

/// The frames below a Parallel or Map, and what they have given so far.
#[derive(Debug, Clone)]
pub(super) struct Children {
    /// By slot; `None` until the child has ended.
    pub(super) outputs: Vec<Option<Json>>,
    /// Those still running, by slot.
    pub(super) running: Vec<(usize, FrameId)>,
    /// What is left to start: only a Map has any.
    pub(super) waiting: Option<WaitingItems>,
}

/// The items of a Map whose iterations have not started.
#[derive(Debug, Clone)]
pub(super) struct WaitingItems {
    /// The effective input of the Map state, which `ItemSelector` sees as `$`.
    pub(super) input: Json,
    pub(super) items: Json,
    pub(super) next: usize,
    /// How many may run at once.
    pub(super) concurrency: usize,
}

impl Children {
    /// A child runs no more. They stand in the order of their slots, since they start in that order.
    pub(super) fn ended(&mut self, slot: usize) {
        if let Ok(position) = self.running.binary_search_by_key(&slot, |(slot, _)| *slot) {
            self.running.remove(position);
        }
    }
}

impl Unfinished {
    pub(super) fn new(mut children: Children, mut frames: Vec<(usize, Frame)>) -> Self {
        children.running.clear();
        frames.sort_by_key(|(slot, _)| *slot);
        Self::Children { children, frames }
    }
}

impl Frame {
    pub(super) fn new(scope: Arc<Scope>, input: Json, last_event: u64, now: Timestamp) -> Self {
        Self {
            parent: None,
            state: scope.start_at,
            scope,
            step: Step::Enter,
            last_event,
            event_before: last_event,
            entered_event: 0,
            entered_time: now,
            input,
            retries: Retries::default(),
            started_children: false,
            item: None,
            variables: Arc::default(),
            unfinished: None,
        }
    }

    /// Moves on to another state of the same scope.
    pub(super) fn move_to(&mut self, state: StateIndex, input: Json) {
        self.state = state;
        self.input = input;
        self.retries = Retries::default();
        self.started_children = false;
        self.unfinished = None;
        self.step = Step::Enter;
    }

    /// Stops what the frame does, and says what that was. It stands before the work of its state, or before that state.
    pub(super) fn rest(&mut self) -> Step {
        let rest = if self.has_entered() { Step::Work } else { Step::Enter };
        std::mem::replace(&mut self.step, rest)
    }

    /// The same frame, whose state has failed, as a redrive finds it.
    pub(super) fn at_rest(&mut self) -> Self {
        Self {
            parent: self.parent,
            scope: Arc::clone(&self.scope),
            step: Step::Work,
            input: self.input.clone(),
            retries: Retries::default(),
            started_children: false,
            item: self.item.clone(),
            variables: Arc::clone(&self.variables),
            unfinished: self.unfinished.take(),
            ..*self
        }
    }

    /// Whether the current state's Entered event is recorded.
    pub(super) const fn has_entered(&self) -> bool {
        !matches!(self.step, Step::Enter)
    }
}

/// The state a frame is in. The scope is kept apart from the frame so that both can be used at once.
pub(super) fn current_state(scope: &Scope, index: StateIndex) -> &State {
    scope.state(index).expect("the reader of definitions resolves every target to a state of the same scope")
}
