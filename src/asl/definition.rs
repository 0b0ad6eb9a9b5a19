//! A definition, parsed once into types. Nothing here knows JSON text; `read` builds it, `interpreter` runs it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::choice_rule::ChoiceRule;
use super::distributed_map::DistributedMap;
use super::resource::Resource;
use super::retrier::{Catcher, Retrier};
use crate::model::{Json, Timestamp};
use crate::query::{Expression, Path, PayloadTemplate, ReferencePath, TemplateValue};

/// A state machine definition that passed every check.
#[derive(Debug)]
pub(crate) struct Definition {
    /// Of the whole execution.
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) scope: Arc<Scope>,
    /// The names of the variables that each state reads, by its name. States that read none are not there.
    pub(crate) variable_references: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

/// One `States` object with its `StartAt`: the machine itself, a branch of a Parallel, the processor of a Map.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) start_at: StateIndex,
    /// In the order of the definition.
    pub(crate) states: Vec<State>,
}

/// A state's place in its [`Scope`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StateIndex(pub(crate) usize);

/// The two languages in which a definition selects and builds JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    JsonPath,
    Jsonata,
}

/// One state: what all types share, and its type.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: Arc<str>,
    /// Its place among all states of the definition, those within others among them, in the order of the text.
    pub(crate) number: usize,
    pub(crate) language: Language,
    /// Everything, in JSONata.
    pub(crate) input_path: PathField,
    /// Everything, in JSONata.
    pub(crate) output_path: PathField,
    /// `Output`, in JSONata; of a Choice, what it is when none of its rules holds.
    pub(crate) output: Option<PayloadTemplate>,
    /// The variables that it sets when its work succeeds; of a Choice, when none of its rules holds.
    pub(crate) assign: Option<PayloadTemplate>,
    pub(crate) kind: StateKind,
}

/// The eight state types.
#[derive(Debug)]
pub(crate) enum StateKind {
    Task(Box<Task>),
    Pass(Box<Pass>),
    Choice(Choice),
    Wait(Wait),
    Succeed,
    Fail(Fail),
    Parallel(Box<Parallel>),
    Map(Box<Map>),
}

/// `InputPath`, `OutputPath`, `ItemsPath`: a path that may be absent or `null`.
#[derive(Debug)]
pub(crate) enum PathField {
    /// Absent or `$`: everything.
    Whole,
    /// `null`: an empty object.
    Empty,
    At(Path),
}

/// Where a result goes.
#[derive(Debug)]
pub(crate) enum ResultPath {
    /// Absent or `$`: the result replaces the input.
    Replace,
    /// `null`: the result is dropped, the input goes on.
    Discard,
    /// The result is put into the input.
    At(ReferencePath),
}

/// Where an execution goes after a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    Next(StateIndex),
    End,
}

/// The fields of a state that does work: its arguments, what becomes of the result, what happens when it fails.
#[derive(Debug)]
pub(crate) struct Work {
    /// `Parameters`, or `Arguments` in JSONata.
    pub(crate) parameters: Option<PayloadTemplate>,
    pub(crate) result_selector: Option<PayloadTemplate>,
    pub(crate) result_path: ResultPath,
    pub(crate) retry: Vec<Retrier>,
    pub(crate) catch: Vec<Catcher>,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: Resource,
    pub(crate) timeout: Option<Number>,
    pub(crate) heartbeat: Option<Number>,
    /// `Credentials`, whose `RoleArn` the history shows.
    pub(crate) credentials: Option<PayloadTemplate>,
    pub(crate) work: Work,
}

/// A whole number that is written out, found in the state's input at a path, or computed in JSONata.
#[derive(Debug)]
pub(crate) enum Number {
    Fixed(u64),
    At(Path),
    Computed(Expression),
}

#[derive(Debug)]
pub(crate) struct Pass {
    /// `Result`: taken literally.
    pub(crate) result: Option<Json>,
    pub(crate) parameters: Option<PayloadTemplate>,
    pub(crate) result_path: ResultPath,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) rules: Vec<ChoiceRule>,
    pub(crate) default: Option<StateIndex>,
}

#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) until: WaitUntil,
    pub(crate) transition: Transition,
}

/// The ways to say how long a Wait state waits.
#[derive(Debug)]
pub(crate) enum WaitUntil {
    Seconds(u64),
    SecondsPath(Path),
    Timestamp(Timestamp),
    TimestampPath(Path),
    /// `Seconds`, in JSONata.
    ComputedSeconds(Expression),
    /// `Timestamp`, in JSONata.
    ComputedTimestamp(Expression),
}

#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) error: Option<FailText>,
    pub(crate) cause: Option<FailText>,
}

/// `Error` or `ErrorPath`, `Cause` or `CausePath`.
#[derive(Debug)]
pub(crate) enum FailText {
    Literal(Arc<str>),
    /// A path or an intrinsic call that gives a string.
    At(TemplateValue),
    /// `Error` or `Cause`, in JSONata.
    Computed(Expression),
}

#[derive(Debug)]
pub(crate) struct Parallel {
    pub(crate) branches: Vec<Arc<Scope>>,
    pub(crate) work: Work,
}

/// A Map, inline or distributed. `work.parameters` is the legacy `Parameters`, which AWS reads as `ItemSelector`: always `None` here.
#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) items_path: PathField,
    /// `Items`, in JSONata.
    pub(crate) items: Option<PayloadTemplate>,
    pub(crate) item_selector: Option<PayloadTemplate>,
    /// `Fixed(0)`: as many as the service runs at once.
    pub(crate) max_concurrency: Number,
    pub(crate) processor: Arc<Scope>,
    /// Of a Map whose iterations are executions of their own.
    pub(crate) distributed: Option<Arc<DistributedMap>>,
    pub(crate) work: Work,
}

impl Scope {
    pub(crate) fn state(&self, index: StateIndex) -> Option<&State> {
        self.states.get(index.0)
    }

    /// Its states, each followed by those within it: in the order of their numbers.
    pub(crate) fn all_states(&self) -> Vec<&State> {
        let mut all = Vec::new();
        self.gather(&mut all);
        all
    }

    fn gather<'s>(&'s self, all: &mut Vec<&'s State>) {
        for state in &self.states {
            all.push(state);
            for scope in state.inner_scopes() {
                scope.gather(all);
            }
        }
    }
}

impl State {
    /// The work of a state that has any.
    pub(crate) const fn work(&self) -> Option<&Work> {
        match &self.kind {
            StateKind::Task(task) => Some(&task.work),
            StateKind::Parallel(parallel) => Some(&parallel.work),
            StateKind::Map(map) => Some(&map.work),
            StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_) => None,
        }
    }

    /// The branches of a Parallel, the processor of a Map.
    pub(crate) fn inner_scopes(&self) -> &[Arc<Scope>] {
        match &self.kind {
            StateKind::Parallel(parallel) => &parallel.branches,
            StateKind::Map(map) => std::slice::from_ref(&map.processor),
            StateKind::Task(_)
            | StateKind::Pass(_)
            | StateKind::Choice(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_) => &[],
        }
    }
}

impl Definition {
    /// The definition of a child execution of a Distributed Map.
    pub(crate) const fn of_processor(scope: Arc<Scope>) -> Self {
        Self { timeout_seconds: None, scope, variable_references: BTreeMap::new() }
    }
}
