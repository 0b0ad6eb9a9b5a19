//! Follows the steps of a path through a document.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::filter::Filter;
use super::items::{item_at, sliced};
use super::json_path::{JsonPath, PathError, Start};
use super::place::Place;
use super::scan::scan;
use super::token::{Argument, Call, Name, Token};
use crate::model::Json;
use crate::query::Effort;
use crate::query::java_text::java_text;

/// Reads paths in one document. A path in a filter is read by the same reader.
pub(super) struct Reader<'d> {
    root: &'d Json,
    /// Whether a missing property is an error even where many places are searched: so in existence checks.
    requires_properties: bool,
    progress: Rc<Progress>,
    /// Nested scans of large documents would go on for hours.
    effort: &'d Effort,
}

/// What the readings of one document share.
#[derive(Default)]
struct Progress {
    /// What the paths from the root gave, by the path's address and by whether properties were required: a filter
    /// asks for them again with every item.
    from_root: RefCell<BTreeMap<(usize, bool), Result<Json, PathError>>>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(root: &'d Json, effort: &'d Effort) -> Self {
        Self { root, requires_properties: false, progress: Rc::default(), effort }
    }

    pub(super) fn requiring_properties(&self) -> Self {
        Self {
            root: self.root,
            requires_properties: true,
            progress: Rc::clone(&self.progress),
            effort: self.effort,
        }
    }

    pub(super) fn step(&self) -> Result<(), PathError> {
        self.steps(1)
    }

    pub(super) fn read_whole(&self, value: &Json) -> Result<(), PathError> {
        self.effort.spend_on(value).map_err(PathError::Failed)
    }

    pub(super) fn steps(&self, count: usize) -> Result<(), PathError> {
        self.effort.spend(count).map_err(PathError::Failed)
    }

    /// Like [`read`](Self::read), for a path within a filter.
    pub(super) fn read_within(&self, path: &JsonPath, item: &Json) -> Result<Json, PathError> {
        if path.start == Start::Item {
            return self.read(path, item);
        }
        let key = (std::ptr::from_ref(path).addr(), self.requires_properties);
        if let Some(known) = self.progress.from_root.borrow().get(&key) {
            return known.clone();
        }
        let result = self.read(path, item);
        self.progress.from_root.borrow_mut().insert(key, result.clone());
        result
    }

    /// The value of a definite path, the array of all matches of another one. `item` is what `@` stands for.
    pub(super) fn read(&self, path: &JsonPath, item: &Json) -> Result<Json, PathError> {
        let mut found = vec![if path.start == Start::Root { self.root.clone() } else { item.clone() }];
        let mut upstream_definite = true;
        for (position, token) in path.tokens.iter().enumerate() {
            let place = Place { path, position, token, upstream_definite };
            let mut next = Vec::new();
            for value in &found {
                let before = next.len();
                self.follow(value, &place, &mut next)?;
                self.steps(1 + next.len() - before)?;
            }
            upstream_definite = place.is_definite();
            found = next;
        }
        if !path.is_definite() {
            return Ok(Json::array(found));
        }
        found.pop().ok_or_else(|| PathError::NotFound(format!("No results for path: {path}")))
    }

    fn follow(&self, at: &Json, place: &Place<'_>, found: &mut Vec<Json>) -> Result<(), PathError> {
        match place.token {
            Token::Property(name) => found.extend(self.property(name, at, place)?),
            Token::Properties(names) => self.properties(names, at, place, found)?,
            Token::Wildcard => {
                found.extend(at.as_array().into_iter().flatten().cloned());
                found.extend(at.as_object().into_iter().flat_map(|members| members.values()).cloned());
            }
            Token::Scan => found.extend(scan(self, at, place.next())?),
            Token::Index(index) => {
                found.extend(place.items(at)?.and_then(|items| item_at(items, *index)).cloned());
            }
            Token::Indexes(indexes) => {
                let items = place.items(at)?.unwrap_or_default();
                found.extend(indexes.iter().filter_map(|index| item_at(items, *index)).cloned());
            }
            Token::Slice(from, to) => {
                let items = place.items(at)?.unwrap_or_default();
                found.extend(sliced(items, *from, *to).iter().cloned());
            }
            Token::Filter(filter) => self.filter(filter, at, place, found)?,
            Token::Function(call) => found.push(self.call(call, at)?),
        }
        Ok(())
    }

