//! A picture of what an execution did.

use super::graph::{Graph, State, Transition};
use super::svg::{Badge, Decoration, Mark};
use super::taken::{Look, Stay, Taken};

/// Colours a graph by what was taken.
pub(super) struct Marked<'g> {
    pub(super) graph: &'g Graph,
    pub(super) taken: &'g Taken,
}

impl Decoration for Marked<'_> {
    fn state(&self, state: &State) -> Mark {
        let look = self.taken.look(self.graph, state);
        let stay = self.taken.state(state.id).cloned().unwrap_or_default();
        Mark {
            classes: look.map_or("", Look::classes).to_owned(),
            badges: badges(&stay),
            title: look.map(|look| told(look, &stay)),
        }
    }

    fn transition(&self, transition: &Transition) -> Mark {
        let same = |other: &Transition| {
            (other.scope, other.from, other.kind) == (transition.scope, transition.from, transition.kind)
        };
        let position = self.graph.transitions().iter().position(same);
        let count = position.map_or(0, |position| self.taken.transition(position));
        let source = transition.from.or(transition.to).and_then(|id| self.graph.state(id));
        let is_known = source.is_some_and(|state| self.taken.look(self.graph, state).is_some());
        match count {
            0 if is_known => Mark::classes("untaken"),
            0 => Mark::default(),
            1 => Mark { title: Some("taken".to_owned()), ..Mark::classes("taken") },
            _ => Mark { title: Some(format!("taken {count} times")), ..Mark::classes("taken") },
        }
    }
}

fn badges(stay: &Stay) -> Vec<Badge> {
    let badge = |class, text, title| Badge { class, text, title };
    let mut badges = Vec::new();
    if stay.entered > 1 {
        badges.push(badge("", format!("{}×", stay.entered), format!("entered {} times", stay.entered)));
    }
    match stay.retries {
        0 => {}
        1 => badges.push(badge("warn", "↻ 1".to_owned(), "retried once".to_owned())),
        n => badges.push(badge("warn", format!("↻ {n}"), format!("retried {n} times"))),
    }
    if stay.caught > 0 {
        badges.push(badge("warn", "caught".to_owned(), "its error was caught".to_owned()));
    }
    if stay.failed > 0 {
        badges.push(badge("bad", "failed".to_owned(), "it failed, and nothing caught that".to_owned()));
    }
    badges
}

fn told(look: Look, stay: &Stay) -> String {
    let how = match look {
        Look::Untaken => return "never entered".to_owned(),
        Look::Taken => "",
        Look::Caught => ", its error was caught",
        Look::Failed => ", failed",
        Look::Aborted => ", aborted",
        Look::Open => ", still going on",
    };
    let times =
        if stay.entered == 1 { "entered once".to_owned() } else { format!("entered {} times", stay.entered) };
    format!("{times}{how}")
}
