//! Where each item stands from left to right, after Brandes and Köpf: items are aligned with the middle of their
//! neighbours in four ways (from above or below, leaning left or right), each is packed closely, and the middle of the
//! four is taken. Bends of one way stand exactly one above the other wherever that is possible.

#![expect(clippy::indexing_slicing, reason = "items and layers are numbered by the sheet, from zero on")]

use std::collections::BTreeSet;

use super::geometry::length;
use super::sheet::{Kind, Sheet};

/// Between two boxes, and between whatever else stands side by side.
const BOX_GAP: f64 = 28.0;
const GAP: f64 = 14.0;

/// The centre line of each item. The leftmost side of all is at 0.
pub(super) fn columns(sheet: &Sheet) -> Vec<f64> {
    let conflicts = conflicts(sheet);
    let mut candidates = Vec::new();
    for looks_up in [true, false] {
        for leans_left in [true, false] {
            let view = View::new(sheet, (looks_up, leans_left));
            let mut xs = view.packed(&view.aligned(&conflicts));
            if !leans_left {
                xs.iter_mut().for_each(|x| *x = -*x);
            }
            candidates.push((leans_left, xs));
        }
    }
    settle(sheet, candidates)
}

/// Ways that must give way: they cross one that is to be straight, or join one.
fn conflicts(sheet: &Sheet) -> BTreeSet<(usize, usize)> {
    let position = positions(&sheet.layers, sheet.items.len());
    let mut conflicts = BTreeSet::new();
    for layer in sheet.layers.iter().skip(1) {
        let upper_of_straight =
            |item: usize| sheet.above[item].iter().copied().find(|upper| is_straight(sheet, *upper, item));
        let (mut from, mut scanned) = (0, 0);
        for (at, item) in layer.iter().enumerate() {
            let straight = upper_of_straight(*item);
            if straight.is_none() && at + 1 < layer.len() {
                continue;
            }
            let to = straight.map_or(usize::MAX, |upper| position[upper]);
            for inner in &layer[scanned..=at] {
                for upper in &sheet.above[*inner] {
                    let crosses = position[*upper] < from || position[*upper] > to;
                    if joins(sheet, *upper, *inner) || (crosses && !is_straight(sheet, *upper, *inner)) {
                        conflicts.insert((*upper, *inner));
                    }
                }
            }
            scanned = at + 1;
            from = if to == usize::MAX { from } else { to };
        }
    }
    conflicts
}

/// Whether the piece between two items is part of a way that goes on above and below.
fn is_straight(sheet: &Sheet, upper: usize, lower: usize) -> bool {
    let is_node = |item: usize| matches!(sheet.items[item].kind, Kind::Node(_));
    !is_node(upper) && !is_node(lower) && !joins(sheet, upper, lower)
}

/// Whether the piece joins a line that goes straight on beside it, or leaves a state beside its main way.
fn joins(sheet: &Sheet, upper: usize, lower: usize) -> bool {
    let is_bend = |item: &usize| sheet.items[*item].kind == Kind::Bend;
    if sheet.main.get(&upper).is_some_and(|main| *main != lower) {
        return true;
    }
    let joins_below = is_bend(&lower) && !is_bend(&upper) && sheet.above[lower].iter().any(is_bend);
    let joins_above = is_bend(&upper) && !is_bend(&lower) && sheet.below[upper].iter().any(is_bend);
    joins_below || joins_above
}

fn positions(layers: &[Vec<usize>], n: usize) -> Vec<usize> {
    let mut position = vec![0; n];
    for layer in layers {
        for (at, item) in layer.iter().enumerate() {
            position[*item] = at;
        }
    }
    position
}

/// The sheet as one of the four alignments sees it: turned upside down, mirrored, or both.
struct View<'s> {
    sheet: &'s Sheet,
    layers: Vec<Vec<usize>>,
    position: Vec<usize>,
    neighbours: &'s [Vec<usize>],
    leans_left: bool,
}

impl<'s> View<'s> {
    fn new(sheet: &'s Sheet, (looks_up, leans_left): (bool, bool)) -> Self {
        let mut layers = sheet.layers.clone();
        if !looks_up {
            layers.reverse();
        }
        if !leans_left {
            layers.iter_mut().for_each(|layer| layer.reverse());
        }
        let position = positions(&layers, sheet.items.len());
        let neighbours = if looks_up { &sheet.above } else { &sheet.below };
        Self { sheet, layers, position, neighbours, leans_left }
    }