    fn property(&self, name: &Name, at: &Json, place: &Place<'_>) -> Result<Option<Json>, PathError> {
        if at.as_object().is_none() {
            return place.no_object(at);
        }
        if let Some(value) = at.get(&name.name) {
            return Ok(Some(value.clone()));
        }
        let path = || format!("{}['{}']", place.upstream(), name.name);
        if place.is_leaf() {
            if self.requires_properties {
                return Err(PathError::NotFound(format!("No results for path: {}", path())));
            }
        } else if place.is_definite() || self.requires_properties {
            return Err(PathError::NotFound(format!("Missing property in path {}", path())));
        }
        Ok(None)
    }

    /// At the end of a path, the object of those that are there; elsewhere each of them.
    fn properties(
        &self,
        names: &[Name],
        at: &Json,
        place: &Place<'_>,
        found: &mut Vec<Json>,
    ) -> Result<(), PathError> {
        if at.as_object().is_none() {
            found.extend(place.no_object(at)?);
        } else if place.is_leaf() {
            let present =
                names.iter().filter_map(|name| Some((name.name.clone(), at.get(&name.name)?.clone())));
            found.push(Json::from_members(present));
        } else {
            for name in names {
                found.extend(self.property(name, at, place)?);
            }
        }
        Ok(())
    }

    /// Of an array the items that pass; an object is tested itself.
    fn filter(
        &self,
        filter: &Filter,
        at: &Json,
        place: &Place<'_>,
        found: &mut Vec<Json>,
    ) -> Result<(), PathError> {
        if at.as_object().is_some() {
            found.extend(self.accepts(filter, at)?.then(|| at.clone()));
        } else if let Some(items) = at.as_array() {
            for item in items {
                self.step()?;
                found.extend(self.accepts(filter, item)?.then(|| item.clone()));
            }
        } else if place.upstream_definite {
            return Err(PathError::Invalid(format!(
                "Filter: {} can not be applied to primitives. Current context is: {}",
                place.downstream(),
                java_text(at)
            )));
        }
        Ok(())
    }

