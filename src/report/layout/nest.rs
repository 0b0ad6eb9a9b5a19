//! Drawings of scopes put into the boxes of their states, from the innermost outwards.

use super::geometry::{Caption, Edge, Layout, Marker, Panel, Point, Rect};
use super::measure::{PADDING, Size, caption, caption_size};
use super::scope::{Drawing, draw};
use crate::report::graph::{Graph, ScopeId, StateId};

/// Around the whole picture.
const MARGIN: f64 = 24.0;
/// Around the drawing in a panel.
const PANEL_PADDING: f64 = 16.0;
const PANEL_GAP: f64 = 12.0;
/// Panels stand side by side up to this width, and below each other beyond.
const WIDEST_ROW: f64 = 1500.0;

impl Layout {
    pub(crate) fn of(graph: &Graph) -> Self {
        let captions: Vec<Caption> = graph.states().iter().map(caption).collect();
        let mut nesting = Nesting { graph, captions: &captions, drawings: Vec::new(), insides: Vec::new() };
        nesting.measure();
        let Nesting { drawings, insides, .. } = nesting;
        let mut layout = Self {
            graph: graph.clone(),
            width: 0.0,
            height: 0.0,
            boxes: vec![Rect::default(); graph.states().len()],
            captions,
            panels: Vec::new(),
            markers: Vec::new(),
            edges: Vec::new(),
        };
        layout.place(ScopeId(0), Point { x: MARGIN, y: MARGIN }, &drawings, &insides);
        let size = drawings.first().map(|drawing| drawing.size).unwrap_or_default();
        layout.width = size.x + 2.0 * MARGIN;
        layout.height = size.y + 2.0 * MARGIN;
        layout
    }

    /// Puts a scope at `corner`, and what is in its states.
    fn place(&mut self, scope: ScopeId, corner: Point, drawings: &[Drawing], insides: &[Vec<Inside>]) {
        let Some(drawing) = drawings.get(scope.0) else { return };
        let moved = |marker: &Marker| Marker { rect: marker.rect.moved(corner), ..marker.clone() };
        self.markers.extend(drawing.markers.iter().map(moved));
        self.edges.extend(drawing.edges.iter().map(|edge: &Edge| edge.clone().moved(corner)));
        for (id, rect) in &drawing.states {
            let rect = rect.moved(corner);
            if let Some(own) = self.boxes.get_mut(id.0) {
                *own = rect;
            }
            for inside in insides.get(id.0).into_iter().flatten() {
                let panel = inside.rect.moved(Point { x: rect.x, y: rect.y });
                self.panels.push(Panel { scope: inside.scope, of: *id, rect: panel });
                let room = drawings.get(inside.scope.0).map(|drawing| drawing.size).unwrap_or_default();
                let corner = Point { x: panel.x + (panel.width - room.x) / 2.0, y: panel.y + PANEL_PADDING };
                self.place(inside.scope, corner, drawings, insides);
            }
        }
    }
}

/// A panel in the box of its state.
#[derive(Debug, Clone, Copy)]
struct Inside {
    scope: ScopeId,
    /// From the corner of the state's box.
    rect: Rect,
}

struct Nesting<'g> {
    graph: &'g Graph,
    captions: &'g [Caption],
    /// By scope.
    drawings: Vec<Drawing>,
    /// By state.
    insides: Vec<Vec<Inside>>,
}

impl Nesting<'_> {
    /// Scopes have higher numbers than those around them, and states than those they lie in.
    fn measure(&mut self) {
        let mut sizes: Vec<Size> = self.captions.iter().map(caption_size).collect();
        self.insides = vec![Vec::new(); sizes.len()];
        self.drawings.resize_with(self.graph.scopes().len(), Drawing::default);
        for scope in self.graph.scopes().iter().rev() {
            for id in &scope.states {
                self.arrange(*id, &mut sizes);
            }
            let size_of = |id: StateId| sizes.get(id.0).copied().unwrap_or(Size { width: 0.0, height: 0.0 });
            if let Some(drawing) = self.drawings.get_mut(scope.id.0) {
                *drawing = draw(self.graph, scope, size_of);
            }
        }
    }

    /// Puts the panels of a state in rows below its caption, and makes the state large enough.
    fn arrange(&mut self, id: StateId, sizes: &mut [Size]) {
        let Some((state, size)) = self.graph.state(id).zip(sizes.get_mut(id.0)) else { return };
        if state.inner.is_empty() {
            return;
        }
        let mut panels = Vec::new();
        let (mut x, mut y, mut row_height, mut width) = (PADDING, size.height, 0.0_f64, size.width);
        for scope in &state.inner {
            let room = self.drawings.get(scope.0).map(|drawing| drawing.size).unwrap_or_default();
            let (own_width, own_height) = (room.x + 2.0 * PANEL_PADDING, room.y + 2.0 * PANEL_PADDING);
            if x > PADDING && x + own_width > WIDEST_ROW {
                (x, y, row_height) = (PADDING, y + row_height + PANEL_GAP, 0.0);
            }
            panels.push(Inside { scope: *scope, rect: Rect { x, y, width: own_width, height: own_height } });
            x += own_width + PANEL_GAP;
            width = width.max(x - PANEL_GAP + PADDING);
            row_height = row_height.max(own_height);
        }
        *size = Size { width, height: y + row_height + PADDING };
        stretch(&mut panels, width);
        if let Some(own) = self.insides.get_mut(id.0) {
            *own = panels;
        }
    }
}

/// Panels of a row have one height, and the last one of a row fills it.
fn stretch(panels: &mut [Inside], width: f64) {
    let rows: Vec<(f64, f64, f64)> = panels
        .iter()
        .map(|panel| {
            let row = panels.iter().filter(|other| (other.rect.y - panel.rect.y).abs() < 0.5);
            row.fold((panel.rect.y, 0.0, 0.0), |(y, height, right), other| {
                (y, f64::max(height, other.rect.height), f64::max(right, other.rect.right()))
            })
        })
        .collect();
    for (panel, (_, height, right)) in panels.iter_mut().zip(rows) {
        panel.rect.height = height;
        if panel.rect.right() >= right {
            panel.rect.width = width - PADDING - panel.rect.x;
        }
    }
}