    /// Chains of items that are to have one centre line: for each item the first one of its chain.
    fn aligned(&self, conflicts: &BTreeSet<(usize, usize)>) -> Vec<usize> {
        let mut root: Vec<usize> = (0..self.sheet.items.len()).collect();
        let mut align = root.clone();
        for layer in &self.layers {
            let mut next_free = 0;
            for item in layer {
                let mut neighbours = self.neighbours[*item].clone();
                neighbours.sort_by_key(|neighbour| self.position[*neighbour]);
                let Some(last) = neighbours.len().checked_sub(1) else { continue };
                for middle in &neighbours[last / 2..=last.div_ceil(2)] {
                    let has_conflict =
                        conflicts.contains(&(*middle, *item)) || conflicts.contains(&(*item, *middle));
                    if align[*item] == *item && self.position[*middle] >= next_free && !has_conflict {
                        align[*middle] = *item;
                        root[*item] = root[*middle];
                        align[*item] = root[*middle];
                        next_free = self.position[*middle] + 1;
                    }
                }
            }
        }
        root
    }

    /// The centre line of each item, as far to the left as its chain can be; then to the right where nothing is lost.
    fn packed(&self, root: &[usize]) -> Vec<f64> {
        let n = root.len();
        let mut after: Vec<Vec<(usize, f64)>> = vec![Vec::new(); n];
        let mut n_before = vec![0; n];
        for layer in &self.layers {
            for (left, right) in layer.iter().zip(layer.iter().skip(1)) {
                after[root[*left]].push((root[*right], self.distance(*left, *right)));
                n_before[root[*right]] += 1;
            }
        }
        let mut order: Vec<usize> =
            (0..n).filter(|item| root[*item] == *item && n_before[*item] == 0).collect();
        let mut xs = vec![0.0_f64; n];
        let mut next = 0;
        while let Some(block) = order.get(next).copied() {
            next += 1;
            for (right, distance) in &after[block] {
                xs[*right] = xs[*right].max(xs[block] + distance);
                n_before[*right] -= 1;
                if n_before[*right] == 0 {
                    order.push(*right);
                }
            }
        }
        for block in order.into_iter().rev() {
            let room = after[block].iter().map(|(right, distance)| xs[*right] - distance);
            let most = room.fold(f64::INFINITY, f64::min);
            if most.is_finite() {
                xs[block] = xs[block].max(most);
            }
        }
        (0..n).map(|item| xs[root[item]]).collect()
    }

    /// Between the centre lines of two that stand side by side in this view.
    fn distance(&self, left: usize, right: usize) -> f64 {
        let (left, right) = (&self.sheet.items[left], &self.sheet.items[right]);
        let are_nodes = [left, right].iter().all(|item| matches!(item.kind, Kind::Node(_)));
        let gap = if are_nodes { BOX_GAP } else { GAP };
        if self.leans_left { left.right + gap + right.left } else { left.left + gap + right.right }
    }
}

/// Candidates that are wider than the narrowest one by more than this factor and length count for nothing.
const TOO_WIDE: (f64, f64) = (1.25, 120.0);

/// The middle of the four, put over each other where the narrowest one lies. Of fewer than four, their mean. Either
/// keeps all distances that each of them keeps.
fn settle(sheet: &Sheet, candidates: Vec<(bool, Vec<f64>)>) -> Vec<f64> {
    let bounds = |xs: &[f64]| {
        let sides = xs.iter().zip(&sheet.items);
        sides.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), (x, item)| {
            (least.min(x - item.left), most.max(x + item.right))
        })
    };
    let width = |xs: &[f64]| bounds(xs).1 - bounds(xs).0;
    let narrowest =
        candidates.iter().map(|(_, xs)| xs).min_by(|one, other| width(one).total_cmp(&width(other)));
    let Some((least, most)) = narrowest.map(|xs| bounds(xs)) else { return Vec::new() };
    let widest = (most - least) * TOO_WIDE.0 + TOO_WIDE.1;
    let placed: Vec<Vec<f64>> = candidates
        .into_iter()
        .filter(|(_, xs)| width(xs) <= widest)
        .map(|(leans_left, xs)| {
            let (own_least, own_most) = bounds(&xs);
            let shift = if leans_left { least - own_least } else { most - own_most };
            xs.into_iter().map(|x| x + shift).collect()
        })
        .collect();
    let xs: Vec<f64> = (0..sheet.items.len()).map(|item| middle(&placed, item)).collect();
    let (least, _) = bounds(&xs);
    xs.into_iter().map(|x| x - least).collect()
}

fn middle(placed: &[Vec<f64>], item: usize) -> f64 {
    let mut xs: Vec<f64> = placed.iter().map(|xs| xs[item]).collect();
    xs.sort_by(f64::total_cmp);
    if let [_, second, third, _] = xs[..] {
        return (second + third) / 2.0;
    }
    xs.iter().sum::<f64>() / length(xs.len().max(1))
}
