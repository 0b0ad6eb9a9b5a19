//! A definition, or what an execution did of it, in every form that can be drawn.

use std::fmt;

use super::graph::{Graph, NoGraph};
use super::layout::Layout;
use super::marked::Marked;
use super::svg::{Plain, document};
use super::taken::Taken;
use super::{dot, mermaid, outline};
use crate::assertion::Execution;

/// The states of a definition and the ways between them, as a picture or as a text that others draw.
///
/// ```
/// use sfn_testkit::Diagram;
///
/// let diagram = Diagram::of_definition(r#"{
///     "StartAt": "Pay",
///     "States": {
///         "Pay": {
///             "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done",
///             "Catch": [{"ErrorEquals": ["Card.Declined"], "Next": "Refused"}]
///         },
///         "Done": {"Type": "Succeed"},
///         "Refused": {"Type": "Fail", "Error": "Refused"}
///     }
/// }"#)?;
/// assert_eq!(diagram.outline(), "\
/// Start -> Pay
/// Pay (Task · lambda:invoke)
///   Next -> Done
///   Catch[0] Card.Declined -> Refused
/// Done (Succeed)
/// Refused (Fail · Refused)
/// ");
/// # Ok::<(), sfn_testkit::NoGraph>(())
/// ```
///
/// [`Execution::diagram`] gives one in which the path taken is marked.
#[derive(Debug)]
pub struct Diagram {
    graph: Graph,
    /// Of an execution.
    taken: Option<Taken>,
}

impl Diagram {
    /// Of the text of a definition. It need not be one that could be run: expressions are shown, not read.
    ///
    /// # Errors
    /// If it is no JSON, if a state has no type, or if something leads to a state that is not there.
    pub fn of_definition(definition: &str) -> Result<Self, NoGraph> {
        Ok(Self { graph: Graph::of_text(definition)?, taken: None })
    }

    /// An SVG file of its own: laid out from top to bottom, with branches and items inside their states.
    #[must_use]
    pub fn svg(&self) -> String {
        let layout = Layout::of(&self.graph);
        match &self.taken {
            Some(taken) => document(&layout, &Marked { graph: &self.graph, taken }),
            None => document(&layout, &Plain),
        }
    }

    /// A flowchart for Mermaid, which GitHub and many editors draw.
    ///
    /// Source: <https://mermaid.js.org/syntax/flowchart.html>
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::write(&self.graph, self.taken.as_ref())
    }

    /// A graph in the DOT language, which Graphviz draws.
    ///
    /// Source: <https://graphviz.org/doc/info/lang.html>
    #[must_use]
    pub fn dot(&self) -> String {
        dot::write(&self.graph, self.taken.as_ref())
    }

    /// Lines of text: each state with its type and what it does, and below it where its ways lead. Of an execution, `*`
    /// marks what was taken, `!` what failed.
    #[must_use]
    pub fn outline(&self) -> String {
        outline::write(&self.graph, self.taken.as_ref())
    }
}

/// The outline.
impl fmt::Display for Diagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.outline())
    }
}

impl Execution {
    /// The definition that it ran, with the path taken marked; `None` where only a history is known, which
    /// [`diagram_of`](Self::diagram_of) can be told the definition of.
    #[must_use]
    pub fn diagram(&self) -> Option<Diagram> {
        self.diagram_of(self.definition()?).ok()
    }

    /// The path that it took in this definition.
    ///
    /// # Errors
    /// As those of [`Diagram::of_definition`].
    pub fn diagram_of(&self, definition: &str) -> Result<Diagram, NoGraph> {
        let graph = Graph::of_text(definition)?;
        let taken = Taken::of(&graph, self.record(), self.visits());
        Ok(Diagram { graph, taken: Some(taken) })
    }
}
