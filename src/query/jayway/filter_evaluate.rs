//! Whether a filter accepts a value.

use std::borrow::Cow;

use super::JsonPath;
use super::evaluate::Reader;
use super::filter::{Filter, Operand};
use super::json_path::PathError;
use super::operator::{Cost, Operator, Value};
use crate::model::Json;

impl Reader<'_> {
    /// A filter that cannot be applied to the value is false as a whole, whatever `!` it holds.
    pub(super) fn accepts(&self, filter: &Filter, item: &Json) -> Result<bool, PathError> {
        match self.holds(filter, item) {
            Err(PathError::Invalid(_) | PathError::NotFound(_)) => Ok(false),
            result => result,
        }
    }

    fn holds(&self, filter: &Filter, item: &Json) -> Result<bool, PathError> {
        match filter {
            Filter::Or(parts) => {
                for part in parts {
                    if self.holds(part, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::And(parts) => {
                for part in parts {
                    if !self.holds(part, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Not(part) => Ok(!self.holds(part, item)?),
            Filter::Exists(path) => match self.requiring_properties().read_within(path, item) {
                Ok(_) => Ok(true),
                Err(PathError::NotFound(_)) => Ok(false),
                Err(error) => Err(error),
            },
            Filter::Compare(comparison) => {
                let left = self.value(&comparison.left, item)?;
                let right = self.value(&comparison.right, item)?;
                self.afford(comparison.operator, &left, &right)?;
                comparison.operator.holds(&left, &right)
            }
        }
    }

    /// A filter compares once for each item: of large lists with each other that is too much.
    fn afford(&self, operator: Operator, left: &Value<'_>, right: &Value<'_>) -> Result<(), PathError> {
        let sides = || [left, right].into_iter().filter_map(Value::json);
        match operator.cost() {
            Cost::None => Ok(()),
            Cost::Product => {
                self.steps(sides().map(|side| side.as_array().map_or(1, <[Json]>::len)).product())
            }
            Cost::Text => self.steps(sides().map(text_bytes).sum::<usize>().saturating_mul(MATCHING_A_BYTE)),
            Cost::Whole => sides().filter(|side| side.depth() > 0).try_for_each(|side| self.read_whole(side)),
        }
    }

    fn value<'v>(&self, operand: &'v Operand, item: &Json) -> Result<Value<'v>, PathError> {
        match operand {
            Operand::Value(value) => Ok(Value::Json(Cow::Borrowed(value))),
            Operand::Pattern(pattern) => Ok(Value::Pattern(pattern)),
            Operand::Path(path) => self.value_at(path, item),
        }
    }

    fn value_at<'v>(&self, path: &JsonPath, item: &Json) -> Result<Value<'v>, PathError> {
        match self.read_within(path, item) {
            Ok(value) => Ok(Value::Json(Cow::Owned(value))),
            Err(PathError::NotFound(_)) => Ok(Value::Undefined),
            Err(error) => Err(error),
        }
    }
}

/// What a pattern costs by the byte, in visited values.
const MATCHING_A_BYTE: usize = 16;

fn text_bytes(value: &Json) -> usize {
    let own = value.as_str().map_or(0, str::len);
    own + value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::len).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"{
        "limit": 2,
        "items": [
            {"id": 1, "n": 1, "s": "abc", "t": ["x", "y"], "b": true, "z": null},
            {"id": 2, "n": 2.0, "s": "", "t": [], "o": {}},
            {"id": 3, "n": "2", "t": ["x"], "o": {"k": [1, 2]}}
        ]
    }"#;

    /// The ids of the items that the filter accepts.
    #[track_caller]
    fn check(filter: &str, ids: &str) {
        let path = JsonPath::parse(&format!("$.items[?({filter})].id")).unwrap();
        assert_eq!(path.read(&Json::parse(DATA).unwrap()).unwrap().to_text(), ids, "{filter}");
    }

    #[test]
    fn numbers_and_texts_are_never_mixed_up() {
        check("@.n == 2", "[2]");
        check("@.n == '2'", "[3]");
        check("@.n === 2", "[2]");
        check("@.n != 2", "[1,3]");
        check("@.n !== 2", "[1,3]");
        check("@.n < 5", "[1,2]");
        check("@.n >= '1'", "[3]");
        check("2 > @.n", "[1]");
        check("@.s < 'b'", "[1,2]");
    }

    #[test]
    fn a_missing_property_equals_nothing() {
        check("@.z == null", "[1]");
        check("@.s != 'abc'", "[2,3]");
        check("@.q == @.q", "[]");
        check("@.q == null", "[]");
    }

    #[test]
    fn a_path_alone_asks_whether_it_leads_somewhere() {
        check("@.z", "[1]");
        check("!@.z", "[2,3]");
        check("@.o.k", "[3]");
        check("@.o.k[1]", "[3]");
        check("@.t[0]", "[1,3]");
        check("@.s.q", "[]");
        check("$.limit", "[1,2,3]");
        check("$.q", "[]");
    }

    #[test]
    fn conditions_combine() {
        check("@.n == 1 || @.n == 2", "[1,2]");
        check("@.z || @.o && @.o.k", "[1,3]");
        check("(@.z || @.o) && !(@.o.k)", "[1,2]");
        check("!(@.n == 1) && !(@.n == 2)", "[3]");
        check("@.n==1||@.n==2", "[1,2]");
        check("@.b&&@.z", "[1]");
    }

    #[test]
    fn operators_on_lists_follow_the_manual() {
        check("@.n in [1, '2']", "[1,3]");
        check("@.n NIN [1, '2']", "[2]");
        check("@.t subsetof ['x']", "[2,3]");
        check("@.t anyof ['y', 'q']", "[1]");
        check("@.t noneof ['y']", "[2,3]");
        check("@.t all ['x']", "[1,3]");
        check("@.t contains 'y'", "[1]");
        check("@.s contains 'b'", "[1]");
        check("'x' in @.t", "[1,3]");
    }

    #[test]
    fn sizes_count_texts_and_arrays() {
        check("@.t size 1", "[3]");
        check("@.s size 3", "[1]");
        check("@.t.length() == 2", "[1]");
        check("@.t empty true", "[2]");
        check("@.t empty false", "[1,3]");
        check("@.s empty true", "[2]");
        check("@.o empty true", "[2]");
    }

    #[test]
    fn an_operator_that_needs_a_list_makes_the_filter_false_without_one() {
        check("@.n in 1", "[]");
        check("!(@.n in 1)", "[]");
        check("@.q nin @.q", "[]");
    }

    #[test]
    fn patterns_match_texts_numbers_and_any_item_of_a_list() {
        check("@.s =~ /A.*/i", "[1]");
        check("@.t =~ /[yz]/", "[1]");
        check("@.n =~ /2.*/", "[2,3]");
        check("/2/ =~ @.n", "[3]");
        check("@.s =~ 'abc'", "[]");
    }

    #[test]
    fn the_root_and_nested_filters_are_in_reach() {
        check("@.n == $.limit", "[2]");
        check("@.n < $['limit']", "[1]");
        check("@.o.k[?(@ > 1)] size 1", "[3]");
        check("@.t[?(@ == 'y')].length() == 1 || @.id == 2", "[2]");
    }

    #[test]
    fn a_failing_function_fails_the_whole_path() {
        let path = JsonPath::parse("$.items[?(@.t.min() > 1)]").unwrap();
        assert_eq!(
            path.read(&Json::parse(DATA).unwrap()).unwrap_err().into_message(),
            "Aggregation function attempted to calculate value using empty array"
        );
    }
}
