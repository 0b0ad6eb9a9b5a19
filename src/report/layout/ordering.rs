//! Who stands left of whom in a layer, so that few ways cross: sweeps that move each item to the middle of its
//! neighbours, and swaps of two that stand side by side. The best order seen is kept.

#![expect(clippy::indexing_slicing, reason = "items and layers are numbered by the sheet, from zero on")]

use super::geometry::length;
use super::sheet::Sheet;

/// Sweeps without a better order after which nothing more is tried.
const PATIENCE: usize = 6;
const MOST_SWEEPS: usize = 40;
/// Rounds of swaps within a sweep.
const MOST_SWAPS: usize = 4;

pub(super) fn order(sheet: &mut Sheet) {
    let mut position = vec![0; sheet.items.len()];
    as_first_met(sheet);
    note(sheet, &mut position);
    let mut best = (crossings(sheet, &position), sheet.layers.clone());
    let mut in_vain = 0;
    for sweep in 0..MOST_SWEEPS {
        if best.0 == 0 || in_vain == PATIENCE {
            break;
        }
        sweep_once(sheet, &mut position, sweep);
        for _ in 0..MOST_SWAPS {
            if !swap_neighbours(sheet, &mut position) {
                break;
            }
        }
        let now = crossings(sheet, &position);
        if now < best.0 {
            best = (now, sheet.layers.clone());
            in_vain = 0;
        } else {
            in_vain += 1;
        }
    }
    sheet.layers = best.1;
}

/// In the order in which a search in depth from the top meets them: first ways are to the left.
fn as_first_met(sheet: &mut Sheet) {
    let mut met = vec![false; sheet.items.len()];
    let mut layers = vec![Vec::new(); sheet.layers.len()];
    for root in sheet.layers.iter().flatten() {
        let mut open = vec![*root];
        while let Some(item) = open.pop() {
            if !met[item] {
                met[item] = true;
                layers[sheet.items[item].layer].push(item);
                open.extend(sheet.below[item].iter().rev());
            }
        }
    }
    sheet.layers = layers;
}

fn note(sheet: &Sheet, position: &mut [usize]) {
    for layer in &sheet.layers {
        note_layer(layer, position);
    }
}

fn note_layer(layer: &[usize], position: &mut [usize]) {
    for (at, item) in layer.iter().enumerate() {
        position[*item] = at;
    }
}

/// Even sweeps go down and look up, odd ones the other way; every second pair turns ties round.
fn sweep_once(sheet: &mut Sheet, position: &mut [usize], sweep: usize) {
    let n = sheet.layers.len();
    let goes_down = sweep.is_multiple_of(2);
    for step in 1..n {
        let at = if goes_down { step } else { n - 1 - step };
        let neighbours = if goes_down { &sheet.above } else { &sheet.below };
        let layer = &mut sheet.layers[at];
        if sweep % 4 >= 2 {
            layer.reverse();
        }
        let mut keyed: Vec<_> = layer
            .iter()
            .map(|item| (middle(&neighbours[*item], position).unwrap_or(length(position[*item])), *item))
            .collect();
        keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
        *layer = keyed.into_iter().map(|(_, item)| item).collect();
        note_layer(layer, position);
    }
}

fn middle(neighbours: &[usize], position: &[usize]) -> Option<f64> {
    let sum: f64 = neighbours.iter().map(|item| length(position[*item])).sum();
    (!neighbours.is_empty()).then(|| sum / length(neighbours.len()))
}

/// Swaps neighbours whose ways cross less then. Whether there were any.
fn swap_neighbours(sheet: &mut Sheet, position: &mut [usize]) -> bool {
    let mut has_swapped = false;
    for at in 0..sheet.layers.len() {
        for left in 1..sheet.layers[at].len() {
            let (first, second) = (sheet.layers[at][left - 1], sheet.layers[at][left]);
            let (mut now, mut then) = (0, 0);
            for neighbours in [&sheet.above, &sheet.below] {
                let (kept, swapped) = pairs(&neighbours[first], &neighbours[second], position);
                now += kept;
                then += swapped;
            }
            if then < now {
                sheet.layers[at].swap(left - 1, left);
                position.swap(first, second);
                has_swapped = true;
            }
        }
    }
    has_swapped
}

/// How many ways of two items side by side cross, in this order and in the other.
fn pairs(left: &[usize], right: &[usize], position: &[usize]) -> (usize, usize) {
    let mut counts = (0, 0);
    for one in left {
        for other in right {
            counts.0 += usize::from(position[*one] > position[*other]);
            counts.1 += usize::from(position[*one] < position[*other]);
        }
    }
    counts
}

fn crossings(sheet: &Sheet, position: &[usize]) -> usize {
    let between = |layer: &Vec<usize>| {
        let mut ends = Vec::new();
        for upper in layer {
            let mut lower: Vec<_> = sheet.below[*upper].iter().map(|item| position[*item]).collect();
            lower.sort_unstable();
            ends.extend(lower);
        }
        inversions(&ends)
    };
    sheet.layers.iter().map(between).sum()
}

/// How many pairs are in the wrong order, by a tree of counts.
fn inversions(values: &[usize]) -> usize {
    let size = values.iter().max().map_or(0, |most| most + 1);
    let mut tree = vec![0_usize; size + 1];
    let mut count = 0;
    for (seen, value) in values.iter().enumerate() {
        let mut smaller_or_equal = 0;
        let mut at = value + 1;
        while at > 0 {
            smaller_or_equal += tree[at];
            at &= at - 1;
        }
        count += seen - smaller_or_equal;
        let mut at = value + 1;
        while at <= size {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::layout::ranks::rank;
    use crate::report::layout::sheet::Way;

    #[test]
    fn inversions_are_counted() {
        assert_eq!(inversions(&[0, 1, 2]), 0);
        assert_eq!(inversions(&[2, 1, 0]), 3);
        assert_eq!(inversions(&[1, 1, 0, 2]), 2);
        assert_eq!(inversions(&[]), 0);
    }

    #[test]
    fn ways_that_need_not_cross_do_not() {
        let edges = [(0, 1), (0, 2), (0, 3), (1, 6), (2, 5), (3, 4), (1, 5), (3, 5)];
        let ways: Vec<_> = edges
            .iter()
            .map(|&(from, to)| Way { from, to, is_catch: false, is_main: true, label: None })
            .collect();
        let mut sheet = Sheet::new(&[(1.0, 1.0, 1.0); 7], &ways, &rank(7, &edges));
        order(&mut sheet);
        let mut position = vec![0; sheet.items.len()];
        note(&sheet, &mut position);
        assert_eq!(crossings(&sheet, &position), 0);
        assert_eq!(sheet.layers[2], [1, 2, 3]);
    }
}
