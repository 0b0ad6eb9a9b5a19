//! A graph of what was seen, for histories whose definition nobody has: the states that were entered, and the ways that
//! were taken between them.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::state::{Graph, Owner, Scope, ScopeId, State, StateId};
use super::transition::{Transition, TransitionKind};
use crate::assertion::history::{Place, StateKind, Visit, VisitEnd, Visits};
use crate::model::HistoryEvent;

/// Deeper nesting is not drawn.
const DEEPEST: usize = 100;

impl Graph {
    /// `None` if no state was entered, or if there is nothing that could be drawn.
    pub(crate) fn observed(events: &[HistoryEvent], visits: &Visits) -> Option<Self> {
        let seen = Seen::of(events, visits);
        let mut graph = Self { states: Vec::new(), scopes: Vec::new(), transitions: Vec::new() };
        graph.add_scope(&seen, &Room::Machine, Owner::Machine, 0)?;
        Some(graph)
    }

    /// The scope with all inside it; `None` if it is empty or too deep.
    fn add_scope(&mut self, seen: &Seen, room: &Room, owner: Owner, depth: usize) -> Option<ScopeId> {
        let names = seen.rooms.get(room).filter(|_| depth < DEEPEST)?;
        let id = ScopeId(self.scopes.len());
        self.scopes.push(Scope { id, owner, start: StateId(self.states.len()), states: Vec::new() });
        let mut ids = IndexMap::new();
        for name in names {
            ids.insert(Arc::clone(name), self.add_state(seen, name, id, depth)?);
        }
        self.scopes.get_mut(id.0)?.states = ids.values().copied().collect();
        let find = |name: &Option<Arc<str>>| name.as_ref().and_then(|name| ids.get(name)).copied();
        for way in seen.ways.iter().filter(|way| way.room == *room) {
            let label = way.error.as_ref().map_or_else(String::new, Arc::to_string);
            let kind = self.kind_of(find(&way.from), way);
            self.transitions.push(Transition {
                scope: id,
                from: find(&way.from),
                kind,
                to: find(&way.to),
                label,
                errors: way.error.iter().cloned().collect(),
            });
        }
        Some(id)
    }

    fn add_state(&mut self, seen: &Seen, name: &Arc<str>, scope: ScopeId, depth: usize) -> Option<StateId> {
        let id = StateId(self.states.len());
        let (kind, detail) = seen.states.get(name).cloned()?;
        let (name, retriers) = (Arc::clone(name), Vec::new());
        let is_distributed = false;
        self.states.push(State {
            id,
            name,
            kind,
            scope,
            inner: Vec::new(),
            detail,
            retriers,
            is_distributed,
        });
        let own = self.states.last().map(|state| Arc::clone(&state.name))?;
        let mut inner = Vec::new();
        let rooms: Vec<&Room> = seen.rooms.keys().filter(|room| room.is_in(&own)).collect();
        let mut rooms: Vec<(usize, &Room)> = rooms.into_iter().map(|room| (room.index(), room)).collect();
        rooms.sort_by_key(|(index, _)| *index);
        for (index, room) in rooms {
            let owner = if kind == StateKind::Map { Owner::Processor(id) } else { Owner::Branch(id, index) };
            inner.push(self.add_scope(seen, room, owner, depth + 1)?);
        }
        self.states.get_mut(id.0)?.inner = inner;
        Some(id)
    }

    /// Numbered among those of its state, in the order in which they were first taken.
    fn kind_of(&self, from: Option<StateId>, way: &SeenWay) -> TransitionKind {
        let Some(from) = from else { return TransitionKind::Start };
        let earlier = |is_same: fn(TransitionKind) -> bool| {
            self.leaving(from).filter(|(_, other)| is_same(other.kind)).count()
        };
        let is_choice = self.state(from).is_some_and(|state| state.kind == StateKind::Choice);
        match (&way.to, way.is_catch) {
            (None, _) => TransitionKind::End,
            (Some(_), true) => {
                TransitionKind::Catch(earlier(|kind| matches!(kind, TransitionKind::Catch(_))))
            }
            (Some(_), false) if is_choice => {
                TransitionKind::ChoiceRule(earlier(|kind| matches!(kind, TransitionKind::ChoiceRule(_))))
            }
            (Some(_), false) => TransitionKind::Next,
        }
    }
}

/// Where states were entered: the same for all iterations of a Map.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Room {
    Machine,
    Branch(Arc<str>, usize),
    Processor(Arc<str>),
}

impl Room {
    fn of(visits: &Visits, visit: &Visit) -> Self {
        let name = |id| visits.get(id).map(|outer| Arc::clone(&outer.name)).unwrap_or_default();
        match visit.place {
            Place::Top => Self::Machine,
            Place::Branch { of, index } => Self::Branch(name(of), index),
            Place::Item { of, .. } => Self::Processor(name(of)),
        }
    }

    fn is_in(&self, state: &Arc<str>) -> bool {
        match self {
            Self::Machine => false,
            Self::Branch(of, _) | Self::Processor(of) => of == state,
        }
    }

    const fn index(&self) -> usize {
        if let Self::Branch(_, index) = self { *index } else { 0 }
    }
}

