//! A scope in layers: states on the even ones; labels, and bends of ways that go on, on all between.
//!
//! Long ways to one target share their bends, so that many catchers that lead to one state make one line.

#![expect(clippy::indexing_slicing, reason = "items, layers and edges are numbered here, from zero on")]

use std::collections::{BTreeMap, BTreeSet};

use super::measure::Size;
use super::ranks::Ranks;

/// What has a place in a layer.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// How far it extends to the left and to the right of its centre line.
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) height: f64,
    pub(super) layer: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A state or marker: the node with this number.
    Node(usize),
    /// The label of the edge with this number.
    Label(usize),
    /// A way passes through.
    Bend,
}

/// A way between two nodes.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) is_catch: bool,
    /// What usually happens: such a way is straight where it can be.
    pub(super) is_main: bool,
    pub(super) label: Option<Size>,
}

/// All items of a scope. The first ones are its nodes.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) items: Vec<Item>,
    /// From the top; each from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    /// The neighbours of each item in the layer above it, and below it.
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
    /// Of nodes that a main way leaves, where it goes first.
    pub(super) main: BTreeMap<usize, usize>,
    /// The items that each way passes, from its source to its target. Those to itself pass none.
    pub(super) chains: Vec<Vec<usize>>,
}

impl Sheet {
    /// Of the nodes, each with what it takes to the left and right of its centre line, and its height.
    pub(super) fn new(nodes: &[(f64, f64, f64)], ways: &[Way], ranks: &Ranks) -> Self {
        let items = nodes.iter().enumerate().map(|(node, &(left, right, height))| Item {
            kind: Kind::Node(node),
            left,
            right,
            height,
            layer: 2 * ranks.rank[node],
        });
        let mut builder = Builder { items: items.collect(), ranks, shared: BTreeMap::new() };
        let chains: Vec<_> = ways.iter().enumerate().map(|(at, way)| builder.chain(at, way)).collect();
        let main = ways.iter().zip(&chains).zip(&ranks.leads_back);
        let main = main.filter(|((way, _), leads_back)| way.is_main && !**leads_back);
        let main = main.filter_map(|((way, chain), _)| Some((way.from, *chain.get(1)?))).collect();
        Self::linked(builder.items, chains, main)
    }

    fn linked(items: Vec<Item>, chains: Vec<Vec<usize>>, main: BTreeMap<usize, usize>) -> Self {
        let mut links = BTreeSet::new();
        let mut above = vec![Vec::new(); items.len()];
        let mut below = vec![Vec::new(); items.len()];
        for (from, to) in chains.iter().flat_map(|chain| chain.iter().zip(chain.iter().skip(1))) {
            let (upper, lower) =
                if items[*from].layer < items[*to].layer { (*from, *to) } else { (*to, *from) };
            if links.insert((upper, lower)) {
                below[upper].push(lower);
                above[lower].push(upper);
            }
        }
        let depth = items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
        let mut layers = vec![Vec::new(); depth];
        for (id, item) in items.iter().enumerate() {
            layers[item.layer].push(id);
        }
        Self { items, layers, above, below, main, chains }
    }
}

struct Builder<'r> {
    items: Vec<Item>,
    ranks: &'r Ranks,
    /// Bends by the node they lead to, whether they lead back, whether to a catcher's target, and their layer.
    shared: BTreeMap<(usize, bool, bool, usize), usize>,
}

impl Builder<'_> {
    fn chain(&mut self, at: usize, way: &Way) -> Vec<usize> {
        if way.from == way.to {
            return Vec::new();
        }
        let (start, end) = (2 * self.ranks.rank[way.from], 2 * self.ranks.rank[way.to]);
        let leads_back = self.ranks.leads_back[at];
        let between: Vec<usize> =
            if leads_back { (end + 1..start).rev().collect() } else { (start + 1..end).collect() };
        let mut chain = vec![way.from];
        for (position, layer) in between.into_iter().enumerate() {
            chain.push(match way.label.filter(|_| position == 0) {
                Some(size) => self.label(at, size, layer),
                None => self.bend((way.to, leads_back, way.is_catch, layer)),
            });
        }
        chain.push(way.to);
        chain
    }

    fn label(&mut self, way: usize, size: Size, layer: usize) -> usize {
        let half = size.width / 2.0;
        self.items.push(Item { kind: Kind::Label(way), left: half, right: half, height: size.height, layer });
        self.items.len() - 1
    }

    fn bend(&mut self, key: (usize, bool, bool, usize)) -> usize {
        let items = &mut self.items;
        *self.shared.entry(key).or_insert_with(|| {
            items.push(Item { kind: Kind::Bend, left: 0.0, right: 0.0, height: 0.0, layer: key.3 });
            items.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::layout::ranks::rank;

    fn sheet(n: usize, ways: &[Way]) -> Sheet {
        let edges: Vec<_> = ways.iter().map(|way| (way.from, way.to)).collect();
        Sheet::new(&vec![(1.0, 1.0, 1.0); n], ways, &rank(n, &edges))
    }

    fn way(from: usize, to: usize) -> Way {
        Way { from, to, is_catch: false, is_main: false, label: None }
    }

    fn labelled(from: usize, to: usize) -> Way {
        Way { label: Some(Size { width: 4.0, height: 2.0 }), ..way(from, to) }
    }

    #[test]
    fn a_label_stands_right_below_the_state_that_the_way_leaves() {
        let sheet = sheet(3, &[way(0, 1), way(1, 2), labelled(0, 2)]);
        let layers: Vec<_> = sheet.chains[2].iter().map(|item| sheet.items[*item].layer).collect();
        assert_eq!(layers, [0, 1, 2, 3, 4]);
        assert_eq!(sheet.items[sheet.chains[2][1]].kind, Kind::Label(2));
        assert_eq!(sheet.items[sheet.chains[2][2]].kind, Kind::Bend);
    }

    #[test]
    fn a_way_back_is_a_chain_upwards() {
        let sheet = sheet(3, &[way(0, 1), way(1, 2), labelled(2, 0)]);
        let layers: Vec<_> = sheet.chains[2].iter().map(|item| sheet.items[*item].layer).collect();
        assert_eq!(layers, [4, 3, 2, 1, 0]);
        assert_eq!(sheet.items[sheet.chains[2][1]].kind, Kind::Label(2));
    }

    #[test]
    fn long_ways_to_one_target_share_their_bends_if_both_are_caught_or_none_is() {
        let caught = |from, to| Way { is_catch: true, ..labelled(from, to) };
        let chain = [way(0, 1), way(1, 2), way(2, 3)];
        let ways = [&chain[..], &[caught(0, 3), caught(1, 3), way(0, 3)]].concat();
        let sheet = sheet(4, &ways);
        assert_eq!(sheet.chains[3][4..], sheet.chains[4][2..]);
        assert_ne!(sheet.chains[3][4], sheet.chains[5][4]);
    }
}
