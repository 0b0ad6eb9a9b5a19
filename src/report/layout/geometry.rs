//! The finished drawing: rectangles, ways and texts. Lengths are in CSS pixels, `y` grows downwards.

use crate::report::graph::{Graph, ScopeId, StateId};

/// A graph with a place for everything.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) graph: Graph,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// By [`StateId`].
    pub(crate) boxes: Vec<Rect>,
    /// By [`StateId`].
    pub(crate) captions: Vec<Caption>,
    /// The insides of Parallel and Map states, outer ones first.
    pub(crate) panels: Vec<Panel>,
    pub(crate) markers: Vec<Marker>,
    pub(crate) edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The texts of a state, as they fit into its box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Caption {
    /// The name.
    pub(crate) lines: Vec<String>,
    /// Its type, and what it does.
    pub(crate) detail: String,
}

/// The inside of a Parallel's branch or a Map.
#[derive(Debug, Clone)]
pub(crate) struct Panel {
    pub(crate) scope: ScopeId,
    pub(crate) of: StateId,
    pub(crate) rect: Rect,
}

/// Where a scope starts or ends.
#[derive(Debug, Clone)]
pub(crate) struct Marker {
    pub(crate) scope: ScopeId,
    pub(crate) kind: MarkerKind,
    pub(crate) rect: Rect,
    /// The machine's own have their name written in them.
    pub(crate) is_outermost: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkerKind {
    Start,
    End,
}

/// A transition as it is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    /// Its position in [`Graph::transitions`].
    pub(crate) transition: usize,
    pub(crate) start: Point,
    pub(crate) steps: Vec<Step>,
    /// Where the tip of the arrow is.
    pub(crate) tip: Point,
    pub(crate) heading: Heading,
    pub(crate) label: Option<Label>,
}

/// A piece of a way, from where the last one ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Step {
    Line(Point),
    /// A cubic Bézier curve: two control points and its end.
    Curve(Point, Point, Point),
}

/// Where an arrow points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    Down,
    Up,
    Left,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    pub(crate) rect: Rect,
    pub(crate) lines: Vec<String>,
}

impl Rect {
    pub(crate) const fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) const fn moved(self, by: Point) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y, ..self }
    }
}

impl Point {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) const fn moved(self, by: Self) -> Self {
        Self { x: self.x + by.x, y: self.y + by.y }
    }
}

impl Step {
    const fn moved(self, by: Point) -> Self {
        match self {
            Self::Line(end) => Self::Line(end.moved(by)),
            Self::Curve(first, second, end) => Self::Curve(first.moved(by), second.moved(by), end.moved(by)),
        }
    }
}

impl Edge {
    pub(super) fn moved(self, by: Point) -> Self {
        Self {
            start: self.start.moved(by),
            steps: self.steps.into_iter().map(|step| step.moved(by)).collect(),
            tip: self.tip.moved(by),
            label: self.label.map(|label| Label { rect: label.rect.moved(by), ..label }),
            ..self
        }
    }
}

/// Counts here are small; one that is not makes a length that nobody draws.
pub(super) fn length(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
