//! A graph in lines of text.

use super::graph::{Graph, Owner, Scope, State, Transition};
use super::taken::{Look, Taken};

pub(super) fn write(graph: &Graph, taken: Option<&Taken>) -> String {
    let mut outline = Outline { graph, taken, lines: Vec::new() };
    if let Some(machine) = graph.scopes().first() {
        outline.scope(machine, 0);
    }
    outline.lines.into_iter().map(|line| line + "\n").collect()
}

struct Outline<'g> {
    graph: &'g Graph,
    taken: Option<&'g Taken>,
    lines: Vec<String>,
}

impl Outline<'_> {
    fn scope(&mut self, scope: &Scope, depth: usize) {
        let graph = self.graph;
        let starts = |way: &&(usize, &Transition)| way.1.scope == scope.id && way.1.from.is_none();
        if let Some(start) = graph.transitions().iter().enumerate().find(|way| starts(&way)) {
            self.way(start, depth);
        }
        for state in scope.states.iter().filter_map(|id| graph.state(*id)) {
            self.state(state, depth);
            for inner in state.inner.iter().filter_map(|id| graph.scope(*id)) {
                if let Owner::Branch(_, index) = inner.owner {
                    self.line(' ', depth + 1, &format!("branch {index}"));
                } else {
                    self.line(' ', depth + 1, "each item");
                }
                self.scope(inner, depth + 2);
            }
            for way in graph.leaving(state.id) {
                self.way(way, depth + 1);
            }
        }
    }

    fn state(&mut self, state: &State, depth: usize) {
        let look = self.taken.and_then(|taken| taken.look(self.graph, state));
        let mark = match look {
            Some(Look::Failed) => '!',
            Some(Look::Untaken) | None => ' ',
            Some(Look::Taken | Look::Caught | Look::Aborted | Look::Open) => '*',
        };
        let detail = if state.detail.is_empty() { String::new() } else { format!(" · {}", state.detail) };
        let text = format!("{} ({}{detail}){}", state.name, state.kind.as_str(), self.count(state));
        self.line(mark, depth, &text);
    }

    fn count(&self, state: &State) -> String {
        let Some(stay) = self.taken.and_then(|taken| taken.state(state.id)) else { return String::new() };
        let mut parts = Vec::new();
        if stay.entered > 1 {
            parts.push(format!("entered {} times", stay.entered));
        }
        if stay.retries > 0 {
            let plural = if stay.retries == 1 { "retry" } else { "retries" };
            parts.push(format!("{} {plural}", stay.retries));
        }
        if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
    }

    fn way(&mut self, (position, way): (usize, &Transition), depth: usize) {
        let is_taken = self.taken.is_some_and(|taken| taken.transition(position) > 0);
        let target = way.to.and_then(|id| self.graph.state(id));
        let target = target.map_or("End", |state| &*state.name);
        let label = if way.label.is_empty() { String::new() } else { format!(" {}", way.label) };
        let text =
            if way.to.is_none() { "End".to_owned() } else { format!("{}{label} -> {target}", way.kind) };
        self.line(if is_taken { '*' } else { ' ' }, depth, &text);
    }

    /// Marks have a column of their own where something can be marked.
    fn line(&mut self, mark: char, depth: usize, text: &str) {
        let one_line = text.replace(char::is_control, " ");
        let margin = if self.taken.is_some() { format!("{mark} ") } else { String::new() };
        self.lines.push(format!("{margin}{}{one_line}", "  ".repeat(depth)));
    }
}
