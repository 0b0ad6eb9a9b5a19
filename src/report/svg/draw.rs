//! The picture itself: boxes from the outermost inwards, then ways, then what stands above them.

use super::decoration::{Badge, Decoration, Mark};
use super::icon::icon;
use super::writer::{class, number, path, rect, text, title};
use crate::report::graph::{Owner, ScopeId, State, Transition, TransitionKind};
use crate::report::layout::{
    Edge, Font, Heading, ICON_GAP, ICON_SIZE, Layout, Marker, MarkerKind, PADDING, Panel, Point, Rect,
    TITLE_LINE, width_of,
};

/// How the classes of a picture look, in light and in dark.
pub(crate) const STYLE: &str = include_str!("graph.css");

const CORNER: f64 = 8.0;
const TITLE_BASELINE: f64 = 23.0;
const DETAIL_BELOW: f64 = 15.0;
const BADGE_HEIGHT: f64 = 16.0;
/// How far a badge stands out to the right of its box.
const OVERHANG: f64 = 8.0;

/// An SVG file of its own, with its style.
pub(crate) fn document(layout: &Layout, decoration: &dyn Decoration) -> String {
    let picture = svg(layout, decoration);
    let (open, rest) = picture.split_once('>').unwrap_or((&picture, ""));
    format!("{open}><style>{STYLE}</style>{rest}\n")
}

/// The `<svg>` element without its style. States are `g.state[data-state="<StateId>"]`, transitions
/// `g.way[data-way="<position>"]`, and labels `g.label` with the same.
pub(crate) fn svg(layout: &Layout, decoration: &dyn Decoration) -> String {
    let picture = Picture::new(layout, decoration);
    let mut parts = vec![format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="sfn-graph" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="State machine graph">"#,
        w = number(layout.width),
        h = number(layout.height),
    )];
    let (outer, leaves): (Vec<_>, Vec<_>) =
        layout.graph.states().iter().partition(|state| !state.inner.is_empty());
    parts.extend(outer.into_iter().map(|state| picture.state(state)));
    let (taken, others): (Vec<_>, Vec<_>) = layout.edges.iter().partition(|edge| picture.stands_out(edge));
    parts.extend(others.iter().chain(&taken).filter_map(|edge| picture.way(edge)));
    parts.extend(layout.markers.iter().map(marker));
    parts.extend(leaves.into_iter().map(|state| picture.state(state)));
    parts.extend(layout.edges.iter().filter_map(|edge| picture.label(edge)));
    parts.extend(layout.graph.states().iter().filter_map(|state| picture.badges(state)));
    parts.push("</svg>".to_owned());
    parts.join("\n")
}

struct Picture<'l> {
    layout: &'l Layout,
    /// By state and by transition.
    states: Vec<Mark>,
    transitions: Vec<Mark>,
}

impl<'l> Picture<'l> {
    fn new(layout: &'l Layout, decoration: &dyn Decoration) -> Self {
        let states = layout.graph.states().iter().map(|state| decoration.state(state)).collect();
        let transitions =
            layout.graph.transitions().iter().map(|transition| decoration.transition(transition)).collect();
        Self { layout, states, transitions }
    }

    fn rect(&self, state: &State) -> Rect {
        self.layout.boxes.get(state.id.0).copied().unwrap_or_default()
    }

