//! How much work an evaluation may be: a small definition can ask for gigabytes.

use std::cell::Cell;

use crate::model::Json;

/// Values visited and bytes of text handled in one evaluation. Payloads have at most 256 KiB: what goes beyond this
/// mentions them hundreds of times.
const MOST: usize = 8 * 1024 * 1024;

/// What one evaluation may spend, and what it has spent.
#[derive(Debug)]
pub(crate) struct Effort {
    spent: Cell<usize>,
    most: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self::within(MOST)
    }
}

impl Effort {
    /// At most `left`, if that is less than what one evaluation may spend anyway.
    pub(crate) fn within(left: usize) -> Self {
        Self { spent: Cell::new(0), most: left.min(MOST) }
    }

    pub(crate) const fn spent(&self) -> usize {
        self.spent.get()
    }

    pub(crate) const fn is_exhausted(&self) -> bool {
        self.spent.get() > self.most
    }

    /// Nothing more may be read.
    pub(super) fn exhaust(&self) {
        self.spent.set(usize::MAX);
    }

    pub(super) fn spend(&self, units: usize) -> Result<(), String> {
        self.spent.set(self.spent.get().saturating_add(units));
        if self.is_exhausted() {
            Err(format!("More than {} values and characters are read", self.most))
        } else {
            Ok(())
        }
    }

    /// For reading all of a value. Values share their parts, so that this, too, may be without end.
    pub(super) fn spend_on(&self, value: &Json) -> Result<(), String> {
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            self.spend(1 + value.as_str().map_or(0, str::len))?;
            open.extend(value.as_array().unwrap_or_default());
            open.extend(value.as_object().into_iter().flat_map(|members| members.values()));
        }
        Ok(())
    }
}
