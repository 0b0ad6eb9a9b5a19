//! A graph in the DOT language.

use super::graph::{Graph, Owner, Scope, State, StateId, Transition, TransitionKind};
use super::taken::{Look, Taken};
use crate::assertion::history::StateKind;

pub(super) fn write(graph: &Graph, taken: Option<&Taken>) -> String {
    let mut dot = Dot { graph, taken, text: String::new() };
    dot.line(0, "digraph {");
    dot.line(1, "compound=true;");
    dot.line(1, "node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Arial\"];");
    dot.line(1, "edge [fontname=\"Arial\", fontsize=10];");
    if let Some(machine) = graph.scopes().first() {
        dot.scope(machine, 1);
    }
    dot.line(0, "}");
    dot.text
}

struct Dot<'g> {
    graph: &'g Graph,
    taken: Option<&'g Taken>,
    text: String,
}

impl Dot<'_> {
    fn scope(&mut self, scope: &Scope, depth: usize) {
        let graph = self.graph;
        let id = scope.id.0;
        self.line(depth, &format!("start{id} [shape=circle, label=\"\", width=0.2];"));
        let ways = graph.transitions().iter().enumerate().filter(|(_, way)| way.scope == scope.id);
        if ways.clone().any(|(_, way)| way.to.is_none()) {
            self.line(depth, &format!("end{id} [shape=doublecircle, label=\"\", width=0.15];"));
        }
        for state in scope.states.iter().filter_map(|id| graph.state(*id)) {
            self.state(state, depth);
        }
        for (position, way) in ways {
            self.edge(position, way, depth);
        }
    }

    fn state(&mut self, state: &State, depth: usize) {
        let id = state.id.0;
        let kind = state.kind.as_str();
        let detail =
            if state.detail.is_empty() { kind.to_owned() } else { format!("{kind} · {}", state.detail) };
        let label = format!("{}\\n{}", quoted(&state.name), quoted(&detail));
        let colours = self.colours(state);
        if state.inner.is_empty() {
            let shape = match state.kind {
                StateKind::Choice => ", shape=diamond, style=filled",
                StateKind::Task
                | StateKind::Pass
                | StateKind::Wait
                | StateKind::Succeed
                | StateKind::Fail
                | StateKind::Parallel
                | StateKind::Map => "",
            };
            self.line(depth, &format!("s{id} [label=\"{label}\"{shape}{colours}];"));
            return;
        }
        self.line(depth, &format!("subgraph cluster_s{id} {{"));
        self.line(depth + 1, &format!("label=\"{label}\";"));
        self.line(depth + 1, &format!("s{id} [shape=point, style=invis];"));
        for (position, scope) in state.inner.iter().filter_map(|id| self.graph.scope(*id)).enumerate() {
            let name = match scope.owner {
                Owner::Branch(_, index) => format!("branch {index}"),
                Owner::Processor(_) | Owner::Machine => "each item".to_owned(),
            };
            self.line(depth + 1, &format!("subgraph cluster_s{id}_{position} {{"));
            self.line(depth + 2, &format!("label=\"{name}\"; style=dashed;"));
            self.scope(scope, depth + 2);
            self.line(depth + 1, "}");
        }
        self.line(depth, "}");
    }

    fn colours(&self, state: &State) -> String {
        let look = self.taken.and_then(|taken| taken.look(self.graph, state));
        let (back, line) = match look {
            None => return String::new(),
            Some(Look::Untaken) => ("#ffffff", "#c4ccd5"),
            Some(Look::Taken) => ("#e9f8ef", "#16794a"),
            Some(Look::Caught) => ("#fff4df", "#a86200"),
            Some(Look::Failed) => ("#fdecea", "#c22f2b"),
            Some(Look::Aborted) => ("#f3f5f8", "#66717f"),
            Some(Look::Open) => ("#e8f1fd", "#1d62b8"),
        };
        format!(", fillcolor=\"{back}\", color=\"{line}\"")
    }

    /// Ways of a state with an inside begin and end at its border.
    fn edge(&mut self, position: usize, way: &Transition, depth: usize) {
        let scope = way.scope.0;
        let from = way.from.map_or_else(|| format!("start{scope}"), |id| format!("s{}", id.0));
        let to = way.to.map_or_else(|| format!("end{scope}"), |id| format!("s{}", id.0));
        let mut attributes = Vec::new();
        let label = if way.kind == TransitionKind::ChoiceDefault { "Default" } else { &way.label };
        if !label.is_empty() {
            attributes.push(format!("label=\"{}\"", quoted(label)));
        }
        if matches!(way.kind, TransitionKind::Catch(_)) {
            attributes.push("style=dashed".to_owned());
        }
        for (end, attribute) in [(way.from, "ltail"), (way.to, "lhead")] {
            if let Some(id) = end.filter(|id| self.has_inside(*id)) {
                attributes.push(format!("{attribute}=cluster_s{}", id.0));
            }
        }
        if self.taken.is_some_and(|taken| taken.transition(position) > 0) {
            attributes.push("color=\"#16794a\", penwidth=2".to_owned());
        }
        let attributes =
            if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        self.line(depth, &format!("{from} -> {to}{attributes};"));
    }

    fn has_inside(&self, id: StateId) -> bool {
        self.graph.state(id).is_some_and(|state| !state.inner.is_empty())
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }
}

fn quoted(text: &str) -> String {
    text.replace(char::is_control, " ").replace('\\', "\\\\").replace('"', "\\\"")
}
