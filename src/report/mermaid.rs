//! A graph as a Mermaid flowchart.

use super::graph::{Graph, Owner, Scope, State, Transition, TransitionKind};
use super::taken::{Look, Taken};
use crate::assertion::history::StateKind;

/// How the classes of [`Look`] are drawn, light and dark alike.
const STYLES: &str = "\
  classDef taken fill:#e9f8ef,stroke:#16794a,color:#1d2733
  classDef caught fill:#fff4df,stroke:#a86200,color:#1d2733
  classDef failed fill:#fdecea,stroke:#c22f2b,color:#1d2733,stroke-width:2px
  classDef aborted fill:#f3f5f8,stroke:#66717f,color:#1d2733
  classDef open fill:#e8f1fd,stroke:#1d62b8,color:#1d2733
  classDef untaken stroke-dasharray:4 3
";

pub(super) fn write(graph: &Graph, taken: Option<&Taken>) -> String {
    let mut chart =
        Chart { graph, taken, text: "flowchart TD\n".to_owned(), links: 0, marked_links: Vec::new() };
    if let Some(machine) = graph.scopes().first() {
        chart.scope(machine, 1);
    }
    chart.finish()
}

struct Chart<'g> {
    graph: &'g Graph,
    taken: Option<&'g Taken>,
    text: String,
    /// How many links there are so far: Mermaid styles them by their number.
    links: usize,
    marked_links: Vec<usize>,
}

impl Chart<'_> {
    fn scope(&mut self, scope: &Scope, depth: usize) {
        let graph = self.graph;
        for state in scope.states.iter().filter_map(|id| graph.state(*id)) {
            self.state(state, depth);
        }
        for (position, way) in graph.transitions().iter().enumerate().filter(|(_, way)| way.scope == scope.id)
        {
            self.link(position, way, depth);
        }
    }

    fn state(&mut self, state: &State, depth: usize) {
        let id = state.id.0;
        let kind = state.kind.as_str();
        let detail =
            if state.detail.is_empty() { kind.to_owned() } else { format!("{kind} · {}", state.detail) };
        let label = format!("\"{}<br/>{}\"", quoted(&state.name), quoted(&detail));
        if state.inner.is_empty() {
            let (open, close) = shape(state.kind);
            self.line(depth, &format!("s{id}{open}{label}{close}"));
            return;
        }
        self.line(depth, &format!("subgraph s{id}[{label}]"));
        for (position, scope) in state.inner.iter().filter_map(|id| self.graph.scope(*id)).enumerate() {
            let name = match scope.owner {
                Owner::Branch(_, index) => format!("branch {index}"),
                Owner::Processor(_) | Owner::Machine => "each item".to_owned(),
            };
            self.line(depth + 1, &format!("subgraph s{id}_{position}[\"{name}\"]"));
            self.line(depth + 2, "direction TB");
            self.scope(scope, depth + 2);
            self.line(depth + 1, "end");
        }
        self.line(depth, "end");
    }

    fn link(&mut self, position: usize, way: &Transition, depth: usize) {
        let scope = way.scope.0;
        let from = way.from.map_or_else(|| format!("start{scope}((\" \"))"), |id| format!("s{}", id.0));
        let to = way.to.map_or_else(|| format!("end{scope}(((\" \")))"), |id| format!("s{}", id.0));
        let label = match way.kind {
            TransitionKind::ChoiceDefault => "Default",
            TransitionKind::Start
            | TransitionKind::Next
            | TransitionKind::ChoiceRule(_)
            | TransitionKind::Catch(_)
            | TransitionKind::End => &way.label,
        };
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", quoted(label)) };
        let arrow = if matches!(way.kind, TransitionKind::Catch(_)) { "-.->" } else { "-->" };
        self.line(depth, &format!("{from} {arrow}{label} {to}"));
        if self.taken.is_some_and(|taken| taken.transition(position) > 0) {
            self.marked_links.push(self.links);
        }
        self.links += 1;
    }

    fn finish(mut self) -> String {
        let Some(taken) = self.taken else { return self.text };
        self.text.push_str(STYLES);
        let looks = [Look::Taken, Look::Caught, Look::Failed, Look::Aborted, Look::Open, Look::Untaken];
        for look in looks {
            let states = self.graph.states().iter();
            let ids: Vec<_> = states
                .filter(|state| taken.look(self.graph, state) == Some(look))
                .map(|state| format!("s{}", state.id.0))
                .collect();
            let class = look.classes().rsplit(' ').next().unwrap_or_default();
            if !ids.is_empty() {
                self.line(1, &format!("class {} {class}", ids.join(",")));
            }
        }
        if !self.marked_links.is_empty() {
            let numbers: Vec<_> = self.marked_links.iter().map(usize::to_string).collect();
            self.line(1, &format!("linkStyle {} stroke:#16794a,stroke-width:3px", numbers.join(",")));
        }
        self.text
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }
}

const fn shape(kind: StateKind) -> (&'static str, &'static str) {
    match kind {
        StateKind::Choice => ("{", "}"),
        StateKind::Succeed | StateKind::Fail => ("([", "])"),
        StateKind::Wait => ("[/", "/]"),
        StateKind::Task | StateKind::Pass | StateKind::Parallel | StateKind::Map => ("[", "]"),
    }
}

/// Text between quotes: whatever means something to Mermaid or to HTML is written by its number.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | ';' | '\\' => {
                quoted.extend(["#", &u32::from(c).to_string(), ";"]);
            }
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted
}