/// A way that was taken, once or more often.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct SeenWay {
    room: Room,
    from: Option<Arc<str>>,
    to: Option<Arc<str>>,
    is_catch: bool,
    error: Option<Arc<str>>,
}

/// What was seen, each in the order in which it was first.
#[derive(Debug, Default)]
struct Seen {
    /// The type and what it called.
    states: IndexMap<Arc<str>, (StateKind, String)>,
    rooms: IndexMap<Room, IndexSet<Arc<str>>>,
    ways: IndexSet<SeenWay>,
}

impl Seen {
    fn of(events: &[HistoryEvent], visits: &Visits) -> Self {
        let exit =
            |visit: &Visit| if let VisitEnd::Exited { event, .. } = visit.end { Some(event) } else { None };
        let by_exit: BTreeMap<u64, &Visit> =
            visits.iter().filter_map(|visit| Some((exit(visit)?, visit))).collect();
        let previous: BTreeMap<u64, u64> =
            events.iter().map(|event| (event.id, event.previous_event_id)).collect();
        let mut seen = Self::default();
        let mut led_on = Vec::new();
        for visit in visits.iter() {
            let room = seen.enter(visits, visit);
            let before = previous.get(&visit.entered).and_then(|previous| by_exit.get(previous)).copied();
            led_on.extend(before.map(|before| before.entered));
            let caught = before.and_then(Visit::caught);
            seen.ways.insert(SeenWay {
                room,
                from: before.map(|before| Arc::clone(&before.name)),
                to: Some(Arc::clone(&visit.name)),
                is_catch: caught.is_some(),
                error: caught.and_then(|failure| failure.error.clone()),
            });
        }
        led_on.sort_unstable();
        for visit in by_exit.values().filter(|visit| led_on.binary_search(&visit.entered).is_err()) {
            if visit.kind != StateKind::Succeed {
                let (room, from) = (Room::of(visits, visit), Some(Arc::clone(&visit.name)));
                seen.ways.insert(SeenWay { room, from, to: None, is_catch: false, error: None });
            }
        }
        seen
    }

    fn enter(&mut self, visits: &Visits, visit: &Visit) -> Room {
        let called = visit.attempts.iter().find_map(|attempt| attempt.call.as_ref());
        let detail =
            called.map(|call| call.resource.rsplit_once(":function:").map_or(&*call.resource, |(_, f)| f));
        let about = (visit.kind, detail.unwrap_or_default().to_owned());
        self.states.entry(Arc::clone(&visit.name)).or_insert(about);
        let room = Room::of(visits, visit);
        // A state belongs where it was seen first; the names of a definition are unique.
        if !self.rooms.values().any(|names| names.contains(&visit.name)) {
            self.rooms.entry(room.clone()).or_default().insert(Arc::clone(&visit.name));
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use crate::assertion::test_history::History;
    use crate::model::HistoryEventType as Type;
    use crate::report::graph::Graph;

    #[test]
    fn a_history_alone_shows_the_states_and_ways_that_were_taken() {
        let execution = History::started_with("{}")
            .enters(Type::ChoiceStateEntered, "Which?", "{}")
            .exits(Type::ChoiceStateExited, "Which?", "{}")
            .enters_task("Save", "{}")
            .calls("{}")
            .fails("Busy", "x")
            .exits_task("Save", "{}")
            .enters(Type::ChoiceStateEntered, "Which?", "{}")
            .exits(Type::ChoiceStateExited, "Which?", "{}")
            .passes("Done", "{}", "{}")
            .succeeded("{}");
        let graph = Graph::observed(&execution.record().events, execution.visits()).unwrap();
        let name = |id: Option<_>| id.and_then(|id| graph.state(id)).map_or("-", |state| &*state.name);
        let ways: Vec<_> = graph
            .transitions()
            .iter()
            .map(|way| format!("{} {} {} {}", name(way.from), way.kind, name(way.to), way.label))
            .collect();
        assert_eq!(
            ways,
            [
                "- Start Which? ",
                "Which? Choices[0] Save ",
                "Save Catch[0] Which? Busy",
                "Which? Choices[1] Done ",
                "Done End - ",
            ]
        );
        assert_eq!(graph.named("Save").unwrap().detail, "dynamodb:putItem");
    }

    #[test]
    fn branches_are_scopes_of_their_own() {
        let execution = History::started_with("{}")
            .enters(Type::ParallelStateEntered, "Both", "{}") // 2
            .bare(Type::ParallelStateStarted) // 3
            .passes("Left", "{}", "{}")
            .following(3)
            .passes("Right", "{}", "{}")
            .bare(Type::ParallelStateSucceeded)
            .succeeded("{}");
        let graph = Graph::observed(&execution.record().events, execution.visits()).unwrap();
        assert_eq!(graph.named("Both").unwrap().inner.len(), 2);
        assert_eq!(graph.named("Right").unwrap().scope, graph.scopes()[2].id);
    }

    #[test]
    fn where_nothing_was_entered_there_is_no_graph() {
        let execution = History::started_with("{}").succeeded("{}");
        assert!(Graph::observed(&execution.record().events, execution.visits()).is_none());
    }
}
