//! What a picture shows beside the graph: classes that colour a state or transition, and small signs at its corner.

use crate::report::graph::{State, Transition};

/// Tells how to mark each state and transition.
///
/// These classes have colours: `taken`, `untaken`, `failed` (with it the execution ended), `caught` (it failed and a
/// catcher led on), `aborted`, `open` (it is still going on).
pub(crate) trait Decoration {
    fn state(&self, state: &State) -> Mark;
    fn transition(&self, transition: &Transition) -> Mark;
}

/// How one state or transition is marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Class names with blanks between; they go into the picture as they are.
    pub(crate) classes: String,
    /// Shown at the upper right corner of a state. Those of a transition are not drawn.
    pub(crate) badges: Vec<Badge>,
    /// What the pointer shows, below the name.
    pub(crate) title: Option<String>,
}

/// A few characters in a pill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Badge {
    /// `good`, `bad`, `warn` or nothing.
    pub(crate) class: &'static str,
    pub(crate) text: String,
    pub(crate) title: String,
}

/// A definition of which nothing is known but its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain;

impl Decoration for Plain {
    fn state(&self, _: &State) -> Mark {
        Mark::default()
    }

    fn transition(&self, _: &Transition) -> Mark {
        Mark::default()
    }
}

impl Mark {
    pub(crate) fn classes(classes: impl Into<String>) -> Self {
        Self { classes: classes.into(), ..Self::default() }
    }
}
