//! Where on the border of a box ways leave and arrive: side by side, in the order of where they lead.

#![expect(clippy::indexing_slicing, reason = "items are numbered by the sheet, from zero on")]

use std::collections::BTreeMap;

use super::geometry::length;
use super::sheet::Sheet;

/// Between two ways at one side of a box, if there is room.
const APART: f64 = 20.0;
/// Ways keep so far away from the corners.
const CORNER: f64 = 16.0;

/// The `x` of each way at the border of a node, by the node and the item that the way goes on to.
#[derive(Debug, Default)]
pub(super) struct Ports {
    xs: BTreeMap<(usize, usize), f64>,
}

impl Ports {
    /// `halves` is half the width of each node's box.
    pub(super) fn new(sheet: &Sheet, columns: &[f64], halves: &[f64]) -> Self {
        let mut ports = Self::default();
        let arrivals: Vec<(usize, usize)> = sheet
            .chains
            .iter()
            .filter_map(|chain| Some((*chain.last()?, *chain.get(chain.len().checked_sub(2)?)?)))
            .collect();
        for (node, half) in halves.iter().enumerate() {
            for neighbours in [&sheet.above[node], &sheet.below[node]] {
                let (arriving, leaving): (Vec<usize>, Vec<usize>) =
                    neighbours.iter().partition(|neighbour| arrivals.contains(&(node, **neighbour)));
                ports.spread(node, columns, *half, Side { arriving, leaving });
            }
        }
        ports
    }

    pub(super) fn x(&self, node: usize, next: usize) -> Option<f64> {
        self.xs.get(&(node, next)).copied()
    }

    /// All that arrive have one port; those that leave have one each. One that is straight stays so.
    fn spread(&mut self, node: usize, columns: &[f64], half: f64, side: Side) {
        let centre = columns[node];
        let mut groups: Vec<(f64, Vec<usize>)> =
            side.leaving.into_iter().map(|next| (columns[next], vec![next])).collect();
        if !side.arriving.is_empty() {
            let sum: f64 = side.arriving.iter().map(|next| columns[*next]).sum();
            groups.push((sum / length(side.arriving.len()), side.arriving));
        }
        groups.sort_by(|left, right| left.0.total_cmp(&right.0));
        let Some(others) = groups.len().checked_sub(1) else { return };
        let straight = groups.iter().position(|(x, _)| (x - centre).abs() < 1.0);
        let pivot = straight.map_or(length(others) / 2.0, length);
        let widest = pivot.max(length(others) - pivot).max(1.0);
        let apart = APART.min((half - CORNER).max(0.0) / widest);
        for (at, (_, group)) in groups.into_iter().enumerate() {
            let x = centre + (length(at) - pivot) * apart;
            self.xs.extend(group.into_iter().map(|next| ((node, next), x)));
        }
    }
}

/// The neighbours on one side of a node.
struct Side {
    arriving: Vec<usize>,
    leaving: Vec<usize>,
}
