//! Reference paths: the paths that name exactly one place, and can be written to.

use std::sync::Arc;

use super::SyntaxError;
use super::jayway::{JsonPath, Step};
use super::variable_name::leading_variable;
use crate::model::Json;

/// The value of `ResultPath`: `$.a.b`, `$['a'][0]`; no wildcards, filters, slices or functions.
#[derive(Debug, Clone)]
pub(crate) struct ReferencePath {
    path: Arc<JsonPath>,
}

impl ReferencePath {
    /// Refuses the context object and variables, too: nothing can be written to them.
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        if !text.starts_with('$') || text.starts_with("$$") || leading_variable(text).is_some() {
            return Err(SyntaxError::malformed(format!("`{text}` is no path into the input")));
        }
        let path = JsonPath::parse(text)
            .map_err(|error| SyntaxError::malformed(format!("`{text}` is no JSONPath: {}", error.0)))?;
        match path.steps() {
            Some(_) => Ok(Self { path: Arc::new(path) }),
            None => Err(SyntaxError::malformed(format!("`{text}` does not name a single place"))),
        }
    }

    /// `input` with `value` at the path; objects on the way are made. `None` where the path crosses something that
    /// is no object, or an index that its array does not have.
    pub(crate) fn put(&self, input: &Json, value: Json) -> Option<Json> {
        put(&self.path.steps()?, Some(input), value)
    }
}

fn put(steps: &[Step<'_>], at: Option<&Json>, value: Json) -> Option<Json> {
    let Some((step, below)) = steps.split_first() else {
        return Some(value);
    };
    match step {
        Step::Name(name) => {
            let mut members = match at {
                Some(at) => at.as_object()?.clone(),
                None => crate::model::json::Map::new(),
            };
            let member = put(below, members.get(&***name), value)?;
            members.insert(Arc::clone(name), member);
            Some(Json::object(members))
        }
        Step::Index(index) => {
            let mut items = at?.as_array()?.to_vec();
            let position = match usize::try_from(*index) {
                Ok(position) => position,
                Err(_) => items.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
            };
            let slot = items.get_mut(position)?;
            *slot = put(below, Some(slot), value)?;
            Some(Json::array(items))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `7` put into the input at the path.
    #[track_caller]
    fn check(path: &str, input: &str, output: Option<&str>) {
        let path = ReferencePath::parse(path).unwrap();
        let put = path.put(&Json::parse(input).unwrap(), Json::Int(7));
        assert_eq!(put.map(|json| json.to_text()).as_deref(), output);
    }

    #[test]
    fn the_root_is_replaced_whatever_it_is() {
        check("$", r#"{"a":1}"#, Some("7"));
        check("$", "[1]", Some("7"));
        check("$", "null", Some("7"));
    }

    #[test]
    fn objects_on_the_way_are_made() {
        check("$.a", "{}", Some(r#"{"a":7}"#));
        check("$.a.b['c d']", r#"{"x": 1}"#, Some(r#"{"x":1,"a":{"b":{"c d":7}}}"#));
        check("$.a.b", r#"{"a":{"c":1}}"#, Some(r#"{"a":{"c":1,"b":7}}"#));
    }

    #[test]
    fn a_replaced_member_keeps_its_place() {
        check("$.a", r#"{"a":1,"b":2}"#, Some(r#"{"a":7,"b":2}"#));
    }

    #[test]
    fn items_of_arrays_are_replaced_where_they_exist() {
        check("$.a[1]", r#"{"a":[1,2,3]}"#, Some(r#"{"a":[1,7,3]}"#));
        check("$.a[-1].b", r#"{"a":[1,{}]}"#, Some(r#"{"a":[1,{"b":7}]}"#));
        check("$[0]", "[1]", Some("[7]"));
        check("$.a[3]", r#"{"a":[1,2,3]}"#, None);
        check("$.a[-4]", r#"{"a":[1,2,3]}"#, None);
        check("$.a[0]", "{}", None);
    }

    #[test]
    fn a_path_across_something_else_has_no_place() {
        check("$.a", "[1]", None);
        check("$.a", "\"text\"", None);
        check("$.a.b", r#"{"a":1}"#, None);
        check("$.a.b", r#"{"a":null}"#, None);
        check("$.a[0]", r#"{"a":{}}"#, None);
    }

    #[test]
    fn paths_that_name_no_single_place_are_refused() {
        for text in ["$.a[*]", "$..a", "$.a[0,1]", "$.a[1:]", "$.a[?(@.b)]", "$.a.length()", "$['a','b']"] {
            assert_eq!(
                ReferencePath::parse(text).unwrap_err().0,
                format!("`{text}` does not name a single place")
            );
        }
        for text in ["$$", "$$.Execution.Id", "$name", "$name.a", "@.a", "a", ""] {
            assert_eq!(
                ReferencePath::parse(text).unwrap_err().0,
                format!("`{text}` is no path into the input")
            );
        }
    }
}
