//! Which states and transitions of a graph an execution took, from its history alone.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, State, StateId, Transition, TransitionKind};
use crate::assertion::history::{StateKind, Visit, VisitEnd, Visits};
use crate::model::{ExecutionRecord, ExecutionStatus};

/// How often each state was entered and each transition taken, and how it went there.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    states: BTreeMap<StateId, Stay>,
    /// By the position of the transition in the graph.
    transitions: BTreeMap<usize, usize>,
}

/// All visits of one state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) entered: usize,
    /// Attempts beyond the first of each visit.
    pub(crate) retries: usize,
    pub(crate) caught: usize,
    pub(crate) aborted: usize,
    /// Visits that are still going on.
    pub(crate) open: usize,
    /// Visits with whose failure the execution, or the state around them, failed.
    pub(crate) failed: usize,
}

/// What matters most of all visits of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Untaken,
    Taken,
    Caught,
    Failed,
    Aborted,
    Open,
}

impl Look {
    /// The classes of a picture that show it.
    pub(crate) const fn classes(self) -> &'static str {
        match self {
            Self::Untaken => "untaken",
            Self::Taken => "taken",
            Self::Caught => "taken caught",
            Self::Failed => "taken failed",
            Self::Aborted => "taken aborted",
            Self::Open => "taken open",
        }
    }
}

impl Taken {
    pub(crate) fn of(graph: &Graph, record: &ExecutionRecord, visits: &Visits) -> Self {
        let mut taken = Self::default();
        let by_exit: BTreeMap<u64, &Visit> =
            visits.iter().filter_map(|visit| Some((exit(visit)?, visit))).collect();
        let previous_of: BTreeMap<u64, u64> =
            record.events.iter().map(|event| (event.id, event.previous_event_id)).collect();
        let mut went_on = BTreeSet::new();
        for visit in visits.iter() {
            let Some(state) = graph.named(&visit.name) else { continue };
            taken.count(state.id, visit, record.status);
            let before = previous_of.get(&visit.entered).and_then(|previous| by_exit.get(previous));
            match before {
                Some(before) => {
                    went_on.insert(before.entered);
                    taken.take_between(graph, before, state.id);
                }
                None => {
                    taken.take(graph, |way| way.kind == TransitionKind::Start && way.to == Some(state.id));
                }
            }
        }
        for visit in visits.iter().filter(|visit| exit(visit).is_some() && !went_on.contains(&visit.entered))
        {
            if let Some(state) = graph.named(&visit.name) {
                taken.take(graph, |way| way.from == Some(state.id) && way.kind == TransitionKind::End);
            }
        }
        taken.name_failed(graph, record);
        taken
    }

    pub(crate) fn state(&self, id: StateId) -> Option<&Stay> {
        self.states.get(&id)
    }

    /// How a state is to look. `None` if nobody can tell: it runs in executions of its own.
    pub(crate) fn look(&self, graph: &Graph, state: &State) -> Option<Look> {
        let Some(stay) = self.state(state.id) else {
            let scope_of =
                |state: &State| graph.scope(state.scope)?.container().and_then(|id| graph.state(id));
            let mut around = std::iter::successors(scope_of(state), |outer| scope_of(outer));
            let is_elsewhere = around.any(|outer| outer.is_distributed && self.state(outer.id).is_some());
            return (!is_elsewhere).then_some(Look::Untaken);
        };
        Some(match stay {
            Stay { failed: 1.., .. } => Look::Failed,
            Stay { open: 1.., .. } => Look::Open,
            Stay { caught: 1.., .. } => Look::Caught,
            Stay { aborted, entered, .. } if aborted == entered => Look::Aborted,
            Stay { .. } => Look::Taken,
        })
    }

    /// How often the transition at this position of the graph was taken.
    pub(crate) fn transition(&self, position: usize) -> usize {
        self.transitions.get(&position).copied().unwrap_or(0)
    }

    fn count(&mut self, id: StateId, visit: &Visit, status: ExecutionStatus) {
        let stay = self.states.entry(id).or_default();
        stay.entered += 1;
        stay.retries += visit.attempts.len().saturating_sub(1);
        stay.caught += usize::from(visit.caught().is_some());
        match visit.end {
            VisitEnd::Exited { .. } => {}
            VisitEnd::Aborted => stay.aborted += 1,
            VisitEnd::Open if status == ExecutionStatus::Running => stay.open += 1,
            VisitEnd::Open if visit.failure.is_some() || visit.kind == StateKind::Fail => stay.failed += 1,
            VisitEnd::Open => stay.aborted += 1,
        }
    }

    /// A state that failed since one inside it did has no failure of its own in some histories.
    fn name_failed(&mut self, graph: &Graph, record: &ExecutionRecord) {
        if record.status != ExecutionStatus::Failed {
            return;
        }
        let around = |id: StateId| {
            let scope = graph.state(id).and_then(|state| graph.scope(state.scope))?;
            scope.container()
        };
        let failed: Vec<StateId> =
            self.states.iter().filter(|(_, stay)| stay.failed > 0).map(|(id, _)| *id).collect();
        for id in failed {
            for outer in std::iter::successors(around(id), |outer| around(*outer)) {
                if let Some(stay) = self.states.get_mut(&outer).filter(|stay| stay.aborted > 0) {
                    stay.aborted -= 1;
                    stay.failed += 1;
                }
            }
        }
    }

    /// The transition from one visit to a state. Where several lead there and the history does not tell which it was,
    /// it is the first that fits.
    fn take_between(&mut self, graph: &Graph, before: &Visit, to: StateId) {
        let Some(from) = graph.named(&before.name) else { return };
        let fits = |way: &Transition| way.from == Some(from.id) && way.to == Some(to);
        match before.caught() {
            Some(failure) => {
                let error = failure.error.as_deref().unwrap_or_default();
                let catches = |way: &Transition| fits(way) && way.catches(error);
                if !self.take(graph, catches) {
                    self.take(graph, |way| fits(way) && matches!(way.kind, TransitionKind::Catch(_)));
                }
            }
            None => {
                self.take(graph, |way| fits(way) && !matches!(way.kind, TransitionKind::Catch(_)));
            }
        };
    }

    /// Counts the first transition that fits. Whether there is one.
    fn take(&mut self, graph: &Graph, fits: impl Fn(&Transition) -> bool) -> bool {
        let found = graph.transitions().iter().position(fits);
        if let Some(position) = found {
            *self.transitions.entry(position).or_default() += 1;
        }
        found.is_some()
    }
}

fn exit(visit: &Visit) -> Option<u64> {
    if let VisitEnd::Exited { event, .. } = visit.end { Some(event) } else { None }
}
