//! What a running expression may still read: a short one can ask for gigabytes, and no clock interrupts a function.

use std::cell::Cell;

use jsonata_core::value::JValue;

/// In one run of an expression: a few million values, or some hundred megabytes of text.
const MOST: usize = if cfg!(test) { 2 * 1024 * 1024 } else { 16 * 1024 * 1024 };

/// The cost of a value, in bytes of text. Reading a value takes longer than copying a character, and an accumulated text
/// is copied again and again.
const VALUE: usize = 64;
const BYTES_PER_UNIT: usize = 16;

/// Bytes of one text: a hundred times what any payload holds.
const LONGEST_TEXT: usize = 32 * 1024 * 1024;

/// What one run of an expression may spend on building texts.
#[derive(Debug)]
pub(super) struct Budget {
    left: Cell<usize>,
}

impl Budget {
    pub(super) const fn new() -> Self {
        Self { left: Cell::new(MOST) }
    }

    pub(super) const fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }

    pub(super) fn spend(&self, units: usize) {
        self.left.set(self.left.get().saturating_sub(units));
    }

    /// Pays for reading all of a value. Values share their parts, so that this, too, may be without end.
    pub(super) fn spend_on(&self, value: &JValue) {
        let mut open = vec![value];
        while let Some(value) = open.pop()
            && !self.is_exhausted()
        {
            let bytes = value.as_str().map_or(0, str::len);
            self.spend(if bytes > LONGEST_TEXT { MOST } else { (VALUE + bytes) / BYTES_PER_UNIT });
            open.extend(value.as_array().into_iter().flatten());
            open.extend(value.as_object().into_iter().flat_map(|members| members.values()));
        }
    }
}
