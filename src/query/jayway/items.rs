//! Items of arrays by index and by range, counted from either end.

use crate::model::Json;

/// The item at an index that may count from the end.
pub(super) fn item_at(items: &[Json], index: i64) -> Option<&Json> {
    items.get(from_start(items.len(), index)?)
}

fn from_start(length: usize, index: i64) -> Option<usize> {
    match usize::try_from(index) {
        Ok(position) => Some(position),
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

/// The items from a bound up to, not including, another; bounds may count from the end.
pub(super) fn sliced(items: &[Json], from: Option<i64>, to: Option<i64>) -> &[Json] {
    let bound = |bound: i64| from_start(items.len(), bound).unwrap_or(0).min(items.len());
    let from = from.map_or(0, bound);
    let to = to.map_or(items.len(), bound);
    items.get(from..to).unwrap_or_default()
}
