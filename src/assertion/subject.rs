//! Which visits an assertion looks at: those of a state, everywhere or inside a branch or an iteration, all or one.

use std::fmt;
use std::sync::Arc;

use super::Execution;
use super::history::{Place, Visit, VisitId};

/// The visits of a state that an assertion is about.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) name: Arc<str>,
    pub(crate) scope: Scope,
    /// Counted from 1, among those in the scope.
    nth: Option<usize>,
}

/// The whole execution, or what lies inside a branch or an iteration of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope(Option<Arc<Inside>>);

#[derive(Debug)]
struct Inside {
    container: Subject,
    part: Part,
}

/// A branch of a Parallel state, or an iteration of a Map state, counted from 0 as on AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Branch(usize),
    Iteration(usize),
}

impl Subject {
    pub(crate) fn new(name: &str, scope: Scope) -> Self {
        Self { name: name.into(), scope, nth: None }
    }

    pub(crate) fn nth(&self, nth: usize) -> Self {
        Self { nth: Some(nth), ..self.clone() }
    }

    /// One part of the Parallel or Map state that this is.
    pub(crate) fn part(&self, part: Part) -> Scope {
        Scope(Some(Arc::new(Inside { container: self.clone(), part })))
    }

    pub(crate) fn ids(&self, execution: &Execution) -> Vec<VisitId> {
        let mut ids = self.scope.ids(execution);
        ids.retain(|id| execution.visits.get(*id).is_some_and(|visit| visit.name == self.name));
        match self.nth {
            Some(nth) => ids.into_iter().skip(nth.wrapping_sub(1)).take(1).collect(),
            None => ids,
        }
    }

    pub(crate) fn visits<'e>(&self, execution: &'e Execution) -> Vec<&'e Visit> {
        self.ids(execution).into_iter().filter_map(|id| execution.visits.get(id)).collect()
    }
}

impl Scope {
    /// The Parallel or Map state around it, and which of its parts it is.
    pub(crate) fn container(&self) -> Option<(&Subject, Part)> {
        self.0.as_ref().map(|inside| (&inside.container, inside.part))
    }

    /// In the order of entry.
    pub(crate) fn ids(&self, execution: &Execution) -> Vec<VisitId> {
        let visits = &execution.visits;
        let Some(inside) = &self.0 else { return visits.ids().collect() };
        let containers = inside.container.ids(execution);
        let is_part = |place: Place| match (place, inside.part) {
            (Place::Branch { of, index }, Part::Branch(wanted))
            | (Place::Item { of, index }, Part::Iteration(wanted)) => {
                index == wanted && containers.contains(&of)
            }
            (Place::Top | Place::Branch { .. } | Place::Item { .. }, _) => false,
        };
        let lies_inside = |id: &VisitId| {
            visits.upwards(*id).any(|up| visits.get(up).is_some_and(|visit| is_part(visit.place)))
        };
        visits.ids().filter(lies_inside).collect()
    }

    pub(crate) fn visits<'e>(&self, execution: &'e Execution) -> Vec<&'e Visit> {
        self.ids(execution).into_iter().filter_map(|id| execution.visits.get(id)).collect()
    }

    /// The names of the states entered there, in order.
    pub(crate) fn path(&self, execution: &Execution) -> Vec<String> {
        self.visits(execution).iter().map(|visit| visit.name.to_string()).collect()
    }

    /// What goes on a sentence, ``in iteration 2 of `Each` `` after a blank; nothing of a whole execution.
    pub(crate) fn suffix(&self) -> String {
        self.0.as_ref().map_or(String::new(), |inside| format!(" in {inside}"))
    }
}

impl From<&str> for Subject {
    fn from(name: &str) -> Self {
        Self::new(name, Scope::default())
    }
}

impl From<String> for Subject {
    fn from(name: String) -> Self {
        Self::from(name.as_str())
    }
}

/// `` `Pay` ``, with what it is narrowed to: `` `Pay` (visit 2, iteration 2 of `Each`) ``.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = self.nth.map(|nth| format!("visit {nth}"));
        let inside = self.scope.0.as_ref().map(ToString::to_string);
        let narrowed: Vec<_> = nth.into_iter().chain(inside).collect();
        write!(f, "`{}`", self.name)?;
        if narrowed.is_empty() { Ok(()) } else { write!(f, " ({})", narrowed.join(", ")) }
    }
}

/// ``iteration 2 of `Each` ``.
impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of `{}`", self.part, self.container.name)?;
        if let Some(nth) = self.container.nth {
            write!(f, " (visit {nth})")?;
        }
        self.container.scope.0.iter().try_for_each(|outer| write!(f, " in {outer}"))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch(index) => write!(f, "branch {index}"),
            Self::Iteration(index) => write!(f, "iteration {index}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::test_history::History;
    use crate::model::HistoryEventType as Type;

    #[test]
    fn a_subject_names_what_it_is_narrowed_to() {
        let each = Subject::from("Each").nth(2);
        let pay = Subject::new("Pay", each.part(Part::Iteration(3))).nth(1);
        assert_eq!(pay.to_string(), "`Pay` (visit 1, iteration 3 of `Each` (visit 2))");
        let inner = pay.part(Part::Branch(0));
        assert_eq!(inner.suffix(), " in branch 0 of `Pay` (visit 1) in iteration 3 of `Each` (visit 2)");
        assert_eq!(Subject::from("Pay").to_string(), "`Pay`");
        assert_eq!(Scope::default().suffix(), "");
    }

    #[test]
    fn iterations_are_told_apart_at_any_depth() {
        // Each has two iterations; each enters Both, a Parallel state, with one branch that enters A.
        let mut history =
            History::started_with("[1,2]").enters(Type::MapStateEntered, "Each", "[1,2]").map_started(2);
        for index in 0..2 {
            history = history
                .following(3)
                .iteration(Type::MapIterationStarted, "Each", index)
                .enters(Type::ParallelStateEntered, "Both", "1")
                .bare(Type::ParallelStateStarted)
                .passes("A", "1", &index.to_string());
        }
        let execution = history.running();
        let second = Subject::from("Each").part(Part::Iteration(1));
        assert_eq!(second.path(&execution), ["Both", "A"]);
        let a = Subject::new("A", Subject::new("Both", second.clone()).part(Part::Branch(0)));
        let [visit] = a.visits(&execution)[..] else { panic!("not one visit") };
        assert_eq!(&**visit.output().unwrap(), "1");
        assert!(Subject::from("Each").part(Part::Branch(1)).path(&execution).is_empty());
        assert!(Subject::new("Both", second).part(Part::Branch(1)).path(&execution).is_empty());
    }

    #[test]
    fn visits_are_counted_from_one() {
        let history =
            History::started_with("1").passes("A", "1", "1").passes("B", "1", "1").passes("A", "2", "2");
        let execution = history.running();
        let inputs = |nth| {
            Subject::from("A")
                .nth(nth)
                .visits(&execution)
                .iter()
                .map(|visit| visit.input.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!((inputs(1), inputs(2)), (vec!["1".to_owned()], vec!["2".to_owned()]));
        assert_eq!((inputs(0), inputs(3)), (vec![], vec![]));
    }
}