    /// Paths among the arguments start at the root, whatever they are written with.
    fn call(&self, call: &Call, at: &Json) -> Result<Json, PathError> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(match argument {
                Argument::Value(value) => value.clone(),
                Argument::Path(path) => self.read(path, self.root)?,
            });
        }
        for value in arguments.iter().chain([at]) {
            self.read_whole(value)?;
        }
        call.function.call(at, &arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"{
        "a": {"b": [1, 2, 3, 4], "c": null, "s": "text", "deep": [{"x": 1}, {"x": 2, "y": 3}, {}]},
        "n": [[1, 2], [3], 4]
    }"#;

    fn read(path: &str) -> Result<String, String> {
        let value = JsonPath::parse(path).unwrap().read(&Json::parse(DATA).unwrap());
        value.map(|value| value.to_text()).map_err(PathError::into_message)
    }

    #[track_caller]
    fn check(path: &str, value: &str) {
        assert_eq!(read(path), Ok(value.to_owned()), "{path}");
    }

    #[track_caller]
    fn check_error(path: &str, message: &str) {
        assert_eq!(read(path), Err(message.to_owned()), "{path}");
    }

    #[test]
    fn a_definite_path_gives_the_value_itself() {
        check("$.a.b", "[1,2,3,4]");
        check("$.a.c", "null");
        check("$.a.b[0]", "1");
        check("$.a.b[-1]", "4");
        check("$.a.deep[1]['x','y']", r#"{"x":2,"y":3}"#);
        check("$.a.deep[0]['x','y']", r#"{"x":1}"#);
    }

    #[test]
    fn an_indefinite_path_gives_an_array_of_matches() {
        check("$.a.deep[*].x", "[1,2]");
        check("$.a.b[0,-1,9]", "[1,4]");
        check("$.a.b[?(@ > 2)]", "[3,4]");
        check("$.a['b','c']", r#"{"b":[1,2,3,4],"c":null}"#);
        check("$['a','n'][0]", "[[1,2]]");
        check("$.n[*][0]", "[1,3]");
        check("$.a.s[*]", "[]");
    }

    #[test]
    fn slices_count_from_both_ends_and_never_leave_the_array() {
        check("$.a.b[1:3]", "[2,3]");
        check("$.a.b[-2:]", "[3,4]");
        check("$.a.b[:-3]", "[1]");
        check("$.a.b[1:-1]", "[2,3]");
        check("$.a.b[:]", "[1,2,3,4]");
        check("$.a.b[9:]", "[]");
        check("$.a.b[-9:2]", "[1,2]");
        check("$.a.b[3:1]", "[]");
    }

    #[test]
    fn a_scan_visits_containers_in_the_order_they_are_written() {
        check("$..x", "[1,2]");
        check("$..['x','y']", r#"[{},{},{"x":1},{"x":2,"y":3},{}]"#);
        check("$.n..[0]", "[[1,2],1,3]");
        check("$.n..*", "[[1,2],[3],4,1,2,3]");
        check("$..[?(@.x)]", r#"[{"x":1},{"x":2,"y":3}]"#);
        check("$..deep[1].y", "[3]");
    }

    #[test]
    fn nothing_there_is_told_in_jayways_words() {
        check_error("$.no", "No results for path: $['no']");
        check_error("$.a.no", "No results for path: $['a']['no']");
        check_error("$[\"no\"]", "No results for path: $[\"no\"]");
        check_error("$.no.such.path", "Missing property in path $['no']");
        check_error("$.a[\"no\"].such", "Missing property in path $['a']['no']");
        check_error("$.a.b[9]", "No results for path: $['a']['b'][9]");
        check_error("$.a.b[-9].x", "No results for path: $['a']['b'][-9]['x']");
        check_error("$.a.c[0]", "The path $['a']['c'] is null");
    }

    #[test]
    fn the_wrong_kind_of_value_is_told_in_jayways_words() {
        check_error(
            "$.a.s.x.y",
            "Expected to find an object with property ['x'] in path $['a']['s'] but found 'java.lang.String'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.",
        );
        check_error(
            "$.a.deep[0][0].q",
            "Filter: [0]['q'] can only be applied to arrays. Current context is: {x=1}",
        );
        check_error(
            "$.a.s[?(@.x)]",
            "Filter: [?] can not be applied to primitives. Current context is: text",
        );
        check_error(
            "$[1:5]",
            &format!(
                "Filter: [1:5] can only be applied to arrays. Current context is: {}",
                java_text(&Json::parse(DATA).unwrap())
            ),
        );
    }

    #[test]
    fn below_something_missing_an_indefinite_path_gives_an_empty_array() {
        check("$.no[*]", "[]");
        check("$.no.such[1:].x", "[]");
        check("$.a.c[*]", "[]");
        check("$.a.c[1:]", "[]");
        check("$.a.s.no[*]", "[]");
    }

    #[test]
    fn deep_data_is_scanned() {
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        let document = Json::parse(&deep).unwrap();
        let found = JsonPath::parse("$..*").unwrap().read(&document).unwrap();
        assert_eq!(found.as_array().unwrap().len(), 999);
    }

    #[test]
    fn paths_from_the_root_are_read_once_for_all_items() {
        let ids: Vec<String> = (0..20_000).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        let document = Json::parse(&format!("[{}]", ids.join(","))).unwrap();
        let path = JsonPath::parse("$[?($[*].id size 20000 && @.id == 7)]").unwrap();
        assert_eq!(path.read(&document).unwrap().to_text(), r#"[{"id":7}]"#);
    }

    #[test]
    fn a_search_without_end_is_given_up() {
        let path = JsonPath::parse("$..*..*..*..*..*..*..*..*").unwrap();
        let deep = Json::parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).unwrap();
        assert_eq!(
            path.read(&deep).unwrap_err(),
            PathError::Failed("More than 8388608 values and characters are read".to_owned())
        );
    }

    #[test]
    fn a_filter_that_compares_large_lists_is_given_up() {
        let items = vec!["1"; 10_000].join(",");
        let document = Json::parse(&format!("[{items}]")).unwrap();
        let long = Json::parse(&format!("[\"{}\"]", "a".repeat(1_000_000))).unwrap();
        for (path, document) in [
            ("$[?(2 in $)]", &document),
            ("$[?($ subsetof $)]", &document),
            ("$[?($ == $)]", &document),
            ("$[?(@ =~ /(a+)+b/)]", &long),
        ] {
            assert_eq!(
                JsonPath::parse(path).unwrap().read(document).unwrap_err(),
                PathError::Failed("More than 8388608 values and characters are read".to_owned()),
                "{path}"
            );
        }
    }
}
