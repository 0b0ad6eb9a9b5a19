//! How the graph of a definition shows what was taken: by colour, by line, and by signs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definition_coverage::DefinitionCoverage;
use super::point::{Point, PointKind};
use crate::report::graph::{Graph, State, Transition, TransitionKind};
use crate::report::svg::{Badge, Decoration, Mark};

/// What was taken of the states and transitions of a graph.
pub(crate) struct Taken<'g> {
    graph: &'g Graph,
    /// By state: how often it was entered, and what of it was never taken.
    states: BTreeMap<Arc<str>, (u64, Vec<String>)>,
    transitions: BTreeMap<(Arc<str>, TransitionKind), u64>,
}

impl<'g> Taken<'g> {
    pub(crate) fn new(graph: &'g Graph, coverage: &DefinitionCoverage) -> Self {
        let mut states = BTreeMap::new();
        let mut transitions = BTreeMap::new();
        for state in &coverage.states {
            let of_state = |point: &&Point| point.state.as_ref() == Some(&state.name) && !point.is_taken();
            let gaps = coverage.points.iter().filter(of_state).filter(|point| point.kind != PointKind::State);
            states.insert(Arc::clone(&state.name), (state.entered, gaps.map(Point::never).collect()));
        }
        for point in &coverage.points {
            if let (Some(state), Some(kind)) = (&point.state, transition_kind(point)) {
                transitions.insert((Arc::clone(state), kind), point.hits);
            }
        }
        Self { graph, states, transitions }
    }

    /// A scope starts when its first state is entered from outside, which is not told apart from a loop.
    fn hits(&self, transition: &Transition) -> Option<u64> {
        let name = |id| self.graph.state(id).map(|state| Arc::clone(&state.name));
        match transition.from {
            Some(from) => self.transitions.get(&(name(from)?, transition.kind)).copied(),
            None => self.states.get(&name(transition.to?)?).map(|(entered, _)| *entered),
        }
    }
}

/// The way in the picture that a point is about.
const fn transition_kind(point: &Point) -> Option<TransitionKind> {
    match &point.kind {
        PointKind::Next { .. } => Some(TransitionKind::Next),
        PointKind::End => Some(TransitionKind::End),
        PointKind::Rule { index, .. } => Some(TransitionKind::ChoiceRule(*index)),
        PointKind::Default { .. } => Some(TransitionKind::ChoiceDefault),
        PointKind::Catcher { index, .. } => Some(TransitionKind::Catch(*index)),
        PointKind::State | PointKind::Retrier { .. } | PointKind::Timeout | PointKind::Heartbeat => None,
    }
}

impl Decoration for Taken<'_> {
    fn state(&self, state: &State) -> Mark {
        let Some((entered, gaps)) = self.states.get(&state.name) else { return Mark::default() };
        if *entered == 0 {
            let badge = Badge { class: "bad", text: "✗".to_owned(), title: "never entered".to_owned() };
            return Mark {
                classes: "never".to_owned(),
                badges: vec![badge],
                title: Some("never entered".to_owned()),
            };
        }
        let times =
            if *entered == 1 { "entered once".to_owned() } else { format!("entered {entered} times") };
        let mut badges = vec![Badge { class: "good", text: format!("{entered}×"), title: times.clone() }];
        let gaps: BTreeSet<&String> = gaps.iter().collect();
        let told: Vec<&str> = gaps.iter().map(|gap| gap.as_str()).collect();
        if !gaps.is_empty() {
            badges.push(Badge { class: "bad", text: format!("✗ {}", gaps.len()), title: told.join("\n") });
        }
        let title = std::iter::once(times.as_str()).chain(told).collect::<Vec<_>>().join("\n");
        Mark { classes: "taken".to_owned(), badges, title: Some(title) }
    }

    fn transition(&self, transition: &Transition) -> Mark {
        match self.hits(transition) {
            None => Mark::default(),
            Some(0) => Mark { title: Some("never taken".to_owned()), ..Mark::classes("never") },
            Some(1) => Mark { title: Some("taken once".to_owned()), ..Mark::classes("taken") },
            Some(n) => Mark { title: Some(format!("taken {n} times")), ..Mark::classes("taken") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::coverage::fixture::partly;

    #[test]
    fn states_and_ways_are_marked_by_what_was_taken() {
        let coverage = partly();
        let graph = Graph::of_text(&coverage.text).unwrap();
        let taken = Taken::new(&graph, &coverage);
        let state = |name: &str| taken.state(graph.named(name).unwrap());
        let texts = |mark: &Mark| mark.badges.iter().map(|badge| badge.text.clone()).collect::<Vec<_>>();
        let pay = state("Pay");
        assert_eq!((pay.classes.as_str(), texts(&pay)), ("taken", vec!["1×".to_owned(), "✗ 3".to_owned()]));
        assert!(pay.title.unwrap().starts_with("entered once\n"));
        let refuse = state("Refuse");
        assert_eq!((refuse.classes.as_str(), texts(&refuse)), ("never", vec!["✗".to_owned()]));
        let way = |name: &str, kind| {
            let from = graph.named(name).unwrap().id;
            let mut leaving = graph.leaving(from).map(|(_, transition)| transition);
            taken.transition(leaving.find(|transition| transition.kind == kind).unwrap()).classes
        };
        assert_eq!(way("Check", TransitionKind::ChoiceRule(0)), "taken");
        assert_eq!(way("Check", TransitionKind::ChoiceRule(1)), "never");
        assert_eq!(way("Check", TransitionKind::ChoiceDefault), "never");
        assert_eq!(way("Pay", TransitionKind::Next), "taken");
        assert_eq!(way("Pay", TransitionKind::Catch(0)), "never");
        assert_eq!(way("Note", TransitionKind::End), "never");
        let start = graph.transitions().iter().find(|one| one.from.is_none()).unwrap();
        assert_eq!(taken.transition(start).classes, "taken");
    }
}
