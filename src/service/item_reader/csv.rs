//! CSV as it is recorded: every value a string, missing ones empty, more than there are headers dropped.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::failing::failed;
use crate::asl::distributed_map::CsvFormat;
use crate::model::json::Map;
use crate::model::{Failure, Json};

/// One object for each row.
pub(super) fn items(text: &str, format: &CsvFormat) -> Result<Json, Failure> {
    let mut rows = Rows { rest: text, delimiter: format.delimiter };
    let headers: Vec<Arc<str>> = match &format.headers {
        Some(headers) => headers.clone(),
        None => rows.next().unwrap_or_default().into_iter().map(Arc::from).collect(),
    };
    let distinct: BTreeSet<&Arc<str>> = headers.iter().collect();
    if distinct.len() < headers.len() {
        return Err(failed("CSV headers cannot contain duplicates."));
    }
    Ok(Json::array(rows.map(|row| item(&headers, row)).collect()))
}

fn item(headers: &[Arc<str>], row: Vec<String>) -> Json {
    let mut values = row.into_iter();
    let mut members = Map::new();
    for header in headers {
        members.insert(Arc::clone(header), Json::from(values.next().unwrap_or_default()));
    }
    Json::object(members)
}

/// The rows of a text, blank lines left out.
struct Rows<'t> {
    rest: &'t str,
    delimiter: char,
}

impl Iterator for Rows<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let before = self.rest;
            let row = self.row();
            let taken = before.get(..before.len() - self.rest.len()).unwrap_or_default();
            if !taken.trim_matches(['\r', '\n']).is_empty() {
                return Some(row);
            }
        }
    }
}

impl Rows<'_> {
    fn row(&mut self) -> Vec<String> {
        let mut row = Vec::new();
        loop {
            let (value, more) = self.value();
            row.push(value);
            if !more {
                return row;
            }
        }
    }

    /// A value, and whether another one follows in the row.
    fn value(&mut self) -> (String, bool) {
        let mut value = String::new();
        let mut quoted = false;
        let mut characters = self.rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let end = at + character.len_utf8();
            match character {
                '"' if quoted => match characters.next_if(|(_, next)| *next == '"') {
                    Some(_) => value.push('"'),
                    None => quoted = false,
                },
                '"' if value.is_empty() => quoted = true,
                // Only these are escaped; before anything else a backslash is dropped.
                '\\' => {
                    let escaped =
                        |(_, next): &(usize, char)| matches!(next, '\\' | '"') || *next == self.delimiter;
                    value.extend(characters.next_if(escaped).map(|(_, next)| next));
                }
                '\n' if !quoted => {
                    self.rest = self.rest.get(end..).unwrap_or_default();
                    if value.ends_with('\r') {
                        value.pop();
                    }
                    return (value, false);
                }
                character if character == self.delimiter && !quoted => {
                    self.rest = self.rest.get(end..).unwrap_or_default();
                    return (value, true);
                }
                character => value.push(character),
            }
        }
        self.rest = "";
        (value, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, headers: Option<&[&str]>, delimiter: char) -> String {
        let headers = headers.map(|headers| headers.iter().map(|header| Arc::from(*header)).collect());
        match items(text, &CsvFormat { headers, delimiter }) {
            Ok(items) => items.to_text(),
            Err(failure) => failure.cause.unwrap().to_string(),
        }
    }

    #[test]
    fn the_first_row_names_the_values_and_the_others_have_them() {
        assert_eq!(read("a,b\n1,2\n3,4\n", None, ','), r#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#);
        assert_eq!(read("a;b\r\n1;2", None, ';'), r#"[{"a":"1","b":"2"}]"#);
        assert_eq!(read("1\t2", Some(&["a", "b"]), '\t'), r#"[{"a":"1","b":"2"}]"#);
        assert_eq!(read("", None, ','), "[]");
    }

    #[test]
    fn values_without_a_header_are_dropped_and_missing_ones_empty() {
        assert_eq!(
            read("H1,\nx,y,z\n,,,\n   \n", None, ','),
            r#"[{"H1":"x","":"y"},{"H1":"","":""},{"H1":"   ","":""}]"#
        );
        assert_eq!(read("x,y\n\nz\n", Some(&["a"]), ','), r#"[{"a":"x"},{"a":"z"}]"#);
    }

    #[test]
    fn equal_headers_are_refused() {
        assert_eq!(read("a,b,a\n1,2,3", None, ','), "CSV headers cannot contain duplicates.");
    }

    #[test]
    fn quotes_hold_a_value_together_and_backslashes_escape_little() {
        assert_eq!(
            read("a,b\n\"x, \"\"y\"\"\nz\",1\n", None, ','),
            "[{\"a\":\"x, \\\"y\\\"\\nz\",\"b\":\"1\"}]"
        );
        assert_eq!(
            read(
                r#"a
x\,y\\z\"w\n"#,
                None,
                ','
            ),
            r#"[{"a":"x,y\\z\"wn"}]"#
        );
    }
}
