//! The drawing of one scope: its states as boxes of known size, its markers, and the ways between.

use super::columns::columns;
use super::geometry::{Edge, Label, Marker, MarkerKind, Point, Rect, length};
use super::measure::{Size, label_lines, label_size};
use super::ordering::order;
use super::ports::Ports;
use super::ranks::rank;
use super::routes::{LOOP, Placed, Route, around};
use super::rows::rows;
use super::sheet::{Kind, Sheet, Way};
use crate::report::graph::{Graph, Owner, Scope, StateId, Transition, TransitionKind};

const MACHINE_MARKER: Size = Size { width: 64.0, height: 26.0 };
const INNER_MARKER: Size = Size { width: 12.0, height: 12.0 };
/// Between a way from a state to itself and its label.
const LOOP_GAP: f64 = 4.0;
/// The least room for each of a state's ways to itself.
const LOOP_HEIGHT: f64 = 34.0;

/// A scope with its upper left corner at the origin.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) size: Point,
    pub(super) states: Vec<(StateId, Rect)>,
    pub(super) markers: Vec<Marker>,
    pub(super) edges: Vec<Edge>,
}

/// A transition that is drawn.
struct Drawn {
    index: usize,
    lines: Vec<String>,
    way: Way,
}

/// What has a box in the scope.
#[derive(Debug, Clone, Copy)]
enum Node {
    State(StateId, Size),
    Marker(MarkerKind, Size),
}

impl Node {
    const fn size(&self) -> Size {
        match self {
            Self::State(_, size) | Self::Marker(_, size) => *size,
        }
    }
}

/// Draws a scope whose states have these sizes.
pub(super) fn draw(graph: &Graph, scope: &Scope, size_of: impl Fn(StateId) -> Size) -> Drawing {
    let mut plan = Plan::new(graph, scope, size_of);
    plan.make_room_for_loops();
    plan.drawing(scope)
}

struct Plan {
    nodes: Vec<Node>,
    drawn: Vec<Drawn>,
    /// What each node takes at its right side for ways to itself.
    beside: Vec<f64>,
}

impl Plan {
    fn new(graph: &Graph, scope: &Scope, size_of: impl Fn(StateId) -> Size) -> Self {
        let mut nodes = Vec::new();
        let is_machine = scope.owner == Owner::Machine;
        // A single state inside another needs no sign where to start.
        let has_markers = is_machine || scope.states.len() > 1;
        let marker = if is_machine { MACHINE_MARKER } else { INNER_MARKER };
        if has_markers {
            nodes.push(Node::Marker(MarkerKind::Start, marker));
        }
        let first = nodes.len();
        nodes.extend(scope.states.iter().map(|id| Node::State(*id, size_of(*id))));
        let of_scope = graph.transitions().iter().enumerate().filter(|(_, way)| way.scope == scope.id);
        let ends = of_scope.clone().any(|(_, way)| way.kind == TransitionKind::End);
        if has_markers && ends {
            nodes.push(Node::Marker(MarkerKind::End, marker));
        }
        let node = |id: StateId| Some(first + scope.states.iter().position(|other| *other == id)?);
        let end = (has_markers && ends).then(|| nodes.len() - 1);
        let start = has_markers.then_some(0);
        let drawn = of_scope.filter_map(|(index, transition)| {
            let from = transition.from.map_or(start, node)?;
            let to = transition.to.map_or(end, node)?;
            Some(Drawn::new(index, transition, from, to))
        });
        let drawn = drawn.collect();
        Self { beside: vec![0.0; nodes.len()], nodes, drawn }
    }

    fn make_room_for_loops(&mut self) {
        for (at, node) in self.nodes.iter_mut().enumerate() {
            let loops = self.drawn.iter().filter(|drawn| drawn.way.from == at && drawn.way.to == at);
            let widths = loops.map(|drawn| drawn.way.label.map_or(0.0, |size| size.width + LOOP_GAP));
            let (count, widest) =
                widths.fold((0, 0.0_f64), |(count, widest), width| (count + 1, widest.max(width)));
            if let (Node::State(_, size), true, Some(beside)) = (node, count > 0, self.beside.get_mut(at)) {
                size.height = size.height.max(length(count) * LOOP_HEIGHT);
                *beside = LOOP + widest;
            }
        }
    }

