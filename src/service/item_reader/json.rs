//! JSON files and files with one JSON value a line.

use super::failing::{failed, not_iterable};
use crate::model::{Failure, Json};

/// The array in a file, or at a place in it. At a place it may be an object, too, whose members are the items.
pub(super) fn items(text: &str, pointer: Option<&str>) -> Result<Json, Failure> {
    let file =
        Json::parse(text).map_err(|error| failed(format!("The file is no JSON: {}", error.message)))?;
    let Some(pointer) = pointer.filter(|pointer| !pointer.is_empty()) else {
        return if file.as_array().is_some() { Ok(file) } else { Err(not_iterable()) };
    };
    let Some(items) = at(&file, pointer) else {
        return Err(failed(format!("The ItemsPointer {pointer} leads to nothing in the file.")));
    };
    match items {
        Json::Array(_) | Json::Object(_) => Ok(items.clone()),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::UInt(_) | Json::Float(_) | Json::String(_) => {
            Err(not_iterable())
        }
    }
}

/// What a JSON pointer leads to.
fn at<'j>(file: &'j Json, pointer: &str) -> Option<&'j Json> {
    let steps = pointer.strip_prefix('/')?.split('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
    let mut value = file;
    for step in steps {
        value = match value.as_array() {
            Some(items) => items.get(step.parse::<usize>().ok()?)?,
            None => value.get(&step)?,
        };
    }
    Some(value)
}

/// Blank lines are no items.
pub(super) fn lines(text: &str) -> Result<Json, Failure> {
    let mut items = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let item = Json::parse(line).map_err(|error| {
            failed(format!("Line {} of the file is no JSON: {}", number + 1, error.message))
        })?;
        items.push(item);
    }
    Ok(Json::array(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(result: Result<Json, Failure>) -> String {
        let failure = result.unwrap_err();
        assert_eq!(failure.error.as_deref(), Some("States.ItemReaderFailed"));
        failure.cause.unwrap().to_string()
    }

    #[test]
    fn a_file_holds_an_array_or_the_pointer_leads_to_one() {
        assert_eq!(items("[1, 2]", None).unwrap().to_text(), "[1, 2]");
        let file = r#"{"a/b":[{"c":[1,2]}],"d":{"x":1},"e":5}"#;
        assert_eq!(items(file, Some("/a~1b/0/c")).unwrap().to_text(), "[1,2]");
        assert_eq!(items(file, Some("/d")).unwrap().to_text(), r#"{"x":1}"#);
        assert_eq!(cause(items(file, Some("/e"))), "Attempting to map over non-iterable node.");
        assert_eq!(cause(items(file, Some("/z"))), "The ItemsPointer /z leads to nothing in the file.");
        assert_eq!(cause(items(file, None)), "Attempting to map over non-iterable node.");
        assert!(cause(items("[1", None)).starts_with("The file is no JSON: "));
    }

    #[test]
    fn each_line_is_an_item() {
        assert_eq!(lines("{\"a\":1}\n\n2\r\n").unwrap().to_text(), r#"[{"a":1},2]"#);
        assert!(cause(lines("1\n\n{")).starts_with("Line 3 of the file is no JSON: "));
    }
}
