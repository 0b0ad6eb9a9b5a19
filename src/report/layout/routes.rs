//! The ways as they are drawn: straight down through each layer, and in an S from layer to layer. Between layers there
//! is nothing that a way could cross but other ways.

#![expect(clippy::indexing_slicing, reason = "items and layers are numbered by the sheet, from zero on")]

use super::geometry::{Heading, Point, Step};
use super::ports::Ports;
use super::rows::Band;
use super::sheet::Sheet;

/// How long the head of an arrow is.
pub(super) const HEAD: f64 = 7.0;
/// How far a way from a state to itself goes out.
pub(super) const LOOP: f64 = 26.0;

/// A way with its arrow.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) start: Point,
    pub(super) steps: Vec<Step>,
    pub(super) tip: Point,
    pub(super) heading: Heading,
}

/// All that has a place by now.
pub(super) struct Placed<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) columns: &'s [f64],
    pub(super) bands: &'s [Band],
    pub(super) ports: &'s Ports,
    /// The height of each node's box, which stands at the top of its layer.
    pub(super) heights: &'s [f64],
}

/// A straight piece down (or up) through a layer.
struct Passage {
    x: f64,
    from: f64,
    to: f64,
}

impl Placed<'_> {
    /// `None` of a way from a state to itself.
    pub(super) fn route(&self, chain: &[usize]) -> Option<Route> {
        let (first, last) = (*chain.first()?, *chain.last()?);
        let (second, before_last) = (*chain.get(1)?, *chain.get(chain.len().checked_sub(2)?)?);
        let goes_down = self.layer(second) > self.layer(first);
        let mut passages = vec![self.departure(first, second, goes_down)];
        for item in chain.iter().take(chain.len() - 1).skip(1) {
            let band = self.bands[self.layer(*item)];
            if !band.is_empty() {
                let (from, to) = if goes_down { (band.top, band.bottom) } else { (band.bottom, band.top) };
                passages.push(Passage { x: self.columns[*item], from, to });
            }
        }
        passages.push(self.arrival(last, before_last, goes_down));
        Some(joined(&passages, goes_down))
    }

    fn layer(&self, item: usize) -> usize {
        self.sheet.items[item].layer
    }

    fn departure(&self, node: usize, next: usize, goes_down: bool) -> Passage {
        let x = self.ports.x(node, next).unwrap_or(self.columns[node]);
        let band = self.bands[self.layer(node)];
        let bottom = band.top + self.heights[node];
        if goes_down {
            Passage { x, from: bottom, to: band.bottom }
        } else {
            Passage { x, from: band.top, to: band.top }
        }
    }

    fn arrival(&self, node: usize, before: usize, goes_down: bool) -> Passage {
        let Passage { x, from, to } = self.departure(node, before, !goes_down);
        Passage { x, from: to, to: from }
    }
}

fn joined(passages: &[Passage], goes_down: bool) -> Route {
    let sign = if goes_down { 1.0 } else { -1.0 };
    let start = passages.first().map_or_else(Point::default, |first| Point::new(first.x, first.from));
    let tip = passages.last().map_or(start, |last| Point::new(last.x, last.to));
    let mut steps = Vec::new();
    let mut at = start;
    let end_of_line = tip.y - sign * HEAD;
    for (position, passage) in passages.iter().enumerate() {
        let is_last = position + 1 == passages.len();
        // The head of the arrow takes the last few pixels.
        let limit = |y: f64| if is_last && (end_of_line - y) * sign < 0.0 { end_of_line } else { y };
        let (entry, exit) =
            (Point::new(passage.x, limit(passage.from)), Point::new(passage.x, limit(passage.to)));
        if position > 0 {
            swing(&mut steps, at, entry);
            at = entry;
        }
        if (exit.y - at.y).abs() > 0.01 {
            line(&mut steps, exit);
        }
        at = exit;
    }
    Route { start, steps, tip, heading: if goes_down { Heading::Down } else { Heading::Up } }
}

/// From one layer to the next.
fn swing(steps: &mut Vec<Step>, from: Point, to: Point) {
    if (from.x - to.x).abs() < 0.5 {
        line(steps, to);
    } else {
        let middle = (from.y + to.y) / 2.0;
        steps.push(Step::Curve(Point::new(from.x, middle), Point::new(to.x, middle), to));
    }
}

/// Straight on: lines that follow each other are one.
fn line(steps: &mut Vec<Step>, to: Point) {
    if let Some(Step::Line(end)) = steps.last_mut()
        && (end.x - to.x).abs() < 0.01
    {
        *end = to;
    } else {
        steps.push(Step::Line(to));
    }
}

/// A way from a state to itself: out at its right side and back, in the slot from `top` to `bottom`.
pub(super) fn around(right: f64, top: f64, bottom: f64) -> Route {
    let (leaves, arrives) = (top + (bottom - top) * 0.25, top + (bottom - top) * 0.75);
    let far = right + LOOP * 1.2;
    let curve =
        Step::Curve(Point::new(far, leaves), Point::new(far, arrives), Point::new(right + HEAD, arrives));
    Route {
        start: Point::new(right, leaves),
        steps: vec![curve],
        tip: Point::new(right, arrives),
        heading: Heading::Left,
    }
}