    fn drawing(&self, scope: &Scope) -> Drawing {
        let halves: Vec<f64> = self.nodes.iter().map(|node| node.size().width / 2.0).collect();
        let heights: Vec<f64> = self.nodes.iter().map(|node| node.size().height).collect();
        let sides = halves.iter().zip(&self.beside).zip(&heights);
        let sides: Vec<_> = sides.map(|((half, beside), height)| (*half, half + beside, *height)).collect();
        let ways: Vec<Way> = self.drawn.iter().map(|drawn| drawn.way.clone()).collect();
        let edges: Vec<_> = ways.iter().map(|way| (way.from, way.to)).collect();
        let mut sheet = Sheet::new(&sides, &ways, &rank(self.nodes.len(), &edges));
        order(&mut sheet);
        let columns: Vec<f64> = columns(&sheet).into_iter().map(f64::round).collect();
        let bands = rows(&sheet, &columns);
        let ports = Ports::new(&sheet, &columns, &halves);
        let placed =
            Placed { sheet: &sheet, columns: &columns, bands: &bands, ports: &ports, heights: &heights };
        let mut drawing = self.boxes(scope, &placed);
        drawing.edges = self.edges(&placed);
        let right = |item: usize| columns.get(item).copied().unwrap_or(0.0);
        let width =
            sheet.items.iter().enumerate().map(|(at, item)| right(at) + item.right).fold(0.0, f64::max);
        drawing.size = Point { x: width.ceil(), y: bands.last().map_or(0.0, |band| band.bottom).ceil() };
        drawing
    }

    fn boxes(&self, scope: &Scope, placed: &Placed<'_>) -> Drawing {
        let mut drawing = Drawing::default();
        for (at, node) in self.nodes.iter().enumerate() {
            let rect = placed.rect(at, node.size());
            match node {
                Node::State(id, _) => drawing.states.push((*id, rect)),
                Node::Marker(kind, _) => drawing.markers.push(Marker {
                    scope: scope.id,
                    kind: *kind,
                    rect,
                    is_outermost: scope.owner == Owner::Machine,
                }),
            }
        }
        drawing
    }

    fn edges(&self, placed: &Placed<'_>) -> Vec<Edge> {
        let mut n_loops = vec![0_usize; self.nodes.len()];
        let chains = self.drawn.iter().zip(&placed.sheet.chains);
        chains
            .filter_map(|(drawn, chain)| match placed.route(chain) {
                Some(route) => {
                    let is_label = |item: &&usize| {
                        placed.sheet.items.get(**item).is_some_and(|item| matches!(item.kind, Kind::Label(_)))
                    };
                    let label = drawn.way.label.zip(chain.iter().find(is_label));
                    let rect = label.map(|(size, item)| placed.middle_rect(*item, size));
                    Some(drawn.edge(route, rect))
                }
                None => self.loop_edge(drawn, placed, n_loops.get_mut(drawn.way.from)?),
            })
            .collect()
    }

    /// The way of a state to itself, after `earlier` others.
    fn loop_edge(&self, drawn: &Drawn, placed: &Placed<'_>, earlier: &mut usize) -> Option<Edge> {
        let rect = placed.rect(drawn.way.from, self.nodes.get(drawn.way.from)?.size());
        let of_node = |other: &&Drawn| other.way.from == drawn.way.from && other.way.to == drawn.way.from;
        let slot = rect.height / length(self.drawn.iter().filter(of_node).count().max(1));
        let top = rect.y + slot * length(*earlier);
        *earlier += 1;
        let label = drawn.way.label.map(|size| Rect {
            x: rect.right() + LOOP + LOOP_GAP,
            y: top + (slot - size.height) / 2.0,
            width: size.width,
            height: size.height,
        });
        Some(drawn.edge(around(rect.right(), top, top + slot), label))
    }
}

impl Drawn {
    fn new(index: usize, transition: &Transition, from: usize, to: usize) -> Self {
        let text = match transition.kind {
            TransitionKind::ChoiceDefault => "Default",
            TransitionKind::ChoiceRule(_) | TransitionKind::Catch(_) => &transition.label,
            TransitionKind::Start | TransitionKind::Next | TransitionKind::End => "",
        };
        let lines = if text.is_empty() { Vec::new() } else { label_lines(text) };
        let label = (!lines.is_empty()).then(|| label_size(&lines));
        let is_catch = matches!(transition.kind, TransitionKind::Catch(_));
        let is_main = text.is_empty();
        Self { index, lines, way: Way { from, to, is_catch, is_main, label } }
    }

    fn edge(&self, route: Route, label: Option<Rect>) -> Edge {
        Edge {
            transition: self.index,
            start: route.start,
            steps: route.steps,
            tip: route.tip,
            heading: route.heading,
            label: label.map(|rect| Label { rect, lines: self.lines.clone() }),
        }
    }
}

impl Placed<'_> {
    /// The box of a node, at the top of its layer.
    fn rect(&self, node: usize, size: Size) -> Rect {
        let (x, top) = self.place(node, |band| band.top);
        Rect { x: x - size.width / 2.0, y: top, width: size.width, height: size.height }
    }

    /// The room of a label, in the middle of its layer.
    fn middle_rect(&self, item: usize, size: Size) -> Rect {
        let (x, middle) = self.place(item, |band| (band.top + band.bottom) / 2.0);
        Rect {
            x: x - size.width / 2.0,
            y: middle - size.height / 2.0,
            width: size.width,
            height: size.height,
        }
    }

    fn place(&self, item: usize, y: impl Fn(&super::rows::Band) -> f64) -> (f64, f64) {
        let layer = self.sheet.items.get(item).map_or(0, |item| item.layer);
        (self.columns.get(item).copied().unwrap_or(0.0), self.bands.get(layer).map_or(0.0, y))
    }
}
