//! Where each layer stands from top to bottom.

#![expect(clippy::indexing_slicing, reason = "items and layers are numbered by the sheet, from zero on")]

use super::sheet::Sheet;

/// Between two layers, when all ways between them are straight.
const GAP: f64 = 20.0;
/// More of it for ways that go far to a side, so that they are not flat.
const SLOPE: f64 = 0.06;
const MOST_SLOPE: f64 = 56.0;

/// A layer takes the room from `top` to `bottom`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Band {
    /// Whether there are only bends in it: ways may pass wherever they like.
    pub(super) fn is_empty(&self) -> bool {
        self.bottom - self.top < 0.5
    }
}

pub(super) fn rows(sheet: &Sheet, columns: &[f64]) -> Vec<Band> {
    let mut bands = Vec::new();
    let mut y = 0.0;
    for layer in &sheet.layers {
        let height = layer.iter().map(|item| sheet.items[*item].height).fold(0.0, f64::max);
        bands.push(Band { top: y, bottom: y + height });
        let swings = layer
            .iter()
            .flat_map(|item| sheet.below[*item].iter().map(|lower| (columns[*item] - columns[*lower]).abs()));
        let slope = swings.fold(0.0, f64::max) * SLOPE;
        y += height + (GAP + slope.min(MOST_SLOPE)).round();
    }
    bands
}