    fn state(&self, state: &State) -> String {
        let mark = self.states.get(state.id.0).cloned().unwrap_or_default();
        let kind = state.kind.as_str();
        let shape = if state.inner.is_empty() { "leaf" } else { "container" };
        let told = [state.name.to_string(), retries(state), mark.title.clone().unwrap_or_default()];
        let told = told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let mut parts = vec![format!(
            r#"<g {} data-state="{}">"#,
            class(&["state", &kind.to_lowercase(), shape, &mark.classes]),
            state.id.0
        )];
        parts.push(title(&told));
        parts.push(rect(r#"class="box""#, self.rect(state), CORNER));
        parts.extend(self.caption(state));
        parts.extend(
            self.layout.panels.iter().filter(|panel| panel.of == state.id).map(|panel| self.panel(panel)),
        );
        parts.push("</g>".to_owned());
        parts.concat()
    }

    /// The sign, the name and what the state does.
    fn caption(&self, state: &State) -> Vec<String> {
        let own = self.rect(state);
        let Some(caption) = self.layout.captions.get(state.id.0) else { return Vec::new() };
        let icon_at = format!("translate({} {})", number(own.x + PADDING), number(own.y + PADDING));
        let mut parts =
            vec![format!(r#"<path class="icon" transform="{icon_at}" d="{}"/>"#, icon(state.kind))];
        let mut at = Point { x: own.x + PADDING + ICON_SIZE + ICON_GAP, y: own.y + TITLE_BASELINE };
        for line in &caption.lines {
            parts.push(text(r#"class="name""#, at, line));
            at.y += TITLE_LINE;
        }
        at.y += DETAIL_BELOW - TITLE_LINE;
        parts.push(text(r#"class="detail""#, at, &caption.detail));
        parts
    }

    fn panel(&self, panel: &Panel) -> String {
        let scope = self.layout.graph.scope(panel.scope);
        let name = match scope.map(|scope| scope.owner) {
            Some(Owner::Branch(_, index)) => format!("branch {index}"),
            Some(Owner::Processor(_)) => "each item".to_owned(),
            Some(Owner::Machine) | None => String::new(),
        };
        format!("<g>{}{}</g>", title(&name), rect(r#"class="panel""#, panel.rect, CORNER - 2.0))
    }

    fn transition(&self, edge: &Edge) -> Option<(&Transition, &Mark)> {
        let transition = self.layout.graph.transitions().get(edge.transition)?;
        Some((transition, self.transitions.get(edge.transition)?))
    }

    /// Whether it is drawn above the others.
    fn stands_out(&self, edge: &Edge) -> bool {
        let marked = self.transition(edge);
        marked.is_some_and(|(_, mark)| mark.classes.split(' ').any(|class| class == "taken"))
    }

    fn way(&self, edge: &Edge) -> Option<String> {
        let (transition, mark) = self.transition(edge)?;
        Some(format!(
            r#"<g {} data-way="{}">{}<path class="line" d="{}"/><path class="head" d="{}"/></g>"#,
            class(&["way", kind_class(transition.kind), &mark.classes]),
            edge.transition,
            title(&self.told(transition, mark)),
            path(edge.start, &edge.steps),
            head(edge.tip, edge.heading)
        ))
    }

    fn label(&self, edge: &Edge) -> Option<String> {
        let (transition, mark) = self.transition(edge)?;
        let label = edge.label.as_ref()?;
        let centre = label.rect.x + label.rect.width / 2.0;
        let mut parts = vec![format!(
            r#"<g {} data-way="{}">"#,
            class(&["label", kind_class(transition.kind), inside(transition), &mark.classes]),
            edge.transition
        )];
        parts.push(title(&self.told(transition, mark)));
        parts.push(rect(r#"class="back""#, label.rect, 3.0));
        let mut at = Point { x: centre, y: label.rect.y + 12.0 };
        for line in &label.lines {
            parts.push(text("", at, line));
            at.y += 13.0;
        }
        parts.push("</g>".to_owned());
        Some(parts.concat())
    }

    /// The transition in full, for the pointer.
    fn told(&self, transition: &Transition, mark: &Mark) -> String {
        let name = |id| self.layout.graph.state(id).map_or_else(String::new, |state| state.name.to_string());
        let from = transition.from.map_or_else(|| "start".to_owned(), name);
        let to = transition.to.map_or_else(|| "end".to_owned(), name);
        let ways = format!("{from} → {to}");
        let kind = if transition.label.is_empty() {
            transition.kind.to_string()
        } else {
            format!("{}: {}", transition.kind, transition.label)
        };
        let more = mark.title.clone().unwrap_or_default();
        [ways, kind, more].join("\n").trim_end().to_owned()
    }

    /// The signs of a state: on its upper border from the right, then on its lower one. The middle, where ways arrive and
    /// leave, stays free.
    fn badges(&self, state: &State) -> Option<String> {
        let mark = self.states.get(state.id.0).filter(|mark| !mark.badges.is_empty())?;
        let own = self.rect(state);
        let middle = own.x + own.width / 2.0 + 10.0;
        let (mut right, mut y) = (own.right() + OVERHANG, own.y);
        let mut parts = vec![format!(r#"<g class="badges" data-state="{}">"#, state.id.0)];
        for badge in mark.badges.iter().rev() {
            let width = (width_of(&badge.text, Font::SMALL) + 12.0).max(BADGE_HEIGHT);
            let is_first = right > own.right();
            if !is_first && right - width < middle {
                (right, y) = (own.right() + OVERHANG, own.y + own.height);
            }
            right -= width;
            let pill = Rect { x: right, y: y - BADGE_HEIGHT / 2.0, width, height: BADGE_HEIGHT };
            parts.push(pill_of(badge, pill));
            right -= 4.0;
        }
        parts.push("</g>".to_owned());
        Some(parts.concat())
    }
}

fn retries(state: &State) -> String {
    let retriers: Vec<_> = state.retriers.iter().map(|errors| errors.join(", ")).collect();
    if retriers.is_empty() { String::new() } else { format!("retries on {}", retriers.join("; ")) }
}

fn pill_of(badge: &Badge, pill: Rect) -> String {
    let centre = Point { x: pill.x + pill.width / 2.0, y: pill.y + 12.0 };
    format!(
        "<g {}>{}{}{}</g>",
        class(&["badge", badge.class]),
        title(&badge.title),
        rect("", pill, BADGE_HEIGHT / 2.0),
        text("", centre, &badge.text)
    )
}

const fn kind_class(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Start | TransitionKind::End => "edge",
        TransitionKind::Next => "next",
        TransitionKind::ChoiceRule(_) | TransitionKind::ChoiceDefault => "rule",
        TransitionKind::Catch(_) => "catch",
    }
}

/// Labels within a state have its ground behind them.
fn inside(transition: &Transition) -> &'static str {
    if transition.scope == ScopeId(0) { "" } else { "inside" }
}

/// A small triangle whose tip is there.
fn head(tip: Point, heading: Heading) -> String {
    let (x, y) = (tip.x, tip.y);
    let [a, b] = match heading {
        Heading::Down => [(x - 4.5, y - 8.0), (x + 4.5, y - 8.0)],
        Heading::Up => [(x - 4.5, y + 8.0), (x + 4.5, y + 8.0)],
        Heading::Left => [(x + 8.0, y - 4.5), (x + 8.0, y + 4.5)],
    };
    let pair = |(x, y): (f64, f64)| format!("{} {}", number(x), number(y));
    format!("M{}L{}L{}z", pair((x, y)), pair(a), pair(b))
}

fn marker(marker: &Marker) -> String {
    let (name, kind) = match marker.kind {
        MarkerKind::Start => ("Start", "start"),
        MarkerKind::End => ("End", "end"),
    };
    let shape = rect("", marker.rect, marker.rect.height / 2.0);
    if !marker.is_outermost {
        let scope = marker.scope.0;
        return format!(r#"<g class="marker dot {kind}" data-scope="{scope}">{}{shape}</g>"#, title(name));
    }
    let centre = Point { x: marker.rect.x + marker.rect.width / 2.0, y: marker.rect.y + 17.0 };
    format!(r#"<g class="marker {kind}">{shape}{}</g>"#, text("", centre, name))
}
