//! The table of the intrinsic functions.

use std::fmt;
use std::ops::RangeInclusive;

use super::arguments::Arguments;
use super::{array, encoding, hash, json, math, string, uuid};
use crate::model::{Json, SeededRandom};

/// One intrinsic function.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes.
    pub(super) arity: RangeInclusive<usize>,
    /// Whether it may stand in `ErrorPath` and `CausePath`.
    pub(super) may_be_text: bool,
    pub(super) run: Run,
}

/// `Err` is the reason, without the function's name.
type Run = fn(&Arguments<'_>, &mut SeededRandom) -> Result<Json, String>;

const FUNCTIONS: &[Function] = &[
    function("States.Array", 0..=usize::MAX, false, array::array),
    function("States.ArrayPartition", 2..=2, false, array::partition),
    function("States.ArrayContains", 2..=2, false, array::contains),
    function("States.ArrayRange", 3..=3, false, array::range),
    function("States.ArrayGetItem", 2..=2, true, array::get_item),
    function("States.ArrayLength", 1..=1, false, array::length),
    function("States.ArrayUnique", 1..=1, false, array::unique),
    function("States.Base64Encode", 1..=1, true, encoding::encode),
    function("States.Base64Decode", 1..=1, true, encoding::decode),
    function("States.Hash", 2..=2, true, hash::hash),
    function("States.JsonMerge", 3..=3, false, json::merge),
    function("States.StringToJson", 1..=1, false, json::string_to_json),
    function("States.JsonToString", 1..=1, true, json::json_to_string),
    function("States.MathRandom", 2..=3, false, math::random),
    function("States.MathAdd", 2..=2, false, math::add),
    function("States.StringSplit", 2..=2, false, string::split),
    function("States.UUID", 0..=0, true, uuid::uuid),
    function(FORMAT, 1..=usize::MAX, true, string::format),
];

/// The one function whose first argument is read in a way of its own.
pub(super) const FORMAT: &str = "States.Format";

const fn function(name: &'static str, arity: RangeInclusive<usize>, may_be_text: bool, run: Run) -> Function {
    Function { name, arity, may_be_text, run }
}

impl Function {
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_eighteen_functions() {
        assert_eq!(FUNCTIONS.len(), 18);
        assert!(Function::named("States.Xyz").is_none());
        assert!(Function::named("Format").is_none());
    }
}
