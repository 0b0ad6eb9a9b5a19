//! Where in an execution a state is entered: the branches and iterations around it.

use std::fmt;
use std::sync::Arc;

/// The branches and iterations around a state, from the outermost to the innermost; none at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StatePlace {
    pub(crate) steps: Vec<PlaceStep>,
}

/// One branch of a Parallel, or one iteration of a Map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PlaceStep {
    /// The name of the Parallel or Map state.
    pub(crate) state: Arc<str>,
    pub(crate) part: PlacePart,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PlacePart {
    /// A branch, known by the name of its first state: its number is in no history, and branches of one Parallel may
    /// begin in any order.
    Branch { first: Arc<str> },
    /// An iteration, counted from 0.
    Item { index: usize },
}

impl StatePlace {
    /// The place behind an "in", for the end of a phrase; nothing at the top.
    pub(crate) fn suffix(&self) -> String {
        if self.steps.is_empty() { String::new() } else { format!(" in {self}") }
    }
}

/// Item 2 of "Each", in backticks; of nested ones the outermost first, with ` > ` between them.
impl fmt::Display for StatePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, PlaceStep { state, part }) in self.steps.iter().enumerate() {
            let separator = if at == 0 { "" } else { " > " };
            match part {
                PlacePart::Branch { first } => write!(f, "{separator}branch `{first}` of `{state}`")?,
                PlacePart::Item { index } => write!(f, "{separator}item {index} of `{state}`")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_from_the_outside_in() {
        let step = |state: &str, part| PlaceStep { state: state.into(), part };
        let branch = PlacePart::Branch { first: "Pay".into() };
        let place =
            StatePlace { steps: vec![step("Each", PlacePart::Item { index: 2 }), step("Both", branch)] };
        assert_eq!(place.to_string(), "item 2 of `Each` > branch `Pay` of `Both`");
        assert_eq!(place.suffix(), " in item 2 of `Each` > branch `Pay` of `Both`");
        assert_eq!(StatePlace::default().suffix(), "");
    }
}
